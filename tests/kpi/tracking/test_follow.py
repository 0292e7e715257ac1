"""Following targets: pace, versions by date, notes on red, alerts; a run and an export alike."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.crm.follow import tracked_on
from kpisim.crm.load import load_export
from kpisim.crm.replay import as_of
from kpisim.kpi import measure_values
from kpisim.kpi.goals.targets import new_target, write_targets
from kpisim.kpi.tracking.aims import Aim, aims_of_table, aims_of_targets, names_of
from kpisim.kpi.tracking.follow import follow, percent_of
from kpisim.kpi.tracking.notes import Note, read_notes
from kpisim.kpi.tracking.words import track_lines
from kpisim.scenario.library import library as scenario_names
from kpisim.scenario.library import load as load_scenario
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.kpi.goals.targets import TargetHistory
    from kpisim.tables import Tables

pytestmark = pytest.mark.unit

JAN, APR, JUL, OCT = date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1), date(2027, 10, 1)


def every_day(tables: Tables) -> Tables:
    """Return the tables of a firm that works seven days a week."""
    span = (tables.meta.end - tables.meta.start).days
    days = tuple(tables.meta.start + timedelta(days=k) for k in range(span))
    return replace(tables, meta=replace(tables.meta, workdays=days))


def quota(value: float, kpi: str = "revenue_booked", **more: Any) -> TargetHistory:
    return new_target("quota", kpi, value, JAN, "plan", author="An", recorded_on=JAN, **more)


def test_42_of_100_after_30_of_92_days_is_a_pace_of_129(make: Any) -> None:
    orders = [{"account_id": "a", "booked": date(2027, 7, 1 + k), "value": 1.4} for k in range(30)]
    tables = every_day(make(JAN, OCT, orders=orders))
    [aim] = aims_of_targets([quota(100)], tables, date(2027, 7, 30))
    [row] = follow(tables, [aim], date(2027, 7, 30)).rows
    assert (aim.start, aim.end) == (JUL, OCT)
    assert row.done == pytest.approx(0.42)
    assert row.time == pytest.approx(30 / 92)
    assert row.pace == pytest.approx(1.288, abs=5e-4)
    assert row.light == "green"


@pytest.mark.parametrize(
    ("booked", "light"), [(32.61, "green"), (32.60, "amber"), (29.35, "amber"), (29.34, "red"), (0.0, "none")]
)
def test_lights_follow_the_pace(make: Any, booked: float, light: str) -> None:
    # 30 of 92 days: 32.609 is due; nine tenths of it 29.348.
    orders = [{"account_id": "a", "booked": date(2027, 7, 30), "value": booked}] if booked else []
    tables = every_day(
        make(JAN, OCT, orders=orders or [{"account_id": "a", "booked": date(2027, 8, 30), "value": 1}])
    )
    aim = Aim("q", "revenue_booked", "", None, JUL, OCT, 100.0)
    [row] = follow(tables, [aim], date(2027, 7, 30)).rows
    assert row.light == light


def test_fewer_is_better_turns_the_light_round(make: Any) -> None:
    opened = [{"opened": date(2027, 7, day)} for day in (1, 2, 3, 4, 5, 29)]
    tables = every_day(make(JAN, OCT, complaints=opened))
    for target, light in ((18.4, "green"), (17.0, "amber"), (16.0, "red")):  # 6.0, 5.54 and 5.22 are due
        aim = Aim("q", "complaints", "", None, JUL, OCT, target)
        [row] = follow(tables, [aim], date(2027, 7, 30)).rows
        assert row.light == light, target


def test_the_first_days_say_nothing(make: Any) -> None:
    orders = [{"account_id": "a", "booked": JUL, "value": 90.0}]
    tables = every_day(make(JAN, OCT, orders=orders))
    [row] = follow(tables, [Aim("q", "revenue_booked", "", None, JUL, OCT, 100.0)], date(2027, 7, 4)).rows
    assert (row.pace, row.light) == (None, "none")


def test_a_report_takes_the_version_known_and_in_force_on_its_day(make: Any) -> None:
    tables = every_day(make(JAN, OCT, orders=[{"account_id": "a", "booked": date(2027, 7, 2), "value": 5.0}]))
    target = quota(92.0).changed(
        184.0, date(2027, 8, 16), "two reps more", author="An", recorded_on=date(2027, 8, 10)
    )
    before, after = (
        aims_of_targets([target], tables, day)[0] for day in (date(2027, 8, 9), date(2027, 8, 10))
    )
    assert (before.target, before.reason) == (92.0, "plan")
    # 46 of 92 days at 92, 46 at 184; on the 10th the old version is still the one in force.
    assert after.target == pytest.approx(138.0)
    assert after.reason == "plan"
    assert aims_of_targets([target], tables, date(2027, 8, 16))[0].reason == "two reps more"
    # The old report comes out the same although the history has grown.
    assert before == aims_of_targets([quota(92.0)], tables, date(2027, 8, 9))[0]


def test_a_rate_takes_the_version_of_the_day_and_a_target_begins_with_its_first(make: Any) -> None:
    tables = every_day(make(JAN, OCT))
    csat = quota(0.8, "csat").changed(
        0.9, date(2027, 8, 16), "more", author="An", recorded_on=date(2027, 8, 1)
    )
    assert aims_of_targets([csat], tables, date(2027, 8, 15))[0].target == 0.8
    assert aims_of_targets([csat], tables, date(2027, 8, 16))[0].target == 0.9
    late = new_target("q", "wins", 10, date(2027, 8, 1), "new", author="An", recorded_on=date(2027, 7, 1))
    assert aims_of_targets([late], tables, date(2027, 8, 5))[0].start == date(2027, 8, 1)
    assert aims_of_targets([late], tables, date(2027, 7, 31)) == []


def test_owner_is_a_rep_a_team_or_everybody(make: Any) -> None:
    reps = [{"rep_id": "A", "team": "east"}, {"rep_id": "B", "team": "east"}, {"rep_id": "C", "team": "west"}]
    orders = [{"account_id": "a", "rep_id": rep, "booked": date(2027, 2, 1), "value": value} for rep, value in
              (("A", 1.0), ("B", 2.0), ("C", 4.0))]  # fmt: skip
    tables = make(JAN, APR, reps=reps, orders=orders)
    for owner, value in (("A", 1.0), ("east", 3.0), ("Ms Wang", 7.0), ("", 7.0)):
        [aim] = aims_of_targets([quota(10.0, owner=owner)], tables, date(2027, 3, 31))
        [row] = follow(tables, [aim], date(2027, 3, 31)).rows
        assert row.value.value == value, owner


def target_rows(*rows: tuple[str, str, str | None, float, float | None]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "kpi": kpi,
            "rep_id": rep,
            "period_start": JAN,
            "period_end": APR,
            "target": target,
            "weight": weight,
        }
        for name, kpi, rep, target, weight in rows
    ]


def test_the_target_table_is_added_up_for_the_days_held(make: Any) -> None:
    reps = [{"rep_id": "A", "team": "t"}, {"rep_id": "B", "team": "t", "left": date(2027, 2, 15)}]
    tables = make(
        JAN,
        APR,
        reps=reps,
        targets=target_rows(
            ("revenue", "revenue_booked", "A", 900.0, 0.6),
            ("revenue", "revenue_booked", "B", 900.0, 0.6),
            ("quota", "revenue_booked", "A", 500.0, None),
            ("satisfaction", "csat", "A", 0.8, 0.4),
        ),
    )
    aims = {aim.name: aim for aim in aims_of_table(tables, date(2027, 3, 1))}
    assert set(aims) == {"revenue", "satisfaction"}
    assert aims["revenue"].target == pytest.approx(900 + 900 * 45 / 90)
    [own] = aims_of_table(tables, date(2027, 2, 1), "B")
    assert (own.owner, own.reps) == ("B", ("B",))
    assert {(aim.owner, aim.reps) for aim in aims.values()} == {("", None)}
    assert own.target == pytest.approx(450.0)
    assert own.end == date(2027, 2, 15)


def behind(make: Any) -> Tables:
    days = [JAN + timedelta(days=k) for k in range(200)]
    orders = [{"account_id": "a", "booked": day, "value": 100.0} for day in days if day.weekday() < 5]
    return every_day(make(JAN, OCT, orders=orders))


def test_red_needs_a_note_of_this_period(make: Any) -> None:
    tables, on = behind(make), date(2027, 7, 19)
    aim = Aim("q", "revenue_booked", "", None, JUL, OCT, 50_000.0)
    note = Note("q", "An", date(2027, 7, 15), "two left", "hire", date(2027, 7, 18))
    silent = follow(tables, [aim], on)
    assert [alert.kind for alert in silent.alerts] == ["note", "unlikely"]
    assert "add who, when, why and next" in str(silent.alerts[0].text)
    for old in (
        replace(note, when=date(2027, 6, 30)),
        replace(note, when=on + timedelta(days=1)),
        replace(note, target="r"),
    ):
        assert follow(tables, [aim], on, [old]).alerts[0].kind == "note"
    written = follow(tables, [aim], on, [note])
    assert [alert.kind for alert in written.alerts] == ["unlikely", "overdue"]
    assert written.rows[0].note == note
    assert [alert.kind for alert in follow(tables, [aim], on, [replace(note, by=None)]).alerts] == [
        "unlikely"
    ]


def test_old_data_are_marked_and_never_green(make: Any) -> None:
    tables, on = behind(make), date(2027, 9, 1)  # the last order is of 19 July
    [row] = (made := follow(tables, [Aim("q", "revenue_booked", "", None, JUL, OCT, 100.0)], on)).rows
    assert (row.stale, row.light, row.newest) == (True, "stale", date(2027, 7, 19))
    assert [alert.kind for alert in made.alerts] == ["stale"]


def test_when_the_period_is_over_the_chance_is_a_fact(make: Any) -> None:
    tables, end = behind(make), date(2027, 6, 30)
    done = measure_values(tables, ["revenue_booked"], APR, JUL)["revenue_booked"].value or 0.0
    for target, chance in ((done, 1.0), (done + 0.01, 0.0)):
        [row] = follow(tables, [Aim("q", "revenue_booked", "", None, APR, JUL, target)], end).rows
        assert row.chance == chance


def test_the_chance_lies_between_hope_and_fact(make: Any) -> None:
    tables, on = behind(make), date(2027, 6, 11)
    aims = [
        Aim(str(target), "revenue_booked", "", None, APR, JUL, target) for target in (6_000, 6_500, 7_000)
    ]
    chances = [row.chance for row in follow(tables, aims, on).rows]
    assert all(one is not None and 0 < one < 1 for one in chances)
    assert chances == sorted(chances, reverse=True)  # type: ignore[type-var]


def test_a_run_and_an_export_of_the_same_orders_read_alike(make: Any, tmp_path: Path) -> None:
    tables = make(JAN, APR, orders=[{"account_id": f"c{k % 3}", "booked": JAN + timedelta(days=k), "value": 10.0 + k}
                                    for k in range(80)])  # fmt: skip
    file = tmp_path / "orders.csv"
    lines = [f"c{k % 3},{JAN + timedelta(days=k)},{10.0 + k}" for k in range(80)]
    file.write_text("cust,date,value\n" + "\n".join(lines) + "\n", encoding="utf-8")
    targets = write_targets([quota(9_000.0)], tmp_path / "targets.yaml")
    own, foreign = (
        tracked_on(one, "2027-03-10", targets) for one in (tables, load_export(file, "order_export"))
    )
    [a], [b] = own.rows, foreign.rows
    assert (a.value.value, a.done, a.time, a.pace, a.light) == (
        b.value.value,
        b.done,
        b.time,
        b.pace,
        b.light,
    )
    assert a.forecast is not None
    assert b.forecast is not None
    assert a.forecast.expected == b.forecast.expected


def test_tracking_a_past_day_knows_nothing_of_later_ones(make: Any) -> None:
    first = [
        {"order_id": f"o{k}", "account_id": "a", "booked": JAN + timedelta(days=k), "value": 10.0}
        for k in range(60)
    ]
    late = [{"order_id": "x", "account_id": "b", "booked": date(2027, 3, 20), "value": 1e6}]
    rows = target_rows(("revenue", "revenue_booked", None, 2_000.0, 1.0))
    short, long = (make(JAN, APR, orders=orders, targets=rows) for orders in (first, first + late))
    assert tracked_on(short, "2027-03-01").rows == tracked_on(long, "2027-03-01").rows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "- {target: quotas, who: An, when: 2027-01-01, why: w, next: n}",
            "no such target; did you mean quota?",
        ),
        ("- {target: quota, who: An, when: 2027-01-01, why: w}", "next is missing"),
        ("- {target: quota, who: An, when: yesterday, why: w, next: n}", "yesterday is not a date"),
        ("- {target: quota, who: An, wen: 2027-01-01, why: w, next: n}", "did you mean when?"),
        ("- red", "is not an entry"),
    ],
)
def test_a_wrong_note_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "notes.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"notes.yaml, line 1") as refused:
        read_notes(file, ["quota"])
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "red and nobody has written why"), ("zh", "红灯却没人写说明")]
)
def test_words(make: Any, lang: Any, words: str) -> None:
    tables = behind(make)
    with language(lang):
        aim = Aim("q", "revenue_booked", "", None, JUL, OCT, 50_000.0)
        said = "\n".join(track_lines(follow(tables, [aim], date(2027, 7, 19))))
        nothing = track_lines(follow(tables, [], date(2027, 7, 19)))
    assert words in said
    assert "--targets" in nothing[0]


def test_chances_never_read_as_certain_before_they_are() -> None:
    assert [percent_of(one) for one in (None, 0.0, 0.004, 0.06, 0.996, 1.0)] == [
        "–", "0%", "under 1%", "6%", "over 99%", "100%",
    ]  # fmt: skip


def test_without_a_day_the_last_one_with_a_target_is_taken(make: Any) -> None:
    rows = target_rows(("revenue", "revenue_booked", None, 2_000.0, 1.0))
    orders = [{"account_id": "a", "booked": date(2027, 3, 30), "value": 1.0}]
    tracked = tracked_on(make(JAN, JUL, orders=orders, targets=rows))
    assert tracked.on == date(2027, 3, 31)
    assert len(tracked.rows) == 1


def test_targets_of_the_ready_scenarios_have_a_name_in_each_language() -> None:
    for name in scenario_names():
        for target in load_scenario(name).kpi.targets:
            aim = Aim(target.name, target.kpi, "", None, date(2027, 1, 1), date(2027, 4, 1), 1.0)
            with language("zh"):
                assert re.search("[\u4e00-\u9fff]", str(aim.title)), target.name
            assert aim.called(target.name)
            assert aim.called(aim.title.zh or "")
    own = Aim("华东 {新签}", "wins", "", None, date(2027, 1, 1), date(2027, 4, 1), 1.0)
    assert str(own.title) == "华东 {新签}"


def test_a_culture_score_of_a_quarter_is_known_at_the_end_of_its_last_day(make: Any) -> None:
    pay = [
        {"rep_id": rep, "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 1.0, "culture_score": 0.8}
        for rep in "ABCDE"
    ]  # fmt: skip
    aim = Aim("culture", "culture", "", None, date(2027, 1, 1), date(2027, 4, 1), 0.7)
    tables = make(end=date(2027, 5, 1), pay=pay)
    values = [
        follow(as_of(tables, day), [aim], day).rows[0].value.value for day in (date(2027, 3, 30), date(2027, 3, 31))
    ]  # fmt: skip
    assert values == [None, pytest.approx(0.8)]


def test_a_target_may_be_called_as_it_is_written_or_as_it_is_shown() -> None:
    span = (date(2027, 1, 1), date(2027, 4, 1), 5.0)
    own, ready, named = (
        Aim(name, "revenue_booked", "", None, *span) for name in ("my aim", "collection", "csat")
    )
    assert (str(own.title), str(ready.title), named.title.zh) == (
        "my aim",
        "collection",
        "客户满意度（CSAT）",
    )
    assert names_of([own, ready, own, named]) == ["my aim", "collection", "csat", str(named.title)]
    with language("zh"):
        assert names_of([own, ready]) == ["my aim", "collection", "回款率"]
    assert ready.called("回款率")
    assert ready.called("collection")
    assert not ready.called("my aim")
