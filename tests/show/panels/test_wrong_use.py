"""Wrong use of the day's forms and rounds: what each mistake is told, in zh and en; nothing typed is lost.

``python tests/show/panels/test_wrong_use.py`` writes ``docs/wrong_use.md`` anew.
"""

from __future__ import annotations

import re
import sys
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import sheet
from kpisim.course.rounds import a_round
from kpisim.report.take_home import take_home
from kpisim.session import open_session
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.inbasket import InbasketPanel
from kpisim.show.panels.play import RoundPanel
from kpisim.text import LANGUAGES, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.text import Language

pytestmark = pytest.mark.unit

PAGE = Path(__file__).resolve().parents[3] / "docs" / "wrong_use.md"


@dataclass(frozen=True)
class Wrong:
    """One thing typed where it does not belong: into a field of a sheet, the value as the page hands it over."""

    what: str
    sheet: str
    field: str
    value: Any

    @property
    def name(self) -> str:
        """Where and what, for the report of a failing test."""
        return f"{self.sheet}.{self.field}: {self.what}"


LONG = "这句话很长。" * 1700
N, D, T = ("goal_tree", "annual"), ("action_plan", "date"), ("culture_action_plan", "behaviour")
WRONG = [
    Wrong("nothing", *N, ""), Wrong("spaces", *N, "   "), Wrong("full-width spaces", *N, "　　"),
    Wrong("negative", *N, "-5"), Wrong("zero", *N, "0"), Wrong("huge", *N, "9" * 40),
    Wrong("400 digits", *N, "1" * 400), Wrong("infinite", *N, "inf"), Wrong("not a number", *N, "NaN"),
    Wrong("beyond floating point", *N, "1e400"), Wrong("a word", *N, "很多"), Wrong("mixed scripts", *N, "一千two百"),
    Wrong("emoji", *N, "💰💰"), Wrong("hexadecimal", *N, "0x1F"), Wrong("underscore", *N, "1_000"),
    Wrong("a sum", *N, "100+200"), Wrong("two numbers", *N, "100 200 or 300"), Wrong("a formula", *N, "=1+1"),
    Wrong("markup", *N, "<b>12</b>"), Wrong("a date", *N, "2027-01-01"), Wrong("a circled digit too many", *N, "⑤⑥x"),
    Wrong("full-width digits, negative", *N, "－１２"),
    Wrong("above the range", "barrier_map", "often", "501"), Wrong("share above 30", "culture_action_plan", "share", "300"),
    Wrong("above the scale", "culture_pulse", "clarity", 6), Wrong("below the scale", "culture_pulse", "clarity", 0),
    Wrong("half a mark as text", "culture_pulse", "clarity", "four"),
    Wrong("past", *D, "1999-01-01"), Wrong("31 April", *D, "2027-04-31"), Wrong("29 February of no leap year", *D, "2027-02-29"),
    Wrong("a word", *D, "下周"), Wrong("today's slang", *D, "asap"), Wrong("day first", *D, "01/03/2027"),
    Wrong("year zero", *D, "0000-01-01"), Wrong("year 10000", *D, "10000-01-01"), Wrong("emoji", *D, "📅"),
    Wrong("a formula", *D, "=TODAY()"), Wrong("with a clock time", *D, "2027-04-01T09:00"),
    Wrong("full-width, impossible", *D, "２０２７-１３-０１"),
    Wrong("more than 72 hours away", "action_plan", "first_by", "2999-01-01"),
    Wrong("one sign", *T, "好"), Wrong("a slogan", *T, "加强团队合作"), Wrong("a slogan in English", *T, "improve teamwork"),
    Wrong("emoji alone", *T, "👍"), Wrong("10,000 signs", "rewrite", "after", LONG),
    Wrong("a whole book", *T, "每天一次" * 6000), Wrong("half an emoji", *T, "\ud83d"),
    Wrong("a formula of Excel", *T, '=HYPERLINK("x","加强")'), Wrong("a formula with +", *T, "+加强"),
    Wrong("a formula with @", *T, "@SUM(提高)"), Wrong("a command of Excel", *T, "=cmd|' /C calc'!A0 努力"),
    Wrong("a script", *T, "<script>alert(1)</script>加强"), Wrong("an image with a handler", *T, "<img src=x onerror=alert(1)>提高"),
    Wrong("SQL", *T, "'; DROP TABLE entries; --改善"), Wrong("line breaks", *T, "加强\n\n\n沟通"),
    Wrong("writing from right to left", *T, "\u202e提高业绩"), Wrong("a null sign", *T, "努力\x00"),
    Wrong("curly brackets", *T, "努力 {name} {0}"), Wrong("percent signs", *T, "尽量 %s %d"),
    Wrong("no request", "sbi_line", "request", "最近很忙"), Wrong("no date", "rewrite", "by", "尽快"),
    Wrong("a wish as a goal", "smart_goals", "goal", "把业绩做上去"),
    Wrong("a choice that is none", "goal_tree", "season", "monsoon"), Wrong("a choice as markup", "goal_tree", "season", "<b>"),
    Wrong("out of the day", "timebox_week", "start", "25"), Wrong("a box of a week", "timebox_week", "hours", "40"),
]  # fmt: skip
assert len(WRONG) >= 60


def plain(html: str) -> str:
    """Return what somebody reads of a message."""
    return unescape(re.sub(r"<[^>]*>", "", html.replace("<br>", " / ")))


def told(wrong: Wrong, lang: Language, folder: Path) -> str:
    """Type something wrong, press Save, and return what is said about this field."""
    desk = Desk(open_session(folder, "a"), lang)
    with desk.words():
        form = SheetForm(desk, sheet(wrong.sheet))
        form.typed(0, wrong.field, wrong.value)
        form.save()
        label = next(str(one.label.text()) for one in form.sheet.fields if one.name == wrong.field)
        lines = plain(form.said.value).split(" / ")
    # A wrong kind of value is the only line; remarks stand one a line, those on the field are wanted.
    about = [line for line in lines if label in line] or [
        line for line in lines if re.match("第1行|Row 1", line)
    ]
    return " / ".join(about) or lines[-1]


def message(wrong: Wrong, lang: Language, folder: Path) -> str:
    """Return what is told, without what moves with the clock: the hour of saving, the last day of 72 hours."""
    text = re.sub(r"\d\d:\d\d:\d\d", "…", told(wrong, lang, folder))
    return re.sub(r"\d{4}-\d\d-\d\d(?=前)|(?<=take it by )\d{4}-\d\d-\d\d", "…", text).strip()


def broken_lever(choices: dict[str, Any]) -> Callable[[Desk], str]:
    def play(desk: Desk) -> str:
        panel = RoundPanel(desk, a_round("practice"), replications=1, workers=1)
        panel.choices = choices
        panel.run()
        return plain(panel.said.value)

    return play


def clicked(desk: Desk) -> str:
    panel = InbasketPanel(desk)
    panel.run()
    return plain(panel.told.value)


ROUNDS: dict[str, Callable[[Desk], str]] = {
    "round: a lever set to a word": broken_lever({"incentive.commission_rate": "很多"}),
    "round: a lever set to nothing": broken_lever({"incentive.commission_rate": None}),
    "round: a lever that is not a number": broken_lever({"incentive.commission_rate": float("nan")}),
    "round: a misspelt lever": broken_lever({"incentive.comission_rate": 0.03}),
    "in-basket: results before anything was decided": clicked,
}


def said_of_round(name: str, lang: Language, folder: Path) -> str:
    desk = Desk(open_session(folder, "a"), lang)
    with desk.words():
        try:
            return ROUNDS[name](desk).strip()
        except UserError as problem:
            return str(problem)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda one: str(one.name))
def test_a_mistake_gets_a_sentence_and_nothing_is_lost(wrong: Wrong, tmp_path: Path) -> None:
    for lang in LANGUAGES:
        text = message(wrong, lang, tmp_path / lang)
        assert text, wrong.name
        assert "Traceback" not in text
        assert "Error" not in text
        assert len(text) < 400
        chinese = re.search("[\u4e00-\u9fff]", text)
        assert chinese if lang == "zh" else True
        # Opened again, what was typed is there: kept as a sheet or as a draft.
        again = Desk(open_session(tmp_path / lang, "a"), lang).kept(sheet(wrong.sheet))
        found = again[0].get(wrong.field) if again else None
        kept = "" if found is None else found
        # What no file can hold is left out: half an emoji, control signs.
        typed = str(wrong.value).encode("utf-8", "replace").decode().replace("\x00", "")
        assert "".join(str(kept).split()) == "".join(typed.split()), wrong.name


@pytest.mark.parametrize("name", list(ROUNDS))
def test_a_mistake_in_a_round_gets_a_sentence(name: str, tmp_path: Path) -> None:
    for lang in LANGUAGES:
        text = said_of_round(name, lang, tmp_path / lang)
        assert text
        assert "Traceback" not in text
        assert re.search("[\u4e00-\u9fff]", text) if lang == "zh" else True


def test_markup_and_formulas_go_home_as_text(tmp_path: Path) -> None:
    import openpyxl

    bad = [one.value for one in WRONG if one.field == "behaviour" and len(str(one.value)) < 100]
    desk = Desk(open_session(tmp_path / "s", "a"), "zh")
    for at in range(0, len(bad), 5):
        desk.keep(
            sheet("culture_action_plan"), [{"value": "x", "behaviour": one} for one in bad[at : at + 5]]
        )
        with desk.words():
            files = take_home(desk.session, tmp_path / "out")
        text = files[0].read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        for row in openpyxl.load_workbook(files[1]).worksheets[0].iter_rows(min_row=2):
            assert all(cell.data_type == "s" or cell.value is None for cell in row)


def page() -> str:
    """Return the list as Markdown."""
    lines = [
        "# Wrong use, and what it is told 误操作与提示",
        "",
        "Written by `python tests/show/panels/test_wrong_use.py` from what the forms say; edit the list there, not this file.",
        "Whatever was typed stays on the screen and in the session.",
        "由测试脚本根据表单的实际提示生成；无论填了什么，内容都保留在屏幕和培训记录里。",
        "",
        "| where | what | typed | 中文 | English |",
        "|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as folder:
        for place, wrong in enumerate(WRONG):
            both = [message(wrong, lang, Path(folder) / f"{place}{lang}") for lang in ("zh", "en")]
            typed = str(wrong.value).encode("utf-8", "replace").decode()
            lines.append(
                "| "
                + " | ".join(
                    _cell(one) for one in (f"{wrong.sheet}.{wrong.field}", wrong.what, _short(typed), *both)
                )
                + " |"
            )
        for place, name in enumerate(ROUNDS):
            both = [said_of_round(name, lang, Path(folder) / f"round{place}{lang}") for lang in ("zh", "en")]
            where, what = name.split(": ", 1)
            lines.append("| " + " | ".join(_cell(one) for one in (where, what, "", *both)) + " |")
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    shown = repr(text)[1:-1]
    return f"`{shown if len(shown) <= 40 else shown[:30] + f'… ({len(text):,})'}`" if shown.strip() else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("\x00", "").replace("\u202e", "")


@pytest.mark.back
def test_the_page_of_mistakes_is_not_stale() -> None:
    message = "docs/wrong_use.md is out of step; write it anew: python tests/show/panels/test_wrong_use.py"
    assert PAGE.read_text(encoding="utf-8") == page(), message


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
