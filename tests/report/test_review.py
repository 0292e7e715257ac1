"""The quarter's pack: what is in it comes from the data, one sheet fits one page, nothing asks for anything outside."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim.crm.discover import Source
from kpisim.kpi import measure_values
from kpisim.kpi.goals.targets import new_target, write_targets
from kpisim.kpi.tracking.aims import Aim, aims_of_table
from kpisim.kpi.tracking.one_to_one import one_to_one
from kpisim.kpi.tracking.review import quarter_aims, quarter_of, review
from kpisim.kpi.window import Window
from kpisim.report.review_pack import review_pack
from kpisim.tables import Meta, Tables, conform
from kpisim.tables.io import weekdays
from kpisim.text import Text, UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.functional

START, END = date(2027, 1, 1), date(2027, 10, 1)
Q2 = Window(date(2027, 4, 1), date(2027, 7, 1), END)


@pytest.fixture(scope="module")
def firm() -> Tables:
    """Return a firm of two: An sells every working day, Bo every fourth; a target table by month and by quarter."""
    days = weekdays(START, END)
    orders: list[dict[str, Any]] = [
        {"order_id": f"a{k}", "account_id": f"x{k % 40}", "rep_id": "An", "booked": day, "value": 1000.0}
        for k, day in enumerate(days)
    ]
    orders += [
        {"order_id": f"b{k}", "account_id": f"y{k % 9}", "rep_id": "Bo", "booked": day, "value": 900.0}
        for k, day in enumerate(days[::4])
    ]
    targets = []
    for rep in ("An", "Bo"):
        for first in (date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1)):
            last = date(first.year, first.month + 3, 1)
            targets.append(("bookings", "revenue_booked", rep, first, last, 60_000.0))
        targets += [
            ("new", "new_customers", rep, date(2027, month, 1), date(2027, month + 1, 1), 3.0)
            for month in range(1, 9)
        ]
    frame = pd.DataFrame(targets, columns=["name", "kpi", "rep_id", "period_start", "period_end", "target"])
    tasks = [
        {
            "task_id": f"t{k}",
            "rep_id": "Bo",
            "kind": "visit",
            "created": START,
            "due": date(2027, 6, 1 + k),
            "hours": 1.0,
        }
        for k in range(7)
    ]
    frames = {
        "orders": conform("orders", pd.DataFrame(orders)),
        "reps": conform("reps", pd.DataFrame({"rep_id": ["An", "Bo"], "team": ["east", "east"]})),
        "targets": conform("targets", frame.assign(weight=0.5, level="person")),
        "tasks": conform("tasks", pd.DataFrame(tasks)),
    }
    return Tables(Meta(START, END, workdays=weekdays(START, END), source="firm"), frames)


def words_of(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html.rsplit("</style>", maxsplit=1)[-1]))


@pytest.fixture(scope="module")
def pack(firm: Tables, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Return the pack in both languages, with targets, notes and decisions of its own."""
    folder = tmp_path_factory.mktemp("pack")
    target = new_target("签约目标", "revenue_booked", 90_000, START, "plan", author="Chen", recorded_on=START)
    target = target.changed(
        120_000, date(2027, 5, 1), "<two> more reps", author="Chen", recorded_on=date(2027, 4, 20)
    )
    targets = write_targets([target], folder / "targets.yaml")
    notes, decisions = folder / "notes.yaml", folder / "decisions.yaml"
    notes.write_text(
        "- {target: 签约目标, who: Li, when: 2027-05-20, why: late start, next: visit ten, by: 2027-06-10}",
        encoding="utf-8",
    )
    decisions.write_text(
        "- {what: pair talks, who: Li, set_on: 2027-03-01, kpi: revenue_booked, rule: '>= 70,000', start: 2027-04-01, end: 2027-07-01}\n"
        "- {what: after the fact, who: Li, set_on: 2027-06-01, kpi: revenue_booked, rule: '>= 1', start: 2027-04-01, end: 2027-07-01}",
        encoding="utf-8",
    )
    made = {}
    for lang in ("en", "zh"):
        with language(lang):
            made[lang] = review_pack(
                Source("Firm", "tables", firm, synthetic=False),
                "2027Q2",
                folder / lang,
                targets=targets,
                notes=notes,
                decisions=decisions,
            )
    return made


def test_the_review_says_results_issues_adjustments_decisions(
    pack: dict[str, list[Path]], firm: Tables
) -> None:
    said = words_of(pack["en"][0].read_text(encoding="utf-8"))
    places = [said.index(word) for word in ("1 Results", "2 Issues", "3 Adjustments", "4 Decisions")]
    assert places == sorted(places)
    booked = measure_values(firm, ["revenue_booked"], Q2.start, Q2.end)["revenue_booked"].value
    assert booked == 65_000 + 900 * 17  # 65 working days; Bo sells on every fourth of the year
    assert "CNY 80.3k" in said.replace("\N{NO-BREAK SPACE}", " ") or "80,300" in said
    # Changed on 1 May: 22 of 65 working days at 90,000 and 43 at 120,000.
    target = (22 * 90_000 + 43 * 120_000) / 65
    assert f"{100 * booked / target:.1f}%" in said
    assert "&lt;two&gt; more reps" in pack["en"][0].read_text(encoding="utf-8")
    assert "late start" in said
    assert "rule met: keep it" in said
    assert "no verdict: the rule was set after the start" in said
    cents = round(booked * 100) - round(target * 100)
    assert f"{abs(cents) / 100:,.2f}" in said  # the sum of the drivers


def test_both_languages_carry_the_same_and_ask_for_nothing(pack: dict[str, list[Path]]) -> None:
    assert (
        [file.name for file in pack["en"]]
        == [file.name for file in pack["zh"]]
        == ["review.html", "An.html", "Bo.html"]
    )
    for lang, heads in (("zh", ("结果", "问题", "调整", "决定")), ("en", ("Results",))):
        html = pack[lang][0].read_text(encoding="utf-8")
        assert all(head in html for head in heads)
        assert not re.search(r'(?:src|href)="(?!data:|#)', html)
        assert "<script" not in html
    sheet = words_of(pack["zh"][1].read_text(encoding="utf-8"))
    assert not re.search(r"\b(?:Praise|Gap|Support|Next|Facts)\b", sheet)
    assert [sheet.index(word) for word in ("事实", "肯定", "差距", "支持", "下一步")] == sorted(
        sheet.index(word) for word in ("事实", "肯定", "差距", "支持", "下一步")
    )


def test_a_sheet_is_made_of_the_rep_s_own_data(firm: Tables) -> None:
    on = date(2027, 6, 30)
    sheets = {
        rep: one_to_one(
            firm,
            rep,
            Q2,
            on,
            aims_of_table(firm, on, rep),
            following=aims_of_table(firm, date(2027, 7, 1), rep),
        )
        for rep in ("An", "Bo")
    }
    own = {fact.kpi: fact for fact in sheets["Bo"].facts}
    assert own["revenue_booked"].own.value == 900 * 17
    assert own["revenue_booked"].team == (65_000 + 900 * 17) / 2
    assert any("bookings: 108.3% of the target reached" in str(line) for line in sheets["An"].praise)
    assert not sheets["An"].support
    assert any(
        "bookings: 15,300 against 60,000 due by 2027-06-30 (−44,700)" in str(line)
        for line in sheets["Bo"].gap
    )
    assert str(sheets["Bo"].support[0]).startswith("Tasks past their day and not done: 7")
    # 60,000 over the 66 working days of the third quarter.
    assert any(f"{round(5 * 60_000 / 66):,} a week" in str(line) for line in sheets["Bo"].steps)


def test_two_targets_on_one_kpi_are_tried_for_once(firm: Tables) -> None:
    on = date(2027, 6, 30)
    aims = [aim for aim in aims_of_table(firm, on, "Bo") if aim.kpi == "revenue_booked"]
    twice = [*aims, *(replace(aim, name=f"{aim.name} again") for aim in aims)]
    made = one_to_one(firm, "Bo", Q2, on, twice, tries={"revenue_booked": [Text("call first")]})
    tried = [str(line) for line in made.support if "call first" in str(line)]
    assert tried == ["To try for Bookings: call first"]
    assert len(made.gap) >= 2


def test_months_of_a_quarter_are_put_together(firm: Tables) -> None:
    aims = {
        aim.name: aim for aim in quarter_aims(lambda day: aims_of_table(firm, day), Q2, date(2027, 6, 30))
    }
    assert aims["new"].target == 3 * 2 * 3.0
    assert (aims["new"].start, aims["new"].end) == (Q2.start, Q2.end)
    assert aims["bookings"].target == 120_000.0


def test_a_year_s_target_is_judged_by_its_part_of_the_quarter(firm: Tables) -> None:
    year = Aim("year", "revenue_booked", "", None, date(2027, 1, 1), date(2028, 1, 1), 400_000.0)
    (found,) = review(firm, "2027-Q2", Q2, [year]).results
    first = measure_values(firm, ["revenue_booked"], START, Q2.start)["revenue_booked"].value
    second = measure_values(firm, ["revenue_booked"], Q2.start, Q2.end)["revenue_booked"].value
    assert found.before is not None
    assert (found.before.value, found.now.value) == (first, second)
    assert found.row.value.value == sum(one or 0.0 for one in (first, second))


@pytest.mark.parametrize("text", ["2027Q2", "2027-Q2", "2027q2", " 2027 Q2 "])
def test_a_quarter_is_read_as_people_write_it(firm: Tables, text: str) -> None:
    label, period = quarter_of(firm, text)
    assert (label, period.start, period.end) == ("2027-Q2", Q2.start, Q2.end)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (date(2027, 9, 30), "2027-Q3"),
        (date(2027, 9, 24), "2027-Q3"),  # the last week of a quarter without an order
        (date(2027, 8, 1), "2027-Q2"),
        (date(2027, 2, 1), "2027-Q1"),  # none is whole
    ],
)
def test_the_latest_whole_quarter_is_meant_where_none_is_named(
    firm: Tables, last: date, expected: str
) -> None:
    from kpisim.crm.replay import as_of

    assert quarter_of(as_of(firm, last))[0] == expected


@pytest.mark.parametrize(
    ("text", "words"), [("Q2", "write it like 2027Q2"), ("2029Q1", "there are 2027-Q1, 2027-Q2, 2027-Q3")]
)
def test_a_wrong_quarter_is_refused(firm: Tables, text: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        quarter_of(firm, text)


def test_a_quarter_that_is_not_over_says_so(firm: Tables, tmp_path: Path) -> None:
    from kpisim.crm.replay import as_of

    part = as_of(firm, date(2027, 5, 10))
    [page, *_] = review_pack(Source("Firm", "tables", part, synthetic=False), "2027Q2", tmp_path)
    assert "The records end on 2027-05-10: the quarter is not over." in words_of(
        page.read_text(encoding="utf-8")
    )


@pytest.mark.browser
@pytest.mark.slow
def test_a_sheet_is_one_page_of_paper(pack: dict[str, list[Path]]) -> None:
    import shutil

    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium or Chrome here")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path)
        for lang in ("zh", "en"):
            for file in pack[lang][1:]:
                page = browser.new_page()
                page.goto(file.resolve().as_uri())
                pdf = page.pdf(prefer_css_page_size=True)
                assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, file.name
                page.close()
        browser.close()
