"""What several commands share: options, how their values are read, and how a command ends."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kpisim.cli.usage import Argument, Ending, Folder, OneOf, Place, Whole
from kpisim.text import LANGUAGES, UserError
from kpisim.text.writing import writing_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.scenario import Scenario
    from kpisim.tables.io import Format

    Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

FAILED = 1
DEFAULT_REPLICATIONS = 30
MOST_REPLICATIONS = 100_000
MOST_WORKERS = 256
SHOWN = 80
LARGEST_SEED = 2**63 - 1
FILES: dict[Format, str] = {"xlsx": ".xlsx", "json": ".json", "sqlite": ".db"}
"""Formats that put all tables into one file, and its ending."""

PAGE, YAML = (".html", ".htm"), (".yaml", ".yml")
"""How the names of files end that people open, and of those that they write."""
SCENARIO = "a ready scenario (see kpisim scenarios) or a YAML file"
no_cache_flag = click.option("--no-cache", is_flag=True, help="play again even if the result is known")


def _together(*options: Decorator) -> Decorator:
    """Return one decorator that adds all `options`, shown in this order."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


read_tables = _together(
    click.argument(
        "folder",
        cls=Argument,
        type=Place(),
        help="tables written by kpisim run -o, or an export of a CRM or ERP system",
    ),
    click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits"),
)


def a_day(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse what is no date by the name that was typed: further in, ``--start`` is only ``start``."""
    if value is not None:
        from kpisim.kpi.window import as_date

        as_date(value, option.opts[0])
    return value


days = _together(
    click.option("--start", metavar="DATE", callback=a_day, help="first day, e.g. 2010-01-01"),
    click.option("--end", metavar="DATE", callback=a_day, help="first day after the period"),
)


def kpi_names(help: str) -> Decorator:  # noqa: A002  (as click.option has it)
    """Return the option for KPIs by name; `help` says what else may stand there."""
    return click.option("--kpi", "names", multiple=True, metavar="NAME", help=help)


def grain(*words: str, help: str, default: str | None = None) -> Decorator:  # noqa: A002  (as click.option has it)
    """Return the option for the length of periods."""
    return click.option(
        "--by", type=OneOf(words), default=default, show_default=default is not None, help=help
    )


def one_file(help: str, default: Path | None = None, *ends: str) -> Decorator:  # noqa: A002  (as click.option has it)
    """Return the option for the file that a command writes; `ends` says how its name may end."""
    return _out(help, default, Ending(*ends) if ends else click.Path(path_type=Path), "FILE")


def one_folder(help: str, default: Path | None = None) -> Decorator:  # noqa: A002  (as click.option has it)
    """Return the option for the folder that a command writes into."""
    return _out(help, default, Folder(), "DIR")


def _out(help: str, default: Path | None, kind: Any, metavar: str) -> Decorator:  # noqa: A002
    return click.option(
        "-o",
        "--out",
        type=kind,
        default=default,
        show_default=default is not None,
        metavar=metavar,
        help=help,
    )


def yaml_file(name: str, help: str, to: str | None = None) -> Decorator:  # noqa: A002  (as click.option has it)
    """Return an option for a file that people write."""
    return click.option(f"--{name}", to or name, type=click.Path(path_type=Path), metavar="FILE", help=help)


page_file = one_file("an HTML page of the same", None, *PAGE)
scorecard_file = yaml_file("scorecard", "targets and weights in YAML; by default those of the target table")
targets_file = yaml_file(
    "targets", "targets with their versions in YAML; by default those of the target table"
)
notes_file = yaml_file("notes", "notes in YAML: target, who, when, why, next, by")
day_option = click.option(
    "--on", metavar="DATE", help="as known at the end of this day; by default the last day of the records"
)
lang_option = click.option(
    "--lang", type=OneOf(LANGUAGES), expose_value=False, help="language of everything printed"
)
seed_option = click.option(
    "--seed",
    type=Whole(0, LARGEST_SEED),
    default=1,
    show_default=True,
    help="number that fixes all random numbers",
)


def runs(
    help: str,  # noqa: A002  (as click.option has it)
    default: int = DEFAULT_REPLICATIONS,
    *,
    low: int = 2,
    high: int = MOST_REPLICATIONS,
) -> Decorator:
    """Return the option for the number of runs; `help` says what is run."""
    return click.option(
        "-n", "--replications", type=Whole(low, high), default=default, show_default=True, help=help
    )


def played(command: Callable[..., Any], *more: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that plays, save the number of runs, and `more` among them."""
    for option in (
        click.option(
            "--workers", type=Whole(1, MOST_WORKERS), help="processes; by default one per processor"
        ),
        seed_option,
        *more,
        click.option(
            "-p",
            "sets",
            multiple=True,
            metavar="PATH=VALUE",
            help="set a parameter, e.g. -p incentive.commission_rate=0.08; may be given several times",
        ),
    ):
        command = option(command)
    return lang_option(command)


def experiment(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that plays many runs of a scenario."""
    return played(
        command,
        runs("independent runs of each scenario", low=1),
    )


def parse_sets(sets: tuple[str, ...], option: str = "-p") -> dict[str, Any]:
    """Return ``path=value`` words as a mapping; values are read as YAML."""
    from kpisim.scenario.library import BadYamlError, parse_yaml

    values: dict[str, Any] = {}
    for word in sets:
        path, equals, text = word.partition("=")
        word = word if len(word) <= SHOWN else word[: SHOWN - 1] + "…"  # noqa: PLW2901  (only shown from here on)
        if not equals or not path.strip():
            raise UserError(
                "{option} {word}: not of the form path=value; write e.g. team.size=8",
                option=option,
                word=word,
            )
        try:
            values[path.strip()] = parse_yaml(text) if text.strip() else ""
        except BadYamlError as problem:
            if problem.why is not None:
                raise UserError("{path}: {problem}", path=f"{option} {word}", problem=problem.why) from None
            raise UserError(
                "{option} {word}: the value cannot be read; check dates, quotes and brackets",
                option=option,
                word=word,
            ) from None
    return values


def scenario_of(name: str, sets: dict[str, Any]) -> Scenario:
    from kpisim.scenario import load

    return load(name).derive(sets) if sets else load(name)


def progress_bar() -> Callable[[int, int], None] | None:
    """Return a callback that draws a progress bar, or None where nobody would see it."""
    if not sys.stderr.isatty():
        return None
    from tqdm import tqdm

    bar = tqdm(leave=False, delay=1.0)

    def show(done: int, total: int) -> None:
        bar.total = total
        bar.update(done - bar.n)
        if done >= total:
            bar.close()

    return show


def complain(problem: object) -> None:
    # A third party's message, passed on, may have lines of its own.
    click.echo(f"kpisim: {' '.join(str(problem).splitlines())}", err=True)


def usable(path: Path | str, fmt: Format) -> None:
    """Refuse a place that cannot be written to before an hour of work goes into it."""
    if "://" in str(path):
        return
    path = Path(path)
    ending = FILES.get(fmt)
    folder = path if ending is None else path.parent
    if folder.exists() and not folder.is_dir():
        raise UserError("{path}: is a file; give a folder", path=str(folder))
    if ending is not None and path.with_suffix(ending).is_dir():
        raise UserError("{path}: is a folder; give a file", path=str(path))
    with writing_folder(folder):
        folder.mkdir(parents=True, exist_ok=True)


def end(line: str | None) -> None:
    if line:
        complain(line)
        sys.exit(FAILED)
