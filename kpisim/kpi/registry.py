"""The registry: every KPI by name, with what it means, how it is worked out and what it needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import inf
from typing import TYPE_CHECKING, Literal

from kpisim.text import Text, UserError, choose
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.kpi.facts import Facts, Found
    from kpisim.kpi.window import Window

    Finder = Callable[[Facts, Window], Found]

Unit = Literal["share", "money", "count", "days", "money/h", "points"]
Direction = Literal["higher", "lower", "band"]
Perspective = Literal["financial", "customer", "process", "learning"]
People = Literal["no", "answers", "reps"]
Kind = Literal["rate", "mean", "ratio", "sum", "count"]

PERSPECTIVES: dict[Perspective, Text] = {
    "financial": Text("financial", "财务"),
    "customer": Text("customer", "客户"),
    "process": Text("internal process", "内部流程"),
    "learning": Text("learning and growth", "学习与成长"),
}


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI.

    Attributes
    ----------
    name, en, zh
        Name in code, in English, in Chinese.
    formula_en, formula_zh
        The formula in words.
    unit
        Unit of the value.
    direction
        Whether higher or lower is better, or the middle of a band.
    perspective
        Perspective of the balanced scorecard.
    cohort
        Which rows count, a key of :data:`kpisim.kpi.value.COHORTS`.
    needs
        Tables, or ``table.column`` that must hold something.
    kind
        ``rate``: cases ÷ cases, Wilson interval; ``mean``: sum ÷ cases, t interval; ``ratio``: amount ÷
        amount; ``sum``; ``count``.
    people
        Of whom it tells something personal: hidden for fewer than five answers or reps.
    find
        The function on tables.
    """

    name: str
    en: str
    zh: str
    formula_en: str
    formula_zh: str
    unit: Unit
    direction: Direction
    perspective: Perspective
    cohort: str
    needs: tuple[str, ...]
    kind: Kind
    find: Finder
    people: People = "no"

    @property
    def title(self) -> Text:
        """Name in the reader's language."""
        return Text(self.en, self.zh)

    @property
    def limits(self) -> tuple[float, float]:
        """Smallest and largest value there can be, for intervals that know nothing of them."""
        if self.kind == "rate":
            return 0.0, 1.0
        return (0.0 if self.kind == "count" or self.unit == "days" else -inf), inf

    @property
    def formula(self) -> Text:
        """Formula in the reader's language."""
        return Text(self.formula_en, self.formula_zh)


_ALL: dict[str, Kpi] = {}


def register(  # noqa: PLR0913  (a declaration says all of it by name)
    *,
    name: str,
    en: str,
    zh: str,
    formula_en: str,
    formula_zh: str,
    unit: Unit,
    direction: Direction,
    perspective: Perspective,
    cohort: str,
    needs: tuple[str, ...],
    kind: Kind,
    people: People = "no",
) -> Callable[[Finder], Finder]:
    """Declare the KPI that the decorated function works out; see :class:`Kpi` for the parameters."""

    def keep(find: Finder) -> Finder:
        if name in _ALL:
            message = f"KPI {name} is declared twice"
            raise ValueError(message)
        _ALL[name] = Kpi(
            name,
            en,
            zh,
            formula_en,
            formula_zh,
            unit,
            direction,
            perspective,
            cohort,
            needs,
            kind,
            find,
            people,
        )
        return find

    return keep


def declare(kpi: Kpi) -> Kpi:
    """Add a KPI that is declared in a file."""
    if kpi.name in _ALL:
        message = f"KPI {kpi.name} is declared twice"
        raise ValueError(message)
    _ALL[kpi.name] = kpi
    return kpi


def kpis() -> dict[str, Kpi]:
    """Return all KPIs by name, in the order they are shown."""
    _declare_all()
    return _ALL


@cache
def _declare_all() -> None:
    """Import every file that declares KPIs, once; one of them may have been imported alone before."""
    from kpisim.kpi import (  # noqa: PLC0415
        customers,
        finance,
        funnel,
        pay,
        process,
        revenue,
        staff,
    )
    from kpisim.kpi.library.cards import declare_library  # noqa: PLC0415

    homes = [module.__name__ for module in (revenue, funnel, customers, process, pay, finance, staff)]
    order = sorted(_ALL.values(), key=lambda one: homes.index(one.find.__module__))
    _ALL.clear()
    _ALL.update({one.name: one for one in order})
    declare_library()


def kpi(name: str) -> Kpi:
    """Return the KPI called `name`.

    Raises
    ------
    UserError
        No KPI of that name; the nearest is named.
    """
    return choose("{name}: no such KPI; {remedy}", name, kpis())


MOST_SHARE = 5.0
"""From here on a target for a share was meant in per cent: nothing of a sales team is wanted five times over."""


def kpi_with(name: str, target: float, where: Callable[[str], object]) -> Kpi:
    """Return the KPI that a file names, if its target can be reached.

    Parameters
    ----------
    name, target
        The KPI, and what is wanted of it.
    where
        Place in the file of ``"kpi"`` and of ``"target"``, for the message.

    Raises
    ------
    UserError
        No KPI of that name, or a rate that is to be above 1: whoever writes 80 for 80 % would be told that 1 % is reached.
        The same for a share that may pass 1 (collection, load) from `MOST_SHARE` on, and for an amount of money below 1,
        which was meant as a share of something or in millions.
    """
    try:
        declared = kpi(name)
    except UserError as problem:
        raise UserError("{path}: {problem}", path=where("kpi"), problem=problem) from None
    if declared.kind == "rate" and not 0 <= target <= 1:
        raise UserError(
            "{path}: {kpi} is a share of cases, and {value} is not from 0 to 1; write 0.8 for 80%",
            path=where("target"),
            kpi=name,
            value=f"{target:g}",
        )
    if declared.unit == "share" and abs(target) >= MOST_SHARE:
        raise UserError(
            "{path}: {value} for {kpi} means {share}; write 0.8 for 80%",
            path=where("target"),
            kpi=name,
            value=f"{target:g}",
            share=percent(target, 0),
        )
    if declared.unit == "money" and 0 < target < 1:
        raise UserError(
            "{path}: {value} for {kpi} is less than 1 in money; write the whole amount, e.g. 800000",
            path=where("target"),
            kpi=name,
            value=f"{target:g}",
        )
    return declared


__all__ = [
    "PERSPECTIVES",
    "Direction",
    "Kind",
    "Kpi",
    "People",
    "Perspective",
    "Unit",
    "declare",
    "kpi",
    "kpi_with",
    "kpis",
    "register",
]
