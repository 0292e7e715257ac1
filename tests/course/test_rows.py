"""Lines of the course brief that no other test shows to work."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import lesson, lessons, sheet
from kpisim.course.prefill import prefilled
from kpisim.course.pulses import LOOP
from kpisim.experiment import compare
from kpisim.experiment.one import play
from kpisim.kpi import measure
from kpisim.report.browser import find_browser, print_pdf
from kpisim.report.paper.pages import participant
from kpisim.report.take_home import take_home
from kpisim.report.values_page import values_page
from kpisim.scenario import load
from kpisim.session import open_session
from kpisim.sheets import check, tidy
from kpisim.sheets.sums import culture_score, streak, sums
from kpisim.show.panels.calm import SECONDS, CalmPanel
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.kpi_quadrants import KpiQuadrantPanel
from kpisim.text import LANGUAGES, language
from tests.show.panels.seen import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpisim.scenario import Scenario
    from kpisim.text import Language

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(open_session(tmp_path, "a"), "zh")
    with made.words():
        yield made


def test_barriers_are_added_up_by_department_m2_1(desk: Desk) -> None:
    rows: list[dict[str, Any]] = [
        {"department": "product", "often": 4.0, "hours": 2.0},
        {"department": "marketing", "often": 10.0, "hours": 0.5},
        {"department": "product", "often": 1.0, "hours": 3.0},
        {"department": "service"},
    ]
    said = [str(one) for one in sums(sheet("barrier_map"), rows)]
    assert said == ["产品部：每月11小时", "市场部：每月5小时", "合计：每月16小时"]
    assert sums(sheet("barrier_map"), [{}]) == []
    form = SheetForm(desk, sheet("barrier_map"))
    form.rows = [dict(row) for row in rows]
    form.save()
    assert "合计：每月16小时" in form.said.value


@pytest.mark.parametrize(
    ("season", "week", "says"),
    [
        ("flat", 115_000, "正好接得上"),
        ("flat", 230_000, "比年度目标多11,920,000"),
        ("flat", 100_000, "少1,600,000：缺口谁来补"),
        ("year_end", 100_000, "还差的1,600,000要靠旺季补上"),
    ],
)
def test_a_goal_tree_is_held_against_its_year(season: str, week: float, says: str) -> None:
    row = {"annual": 12_000_000.0, "people": 2.0, "season": season, "week": float(week)}
    with language("zh"):
        even, whole = (str(one) for one in sums(sheet("goal_tree"), [row]))
    # 12,000,000 ÷ 2 ÷ 52 = 115,384.6; 230,000 × 2 × 52 = 23,920,000; 100,000 × 2 × 52 = 10,400,000.
    assert f"每人每周115,385；你写的是{week:,}" in even
    assert says in whole
    assert sums(sheet("goal_tree"), [row | {"week": None}]) == []
    assert sums(sheet("goal_tree"), []) == []


def test_hours_saved_a_week_are_added_up_m4_3() -> None:
    rows = [
        {"before": 5.0, "after": 2.0, "stop": True},
        {"before": 3.0, "after": 2.5, "stop": False},
        {"before": 1.0},
    ]
    (said,) = sums(sheet("time_audit"), rows)
    with language("zh"):
        assert str(said) == "每周省下3.5小时，其中自己就能停的占3小时"
    with language("en"):
        assert str(said) == "Hours saved a week: 3.5, of them 3 by what you stop yourself"


def test_answers_of_the_case_are_the_draft_of_the_agreement_m2_7(desk: Desk) -> None:
    case = {"who": "产品部", "goal": "首次完整率九成", "handover": "周三前写全四项", "measure": "返工次数"}
    desk.keep(sheet("case2_answers"), [case])
    form = SheetForm(desk, sheet("collab_agreement"))
    assert [form.rows[0].get(name) for name in ("give", "get", "measure")] == [
        case["handover"],
        case["goal"],
        case["measure"],
    ]
    assert prefilled("collab_agreement", {"case2_answers": [{"who": "x"}]}, date(2027, 3, 1)) == []


VALUES = [
    {
        "value": f"说到做到{number}",
        "do_1": "谁接的客诉，谁当天回电，第二天晨会上说一声处理到哪一步了",
        "do_2": "答应客户的到货日，当天写进系统，物流、客服和销售都看得到",
        "dont_1": "物流还没点头，就先口头答应客户到货日，出了问题再让客服去解释",
        "dont_2": "<b>月底</b>为了冲量，让客户先签单，下个月初再悄悄退掉",
    }
    for number in (1, 2, 3)
]


def test_values_with_dos_and_donts_are_the_draft_of_the_plan_and_go_home_as_a_page_m1_4(
    desk: Desk, tmp_path: Path
) -> None:
    asked = sheet("value_examples")
    assert not check(asked, tidy(asked, VALUES), date(2027, 3, 1))
    slogan = tidy(asked, [VALUES[0] | {"do_1": "加强服务意识"}])
    assert [one.field for one in check(asked, slogan, date(2027, 3, 1))] == ["do_1"]
    desk.keep(asked, VALUES)
    plan = SheetForm(desk, sheet("culture_action_plan"))
    # Five rows at most; each "do" with its value, nothing of the don'ts.
    assert [row.get("value") for row in plan.rows] == [
        "说到做到1", "说到做到1", "说到做到2", "说到做到2", "说到做到3",
    ]  # fmt: skip
    assert plan.rows[0]["behaviour"] == VALUES[0]["do_1"]
    files = {file.name: file for file in take_home(desk.session, tmp_path / "out")}
    page = files["values.html"].read_text(encoding="utf-8")
    assert page.count('<section class="value">') == 3
    assert "&lt;b&gt;月底" in page
    assert not re.search(r"(?:src|href)=.https?:", page)
    desk.session.keep("value_examples", [])
    desk.session.keep("comment_m1", [{"comment": "x"}])
    assert "values.html" not in {file.name for file in take_home(desk.session, tmp_path / "again")}


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_three_values_with_two_examples_of_each_kind_print_on_one_page_m1_4(
    lang: Language, tmp_path: Path
) -> None:
    with language(lang):
        page = values_page(VALUES)
    (tmp_path / "values.html").write_text(page, encoding="utf-8")
    if find_browser() is None:
        pytest.skip("no Chromium or Chrome here")
    assert print_pdf(tmp_path / "values.html", tmp_path / "values.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "values.pdf").read_bytes())) == 1


def test_counted_behaviours_have_streaks_and_feed_the_culture_kpi_m1_5(desk: Desk) -> None:
    desk.keep(sheet("culture_action_plan"), [{"value": "x", "behaviour": "谁接的客诉，谁当天回电"}])
    form = SheetForm(desk, sheet("behaviour_week"))
    assert form.rows[0]["behaviour"] == "谁接的客诉，谁当天回电"
    form.rows = [
        {"behaviour": "谁接的客诉，谁当天回电", "wanted": 4.0, "week_1": 2.0, "week_2": 6.0, "week_3": 4.0},
        {"behaviour": "每周结对做一份标书", "wanted": 1.0, "week_1": 1.0, "week_2": 0.0},
        {"behaviour": "还没开始记", "wanted": 5.0},
    ]
    # Six where four were wanted count as four: (2 + 4 + 4 + 1 + 0) ÷ (3 × 4 + 2 × 1).
    assert culture_score(form.rows) == pytest.approx(11 / 14)
    assert [streak(row) for row in form.rows] == [2, 0, 0]
    assert culture_score([]) is None
    assert sums(form.sheet, []) == []
    long = {"behaviour": "whoever takes a complaint calls back the same day", "wanted": 2.0, "week_1": 1.0}
    assert str(sums(form.sheet, [long])[0]).startswith("whoever takes a complaint calls back th…")
    form.save()
    assert "谁接的客诉，谁当天回电：连续2周达到应有次数" in form.said.value
    assert "计分卡的文化评分：应有的次数里看到了79%" in form.said.value
    desk.keep(sheet("scorecard"), [{"kpi": "culture", "target": 0.8, "weight": 20.0}])
    assert "文化评分：权重100%，达成率98%、黄灯" in KpiQuadrantPanel(desk).box.value
    # What somebody measured alone comes before what was counted.
    desk.keep(sheet("scorecard"), [{"kpi": "culture", "target": 0.8, "weight": 20.0, "now": 0.4}])
    assert "达成率50%" in KpiQuadrantPanel(desk).box.value


def test_a_task_handed_over_asks_for_a_name_that_goes_home_m3_6(desk: Desk, tmp_path: Path) -> None:
    plan = sheet("week_plan")
    tasks = [
        {"task": "回访张总", "importance": 5.0, "due": "2027-03-02", "kpi": "csat"},
        {"task": "做标书", "importance": 5.0, "due": "2027-05-02", "kpi": "csat"},
        {"task": "门店周报", "importance": 2.0, "due": "2027-03-02"},
        {"task": "年会问卷", "importance": 1.0},
    ]
    drafted = prefilled("week_plan", {"priority_matrix": tasks}, date(2027, 3, 1))
    assert [row["quadrant"] for row in drafted] == ["do", "plan", "delegate", "drop"]
    form = SheetForm(desk, plan)
    form.rows = [dict(row) for row in drafted]
    # Only the third task goes to somebody else, so only there a name is asked for.
    assert form.remarks() == ["第3行 交给谁（交出去的才写名字）：说要交出去，还没写交给谁；请写上名字"]
    form.rows[2]["to"] = "李雷"
    form.save()
    assert not form.remarks()
    page = take_home(desk.session, tmp_path / "out")[0].read_text(encoding="utf-8")
    assert "李雷" in page
    # On paper too the name is no option that may be left out.
    assert "交给谁（交出去的才写名字）</th>" in participant()


def test_help_names_both_meanings_of_abc_and_ellis_is_the_one_used_m4_5() -> None:
    ellis = sheet("abc_sheet")
    assert ellis.help is not None
    assert "埃利斯" in ellis.help.zh
    assert "ABC时间管理法" in ellis.help.zh
    assert "Ellis" in ellis.help.en
    assert [field.name for field in ellis.fields] == ["event", "belief", "consequence", "dispute", "effect"]


def test_the_calm_protocol_has_five_steps_and_two_minutes_also_in_round_4_m4_6(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(sheet("calm_protocol").fields) == 5
    steps = {step.name: step for step in lesson("pressure").steps}
    assert all("calm" in steps[name].tools for name in ("calm", "peak"))
    now = [1000.0]
    monkeypatch.setattr(CalmPanel, "now", lambda _self: now[0])
    panel = CalmPanel(desk)
    assert panel.left() == (SECONDS, False) == (120.0, False)
    found(panel.box, "kpisim-calm-start").click()
    now[0] += 90
    # A reload shows the same clock.
    assert CalmPanel(desk).left() == (30.0, True)
    now[0] += 90
    assert panel.left() == (0.0, False)


def test_case_two_has_a_scorecard_of_three_kpis_a_month_a4() -> None:
    tables = play(load("technology").derive({"calendar.start": "2027-01-01"}), 1, 0)
    frame = measure(
        tables, ["revenue_booked", "new_customers", "csat"], "2027-01-01", "2028-01-01", by="month"
    )
    assert len(frame) == 36
    assert frame["value"].notna().all()


def test_examples_are_about_selling_v1() -> None:
    """Every module speaks of customers, orders or sales, and none of the examples is about nothing in particular."""
    for taught in lessons():
        said = str(taught.model_dump())
        assert not re.search(r"\b(widgets?|lorem|acme)\b|张三|某某产品", said, re.IGNORECASE), taught.name
    whole = " ".join(str(one.model_dump()) for one in lessons())
    assert all(whole.count(word) > 15 for word in ("客户", "销售", "customer", "sales"))


def test_who_has_no_team_yet_is_asked_and_works_with_the_sample_team_x1() -> None:
    profile = next(field for field in sheet("join").fields if field.name == "profile")
    assert [one.value for one in profile.choices] == ["team", "future"]
    plan = next(step for step in lesson("action_plan").steps if step.name == "plan")
    assert "样例团队" in plan.notes.zh
    assert "sample team" in plan.notes.en


def test_licence_and_the_label_of_invented_cases_are_there_x4() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    for case in (case for taught in lessons() for case in taught.cases):
        assert re.search("虚构", case.label.zh), case.name
        assert re.search("invented", case.label.en), case.name


def test_the_loop_goes_from_pulse_to_theme_action_owner_and_day_c3() -> None:
    assert [field.name for field in sheet(LOOP).fields if field.required] == [
        "item",
        "theme",
        "action",
        "owner",
        "measure_on",
    ]


LADDER = (0.998, 0.969, 0.868)
"""Share of facts that survives a hand-over on a form, with notes, and as in round 2."""


def handed_over(keep: float) -> Scenario:
    return load("technology").derive(
        {"calendar.weeks": 39, "communication.keep_rate": keep, "communication.links": 2}
    )


def moved(better: float, worse: float) -> dict[str, Any]:
    """Return what each KPI moved by between two ways of handing over: paired runs with their 95 % interval."""
    versus = compare(handed_over(better), handed_over(worse), 24)
    return {str(row["kpi"]): row for row in versus.differences.to_dict("records")}


@pytest.mark.functional
@pytest.mark.slow
def test_each_step_down_in_hand_overs_costs_days_content_customers_and_revenue_m2_2() -> None:
    for better, worse in pairwise(LADDER):
        by_kpi = moved(better, worse)
        assert by_kpi["order_days"]["low"] > 0
        assert by_kpi["csat"]["high"] < 0
        assert by_kpi["customer_churn"]["low"] > 0
        assert by_kpi["revenue_booked"]["high"] < 0


@pytest.mark.parametrize(("lang", "says"), [("zh", "每周5小时 → 2小时"), ("en", "5 → 2 h a week")])
def test_hours_that_a_stopped_drain_gives_back_measure_the_commitment(lang: Any, says: str) -> None:
    drains = [{"drain": "没人看的日报", "before": 5.0, "after": 2.0, "stop": True}]
    with language(lang):
        (row,) = prefilled("action_plan", {"time_audit": drains}, date(2027, 3, 1))
    assert (row["commitment"], row["measure"]) == ("没人看的日报", says)
