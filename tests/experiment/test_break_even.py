"""Training costs output first and pays back later, or does not: the week is worked out from paired sums."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from kpisim.experiment import compare
from kpisim.experiment.break_even import _found, break_even, break_even_lines, raises_training, turned
from kpisim.experiment.one import play
from kpisim.experiment.result import t_interval
from kpisim.scenario import load
from kpisim.text import UserError, language


@pytest.mark.unit
@pytest.mark.parametrize(
    ("sums", "week"),
    [
        ([-1, -3, -1, 2, 5], 4.0),
        ([-1, 2, -1, 2, 5], 4.0),  # above 0 once is not yet paid back
        ([1, 2, 3], 1.0),
        ([-1, 3, 0], np.inf),  # all is lost again at the end
        ([0, 0, 0], np.inf),  # a change that does nothing pays nothing back
    ],
)
def test_the_week_is_the_one_from_which_the_sum_stays_above_zero(sums: list[float], week: float) -> None:
    assert turned(np.array(sums, dtype=float)) == week


@pytest.mark.unit
def test_the_range_over_runs_may_end_beyond_the_horizon() -> None:
    early, late, never = [-1.0, 1, 2, 3], [-3.0, -2, -1, 1], [-1.0, -2, -3, -4]
    sums = np.array([early] * 5 + [late] * 3 + [never] * 2)
    found = _found(sums, before=0.0, hours=4.0)
    # Means by week: -1.6, -0.5, 0.1, 1.0.
    assert found.lowest == pytest.approx(-1.6)
    assert (found.lowest_week, found.week) == (1, 3)
    assert (found.p10, found.p90, found.share) == (2, None, 0.8)
    with language("en"):
        said = "\n".join(break_even_lines(found))
    assert "Break-even: from week 3 on, on average" in said
    assert "P10 week 2, P90 not within 4 weeks; 80% of runs" in said
    with language("zh"):
        assert "P10为第2周，P90为4周内回不了本" in "\n".join(break_even_lines(found))


@pytest.mark.unit
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_never_pays_back_says_so(lang: str) -> None:
    found = _found(np.array([[-1.0, -2.0]] * 4), before=0.0, hours=4.0)
    assert (found.week, found.p10, found.p90, found.share) == (None, None, None, 0.0)
    with language(lang):  # type: ignore[arg-type]
        said = break_even_lines(found)
    assert {"zh": "平均下来，2周内回不了本", "en": "Break-even: not within 2 weeks"}[lang] in said[1]


@pytest.mark.unit
def test_only_more_training_and_nothing_else_is_a_try_of_training() -> None:
    base = load("default")
    assert raises_training(base, base.derive({"team.training_hours": 4.0}, name="trained"))
    assert not raises_training(base, base)
    assert not raises_training(base, base.derive({"team.training_hours": 4.0, "team.size": 9}))
    assert not raises_training(load("retail_peak"), load("retail_peak").derive({"team.training_hours": 2.0}))


@pytest.mark.functional
def test_training_may_begin_on_a_date_and_nobody_is_trained_before() -> None:
    base = load("default").derive({"team.size": 3, "calendar.weeks": 26, "calendar.warmup_weeks": 8})
    begins = base.calendar.start + timedelta(weeks=13)
    later = base.derive({"changes": [{"at": begins, "set": {"team.training_hours": 4.0}}]})
    held = play(later, 1, 0)["trainings"]["held"]
    assert len(held)
    assert held.min().date() >= begins
    with pytest.raises(UserError, match=r"team\.training_hours"):
        base.derive({"changes": [{"at": begins, "set": {"team.size": 4}}]})


@pytest.mark.functional
def test_of_fewer_hours_it_is_the_week_in_which_what_was_saved_is_used_up() -> None:
    base = load("default").derive(
        {"team.size": 3, "calendar.warmup_weeks": 4, "team.training_hours": 8.0, "calendar.weeks": 12}
    )
    cut = base.derive({"changes": [{"at": base.calendar.start, "set": {"team.training_hours": 0.0}}]})
    versus = compare(base, cut, 3, workers=1)
    kept, saved = (
        side.weekly.pivot(index="run", columns="week", values="booked") for side in (versus.a, versus.b)
    )
    sums = (kept - saved).to_numpy().cumsum(axis=1).mean(axis=0)
    found = break_even(base, 0.0, 3, weeks=12, workers=1)
    assert (found.before, found.hours) == (0.0, 8.0)
    assert found.lowest == pytest.approx(sums.min())
    assert found.lowest != 0


@pytest.mark.functional
@pytest.mark.slow
def test_training_lowers_output_now_and_raises_it_later_a9() -> None:
    """Eight hours a month: mean paired bookings are lower before the lag is over, higher in the second year."""
    base = load("default").derive({"calendar.weeks": 104})
    trained = base.derive({"changes": [{"at": base.calendar.start, "set": {"team.training_hours": 8.0}}]})
    versus = compare(base, trained, 48)
    booked = [
        side.weekly.pivot(index="run", columns="week", values="booked") for side in (versus.a, versus.b)
    ]
    weeks = (booked[1] - booked[0]).to_numpy()
    # Training begins in February and shows six weeks later.
    assert t_interval(weeks[:, :11].sum(axis=1))[2] < 0
    assert t_interval(weeks[:, 52:].sum(axis=1))[1] > 0
    found = break_even(load("default"), 8.0, 48)
    assert found.lowest < 0
    assert found.week is not None
    assert found.lowest_week < found.week <= found.weeks
