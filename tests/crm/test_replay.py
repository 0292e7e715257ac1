"""Replay: the board of a day is what one would have counted on that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from kpisim.crm.replay import as_of, replay
from kpisim.kpi import measure_values
from kpisim.model import Model
from kpisim.scenario import load
from kpisim.text import UserError

if TYPE_CHECKING:
    from kpisim.tables import Tables

pytestmark = pytest.mark.functional


@pytest.fixture(scope="module")
def team() -> Tables:
    return Model(load("default").derive({"team.size": 4, "calendar.weeks": 26}), 3, 0).play()


@pytest.mark.parametrize("share", [0.1, 0.37, 0.5, 0.83])
def test_the_board_of_a_day_is_what_a_plain_count_gives(team: Tables, share: float) -> None:
    meta = team.meta
    day = meta.start + timedelta(days=int(share * (meta.end - meta.start).days))
    border = pd.Timestamp(day) + pd.Timedelta(days=1)
    start = pd.Timestamp(meta.start)
    booked, wins, closed, open_orders = 0.0, 0, 0, 0
    for row in team["orders"].to_dict("records"):
        inside = start <= row["booked"] < border
        if inside:
            booked += row["value"]
        if pd.notna(row["cancelled"]) and start <= row["cancelled"] < border:
            booked -= row["value"]
        cancelled = pd.notna(row["cancelled"]) and row["cancelled"] < border
        delivered = pd.notna(row["delivered"]) and row["delivered"] < border
        open_orders += inside and not cancelled and not delivered
    for row in team["opportunities"].to_dict("records"):
        if pd.notna(row["closed"]) and start <= row["closed"] < border:
            closed += 1
            wins += row["status"] == "won"
    values = measure_values(as_of(team, day), ["revenue_booked", "wins", "conversion_closed", "open_orders"])
    assert values["revenue_booked"].value == pytest.approx(booked)
    assert values["wins"].value == wins
    assert values["conversion_closed"].denominator == closed
    assert values["open_orders"].value == open_orders


def test_nothing_of_the_future_is_told(team: Tables) -> None:
    day = date(2027, 3, 15)
    known = as_of(team, day)
    border = pd.Timestamp("2027-03-16")
    for name, frame in known.frames.items():
        if name in {"targets", "collections"}:
            continue
        for column in frame.columns:
            if (
                pd.api.types.is_datetime64_any_dtype(frame[column])
                and column != "due"
                and not column.startswith("period")
            ):
                assert not (frame[column] >= border).any(), (name, column)
    assert not (known["collections"]["paid"] >= border).any()
    assert known["accounts"]["satisfaction"].isna().all()
    open_deals = known["opportunities"]["closed"].isna()
    assert (known["opportunities"].loc[open_deals, "status"] == "open").all()
    assert known["opportunities"].loc[open_deals, "reason"].isna().all()


def test_what_is_known_only_grows_and_ends_with_everything(team: Tables) -> None:
    sizes = [len(tables["orders"]) for _, tables in replay(team, step=20)]
    assert sizes == sorted(sizes)
    last = as_of(team, team.meta.end - timedelta(days=1))
    for name in ("orders", "opportunities", "tasks", "complaints"):
        pd.testing.assert_frame_equal(
            last[name].reset_index(drop=True), team[name].reset_index(drop=True), check_dtype=True
        )


def test_the_source_stays_untouched(team: Tables) -> None:
    before = {name: frame.copy() for name, frame in team.frames.items()}
    as_of(team, date(2027, 2, 1))
    for name, frame in before.items():
        pd.testing.assert_frame_equal(frame, team[name])


@pytest.mark.parametrize("day", [date(2020, 1, 1), date(2030, 1, 1)])
def test_a_day_outside_gets_one_line(team: Tables, day: date) -> None:
    with pytest.raises(UserError, match="is outside the records"):
        as_of(team, day)
