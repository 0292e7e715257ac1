"""A session folder: made, resumed, without keys for participants, on this machine alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jupyterlab_server.translation_utils import get_language_pack, get_language_packs

from kpisim.course.notebooks import NAMES
from kpisim.text import UserError, language
from kpisim.workshop import command, environment, prepare

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


def test_a_folder_is_made_and_resumed_without_losing_a_change(tmp_path: Path) -> None:
    folder = prepare(tmp_path / "培训 日")
    names = {file.name for file in (folder / "zh").iterdir()}
    assert names == set(NAMES.values())
    changed = folder / "zh" / "1_culture.ipynb"
    changed.write_text("mine", encoding="utf-8")
    assert prepare(folder) == folder
    assert changed.read_text(encoding="utf-8") == "mine"


def test_only_the_trainer_gets_the_guide(tmp_path: Path) -> None:
    assert not (prepare(tmp_path / "a") / "zh" / "trainer_guide.ipynb").exists()
    assert (prepare(tmp_path / "b", trainer=True) / "en" / "trainer_guide.ipynb").exists()


def test_the_exercises_come_along_without_their_solutions(tmp_path: Path) -> None:
    folder = prepare(tmp_path)
    for lang in ("zh", "en"):
        files = sorted((folder / "exercises" / lang).glob("*.ipynb"))
        assert len(files) == 6
        assert not any("BEGIN SOLUTION" in file.read_text(encoding="utf-8") for file in files)


def test_the_server_listens_to_this_machine_only_and_asks_nobody(tmp_path: Path) -> None:
    folder = prepare(tmp_path)
    with language("zh"):
        words = command(folder, 8900, browser=False)
        settings = environment(folder)
    assert "--ServerApp.ip=127.0.0.1" in words
    assert "--LabApp.default_url=/lab/tree/zh/0_start.ipynb" in words
    assert not any("token" in word for word in words)
    assert settings["KPISIM_SESSION"] == str(folder / "session")
    assert settings["KPISIM_LANG"] == "zh"
    news = folder / ".jupyterlab" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    assert json.loads(news.read_text(encoding="utf-8"))["fetchNews"] == "false"


@pytest.mark.parametrize(("lang", "locale"), [("zh", "zh_CN"), ("en", "en")])
def test_the_menus_speak_the_language_of_the_day(tmp_path: Path, lang: Any, locale: str) -> None:
    folder = prepare(tmp_path)
    with language(lang):
        environment(folder)
    said = folder / ".jupyterlab" / "@jupyterlab" / "translation-extension" / "plugin.jupyterlab-settings"
    assert json.loads(said.read_text(encoding="utf-8")) == {"locale": locale}
    packs, _ = get_language_packs()
    assert locale in packs, "the language pack is not installed"
    if lang == "zh":
        texts, problem = get_language_pack(locale)
        assert not problem
        assert texts["jupyterlab"]["Run All Cells"] == ["运行所有单元格"]


def test_a_place_that_cannot_be_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        prepare(tmp_path / "file" / "below")
