"""Commands on tables: KPIs, board, import, quality, pay, goals, advice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpisim.cli.group import cli
from kpisim.cli.options import (
    PAGE,
    a_day,
    days,
    grain,
    kpi_names,
    lang_option,
    one_file,
    one_folder,
    parse_sets,
    played,
    read_tables,
    runs,
    scenario_of,
    scorecard_file,
    yaml_file,
)
from kpisim.cli.usage import Amount, Argument, Place, Whole
from kpisim.text import UserError, t
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from kpisim.kpi.measures import By


@cli.command()
@read_tables
@days
@grain("week", "month", "quarter", "year", "rep_id", help="a row for each of these")
@kpi_names("only this KPI; may be given several times")
@scorecard_file
@yaml_file("library", "KPIs of your own in YAML, measured beside the others")
@click.option(
    "--why",
    metavar="NAME",
    help="the rows behind this KPI, with what each adds, instead of the table of KPIs",
)
@lang_option
def kpi(
    folder: Path | str,
    mapping: str | None,
    start: str | None,
    end: str | None,
    by: By | None,
    names: tuple[str, ...],
    scorecard: Path | None,
    library: Path | None,
    why: str | None,
) -> None:
    from kpisim.crm.command import print_kpis, print_why

    if library is not None:
        from kpisim.kpi.library import add

        add(library)
    if why is not None:
        click.echo(print_why(folder, why, mapping, start=start, end=end))
        return
    click.echo(
        print_kpis(
            folder, mapping, start=start, end=end, by=by, kpis=list(names) or None, scorecard=scorecard
        )
    )


@cli.command()
@read_tables
@one_file("a file ending in .html, .xlsx, .csv, .json or .md", Path("reports/board.html"))
@days
@scorecard_file
@click.option(
    "--live",
    is_flag=True,
    help="serve the board of the running month and change it as soon as a file is saved (Ctrl+C ends)",
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="with --live: where others reach it; by default nobody can",
)
@click.option(
    "--port",
    type=Whole(0, 65535),
    default=0,
    metavar="N",
    help="with --live: port; by default a free one",
)
@click.option("--no-browser", is_flag=True, help="open no browser, only print the address")
@lang_option
def board(
    folder: Path | str,
    out: Path,
    mapping: str | None,
    start: str | None,
    end: str | None,
    scorecard: Path | None,
    live: bool,
    host: str,
    port: int,
    no_browser: bool,
) -> None:
    if live:
        from kpisim.report.live import live_board

        live_board(
            folder,
            mapping,
            start,
            end,
            scorecard,
            host=host,
            port=port,
            browser=not no_browser,
            say=click.echo,
        )
        return
    served = {"--host": host != "127.0.0.1", "--port": bool(port), "--no-browser": no_browser}
    unread = next((name for name, given in served.items() if given), None)
    if unread is not None:
        raise UserError(
            "{name}: only a board that is served has one; add --live, or leave it out", name=unread
        )
    from kpisim.report.board import board_file

    click.echo(str(board_file(folder, out, mapping, start, end, scorecard)))


@cli.command()
@read_tables
@lang_option
def quality(folder: Path | str, mapping: str | None) -> None:
    from kpisim.crm.discover import discover
    from kpisim.crm.quality import quality as examine
    from kpisim.crm.quality import quality_lines

    for source in discover(folder, mapping):
        click.echo(source.title)
        for line in quality_lines(examine(source.tables)):
            click.echo(line)


@cli.command("import")
@click.argument(
    "files",
    cls=Argument,
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    help="an export as CSV or Excel, or several of one folder that belong together: deals, reps and customers, or a file a month; a folder or a pattern will do; they are only read",
)
@one_file("the mapping file; by default the name of the export with .mapping.yaml, in this folder")
@click.option("--yes", is_flag=True, help="take every proposal without a question")
@click.option("--table", metavar="NAME", help="what the rows are, e.g. orders; by default what fits best")
@click.option(
    "--column",
    "given",
    multiple=True,
    metavar="NAME=MEANING",
    help="what a column is, e.g. --column Sales=rep_id, or - for not used; may be given several times",
)
@click.option(
    "--currency", metavar="CODE", help="currency of all money; by default as the signs say, else CNY"
)
@lang_option
def import_(
    files: tuple[Path, ...],
    out: Path | None,
    *,
    yes: bool,
    table: str | None,
    given: tuple[str, ...],
    currency: str | None,
) -> None:
    import sys

    from kpisim.crm.quality import quality as examine
    from kpisim.crm.quality import quality_lines
    from kpisim.crm.wizard.ask import proposal_lines, settle
    from kpisim.crm.wizard.join import (
        expand,
        give,
        join_lines,
        joined_text,
        joins,
        load_joined,
        lookup_lines,
        open_exports,
        read_lines,
        refuse_two,
    )
    from kpisim.crm.wizard.make import free, write

    exports = expand(files)
    whole = exports[0] if len(exports) == 1 else exports[0].parent
    first = files[0] if files[0].is_dir() else exports[0]
    place = out or Path(f"{first.resolve().stem}.mapping.yaml")
    free(place)
    drafts = open_exports(exports, table, currency)
    for word in given:
        # A column may have = in its name, a meaning has none.
        name, equals, meaning = word.rpartition("=")
        if not equals:
            raise UserError("--column {word}: write the column and its meaning, e.g. Sales=rep_id", word=word)
        give(drafts, name.strip(), meaning.strip())
    for number, draft in enumerate(drafts):
        for line in [*([""] if number else []), *proposal_lines(draft)]:
            click.echo(line)
    settle(drafts, None if yes else _typed, click.echo, asked=sys.stdin.isatty())
    refuse_two(drafts)
    tables = load_joined(drafts)
    write(joined_text(drafts), place)
    click.echo()
    click.echo(t("Mapping saved: {path}", path=str(place)))
    for line in [
        *lookup_lines(drafts),
        *read_lines(tables),
        *join_lines(joins(drafts)),
        *quality_lines(examine(tables)),
        "",
    ]:
        click.echo(line)
    click.echo(t("Next: kpisim kpi {file} --mapping {path}", file=_quoted(whole), path=_quoted(place)))


def _quoted(path: Path) -> str:
    """Return a path as every shell takes it: a second download is called orders(1).csv."""
    import re

    return str(path) if re.fullmatch(r"[\w./\\:-]+", str(path)) else f'"{path}"'


def _typed(prompt: str) -> str:
    return str(click.prompt(prompt, default="", show_default=False, prompt_suffix=""))


@cli.command()
@click.argument(
    "industry",
    cls=Argument,
    required=False,
    help="an industry, or a profile.yaml that was written before; without it the industries are listed",
)
@click.option("--team-size", type=Whole(1, 1000), metavar="N", help="number of reps")
@click.option("--currency", default="CNY", show_default=True, metavar="CODE", help="currency of all money")
@one_folder("folder for profile.yaml, scorecard.yaml and scenario.yaml; without it they are only shown")
@lang_option
def profile(industry: str | None, team_size: int | None, currency: str, out: Path | None) -> None:
    from kpisim.kpi.profile import industries, profile_lines, read_profile, write_profile
    from kpisim.kpi.profile import profile as start_from

    if industry is None:
        for name, title in industries().items():
            click.echo(f"{name}  {title}")
        return
    made = (
        read_profile(industry)
        if industry.lower().endswith((".yaml", ".yml"))
        else start_from(industry, team_size, currency)
    )
    for line in profile_lines(made):
        click.echo(line)
    if out is not None:
        for place in write_profile(made, out):
            click.echo(str(place))


@cli.command()
@click.argument("folder", cls=Argument, type=Place(), help="tables with a pay table")
@click.argument("name", cls=Argument, default="default", help="the scenario whose plan was paid")
@click.option("--rep", metavar="ID", help="whose statement; by default who gains and who loses")
@click.option(
    "--start",
    metavar="DATE",
    callback=a_day,
    help="first day of the pay period; by default the last whole one",
)
@click.option(
    "-p",
    "sets",
    multiple=True,
    metavar="PATH=VALUE",
    help="the other plan, e.g. -p incentive.commission_rate=0.05; may be given several times",
)
@one_file("a page ending in .html, with pictures", None, *PAGE)
@lang_option
def pay(
    folder: Path | str, name: str, rep: str | None, start: str | None, sets: tuple[str, ...], out: Path | None
) -> None:
    from kpisim.kpi.paying import compared_lines, statement, statement_lines
    from kpisim.tables.io import read

    if rep is None and start is not None:
        raise UserError(
            "--start {value}: the period of one rep's statement, and none is named; add --rep", value=start
        )
    if rep is not None and sets:
        raise UserError(
            "-p {value}: another plan is compared for everybody; leave --rep out, or -p", value=sets[0]
        )
    scenario, tables = scenario_of(name, {}), read(folder)
    values = parse_sets(sets)
    other = scenario_of(name, values).incentive if values else None
    strange = next((path for path in values if path.partition(".")[0] != "incentive"), None)
    if strange is not None:
        raise UserError("-p {value}: not part of the pay plan; give a path under incentive", value=strange)
    if out is not None:
        from kpisim.report.pay import plan_parts, statement_parts
        from kpisim.report.shell import save_page

        currency = tables.meta.currency
        if rep is not None:
            parts = statement_parts(
                statement(tables, scenario.incentive, rep, start), scenario.incentive, currency
            )
        else:
            parts = plan_parts(tables, scenario.incentive, other, currency)
        click.echo(str(save_page(out, t("Pay statement") if rep is not None else t("Pay plan"), parts)))
        return
    if rep is not None:
        for line in statement_lines(statement(tables, scenario.incentive, rep, start)):
            click.echo(line)
        return
    for line in compared_lines(tables, scenario.incentive, other):
        click.echo(line)


@cli.command()
@click.argument("goal", cls=Argument, help="a goal in words, or a YAML or JSON file with a list of goals")
@click.option("--today", metavar="DATE", help="day that deadlines are compared with; by default today")
@click.option("--scenario", "name", metavar="NAME", help="scenario whose runs say what can be reached")
@runs("independent runs of each scenario")
@played
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

    if not goal.strip():
        raise UserError("no goal is given; write it in words, or name a file with a list of goals")
    day = datetime.now().astimezone().date() if today is None else as_date(today, "--today")
    listed = goal.lower().endswith((".yaml", ".yml", ".json"))
    asked = read_goals(goal) if listed else [Goal(goal)]
    result = None
    if name is not None:
        from kpisim.experiment import run as play

        result = play(scenario_of(name, parse_sets(sets)), replications, seed, workers=workers)
    # A tree that cannot be one is told before anything is printed.
    tree = goal_lines(goal_tree(asked)) if any(one.id for one in asked) else []
    for one in asked:
        played = () if result is None or not one.kpi else tuple(result.values(one.kpi).dropna())
        for line in smart_lines(check(one, day, simulated=played)):
            click.echo(line)
        click.echo()
    for line in tree:
        click.echo(line)


@cli.command()
@click.argument("target", cls=Argument, type=Amount(), help="target of the year, e.g. 12000000")
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
@grain("quarter", "month", "week", default="quarter", help="length of the periods")
@click.option(
    "--scenario",
    "name",
    default="default",
    show_default=True,
    metavar="NAME",
    help="season and calendar are taken from it",
)
@one_file("CSV file for all parts", None, ".csv")
@lang_option
def cascade(
    target: float, kpi: str, year: int | None, teams: tuple[str, ...], by: str, name: str, out: Path | None
) -> None:
    from kpisim.kpi.goals import break_down, cascade_lines
    from kpisim.kpi.goals.cascade import LEVEL_NAMES

    scenario = scenario_of(name, {})
    people: dict[str, dict[str, float]] = {}
    for word in teams:
        team, equals, reps = word.partition("=")
        members = [rep.strip() for rep in reps.replace("，", ",").split(",") if rep.strip()]
        if not equals or not team.strip() or not members:
            raise UserError(
                "--team {word}: not of the form NAME=REP,REP; write the team and its reps, e.g. --team East=Ann,Bob",
                word=word,
            )
        if team.strip() in people or len(set(members)) < len(members):
            raise UserError(
                "--team {word}: a team or a rep in it is named twice; name each once, or the target is split over fewer",
                word=word,
            )
        people[team.strip()] = dict.fromkeys(members, 1.0)
    if not people:
        people = {str(LEVEL_NAMES["team"]): {f"R{place:03d}": 1.0 for place in range(scenario.team.size)}}
    made = break_down(
        kpi,
        target,
        people,
        year or scenario.calendar.start.year,
        season=scenario.market.season,
        calendar=scenario.calendar,
        company=str(LEVEL_NAMES["company"]),
    )
    for line in cascade_lines(made, by):  # type: ignore[arg-type]
        click.echo(line)
    if out is not None:
        with writing_file(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            made.frame().to_csv(out, index=False, encoding="utf-8-sig")
        click.echo(str(out))


@cli.command()
@read_tables
@click.argument("name", cls=Argument, default="default", help="the scenario that the tries are played on")
@scorecard_file
@runs("runs of each side", 20)
@played
def advise(
    folder: Path | str,
    name: str,
    mapping: str | None,
    scorecard: Path | None,
    replications: int,
    sets: tuple[str, ...],
    seed: int,
    workers: int | None,
) -> None:
    scenario = scenario_of(name, parse_sets(sets))
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
        click.echo(
            t(
                "Lights of the board from {first} to {last}; targets of other lengths: kpisim track.",
                first=shown.period.start,
                last=shown.period.end - timedelta(days=1),
            )
        )
        for line in advice_lines(advise(shown, scenario, replications, seed, workers=workers)):
            click.echo(line)
