"""How the command line speaks: help pages, option types and click's own errors in the reader's language.

Click takes its words from gettext domains of the system; ours come from the catalogues, so the few places where
click speaks are written anew here.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpisim.text import Text, UserError, did_you_mean, nearest, t
from kpisim.text.cells import width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    NumberType = click.ParamType[int]
    AmountType = click.ParamType[float]
    WordType = click.ParamType[str]
    PlaceType = click.ParamType[Path | str]
    FolderType = click.ParamType[Path]
else:
    # Before 8.2 click's types could not be told apart by what they return.
    NumberType = AmountType = WordType = PlaceType = FolderType = click.ParamType

WIDEST = 100
"""Help lines longer than this are hard to read, however wide the terminal."""
FILE_ENDINGS = frozenset(
    {".html", ".htm", ".pdf", ".xlsx", ".csv", ".json", ".md", ".yaml", ".yml", ".parquet"}
)
NO_BREAK_BEFORE = "，。；：、！？）》”…%,.;:!?)"


class Command(click.Command):
    """A command whose help is in the reader's language and whose surplus words are refused in one line."""

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page."""
        return page(self, ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; one that nothing asked for is an error."""
        ctx.allow_extra_args = True
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as problem:
            # Click's parser leaves it out, and the line for the user names what the command would take.
            problem.ctx = problem.ctx or ctx
            raise
        if rest and not ctx.resilient_parsing:
            raise UserError(
                "{value}: one word too many; write {usage}", value=rest[0], usage=usage(self, ctx)
            )
        return rest


class Argument(click.Argument):
    """An argument with a line of help."""

    def __init__(self, *args: Any, help: str, **more: Any) -> None:  # noqa: A002  (as click.Option has it)
        super().__init__(*args, **more)
        self.help: str = help


class Place(PlaceType):
    """A file or folder, or the address of a database, which as a path would lose one of its slashes."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:  # noqa: ARG002
        """Return a path, or the address as it stands."""
        return value if "://" in str(value) else Path(value)


class Folder(FolderType):
    """A folder to write into; the name of a file is refused, or a folder ``review.html`` would be made."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        """Return the path, or say that it is a file's."""
        path = Path(value)
        if path.suffix.lower() in FILE_ENDINGS and not path.is_dir():
            raise UserError(
                "{path}: {value} is the name of a file, and several files are written; give a folder such as {folder}",
                path=_name(param),
                value=str(path),
                folder=str(path.with_suffix("")),
            )
        return path


class Ending(FolderType):
    """A file to write; another ending is refused before anything is played, and before it writes over an export.

    Parameters
    ----------
    ends
        How its name may end.
    """

    name = "path"

    def __init__(self, *ends: str) -> None:
        self.ends = ends

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        """Return the path, or say how it must end."""
        path = Path(value)
        if path.suffix.lower() not in self.ends:
            raise UserError(
                "{path}: {value} does not end in {ends}; give the file such a name",
                path=_name(param),
                value=_short(value),
                ends=" / ".join(self.ends),
            )
        return path


class Whole(NumberType):
    """A whole number within bounds."""

    name = "N"

    def __init__(self, low: int, high: int | None = None) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ARG002
        """Return the number, or say what is wrong with it."""
        path = _name(param)
        try:
            number = int(value)
        except ValueError:
            raise UserError(
                "{path}: {value} is not {wanted}; give {wanted}",
                path=path,
                value=_short(value),
                wanted=Text("a whole number"),
            ) from None
        if number < self.low:
            raise UserError(
                "{path}: {value} is below {limit}; give {limit} or more",
                path=path,
                value=number,
                limit=self.low,
            )
        if self.high is not None and number > self.high:
            raise UserError(
                "{path}: {value} is above {limit}; give {limit} or less",
                path=path,
                value=_short(number),
                limit=self.high,
            )
        return number


class Amount(AmountType):
    """A number of any kind."""

    name = "AMOUNT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ARG002
        """Return the number, or say that it is none."""
        try:
            return float(value)
        except ValueError:
            raise UserError(
                "{path}: {value} is not a number; write it without commas and units, e.g. 12000000",
                path=_name(param),
                value=_short(value),
            ) from None


class OneOf(WordType):
    """One of a few words."""

    name = "WORD"

    def __init__(self, words: Sequence[str]) -> None:
        self.words = tuple(words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """Return the word, or say which ones there are."""
        if value not in self.words and nearest(str(value), self.words) is None:
            # The list is the remedy; as the remedy beside itself it would stand there twice.
            raise UserError(
                "{name}: {value} cannot be chosen; choose one of {names}",
                name=_name(param),
                value=_short(value),
                names=", ".join(self.words),
            )
        if value not in self.words:
            raise UserError(
                "{path}: {value} is not one of {names}; {remedy}",
                path=_name(param),
                value=_short(value),
                names=", ".join(self.words),
                remedy=did_you_mean(str(value), self.words),
            )
        return str(value)


def page(command: click.Command, ctx: click.Context, commands: Sequence[tuple[str, str]] = ()) -> str:
    """Return the help page of `command`.

    Parameters
    ----------
    command, ctx
        What the page is about.
    commands
        Names and meanings of its commands, where it has some.
    """
    lines = [t("Usage: {usage}", usage=usage(command, ctx)), "", f"  {t(command.help or '')}"]
    options = [
        (_term(one), _meaning(one)) for one in command.get_params(ctx) if isinstance(one, click.Option)
    ]
    arguments = [(_term(one), t(one.help)) for one in command.get_params(ctx) if isinstance(one, Argument)]
    for title, rows in ((t("Arguments:"), arguments), (t("Options:"), options), (t("Commands:"), commands)):
        if rows:
            lines += ["", title, *_table(rows)]
    return "\n".join(lines)


def usage(command: click.Command, ctx: click.Context) -> str:
    """Return how the command is written, e.g. ``kpisim compare A B [options]``."""
    parts = [ctx.command_path]
    for one in command.get_params(ctx):
        if isinstance(one, click.Argument):
            name = one.human_readable_name
            parts.append(name if one.required else f"[{name}]")
    parts.append(t("[options]"))
    if isinstance(command, click.Group):
        parts.append(t("COMMAND …"))
    return " ".join(parts)


def in_our_words(problem: click.ClickException) -> UserError:
    """Return an error of click's as value, rule and remedy in the reader's language."""
    if isinstance(problem, click.NoSuchOption):
        # One letter is near every other one: "-o" is not "-p".
        short = not problem.option_name.startswith("--")
        near = "" if short else nearest(problem.option_name, problem.possibilities or _options(problem.ctx))
        remedy = Text("did you mean {near}?", None, near=near) if near else Text("see --help")
        return UserError("{name}: no such option; {remedy}", name=problem.option_name, remedy=remedy)
    if isinstance(problem, click.MissingParameter) and problem.param is not None and problem.ctx is not None:
        return UserError(
            "{name}: missing; write {usage}",
            name=_name(problem.param),
            usage=usage(problem.ctx.command, problem.ctx),
        )
    if isinstance(problem, click.BadOptionUsage):
        option = _option(problem.ctx, problem.option_name)
        if option is not None and option.is_flag:
            return UserError("{name}: takes no value; write {name} alone", name=problem.option_name)
        return UserError(
            "{name}: its value is missing; write {term}",
            name=problem.option_name,
            term=f"{problem.option_name} {_metavar(option)}",
        )
    # Whatever else click may think of; it is in English, but still one line.
    name = _name(problem.param) if isinstance(problem, click.BadParameter) else "kpisim"
    return UserError("{name}: {problem}", name=name, problem=problem.message)


def _option(ctx: click.Context | None, name: str) -> click.Option | None:
    found = [] if ctx is None else [one for one in ctx.command.get_params(ctx) if name in one.opts]
    return found[0] if found and isinstance(found[0], click.Option) else None


def _options(ctx: click.Context | None) -> list[str]:
    return [] if ctx is None else [name for one in ctx.command.get_params(ctx) for name in one.opts]


def _name(param: click.Parameter | None) -> str:
    if param is None:
        return "kpisim"
    return max(param.opts, key=len) if isinstance(param, click.Option) else param.human_readable_name


def _metavar(option: click.Option | None) -> str:
    if option is None or option.is_flag:
        return ""
    if isinstance(option.type, OneOf):
        return "|".join(option.type.words)
    return option.metavar or (
        "FILE" if isinstance(option.type, click.Path) else str(option.type.name).upper()
    )


def _term(one: click.Parameter) -> str:
    if not isinstance(one, click.Option):
        return one.human_readable_name
    return f"{', '.join(sorted(one.opts, key=len))} {_metavar(one)}".rstrip()


def _meaning(option: click.Option) -> str:
    if option.name in {"help", "_click_default_help"} or "--help" in option.opts:
        return t("show this page")
    meaning = t(option.help or "")
    if option.show_default:
        return t("{meaning} (default: {default})", meaning=meaning, default=option.default)
    return meaning


def _table(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    first = max(width(term) for term, _ in rows)
    room = max(min(shutil.get_terminal_size().columns, WIDEST) - first - 4, 20)
    for term, meaning in rows:
        lines = list(fold(meaning, room)) or [""]
        yield f"  {term}{' ' * (first - width(term))}  {lines[0]}".rstrip()
        for line in lines[1:]:
            yield " " * (first + 4) + line


def fold(text: str, room: int) -> Iterator[str]:
    """Yield `text` in lines of at most `room` columns, broken at blanks and between Chinese signs."""
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > room:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> list[str]:
    """Return what may not be broken: words with the blank after them, Chinese signs with their punctuation."""
    pieces: list[str] = []
    for sign in text:
        wide = width(sign) > 1
        before = pieces[-1] if pieces else ""
        joined = before and not before.endswith(" ") and not wide and width(before[-1]) == 1
        if joined or (before and (sign in NO_BREAK_BEFORE or sign == " ")):
            pieces[-1] += sign
        else:
            pieces.append(sign)
    return pieces


def _short(value: object) -> str:
    text = str(value) or '""'
    return text if len(text) <= 40 else text[:39] + "…"
