"""A live board: every screen hears of a change, a half-written file takes nothing away, nobody gets in without the token."""

from __future__ import annotations

import asyncio
import errno
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from kpisim.report import live as room
from kpisim.report.board import board_page
from kpisim.report.live import Live, live_board, serve
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

pytestmark = pytest.mark.unit

SCREENS = 40
ORDERS = "cust,date,value\n" + "".join(f"c{k % 9},2027-03-{1 + k % 28:02d},1000\n" for k in range(60))


class Screen:
    """One browser as far as the server can tell: it listens to the news and fetches the page."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port, self.path = parts.hostname or "", parts.port or 0, parts.path

    async def _open(self, name: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        writer.write(f"GET {self.path}{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        return reader, writer

    async def listen(self) -> None:
        """Open the line of news."""
        self.line, self._writer = await self._open("events")

    def close(self) -> None:
        """Close the line."""
        self._writer.close()

    async def news(self) -> dict[str, Any]:
        """Return the next piece of news."""
        while True:
            line = (await self.line.readline()).decode()
            if line.startswith("data: "):
                found: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return found

    async def fetch(self, name: str = "page") -> tuple[str, str]:
        """Return the status line and what is on the page."""
        reader, writer = await self._open(name)
        told = (await reader.read()).decode()
        writer.close()
        head, _, body = told.partition("\r\n\r\n")
        return head.split("\r\n")[0], body


def played(live: Live, act: Callable[[str], Awaitable[None]]) -> None:
    """Serve `live` while `act` uses it, half a minute at most."""

    async def both() -> None:
        there: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(live, ready=there.set_result))
        try:
            await asyncio.wait_for(act(await there), 30)
        finally:
            serving.cancel()
            await asyncio.wait({serving})

    asyncio.run(both())


def number(file: Path) -> Live:
    def make() -> str:
        text = file.read_text(encoding="utf-8")
        if not text.isdecimal():
            raise UserError("{value}: no number; give one", value=text)
        return f"<html><body><main>{text}</main></body></html>"

    return Live(make, lambda: [file])


def test_forty_screens_hear_of_a_change_and_show_it(tmp_path: Path) -> None:
    file = tmp_path / "数字.txt"
    file.write_text("1", encoding="utf-8")

    async def act(address: str) -> None:
        screens = [Screen(address) for _ in range(SCREENS)]
        await asyncio.gather(*(screen.listen() for screen in screens))
        first = await asyncio.gather(*(screen.news() for screen in screens))
        file.write_text("23", encoding="utf-8")
        later = await asyncio.gather(*(screen.news() for screen in screens))
        assert {one["version"] for one in first} == {1}
        assert {one["version"] for one in later} == {2}
        pages = await asyncio.gather(*(screen.fetch() for screen in screens))
        assert {body for _, body in pages} == {"<html><body><main>23</main></body></html>"}
        for screen in screens:
            screen.close()

    played(number(file), act)


def test_what_is_saved_while_the_first_page_is_made_is_news(tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text("1", encoding="utf-8")

    def make() -> str:
        text = file.read_text(encoding="utf-8")
        if text == "1":
            file.write_text("23", encoding="utf-8")
        return text

    async def look() -> None:
        live = Live(make, lambda: [file])
        assert (live.page, live.version) == ("1", 1)
        await live.look()
        assert (live.page, live.version) == ("23", 2)
        assert re.fullmatch(r"\d\d:\d\d:\d\d", json.loads(live.news())["at"])

    asyncio.run(look())


def test_a_half_written_file_leaves_the_old_page_and_is_told(tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text("1", encoding="utf-8")

    async def act(address: str) -> None:
        screen = Screen(address)
        await screen.listen()
        await screen.news()
        file.write_text("1,", encoding="utf-8")
        told = await screen.news()
        assert told["problem"] == "1,: no number; give one"
        assert ">1<" in (await screen.fetch())[1]
        file.write_text("12", encoding="utf-8")
        told = await screen.news()
        assert told["problem"] == ""
        assert ">12<" in (await screen.fetch())[1]
        screen.close()

    played(number(file), act)


def test_a_silent_line_beats_and_a_server_that_goes_lets_everybody_go(tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text("1", encoding="utf-8")
    live = number(file)

    async def act() -> None:
        assert await live.after(0, 5)
        # Nothing new: the line is kept alive and nobody is told of a version that they have.
        assert await live.after(live.version, 0.01) is False
        waiting = asyncio.create_task(live.after(live.version, 60))
        await asyncio.sleep(0)
        await live.close()
        assert await asyncio.wait_for(waiting, 5) is False
        assert live.closed

    asyncio.run(act())


def test_a_drive_that_fails_for_a_moment_ends_no_board(tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text("1", encoding="utf-8")

    def make() -> str:
        if file.read_text(encoding="utf-8") == "bad":
            raise OSError(errno.EIO, "Input/output error", "n.txt")
        return "page"

    live = Live(make, lambda: [file])
    file.write_text("bad", encoding="utf-8")
    asyncio.run(live.look())
    assert (live.problem, live.page, live.version) == (
        "n.txt: Input/output error; check the path and the disk",
        "page",
        2,
    )
    file.write_text("good", encoding="utf-8")
    asyncio.run(live.look())
    assert (live.problem, live.version) == ("", 3)


def test_a_folder_that_is_gone_for_a_while_is_told_and_followed_again(tmp_path: Path) -> None:
    folder = tmp_path / "share"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS, encoding="utf-8")
    live = Live(lambda: board_page(folder, running=True), lambda: list(folder.iterdir()))
    page = live.page
    folder.rename(tmp_path / "away")
    asyncio.run(live.look())
    assert "no such file or folder" in live.problem
    assert (live.page, live.version) == (page, 2)
    (tmp_path / "away").rename(folder)
    asyncio.run(live.look())
    assert (live.problem, live.version) == ("", 3)


def test_nobody_gets_in_without_the_token(tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text("1", encoding="utf-8")

    async def act(address: str) -> None:
        screen = Screen(address)
        assert "200" in (await screen.fetch(""))[0]
        assert "EventSource" in (await screen.fetch(""))[1]
        assert "EventSource" not in (await screen.fetch())[1]
        screen.path = "/guess/"
        for name in ("", "page", "events"):
            assert "404" in (await screen.fetch(name))[0]
        assert address.startswith("http://127.0.0.1:")
        assert (urlsplit(address).port or 0) > 1023, "a free one, none of the system's"
        tokens.append(urlsplit(address).path.strip("/"))

    tokens: list[str] = []
    for _ in range(2):
        played(number(file), act)
    # Twelve bytes are sixteen signs, other ones each time.
    assert [len(token) for token in tokens] == [16, 16]
    assert tokens[0] != tokens[1]


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "n.txt"
    file.write_text("1", encoding="utf-8")

    async def act(address: str) -> None:
        with pytest.raises(UserError, match="--port"):
            await serve(number(file), port=urlsplit(address).port or 0)

    played(number(file), act)


def test_a_board_follows_its_export_in_the_language_it_was_begun_in(tmp_path: Path) -> None:
    file = tmp_path / "订单 orders.csv"
    file.write_text(ORDERS, encoding="utf-8")
    with language("zh"):
        live = Live(lambda: board_page(file, running=True), lambda: [file])
        before = live.page

        async def act(_address: str) -> None:
            file.write_text(ORDERS + "c1,2027-03-28,5000000\n", encoding="utf-8")
            assert await live.after(1, 25)

        played(live, act)
    assert live.problem == ""
    # In full, with its commas: three digits alone also stand in a figure's random ids.
    assert "5,060,000" in live.page
    assert "5,060,000" not in before
    assert 'lang="zh-CN"' in live.page


def test_what_cannot_be_followed_is_told() -> None:
    with pytest.raises(UserError, match="only files can be followed"):
        live_board("sqlite:///x.db", browser=False)


def test_what_a_board_follows_and_who_is_told_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "exports"
    (folder / "old").mkdir(parents=True)
    for name in ("orders.csv", "notes.txt"):
        (folder / name).write_text(ORDERS + "c1,2027-02-01,500\n", encoding="utf-8")
    card = tmp_path / "card.yaml"
    card.write_text("lines:\n- {kpi: revenue_booked, target: 1000, weight: 1.0}\n", encoding="utf-8")
    served: list[tuple[list[str], str, int]] = []
    opened: list[str] = []
    told: list[str] = []
    pages: list[str] = []

    async def serving(live: Live, *, host: str, port: int, ready: Callable[[str], Any]) -> None:
        ready("http://here/")
        served.append((sorted(file.name for file in live._files()), host, port))
        pages.append(live.page)

    monkeypatch.setattr(room, "serve", serving)
    monkeypatch.setattr("webbrowser.open", opened.append)
    live_board(folder / "orders.csv", browser=False, say=told.append)
    assert (served, opened, told) == ([(["orders.csv"], "127.0.0.1", 0)], [], ["http://here/"])
    # Of the month that is running: 60 orders until the 28th of March, where the last whole month has one of 500.
    assert "60,000" in pages[0]
    served.clear()
    live_board(folder / "orders.csv", scorecard=card, port=8123, say=told.append)
    assert served == [(["card.yaml", "orders.csv"], "127.0.0.1", 8123)]
    assert opened == ["http://here/"]
    (folder / "notes.txt").unlink()
    live_board(folder, browser=False, say=told.append)
    # The folder inside is no file of it.
    assert served[-1] == (["orders.csv"], "127.0.0.1", 0)
