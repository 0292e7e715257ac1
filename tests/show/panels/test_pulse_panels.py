"""The feedback loop and the stress pulse on the screen: amber, nothing under five, the rota played."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from kpisim.course import sheet
from kpisim.course.pulses import LOOP
from kpisim.kpi.pulse import Wave
from kpisim.show.panels.pulse import AMBER, ASKED, LoopPanel, PulsePanel
from kpisim.show.panels.screen import step
from kpisim.show.pulse import pulse_picture
from kpisim.show.theme import NARROW
from kpisim.text import language
from tests.show.panels.seen import found, said

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

pytestmark = pytest.mark.unit


def row(days: int) -> dict[str, str]:
    measured = date.today() + timedelta(days=days)  # noqa: DTZ011  (a day of the reader's calendar)
    return {
        "item": "learning",
        "theme": "<b>丢单</b>不复盘",
        "action": "每周一次",
        "owner": "小李",
        "measure_on": measured.isoformat(),
    }


def test_what_is_overdue_is_amber_in_both_languages(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = LoopPanel(desk)
    assert panel.box.value == ""
    desk.keep(sheet(LOOP), [row(5)])
    assert "○" in panel.box.value
    assert AMBER not in panel.box.value
    monkeypatch.setattr(LoopPanel, "today", lambda _self: date.today() + timedelta(days=6))  # noqa: DTZ011
    panel.draw()
    assert AMBER in panel.box.value
    assert "▲" in panel.box.value
    assert "&lt;b&gt;丢单&lt;/b&gt;不复盘" in panel.box.value
    desk.speak("en")
    assert "▲ amber: overdue" in panel.box.value


def test_the_loop_stands_below_its_sheet_in_the_culture_module(desk: Desk) -> None:
    page = step("culture", "pulse", desk)
    assert found(page, "kpisim-feedback_loop-save") is not None
    assert found(page, "kpisim-loop") is not None


def test_four_answers_show_nothing_and_five_a_picture(desk: Desk) -> None:
    panel = PulsePanel(desk)
    panel.slider.value = 4
    panel.ask()
    assert "<img" not in panel.said.value
    assert "不足5份" in panel.said.value
    assert not any(wave["n"] for wave in (desk.session.latest(ASKED) or {})["waves"])
    panel.slider.value = 5
    panel.ask()
    assert "<img" in panel.said.value
    again = PulsePanel(desk)
    assert again.waves == panel.waves
    assert again.slider.value == 5
    desk.speak("en")
    assert "share of answers of 4 or 5" in again.said.value
    assert "Ten people do the business of twelve" in said(again.box)


def test_no_number_of_a_pulse_covers_its_interval() -> None:
    days = [date(2027, 10, 11) + timedelta(days=7 * week) for week in range(4)]
    waves = [
        Wave("pulse", day, day, 8, share, 4.0)
        for day, share in zip(days, (0.75, 0.75, 0.625, 0.875), strict=True)
    ]
    with language("zh"):
        figure = pulse_picture(waves, width=NARROW).figure
    figure.canvas.draw()
    axes = figure.axes[0]
    numbers = [text.get_window_extent() for text in axes.texts]
    assert len(numbers) == 4
    strokes = [axes.transData.transform((place, 0.5))[0] for place in range(4)]
    assert not any(one.x0 <= at <= one.x1 for one in numbers for at in strokes)
    days_told = [text.get_window_extent() for text in axes.get_xticklabels()]
    assert not any(one.overlaps(other) for one, other in pairwise(days_told))
    assert "8份答卷" in axes.get_xticklabels()[0].get_text()


@pytest.mark.slow
def test_the_rota_is_played_with_range_and_rules(desk: Desk) -> None:
    panel = PulsePanel(desk, replications=2, workers=1)
    found(panel.box, "kpisim-lever-pressure-late_hours").value = "0.0"
    found(panel.box, "kpisim-round-rota-run").click()
    told = said(panel.box)
    assert "P10–P90" in told
    assert "△" in told
    kept = desk.session.latest("round.rota.result")
    assert kept is not None
    assert [one["kpi"] for one in kept["readings"]] == ["stress_pulse", "revenue_booked", "csat"]
