"""What happened on a day, in words: only what the tables say, the most telling first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.show.numbers import money
from kpisim.text import Text

if TYPE_CHECKING:
    from kpisim.show.film.days import Day, Film
    from kpisim.tables import Tables

MOST = 3
"""Events a day; a room reads no more."""
LARGE = 0.95
"""Share of orders that a large one exceeds."""


class Money:
    """An amount whose wording is chosen when it is shown."""

    def __init__(self, value: float, currency: str) -> None:
        self.value, self.currency = value, currency

    def __str__(self) -> str:
        return money(self.value, self.currency)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def tell(film: Film, tables: Tables) -> None:
    """Add to every day of the film what happened on it."""
    for place, day in enumerate(film.days):
        found = [
            *_people(tables, day),
            *_plan(film, place),
            *_orders(film, tables, day),
            *_complaints(film, tables, place),
            *_backlog(film, place),
            *_week(film, place),
        ]
        day.events.extend(found[:MOST])


def rep_name(code: str, reps: tuple[str, ...]) -> Text:
    """Return a rep as a room calls them: a number, no code."""
    return Text("rep {number}", None, number=reps.index(code) + 1 if code in reps else code)


def _on(frame: Any, column: str, day: Day) -> Any:
    return frame[frame[column].dt.date == day.day] if len(frame) else frame


def _people(tables: Tables, day: Day) -> list[Text]:
    left, hired = len(_on(tables["reps"], "left", day)), len(_on(tables["reps"], "hired", day))
    trained = _on(tables["trainings"], "held", day)["rep_id"].nunique()
    lost = len(_on(tables["accounts"], "left", day))
    made = []
    if left:
        made.append(Text("Left the team: {count}; colleagues take over the desks.", None, count=left))
    if hired and day.day > tables.meta.start:
        made.append(Text("New in the team: {count}.", None, count=hired))
    if trained:
        made.append(Text("Training for {count}.", None, count=trained))
    if lost:
        made.append(Text("Customers lost: {count}.", None, count=lost))
    return made


def _plan(film: Film, place: int) -> list[Text]:
    if not place:
        return []
    before, now = film.days[place - 1], film.days[place]
    if before.plan is None or now.plan is None:
        return []
    was, ahead = before.booked >= before.plan, now.booked >= now.plan
    if was == ahead:
        return []
    return [Text("Bookings pass the plan.") if ahead else Text("Bookings fall behind the plan.")]


def _orders(film: Film, tables: Tables, day: Day) -> list[Text]:
    orders = tables["orders"]
    today = _on(orders, "booked", day)
    if today.empty:
        return []
    best = today.loc[today["value"].idxmax()]
    if float(best["value"]) < float(orders["value"].quantile(LARGE)):
        return []
    name = rep_name(str(best["rep_id"]), film.reps)
    return [
        Text(
            "A large order: {name} signs {value}.",
            None,
            name=name,
            value=Money(float(best["value"]), film.currency),
        )
    ]


def _complaints(film: Film, tables: Tables, place: int) -> list[Text]:
    day = film.days[place]
    made = []
    came = len(_on(tables["complaints"], "opened", day))
    if came:
        made.append(Text("New complaints: {count}.", None, count=came))
    if day.late and (not place or day.late > film.days[place - 1].late):
        made.append(
            Text("Complaints that have waited for more than two days: {count}.", None, count=day.late)
        )
    return made


def _backlog(film: Film, place: int) -> list[Text]:
    now = sum(film.days[place].backlog)
    earlier = [sum(day.backlog) for day in film.days[:place]]
    # Only a clear record is news, and never in the first week, in which every day is one.
    if len(earlier) < 5 or now < 5 or now <= 1.2 * max(earlier):
        return []
    return [Text("The backlog is higher than ever: {count} tasks wait.", None, count=now)]


def _week(film: Film, place: int) -> list[Text]:
    day = film.days[place]
    last = (
        place + 1 == len(film.days) or film.days[place + 1].day.isocalendar()[1] != day.day.isocalendar()[1]
    )
    if not last:
        return []
    week = [one for one in film.days[: place + 1] if one.day.isocalendar()[:2] == day.day.isocalendar()[:2]]
    number = len({one.day.isocalendar()[:2] for one in film.days[: place + 1]})
    return [
        Text(
            "Week {number}: {leads} leads, {orders} orders.",
            None,
            number=number,
            leads=sum(one.leads for one in week),
            orders=sum(one.orders for one in week),
        )
    ]


__all__ = ["LARGE", "MOST", "rep_name", "tell"]
