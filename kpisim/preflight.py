"""Check the day the evening before: the session folder, its content, the servers, the clips, the paper kit.

``kpisim doctor FOLDER`` runs this after the checks of the machine and writes ``preflight.json`` into the folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import subprocess
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import urlopen

from kpisim import doctor
from kpisim.doctor import Check
from kpisim.text import LANGUAGES, Text, UserError, current_language
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

FILE = "preflight.json"
SHOWN = 4
"""Names listed in one line."""
LAB_SECONDS = 90.0
CHUNK = 1 << 20
ONCE = secrets.token_urlsafe(12)
"""Token of the servers that are started to see whether they start."""


def examine_day(folder: Path) -> Iterator[Check]:
    """Make or resume the session folder and yield the checks of the day, one after the other.

    Raises
    ------
    UserError
        A folder that cannot be made; nothing else could be checked.
    """
    from kpisim.workshop import prepare  # noqa: PLC0415

    place = prepare(folder)
    for check in CHECKS:
        yield _kept_from_raising(check, place)


def _kept_from_raising(check: Callable[[Path], Check], folder: Path) -> Check:
    try:
        return check(folder)
    except Exception as problem:  # noqa: BLE001  (whatever a machine comes up with becomes a line)
        said = " ".join(str(problem).split())[:200]
        found: Text | str = said
        if not isinstance(problem, UserError):
            found = Text("{error}: {message}", None, error=type(problem).__name__, message=said)
        return Check(
            NAMES[check.__name__], good=False, detail=found, remedy=Text("show this line to who set it up")
        )


def write(folder: Path, checks: Sequence[Check]) -> Path:
    """Write what was found into the folder and return the file.

    Raises
    ------
    UserError
        A place that cannot be written to.
    """
    try:
        version = metadata.version("kpisim")
    except metadata.PackageNotFoundError:
        version = ""
    said = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "kpisim": version,
        "language": current_language(),
        "good": all(one.good for one in checks),
        "checks": [
            {"name": str(one.name), "good": one.good, "found": str(one.detail), "remedy": str(one.remedy)}
            for one in checks
        ],
    }
    path = folder / FILE
    with writing_file(path):
        path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def session(folder: Path) -> Check:
    """Whether the session can be kept: what is there is whole, and something new comes back as it was."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    from kpisim.session import open_session  # noqa: PLC0415
    from kpisim.session.store import FILE as KEPT  # noqa: PLC0415
    from kpisim.workshop import SESSION  # noqa: PLC0415

    remedy = Text("choose another folder, e.g. on this machine's own disk, and start again")
    try:
        # Beside the session and not in it: a check must leave no entry of its own.
        with tempfile.TemporaryDirectory(dir=folder, prefix="check-", ignore_cleanup_errors=True) as beside:
            tried = open_session(beside)
            tried.keep("check", [doctor.SAMPLE])
            came_back = open_session(beside).latest("check") == [doctor.SAMPLE]
            tried.engine.dispose()
    except (OSError, UserError) as problem:
        return Check(NAMES["session"], good=False, detail=str(problem), remedy=remedy)
    if not came_back:
        return Check(
            NAMES["session"], good=False, detail=Text("what was kept does not come back"), remedy=remedy
        )
    if not (folder / SESSION / KEPT).is_file():
        return Check(NAMES["session"], good=True, detail=Text("can be kept; nothing in it yet"))
    count = 0
    try:
        kept = open_session(folder / SESSION)
        with kept.engine.connect() as connection:
            whole = str(connection.exec_driver_sql("PRAGMA integrity_check").scalar())
        if whole == "ok":
            count = len(kept.entries())
    except (SQLAlchemyError, UserError) as problem:
        whole = str(getattr(problem, "orig", None) or problem)
    if whole != "ok":
        return Check(
            NAMES["session"],
            good=False,
            detail=Text("the file of the session is damaged ({problem})", None, problem=whole[:80]),
            remedy=Text("put back the copy of the folder, or begin in a new folder"),
        )
    return Check(
        NAMES["session"],
        good=True,
        detail=Text("can be kept; {count} entries in it", None, count=count),
    )


def room(folder: Path) -> Check:
    """Whether the folder's disk has room."""
    found = doctor.disk(folder)
    return Check(NAMES["room"], good=found.good, detail=found.detail, remedy=found.remedy)


def content(folder: Path) -> Check:
    """Whether every notebook and exercise is what this kpisim's course says, and the course itself is whole."""
    from kpisim.course import lessons  # noqa: PLC0415
    from kpisim.course.notebooks import texts  # noqa: PLC0415
    from kpisim.course.rounds import check_rounds  # noqa: PLC0415
    from kpisim.workshop.folder import EXERCISES, FIRST_EXERCISE, notebooks_path  # noqa: PLC0415

    lessons()
    check_rounds()
    wanted = {name: text for name, text in texts().items() if "trainer" not in name}
    exercises = notebooks_path(EXERCISES, FIRST_EXERCISE)
    wanted |= {
        f"{EXERCISES}/{lang}/{file.name}": file.read_text(encoding="utf-8")
        for lang in LANGUAGES
        for file in sorted((exercises / lang).glob("*.ipynb"))
    }
    all_of_it = hashlib.sha256()
    missing, other = [], []
    for name, text in sorted(wanted.items()):
        digest = _told(text)
        all_of_it.update(f"{name} {digest}\n".encode())
        file = folder / name
        if not file.is_file():
            missing.append(name)
            continue
        try:
            same = _told(file.read_text(encoding="utf-8")) == digest
        except (ValueError, KeyError, TypeError):
            same = False
        if not same:
            other.append(name)
    if missing or other:
        names = [*missing, *other]
        shown = ", ".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
        return Check(
            NAMES["content"],
            good=False,
            detail=Text("missing or not as delivered: {names}", None, names=shown),
            remedy=Text(
                "move these files away and start kpisim workshop again, which puts them back; leave what you changed on purpose"
            ),
        )
    return Check(
        NAMES["content"],
        good=True,
        detail=Text(
            "all {count} notebooks as delivered (mark {digest})",
            None,
            count=len(wanted),
            digest=all_of_it.hexdigest()[:12],
        ),
    )


def _told(notebook: str) -> str:
    """Return a digest of what a notebook says and does; outputs, which every run leaves, do not count."""
    cells = [[cell["cell_type"], "".join(cell["source"])] for cell in json.loads(notebook)["cells"]]
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def lab(folder: Path) -> Check:
    """Whether JupyterLab opens the day."""
    from kpisim.workshop import command, environment  # noqa: PLC0415
    from kpisim.workshop.app import free_port  # noqa: PLC0415

    port = free_port()
    words = command(folder, port, browser=False)
    # The page itself, not only the server's word: it needs JupyterLab's own files.
    page = f"http://127.0.0.1:{port}/lab?token={ONCE}"
    settings = environment(folder) | {"JUPYTER_TOKEN": ONCE}
    return _served("lab", words, settings, folder, page, Text("python -m pip install --upgrade kpisim"))


def pages(folder: Path) -> Check:
    """Whether the plain pages open; only a note where Voilà is not installed."""
    from kpisim.workshop import app  # noqa: PLC0415

    if find_spec("voila") is None:
        return Check(
            NAMES["pages"],
            good=True,
            detail=Text("not installed; needed only for kpisim workshop --app (pip install kpisim[app])"),
        )
    port = app.free_port()
    words, settings = app.command(folder, port), app.environment(folder, ONCE)
    page = f"http://127.0.0.1:{port}/login"
    remedy = Text("use kpisim workshop without --app, or python -m pip install --upgrade kpisim[app]")
    return _served("pages", words, settings, folder, page, remedy)


def _served(
    name: str, words: list[str], settings: dict[str, str], folder: Path, page: str, remedy: Text
) -> Check:
    begun = time.perf_counter()
    with _running(words, settings, folder) as server:
        while time.perf_counter() - begun < LAB_SECONDS and server.poll() is None:
            if _answers(page):
                seconds = f"{time.perf_counter() - begun:.1f}"
                return Check(
                    NAMES[name], good=True, detail=Text("starts in {seconds} s", None, seconds=seconds)
                )
            time.sleep(0.2)
    return Check(
        NAMES[name],
        good=False,
        detail=Text("does not answer within {seconds} s", None, seconds=round(time.perf_counter() - begun)),
        remedy=remedy,
    )


@contextmanager
def _running(words: list[str], settings: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(  # noqa: S603  (our own command)
        words,
        env={**os.environ, **settings},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(5)


def _answers(page: str) -> bool:
    try:
        urlopen(page, timeout=2).close()  # noqa: S310  (our own address)
    except HTTPError as answer:
        return answer.code < 500
    except OSError:
        return False
    return True


def videos(folder: Path) -> Check:
    """Whether the trainer's clips can be played: their names fit a slot, the format is one that browsers play."""
    from kpisim.course import lessons  # noqa: PLC0415
    from kpisim.show.panels.video import FOLDER  # noqa: PLC0415

    slots = [taught.name for taught in lessons() for step in taught.steps if "V" in step.modes]
    files = sorted(file for file in (folder / FOLDER).glob("*") if file.is_file())
    if not files:
        return Check(
            NAMES["videos"],
            good=True,
            detail=Text("none; a quarter of the simulator is shown instead (names: {names})", None, names=", ".join(f"{FOLDER}/{slot}.mp4" for slot in slots)),
        )  # fmt: skip
    wrong = [f"{file.name}: {problem}" for file in files if (problem := _clip_problem(file, slots))]
    if wrong:
        return Check(
            NAMES["videos"],
            good=False,
            detail="; ".join(wrong),
            remedy=Text(
                "save the clip anew as MP4 with H.264, its captions as WebVTT in UTF-8; or take the file away"
            ),
        )
    return Check(NAMES["videos"], good=True, detail=", ".join(file.name for file in files))


def _clip_problem(file: Path, slots: Sequence[str]) -> str:
    """Return what is wrong with one file of the video folder, ``""`` where nothing is."""
    slot, kind = file.name.split(".")[0], file.suffix.lower()
    if slot not in slots:
        return str(Text("no slot of that name; name it after one of {names}", None, names=", ".join(slots)))
    if kind == ".vtt":
        with file.open("rb") as opened:
            head = opened.read(64)
        good = head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")
        return "" if good else str(Text("does not begin with WEBVTT"))
    if kind == ".webm":
        with file.open("rb") as opened:
            return "" if opened.read(4) == b"\x1aE\xdf\xa3" else str(Text("is no WebM file"))
    return _mp4_problem(file) if kind == ".mp4" else str(Text("neither mp4, webm nor vtt"))


def _mp4_problem(file: Path) -> str:
    with file.open("rb") as opened:
        if opened.read(12)[4:8] != b"ftyp":
            return str(Text("is no MP4 file"))
        # The table that names the codec may stand at the end of the file.
        opened.seek(0)
        rest = b""
        while block := opened.read(CHUNK):
            if b"avc1" in rest + block or b"avc3" in rest + block:
                return ""
            rest = block[-3:]
    return str(Text("is not H.264, which some browsers do not play"))


def rounds(_folder: Path) -> Check:
    """Play every round as it stands, before anybody decides anything: on the day that side is there already."""
    from kpisim.course.rounds import REPLICATIONS  # noqa: PLC0415
    from kpisim.course.rounds import rounds as of_the_day  # noqa: PLC0415
    from kpisim.experiment import run  # noqa: PLC0415
    from kpisim.show.panels.desk import runs  # noqa: PLC0415

    begun = time.perf_counter()
    bases = {name: one.base() for name, one in of_the_day().items()}
    failed = [
        name
        for name, base in bases.items()
        if not run(base, runs(REPLICATIONS), 1, progress=False).failures.empty
    ]
    if failed:
        return Check(
            NAMES["rounds"], good=False, detail=", ".join(failed), remedy=Text("install kpisim again")
        )
    found = Text(
        "{count} rounds are played without decisions, in {seconds} s; on the day only the decisions are left to play",
        None,
        count=len(bases),
        seconds=f"{time.perf_counter() - begun:.0f}",
    )
    return Check(NAMES["rounds"], good=True, detail=found)


def paper(folder: Path) -> Check:
    """Whether the paper kit can be written, and whether as PDF."""
    from kpisim.report.paper import write_kit  # noqa: PLC0415

    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(dir=folder, prefix="check-", ignore_cleanup_errors=True) as beside:
        kinds = {file.suffix for file in write_kit(Path(beside))}
    seconds = f"{time.perf_counter() - begun:.0f}"
    if kinds == {".pdf"}:
        found = Text("can be written as PDF in {seconds} s", None, seconds=seconds)
    else:
        found = Text("can be written as HTML, to be printed from a browser")
    return Check(NAMES["paper"], good=True, detail=found)


NAMES = {
    "session": Text("session"),
    "room": Text("session folder and disk"),
    "content": Text("content of the day"),
    "lab": Text("JupyterLab"),
    "pages": Text("plain pages (Voilà)"),
    "videos": Text("video clips"),
    "rounds": Text("rounds of the simulation"),
    "paper": Text("paper kit"),
}
CHECKS: tuple[Callable[[Path], Check], ...] = (session, room, content, videos, rounds, paper, lab, pages)

__all__ = ["FILE", "examine_day", "write"]
