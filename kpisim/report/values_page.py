"""Values with what to do and what not to do, on one page to print and hang up."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from kpisim.report.shell import whole_page
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VALUES = "value_examples"
_STYLE = """<style>@page { size: A4; margin: 14mm; }
.value { break-inside: avoid; margin: 0 0 6mm; }
.value h2 { margin: 0 0 2mm; font-size: 15pt; }
.value table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.value th, .value td { text-align: left; vertical-align: top; padding: 2mm 3mm; border: 1px solid #D5D9DE; font-size: 12pt; line-height: 1.45; overflow-wrap: anywhere; }
@media print { .page { max-width: none; padding: 0; } h1 { font-size: 18pt; margin: 0 0 4mm; } }</style>"""


def values_page(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return three values with two examples of each kind as one page; very long examples need a second one.

    Parameters
    ----------
    rows
        Rows of the sheet ``value_examples``.
    """
    do, not_do = escape(t("Do")), escape(t("Don't"))
    heads = f"<tr><th>✓ {do}</th><th>✗ {not_do}</th></tr>"
    parts = [
        f'<section class="value"><h2>{escape(str(row.get("value") or "–"))}</h2><table>{heads}'
        + "".join(
            f"<tr><td>{_cell(row, f'do_{number}')}</td><td>{_cell(row, f'dont_{number}')}</td></tr>"
            for number in (1, 2)
        )
        + "</table></section>"
        for row in rows
    ]
    return whole_page(t("What our values look like on a Monday"), parts, style=_STYLE)


def _cell(row: Mapping[str, Any], name: str) -> str:
    return escape(str(row.get(name) or "–"))


__all__ = ["VALUES", "values_page"]
