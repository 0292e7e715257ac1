"""A page for looking back after 30, 60 and 90 days: one's commitments, what came of them, progress.  Works offline.

What comes back is read by :mod:`kpisim.report.returns`; the names of fields on the page are what the two agree on.
"""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Any

from kpisim.report.export import page_head
from kpisim.report.font import glyphs_of
from kpisim.text import Text, current_language, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOOK_BACK = (30, 60, 90)
"""Days after which one looks back."""
VERSION = 2
"""Layout of the page and the workbook; files of version 1 carry no number."""
MARKS = {0: Text("not begun", "还没开始"), 50: Text("half-way", "做到一半"), 100: Text("kept it", "已做到")}
"""How far somebody is with a commitment, in per cent."""
HELPED = {
    "asked": Text("somebody asked me about it", "有人来问我"),
    "calendar": Text("it was in my calendar", "排进了日历"),
    "superior": Text("my superior backed it", "上级支持"),
    "team": Text("the team joined in", "团队一起做"),
    "number": Text("a number showed it", "有数字看得见"),
    "small": Text("the first step was small", "第一步够小"),
}
HINDERED = {
    "time": Text("no time for it", "没时间"),
    "target": Text("the sales target came first", "业绩指标压过来了"),
    "department": Text("another department did not join in", "别的部门没配合"),
    "team": Text("the team did not join in", "团队没跟上"),
    "forgot": Text("I forgot it", "忘了"),
    "changed": Text("it no longer matters", "情况变了，不再需要"),
}

# Progress is worked out in the page; "Keep" saves the page itself with the answers in it, so no server is needed.
_SCRIPT = """
function progress() {
  document.querySelectorAll('section[data-day]').forEach(function (part) {
    var groups = part.querySelectorAll('fieldset.action'), sum = 0, told = 0;
    groups.forEach(function (group) {
      var picked = group.querySelector('input:checked');
      if (picked) { sum += Number(picked.value); told += 1; }
    });
    var share = groups.length ? Math.round(sum / groups.length) : 0;
    part.querySelector('progress').value = share;
    var said = part.querySelector('output'), numbers = { told: told, of: groups.length, share: share };
    said.textContent = said.dataset.words.replace(/\\{(\\w+)\\}/g, function (_, name) { return numbers[name]; });
  });
}
document.addEventListener('input', progress);
document.getElementById('keep').addEventListener('click', function () {
  document.querySelectorAll('input').forEach(function (one) {
    if (one.type === 'date') { one.setAttribute('value', one.value); return; }
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
input[type=radio], input[type=checkbox] { width: 22px; height: 22px; }
input[type=date] { min-height: 44px; font: inherit; }
textarea { width: 100%; min-height: 66px; font: inherit; box-sizing: border-box; }
progress { width: 220px; height: 22px; vertical-align: middle; }
#keep { min-height: 44px; padding: 8px 20px; font: inherit; }
"""


def return_code(author: str) -> str:
    """Return the code that a check carries, so that two copies of one person's count once; it holds no name."""
    return sha256(f"kpisim self-check {author}".encode()).hexdigest()[:12]


def commitments(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of an action plan that hold a commitment, in the order a check asks about them."""
    return [row for row in rows if row.get("commitment")]


def self_check(rows: Sequence[Mapping[str, Any]], today: date, code: str) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    rows
        Rows of the action plan.
    today
        Day of the workshop.
    code
        What :func:`return_code` made of the author.
    """
    title = t("My 30/60/90-day check")
    kept = commitments(rows)
    parts = "".join(_part(kept, today, days) for days in LOOK_BACK)
    words = (
        f"<h1>{escape(title)}</h1><p>"
        f"{escape(t('Ten minutes on each date. Tick how far you are, write one line, then press Keep: the page is saved with your answers in it.'))}</p>"
        f"<p>{escape(returned_words())}</p>"
        f"{parts}"
        f'<p><button id="keep" type="button">{escape(t("Keep"))}</button></p>'
    )
    main = f'<main data-check="{VERSION}" data-code="{escape(code)}" data-planned="{today.isoformat()}">{words}</main>'
    body = f'<style>{_STYLE}</style><div class="page single">{main}</div><script>{_SCRIPT}</script>'
    return page_head(title, current_language(), glyphs_of(words)) + f"<body>{body}</body></html>\n"


def returned_words() -> str:
    """Return what is read of a check that goes back to the trainer, for the page and the workbook."""
    return t(
        "If you like, send it back to the trainer after 30 days, and again after 60 and 90. The tool reads ticks and dates, counted over everybody, and a code without your name so that you count once. It does not read your sentences, but they are in the file: take out what nobody should see."
    )


def _part(rows: Sequence[Mapping[str, Any]], today: date, days: int) -> str:
    asked = "".join(_action(row, days, place) for place, row in enumerate(rows))
    # "0% (3/3)" would say both that nothing and that all is done.
    said = t("{told} of {of} answered, {share}% done", told="{told}", of="{of}", share="{share}")
    head = t("After {days} days, {date}", days=days, date=(today + timedelta(days=days)).isoformat())
    return (
        f'<section data-day="{days}"><h2>{escape(head)}</h2>'
        f'<p><progress max="100" value="0" aria-label="{escape(t("Progress"))}"></progress> '
        f'<output data-words="{escape(said)}">{escape(said.format(told=0, of=len(rows), share=0))}</output></p>'
        f"{asked}{_ticks(t('What helped?'), f'h{days}', HELPED)}{_ticks(t('What got in the way?'), f'w{days}', HINDERED)}"
        "</section>"
    )


def _action(row: Mapping[str, Any], days: int, place: int) -> str:
    ticks = "".join(
        f'<label><input type="radio" name="d{days}-{place}" value="{mark}">{escape(str(words))}</label>'
        for mark, words in MARKS.items()
    )
    return (
        f'<fieldset class="action" data-area="{escape(str(row.get("area") or ""))}">'
        f"<legend>{escape(str(row['commitment']))}</legend><p>{escape(facts(row))}</p>{ticks}"
        f'<p><label>{escape(t("Kept since"))} <input type="date" id="o{days}-{place}"></label></p>'
        f'<p><label for="n{days}-{place}">{escape(t("What came of it, what next?"))}</label>'
        f'<textarea id="n{days}-{place}"></textarea></p></fieldset>'
    )


def facts(row: Mapping[str, Any]) -> str:
    """Return measure, date and helper of a commitment in one line."""
    said = [
        t("measure: {text}", text=row["measure"]) if row.get("measure") else "",
        t("by {date}", date=row["date"]) if row.get("date") else "",
        t("asked by {who}", who=row["helper"]) if row.get("helper") else "",
    ]
    return t("; ").join(one for one in said if one)


def _ticks(head: str, name: str, words: Mapping[str, Text]) -> str:
    ticks = "".join(
        f'<label><input type="checkbox" name="{name}" value="{value}">{escape(str(text))}</label>'
        for value, text in words.items()
    )
    return f"<fieldset><legend>{escape(head)}</legend>{ticks}</fieldset>"


__all__ = [
    "HELPED",
    "HINDERED",
    "LOOK_BACK",
    "MARKS",
    "VERSION",
    "commitments",
    "facts",
    "return_code",
    "returned_words",
    "self_check",
]
