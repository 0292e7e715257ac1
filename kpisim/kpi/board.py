"""The Monday-morning board: every KPI that has data, now and before, with its target and light where there is one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from kpisim.kpi.facts import NEVER, Facts
from kpisim.kpi.library import card
from kpisim.kpi.measures import measure_values, period_end
from kpisim.kpi.registry import PERSPECTIVES, kpi, kpis
from kpisim.kpi.scorecard import Scorecard, Scored, score_values, scorecard_of, warnings
from kpisim.kpi.shown import light, show, show_change
from kpisim.kpi.value import REASONS
from kpisim.kpi.window import Window, cut, window
from kpisim.text import Text, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kpisim.kpi.registry import Perspective
    from kpisim.kpi.scorecard import LineScore
    from kpisim.kpi.value import Value
    from kpisim.kpi.window import Cut
    from kpisim.tables import Tables

Trend = Literal["better", "worse", "same", "early", "unknown"]
ARROWS: dict[tuple[Trend, bool], str] = {
    ("better", True): "↑", ("worse", True): "↑", ("better", False): "↓", ("worse", False): "↓",
}  # fmt: skip
TRENDS: dict[Trend, Text] = {
    "better": Text("better", "转好"),
    "worse": Text("worse", "转差"),
    "same": Text("in the noise", "看不出变化"),
    "early": Text("too early, many still open", "为时尚早，多数未关闭"),
    "unknown": Text("", ""),
}
_TWO_SIDED = 1.96
FEWEST = 5
"""Cases below which a rate or mean that moved says nothing."""
_HOLIDAYS = 4
"""Days by which the records may begin after the period that is compared with."""
_STOPPED = 31
"""Days without a new record after which an export counts as no longer filled."""
_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One KPI on the board.

    Attributes
    ----------
    kpi, perspective
        Name and perspective.
    now, before
        Values of the period and of the one before; `before` is None where the data do not reach back.
    trend
        Better, worse, or in the noise: where both have intervals, they must not contain each other's value and both must
        rest on five cases; counts must differ by more than two Poisson counts of one mean do.  Sums and ratios of amounts
        have no interval: their arrow says what moved, not that it means something.  Too early: what is still open could
        turn the change round.
    scored
        The line of the scorecard; None for a KPI without a target.
    stale
        Whether the newest record is older than the KPI's frequency.
    """

    kpi: str
    perspective: Perspective
    now: Value
    before: Value | None
    trend: Trend
    scored: LineScore | None
    stale: bool

    @property
    def change(self) -> float | None:
        """Difference to the period before, in the KPI's unit."""
        if self.before is None or self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


@dataclass(frozen=True, slots=True)
class Board:
    """All KPIs of a period.

    Attributes
    ----------
    period, before
        The period and the one it is compared with.
    rows
        In the order of the perspectives.
    scored
        The scored scorecard; None without targets.
    advice
        What is lopsided about the scorecard.
    silent
        KPIs that the tables have no data for.
    stopped
        Day after which no new opportunity, order or request was recorded, where the records go on for a month; else None.
    """

    period: Window
    before: Window | None
    rows: tuple[BoardRow, ...]
    scored: Scored | None
    advice: tuple[Text, ...]
    silent: tuple[str, ...]
    stopped: date | None = None


def board(
    tables: Tables,
    scorecard: Scorecard | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
    names: Iterable[str] | None = None,
) -> Board:
    """Return the board of one period.

    Parameters
    ----------
    tables
        Tables of a run or of a firm.
    scorecard
        Targets and weights; by default those in the target table.
    start, end
        Period ``[start, end)``; by default the last whole quarter where there are two, else the last whole month, else
        all there is.
    names
        KPIs to show; by default all that have data, and those of the scorecard.

    Raises
    ------
    UserError
        Unknown KPI, or a period that is none.
    """
    period, before = periods(tables, start, end)
    wanted = list(kpis()) if names is None else [kpi(name).name for name in names]
    card_of = scorecard or scorecard_of(tables, period.start, period.end)
    lined = [line.kpi for line in card_of.lines] if card_of is not None else []
    wanted = list(dict.fromkeys([*wanted, *lined]))
    now = measure_values(tables, wanted, period.start, period.end)
    then = {} if before is None else measure_values(tables, wanted, before.start, before.end)
    facts = Facts(tables)
    old = {name for name in wanted if is_stale(facts, name, period)}
    scored = None if card_of is None else score_values(card_of, now, period.end - timedelta(days=1), old)
    lines = {} if scored is None else {line.kpi: line for line in scored.lines}
    rows = [
        BoardRow(
            name,
            kpi(name).perspective,
            value,
            then.get(name),
            _trend(facts, value, then.get(name)),
            lines.get(name),
            name in old,
        )
        for name, value in now.items()
        if value.reason != "no_data" or name in lines
    ]
    rank = list(PERSPECTIVES)
    rows.sort(key=lambda row: rank.index(row.perspective))
    shown = {row.kpi for row in rows}
    return Board(
        period,
        before,
        tuple(rows),
        scored,
        () if card_of is None else tuple(warnings(card_of)),
        tuple(name for name in wanted if name not in shown),
        stopped(tables),
    )


def periods(
    tables: Tables, start: date | str | None = None, end: date | str | None = None
) -> tuple[Window, Window | None]:
    """Return the period a board is about and the one before it (None where the data do not reach back).

    Parameters
    ----------
    tables
        Tables of a run or of a firm.
    start, end
        Period ``[start, end)``; see :func:`board`.

    Raises
    ------
    UserError
        A period that is none.
    """
    whole = window(tables.meta)
    if start is not None or end is not None:
        period = window(tables.meta, start, end)
        calendar = calendar_before(period, tables.meta.fiscal_year_start)
        earlier = calendar or period.start - (period.end - period.start)
        # Records that begin with the first orders of a year miss its holidays and nothing else.
        there = whole.start <= earlier + timedelta(days=_HOLIDAYS if calendar else 0)
        return period, Window(earlier, period.start, period.data_end) if there else None
    last = stopped(tables)
    if last is not None:
        # Old cases still close for a while; a period without new ones is no period of the business.
        whole = replace(whole, end=last + timedelta(days=1))
    steps: tuple[Cut, ...] = ("quarter", "month")
    for by in steps:
        pieces = [piece for _, piece in cut(whole, by, tables.meta.fiscal_year_start)]
        full = [piece for piece in pieces if _whole(piece, by)]
        if len(full) > 1 and full[-2].end == full[-1].start:
            return full[-1], full[-2]
    return whole, None


def calendar_before(period: Window, fiscal_year_start: int) -> date | None:
    """Return where the month before a month begins, or the quarter before a quarter, however many days each has."""
    around = Window(period.start - timedelta(days=800), period.end, period.data_end)
    steps: tuple[Cut, ...] = ("month", "quarter", "year")
    for by in steps:
        *_, before, last = (piece for _, piece in cut(around, by, fiscal_year_start))
        if (last.start, last.end) == (period.start, period.end):
            return before.start
    return None


def stopped(tables: Tables) -> date | None:
    """Return the day of the last new opportunity, order or request where the records go on for over a month, else None."""
    facts = Facts(tables)
    moments = [
        facts.time(table, column)
        for table, column in (("opportunities", "created"), ("orders", "booked"), ("requests", "submitted"))
        if facts.has(table)
    ]
    newest = max((int(one.max()) for one in moments if len(one)), default=NEVER)
    if newest == NEVER:
        return None
    after = period_end(newest)
    return (
        after - timedelta(days=1)
        if tables.meta.start < after < tables.meta.end - timedelta(days=_STOPPED)
        else None
    )


def _whole(piece: Window, by: Cut) -> bool:
    months = {"quarter": 3, "month": 1}[by]
    return (
        piece.start.day == 1 and piece.next().start.day == 1 and (piece.end - piece.start).days >= 28 * months
    )


def newest_record(facts: Facts, name: str, before: int) -> int:
    """Return when the newest row of the table behind a KPI was dated, earlier than `before`; `NEVER` where none is."""
    from kpisim.tables.io import EVENTS  # noqa: PLC0415

    table = next((need.partition(".")[0] for need in kpi(name).needs), "orders")
    newest = NEVER
    for column in EVENTS.get(table, ()) if facts.has(table) else ():
        moments = facts.time(table, column)
        moments = moments[(moments != NEVER) & (moments < before)]
        newest = max(newest, int(moments.max()) if len(moments) else NEVER)
    return newest


def is_stale(facts: Facts, name: str, period: Window) -> bool:
    """Whether the newest record of the table behind a KPI is older than its frequency at the period's end."""
    newest = newest_record(facts, name, period.hi)
    if newest == NEVER:
        return False
    return (period.end - period_end(newest)).days > _DAYS[card(name).frequency]


def trend(now: Value, before: Value | None) -> Trend:
    """Return whether a KPI got better, worse, or whether nobody can tell; see :class:`BoardRow`."""
    if before is None or now.value is None or before.value is None:
        return "unknown"
    declared = kpi(now.kpi)
    alike = show(now.value, declared.unit) == show(before.value, declared.unit)
    if declared.direction == "band" or alike or _in_the_noise(now, before, now.value, before.value):
        return "same"
    return "better" if (now.value > before.value) == (declared.direction == "higher") else "worse"


def _in_the_noise(now: Value, before: Value, one: float, other: float) -> bool:
    """Whether `one` now and `other` before may lie as far apart with nothing behind it."""
    declared = kpi(now.kpi)
    pairs = ((now, other), (before, one))
    if any(a.low is not None and a.high is not None and a.low <= b <= a.high for a, b in pairs):
        return True
    few = min(now.n, before.n) < FEWEST
    if declared.kind == "count":
        # Counts of things that come by chance (Poisson).
        noise = one + other
    elif declared.kind == "sum" and few and "pay" not in declared.needs:
        # A sum of n amounts that come by chance varies by S²/n at least (compound Poisson): one deal of 24 against one of 25
        # is no fall.
        noise = sum(value**2 / of.n for value, of in ((one, now), (other, before)) if of.n)
    else:
        return few and declared.kind in {"rate", "mean"}
    return (one - other) ** 2 <= _TWO_SIDED**2 * noise


def _trend(facts: Facts, now: Value, before: Value | None) -> Trend:
    """Return the trend; of a rate over cases created in the period only what their open ones cannot turn round."""
    found = trend(now, before)
    if kpi(now.kpi).cohort != "created" or found not in {"better", "worse"}:
        return found
    assert before is not None, "a trend compares two"
    lower, higher = sorted((now, before), key=lambda one: one.value or 0.0)
    if not lower.denominator or lower.numerator is None:
        return found
    window = Window(lower.start, lower.end, facts.tables.meta.end)
    waiting = facts.within("opportunities", "created", window) & facts.same("opportunities", "status", "open")
    best = (lower.numerator + float(waiting.sum())) / lower.denominator
    return "early" if best >= (higher.value or 0.0) else found


def board_lines(shown: Board) -> list[str]:
    """Return the board as aligned text in the reader's language."""
    heads = [
        t("KPI"),
        t("this period"),
        t("last period"),
        t("change"),
        "",
        t("target"),
        t("reached"),
        t("light"),
        t("weight"),
    ]
    rows: list[list[str]] = [heads]
    last: Perspective | None = None
    for row in shown.rows:
        if row.perspective != last:
            last = row.perspective
            rows.append([f"[{PERSPECTIVES[last]}]", *[""] * (len(heads) - 1)])
        rows.append(_cells(row))
    if shown.scored is None:
        rows = [cells[:5] for cells in rows]
    first = t("Board: {first} to {last}", first=shown.period.start, last=shown.period.end - timedelta(days=1))
    if shown.before is not None:
        first = t(
            "{line}, before: {first} to {last}",
            line=first,
            first=shown.before.start,
            last=shown.before.end - timedelta(days=1),
        )
    if shown.stopped is not None:
        first += "\n" + t(
            "No new record after {day}, so later periods are left out; old cases still close.",
            day=shown.stopped,
        )
    right = [False, True, True, True, False, True, True, False, True][: len(rows[0])]
    lines = [first, "", *align(rows, right)]
    if shown.scored is not None:
        lines += ["", *_totals(shown.scored)]
        lines += [
            t("Red needs a note: {name}", name=kpi(line.kpi).title)
            for line in shown.scored.lines
            if line.wants_note
        ]
    return [*lines, *(str(text) for text in shown.advice)]


def _cells(row: BoardRow) -> list[str]:
    declared = kpi(row.kpi)
    value, before, change = row.now.value, None if row.before is None else row.before.value, row.change
    line = row.scored
    arrow = "" if change is None else ARROWS.get((row.trend, change > 0), "→")
    lit = "" if line is None else light(line.light)
    if row.stale and (line is None or line.light != "stale"):
        lit = t("{light}, out of date", light=lit) if lit else light("stale")
    return [
        "  " + str(declared.title),
        "–" if value is None else show(value, declared.unit),
        "–" if before is None else show(before, declared.unit),
        "" if change is None else show_change(change, declared.unit),
        str(REASONS[row.now.reason]) if row.now.reason else f"{arrow} {TRENDS[row.trend]}".strip(),
        "" if line is None else show(line.target, declared.unit),
        "" if line is None or line.attained is None else show(line.attained, "share"),
        lit,
        "" if line is None else show(line.weight, "share"),
    ]


def money_share(scored: Scored) -> str:
    """Return in a sentence how much of the weight is financial."""
    money = sum(line.asked for line in scored.lines if line.perspective == "financial")
    return t(
        "Weight: financial {money}, not financial {other}",
        money=show(money, "share"),
        other=show(1 - money, "share"),
    )


def _totals(scored: Scored) -> list[str]:
    said = [
        t("{name} {points}", name=PERSPECTIVES[name], points="–" if points is None else f"{points:.1f}")
        for name, points in scored.perspectives.items()
    ]
    total = "–" if scored.total is None else f"{scored.total:.1f}"
    lines = [
        t("Score {total}, 100 = on target ({parts})", total=total, parts=t("; ").join(said)),
        money_share(scored),
    ]
    if scored.gated:
        names = t(", ").join(str(kpi(name).title) for name in scored.gated)
        lines.append(t("Held at 100 because a gate is red: {names}", names=names))
    return lines


__all__ = [
    "ARROWS",
    "TRENDS",
    "Board",
    "BoardRow",
    "Trend",
    "board",
    "board_lines",
    "calendar_before",
    "is_stale",
    "money_share",
    "newest_record",
    "periods",
    "stopped",
    "trend",
]
