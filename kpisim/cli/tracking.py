"""Commands that look ahead and follow up: forecast, track, gap, review, load, pulse."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kpisim.cli.group import cli
from kpisim.cli.options import (
    day_option,
    grain,
    kpi_names,
    lang_option,
    notes_file,
    one_folder,
    page_file,
    read_tables,
    runs,
    scenario_of,
    scorecard_file,
    targets_file,
    yaml_file,
)
from kpisim.cli.usage import Amount
from kpisim.text import UserError, did_you_mean, t

if TYPE_CHECKING:
    from kpisim.crm.discover import Source
    from kpisim.kpi.window import Cut, Window
    from kpisim.scenario import Scenario
    from kpisim.tables import Tables


@cli.command()
@read_tables
@kpi_names("an amount or a count, or table.column for a number of rows; may be given several times")
@grain("week", "month", "quarter", "year", default="month", help="length of the periods")
@day_option
@click.option(
    "--backtest",
    is_flag=True,
    help="score every method on the last 40% of the days, which no method was chosen on",
)
@lang_option
def forecast(
    folder: str, mapping: str | None, names: tuple[str, ...], by: Cut, on: str | None, *, backtest: bool
) -> None:
    from kpisim.crm.discover import discover
    from kpisim.kpi.tracking.forecast import countable, forecast_lines

    for place, source in enumerate(discover(folder, mapping)):
        if place:
            click.echo()
        wanted = list(names) or countable(source.tables) or _dated(source)
        if not wanted:
            lines = forecast_lines([])
        elif backtest:
            lines = _scores(source, wanted, asked=bool(names))
        else:
            lines = _forecasts(source, wanted, by, on, asked=bool(names))
        click.echo(source.title)
        if source.synthetic:
            click.echo(t("Synthetic data: it shows the layout and says nothing about real sales."))
        for line in lines:
            click.echo(line)


def _dated(source: Source) -> list[str]:
    """Return the tables that have rows, by the date on which a row begins, where no KPI adds up."""
    from kpisim.tables.io import EVENTS

    return [f"{table}.{columns[0]}" for table, columns in EVENTS.items() if len(source.tables[table])]


def _scores(source: Source, names: list[str], *, asked: bool) -> list[str]:
    from kpisim.kpi.tracking.forecast import PERIOD, open_days, score, score_lines

    lines = []
    for name in names:
        try:
            series = open_days(source.tables, name)
        except UserError:
            if asked:
                raise
            continue
        lines += [*score_lines(series, score(series), PERIOD), ""]
    return [
        *lines,
        t(
            "Periods of {days} open days, forecast when 5, 10 and 15 of them are over; * marks the smallest error.",
            days=PERIOD,
        ),
    ]


def _forecasts(source: Source, names: list[str], by: Cut, on: str | None, *, asked: bool) -> list[str]:
    from kpisim.crm.replay import as_of
    from kpisim.kpi.tracking.forecast import forecast, forecast_lines, newest_row, open_days
    from kpisim.kpi.tracking.forecast.period import SELDOM, period_of
    from kpisim.kpi.tracking.forecast.words import title_of
    from kpisim.kpi.window import as_date

    # An export that has stopped taking in new cases still closes old ones for a while.
    day = max(newest_row(source.tables, name) for name in names) if on is None else as_date(on, "--on")
    known = as_of(source.tables, day)
    period = period_of(known, by, day)
    found, stopped = [], []
    for name in names:
        newest = newest_row(source.tables, name)
        if on is None and newest < period_of(known, by, period.start - timedelta(days=1)).start:
            # An old order is paid long after the last new one was written down.
            stopped.append(
                t(
                    "{kpi}: nothing recorded after {day}, so no forecast; give --on {day} for one as of then",
                    kpi=title_of(name),
                    day=newest,
                )
            )
            continue
        try:
            series = open_days(known, name, day)
        except UserError:
            if asked:
                raise
            continue
        # What is counted seldom is forecast only where it is asked for.
        if asked or (series.amounts != 0).sum() >= SELDOM:
            found.append(series)
    if not any(series.ahead(day + timedelta(days=1), period.end) for series in found):
        # A period without an open day left needs no forecast.
        period = period_of(known, by, period.end)
    made = [forecast(known, one.name, period.start, period.end, day, series=one) for one in found]
    return [*forecast_lines(made), *stopped]


@cli.command()
@read_tables
@targets_file
@notes_file
@day_option
@click.option("--rep", metavar="ID", help="only the targets of this rep in the target table")
@page_file
@lang_option
def track(
    folder: str,
    mapping: str | None,
    targets: Path | None,
    notes: Path | None,
    on: str | None,
    rep: str | None,
    out: Path | None,
) -> None:
    from kpisim.crm.discover import discover_one
    from kpisim.crm.follow import tracked_on
    from kpisim.kpi.tracking.words import track_lines

    source = discover_one(folder, mapping)
    tracked = tracked_on(source.tables, on, targets, notes, rep)
    click.echo(source.title)
    for line in track_lines(tracked):
        click.echo(line)
    if out is not None:
        from kpisim.report.track import save_track

        click.echo(
            str(
                save_track(
                    tracked, out, t("Tracking: {title}", title=source.name), source.tables.meta.currency
                )
            )
        )


@cli.command()
@read_tables
@targets_file
@day_option
@click.option(
    "--target",
    type=Amount(),
    metavar="AMOUNT",
    help="bookings wanted in the last whole period: the gap is split against them and not against the period before",
)
@click.option(
    "--options",
    "scenario",
    metavar="NAME",
    help="play what may be tried on this scenario and list its effects",
)
@runs("runs of each side", 20)
@lang_option
def gap(
    folder: str,
    mapping: str | None,
    targets: Path | None,
    on: str | None,
    target: float | None,
    scenario: str | None,
    replications: int,
) -> None:
    from kpisim.crm.discover import discover
    from kpisim.kpi.tracking import gap_lines, split_gap, split_target

    if target is not None and not 0 < target < float("inf"):
        raise UserError(
            "--target {value}: bookings wanted are above 0; give such an amount", value=f"{target:g}"
        )
    chosen = None if scenario is None else scenario_of(scenario, {})
    for source in discover(folder, mapping):
        asked = _wanted(source, targets, on, target)
        click.echo(source.title)
        if asked is None:
            click.echo(t("No orders of two whole periods, so no gap to split."))
            continue
        known, before, now, wanted = asked
        click.echo(
            t(
                "{first} to {last} against {before} to {until}",
                first=now.start,
                last=now.end - timedelta(days=1),
                before=before.start,
                until=before.end - timedelta(days=1),
            )
        )
        drivers = (
            split_gap(known, before, now) if wanted is None else split_target(known, before, now, wanted)
        )
        for line in gap_lines(drivers, planned=wanted is not None):
            click.echo(line)
        if wanted is not None:
            click.echo(
                t(
                    "Plan: conversion and order sizes as from {first} to {last}; as many leads, repeat orders and returns as the target of {target} needs.",
                    first=before.start,
                    last=before.end - timedelta(days=1),
                    target=f"{wanted:,.2f}",
                )
            )
        if chosen is not None:
            for line in _options(known, now, wanted, chosen, replications):
                click.echo(line)


def _wanted(
    source: Source, targets: Path | None, on: str | None, target: float | None
) -> tuple[Tables, Window, Window, float | None] | None:
    """Return the tables as known, the period before, the period asked about, and what was wanted in it (None: as before)."""
    from kpisim.crm.follow import aims_on
    from kpisim.crm.replay import as_of
    from kpisim.kpi.board import calendar_before, periods
    from kpisim.kpi.tracking.aims import time_share
    from kpisim.kpi.tracking.forecast import last_day
    from kpisim.kpi.window import LATE, Window, as_date

    tables = source.tables
    if not tables.has("orders"):
        return None
    if targets is None and on is None:
        period, before = periods(tables)
        return None if before is None else (tables, before, period, target)
    day = last_day(tables) if on is None else as_date(on, "--on")
    known = as_of(tables, day)
    aims = [aim for aim in aims_on(known, day, targets) if aim.kpi == "revenue_booked" and aim.reps is None]
    if not aims:
        raise UserError(
            "no target on revenue_booked for the whole team is in force on {day}; add one or give --target",
            day=day,
        )
    aim = aims[0]
    now = Window(aim.start, min(day + timedelta(days=1), aim.end), known.meta.end)
    whole = Window(aim.start, aim.end, known.meta.end)
    # The quarter before has other days than this one: 91 days before April begin in December.
    earlier = calendar_before(whole, known.meta.fiscal_year_start) or aim.start - (aim.end - aim.start)
    if (known.meta.start - earlier).days > LATE:
        return None
    before = Window(max(earlier, known.meta.start), aim.start, known.meta.end)
    return known, before, now, (aim.target if target is None else target) * time_share(known, aim, day)


def _options(
    tables: Tables, now: Window, wanted: float | None, scenario: Scenario, replications: int
) -> list[str]:
    """Return what may be tried for bookings, with its effect played on a scenario."""
    from kpisim.experiment.advice import advice_lines, advise
    from kpisim.kpi.board import board
    from kpisim.kpi.measures import measure_values
    from kpisim.kpi.scorecard import Line, Scorecard

    value = measure_values(tables, ["revenue_booked"], now.start, now.end)["revenue_booked"].value or 0.0
    target = wanted if wanted is not None else value
    if target <= 0:
        return [t("Nothing is red or amber that these rules have a try for.")]
    card = Scorecard(lines=(Line(kpi="revenue_booked", target=target),))
    shown = board(tables, card, now.start, now.end, ["revenue_booked"])
    return [
        *advice_lines(advise(shown, scenario, replications)),
        t(
            "The gap is one of {gap} days, an effect in the model one of {days}.",
            gap=(now.end - now.start).days,
            days=7 * scenario.calendar.weeks,
        ),
    ]


@cli.command()
@read_tables
@click.option(
    "--quarter", metavar="QUARTER", help="the quarter, e.g. 2027Q2; by default the latest whole one"
)
@one_folder("folder for the review and the one-to-one sheets", Path("reports/review"))
@targets_file
@notes_file
@yaml_file("decisions", "earlier decisions in YAML: what, who, set_on, kpi, rule, start, end")
@lang_option
def review(
    folder: str,
    mapping: str | None,
    quarter: str | None,
    out: Path,
    targets: Path | None,
    notes: Path | None,
    decisions: Path | None,
) -> None:
    from kpisim.crm.discover import discover_one
    from kpisim.report.review_pack import review_pack

    source = discover_one(folder, mapping)
    files = review_pack(source, quarter, out, targets=targets, notes=notes, decisions=decisions)
    click.echo(str(files[0]))
    if files[1:]:
        click.echo(
            t("{count} one-to-one sheets in {folder}", count=len(files) - 1, folder=str(files[1].parent))
        )


@cli.command()
@read_tables
@scorecard_file
@day_option
@yaml_file("map", "which KPIs a kind of task serves, in YAML", to="mapped")
@click.option("--rep", metavar="ID", help="the open tasks of this rep; by default of everybody")
@page_file
@lang_option
def load(
    folder: str,
    mapping: str | None,
    scorecard: Path | None,
    on: str | None,
    mapped: Path | None,
    rep: str | None,
    out: Path | None,
) -> None:
    from kpisim.crm.discover import discover_one
    from kpisim.crm.replay import as_of
    from kpisim.kpi.scorecard import read_scorecard, scorecard_of
    from kpisim.kpi.tracking.forecast import last_day
    from kpisim.kpi.window import as_date
    from kpisim.kpi.work.hours import hours_by_kind
    from kpisim.kpi.work.hours import load as loads
    from kpisim.kpi.work.priority import ranked
    from kpisim.kpi.work.serves import FILE, read_serves, weights_of
    from kpisim.kpi.work.words import load_lines, map_lines, rank_lines

    source = discover_one(folder, mapping)
    day = last_day(source.tables) if on is None else as_date(on, "--on")
    known = as_of(source.tables, day)
    serves = read_serves(mapped or FILE)
    people, weeks = loads(known, serves, day)
    if rep is not None and rep not in {one.rep for one in people}:
        raise UserError(
            "{name}: no such rep; {remedy}", name=rep, remedy=did_you_mean(rep, [one.rep for one in people])
        )
    card = (
        scorecard_of(known, weeks[0].start, weeks[-1].end) if scorecard is None else read_scorecard(scorecard)
    )
    weights = weights_of(card, serves)
    hours = hours_by_kind(known, serves, weeks)
    tasks = ranked(known, serves, weights, day, rep)
    click.echo(source.title)
    for block in (load_lines(people, weeks), map_lines(hours, serves, weights), rank_lines(tasks, serves)):
        for line in block:
            click.echo(line)
        click.echo()
    if out is not None:
        from kpisim.report.load import load_parts
        from kpisim.report.shell import save_page

        parts = load_parts(people, weeks, hours, serves, weights, tasks)
        click.echo(str(save_page(out, t("Load: {title}", title=source.name), parts)))


@cli.command()
@read_tables
@click.option("--question", metavar="NAME", help="only this question, e.g. pulse or culture")
@yaml_file("loop", "feedback loop in YAML: question, theme, action, owner, set_on, measure_on")
@day_option
@page_file
@lang_option
def pulse(
    folder: str,
    mapping: str | None,
    question: str | None,
    loop: Path | None,
    on: str | None,
    out: Path | None,
) -> None:
    from kpisim.crm.answers import is_answers, read_answers
    from kpisim.crm.discover import discover_one
    from kpisim.kpi.pulse import answers_of, keep, loop_lines, pulse_lines, read_loop, waves
    from kpisim.kpi.tracking.forecast import last_day
    from kpisim.kpi.window import as_date

    if is_answers(folder):
        title, answers = Path(folder).name, read_answers(folder)
        newest = answers["answered"].max()
        last = newest.date() if newest == newest else None  # noqa: PLR0124  (no answer: NaT is not itself)
    else:
        source = discover_one(folder, mapping)
        title, answers, last = source.title, source.tables["surveys"], last_day(source.tables)
    day = last if on is None else as_date(on, "--on")
    found = waves(answers_of(answers, question), day)
    # What was promised may be about any question.
    kept = [] if loop is None or day is None else keep(read_loop(loop), waves(answers_of(answers), day), day)
    click.echo(title)
    for line in pulse_lines(found):
        click.echo(line)
    if kept:
        click.echo()
        for line in loop_lines(kept):
            click.echo(line)
    if out is not None:
        from kpisim.report.load import pulse_parts
        from kpisim.report.shell import save_page

        click.echo(str(save_page(out, t("Pulse: {title}", title=title), pulse_parts(found, kept))))
