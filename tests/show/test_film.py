"""A quarter as a film: every frame agrees with the tables, the words too, and the page asks for nothing."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from kpisim.experiment.one import play
from kpisim.scenario import load
from kpisim.session import open_session
from kpisim.show.film import film, film_page, replay
from kpisim.show.film.days import weekdays
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.video import VideoPanel, clip
from kpisim.tables import Tables
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.show.film import Film

pytestmark = pytest.mark.unit

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Play a small team for five weeks, on a plan by month."""
    values = {"calendar.weeks": 5, "calendar.warmup_weeks": 6, "team.size": 4}
    return play(load("technology").derive(values), 3, 0)


@pytest.fixture(scope="module")
def made(tables: Tables) -> Film:
    return film(tables, weeks=4)


def test_every_frame_agrees_with_the_tables(made: Film, tables: Tables) -> None:
    assert len(made.days) == 20
    assert made.stages == ("lead", "qualified", "proposal", "negotiation")
    deals, orders, complaints = tables["opportunities"], tables["orders"], tables["complaints"]
    first = pd.Timestamp(made.days[0].day)
    for day in made.days:
        end = pd.Timestamp(day.day) + pd.Timedelta(days=1)
        alive = (deals["created"] < end) & (deals["closed"].isna() | (deals["closed"] >= end))
        assert sum(day.open) == alive.sum()
        signed = orders[(orders["booked"] >= first) & (orders["booked"] < end)]
        assert day.booked == pytest.approx(signed["value"].sum())
        assert day.orders_so_far == len(signed)
        waiting = (complaints["opened"] < end) & (
            complaints["answered"].isna() | (complaints["answered"] >= end)
        )
        assert day.complaints == waiting.sum()
        assert 0 <= day.late <= day.complaints
        known = tables["rep_days"]
        assert sum(day.backlog) == known[known["day"] == pd.Timestamp(day.day)]["backlog"].sum()
    assert sum(day.orders for day in made.days) == made.days[-1].orders_so_far
    assert sum(day.leads for day in made.days) == made.days[-1].leads_so_far


def test_the_plan_rises_evenly_also_where_a_period_is_cut(made: Film, tables: Tables) -> None:
    plans = [day.plan for day in made.days if day.plan is not None]
    assert len(plans) == len(made.days)
    targets = tables["targets"]
    # Each rep has a quota and a target for the same bookings: one plan, not two.
    assert {"quota", "revenue"} <= set(targets["name"])
    mine = targets[targets["name"] == "quota"]
    month = mine[mine["period_start"] == pd.Timestamp(2027, 1, 1)]["target"].sum()
    # January 2027 has 21 weekdays; one of them lies before the first day of the tables.
    assert plans[0] == pytest.approx(month / 21)
    assert plans[9] == pytest.approx(10 * month / 21)


def test_without_a_quota_the_weightiest_target_is_the_plan(tables: Tables) -> None:
    targets = tables["targets"]
    spoken = targets[targets["name"] != "quota"]
    other = spoken[spoken["name"] == "revenue"].assign(name="a wish", weight=0.0, target=1e9)
    frames = dict(tables.frames) | {"targets": pd.concat([other, spoken], ignore_index=True)}
    made = film(Tables(tables.meta, frames), weeks=2)
    assert (
        made.days[0].plan
        == film(Tables(tables.meta, dict(tables.frames) | {"targets": spoken}), weeks=2).days[0].plan
    )


def test_weekdays_are_counted_half_open() -> None:
    monday = date(2027, 1, 4)
    assert weekdays(monday, monday + timedelta(days=7)) == 5
    assert weekdays(monday, monday) == weekdays(monday + timedelta(days=1), monday) == 0


def test_what_happens_is_said_in_both_languages_and_is_true(made: Film, tables: Tables) -> None:
    said = 0
    for day in made.days:
        for event in day.events:
            with language("zh"):
                chinese = str(event)
            assert re.search(r"[\u4e00-\u9fff]", chinese)
            found = re.fullmatch(r"New complaints: (\d+)\.", str(event))
            if found:
                said += 1
                opened = tables["complaints"]["opened"].dt.date == day.day
                assert int(found[1]) == opened.sum()
            found = re.fullmatch(r"Week (\d+): (\d+) leads, (\d+) orders\.", str(event))
            if found:
                said += 1
                week = [one for one in made.days if one.day.isocalendar()[:2] == day.day.isocalendar()[:2]]
                assert (int(found[2]), int(found[3])) == (
                    sum(w.leads for w in week),
                    sum(w.orders for w in week),
                )
    assert said > 2


def test_the_page_is_one_file_with_both_languages(made: Film) -> None:
    html = film_page(made, {"en": "A </script> title", "zh": "标题"})
    assert html.count("</script>") == 2
    assert not re.search(r'(?:src|href)="(?!data:)|https?://|@import|fetch\(|XMLHttp', html)
    found = re.search(r'id="data">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    data = json.loads(found[1])
    assert len(data["days"]) == len(data["words"]["zh"]["events"]) == len(data["words"]["en"]["events"]) == 20
    assert data["words"]["zh"]["stages"][0] == "线索"
    assert html.count('<details class="transcript"') == 2
    # Two events of one day: no blank between Chinese sentences, none of the caption's bar on a day without any.
    chinese = html.split('<details class="transcript" lang="zh-CN"')[1].split("</details>")[0]
    assert "。 " not in chinese
    assert 'toggleAttribute("data-none"' in html


def test_tables_without_anything_get_one_line(tables: Tables) -> None:
    from kpisim.tables import Tables as Made

    with pytest.raises(UserError, match="nothing to show"):
        film(Made(tables.meta, {}))


def test_a_place_that_cannot_be_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        replay(load("default"), tmp_path / "file" / "x.html", weeks=1)


def test_the_trainers_clip_takes_the_place_of_the_film(tmp_path: Path) -> None:
    desk = Desk(open_session(tmp_path / "session"), "zh")
    panel = VideoPanel(desk, "culture")
    assert len(panel.box.children) == 2
    folder = tmp_path / "video"
    folder.mkdir()
    (folder / "culture.mp4").write_bytes(b"x")
    (folder / "culture.zh.vtt").write_text("WEBVTT\n", encoding="utf-8")
    panel.draw()
    assert clip(tmp_path, "culture") == folder / "culture.mp4"
    assert clip(tmp_path, "communication") is None
    (shown,) = panel.box.children
    assert 'src="/files/video/culture.mp4"' in shown.value
    assert shown.value.count("<track") == 1
    assert 'src="/files/video/culture.zh.vtt" default' in shown.value


def test_without_a_clip_a_quarter_is_shown_that_needs_no_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpisim.show.film.film_of", lambda _: '<p class="x">film</p>')
    panel = VideoPanel(Desk(open_session(tmp_path / "session"), "en"), "culture")
    panel.play()
    assert 'srcdoc="&lt;p class=&quot;x&quot;&gt;film&lt;/p&gt;"' in panel.shown.value
    panel.desk.speak("zh")
    assert "srcdoc" in panel.shown.value


@pytest.mark.browser
@pytest.mark.slow
def test_it_plays_by_keyboard_without_a_network_and_stands_still_where_asked(
    made: Film, tmp_path: Path
) -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install it to run the browser tests")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    file = tmp_path / "film.html"
    file.write_text(film_page(made, {"en": "A quarter", "zh": "一个季度"}), encoding="utf-8")
    with sync.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for motion in ("no-preference", "reduce"):
            context = browser.new_context(
                viewport={"width": 1024, "height": 768}, offline=True, reduced_motion=motion
            )
            page = context.new_page()
            wrong: list[str] = []
            page.on("pageerror", lambda error, wrong=wrong: wrong.append(str(error)))
            page.on(
                "request",
                lambda asked, wrong=wrong: (
                    None if asked.url.startswith(("file:", "data:")) else wrong.append(asked.url)
                ),
            )
            page.goto(file.as_uri())
            assert page.locator(".stills figure").count() == (4 if motion == "reduce" else 0)
            page.keyboard.press("ArrowRight")
            page.keyboard.press("ArrowRight")
            assert "day 3 of 20" in page.locator("#clock").inner_text()
            page.keyboard.press("l")
            assert "第3天" in page.locator("#clock").inner_text()
            page.keyboard.press("Home")
            if motion == "no-preference":
                page.keyboard.press("Tab")
                page.evaluate("document.activeElement.blur()")
                page.keyboard.press(" ")
                page.wait_for_function(
                    "document.querySelector('#clock').textContent.includes('第4天')", timeout=30_000
                )
                page.keyboard.press(" ")
                assert page.locator("#play").inner_text().startswith("▶")
            page.keyboard.press("End")
            assert "第20天" in page.locator("#clock").inner_text()
            assert page.evaluate("document.documentElement.scrollWidth") <= 1024
            assert wrong == []
            context.close()
        browser.close()


def test_who_hears_the_film_is_told_what_the_slider_moves(tables: Tables) -> None:
    page = film_page(film(tables), {"en": "x", "zh": "x"})
    for word in ("播放到第几天", "Day of the film"):
        assert word in page or word.encode("unicode_escape").decode() in page
    assert 'aria-label="${safe(w.seek)}"' in page
