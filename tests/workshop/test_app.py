"""The plain pages: this machine alone, a token kept, nothing linked from elsewhere, kernels that end."""

from __future__ import annotations

import ast
import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kpisim.course.notebooks import NAMES
from kpisim.text import LANGUAGES, UserError, language
from kpisim.workshop import app, warm
from kpisim.workshop.folder import notebooks_path, prepare

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.unit

TEMPLATES = Path(app.__file__).parent / "voila" / "templates" / app.TEMPLATE


def test_the_server_is_for_this_machine_and_keeps_its_token_out_of_the_command(tmp_path: Path) -> None:
    folder = prepare(tmp_path)
    with language("zh"):
        words = app.command(folder, 8900)
        settings = app.environment(folder, "a-secret")
        address = app.first_page(8900, "a-secret")
    said = json.loads((folder / app.CONFIG / "voila.json").read_text(encoding="utf-8"))
    assert said["Voila"]["ip"] == "127.0.0.1"
    assert said["Voila"]["auto_token"] is True
    assert not any("a-secret" in word for word in words)
    assert "a-secret" in settings.values()
    assert settings["KPISIM_SESSION"] == str(folder / "session")
    assert address == "http://127.0.0.1:8900/voila/render/zh/0_start.ipynb?token=a-secret"


def test_kernels_are_warmed_and_end_after_lunch_at_the_earliest() -> None:
    said = app.configuration()
    assert said["WarmKernels"]["pool_size"] >= 1
    assert said["MappingKernelManager"]["cull_idle_timeout"] >= 65 * 60
    assert said["MappingKernelManager"]["cull_connected"] is False
    assert app.configuration(cull=4)["MappingKernelManager"]["cull_interval"] == 2


def test_a_warm_kernel_is_told_what_voila_says_about_the_page() -> None:
    voila = pytest.importorskip("voila.utils", reason="voila is not installed")
    said = {voila.ENV_VARIABLE.SCRIPT_NAME: "/voila/render/zh/1_culture.ipynb", "PATH": os.environ["PATH"]}
    news = warm._news(said)
    assert ast.literal_eval(repr(news)) == {"SCRIPT_NAME": "/voila/render/zh/1_culture.ipynb"}
    compile(warm.MOVE.format(env=news, folder="培训 日"), "what the kernel runs", "exec")


def test_the_trainer_finds_the_guide_in_the_menu_and_participants_do_not(tmp_path: Path) -> None:
    for trainer in (True, False):
        folder = prepare(tmp_path / str(trainer), trainer=trainer)
        with language("zh"):
            app.command(folder, 8900)
        said = json.loads((folder / app.CONFIG / "voila.json").read_text(encoding="utf-8"))
        links = {
            one["href"]: one["title"]
            for shown in said["VoilaConfiguration"]["resources"]["kpisim"]["menu"]
            for one in shown["modules"]
        }
        assert ("zh/trainer_guide.ipynb" in links) is trainer
        if trainer:
            assert links["zh/trainer_guide.ipynb"] == "讲师手册"
            assert links["en/trainer_guide.ipynb"] == "Trainer guide"


def test_the_session_is_not_among_the_files_that_are_served() -> None:
    allowed = [re.compile(one) for one in app.configuration()["VoilaConfiguration"]["file_allowlist"]]
    for name in ("session/session.db", "session/author.txt", ".voila/voila.json", "zh/1_culture.ipynb"):
        assert not any(one.fullmatch(name) for one in allowed), name
    assert any(one.fullmatch("video/meeting.mp4") for one in allowed)


def test_the_menu_leads_to_every_module_and_exercise() -> None:
    for lang, said in zip(LANGUAGES, app.menu(), strict=True):
        assert [one["href"] for one in said["modules"]] == [f"{lang}/{name}" for name in NAMES.values()]
        for one in said["practice"]:
            assert (
                notebooks_path("exercises", "1_culture.ipynb") / one["href"].removeprefix("exercises/")
            ).is_file()


def test_no_template_links_anything_elsewhere() -> None:
    files = [file for file in TEMPLATES.iterdir() if file.suffix in {".html", ".j2"}]
    assert {file.name for file in files} == {"index.html.j2", "page.html"}
    for file in files:
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", file.read_text(encoding="utf-8"))


def test_without_voila_the_remedy_is_said(kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "find_spec", lambda _: None)
    said = kpisim("workshop", "--app", "--lang", "zh")
    assert said.code == 2
    assert "pip install kpisim[app]" in said.err


def test_a_server_that_does_not_start_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "command", lambda _folder, _port: ["python", "-c", "print('broken')"])
    (tmp_path / app.CONFIG).mkdir()
    with pytest.raises(UserError, match="does not start on port 8901"):
        app.app(tmp_path, 8901, browser=False)
    assert (tmp_path / app.CONFIG / "server.log").read_text(encoding="utf-8") == "broken\n"
