"""Pulses: nothing under five answers, nothing about a person, change with n, amber where measuring again is overdue."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpisim.kpi.pulse import answers_of, keep, loop_lines, pulse_lines, read_loop, shifts, waves
from kpisim.report.load import pulse_parts
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

DAY = date(2027, 2, 1)


def asked(make: Any, *rows: tuple[str, int, list[int]]) -> Any:
    """Return tables with answers: question, day counted from the first of February, scores."""
    answers = [
        {"question": question, "answered": DAY + timedelta(days=day), "score": score, "rep_id": f"R{place}"}
        for question, day, scores in rows
        for place, score in enumerate(scores)
    ]
    return make(surveys=answers)["surveys"]


def test_two_waves_give_the_change_with_both_n(make: Any) -> None:
    found = waves(
        answers_of(
            asked(make, ("culture", 0, [5, 4, 3, 2, 1]), ("culture", 28, [5, 5, 4, 4, 2, 3, 4, 5, 4, 4]))
        )
    )
    assert [(wave.n, wave.favourable, wave.mean) for wave in found] == [(5, 0.4, 3.0), (10, 0.8, 4.0)]
    [one] = shifts(found)
    assert one.points == pytest.approx(0.4)
    # Newcombe's interval of 8/10 − 2/5 from the Wilson intervals (.4902, .9433) and (.1176, .7693).
    assert one.interval == pytest.approx((-0.0819, 0.7166), abs=2e-3)
    assert any(
        "+40.0 points from n = 5 to n = 10" in line and "in the noise" in line for line in pulse_lines(found)
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=4), st.lists(st.integers(1, 5), min_size=1, max_size=9)
)
def test_fewer_than_five_show_nothing_in_any_view(make: Any, few: list[int], later: list[int]) -> None:
    found = waves(answers_of(asked(make, ("pulse", 0, few), ("pulse", 20, later))))
    assert (found[0].n, found[0].favourable, found[0].mean) == (None, None, None)
    assert shifts(found) == []
    line = next(line for line in pulse_lines(found) if str(DAY) in line)
    assert line.count("hidden") == 2
    assert "under 5" in line


def test_exactly_five_are_shown_and_blanks_are_no_answers(make: Any) -> None:
    tables = make(
        surveys=[{"question": "pulse", "answered": DAY, "score": score} for score in (4, 4, 4, 4, None)]
    )["surveys"]
    assert waves(answers_of(tables))[0].n is None
    assert waves(answers_of(asked(make, ("pulse", 0, [4] * 5))))[0].n == 5


def test_who_answered_leaves_no_trace(make: Any) -> None:
    found = waves(answers_of(asked(make, ("pulse", 0, [1, 2, 3, 4, 5]), ("pulse", 28, [5] * 6))))
    said = "\n".join(pulse_lines(found)) + "".join(pulse_parts(found))
    said = re.sub(r'src="data:[^"]*"', "", said)  # the bytes of a picture may spell anything
    assert not any(f"R{place}" in said for place in range(6))
    assert not {name for wave in found for name in wave.__slots__} & {"rep_id", "account_id", "survey_id"}


def test_customers_are_not_the_team_and_late_answers_join_their_wave(make: Any) -> None:
    tables = asked(
        make, ("csat", 0, [5] * 9), ("pulse", 0, [4, 4]), ("pulse", 3, [4, 2, 2]), ("pulse", 7, [1] * 5)
    )
    found = waves(answers_of(tables))
    assert {wave.question for wave in found} == {"pulse"}
    assert [(wave.first, wave.last, wave.n) for wave in found] == [
        (DAY, DAY + timedelta(days=3), 5), (DAY + timedelta(days=7), DAY + timedelta(days=7), 5),
    ]  # fmt: skip
    assert len(waves(answers_of(tables), DAY + timedelta(days=5))) == 1


LINE = "- {{question: pulse, theme: shifts, action: new rota, owner: An, set_on: {set_on}, measure_on: {measure_on}}}"


def loop_of(folder: Path, set_on: str = "2027-02-02", measure_on: str = "2027-03-01") -> Any:
    file = folder / "loop.yaml"
    file.write_text(LINE.format(set_on=set_on, measure_on=measure_on), encoding="utf-8")
    return read_loop(file)


@pytest.mark.parametrize(
    ("again", "size", "on", "state"),
    [
        (None, 0, "2027-03-01", "due"), (None, 0, "2027-03-02", "overdue"), (28, 6, "2027-03-10", "done"),
        (21, 6, "2027-03-10", "done"), (20, 6, "2027-03-10", "overdue"), (28, 4, "2027-03-10", "overdue"),
    ],
)  # fmt: skip
def test_measuring_again_is_done_to_come_or_overdue(
    make: Any, tmp_path: Path, again: int | None, size: int, on: str, state: str
) -> None:
    rows = [("pulse", 0, [2] * 5)] + ([] if again is None else [("pulse", again, [4] * size)])
    [kept] = keep(loop_of(tmp_path), waves(answers_of(asked(make, *rows))), date.fromisoformat(on))
    assert kept.state == state
    assert (kept.shift is not None) == (state == "done")
    if kept.shift is not None:
        assert kept.shift.points == 1.0
    assert ("▲ amber: overdue" in loop_lines([kept])[1]) == (state == "overdue")


def test_wrong_input_is_refused(make: Any, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not after set_on"):
        loop_of(tmp_path, "2027-03-01", "2027-03-01")
    with pytest.raises(UserError, match="did you mean pulse"):
        answers_of(asked(make, ("pulse", 0, [4] * 5)), "pulses")
    with pytest.raises(UserError, match="no pulse here"):
        answers_of(asked(make, ("csat", 0, [4] * 5)))


def test_chinese(make: Any) -> None:
    with language("zh"):
        said = "\n".join(pulse_lines(waves(answers_of(asked(make, ("pulse", 0, [4] * 3))))))
    assert "压力脉搏" in said
    assert "不显示" in said
