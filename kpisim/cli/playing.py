"""Commands that play: scenarios, runs, comparisons, reports, stories, calibration, sensitivity, evidence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpisim.cli.group import cli
from kpisim.cli.options import (
    FAILED,
    PAGE,
    SCENARIO,
    YAML,
    end,
    experiment,
    lang_option,
    no_cache_flag,
    one_file,
    one_folder,
    parse_sets,
    played,
    progress_bar,
    read_tables,
    runs,
    scenario_of,
    seed_option,
    usable,
)
from kpisim.cli.usage import Argument, Ending, OneOf, Place, Whole
from kpisim.text import t

if TYPE_CHECKING:
    from kpisim.tables.io import Format

MOST_POINT_RUNS = 1000


@cli.command()
@lang_option
def scenarios() -> None:
    from kpisim.scenario import library, load

    for name in library():
        click.echo(f"{name:<16} {load(name).title()}")


@cli.command()
@click.argument("name", cls=Argument, default="default", help=SCENARIO)
@click.option("-o", "--out", type=Place(), metavar="DIR", help="folder or database for the tables of one run")
@click.option(
    "--format",
    "fmt",
    type=OneOf(("csv", "xlsx", "parquet", "json", "sqlite")),
    default="csv",
    show_default=True,
    help="format of the tables",
)
@no_cache_flag
@experiment
def run(
    name: str,
    out: Path | str | None,
    fmt: Format,
    sets: tuple[str, ...],
    replications: int,
    seed: int,
    workers: int | None,
    no_cache: bool,
) -> None:
    scenario = scenario_of(name, parse_sets(sets))
    from kpisim.experiment import run as play
    from kpisim.experiment.words import failures_line, kpi_lines

    if out is not None:
        usable(out, fmt)
    result = play(scenario, replications, seed, workers=workers, cache=not no_cache)
    for line in kpi_lines(result):
        click.echo(line)
    if out is not None:
        from kpisim.tables.io import write

        click.echo(str(write(result.tables(0), out, fmt)))
    end(failures_line(result.failures))


@cli.command()
@click.argument("name", cls=Argument, default="default", help=SCENARIO)
@one_file("the film, an HTML file", None, *PAGE)
@click.option("--weeks", type=Whole(1, 52), default=13, show_default=True, help="length of the film in weeks")
@played
def replay(
    name: str,
    out: Path | None,
    weeks: int,
    sets: tuple[str, ...],
    seed: int,
    workers: int | None,  # noqa: ARG001  (one run needs one process)
) -> None:
    scenario = scenario_of(name, parse_sets(sets))
    from kpisim.show.film import replay as play

    click.echo(str(play(scenario, out or Path(f"replay-{Path(name).stem}.html"), weeks=weeks, seed=seed)))


@cli.command()
@click.argument("a", cls=Argument, help=SCENARIO)
@click.argument("b", cls=Argument, help="what A is compared with; -p changes B only")
@click.option("-P", "--both", multiple=True, metavar="PATH=VALUE", help="set a parameter in both scenarios")
@no_cache_flag
@runs("independent runs of each scenario")
@played
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
    first, second = scenario_of(a, shared), scenario_of(b, shared | parse_sets(sets))
    from kpisim.experiment import compare as play
    from kpisim.experiment.break_even import break_even, break_even_lines, raises_training
    from kpisim.experiment.words import comparison_lines, failures_line

    versus = play(first, second, replications, seed, workers=workers, cache=not no_cache)
    for line in comparison_lines(versus):
        click.echo(line)
    if raises_training(first, second):
        # The KPIs above are those of a team trained for long; what it costs until then is another question.
        hours = second.team.training_hours
        for line in break_even_lines(break_even(first, hours, replications, seed, workers=workers)):
            click.echo(line)
    end(failures_line(versus.a.failures) or failures_line(versus.b.failures))


@cli.command()
@click.argument("name", cls=Argument, required=False, help=SCENARIO)
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
@click.option("--data", type=Place(), metavar="PLACE", help="folder, file or database of a firm's own tables")
@click.option("--mapping", metavar="NAME", help="name or file of a mapping for the firm's tables")
@click.option(
    "--sensitivity", is_flag=True, help="also show which assumption moves which KPI (hundreds of runs)"
)
@click.option("--stories", is_flag=True, help="also tell three stories with numbers from runs")
@click.option("--calibration", is_flag=True, help="also fit a scenario to own tables, real beside simulated")
@experiment
def report(
    name: str | None,
    versus: str | None,
    versus_sets: tuple[str, ...],
    out: Path,
    xlsx: bool,
    data: Path | str | None,
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
        progress=progress_bar(),
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
@one_folder("folder for the reports and their index", Path("reports"))
@lang_option
def reports(file: Path, out: Path) -> None:
    from kpisim.report.batch import batch_lines
    from kpisim.report.command import reports as build
    from kpisim.text import current_language

    frame = build(file, out, current_language(), progress=progress_bar())
    for line in batch_lines(frame):
        click.echo(line)
    if (frame["status"] != "ok").any():
        sys.exit(FAILED)


@cli.command()
@one_file("HTML file for the stories", Path("reports/stories.html"), *PAGE)
@runs("runs of each side")
@seed_option
@lang_option
def stories(out: Path, replications: int, seed: int) -> None:
    from kpisim.report.stories import stories_page

    click.echo(str(stories_page(out, replications, seed)))


@cli.command()
@read_tables
@one_file("YAML file for the scenario", None, *YAML)
@seed_option
@lang_option
def calibrate(folder: Path, out: Path | None, mapping: str | None, seed: int) -> None:
    from kpisim.crm.calibrate.command import calibration_text

    click.echo(calibration_text(folder, out, mapping, seed))


@cli.command()
@click.argument("name", cls=Argument, default="default", help=SCENARIO)
@one_folder("folder for tables, picture and page")
@click.option("--quick", is_flag=True, help="a quarter played, few trajectories: about two minutes")
@click.option(
    "--kpi", "kpis", multiple=True, metavar="NAME", help="only this KPI; may be given several times"
)
@runs("runs averaged at each point: less luck, more time", 1, low=1, high=MOST_POINT_RUNS)
@no_cache_flag
@played
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
    scenario = scenario_of(name, parse_sets(sets))
    if out is not None:
        usable(out, "csv")
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
    end(failed(found) if len(found.failures) else None)


@cli.command()
@click.option("--only", multiple=True, metavar="CASE", help="only this case; may be given several times")
@seed_option
@click.option(
    "-p", "sets", multiple=True, metavar="NAME=VALUE", help="set a parameter of the case given with --only"
)
@click.option(
    "--report",
    type=Ending(*PAGE),
    is_flag=False,
    flag_value=Path("evidence.html"),
    metavar="[FILE]",
    help="write a page with a figure for each case",
)
@lang_option
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
            end(t("{count} figures do not hold", count=len(broken)))
        return
    from kpisim.evidence import lines

    for line, good in lines(list(only) or None, seed, parse_sets(sets)):
        click.echo(line)
        failed += not good
    if failed:
        end(t("{count} figures do not hold", count=failed))
