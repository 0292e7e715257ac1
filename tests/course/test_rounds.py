"""Rounds of the simulation: every lever can be moved to both ends, and luck is told from decision."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

import pytest

from kpisim.course import rounds as rounds_module
from kpisim.course.read import read_list
from kpisim.course.rounds import (
    a_round,
    calibration,
    check_rounds,
    play_round,
    read_round,
    results,
    rota,
    rounds,
)
from kpisim.course.thread import Taken
from kpisim.model.rules import rules
from kpisim.text import Text, UserError
from kpisim.text.cells import width

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.course.rounds import Reading, Round

pytestmark = pytest.mark.functional

SMALL = {"calendar.weeks": 10, "calendar.warmup_weeks": 3, "team.size": 3}


def small(name: str) -> Round:
    return a_round(name).model_copy(update={"sets": SMALL})


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("watch: [order_days", "whatch: [order_days", "whatch: unknown parameter; did you mean watch?"),
        ("  watch: [revenue_booked, pay_cost, csat]\n", "", "watch: is missing; add it"),
        ("watch: [revenue_booked, pay_cost, csat]", "watch: []", "fewer than 3 items"),
    ],
)
def test_a_slip_in_the_file_of_rounds_is_told_in_a_line(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    """It had been a page of pydantic, on the evening before the day too (`kpisim doctor`)."""
    text = rounds_module.FILE.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "rounds.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError, match=r"^rounds\.yaml, line \d+: ") as problem:
        read_list(file, rounds_module.Round)
    assert says in str(problem.value)


def test_every_lever_can_be_moved_to_both_ends() -> None:
    check_rounds()
    assert list(rounds()) == ["practice", "culture", "communication", "quarters", "peak"]


def test_every_lever_goes_straight_into_a_rule_but_not_into_all() -> None:
    for played in (*rounds().values(), rota()):
        base = played.base()
        for lever in played.inputs:
            other = lever.choices[-1].value if lever.choices else True if lever.flag else lever.high
            decided = played.decided({lever.path: other})
            changed = decided.differs_from(base)
            assert ".".join(lever.path.split(".")[:2]) in changed
            known = rules(decided)
            assert 0 < sum(rule.is_moved(changed) for rule in known) <= len(known) / 2, lever.path


def test_deciding_nothing_changes_nothing() -> None:
    played = small("practice")
    readings = read_round(
        played, play_round(played, {}, replications=3, workers=1), {"revenue_booked": "same"}
    )
    assert all(one.difference == 0 and not one.decided for one in readings)
    assert calibration(readings) == (1, 1)


def test_more_commission_costs_more_pay_and_a_wrong_guess_is_a_miss() -> None:
    played = small("practice")
    versus = play_round(played, {"incentive.commission_rate": 0.08}, replications=4, workers=1)
    pay = next(one for one in read_round(played, versus, {"pay_cost": "down"}) if one.kpi == "pay_cost")
    assert pay.difference > 0
    assert pay.hit is False
    assert pay.p10 <= pay.p90


@pytest.mark.parametrize(("raw", "kept"), [(0.03, 0.03), (5.0, 0.08), (-1.0, 0.0)])
def test_a_lever_stays_in_its_range(raw: float, kept: float) -> None:
    assert a_round("practice").decided({"incentive.commission_rate": raw}).incentive.commission_rate == kept


def test_unknown_names_get_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean peak"):
        a_round("peek")
    with pytest.raises(UserError, match=r"did you mean incentive\.commission_rate"):
        a_round("practice").decided({"incentive.comission_rate": 0.1})


@pytest.mark.parametrize("name", list(rounds()))
def test_a_lever_nobody_touched_shows_what_is_played(name: str) -> None:
    base = a_round(name).base()
    for lever in a_round(name).inputs:
        played = base
        for part in lever.path.split("."):
            played = getattr(played, part)
        assert lever.shown() == (str(played) if lever.choices else played), lever.path


def test_what_was_played_is_not_played_again_and_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path))
    monkeypatch.setattr(rounds_module, "_KNOWN", OrderedDict())
    played, choices = small("practice"), {"incentive.commission_rate": 0.08}
    told = read_round(played, play_round(played, choices, replications=2, workers=1), {"pay_cost": "down"})
    first = results(played, choices, {"pay_cost": "down"}, replications=2, workers=1)
    assert first == told

    def never(*_: object, **__: object) -> None:
        raise AssertionError("played again")

    monkeypatch.setattr(rounds_module, "play_round", never)
    again = results(played, choices, {"pay_cost": "up"}, replications=2, workers=1)
    assert [one.difference for one in again] == [one.difference for one in first]
    # The prediction is judged anew each time: it is no part of what is remembered.
    assert {one.kpi: one.guessed for one in again}["pay_cost"] == "up"
    with pytest.raises(AssertionError, match="played again"):
        results(played, choices, replications=3, workers=1)
    with pytest.raises(AssertionError, match="played again"):
        results(played, {"incentive.commission_rate": 0.07}, replications=2, workers=1)


def test_word_of_mouth_costs_days_and_through_four_hands_the_queue_bursts_as_the_trainer_is_told() -> None:
    played = a_round("communication")
    read = []
    for links in (2, 4):
        decided = {"communication.keep_rate": "0.478", "communication.links": links}
        readings = read_round(played, play_round(played, decided, replications=4, workers=1))
        read.append({one.kpi: one for one in readings})
    mouth, burst = read
    assert mouth["order_days"].before < 2
    assert 3 < mouth["order_days"].after < 8
    assert mouth["revenue_booked"].after < 0.5 * mouth["revenue_booked"].before
    # Half a year has 182 days: what bursts the queue waits for a good part of it, not for a day or two more.
    assert 60 < burst["order_days"].after < 182


@pytest.mark.slow
def test_culture_in_pay_buys_satisfaction_and_talks_and_coaching_buy_bookings_as_the_trainer_is_told() -> (
    None
):
    played = a_round("culture")

    def read(path: str, value: float) -> dict[str, Reading]:
        return {
            one.kpi: one for one in read_round(played, play_round(played, {path: value}, replications=20))
        }

    share = read("incentive.culture_share", 0.3)
    assert share["revenue_booked"].high < 0
    assert share["csat"].low > 0
    assert share["culture"].low > 0.1
    for path, value in (("reviews.pair_talk_hours", 2.0), ("reviews.coaching_hours", 4.0)):
        moved = read(path, value)
        assert moved["revenue_booked"].low > 0
        assert abs(moved["culture"].difference) < 0.02


def test_a_choice_fits_its_field_of_a_small_laptop() -> None:
    for one in (*rounds().values(), rota()):
        for lever in one.inputs:
            for choice in lever.choices or ():
                # Seen at 1366x768: a field of 300 px cuts what is longer.
                assert max(width(choice.label.en), width(choice.label.zh)) <= 34, choice


def test_what_a_round_begins_from_is_held_for_each_team_the_sheets_describe() -> None:
    known = a_round("culture")
    plain = known.base()
    busy = known.base([Taken("busy", "pulse", {"pressure.usual_load": 0.9}, Text("a busy team"), world=True)])
    assert known.base() is plain
    assert busy.pressure.usual_load == 0.9 != plain.pressure.usual_load
    assert (
        known.base([Taken("mine", "pulse", {"pressure.usual_load": 0.9}, Text("a decision"), world=False)])
        is plain
    )
