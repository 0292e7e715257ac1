"""Sheets: what is kept of what somebody types, and what the checks say about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.course import sheets
from kpisim.sheets import Sheet, check, tidy
from kpisim.sheets.check import LONGEST, sentences
from kpisim.sheets.shown import label, shown
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit
TODAY = date(2027, 3, 1)


def words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


SHEET = Sheet.model_validate(
    {
        "name": "plan",
        "title": words("Plan", "计划"),
        "rows": [2, 5],
        "fields": [
            {"name": "what", "label": words("What", "做什么"), "rule": "behaviour"},
            {"name": "count", "label": words("How many", "多少"), "kind": "number", "low": 0, "high": 100},
            {"name": "when", "label": words("By when", "期限"), "kind": "date", "rule": "dated"},
            {"name": "area", "label": words("Area", "方面"), "kind": "choice", "required": False,
             "choices": [{"value": "team", "label": words("team", "团队")}]},
        ],
    }
)  # fmt: skip


def one(**cells: Any) -> Sheet:
    return Sheet.model_validate(
        {
            "name": "x",
            "title": words("X", "X"),
            "fields": [{"name": "text", "label": words("Text", "内容"), **cells}],
        }
    )


def test_what_is_typed_is_tidied_and_nothing_else() -> None:
    rows = tidy(
        SHEET,
        [
            {
                "what": "  每周一 晨会  表扬一次 ",
                "count": "1，000".replace("，000", ""),
                "when": " 2027-04-01 ",
            },
            {"what": " "},
        ],
    )
    assert rows == [{"what": "每周一 晨会 表扬一次", "count": 1.0, "when": "2027-04-01", "area": None}]
    assert tidy(SHEET, rows) == rows


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"count": "many"}, "many is not a number"),
        ({"count": "101"}, "101 is out of range; give 0 to 100"),
        ({"count": "nan"}, "nan is not a number"),
        ({"when": "next week"}, "next week is not a date"),
        ({"area": "moon"}, "moon cannot be chosen; choose one of team"),
    ],
)
def test_a_wrong_kind_gets_one_line(cells: dict[str, str], says: str) -> None:
    with pytest.raises(UserError) as problem:
        tidy(SHEET, [cells])
    assert says in str(problem.value)
    with language("zh"):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in str(problem.value))


def test_what_is_missing_is_named() -> None:
    rows = tidy(SHEET, [{"what": "每周一晨会表扬一次", "when": "2027-02-01"}])
    said = [(remark.row, remark.field, str(remark.text)) for remark in check(SHEET, rows, TODAY)]
    assert said == [
        (1, "", "fill in at least 2 rows"),
        (0, "count", "How many: still empty"),
        (0, "when", "By when: 2027-02-01 is past; choose a day to come"),
    ]


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        ("behaviour", "加强团队合作", "每次丢单后两天内，主管当面复盘一次"),
        ("behaviour", "improve teamwork", "every Monday each rep thanks one colleague by name"),
        ("countable", "更多拜访", "每周拜访8家"),
        ("short", "一。二。三。四。", "请周五前回复。谢谢。"),
        ("asks", "最近很忙", "请周五前确认交期"),
        ("deadline", "请尽快确认", "请在3月20日前确认"),
        ("smart", "提高业绩", "华东区张伟在2027年6月30日前新签客户12家"),
    ],
)
def test_each_rule_tells_good_from_bad(rule: str, bad: str, good: str) -> None:
    sheet = one(rule=rule, kind="long")
    assert check(sheet, tidy(sheet, [{"text": bad}]), TODAY)
    assert not check(sheet, tidy(sheet, [{"text": good}]), TODAY)


ASKED = (
    "确认A医院气源接口型号", "下次中午前给我一个能发的版本", "周三前发我报价单", "把接口型号填在单子上",
    "每周一上午发一份发货清单", "confirm the connector for hospital A", "By noon, send me the list",
    "Next time, call me before six", "I need the quote from you by noon.",
)  # fmt: skip
NOT_ASKED = (
    "客户很着急",
    "报价单六点才发出",
    "已经回复客户了",
    "the quote went out at six",
    "The customer is waiting",
)
IN_TIME = (
    "周三12:00",
    "下班前",
    "20号",
    "24小时内",
    "下午三点",
    "月底",
    "Wednesday 12:00",
    "by noon",
    "by the 20th",
)
WHENEVER = ("尽快", "早一点", "有空的时候", "as soon as possible", "when you have a moment")


@pytest.mark.parametrize(
    ("rule", "bad", "good"), [("asks", NOT_ASKED, ASKED), ("deadline", WHENEVER, IN_TIME)]
)
def test_a_plain_order_is_a_request_and_an_hour_a_date(
    rule: str, bad: tuple[str, ...], good: tuple[str, ...]
) -> None:
    sheet = one(rule=rule)
    assert [text for text in bad if not check(sheet, tidy(sheet, [{"text": text}]), TODAY)] == []
    assert [text for text in good if check(sheet, tidy(sheet, [{"text": text}]), TODAY)] == []


def test_a_share_of_the_scorecard_may_be_typed_in_per_cent() -> None:
    card = sheets()["scorecard"]
    typed: list[dict[str, Any]] = [
        {"kpi": "csat", "target": "80%", "weight": "20%", "now": "百分之七十五"},
        {"kpi": "csat", "target": 80, "weight": 20, "now": 1.0},
        {"kpi": "workload", "target": 1.1, "weight": 20, "now": 5},
        {"kpi": "revenue_booked", "target": "65万", "weight": 40, "now": None},
        {"kpi": "workload", "target": 4.9, "weight": 20, "now": -1},
    ]
    rows = tidy(card, typed)
    assert [(row["target"], row["weight"], row["now"]) for row in rows] == [
        (0.8, 20, 0.75), (80, 20, 1), (1.1, 20, 5), (650_000, 40, None), (4.9, 20, -1),
    ]  # fmt: skip
    assert tidy(card, rows) == rows
    assert [(one.row, one.field, str(one.text)) for one in check(card, rows, TODAY)] == [
        (1, "target", "Target (0.8 for 80%): 80 would be 8,000%; write 80% or 0.8"),
        (
            2,
            "now",
            "Where it stands now, for the same period as the target: 5 would be 500%; write 80% or 0.8",
        ),
    ]
    # In a field between bounds a number in per cent is one.
    assert tidy(one(kind="number", low=0, high=30), [{"text": "15%"}]) == [{"text": 15.0}]
    assert tidy(one(kind="number"), [{"text": "15%"}]) == [{"text": 15.0}]


def test_a_task_that_is_handed_over_asks_for_a_name_and_no_other_does() -> None:
    week = sheets()["week_plan"]
    (field,) = (one for one in week.fields if one.rule == "delegated")
    rows = tidy(week, [{"task": name, "quadrant": name} for name in ("delegate", "do", "drop")])
    said = [one for one in check(week, rows, TODAY) if one.field == field.name]
    assert [(one.row, "to nobody yet" in str(one.text)) for one in said] == [(0, True)]


@pytest.mark.parametrize(
    ("low", "high", "range_"),
    [(0, 1_000_000, "0 to 1,000,000"), (0.5, 4, "0.5 to 4"), (None, 24, "… to 24"), (1, None, "1 to …")],
)
def test_a_range_is_told_as_people_write_it(low: float | None, high: float | None, range_: str) -> None:
    sheet = one(kind="number", low=low, high=high)
    outside = 1e9 if high is not None else 0
    with pytest.raises(UserError, match=f"out of range; give {range_}$"):
        tidy(sheet, [{"text": outside}])


def test_a_behaviour_of_four_signs_is_one_and_of_three_is_none() -> None:
    sheet = one(rule="behaviour")
    assert [bool(check(sheet, [{"text": text}], TODAY)) for text in ("当天回电", "回电话")] == [False, True]


@given(st.text(max_size=300))
def test_no_text_breaks_a_sheet(text: str) -> None:
    for rule in ("behaviour", "short", "asks", "deadline", "smart"):
        sheet = one(rule=rule, kind="long")
        check(sheet, tidy(sheet, [{"text": text}]), TODAY)


def test_a_long_answer_is_kept_whole_and_a_book_is_told() -> None:
    (row,) = tidy(one(kind="long"), [{"text": "字" * 10_000}])
    assert len(row["text"]) == 10_000
    with pytest.raises(UserError, match=f"{LONGEST + 1:,} signs; keep it below {LONGEST:,}"):
        tidy(one(kind="long"), [{"text": "字" * (LONGEST + 1)}])


@pytest.mark.parametrize(
    "typed", ["2027-03-01", "２０２７-０３-０１", "2027/3/1", "2027年3月1日", "2027.3.1"]
)
def test_a_date_may_be_typed_as_people_do(typed: str) -> None:
    assert tidy(one(kind="date"), [{"text": typed}]) == [{"text": "2027-03-01"}]


@pytest.mark.parametrize(
    ("typed", "number"), [("12.5万", 125_000.0), ("３亿", 3e8), ("¥1,200", 1200.0), ("三十", 30.0), ("12 %", 12.0)]
)  # fmt: skip
def test_a_number_may_be_typed_as_people_do(typed: str, number: float) -> None:
    assert tidy(one(kind="number"), [{"text": typed}]) == [{"text": number}]


@pytest.mark.parametrize(
    ("asked", "zh", "more", "said"),
    [
        ("Votes", "票数", {"required": False}, ("Votes (optional)", "票数（选填）")),
        ("Way (rounds 2, 3)", "方式（第2、3轮）", {"required": False}, ("Way (rounds 2, 3; optional)", "方式（第2、3轮；选填）")),
        ("Way (rounds 2, 3)", "方式（第2、3轮）", {}, ("Way (rounds 2, 3)", "方式（第2、3轮）")),
        ("I stop it", "我来停掉它", {"required": False, "kind": "flag"}, ("I stop it", "我来停掉它")),
    ],
)  # fmt: skip
def test_what_may_stay_empty_is_said_once(
    asked: str, zh: str, more: dict[str, Any], said: tuple[str, str]
) -> None:
    (field,) = one(label=words(asked, zh), **more).fields
    with language("en"):
        assert label(field) == said[0]
    with language("zh"):
        assert label(field) == said[1]


def test_a_scorecard_of_three_can_be_saved_and_is_told_that_five_are_wanted() -> None:
    card = SHEET.model_copy(update={"rule": "scorecard", "rows": (3, 7)})
    row = {"what": "每周一晨会表扬一次", "count": 3.0, "when": "2027-03-08"}
    with language("zh"):
        assert [str(one.text) for one in check(card, [row] * 3, TODAY)] == ["现在有3项KPI，建议选5到7项"]
        # Fewer than can be counted are told one thing, not two.
        assert [str(one.text) for one in check(card, [row] * 2, TODAY)] == ["至少要填好3行"]
    assert not check(card, [row] * 5, TODAY)


def test_sentences_are_counted_in_both_languages() -> None:
    assert [
        sentences(text) for text in ("请周五前回复。", "Please answer by 3.5. Thanks!", "", "一；二")
    ] == [1, 2, 0, 2]


@pytest.mark.parametrize(
    ("value", "said"),
    [(12_000_000.0, "12,000,000"), (0.8, "0.8"), (1e12, "1,000,000,000,000"), (2.5, "2.5"), (0.0, "0")],
)
def test_numbers_are_read_out_in_full(value: float, said: str) -> None:
    assert shown(SHEET.fields[1], value) == said


@pytest.mark.parametrize(
    ("typed", "kept"), [("1", 1.0), ("5", 5.0), ("五", 5.0), ("0.9", None), ("5.1", None)]
)
def test_a_scale_goes_from_one_to_five(typed: str, kept: float | None) -> None:
    sheet = one(kind="scale")
    if kept is None:
        with pytest.raises(UserError, match=f"{typed} is out of range; give 1 to 5"):
            tidy(sheet, [{"text": typed}])
    else:
        assert tidy(sheet, [{"text": typed}]) == [{"text": kept}]


def test_a_flag_is_yes_or_no_and_a_row_of_noes_is_empty() -> None:
    sheet = one(kind="flag")
    assert tidy(sheet, [{"text": 1}, {"text": None}, {"text": ""}, {"text": False}]) == [{"text": True}]
    assert check(sheet, [{"text": False}], TODAY) == []


@pytest.mark.parametrize(
    ("day", "fits"),
    [("2027-02-28", False), ("2027-03-01", False), ("2027-03-02", True), ("2028-02-29", True)],
)
def test_a_date_to_come_begins_tomorrow(day: str, fits: bool) -> None:
    sheet = one(kind="date", rule="dated")
    assert (check(sheet, tidy(sheet, [{"text": day}]), TODAY) == []) == fits


@pytest.mark.parametrize(
    "said", ["各位好，请大家多关注一下。", "我们一起努力做好", "Hi everybody, please pay attention."]
)
def test_attention_is_neither_seen_nor_asked_for(said: str) -> None:
    for rule in ("behaviour", "asks"):
        field = {"name": "x", "label": {"en": "X", "zh": "X"}, "kind": "long", "rule": rule}
        one = Sheet.model_validate({"name": "s", "title": {"en": "S", "zh": "S"}, "fields": [field]})
        assert check(one, [{"x": said}], date(2026, 11, 29)), (rule, said)
