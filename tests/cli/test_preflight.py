"""The evening before: what is wrong with the day is found, with its remedy, in both languages, and written down."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from kpisim import doctor, preflight
from kpisim.course.rounds import a_round
from kpisim.experiment import cache
from kpisim.preflight import examine_day, write
from kpisim.session import open_session
from kpisim.text import UserError, language
from kpisim.workshop import prepare

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kpisim.doctor import Check
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.unit

H264 = b"\0\0\0\x18ftypmp42" + b"\0" * 100 + b"avc1" + b"\0" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a session folder."""
    return prepare(tmp_path / "培训 day")


def clip(folder: Path, name: str, data: bytes) -> None:
    (folder / "video").mkdir(exist_ok=True)
    (folder / "video" / name).write_bytes(data)


def damaged(folder: Path) -> None:
    open_session(folder / "session").keep("join", [{"nickname": "x" * 4000}])
    file = folder / "session" / "session.db"
    data = bytearray(file.read_bytes())
    # The tree of the second table is overwritten, the head of the file stays.
    data[4096:8192] = b"\xff" * 4096
    file.write_bytes(bytes(data))


def taken_away(folder: Path) -> None:
    (folder / "zh" / "3_goals.ipynb").unlink()


def changed(folder: Path) -> None:
    file = folder / "exercises" / "en" / "2_communication.ipynb"
    made = json.loads(file.read_text(encoding="utf-8"))
    made["cells"][0]["source"] = ["something else"]
    file.write_text(json.dumps(made), encoding="utf-8")


def cut_off(folder: Path) -> None:
    file = folder / "en" / "1_culture.ipynb"
    file.write_text(file.read_text(encoding="utf-8")[:300], encoding="utf-8")


WRONG: list[tuple[Callable[[Path], None], Callable[[Path], Check], str]] = [
    (damaged, preflight.session, "is damaged"),
    (taken_away, preflight.content, "zh/3_goals.ipynb"),
    (changed, preflight.content, "exercises/en/2_communication.ipynb"),
    (cut_off, preflight.content, "en/1_culture.ipynb"),
    (lambda at: clip(at, "culture.mp4", b"no clip at all"), preflight.videos, "is no MP4 file"),
    (
        lambda at: clip(at, "culture.mp4", H264.replace(b"avc1", b"hvc1")),
        preflight.videos,
        "is not H.264",
    ),
    (lambda at: clip(at, "other.mp4", H264), preflight.videos, "culture, communication"),
    (lambda at: clip(at, "culture.avi", b"RIFF"), preflight.videos, "neither mp4, webm nor vtt"),
    (lambda at: clip(at, "culture.zh.vtt", b"1\n00:00"), preflight.videos, "WEBVTT"),
]


@pytest.mark.parametrize(("spoil", "check", "said"), WRONG, ids=[said for _, _, said in WRONG])
def test_what_is_wrong_is_found_with_its_remedy(
    spoil: Callable[[Path], None], check: Callable[[Path], Check], said: str, folder: Path
) -> None:
    assert check(folder).good
    spoil(folder)
    found = preflight._kept_from_raising(check, folder)
    assert not found.good
    assert re.search(said, found.line())
    assert " → " in found.line()
    with language("zh"):
        assert re.search(r"→ .*[\u4e00-\u9fff]", found.line())


def test_outputs_that_every_run_leaves_are_no_change(folder: Path) -> None:
    file = folder / "zh" / "1_culture.ipynb"
    made = json.loads(file.read_text(encoding="utf-8"))
    for cell in made["cells"]:
        if cell["cell_type"] == "code":
            cell |= {
                "execution_count": 3,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "x"}],
            }
            cell["source"] = "".join(cell["source"])
    file.write_text(json.dumps(made), encoding="utf-8")
    assert preflight.content(folder).good


def test_a_good_clip_with_captions_is_good(folder: Path) -> None:
    clip(folder, "culture.mp4", H264)
    clip(folder, "culture.zh.vtt", "\ufeffWEBVTT\n".encode())
    clip(folder, "communication.webm", b"\x1aE\xdf\xa3rest")
    assert preflight.videos(folder).good
    # The codec's name may stand where two blocks meet.
    clip(folder, "communication.mp4", H264[:12] + b"\0" * (preflight.CHUNK - 14) + b"avc1")
    assert preflight.videos(folder).good


def test_rounds_are_there_on_the_day(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("KPISIM_RUNS", "2")
    small = {"calendar.weeks": 2, "calendar.warmup_weeks": 0, "team.size": 2}
    played = a_round("practice").model_copy(update={"sets": small})
    monkeypatch.setattr("kpisim.course.rounds.rounds", lambda: {"practice": played})
    assert preflight.rounds(folder).good
    kept = cache.read(cache.key(played.base(), 1, 2))
    assert kept is not None
    (per_run, *_), _stamp = kept
    assert per_run["run"].nunique() == 2


def test_looking_leaves_no_trace_in_the_session(folder: Path) -> None:
    open_session(folder / "session").keep("join", [{"nickname": "A"}])
    before = sorted(str(file) for file in folder.rglob("*"))
    found = preflight.session(folder)
    assert found.good
    assert "1 entries" in found.line()
    assert sorted(str(file) for file in folder.rglob("*")) == before


def test_a_folder_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryDirectory", refuse)
    found = preflight.session(folder)
    assert not found.good
    assert "Permission denied" in found.line()


def test_a_server_that_ends_at_once_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpisim.workshop.command", lambda *_, **__: ["python", "-c", "pass"])
    found = preflight.lab(folder)
    assert not found.good
    assert "does not answer" in found.line()


def test_what_was_found_is_written_for_machines(
    kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (doctor.python,))
    monkeypatch.setattr(preflight, "CHECKS", (preflight.session, preflight.content, preflight.videos))
    said = kpisim("doctor", "day", "--lang", "zh")
    assert said.code == 0, said.out
    assert len(said.out.splitlines()) == 5
    file = tmp_path / "here" / "day" / "preflight.json"
    kept = json.loads(file.read_text(encoding="utf-8"))
    assert kept["good"] is True
    assert kept["language"] == "zh"
    assert [one["name"] for one in kept["checks"]] == ["Python", "存档", "课程内容", "视频短片"]
    taken_away(tmp_path / "here" / "day")
    # Resuming puts back what is missing, so the day is whole again.
    assert kpisim("doctor", "day").code == 0
    changed(tmp_path / "here" / "day")
    assert kpisim("doctor", "day").code == 1
    assert json.loads(file.read_text(encoding="utf-8"))["good"] is False


def test_places_that_cannot_be_get_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        list(examine_day(tmp_path / "file"))
    with pytest.raises(UserError, match="cannot be written"):
        write(tmp_path / "nowhere", [])


@pytest.mark.slow
@pytest.mark.functional
def test_this_day(tmp_path: Path) -> None:
    found = {str(check.name): check for check in examine_day(tmp_path / "培训 day")}
    assert len(found) == len(preflight.CHECKS) == len(preflight.NAMES)
    for check in found.values():
        assert check.good, check.line()
