"""The day in JupyterLab, on this machine alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from kpisim.text import current_language
from kpisim.workshop.folder import FIRST, SESSION, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOCALES = {"zh": "zh_CN", "en": "en"}
"""JupyterLab's names of our languages."""


def command(folder: Path, port: int | None = None, *, browser: bool = True) -> list[str]:
    """Return the command that serves `folder`: localhost only, token kept, no announcements, nothing fetched."""
    made = [
        sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1",
        f"--LabApp.default_url=/lab/tree/{current_language()}/{FIRST}",
        "--LabApp.news_url=", "--LabApp.extension_manager=readonly", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    if port is not None:
        made.append(f"--ServerApp.port={port}")
    if not browser:
        made.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root, and the server would refuse to start.
        made.append("--allow-root")
    return made


def quiet(folder: Path) -> Path:
    """Write JupyterLab's settings for the day and return their folder."""
    settings = folder / ".jupyterlab"
    wanted: dict[str, dict[str, Any]] = {
        # Nobody is asked about news and updates in front of the room.
        "apputils-extension/notification": {
            "checkForUpdates": False,
            "doNotDisturbMode": True,
            "fetchNews": "false",
        },
        # Menus speak the language of the day; the pack is a dependency, so nothing is fetched.
        "translation-extension/plugin": {"locale": LOCALES[current_language()]},
        # All cells stay on the page: a form does not vanish while one scrolls, and the browser's search finds it.
        "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
    }
    for name, said in wanted.items():
        file = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(said), encoding="utf-8")
    return settings


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of the day's kernels: where the session is kept, and the language to begin with."""
    return {
        **os.environ,
        "KPISIM_SESSION": str(folder / SESSION),
        "KPISIM_LANG": current_language(),
        "JUPYTERLAB_SETTINGS_DIR": str(quiet(folder)),
    }


def workshop(folder: Path, port: int | None = None, *, browser: bool = True, trainer: bool = False) -> int:
    """Open the day and return the exit code of the server.

    Parameters
    ----------
    folder
        Folder of the session; made where missing, resumed where it is there.
    port
        Port on this machine; by default the first free one.
    browser
        Whether a browser is opened.
    trainer
        Whether the trainer's guide comes along.
    """
    place = prepare(folder, trainer=trainer)
    words: Sequence[str] = command(place, port, browser=browser)
    return subprocess.run(words, env=environment(place), check=False).returncode  # noqa: S603  (our own command)


__all__ = ["command", "environment", "workshop"]
