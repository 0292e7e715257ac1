"""The day as plain pages without the Jupyter frame, through Voilà: on this machine alone, nothing fetched from elsewhere.

Voilà's own pages link icons from a content network; the template here leaves that out, since the same icons come with
Voilà's style already.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from kpisim.course import lessons
from kpisim.course.notebooks import NAMES
from kpisim.report.font import font_css
from kpisim.text import LANGUAGES, UserError, current_language, language, t
from kpisim.workshop.folder import EXERCISES, FIRST, GUIDE, prepare
from kpisim.workshop.lab import environment as lab_environment

TEMPLATE = "kpisim"
HERE = Path(__file__).parent
CONFIG = ".voila"
CULL_SECONDS = 90 * 60
"""A kernel whose page is gone ends after this; longer than lunch, in which a laptop may sleep."""
WARM = 2
"""Kernels started ahead: the page one opens next, and one that is opened right after it."""
START_SECONDS = 90.0


def free_port() -> int:
    """Return a port of this machine that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def menu(*, trainer: bool = False) -> list[dict[str, Any]]:
    """Return for each language its modules and their exercises as titles and addresses.

    Parameters
    ----------
    trainer
        Whether the trainer's guide, which holds the console, is among them.
    """
    made = []
    for lang in LANGUAGES:
        with language(lang):
            modules = [
                {"title": str(taught.title.text()), "href": f"{lang}/{NAMES[taught.name]}"}
                for taught in lessons()
            ]
            if trainer:
                modules.append({"title": t("Trainer guide"), "href": f"{lang}/{GUIDE}"})
            practice = [
                {"title": str(number), "href": f"{EXERCISES}/{lang}/{NAMES[taught.name]}"}
                for number, taught in enumerate(lessons())
                if number
            ]
            said = {
                "lang": lang,
                "label": t("Modules"),
                "modules": modules,
                "practice_label": t("Exercises"),
                "practice": practice,
                "waiting": t("Opening the page …"),
            }
        made.append(said)
    return made


def configuration(cull: int = CULL_SECONDS, warm: int = WARM, *, trainer: bool = False) -> dict[str, Any]:
    """Return Voilà's configuration for the day.

    Parameters
    ----------
    cull
        Seconds after which a kernel without a page ends.
    warm
        Kernels started ahead.
    trainer
        Whether the trainer's guide is in the menu.
    """
    shown = menu(trainer=trainer)
    characters = "".join(json.dumps(one, ensure_ascii=False) for one in shown)
    return {
        "Voila": {
            "ip": "127.0.0.1",
            "open_browser": False,
            "auto_token": True,
            "port_retries": 0,
            # A page that closes ends its kernel by a beacon, which cannot carry the mark against forged requests.
            # Nothing else here is changed by one, and a kernel's number cannot be guessed.
            "tornado_settings": {"disable_check_xsrf": True},
        },
        "VoilaConfiguration": {
            "template": TEMPLATE,
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "multi_kernel_manager_class": "kpisim.workshop.warm.WarmKernels",
            "file_allowlist": [r".*\.(png|jpg|gif|svg)", r"video/.*\.(mp4|webm|vtt|html)"],
            "resources": {"kpisim": {"menu": shown, "font": font_css(characters)}},
        },
        "WarmKernels": {"pool_size": warm},
        "MappingKernelManager": {
            "cull_idle_timeout": cull,
            "cull_interval": max(1, min(60, cull // 2)),
            "cull_connected": False,
        },
    }


def command(folder: Path, port: int) -> list[str]:
    """Write the configuration into `folder` and return the command that serves it."""
    place = folder / CONFIG
    place.mkdir(exist_ok=True)
    trainer = (folder / current_language() / GUIDE).is_file()
    said = json.dumps(configuration(trainer=trainer), ensure_ascii=False)
    (place / "voila.json").write_text(said, encoding="utf-8")
    # The machine's own configuration is left out: it could open the server to the network.
    return [
        sys.executable,
        "-m",
        "voila",
        str(folder),
        f"--port={port}",
        f"--Voila.config_file_paths={place}",
    ]


def environment(folder: Path, token: str) -> dict[str, str]:
    """Return the environment of the server: the kernels', the token, and where the template lies.

    The token is not a word of the command, which everybody on the machine could read.
    """
    paths = [str(HERE), *filter(None, os.environ.get("JUPYTER_PATH", "").split(os.pathsep))]
    return {
        **lab_environment(folder),
        "JUPYTER_TOKEN": token,
        "JUPYTER_PATH": os.pathsep.join(paths),
        # Voilà asks the network for nothing, and a proxy of the firm must not stand between the page and its kernel.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def first_page(port: int, token: str) -> str:
    """Return the address of the first page, with its token."""
    return f"http://127.0.0.1:{port}/voila/render/{current_language()}/{FIRST}?token={token}"


def ready(port: int, server: subprocess.Popen[Any], seconds: float = START_SECONDS) -> bool:
    """Wait until the server answers; False where it ended or does not answer in time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends and server.poll() is None:
        try:
            urlopen(f"http://127.0.0.1:{port}/login", timeout=2).close()
        except HTTPError:
            return True
        except OSError:
            time.sleep(0.3)
        else:
            return True
    return False


def app(folder: Path, port: int | None = None, *, browser: bool = True, trainer: bool = False) -> int:
    """Serve the day as plain pages and return the exit code of the server.

    Parameters
    ----------
    folder
        Folder of the session; made where missing, resumed where it is there.
    port
        Port on this machine; by default a free one.
    browser
        Whether a browser is opened.
    trainer
        Whether the trainer's guide comes along.

    Raises
    ------
    UserError
        Voilà is not installed, or its server does not start.
    """
    if find_spec("voila") is None:
        raise UserError(
            "Voilà is not installed, which shows the pages; install it with: pip install kpisim[app]"
        )
    place = prepare(folder, trainer=trainer)
    port, token = port or free_port(), secrets.token_urlsafe(24)
    log = place / CONFIG / "server.log"
    words = command(place, port)
    with log.open("w", encoding="utf-8") as written:
        server = subprocess.Popen(  # noqa: S603  (our own command)
            words, env=environment(place, token), cwd=place, stdout=written, stderr=subprocess.STDOUT
        )
        try:
            if not ready(port, server):
                raise UserError(
                    "the server does not start on port {port}; take another port with --port, and see {path}",
                    port=port,
                    path=str(log),
                )
            address = first_page(port, token)
            print(t("The day is open at {address}  (Ctrl+C ends it)", address=address), flush=True)  # noqa: T201
            if browser:
                webbrowser.open(address)
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


__all__ = [
    "CULL_SECONDS",
    "app",
    "command",
    "configuration",
    "environment",
    "first_page",
    "free_port",
    "menu",
    "ready",
]
