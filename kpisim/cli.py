"""The front door: thin commands that call the rooms, each imported only when its command runs."""

from __future__ import annotations

import locale
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kpisim.text import LANGUAGES, Text, UserError, did_you_mean, nearest, set_language, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.scenario import Scenario

BAD_INPUT = 2
FAILED = 1
DEFAULT_REPLICATIONS = 30

_HELP = {
    "scenarios": "the ready scenarios, a line each",
    "run": "play a scenario: KPIs with intervals; -o DIR writes the tables",
    "compare": "two scenarios on the same random streams: paired differences",
    "report": "one self-contained HTML report of a scenario or of a firm's tables",
    "reports": "many reports from one YAML file; a failed one becomes a row",
    "kpi": "KPIs of a firm's own tables",
    "evidence": "every theorem and result beside the model's own number",
    "doctor": "check this machine: fonts, disk, versions, browser",
    "bench": "speed, each figure as a ratio",
}


class Commands(click.Group):
    """The commands in the order of use; an unknown one gets the nearest name."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of `_HELP`."""
        return list(_HELP)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, or say which one may be meant."""
        command = super().get_command(ctx, cmd_name)
        if command is None:
            raise UserError("{name}: no such command; {remedy}", name=cmd_name, remedy=did_you_mean(cmd_name, _HELP))
        command.help = t(_HELP[cmd_name])
        return command


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line; a user's mistake ends with one line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles and pipes may have an encoding without Chinese.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = list(sys.argv[1:] if args is None else args)
    set_language(_language_of(words))
    try:
        code = cli.main(args=words, prog_name="kpisim", standalone_mode=False)
    except UserError as problem:
        _complain(problem)
        sys.exit(BAD_INPUT)
    except click.exceptions.Abort:
        _complain(Text("interrupted; nothing was lost"))
        sys.exit(130)
    except click.ClickException as problem:
        _complain(_in_our_words(problem))
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        # The reader of the pipe (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(problem: object) -> None:
    click.echo(f"kpisim: {problem}", err=True)


def _language_of(words: list[str]) -> Any:
    """Return the language asked for before the command line is parsed, so that its errors are in it too."""
    asked = None
    for position, word in enumerate(words):
        if word == "--lang" and position + 1 < len(words):
            asked = words[position + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    if asked in LANGUAGES:
        return asked
    asked = os.environ.get("KPISIM_LANG") or (locale.getlocale()[0] or os.environ.get("LANG", ""))
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"


def _in_our_words(problem: click.ClickException) -> UserError:
    """Return a click error as value, rule, remedy in the user's language."""
    if isinstance(problem, click.NoSuchOption):
        near = nearest(problem.option_name, problem.possibilities or [])
        remedy = Text("did you mean {near}?", None, near=near) if near else Text("see --help")
        return UserError("{name}: no such option; {remedy}", name=problem.option_name, remedy=remedy)
    if isinstance(problem, click.MissingParameter):
        name = problem.param.human_readable_name if problem.param is not None else "?"
        return UserError("{name}: missing; give it after the command, see --help", name=name)
    if isinstance(problem, click.BadParameter):
        name = problem.param.opts[0] if problem.param is not None else "?"
        return UserError("{name}: {problem}", name=name, problem=problem.message)
    return UserError("{problem}", problem=problem.format_message())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.option("--lang", type=click.Choice(LANGUAGES), help="zh | en")
@click.version_option(package_name="kpisim", message="kpisim %(version)s")
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:  # noqa: ARG001  (read before parsing, see main)
    """kpisim: a sales team that plays by its KPI scheme, its pay plan and its workload."""
    if ctx.invoked_subcommand is None:
        for name in _HELP:
            click.echo(f"  kpisim {name:<10} {t(_HELP[name])}")


# --- shared options -----------------------------------------------------------------------------------



def _lang(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--lang", type=click.Choice(LANGUAGES), expose_value=False, help="zh | en")(command)


def _experiment(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that plays."""
    for option in (
        click.option("-p", "sets", multiple=True, metavar="PATH=VALUE", help="e.g. -p incentive.commission_rate=0.08"),
        click.option("--replications", "-n", type=int, default=DEFAULT_REPLICATIONS, show_default=True),
        click.option("--seed", type=int, default=1, show_default=True),
        click.option("--workers", type=int, default=None, help="processes"),
        click.option("--no-cache", is_flag=True, help="play again even if the result is known"),
    ):
        command = option(command)
    return _lang(command)


def parse_sets(sets: tuple[str, ...]) -> dict[str, Any]:
    """Return ``path=value`` words as a mapping; values are read as YAML."""
    import yaml  # noqa: PLC0415

    values: dict[str, Any] = {}
    for word in sets:
        path, equals, text = word.partition("=")
        if not equals or not path.strip():
            raise UserError("-p {word}: not of the form path=value; write e.g. team.size=8", word=word)
        try:
            values[path.strip()] = yaml.safe_load(text) if text.strip() else ""
        except yaml.YAMLError:
            raise UserError("-p {word}: the value cannot be read; check quotes and brackets", word=word) from None
    return values


def _scenario(name: str, sets: tuple[str, ...] = ()) -> Scenario:
    from kpisim.scenario import load  # noqa: PLC0415

    return load(name).derive(parse_sets(sets)) if sets else load(name)


# --- commands -----------------------------------------------------------------------------------------


@cli.command()
@_lang
def scenarios() -> None:
    from kpisim.scenario import library, load  # noqa: PLC0415

    for name in library():
        click.echo(f"{name:<16} {load(name).title()}")


@cli.command()
@click.argument("name", default="default")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="folder for the tables of one run")
@click.option("--format", "fmt", type=click.Choice(("csv", "xlsx", "parquet")), default="csv", show_default=True)
@_experiment
def run(  # noqa: PLR0913
    name: str, out: Path | None, fmt: str, sets: tuple[str, ...], replications: int, seed: int, workers: int | None, no_cache: bool  # noqa: FBT001
) -> None:
    scenario = _scenario(name, sets)
    from kpisim.experiment import run as play  # noqa: PLC0415
    from kpisim.experiment.words import failures_line, kpi_lines  # noqa: PLC0415

    if out is not None:
        _usable_folder(out)
    result = play(scenario, replications, seed, workers=workers, cache=not no_cache)
    for line in kpi_lines(result):
        click.echo(line)
    if out is not None:
        from kpisim.tables.io import write  # noqa: PLC0415

        write(result.tables(0), out, fmt)
        click.echo(str(out))
    _end(failures_line(result.failures))


@cli.command()
@click.argument("a")
@click.argument("b")
@click.option("-P", "--both", "both", multiple=True, metavar="PATH=VALUE", help="set in both scenarios")
@_experiment
def compare(  # noqa: PLR0913
    a: str, b: str, both: tuple[str, ...], sets: tuple[str, ...], replications: int, seed: int, workers: int | None, no_cache: bool  # noqa: FBT001
) -> None:
    first, second = _scenario(a, both), _scenario(b, (*both, *sets))
    from kpisim.experiment import compare as play  # noqa: PLC0415
    from kpisim.experiment.words import comparison_lines, failures_line  # noqa: PLC0415

    versus = play(first, second, replications, seed, workers=workers, cache=not no_cache)
    for line in comparison_lines(versus):
        click.echo(line)
    _end(failures_line(versus.a.failures) or failures_line(versus.b.failures))


@cli.command()
@click.argument("name", required=False)
@click.option("--versus", metavar="NAME", help="second scenario to compare with")
@click.option("-v", "versus_sets", multiple=True, metavar="PATH=VALUE", help="set in the second scenario")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@click.option("--xlsx", is_flag=True, help="write a workbook beside the report")
@click.option("--data", type=click.Path(path_type=Path), help="folder or file of a firm's own tables")
@click.option("--mapping", help="name or file of a mapping for --data")
@_experiment
def report(  # noqa: PLR0913
    name: str | None,
    versus: str | None,
    versus_sets: tuple[str, ...],
    out: Path,
    xlsx: bool,  # noqa: FBT001
    data: Path | None,
    mapping: str | None,
    sets: tuple[str, ...],
    replications: int,
    seed: int,
    workers: int | None,  # noqa: ARG001
    no_cache: bool,  # noqa: ARG001, FBT001
) -> None:
    from kpisim.report.command import report as build  # noqa: PLC0415
    from kpisim.text import current_language  # noqa: PLC0415

    path = build(
        name if name is not None or data is not None else "default",
        sets=parse_sets(sets),
        versus=versus,
        versus_sets=parse_sets(versus_sets),
        lang=current_language(),
        replications=replications,
        seed=seed,
        out=out,
        xlsx=xlsx,
        data=data,
        mapping=mapping,
    )
    click.echo(str(path))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("reports"), show_default=True)
@_lang
def reports(file: Path, out: Path) -> None:
    from kpisim.report.command import reports as build  # noqa: PLC0415
    from kpisim.text import current_language  # noqa: PLC0415

    frame = build(file, out, current_language())
    click.echo(frame.to_string(index=False))
    if (frame["status"] != "ok").any():
        sys.exit(FAILED)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--mapping", help="name or file of a mapping")
@click.option("--start", help="first day, e.g. 2010-01-01")
@click.option("--end", help="first day after the window")
@click.option("--by", type=click.Choice(("month", "quarter", "week", "rep_id")))
@click.option("--kpi", "kpis", multiple=True, help="only these KPIs")
@_lang
def kpi(folder: Path, mapping: str | None, start: str | None, end: str | None, by: str | None, kpis: tuple[str, ...]) -> None:
    from kpisim.kpi.command import print_kpis  # noqa: PLC0415

    click.echo(print_kpis(folder, mapping, start=start, end=end, by=by, kpis=list(kpis) or None))


@cli.command()
@click.option("--only", multiple=True, help="names of cases")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("-p", "sets", multiple=True, metavar="NAME=VALUE", help="parameter of the case given with --only")
@_lang
def evidence(only: tuple[str, ...], seed: int, sets: tuple[str, ...]) -> None:
    from kpisim.evidence import lines  # noqa: PLC0415

    failed = 0
    for line, good in lines(list(only) or None, seed=seed, **parse_sets(sets)):
        click.echo(line)
        failed += not good
    if failed:
        _end(t("{count} theory case(s) failed", count=failed))


@cli.command()
@_lang
def doctor() -> None:
    from kpisim.doctor import examine  # noqa: PLC0415

    bad = 0
    for check in examine():
        click.echo(check.line())
        bad += not check.good
    if bad:
        sys.exit(FAILED)


@cli.command()
@click.option("--quick", is_flag=True, help="fewer repeats")
@click.option("--only", multiple=True, help="names of figures")
@_lang
def bench(quick: bool, only: tuple[str, ...]) -> None:  # noqa: FBT001
    from kpisim.bench import lines  # noqa: PLC0415

    for line in lines(quick=quick, only=list(only) or None):
        click.echo(line)


def _usable_folder(path: Path) -> None:
    """Refuse an output folder that cannot be written before an hour of work goes into it."""
    if path.exists() and not path.is_dir() and path.suffix != ".xlsx":
        raise UserError("{path}: is a file; give a folder", path=str(path))
    target = path if path.suffix != ".xlsx" else path.parent
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError("{path}: cannot be written ({problem}); choose another folder", path=str(path), problem=problem.strerror) from None


def _end(line: str | None) -> None:
    if line:
        _complain(line)
        sys.exit(FAILED)
