"""A board that follows its files: every open screen changes as soon as somebody saves a number.

The server tells each screen that there is something new (server-sent events), and the screen fetches the page.  It runs on
this machine alone unless another address is asked for, and nobody gets in without the token in the address.
"""

from __future__ import annotations

import asyncio
import contextvars
import json
import secrets
import webbrowser
from datetime import datetime
from pathlib import Path
from socket import create_server
from typing import TYPE_CHECKING, Any

from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.web import Application, RequestHandler

from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAUSE = 0.25
"""Seconds between two looks at the files."""
HEARTBEAT = 15.0
"""Seconds after which a silent line is kept alive; proxies and sleeping laptops cut it otherwise."""
LOCAL = "127.0.0.1"

_SCRIPT = """<p id="live" role="status" style="position:fixed;top:0;right:0;margin:0;padding:6px 14px;background:#fff;\
border-left:4px solid #0072B2;font-weight:bold"></p><script>
const told = document.getElementById("live");
const words = %s;
let shown = null;
async function renew() {
    const fresh = new DOMParser().parseFromString(await (await fetch("page")).text(), "text/html");
    document.querySelector("main").replaceWith(fresh.querySelector("main"));
    // The page's font carries the signs of the page, so it changes with it.
    document.querySelector("style").replaceWith(fresh.querySelector("style"));
}
const line = new EventSource("events");
line.onmessage = async (event) => {
    const news = JSON.parse(event.data);
    if (shown !== null && news.version !== shown) await renew();
    shown = news.version;
    told.textContent = news.problem ? "■ " + news.problem : "● " + words.live + " " + news.at;
};
line.onerror = () => { told.textContent = "▲ " + words.lost; };
</script>"""


class Live:
    """The newest page of a board, and who waits for the next.

    Parameters
    ----------
    make
        Returns the page; a `UserError` (a file half written, say) leaves the old page and is told beside it.
    files
        Returns what the page rests on.

    Attributes
    ----------
    page, version, problem, at
        The page, its number, what is wrong with the files now (``""``: nothing), and when it was made.
    closed
        Whether the server is going.
    """

    def __init__(self, make: Callable[[], str], files: Callable[[], Iterable[Path]]) -> None:
        self._make, self._files = make, files
        # Before the page is made: what is saved meanwhile is news.
        self._seen = self._signature()
        self.page = make()
        self.version, self.problem, self.at = 1, "", _now()
        self._news = asyncio.Condition()
        self.closed = False

    async def follow(self) -> None:
        """Look at the files for ever, and make the page anew when one has changed."""
        while True:
            await asyncio.sleep(PAUSE)
            await self.look()

    async def look(self) -> None:
        """Look at the files once."""
        seen = self._signature()
        if seen == self._seen:
            return
        self._seen = seen
        # The language of the page is that of who started the server.
        make = contextvars.copy_context().run
        try:
            page = await asyncio.get_running_loop().run_in_executor(None, make, self._make)
        except UserError as problem:
            self.problem = str(problem)
        except OSError as problem:
            # A network drive that fails for a moment must not end the board in front of the room.
            self.problem = t("{path}: {problem}; check the path and the disk", path=problem.filename or "kpisim", problem=problem.strerror or problem)  # fmt: skip
        else:
            self.page, self.problem = page, ""
        self.version, self.at = self.version + 1, _now()
        async with self._news:
            self._news.notify_all()

    async def after(self, version: int, seconds: float = HEARTBEAT) -> bool:
        """Wait for a version other than `version`; return whether it came in time."""
        async with self._news:
            try:
                await asyncio.wait_for(
                    self._news.wait_for(lambda: self.version != version or self.closed), seconds
                )
            except TimeoutError:
                return False
        return self.version != version

    async def close(self) -> None:
        """Let everybody go who waits."""
        self.closed = True
        async with self._news:
            self._news.notify_all()

    def news(self) -> str:
        """Return what a screen is told."""
        return json.dumps({"version": self.version, "problem": self.problem, "at": self.at})

    def _signature(self) -> list[tuple[str, int, int]]:
        found = []
        try:
            files = sorted(self._files())
        except OSError:
            return []  # a shared folder that is gone for a while: making the page says so, and it is followed again
        for file in files:
            try:
                about = file.stat()
            except OSError:
                continue  # saved anew at this moment
            found.append((str(file), about.st_mtime_ns, about.st_size))
        return found


class _Page(RequestHandler):
    def initialize(self, live: Live, script: str) -> None:
        self.live, self.script = live, script

    def get(self) -> None:
        self.set_header("Cache-Control", "no-store")
        self.finish(self.live.page.replace("</main>", f"</main>{self.script}", 1))


class _Events(RequestHandler):
    def initialize(self, live: Live) -> None:
        self.live = live

    async def get(self) -> None:
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        version = 0
        try:
            while not self.live.closed:
                if await self.live.after(version):
                    version = self.live.version
                    self.write(f"data: {self.live.news()}\n\n")
                else:
                    self.write(": \n\n")
                await self.flush()
        except StreamClosedError:
            return


def application(live: Live, token: str) -> Application:
    """Return the pages that are served: the board with its script, the board alone, and the line of news."""
    words = json.dumps({"live": t("live, as of"), "lost": t("connection lost; trying again")})
    return Application(
        [
            (rf"/{token}/", _Page, {"live": live, "script": _SCRIPT % words}),
            (rf"/{token}/page", _Page, {"live": live, "script": ""}),
            (rf"/{token}/events", _Events, {"live": live}),
        ]
    )


async def serve(
    live: Live,
    *,
    host: str = LOCAL,
    port: int = 0,
    token: str = "",
    ready: Callable[[str], Any] = lambda _address: None,
) -> None:
    """Serve a board until cancelled.

    Parameters
    ----------
    live
        The board.
    host, port
        Where; port 0 takes a free one.
    token
        Part of the address; by default a new one.
    ready
        Called with the address as soon as it answers.

    Raises
    ------
    UserError
        The port is taken, or the address is not this machine's.
    """
    token = token or secrets.token_urlsafe(12)
    try:
        socket = create_server((host, port))
    except OSError as problem:
        raise UserError(
            "{host}, port {port}: cannot be served ({problem}); take another one with --port or --host",
            host=host,
            port=port,
            problem=problem.strerror or str(problem),
        ) from None
    server = HTTPServer(application(live, token))
    socket.settimeout(0.0)
    server.add_socket(socket)
    try:
        ready(f"http://{host}:{socket.getsockname()[1]}/{token}/")
        await live.follow()
    finally:
        server.stop()
        await live.close()
        await asyncio.sleep(0.1)  # long enough for every line to end by itself
        await server.close_all_connections()


def live_board(  # noqa: PLR0913  (one for each option of the command line)
    folder: Path | str,
    mapping: str | None = None,
    start: str | None = None,
    end: str | None = None,
    scorecard: Path | None = None,
    *,
    host: str = LOCAL,
    port: int = 0,
    browser: bool = True,
    say: Callable[[str], Any] = print,
) -> None:
    """Serve the board of an export until it is stopped (Ctrl+C).

    Parameters
    ----------
    folder, mapping, start, end, scorecard
        As for :func:`kpisim.report.board.board_file`.
    host, port
        Where; by default this machine alone and a free port.
    browser
        Whether a browser is opened.
    say
        Called with the address.

    Raises
    ------
    UserError
        As for `board_file`; also a database, whose changes cannot be watched.
    """
    from kpisim.report.board import board_page  # noqa: PLC0415

    place = Path(folder)
    if not place.exists():
        raise UserError("{path}: only files can be followed; give a file or a folder", path=str(folder))

    def files() -> list[Path]:
        own = [place] if place.is_file() else [file for file in place.iterdir() if file.is_file()]
        return own if scorecard is None else [*own, scorecard]

    def opened(address: str) -> None:
        say(address)
        if browser:
            webbrowser.open(address)

    live = Live(lambda: board_page(folder, mapping, start, end, scorecard, running=True), files)
    try:
        asyncio.run(serve(live, host=host, port=port, ready=opened))
    except KeyboardInterrupt:
        return


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")


__all__ = ["Live", "application", "live_board", "serve"]
