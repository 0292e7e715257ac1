"""The training lever of a round: output now and later under its numbers, two years on a click, kept and in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kpisim.course.rounds import a_round, play_once
from kpisim.experiment.payback import payback
from kpisim.model.rules import rules
from kpisim.show.panels import training
from kpisim.show.panels.play import RoundPanel
from kpisim.show.training import training_lines
from tests.experiment.test_payback import team, versus
from tests.show.panels.seen import found

if TYPE_CHECKING:
    from kpisim.course.rounds import Round
    from kpisim.show.panels.desk import Desk

SMALL = {"calendar.weeks": 10, "calendar.warmup_weeks": 3, "team.size": 3, "market.territory": 3.0}
HOURS = "team.training_hours"
AHEAD = "kpisim-training-peak-ahead"


def small() -> Round:
    peak = a_round("peak")
    return peak.model_copy(update={"sets": peak.sets | SMALL})


@pytest.mark.functional
def test_training_is_read_under_the_numbers_kept_and_looked_at_over_more_weeks(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "WEEKS", 12)
    panel = RoundPanel(desk, small(), replications=2, workers=1)
    look = panel.training
    assert look is not None
    panel.choices = {"workload.admin_per_day": 2}
    panel.run()
    assert look.box.children == ()  # nobody touched training, so nothing is said about it
    panel.choices = {HOURS: 12.0}
    panel.run()
    assert look.payback is not None
    assert (look.payback.hours, look.payback.alone, len(look.payback.path)) == (12, True, 10)
    assert "每人每月6小时 → 12小时" in look.told.value
    found(look.box, AHEAD).click()
    assert look.ahead is not None
    assert (look.ahead.before, look.ahead.hours, look.ahead.weeks) == (6, 12, 12)
    desk.speak("en")
    assert "per person and month: 6 → 12" in look.told.value
    assert "aid back" in look.said.value
    again = RoundPanel(desk, small(), replications=2, workers=1).training
    assert again is not None
    assert (again.payback, again.ahead) == (look.payback, look.ahead)
    # With another lever moved too nothing is said about training until it is played alone.
    assert found(look.box, "kpisim-training-peak-alone") is None
    panel.choices = {HOURS: 12.0, "workload.admin_per_day": 2}
    panel.run()
    together = look.payback
    assert together is not None
    assert not together.alone
    assert "aid back" not in look.told.value
    found(look.box, "kpisim-training-peak-alone").click()
    assert look.alone == again.payback
    assert "aid back" in look.apart.value
    kept = RoundPanel(desk, small(), replications=2, workers=1)
    assert kept.training is not None
    assert (kept.training.payback, kept.training.alone) == (together, look.alone)
    assert [one.after for one in kept.readings] == [one.after for one in panel.readings]
    # What was played of another setting is not this one's.
    panel.choices = {HOURS: 9.0}
    panel.run()
    assert not [one for one in (look.alone, look.ahead) if one]


@pytest.mark.functional
def test_training_of_a_round_begins_on_its_first_day() -> None:
    peak = a_round("peak")
    base, decided = peak.base(), peak.decided({HOURS: 12.0, "team.size": 14})
    assert (decided.team.training_hours, decided.team.size) == (base.team.training_hours, 14)
    assert [(one.at, dict(one.set)) for one in decided.changes] == [(base.calendar.start, {HOURS: 12})]
    assert peak.decided({HOURS: 6.0}).digest() == base.digest()


@pytest.mark.functional
@pytest.mark.parametrize("name", ["quarters", "peak"])
def test_a_round_with_training_names_the_rule_behind_it(name: str) -> None:
    decided = a_round(name).decided({HOURS: 8.0})
    assert "training" in {rule.name for rule in rules(decided)}
    none = a_round(name).decided({HOURS: 0.0})
    assert ("training" in {rule.name for rule in rules(none)}) is (
        name == "peak"
    )  # 6 hours until the first day


@pytest.mark.functional
@pytest.mark.slow
def test_training_in_the_peak_season_costs_output_before_it_shows_a9() -> None:
    """20 paired runs: until anything learnt shows, the interval lies below 0, and nothing is paid back by the end."""
    looked = play_once(a_round("peak"), {HOURS: 12.0}).payback
    assert looked is not None
    assert looked.now.last == 6
    assert looked.now.high < 0
    assert looked.turn is None


@pytest.mark.unit
@pytest.mark.parametrize(
    ("hours", "weeks", "said"),
    [
        (12.0, [-4, -2, 3, 5], "Paid back from week 4 on"),
        (12.0, [-4, -2, 3, 1], "Not paid back within the 4 weeks of this round: −CNY 2 added up at its end"),
        (0.0, [4, 2, -3, -5], "Cutting training has cost more than it saved from week 4 on"),
        (0.0, [4, 2, -3, -1], "Cutting training still looks good at the end of week 4: +CNY 2 added up"),
    ],
)
def test_the_verdict_names_the_week_or_says_that_there_is_none(
    desk: Desk, hours: float, weeks: list[float], said: str
) -> None:
    desk.speak("en")
    made = payback(versus(*team(hours), [weeks, weeks]))
    assert made is not None
    assert said in training_lines(made)[-1]
