"""Commands that look ahead and follow up: forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kpisim.cli.group import cli
from kpisim.cli.options import lang_option, read_tables
from kpisim.cli.usage import OneOf
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.crm.discover import Source
    from kpisim.kpi.window import Cut

SELDOM = 10
"""A KPI that counted something on fewer open days than this is forecast only where it is asked for."""
day_option = click.option(
    "--on", metavar="DATE", help="as known at the end of this day; by default the last day of the records"
)


@cli.command()
@read_tables
@click.option(
    "--kpi",
    "names",
    multiple=True,
    metavar="NAME",
    help="an amount or a count, or table.column for a number of rows; may be given several times",
)
@click.option(
    "--by",
    type=OneOf(("week", "month", "quarter", "year")),
    default="month",
    show_default=True,
    help="length of the periods",
)
@day_option
@click.option(
    "--backtest",
    is_flag=True,
    help="score every method on the last 40 % of the days, which no method was chosen on",
)
@lang_option
def forecast(
    folder: str, mapping: str | None, names: tuple[str, ...], by: Cut, on: str | None, *, backtest: bool
) -> None:
    from kpisim.crm.discover import discover
    from kpisim.kpi.tracking.forecast import countable

    for place, source in enumerate(discover(folder, mapping)):
        if place:
            click.echo()
        click.echo(source.title)
        if source.synthetic:
            click.echo(t("Synthetic data: it shows the layout and says nothing about real sales."))
        wanted = list(names) or countable(source.tables) or _dated(source)
        for line in (
            _scores(source, wanted, asked=bool(names))
            if backtest
            else _forecasts(source, wanted, by, on, asked=bool(names))
        ):
            click.echo(line)


def _dated(source: Source) -> list[str]:
    """Return the tables that have rows, by the date on which a row begins, where no KPI adds up."""
    from kpisim.tables.io import EVENTS

    return [f"{table}.{columns[0]}" for table, columns in EVENTS.items() if source.tables.has(table)]


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
    from kpisim.kpi.tracking.forecast import forecast, forecast_lines, last_day, open_days
    from kpisim.kpi.tracking.forecast.period import period_of
    from kpisim.kpi.window import as_date

    day = last_day(source.tables) if on is None else as_date(on, "--on")
    known = as_of(source.tables, day)
    made = []
    for name in names:
        try:
            series = open_days(known, name, day)
        except UserError:
            if asked:
                raise
            continue
        if not asked and (series.amounts != 0).sum() < SELDOM:
            continue
        period = period_of(known, by, day)
        made.append(forecast(known, name, period.start, period.end, day, series=series))
    return forecast_lines(made)
