"""Two scenarios on the same random streams: what changes, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.show.numbers import change, change_interval, is_number, rows_of
from kpisim.show.picture import Picture
from kpisim.show.team import nothing
from kpisim.show.theme import BLUE, GREY, INK, PALE_BLUE, PALE_GREY, Medium, new_figure, set_title, theme
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def differences(
    frame: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    currency: str = "CNY",
    labels: tuple[str, str] = ("A", "B"),
    medium: Medium = "screen",
) -> Picture:
    """Draw the difference B − A of every KPI with its interval, each row on its own scale around zero.

    Parameters
    ----------
    frame
        One row per KPI: ``kpi, unit, difference, low, high``.
    names, currency
        KPI -> name shown; printed with money.
    labels
        Names of A and B.
    medium
        Where the figure will be seen.
    """
    names = names or {}
    known = frame[
        [
            all(map(is_number, row))
            for row in zip(frame["difference"], frame["low"], frame["high"], strict=True)
        ]
    ]
    if known.empty:
        return nothing(t("No KPI can be compared"), medium)
    records = [
        dict(r, name=str(names.get(r["kpi"], r["kpi"])), clear=r["low"] > 0 or r["high"] < 0)
        for r in rows_of(known)
    ]
    title = _title(records, currency, labels)
    with theme(medium):
        figure, (axes,) = new_figure(1.3 + 0.25 * len(records))
        axes.axvline(0, color=INK, lw=1)
        for row, record in enumerate(records):
            scale = max(abs(record["low"]), abs(record["high"]))
            if scale == 0:
                axes.plot(0, row, "|", color=GREY, ms=10)
                continue
            low, mid, high = (record[key] / scale for key in ("low", "difference", "high"))
            axes.hlines(row, low, high, color=PALE_BLUE if record["clear"] else PALE_GREY, lw=6)
            # Filled or hollow says it again for readers who do not see the colours.
            colour = BLUE if record["clear"] else GREY
            axes.plot(
                mid,
                row,
                "D" if record["clear"] else "o",
                color=colour,
                mfc=colour if record["clear"] else "white",
                ms=6,
            )
        axes.set_yticks(range(len(records)), [r["name"] for r in records])
        axes.set_ylim(len(records) - 0.4, -0.6)
        axes.set_xlim(-1.08, 1.08)
        axes.set_xticks(
            [-0.54, 0, 0.54],
            [t("← lower in {b}", b=_short(labels[1])), "0", t("higher in {b} →", b=_short(labels[1]))],
        )
        axes.tick_params(length=0)
        axes.spines["left"].set_visible(False)
        for row, record in enumerate(records):
            text = f"{change(record['difference'], record['unit'], currency, _ends(record))}  [{change_interval(record['low'], record['high'], record['unit'], currency)}]"
            axes.annotate(
                text,
                (1.01, row),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize="small",
                color=INK if record["clear"] else GREY,
                annotation_clip=False,
            )
        set_title(figure, title)
    items = t("; ").join(
        t(
            "{name} {change} ({interval}, {verdict})",
            name=r["name"],
            change=change(r["difference"], r["unit"], currency, _ends(r)),
            interval=change_interval(r["low"], r["high"], r["unit"], currency),
            verdict=t("clear") if r["clear"] else t("not clear"),
        )
        for r in records
    )
    alt = t(
        "Paired differences between {a} and {b}. {title}. {items}.",
        a=labels[0],
        b=labels[1],
        title=title,
        items=items,
    )
    note = t(
        "Filled diamond: the 95% interval leaves out zero. Hollow circle: it does not. Every row has its own scale."
    )
    return Picture(figure, title, alt, note, medium=medium)


def _title(records: list[dict[str, object]], currency: str, labels: tuple[str, str]) -> str:
    clear = [r for r in records if r["clear"]]
    if not clear:
        return t("No difference between {a} and {b} is clear in these runs", a=labels[0], b=labels[1])
    head = clear[0]
    # A title begins with a capital, whatever the sides are called.
    return _capital(
        t(
            "{b} against {a}: {name} {change}; {k} of {n} KPIs differ clearly",
            a=labels[0],
            b=labels[1],
            name=head["name"],
            change=change(head["difference"], str(head["unit"]), currency, _ends(head)),
            k=len(clear),
            n=len(records),
        )
    )


def _capital(title: str) -> str:
    return title[:1].upper() + title[1:]


def _ends(record: Mapping[str, object]) -> tuple[object, object]:
    """Return the two means, which the table beside the picture shows."""
    return record.get("a"), record.get("b")


def _short(label: str, limit: int = 18) -> str:
    return label if len(label) <= limit else label[: limit - 1] + "…"
