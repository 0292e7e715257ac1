"""The verdicts on goals: against what a person said, and one rule at a time."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kpisim.kpi import kpis
from kpisim.kpi.goals.goal import Goal
from kpisim.kpi.goals.reading import read_goal, words
from kpisim.kpi.goals.smart import LETTERS, Letter, check
from kpisim.text import Text, UserError, language

pytestmark = pytest.mark.unit

HERE = Path(__file__).parent
TODAY = date(2027, 5, 12)
GOOD = "华东区在2027年9月30日前新签客户30家，以支撑公司全年新客户120家的目标"


def score(file: str) -> tuple[int, int, list[str]]:
    """Return letters right, letters judged, and a line for each miss."""
    right, judged, misses = 0, 0, []
    for item in yaml.safe_load((HERE / file).read_text(encoding="utf-8")):
        goal = Goal(item["text"], owner=item.get("owner", ""), parent=item.get("parent", ""))
        verdict = check(goal, TODAY, history=item.get("history", ()))
        want = {letter: "pass" if letter in item["holds"] else "fail" for letter in "SMRT"}
        want |= {"A": item["a"]} if "a" in item else {}
        for letter, status in want.items():
            found = verdict.letters[letter]  # type: ignore[index]
            judged += 1
            right += found.status == status
            if found.status != status:
                misses.append(
                    f"{letter} {found.status}, not {status}: {item['text']} {list(map(str, found.evidence))}"
                )
    return right, judged, misses


def statuses(text: str) -> str:
    return "".join(
        letter for letter, found in check(Goal(text), TODAY).letters.items() if found.status == "pass"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_labelled_goals_are_judged_as_a_person_judged_them(lang: str) -> None:
    right, judged, misses = score(f"labelled_{lang}.yaml")
    print(f"{lang}: {right} of {judged} letters as labelled", *misses, sep="\n")  # noqa: T201  (the misses are the point)
    assert judged >= 160
    assert right / judged >= 0.90, misses


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_labelled_set_is_half_good_and_half_bad(lang: str) -> None:
    items = yaml.safe_load((HERE / f"labelled_{lang}.yaml").read_text(encoding="utf-8"))
    assert [item["holds"] == "SMRT" for item in items] == [True] * 20 + [False] * 20
    assert len({item["text"] for item in items}) == 40


@pytest.mark.parametrize(
    ("file", "letters", "reported"),
    [("fresh_zh", 80, 80), ("fresh_en", 80, 80), ("unseen_zh", 160, 154), ("unseen_en", 160, 148)],
)
def test_goals_the_lists_were_not_written_for_are_judged_no_worse_than_reported(
    file: str, letters: int, reported: int
) -> None:
    """docs/smart.md gives the figures as they came; the bound is two letters below them, for KPIs that are added."""
    right, judged, misses = score(f"{file}.yaml")
    assert judged == letters
    assert right >= reported - 2, misses


@pytest.mark.parametrize(("text", "holds"), [
    ("Customer success lifts renewals", "S"),
    ("Revenue grows in the second half", "T"),  # what grows is a KPI and nobody who does it
    ("昆明代表处提高铺货率", "S"),
    ("全部门店提高铺货率", ""),  # 全部 is no department
    ("冲刺1个亿", "M"),
    ("培训20%", "M"),
    ("我们要增长20%", ""),
    ("多跑市场，属于公司二季度销售目标的一部分", "R"),
    ("完成公司二季度目标", "T"),  # the goal itself is no purpose
    ("多跑市场，为公司上市打基础", "R"),
])  # fmt: skip
def test_rules_that_need_no_word_list(text: str, holds: str) -> None:
    assert statuses(text) == holds


def test_evidence_is_the_words_of_the_goal() -> None:
    verdict = check(Goal(GOOD), TODAY)
    evidence = {letter: [str(one) for one in found.evidence] for letter, found in verdict.letters.items()}
    assert evidence["S"] == ["新签客户", "华东区", "华东"]
    assert evidence["M"] == ["30家", "New customers"]
    assert evidence["R"] == ["以支撑公司全年新客户120家的目标"]
    assert evidence["T"] == ["2027年9月30日", "2027-09-30"]
    assert (verdict.kpi, verdict.target, verdict.smart) == ("new_customers", 30, True)


@pytest.mark.parametrize(
    ("text", "kpi"),
    [
        ("努力让客户满意", "csat"),
        ("多签约", "wins"),
        ("多找新客户", "new_customers"),
        ("提高业绩", "revenue_booked"),
        ("make customers happy", "csat"),
        ("more revenue", "revenue_booked"),
        ("find new customers", "new_customers"),
    ],
)
def test_a_goal_without_a_number_is_offered_a_kpi(text: str, kpi: str) -> None:
    found = check(Goal(text), TODAY).letters["M"]
    assert found.status == "fail"
    assert kpis()[kpi].en in str(found.remedy)
    with language("zh"):
        assert kpis()[kpi].zh in str(found.remedy)


def test_a_number_without_a_kpi_and_one_of_another_unit_measure_nothing() -> None:
    assert "M" not in statuses("我们要增长20%")
    assert "M" not in statuses("回款率提高到300万元")
    assert "M" in statuses("回款率提高到92%")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("签约额120万元", 1_200_000),
        ("签约额三百万元", 3_000_000),
        ("签约额从80万元提升到1.2亿元", 120_000_000),
        ("bookings of $1.5 million", 1_500_000),
        ("bookings of $180k", 180_000),
        ("回款率由82%提升到90%", 0.9),
        ("新签客户三十家", 30),
        ("sign twelve new customers", 12),
        ("成交周期缩短到3周", 21),
        ("签约额提升10%", 110),
        ("成交周期缩短10%", 90),
        ("bookings double", 200),
        ("bookings triple", 300),
        ("签约额翻两番", 400),
        ("halve complaints and the sales cycle", 50),
        ("bookings reach 120% of last year", 120),
        ("bookings grow to 120%", 120),
        ("签约额达到100%", 100),
        ("签约额增长100%", 200),
        ("120% more bookings", 220),
        ("签约额达到去年的90%", 90),
        ("2026年30%的签约额增长", 130),
        ("签约额提升三成", 130),
        ("签约额达到五千万", 5e7),
        ("签约额达到5千万", 5e7),
        ("签约额达到3亿5000万元", 3.5e8),
        ("签约额达到一亿两千万元", 1.2e8),
        ("新签客户一百零二家", 102),
        ("bookings up by 20k", 20_100),
        ("成交周期缩短10天", 90),
        ("成交周期缩短到10天", 10),
        ("成交周期缩短到两天", 2),
        ("cut the sales cycle by 2 weeks", 86),
        ("订单处理时间压缩到30分钟", 1 / 16),
        ("order processing time down to 240 minutes", 0.5),
        ("新客户增加5家", 105),
        ("增加5家新客户", 5),
        ("赢单率达到30%，提升5个百分点", 0.3),
        ("赢单率提升5个百分点", 100.05),
        ("赢单率多5个百分点", 100.05),
        ("客户流失率降低1个百分点", 99.99),
    ],
)
def test_the_target_is_read_in_the_unit_of_the_kpi(text: str, value: float) -> None:
    assert check(Goal(text), TODAY, history=[100]).target == pytest.approx(value)


def test_a_number_in_words_without_a_unit_counts_nothing() -> None:
    assert read_goal("East signs two of them", TODAY).numbers == ()
    assert [one.words for one in read_goal("East signs 2 of them", TODAY).numbers] == ["2"]


@pytest.mark.parametrize("text", ["成交周期缩短10天", "bookings double", "bookings at 120% of last year"])
def test_a_step_without_a_past_value_has_no_target(text: str) -> None:
    assert check(Goal(text), TODAY).target is None


def test_double_a_share_is_twice_the_share_and_not_a_hundred_points_more() -> None:
    assert check(Goal("double the win rate"), TODAY, history=[0.2]).target == pytest.approx(0.4)


def test_fields_count_before_the_text() -> None:
    fields = Goal("", owner="An", kpi="wins", target=5, parent="G1", due=date(2027, 6, 1))
    verdict = check(fields, TODAY)
    assert {letter: found.status for letter, found in verdict.letters.items()} == {
        "S": "pass", "M": "pass", "A": "unknown", "R": "pass", "T": "pass",
    }  # fmt: skip
    assert check(Goal(GOOD, due=date(2027, 5, 11)), TODAY).letters["T"].status == "fail"
    with pytest.raises(UserError, match="no such KPI"):
        check(Goal(kpi="profitt"), TODAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("East wins 12 new customers by 29 February 2029", "29 February 2029"),
        ("East wins 12 new customers by June 31, 2027", "June 31, 2027"),
        ("华东区2029年2月29日前新签客户12家", "2029年2月29日"),
        ("华东区在2027-06-31前新签客户12家", "2027-06-31"),
    ],
)
def test_a_day_that_the_calendar_does_not_have_is_no_deadline(text: str, day: str) -> None:
    # It was read as the month or the whole year, and its day as a number of the goal.
    found = check(Goal(text), TODAY).letters
    assert (found["T"].status, found["T"].evidence) == ("fail", (day,))
    assert str(found["T"].remedy) == f"{day} is no day of the calendar; correct it."
    assert found["M"].status == "pass"
    assert not any(str(word).strip() in {"29", "31"} for word in found["M"].evidence)
    good = check(Goal(text.replace("2029", "2028").replace("31", "30")), TODAY).letters["T"]
    assert good.status == "pass"
    assert check(Goal(text, due=date(2027, 6, 30)), TODAY).letters["T"].status == "pass"


def test_today_is_not_past() -> None:
    assert check(Goal("", due=TODAY), TODAY).letters["T"].status == "pass"


def test_achievable_against_runs_of_the_model() -> None:
    runs = [float(value) for value in range(1, 101)]  # P10 10.9, P90 90.1
    said = {
        target: check(Goal(kpi="wins", target=target), TODAY, simulated=runs).letters["A"]
        for target in (95, 90, 11, 5, 200)
    }
    assert [found.status for found in said.values()] == ["stretch", "pass", "pass", "pass", "stretch"]
    assert "6% chance in the model" in str(said[95].remedy)
    assert "None of 100 runs" in str(said[200].remedy)
    assert "asks for little" in str(said[5].remedy)
    with language("zh"):
        assert "模型中达成概率6%" in str(said[95].remedy)


def test_where_lower_is_better_a_low_target_is_the_stretch() -> None:
    runs = [float(value) for value in range(1, 101)]
    low, high = (
        check(Goal(kpi="cycle_days", target=target), TODAY, simulated=runs).letters["A"] for target in (6, 95)
    )
    assert (low.status, high.status) == ("stretch", "pass")
    assert "6% chance" in str(low.remedy)
    assert str(high.remedy) == "95% chance in the model: it asks for little."


def test_achievable_against_history_allows_one_usual_step_beyond_the_best() -> None:
    past = [100, 110, 105, 115]  # steps 10, 5, 10: the usual one is 10
    verdicts = {
        target: check(Goal(kpi="wins", target=target), TODAY, history=past).letters["A"].status
        for target in (90, 115, 125, 126)
    }
    assert verdicts == {90: "pass", 115: "pass", 125: "pass", 126: "stretch"}
    reached = sum(value >= 115 for value in past)
    evidence = check(Goal(kpi="wins", target=115), TODAY, history=past).letters["A"].evidence
    assert 0 < reached < len(past) / 2
    assert str(evidence[0]).startswith(f"reached in {reached} of {len(past)} past periods")
    assert check(Goal(kpi="wins", target=9), TODAY).letters["A"].status == "unknown"


def test_where_lower_is_better_history_is_read_from_the_other_end() -> None:
    past = [20, 18, 19, 16]  # best 16, steps 2, 1, 3: the usual one is 2
    verdicts = {
        target: check(Goal(kpi="cycle_days", target=target), TODAY, history=past).letters["A"].status
        for target in (20, 14, 13)
    }
    assert verdicts == {20: "pass", 14: "pass", 13: "stretch"}
    found = check(Goal(kpi="cycle_days", target=18), TODAY, history=past).letters["A"]
    assert [str(words) for words in found.evidence] == [
        "reached in 2 of 4 past periods; best 16, usual step 2, target 18"
    ]


def test_one_past_value_has_no_usual_step() -> None:
    verdicts = {
        target: check(Goal(kpi="wins", target=target), TODAY, history=[10]).letters["A"].status
        for target in (10, 11)
    }
    assert verdicts == {10: "pass", 11: "stretch"}


def test_an_owner_without_an_object_is_not_specific() -> None:
    found = check(Goal("我要更努力"), TODAY).letters["S"]
    assert found.status == "fail"
    assert "what is to change" in str(found.remedy)
    assert "who answers for it" in str(check(Goal("签约额"), TODAY).letters["S"].remedy)
    assert "where or for whom" in str(check(Goal("我们的签约额"), TODAY).letters["S"].remedy)


def test_runs_count_before_history_and_never_fail() -> None:
    found = check(Goal(kpi="wins", target=10**9), TODAY, history=[1], simulated=[1, 2]).letters["A"]
    assert found.status == "stretch"
    assert check(Goal(kpi="wins", target=1), TODAY, simulated=[float("nan")]).letters["A"].status == "unknown"


def test_a_person_may_overrule_with_a_note_and_the_rule_stays_beside_it() -> None:
    verdict = check(Goal("提高业绩"), TODAY)
    changed = verdict.overridden("R", "pass", "已在会上对齐", by="经理")
    assert changed.letters["R"].final == "pass"
    assert changed.letters["R"].status == "fail"
    assert changed.letters["R"].override is not None
    assert verdict.letters["R"].override is None
    with pytest.raises(UserError, match="write a note"):
        verdict.overridden("R", "pass", "  ")
    with pytest.raises(UserError, match="no such verdict"):
        verdict.overridden("X", "pass", "why")  # type: ignore[arg-type]


def test_mending_what_the_remedies_say_makes_a_goal_pass() -> None:
    """The clinic: each step does what the remedy asks, and the letter turns."""
    steps = ["提高业绩", "华东区提高签约额", "华东区签约额提高到500万元", "华东区9月底前签约额提高到500万元"]
    steps.append(steps[-1] + "，支撑公司全年目标")
    assert [statuses(text) for text in steps] == ["", "S", "SM", "SMT", "SMRT"]


def test_a_number_of_the_purpose_is_not_the_target() -> None:
    verdict = check(Goal("华东区多签新客户，以支撑公司全年120家的目标"), TODAY)
    assert verdict.letters["M"].status == "fail"
    assert check(Goal("华东区新签客户9家，支撑公司2027年目标"), TODAY).letters["T"].status == "fail"


def test_the_word_lists_name_kpis_that_there_are() -> None:
    assert set(words()["kpis"]) <= set(kpis())
    assert {rule["kpi"] for rule in words()["suggest"]} <= set(kpis())


@pytest.mark.parametrize("name", sorted(words()["kpis"]))
def test_every_kpi_is_known_by_its_own_names(name: str) -> None:
    declared = kpis()[name]
    for said in (declared.zh.split("（")[0], declared.en.split("(")[0].split("÷")[0].lower().strip()):
        assert read_goal(said, TODAY).kpis, said


def test_remedies_are_one_sentence_in_both_languages() -> None:
    for text in ("", "提高业绩", "签约额", "我们的签约额", "improve bookings", "去年底前", "12 visits"):
        for found in check(Goal(text), TODAY).letters.values():
            if isinstance(found.remedy, Text):
                english = str(found.remedy)
                with language("zh"):
                    chinese = str(found.remedy)
                assert english.endswith(".")
                assert chinese.endswith("。")
                assert chinese.isascii() is False


PIECES = st.sampled_from(
    ["华东区", "我们", "I ", "will ", "签约额", "30家", "提升", "到", "90%", "6月底", "by ", "June ", "以支撑", "公司", "目标",
     "to support ", "the company ", "goal", ",", "。", "新客户", "三百万元", "$5k ", "王伟", "Anna Li ", " ", "从", "\n"]
)  # fmt: skip
TEXTS = st.text(max_size=80) | st.lists(PIECES, max_size=20).map("".join)


@given(TEXTS, st.sampled_from(["", " ", "\n\t", "　", "  \r\n "]))
@example("由李", " ")
@settings(deadline=None)
def test_any_text_is_judged_and_white_space_around_it_changes_nothing(text: str, space: str) -> None:
    verdict, other = (check(Goal(one), TODAY) for one in (text, f"{space}{text}{space}"))
    assert list(verdict.letters) == list(LETTERS)
    for letter, found in verdict.letters.items():
        mirror = other.letters[letter]
        assert (found.status, [str(one) for one in found.evidence]) == (
            mirror.status,
            [str(one) for one in mirror.evidence],
        )
        if found.status == "fail":
            assert found.remedy is not None


@given(TEXTS)
@settings(deadline=None)
def test_a_parent_and_a_date_settle_their_letters_whatever_the_text(text: str) -> None:
    found = check(Goal(text, parent="G1", due=TODAY), TODAY).letters
    settled: tuple[Letter, ...] = ("R", "T")
    assert all(found[letter].status == "pass" for letter in settled)


def test_a_long_text_is_read_in_time() -> None:
    import time

    begun = time.perf_counter()
    check(Goal("华东区团队签约额提升到90%以支撑公司目标 " * 200 + "a b c d e f g " * 200), TODAY)
    assert time.perf_counter() - begun < 5
