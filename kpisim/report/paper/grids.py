"""Grids that a table cannot be: the four quadrants, and a week to draw boxes into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.report.paper.form import told
from kpisim.text import t

if TYPE_CHECKING:
    from kpisim.sheets import Field, Sheet

HOURS = range(8, 20)


def quadrants(field: Field) -> str:
    """Return the four quadrants as a field to write into; their names come from the week plan's own choices."""
    names = {one.value: one.label.text() for one in field.choices}
    doing = {
        "do": t("do it yourself, at most three"),
        "plan": t("put it into the calendar now"),
        "delegate": t("hand it over, with a name"),
        "drop": t("strike it out"),
    }
    cells = {
        value: f"<td><b>{told(names[value])}</b><br><small>{told(text)}</small></td>"
        for value, text in doing.items()
    }
    important, not_important = t("important"), t("not important")
    return (
        f'<div class="sheet"><h4>{told(t("Four quadrants"))}</h4><table class="quadrants"><thead><tr><th></th>'
        f"<th>{told(t('urgent: within three working days'))}</th><th>{told(t('not urgent'))}</th></tr></thead><tbody>"
        f"<tr><th>{told(important)}</th>{cells['do']}{cells['plan']}</tr>"
        f"<tr><th>{told(not_important)}</th>{cells['delegate']}{cells['drop']}</tr></tbody></table></div>"
    )


def week(sheet: Sheet) -> str:
    """Return a week as a grid of hours to draw time boxes into.

    Parameters
    ----------
    sheet
        The sheet of time boxes: its days and kinds of boxes are the grid's.
    """
    by_name = {field.name: field for field in sheet.fields}
    days = "".join(f"<th>{told(one.label.text())}</th>" for one in by_name["day"].choices)
    rows = "".join(
        f"<tr><th>{hour}:00</th>{'<td></td>' * len(by_name['day'].choices)}</tr>" for hour in HOURS
    )
    kinds = " · ".join(str(one.label.text()) for one in by_name["kind"].choices)
    rule = t("Draw boxes and name them; at most 70% of a day, one box for recovery a day.")
    return (
        f'<div class="sheet" data-sheet="{sheet.name}"><h4>{told(sheet.title.text())}</h4><p>{told(rule)}</p>'
        f'<table class="week"><thead><tr><th></th>{days}</tr></thead><tbody>{rows}</tbody></table>'
        f'<p class="small">{told(t("{label}: {choices}", label=by_name["kind"].label.text(), choices=kinds))}</p></div>'
    )


__all__ = ["quadrants", "week"]
