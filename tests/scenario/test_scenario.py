"""A scenario is frozen, derives without touching its base, has a stable digest and comes back from YAML."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kpisim.scenario import (
    Bonus,
    Change,
    Communication,
    Department,
    Incentive,
    KpiScheme,
    Market,
    Matrix,
    Scenario,
    Stage,
    Target,
    Tier,
    TimeBox,
    Workload,
    library,
    load,
    paths,
    save,
)
from kpisim.scenario.declared import Parameter, parameters
from kpisim.scenario.errors import first_error
from kpisim.scenario.fields import Section, par
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

CHANGED = {"changes": [{"at": "2027-04-01", "set": {"incentive.tiers": [{"attainment": 1, "rate": 0.05}]}}]}


def broken(values: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        Scenario().derive(values)
    return str(caught.value)


def rule_of(make: type[Section], **values: Any) -> str:
    try:
        make(**values)
    except ValidationError as problem:
        return str(first_error(problem, make))
    pytest.fail("nothing was refused")


# --- frozen ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["name", "team.size", "market.stages", "incentive.matrix.base"])
def test_nothing_can_be_assigned(path: str) -> None:
    holder: Any = Scenario()
    *above, last = path.split(".")
    for part in above:
        holder = getattr(holder, part)
    with pytest.raises(ValidationError, match="frozen"):
        setattr(holder, last, 1)


def test_nothing_can_be_changed_inside_a_dated_change() -> None:
    change = Scenario().derive(CHANGED).changes[0]
    for act in (
        lambda: change.set.update({"team.size": 1}),
        lambda: change.set.pop("incentive.tiers"),
        change.set.clear,
        lambda: change.set.__setitem__("incentive.tiers", ()),
        lambda: change.set["incentive.tiers"][0].__setitem__("rate", 1.0),
    ):
        with pytest.raises(TypeError, match="frozen"):
            act()
    assert isinstance(change.set["incentive.tiers"], tuple)


def test_a_caller_who_keeps_what_he_gave_changes_nothing() -> None:
    tiers = [{"attainment": 1.0, "rate": 0.05}]
    given_change = {"at": "2027-04-01", "set": {"incentive.tiers": tiers}}
    made = Scenario().derive({"incentive.tiers": tiers, "changes": [given_change]})
    before = made.digest()
    tiers[0]["rate"] = 0.9
    tiers.append({"attainment": 2.0, "rate": 0.9})
    given_change["set"] = {}
    assert made.digest() == before


def test_derive_leaves_the_base_and_the_values_as_they_were() -> None:
    base, values = Scenario(), {"incentive": {"commission_rate": 0.05}, "incentive.commission_rate": 0.08}
    before = base.model_dump_json()
    made = base.derive(values, name="variant")
    assert (made.incentive.commission_rate, made.name) == (0.08, "variant")
    assert base.model_dump_json() == before
    assert values == {"incentive": {"commission_rate": 0.05}, "incentive.commission_rate": 0.08}


def test_derive_takes_declarations_as_well_as_plain_values() -> None:
    made = Scenario().derive(
        {"incentive.tiers": (Tier(attainment=1, rate=0.05),), "incentive.tiers.0.rate": 0.06}
    )
    assert made.incentive.tiers == (Tier(attainment=1, rate=0.06),)
    market = Scenario().derive({"market": Market(deal_value=1.0), "market.churn": 0.5}).market
    assert (market.deal_value, market.churn) == (1.0, 0.5)


@pytest.mark.parametrize("scenario", [Scenario(), Scenario().derive(CHANGED)], ids=["plain", "changed"])
def test_a_scenario_is_hashable_and_travels_to_other_processes(scenario: Scenario) -> None:
    assert hash(scenario) == hash(Scenario.parse(scenario.model_dump(mode="json")))
    for twin in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), copy.copy(scenario)):
        assert twin == scenario
        assert twin.digest() == scenario.digest()


def test_a_default_that_could_be_changed_is_refused() -> None:
    with pytest.raises(TypeError, match="tuple"):
        par([], unit="x", en="x", zh="x")


# --- digest ------------------------------------------------------------------------------------------------


def test_the_digest_is_the_same_in_every_process() -> None:
    code = (
        "from kpisim.scenario import load, Scenario; print(load('retail_peak').digest(), hash(''.join('ab')))"
    )
    seen = []
    for seed in ("0", "1", "12345"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        seen.append(done.stdout.split())
    assert {digest for digest, _ in seen} == {load("retail_peak").digest()}
    assert len({hashed for _, hashed in seen}) > 1, "the processes did differ in their hashes"


def test_the_digest_does_not_depend_on_texts_or_order_but_on_every_value() -> None:
    base = Scenario()
    assert (
        base.derive({"title_en": "x", "title_zh": "y", "story_en": "z", "story_zh": "w"}, "other").digest()
        == base.digest()
    )
    one = Scenario.parse({"team": {"size": 6, "impatience": 0.1}, "market": {"churn": 0.1}})
    two = Scenario.parse({"market": {"churn": 0.1}, "team": {"impatience": 0.1, "size": 6}})
    assert one.digest() == two.digest() != base.digest()
    assert base.derive({"currency": "EUR"}).digest() != base.digest()
    assert base.derive(CHANGED).digest() != base.digest()
    assert len({load(name).digest() for name in library()}) == len(library())


# --- YAML --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", library())
def test_library_scenarios_come_back_from_yaml(name: str, tmp_path: Path) -> None:
    scenario = load(name).derive(CHANGED)
    file = save(scenario, tmp_path / "方案 一.yaml")
    assert load(file) == scenario
    assert load(str(file)).digest() == scenario.digest()


def test_what_cannot_be_saved_is_told_in_a_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        save(Scenario(), tmp_path / "nowhere" / "plan.yaml")


def test_a_file_without_a_name_is_called_after_the_file(tmp_path: Path) -> None:
    file = tmp_path / "三月.yaml"
    file.write_text("team: {size: 3}\n", encoding="utf-8-sig")
    assert load(file).name == "三月"


def test_default_comes_first_and_titles_follow_the_language() -> None:
    assert library()[0] == "default"
    for name in library():
        scenario = load(name)
        assert scenario.name == name
        assert scenario.title() == scenario.title_en != ""
        assert scenario.story_en
        assert scenario.story_zh
        with language("zh"):
            assert scenario.title() == scenario.title_zh != ""
    assert Scenario(name="x").title() == "x"


# --- paths -------------------------------------------------------------------------------------------------


def test_items_of_a_list_are_reached_by_position_and_by_name() -> None:
    base = Scenario()
    by_name = base.derive({"communication.departments.customer service.people": 9})
    by_place = base.derive({"communication.departments.2.people": 9})
    assert by_name == by_place
    assert by_name.get("communication.departments.customer service.people") == 9
    assert base.derive({"market.weekday_profile.0": 2}).market.weekday_profile[0] == 2.0
    assert base.get("market.stages.proposal.rep_hours") == base.market.stages[2].rep_hours


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("team.siez", "did you mean team.size?"),
        ("teem.size", "did you mean team.size?"),
        ("siez", "did you mean team.size?"),
        ("team.commission_rate", "did you mean incentive.commission_rate?"),
        ("team.zzzz", "known names: effort_cost, exit_contagion"),
        ("market.stages.propsal.rep_hours", "known items: lead, qualified, proposal, negotiation"),
        ("market.season.12", "known items: 0, 1,"),
        ("market.season.²", "known items: 0, 1,"),
        ("market.season.-1", "known items: 0, 1,"),
        ("workload.time_boxes.0.hours", "workload.time_boxes is an empty list; set it as a whole"),
        ("team.size.more", "team.size has no parts; set it as a whole"),
        ("zzzz", "known names:"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_to_go(path: str, said: str) -> None:
    message = broken({path: 1})
    assert message.startswith(f"{path}: unknown parameter; ")
    assert said in message
    with pytest.raises(UserError, match="unknown parameter"):
        Scenario().get(path)


def test_paths_lists_sections_before_their_fields() -> None:
    found = paths()
    assert found.index("team") < found.index("team.size")
    assert "incentive.matrix.base" in found
    assert len(found) == len(set(found))


def values_of(one: Parameter) -> st.SearchStrategy[Any]:
    """Return a strategy of valid values of a single number, word or yes/no."""
    if one.choices:
        return st.sampled_from(one.choices)
    if one.annotation is bool:
        return st.booleans()
    if one.annotation is int:
        return st.integers(one.low, one.high)
    return st.floats(one.low, one.high, exclude_min=one.low_open, exclude_max=one.high_open)


SINGLE = [
    one
    for one in parameters()
    if "*" not in one.path and (one.choices or one.annotation in {bool, int, float})
]


@given(st.sampled_from(SINGLE).flatmap(lambda one: st.tuples(st.just(one.path), values_of(one))))
def test_what_is_derived_is_what_one_gets(drawn: tuple[str, Any]) -> None:
    path, value = drawn
    base = Scenario()
    made = base.derive({path: value})
    assert made.get(path) == value
    same = made.derive({path: base.get(path)})
    assert same == base
    assert (made.digest() == base.digest()) == (value == base.get(path))
    assert Scenario.parse(made.model_dump(mode="json")) == made


@given(st.data())
def test_order_of_independent_settings_does_not_matter(data: st.DataObject) -> None:
    chosen = data.draw(
        st.lists(st.sampled_from(SINGLE), min_size=2, max_size=4, unique_by=lambda one: one.path)
    )
    values = {one.path: data.draw(values_of(one)) for one in chosen}
    turned = dict(reversed(values.items()))
    assert Scenario().derive(values) == Scenario().derive(turned)


# --- dated changes -----------------------------------------------------------------------------------------


def test_changes_count_from_their_day_on_in_the_order_of_dates() -> None:
    scenario = Scenario().derive(
        {
            "changes": [
                {"at": "2027-07-01", "set": {"incentive.commission_rate": 0.07, "kpi.quota": 1e6}},
                {"at": "2027-04-01", "set": {"incentive.commission_rate": 0.05}},
            ]
        }
    )
    rates = [
        scenario.at(day).incentive.commission_rate
        for day in (date(2027, 3, 31), date(2027, 4, 1), date(2027, 7, 1))
    ]
    assert rates == [0.03, 0.05, 0.07]
    assert scenario.at(date(2027, 3, 31)) is scenario
    assert scenario.at(date(2027, 7, 1)).kpi.quota == 1e6
    assert scenario.at(date(2027, 7, 1)).changes == ()


def test_a_later_change_reaches_into_what_an_earlier_one_set_as_a_whole() -> None:
    deep, whole = "communication.departments.legal.people", "communication.departments"
    scenario = Scenario().derive(
        {
            "communication.departments": [{"name": "legal", "people": 1}],
            "changes": [
                {"at": "2027-02-01", "set": {deep: 2}},
                {"at": "2027-03-01", "set": {whole: [{"name": "legal", "people": 3}]}},
                {"at": "2027-04-01", "set": {deep: 4}},
            ],
        }
    )
    people = [scenario.at(date(2027, month, 1)).get(deep) for month in (1, 2, 3, 4)]
    assert people == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"at": "2027-04-01", "set": {"incentive.comission_rate": 0.1}},
            "did you mean incentive.commission_rate?",
        ),
        ({"at": "2027-04-01", "set": {"team.size": 3}}, "team.size: cannot change during a run"),
        ({"at": "2027-04-01", "set": {"calendar.weeks": 3}}, "calendar.weeks: cannot change during a run"),
        (
            {"at": "2027-04-01", "set": {"incentive.commission_rate": 7}},
            "incentive.commission_rate: 7.0 is above 1",
        ),
        (
            {"at": "2027-04-01", "set": {"incentive.commission_rate": "x"}},
            "incentive.commission_rate: x is not a number",
        ),
        ({"at": "2027-04-01", "set": {"market.stages": [{"name": "lead"}]}}, "may not add or remove stages"),
        (
            {"at": "2026-01-01", "set": {}},
            "changes.0.at: 2026-01-01 is no day of the run; give one from 2026-10-05",
        ),
        ({"at": "2029-01-01", "set": {}}, "to 2028-01-02"),
        ({"at": "2027-04-31", "set": {}}, "changes.0.at: 2027-04-31 is not a date"),
        ({"at": "2027-04-01", "sett": {}}, "changes.0.sett: unknown parameter; did you mean changes.0.set?"),
    ],
)
def test_a_change_that_would_fail_during_the_run_fails_before(change: dict[str, Any], said: str) -> None:
    assert said in broken({"changes": [change]}).replace(" 7 is", " 7.0 is")


def test_a_change_with_only_a_date_changes_nothing() -> None:
    scenario = Scenario().derive({"changes": [{"at": "2027-04-01"}]})
    assert dict(scenario.changes[0].set) == dict(Change().set) == {}
    assert scenario.at(date(2027, 5, 1)).derive({"changes": ()}) == Scenario()


# --- rules over several values -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "values", "said"),
    [
        (
            Incentive,
            {"tiers": (Tier(attainment=1.2), Tier(attainment=1.0))},
            "tiers: tiers must start at rising",
        ),
        (Incentive, {"tiers": (Tier(attainment=1.0), Tier(attainment=1.0))}, "take doubles out"),
        (Incentive, {"cap": 0.4, "threshold": 0.5}, "cap: the cap lies below the threshold"),
        (Incentive, {"contest_prizes": (100.0, -1.0)}, "contest_prizes.1: -1.0 is below 0"),
        (Incentive, {"bonuses": ({"attainment": -1},)}, "bonuses.0.attainment: -1 is below 0"),
        (
            Matrix,
            {"coefficient": ((1.0, 1.0, 1.0),)},
            "coefficient: the shape does not fit the edges; give one row",
        ),
        (Matrix, {"coefficient": ((1.0,), (1.0,), (1.0,))}, "coefficient: the shape"),
        (Matrix, {"attainment": (1.0, 0.8, 1.2)}, "attainment: the edges must rise"),
        (Matrix, {"collection": (0.7, 0.7, 0.9)}, "collection: the edges must rise"),
        (Matrix, {"base": -1.0}, "base: -1.0 is below 0"),
        (
            Workload,
            {"time_boxes": (TimeBox(hours=3), TimeBox(start_hour=2.5))},
            "time_boxes: time boxes overlap",
        ),
        (Market, {"weekday_profile": (0.0,) * 7}, "weekday_profile: all weekdays are 0; give at least one"),
        (Market, {"stages": (Stage(), Stage())}, "stages: a stage stands there twice"),
        (Market, {"complaint_return": (0.1, 0.2, 1.2)}, "complaint_return.2: 1.2 is above 1"),
        (Communication, {"departments": (Department(name="a"), Department(name="a"))}, "a name of its own"),
        (
            KpiScheme,
            {"targets": (Target(name="a"), Target(name="a"))},
            "targets: two targets have one name",
        ),
        (
            KpiScheme,
            {"targets": (Target(name="a", parent="b"),)},
            "a names the parent b, which does not exist",
        ),
        (KpiScheme, {"targets": (Target(name="a", parent="a"),)}, "the targets a → a form a circle"),
        (
            KpiScheme,
            {
                "targets": (
                    Target(name="x", parent="a"),
                    Target(name="a", parent="b"),
                    Target(name="b", parent="a"),
                )
            },
            "the targets a → b → a form a circle",
        ),
    ],
)
def test_rules_over_several_values(make: type[Section], values: dict[str, Any], said: str) -> None:
    assert said in rule_of(make, **values)


def test_boxes_that_touch_and_edges_that_rise_are_fine() -> None:
    boxes = tuple(TimeBox(start_hour=0.1 * k, hours=0.1) for k in range(10))
    assert len(Workload(time_boxes=boxes).time_boxes) == 10
    assert Incentive(cap=0.5, threshold=0.5, tiers=(Tier(attainment=0), Tier(attainment=1))).cap == 0.5
    assert Incentive(bonuses=(Bonus(), Bonus())).bonuses
    tree = (Target(name="c", parent="b"), Target(name="b", parent="a"), Target(name="a"))
    assert KpiScheme(targets=tree).targets == tree


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"team.size": True}, "team.size: yes is not a number"),
        ({"incentive.cap": True}, "incentive.cap: yes is not a number"),
        ({"market.season": [True] + [1] * 11}, "market.season.0: yes is not a number"),
        ({"incentive.matrix.coefficient": [[True, 1, 1]] * 3}, "incentive.matrix.coefficient.0.0: yes is not a number"),
        ({"calendar.start": 20270104}, "calendar.start: 20270104 is not a date"),
        ({"calendar.holidays": [5]}, "calendar.holidays.0: 5 is not a date"),
        ({"calendar.holidays": 5}, "calendar.holidays: 5 is not a"),
        ({"team.size": float("nan")}, "team.size: nan is not"),
        ({"team.impatience": float("inf")}, "team.impatience: inf is not a finite number"),
        ({"team.size": None}, "team.size: null is not a whole number"),
        ({"team.size": 7.5}, "team.size: 7.5 is not a whole number"),
        ({"team.size": ""}, 'team.size: "" is not a whole number'),
        ({"name": ""}, "name: the text is empty"),
        ({"name": 5}, "name: 5 is not a text"),
        ({"team": 5}, "team: 5 is not names with values"),
        ({"market.season": [1, 2]}, "market.season: "),
        ({"workload.policy": "urgent"}, "did you mean urgent_first?"),
        ({"calendar.start": "1066-10-14"}, "calendar.start: 1066-10-14 is below 1980-01-01"),
        ({"calendar.holidays": [f"2027-01-{d:02}" for d in range(1, 32)], "calendar.weeks": 1, "calendar.warmup_weeks": 0}, "no working day is left"),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind(values: dict[str, Any], said: str) -> None:
    assert said in broken(values)


def test_numbers_written_as_texts_are_taken_as_people_mean_them() -> None:
    assert Scenario().derive({"team.size": "6", "team.impatience": "1e-1"}).get("team.impatience") == 0.1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "name: x\nteam:\n  size: 0\n",
            "a.yaml, line 3: team.size: 0 is below 1; give a value from 1 to 1000",
        ),
        (
            "team: {size: 8}\n\nteem: {size: 8}\n",
            "a.yaml, line 3: teem: unknown parameter; did you mean team?",
        ),
        (
            "changes:\n  - at: 2027-04-01\n    set: {incentive.commission_rate: 8}\n",
            "a.yaml, line 3: changes.0.set: incentive.commission_rate: 8 is above 1; give a value from 0 to 1",
        ),
        (
            "incentive: {bonuses: [{attainment: 1.0, amount: -5}]}\n",
            "a.yaml, line 1: incentive.bonuses.0.amount: -5 is below 0; give a value from 0 to 1000000000",
        ),
        ("name: x\n\nkpi: {targets: 3}\n", "a.yaml, line 3: kpi.targets: 3 is not a list"),
    ],
)
def test_a_wrong_value_of_a_file_is_named_with_its_line_and_its_range(
    text: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text, encoding="utf-8")
    with language("en"), pytest.raises(UserError) as caught:
        load(file)
    assert str(caught.value).startswith(says)


def test_what_differs_is_named_by_section_and_field_now_or_later() -> None:
    base = load("default")
    assert base.differs_from(base) == set()
    now = base.derive({"incentive.commission_rate": 0.07, "communication.departments.product.people": 9})
    assert now.differs_from(base) == {"incentive.commission_rate", "communication.departments"}
    assert base.differs_from(now) == now.differs_from(base)
    later = base.derive({"changes": [{"at": "2027-04-01", "set": {"workload.admin_per_day": 1}}]})
    assert later.differs_from(base) == {"workload.admin_per_day"}
    # A name says nothing about what is played.
    assert base.derive({}, name="mine").differs_from(base) == set()
