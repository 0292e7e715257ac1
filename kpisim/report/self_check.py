"""A page for looking back after 30, 60 and 90 days: one's commitments, what came of them, progress.  Works offline."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from kpisim.report.export import page_head
from kpisim.report.font import glyphs_of
from kpisim.text import current_language, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOOK_BACK = (30, 60, 90)
"""Days after which one looks back."""
_MARKS = (0, 50, 100)

# Progress is worked out in the page; "Keep" saves the page itself with the answers in it, so no server is needed.
_SCRIPT = """
function progress() {
  document.querySelectorAll('section[data-day]').forEach(function (part) {
    var groups = part.querySelectorAll('fieldset'), sum = 0, told = 0;
    groups.forEach(function (group) {
      var picked = group.querySelector('input:checked');
      if (picked) { sum += Number(picked.value); told += 1; }
    });
    var share = groups.length ? Math.round(sum / groups.length) : 0;
    part.querySelector('progress').value = share;
    part.querySelector('output').textContent = share + ' % (' + told + '/' + groups.length + ')';
  });
}
document.addEventListener('input', progress);
document.getElementById('keep').addEventListener('click', function () {
  document.querySelectorAll('input').forEach(function (one) {
    if (one.checked) { one.setAttribute('checked', ''); } else { one.removeAttribute('checked'); }
  });
  document.querySelectorAll('textarea').forEach(function (one) { one.textContent = one.value; });
  var link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['<!DOCTYPE html>\\n' + document.documentElement.outerHTML], {type: 'text/html'}));
  link.download = 'self_check.html';
  link.click();
});
progress();
"""
_STYLE = """
fieldset { border: 1px solid #5F6670; margin: 12px 0; padding: 8px 14px; }
fieldset label { display: inline-flex; align-items: center; min-height: 44px; margin-right: 24px; gap: 8px; }
input[type=radio] { width: 22px; height: 22px; }
textarea { width: 100%; min-height: 66px; font: inherit; box-sizing: border-box; }
progress { width: 220px; height: 22px; vertical-align: middle; }
#keep { min-height: 44px; padding: 8px 20px; font: inherit; }
"""


def self_check(rows: Sequence[Mapping[str, Any]], today: date) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows
        Rows of the action plan.
    today
        Day of the workshop.
    """
    title = t("My 30/60/90-day check")
    kept = [row for row in rows if row.get("commitment")]
    parts = "".join(_part(kept, today, days) for days in LOOK_BACK)
    words = (
        f"<h1>{escape(title)}</h1><p>"
        f"{escape(t('Ten minutes on each date. Tick how far you are, write one line, then press Keep: the page is saved with your answers in it.'))}</p>"
        f"{parts}"
        f'<p><button id="keep" type="button">{escape(t("Keep"))}</button></p>'
    )
    body = f'<style>{_STYLE}</style><div class="page single"><main>{words}</main></div><script>{_SCRIPT}</script>'
    return page_head(title, current_language(), glyphs_of(words)) + f"<body>{body}</body></html>\n"


def _part(rows: Sequence[Mapping[str, Any]], today: date, days: int) -> str:
    names = {
        0: t("not begun"),
        50: t("half-way"),
        100: t("kept it"),
    }
    asked = []
    for place, row in enumerate(rows):
        facts = [
            t("measure: {text}", text=row["measure"]) if row.get("measure") else "",
            t("by {date}", date=row["date"]) if row.get("date") else "",
            t("asked by {who}", who=row["helper"]) if row.get("helper") else "",
        ]
        ticks = "".join(
            f'<label><input type="radio" name="d{days}-{place}" value="{mark}">{escape(names[mark])}</label>'
            for mark in _MARKS
        )
        asked.append(
            f"<fieldset><legend>{escape(str(row['commitment']))}</legend>"
            f"<p>{escape(t('; ').join(fact for fact in facts if fact))}</p>{ticks}"
            f'<p><label for="n{days}-{place}">{escape(t("What came of it, what next?"))}</label>'
            f'<textarea id="n{days}-{place}"></textarea></p></fieldset>'
        )
    head = t("After {days} days, {date}", days=days, date=(today + timedelta(days=days)).isoformat())
    return (
        f'<section data-day="{days}"><h2>{escape(head)}</h2>'
        f'<p><progress max="100" value="0" aria-label="{escape(t("Progress"))}"></progress> <output>0 %</output></p>'
        f"{''.join(asked)}</section>"
    )


__all__ = ["LOOK_BACK", "self_check"]
