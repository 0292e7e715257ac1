"""The panels' figures: what is compared is the same, and a machine without a browser is told so."""

from __future__ import annotations

import pytest

from kpisim import bench, bench_panels
from kpisim.bench_panels import Times, loaded_by_a_module
from tests.show.panels.seen import every

pytestmark = pytest.mark.unit


@pytest.mark.slow
def test_the_empty_notebook_imports_what_a_module_does_and_nothing_of_ours() -> None:
    names = loaded_by_a_module()
    assert {"ipywidgets", "sqlalchemy", "pydantic", "yaml"} <= set(names)
    assert not [name for name in names if name.split(".")[0] == "kpisim"]


def test_without_a_browser_the_reason_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_panels, "find_browser", lambda: None)
    said = list(bench.lines(quick=True, only=["panels"]))
    assert len(said) == 5
    assert all("needs Chromium" in line for line in said)


def test_each_time_is_held_against_the_trivial_one_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first = {"cached": [(60.0, 50.0), (80.0, 40.0)], "fresh": [(300.0, 50.0)], "ahead": [(55.0, 50.0)]}
    whole = {"cached": [(60.0, 50.0), (80.0, 40.0)], "fresh": [(4000.0, 50.0)], "ahead": [(55.0, 50.0)]}
    monkeypatch.setattr(bench_panels, "measure", lambda *_: Times(first, whole, [900.0], [600.0]))
    cached, ahead, fresh, everything, opening = bench.lines(quick=True, only=["panels"])
    assert "1.60 (1.20 … 2.00)" in cached
    assert "70 ms ÷ 45 ms" in cached
    assert "1.10 (1.10 … 1.10)" in ahead
    assert "6.00 (6.00 … 6.00)" in fresh
    assert "first 2 runs" in fresh
    assert "80.00 (80.00 … 80.00)" in everything
    assert "no goal" in everything
    assert "1.50 (1.50 … 1.50)" in opening


def test_the_panel_that_is_measured_is_the_days_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from kpisim.session import open_session
    from kpisim.show.panels import desk as at
    from kpisim.show.panels import play

    made = at.Desk(open_session(tmp_path_factory.mktemp("session")), "en")
    monkeypatch.setattr(at, "desk", lambda: made)
    played: list[float] = []
    monkeypatch.setattr(play.RoundPanel, "run", lambda self: played.append(self.choices[bench_panels.LEVER]))
    for kind in ("trivial", "cached"):
        box = bench_panels.shown(kind)
        panel = made.panels[-1]
        slider = next(one for one in every(box) if hasattr(one, "readout_format"))
        slider.value = 0.05
        if kind == "trivial":
            assert panel.said.value == '<b class="value">0.05</b>'  # type: ignore[attr-defined]
            assert played == []
    assert played == [0.05]
