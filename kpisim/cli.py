"""The front door: thin commands that call the rooms, each imported only when its command runs."""

from __future__ import annotations

import locale
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kpisim.text import LANGUAGES, Language, Text, UserError, did_you_mean, set_language, t
from kpisim.usage import Argument, Command, OneOf, Whole, in_our_words, page

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.kpi.measures import By
    from kpisim.scenario import Scenario
    from kpisim.tables.io import Format

BAD_INPUT = 2
FAILED = 1
INTERRUPTED = 130
DEFAULT_REPLICATIONS = 30
MOST_REPLICATIONS = 100_000
MOST_WORKERS = 256
MOST_POINT_RUNS = 1000
SHOWN = 80
LARGEST_SEED = 2**63 - 1

COMMANDS = {
    "scenarios": "the ready scenarios, a line each",
    "run": "play a scenario: KPIs with intervals; -o DIR writes the tables",
    "compare": "two scenarios on the same random streams: paired differences",
    "report": "a self-contained HTML report of a scenario or of a firm's tables",
    "reports": "many reports from one YAML file; a failed one becomes a row",
    "kpi": "KPIs of a firm's own tables",
    "board": "targets, lights and changes on one page or workbook",
    "quality": "what is wrong with an import, before any KPI is believed",
    "gap": "which drivers the change in bookings comes from, to the cent",
    "pay": "a rep's pay step by step; winners and losers of a plan",
    "goals": "goals checked letter by letter (SMART) and as a tree",
    "cascade": "a yearly target down to people, months and weeks",
    "advise": "why a light is red, what to try, and what that does in the model",
    "stories": "three one-page stories with numbers from runs",
    "calibrate": "a firm's own tables turned into a scenario",
    "sensitivity": "which assumption moves which KPI",
    "evidence": "every theorem and result beside the model's own number",
    "workshop": "open the day: the notebooks of the course, on this machine alone",
    "takehome": "one's own sheets of the day: page, workbook, calendar entries",
    "doctor": "check this machine: fonts, disk, versions, browser",
    "bench": "speed, each figure as a ratio",
}


class Commands(click.Group):
    """The commands in the order of use; an unknown one gets the nearest name."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return a command, or say which one may be meant."""
        command = super().get_command(ctx, cmd_name)
        if command is None:
            raise UserError(
                "{name}: no such command; {remedy}", name=cmd_name, remedy=did_you_mean(cmd_name, COMMANDS)
            )
        command.help = COMMANDS[cmd_name]
        return command

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page."""
        return page(self, ctx, [(name, t(meaning)) for name, meaning in COMMANDS.items()])


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
        sys.exit(INTERRUPTED)
    except click.ClickException as problem:
        _complain(in_our_words(problem))
        sys.exit(BAD_INPUT)
    except OSError as problem:
        # A full disk, a file that another program holds: nothing a traceback would help with.
        path = problem.filename or "kpisim"
        _complain(
            UserError("{path}: {problem}; check the path and the disk", path=path, problem=problem.strerror)
        )
        sys.exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(problem: object) -> None:
    # A third party's message, passed on, may have lines of its own.
    click.echo(f"kpisim: {' '.join(str(problem).splitlines())}", err=True)


def _language_of(words: list[str]) -> Language:
    """Return the language asked for before the command line is parsed, so that its errors are in it too."""
    asked = None
    for position, word in enumerate(words):
        if word == "--lang" and position + 1 < len(words):
            asked = words[position + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    if asked not in LANGUAGES:
        settings = (os.environ.get(name) for name in ("KPISIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
        # A locale that is not installed is still what the user reads; Windows sets no variable.
        asked = next(filter(None, settings), None) or locale.getlocale()[0] or ""
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    subcommand_metavar="COMMAND",
    help="a sales team that plays by its KPI scheme, its pay plan and its workload",
)
@click.option("--lang", type=OneOf(LANGUAGES), help="language of everything printed")
@click.version_option(package_name="kpisim", message="kpisim %(version)s", help="show the version")
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:  # noqa: ARG001  (read before parsing, see main)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


# --- shared options -----------------------------------------------------------------------------------

_SEED = "number that fixes all random numbers"
_SCENARIO = "a ready scenario (see kpisim scenarios) or a YAML file"
_no_cache = click.option("--no-cache", is_flag=True, help="play again even if the result is known")


def _lang(command: Callable[..., Any]) -> Callable[..., Any]:
    option = click.option(
        "--lang", type=OneOf(LANGUAGES), expose_value=False, help="language of everything printed"
    )
    return option(command)


def _played(command: Callable[..., Any], *more: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that plays, save the number of runs, and `more` among them."""
    for option in (
        click.option(
            "--workers", type=Whole(1, MOST_WORKERS), help="processes; by default one per processor"
        ),
        click.option("--seed", type=Whole(0, LARGEST_SEED), default=1, show_default=True, help=_SEED),
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
    return _lang(command)


def _experiment(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of everything that plays many runs of a scenario."""
    return _played(
        command,
        click.option(
            "-n",
            "--replications",
            type=Whole(1, MOST_REPLICATIONS),
            default=DEFAULT_REPLICATIONS,
            show_default=True,
            help="independent runs of each scenario",
        ),
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
        except BadYamlError:
            raise UserError(
                "{option} {word}: the value cannot be read; check dates, quotes and brackets",
                option=option,
                word=word,
            ) from None
    return values


def _scenario(name: str, sets: dict[str, Any]) -> Scenario:
    from kpisim.scenario import load

    return load(name).derive(sets) if sets else load(name)


def _bar() -> Callable[[int, int], None] | None:
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


# --- commands -----------------------------------------------------------------------------------------


@cli.command()
@_lang
def scenarios() -> None:
    from kpisim.scenario import library, load

    for name in library():
        click.echo(f"{name:<16} {load(name).title()}")


@cli.command()
@click.argument("name", cls=Argument, default="default", help=_SCENARIO)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help="folder for the tables of one run"
)
@click.option(
    "--format",
    "fmt",
    type=OneOf(("csv", "xlsx", "parquet", "json", "sqlite")),
    default="csv",
    show_default=True,
    help="format of the tables",
)
@_no_cache
@_experiment
def run(
    name: str,
    out: Path | None,
    fmt: Format,
    sets: tuple[str, ...],
    replications: int,
    seed: int,
    workers: int | None,
    no_cache: bool,
) -> None:
    scenario = _scenario(name, parse_sets(sets))
    from kpisim.experiment import run as play
    from kpisim.experiment.words import failures_line, kpi_lines

    if out is not None:
        _usable(out, fmt)
    result = play(scenario, replications, seed, workers=workers, cache=not no_cache)
    for line in kpi_lines(result):
        click.echo(line)
    if out is not None:
        from kpisim.tables.io import write

        click.echo(str(write(result.tables(0), out, fmt)))
    _end(failures_line(result.failures))


@cli.command()
@click.argument("a", cls=Argument, help=_SCENARIO)
@click.argument("b", cls=Argument, help="what A is compared with; -p changes B only")
@click.option("-P", "--both", multiple=True, metavar="PATH=VALUE", help="set a parameter in both scenarios")
@_no_cache
@_experiment
def compare(
    a: str,
    b: str,
    both: tuple[str, ...],
    sets: tuple[str, ...],
    replications: int,
    seed: int,
    workers: int | None,
    no_cache: bool,
) -> None:
    shared = parse_sets(both, "-P")
    first, second = _scenario(a, shared), _scenario(b, shared | parse_sets(sets))
    from kpisim.experiment import compare as play
    from kpisim.experiment.words import comparison_lines, failures_line

    versus = play(first, second, replications, seed, workers=workers, cache=not no_cache)
    for line in comparison_lines(versus):
        click.echo(line)
    _end(failures_line(versus.a.failures) or failures_line(versus.b.failures))


@cli.command()
@click.argument("name", cls=Argument, required=False, help=_SCENARIO)
@click.option("--versus", metavar="NAME", help="second scenario to compare with")
@click.option(
    "-v", "versus_sets", multiple=True, metavar="PATH=VALUE", help="set a parameter in the second scenario"
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="folder for the report, or a file name ending in .html",
)
@click.option("--xlsx", is_flag=True, help="write a workbook beside the report")
@click.option(
    "--data", type=click.Path(path_type=Path), metavar="DIR", help="folder or file of a firm's own tables"
)
@click.option("--mapping", metavar="NAME", help="name or file of a mapping for the firm's tables")
@click.option(
    "--sensitivity", is_flag=True, help="also show which assumption moves which KPI (hundreds of runs)"
)
@click.option("--stories", is_flag=True, help="also tell three stories with numbers from runs")
@click.option("--calibration", is_flag=True, help="also fit a scenario to own tables, real beside simulated")
@_experiment
def report(
    name: str | None,
    versus: str | None,
    versus_sets: tuple[str, ...],
    out: Path,
    xlsx: bool,
    data: Path | None,
    mapping: str | None,
    sensitivity: bool,
    stories: bool,
    calibration: bool,
    sets: tuple[str, ...],
    replications: int,
    seed: int,
    workers: int | None,
) -> None:
    from kpisim.report.command import report as build
    from kpisim.text import current_language

    path = build(
        name if name is not None or data is not None else "default",
        sets=parse_sets(sets),
        versus=versus,
        versus_sets=parse_sets(versus_sets, "-v"),
        lang=current_language(),
        replications=replications,
        seed=seed,
        out=out,
        xlsx=xlsx,
        data=data,
        mapping=mapping,
        progress=_bar(),
        workers=workers,
        sensitivity=sensitivity,
        stories=stories,
        calibration=calibration,
    )
    click.echo(str(path))


@cli.command()
@click.argument(
    "file",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="YAML file with a list of reports, each a set of parameters",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports"),
    show_default=True,
    metavar="DIR",
    help="folder for the reports and their index",
)
@_lang
def reports(file: Path, out: Path) -> None:
    from kpisim.report.command import reports as build
    from kpisim.text import current_language

    frame = build(file, out, current_language(), progress=_bar())
    click.echo(frame.to_string(index=False))
    if (frame["status"] != "ok").any():
        sys.exit(FAILED)


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="tables written by kpisim run -o, or an export of a CRM or ERP system",
)
@click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits")
@click.option("--start", metavar="DATE", help="first day, e.g. 2010-01-01")
@click.option("--end", metavar="DATE", help="first day after the period")
@click.option(
    "--by", type=OneOf(("week", "month", "quarter", "year", "rep_id")), help="a row for each of these"
)
@click.option(
    "--kpi", "kpis", multiple=True, metavar="NAME", help="only this KPI; may be given several times"
)
@click.option(
    "--scorecard",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="targets and weights in YAML; by default those of the target table",
)
@click.option(
    "--library",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="KPIs of your own in YAML, measured beside the others",
)
@_lang
def kpi(
    folder: Path,
    mapping: str | None,
    start: str | None,
    end: str | None,
    by: By | None,
    kpis: tuple[str, ...],
    scorecard: Path | None,
    library: Path | None,
) -> None:
    from kpisim.crm.command import print_kpis

    if library is not None:
        from kpisim.kpi.library import add

        add(library)
    click.echo(
        print_kpis(folder, mapping, start=start, end=end, by=by, kpis=list(kpis) or None, scorecard=scorecard)
    )


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="tables written by kpisim run -o, or an export of a CRM or ERP system",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports/board.html"),
    show_default=True,
    metavar="FILE",
    help="a file ending in .html, .xlsx, .csv, .json or .md",
)
@click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits")
@click.option("--start", metavar="DATE", help="first day, e.g. 2010-01-01")
@click.option("--end", metavar="DATE", help="first day after the period")
@click.option(
    "--scorecard",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="targets and weights in YAML; by default those of the target table",
)
@_lang
def board(
    folder: Path,
    out: Path,
    mapping: str | None,
    start: str | None,
    end: str | None,
    scorecard: Path | None,
) -> None:
    from kpisim.report.board import board_file

    click.echo(str(board_file(folder, out, mapping, start, end, scorecard)))


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="tables written by kpisim run -o, or an export of a CRM or ERP system",
)
@click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits")
@_lang
def quality(folder: Path, mapping: str | None) -> None:
    from kpisim.crm.discover import discover
    from kpisim.crm.quality import quality as examine
    from kpisim.crm.quality import quality_lines

    for source in discover(folder, mapping):
        click.echo(source.title)
        for line in quality_lines(examine(source.tables)):
            click.echo(line)


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="tables written by kpisim run -o, or an export of a CRM or ERP system",
)
@click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits")
@_lang
def gap(folder: Path, mapping: str | None) -> None:
    from kpisim.crm.discover import discover
    from kpisim.kpi.board import board
    from kpisim.kpi.tracking import gap_lines, split_gap

    for source in discover(folder, mapping):
        shown = board(source.tables, names=["revenue_booked"])
        click.echo(source.title)
        if shown.before is None or not source.tables.has("orders"):
            click.echo(t("No orders of two whole periods, so no gap to split."))
            continue
        for line in gap_lines(split_gap(source.tables, shown.before, shown.period)):
            click.echo(line)


@cli.command()
@click.argument("folder", cls=Argument, type=click.Path(path_type=Path), help="tables with a pay table")
@click.argument("name", cls=Argument, default="default", help="the scenario whose plan was paid")
@click.option("--rep", metavar="ID", help="whose statement; by default who gains and who loses")
@click.option("--start", metavar="DATE", help="first day of the pay period; by default the last one")
@click.option(
    "-p",
    "sets",
    multiple=True,
    metavar="PATH=VALUE",
    help="the other plan, e.g. -p incentive.commission_rate=0.05; may be given several times",
)
@_lang
def pay(folder: Path, name: str, rep: str | None, start: str | None, sets: tuple[str, ...]) -> None:
    from kpisim.kpi.paying import compared_lines, statement, statement_lines
    from kpisim.tables.io import read

    scenario, tables = _scenario(name, {}), read(folder)
    if rep is not None:
        for line in statement_lines(statement(tables, scenario.incentive, rep, start)):
            click.echo(line)
        return
    for line in compared_lines(tables, scenario.incentive, _scenario(name, parse_sets(sets)).incentive):
        click.echo(line)


@cli.command()
@click.argument("goal", cls=Argument, help="a goal in words, or a YAML or JSON file with a list of goals")
@click.option("--today", metavar="DATE", help="day that deadlines are compared with; by default today")
@click.option("--scenario", "name", metavar="NAME", help="scenario whose runs say what can be reached")
@click.option(
    "-n",
    "--replications",
    type=Whole(2, MOST_REPLICATIONS),
    default=DEFAULT_REPLICATIONS,
    show_default=True,
    help="independent runs of each scenario",
)
@_played
def goals(
    goal: str,
    today: str | None,
    name: str | None,
    replications: int,
    sets: tuple[str, ...],
    seed: int,
    workers: int | None,
) -> None:
    from datetime import datetime

    from kpisim.kpi.goals import Goal, check, goal_lines, goal_tree, read_goals, smart_lines
    from kpisim.kpi.window import as_date

    day = datetime.now().astimezone().date() if today is None else as_date(today, "--today")
    listed = goal.lower().endswith((".yaml", ".yml", ".json"))
    asked = read_goals(goal) if listed else [Goal(goal)]
    result = None
    if name is not None:
        from kpisim.experiment import run as play

        result = play(_scenario(name, parse_sets(sets)), replications, seed, workers=workers)
    for one in asked:
        played = () if result is None or not one.kpi else tuple(result.values(one.kpi).dropna())
        for line in smart_lines(check(one, day, simulated=played)):
            click.echo(line)
        click.echo()
    if any(one.id for one in asked):
        for line in goal_lines(goal_tree(asked)):
            click.echo(line)


@cli.command()
@click.argument("target", cls=Argument, type=float, help="target of the year, e.g. 12000000")
@click.option("--kpi", default="revenue_booked", show_default=True, metavar="NAME", help="a KPI that adds up")
@click.option(
    "--year", type=Whole(1980, 2200), help="year the fiscal year begins in; by default that of the scenario"
)
@click.option(
    "--team",
    "teams",
    multiple=True,
    metavar="NAME=REP,REP",
    help="a team and its reps; may be given several times",
)
@click.option(
    "--by",
    type=OneOf(("quarter", "month", "week")),
    default="quarter",
    show_default=True,
    help="length of the periods",
)
@click.option(
    "--scenario",
    "name",
    default="default",
    show_default=True,
    metavar="NAME",
    help="season and calendar are taken from it",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="CSV file for all parts")
@_lang
def cascade(
    target: float, kpi: str, year: int | None, teams: tuple[str, ...], by: str, name: str, out: Path | None
) -> None:
    from kpisim.kpi.goals import break_down, cascade_lines

    scenario = _scenario(name, {})
    people: dict[str, dict[str, float]] = {}
    for word in teams:
        team, equals, reps = word.partition("=")
        members = [rep.strip() for rep in reps.replace("，", ",").split(",") if rep.strip()]
        if not equals or not members:
            raise UserError(
                "--team {word}: write the team and its reps, e.g. --team 华东=李雷,韩梅梅", word=word
            )
        people[team.strip()] = dict.fromkeys(members, 1.0)
    if not people:
        people = {"team": {f"R{place:03d}": 1.0 for place in range(scenario.team.size)}}
    made = break_down(
        kpi,
        target,
        people,
        year or scenario.calendar.start.year,
        season=scenario.market.season,
        calendar=scenario.calendar,
    )
    for line in cascade_lines(made, by):  # type: ignore[arg-type]
        click.echo(line)
    if out is not None:
        made.frame().to_csv(out, index=False, encoding="utf-8-sig")
        click.echo(str(out))


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="tables written by kpisim run -o, or an export of a CRM or ERP system",
)
@click.argument("name", cls=Argument, default="default", help="the scenario that the tries are played on")
@click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits")
@click.option(
    "--scorecard",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="targets and weights in YAML; by default those of the target table",
)
@click.option(
    "-n",
    "--replications",
    type=Whole(2, MOST_REPLICATIONS),
    default=20,
    show_default=True,
    help="runs of each side",
)
@_played
def advise(
    folder: Path,
    name: str,
    mapping: str | None,
    scorecard: Path | None,
    replications: int,
    sets: tuple[str, ...],
    seed: int,
    workers: int | None,
) -> None:
    scenario = _scenario(name, parse_sets(sets))
    from kpisim.crm.discover import discover
    from kpisim.experiment.advice import advice_lines, advise
    from kpisim.kpi.board import board
    from kpisim.kpi.scorecard import read_scorecard

    targets = None if scorecard is None else read_scorecard(scorecard)
    for source in discover(folder, mapping):
        shown = board(source.tables, targets)
        click.echo(source.title)
        if shown.scored is None:
            click.echo(t("No targets here, so no light is red; give --scorecard FILE."))
            continue
        for line in advice_lines(advise(shown, scenario, replications, seed, workers=workers)):
            click.echo(line)


@cli.command()
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=Path("reports/stories.html"),
    show_default=True,
    metavar="FILE",
    help="HTML file for the stories",
)
@click.option(
    "-n",
    "--replications",
    type=Whole(2, MOST_REPLICATIONS),
    default=DEFAULT_REPLICATIONS,
    show_default=True,
    help="runs of each side",
)
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=1, show_default=True, help=_SEED)
@_lang
def stories(out: Path, replications: int, seed: int) -> None:
    from kpisim.report.stories import stories_page

    click.echo(str(stories_page(out, replications, seed)))


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    type=click.Path(path_type=Path),
    help="tables written by kpisim run -o, or an export of a CRM or ERP system",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="YAML file for the scenario"
)
@click.option("--mapping", metavar="NAME", help="name or file of a mapping; by default the one that fits")
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=1, show_default=True, help=_SEED)
@_lang
def calibrate(folder: Path, out: Path | None, mapping: str | None, seed: int) -> None:
    from kpisim.crm.calibrate.command import calibration_text

    click.echo(calibration_text(folder, out, mapping, seed))


@cli.command()
@click.argument("name", cls=Argument, default="default", help=_SCENARIO)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="DIR", help="folder for tables, picture and page"
)
@click.option("--quick", is_flag=True, help="a quarter played, few trajectories: about two minutes")
@click.option(
    "--kpi", "kpis", multiple=True, metavar="NAME", help="only this KPI; may be given several times"
)
@click.option(
    "-n",
    "--replications",
    type=Whole(1, MOST_POINT_RUNS),
    default=1,
    show_default=True,
    help="runs averaged at each point: less luck, more time",
)
@_no_cache
@_played
def sensitivity(
    name: str,
    out: Path | None,
    quick: bool,
    kpis: tuple[str, ...],
    replications: int,
    sets: tuple[str, ...],
    seed: int,
    workers: int | None,
    no_cache: bool,
) -> None:
    scenario = _scenario(name, parse_sets(sets))
    if out is not None:
        _usable(out, "csv")
    from kpisim.experiment import screening
    from kpisim.experiment.screening_words import failed, lines

    found = screening.sensitivity(
        scenario,
        kpis=tuple(dict.fromkeys(kpis)) or screening.KPIS,
        replications=replications,
        seed=seed,
        workers=workers,
        cache=not no_cache,
        **(screening.quick(scenario) if quick else {}),
    )
    for line in lines(found):
        click.echo(line)
    if quick:
        click.echo(
            t(
                "This was quick. For numbers to rely on: kpisim sensitivity {name}, over {weeks} weeks",
                name=name,
                weeks=scenario.calendar.weeks,
            )
        )
    if out is not None:
        from kpisim.report.sensitivity import save

        for path in save(found, out):
            click.echo(str(path))
    _end(failed(found) if len(found.failures) else None)


@cli.command()
@click.option("--only", multiple=True, metavar="CASE", help="only this case; may be given several times")
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=1, show_default=True, help=_SEED)
@click.option(
    "-p", "sets", multiple=True, metavar="NAME=VALUE", help="set a parameter of the case given with --only"
)
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    is_flag=False,
    flag_value=Path("evidence.html"),
    metavar="[FILE]",
    help="write a page with a figure for each case",
)
@_lang
def evidence(only: tuple[str, ...], seed: int, sets: tuple[str, ...], report: Path | None) -> None:
    failed = 0
    if report is not None:
        from kpisim.report.evidence import evidence_report

        broken: list[str] = []
        click.echo(
            str(
                evidence_report(
                    report,
                    only,
                    seed,
                    parse_sets(sets),
                    lambda name, good: None if good else broken.append(name),
                )
            )
        )
        if broken:
            _end(t("{count} figures do not hold", count=len(broken)))
        return
    from kpisim.evidence import lines

    for line, good in lines(list(only) or None, seed, parse_sets(sets)):
        click.echo(line)
        failed += not good
    if failed:
        _end(t("{count} figures do not hold", count=failed))


@cli.command()
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=Path("workshop"), show_default=True, metavar="DIR",
    help="folder of the session; resumed where it is there",
)  # fmt: skip
@click.option("--port", type=Whole(1024, 65535), help="port on this machine; by default the first free one")
@click.option("--no-browser", is_flag=True, help="open no browser, only print the address")
@click.option("--trainer", is_flag=True, help="with the trainer's guide, its notes and keys")
@_lang
def workshop(out: Path, port: int | None, no_browser: bool, trainer: bool) -> None:
    from kpisim.workshop import workshop as serve

    sys.exit(serve(out, port, browser=not no_browser, trainer=trainer))


@cli.command()
@click.argument("folder", cls=Argument, type=click.Path(path_type=Path), help="folder of the session")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="folder for the files; by default the session's",
)
@_lang
def takehome(folder: Path, out: Path | None) -> None:
    from kpisim.report.take_home import take_home
    from kpisim.session import open_session
    from kpisim.workshop import SESSION

    if not (folder / SESSION).is_dir():
        raise UserError("{path}: no session there; give the folder of kpisim workshop", path=str(folder))
    for path in take_home(open_session(folder / SESSION), out or folder):
        click.echo(str(path))


@cli.command()
@_lang
def doctor() -> None:
    from kpisim.doctor import examine

    bad = 0
    for check in examine():
        click.echo(check.line())
        bad += not check.good
    if bad:
        sys.exit(FAILED)


@cli.command()
@click.option("--quick", is_flag=True, help="fewer repeats, wider ranges")
@click.option(
    "--only", multiple=True, metavar="GROUP", help="only this group of figures; may be given several times"
)
@_lang
def bench(quick: bool, only: tuple[str, ...]) -> None:
    from kpisim.bench import lines

    for line in lines(quick=quick, only=list(only) or None):
        click.echo(line)


def _usable(path: Path, fmt: Format) -> None:
    """Refuse a place that cannot be written to before an hour of work goes into it."""
    folder = path.parent if fmt == "xlsx" else path
    if folder.exists() and not folder.is_dir():
        raise UserError("{path}: is a file; give a folder", path=str(folder))
    if fmt == "xlsx" and path.with_suffix(".xlsx").is_dir():
        raise UserError("{path}: is a folder; give a file", path=str(path))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UserError(
            "{path}: cannot be written ({problem}); choose another folder",
            path=str(folder),
            problem=problem.strerror,
        ) from None


def _end(line: str | None) -> None:
    if line:
        _complain(line)
        sys.exit(FAILED)
