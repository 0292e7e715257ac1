"""A browser of this machine that prints a page as PDF without opening a window; everything else does without."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

CHOSEN = "KPISIM_BROWSER"
"""Environment variable that names the browser where it is not found by itself."""
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
    "microsoft-edge",
    "microsoft-edge-stable",
)
_MAC = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "Chromium.app/Contents/MacOS/Chromium",
)
_WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
    "Chromium/Application/chrome.exe",
)
SECONDS = 120


def find_browser() -> str | None:
    """Return the path of a Chromium, Chrome or Edge, None where there is none.

    ``KPISIM_BROWSER`` comes first, then the path, then where macOS and Windows install them.
    """
    chosen = os.environ.get(CHOSEN)
    if chosen:
        return shutil.which(chosen)
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    return found or next((str(place) for place in _usual_places() if place.is_file()), None)


def _usual_places() -> list[Path]:
    # Neither system puts its browsers on the path. Edge comes with every Windows 10 and 11.
    mac = [top / name for top in (Path("/Applications"), Path.home() / "Applications") for name in _MAC]
    tops = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
    return mac + [Path(top) / name for top in tops if top for name in _WINDOWS]


def flags() -> list[str]:
    """Return the words every headless start needs: quiet, without a network, without the user's own profile."""
    words = [
        "--headless",
        "--disable-gpu",
        "--no-first-run",
        "--disable-extensions",
        "--disable-sync",
        "--disable-background-networking",
        "--disable-component-update",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        # In a container everybody is root, and Chromium would refuse its own sandbox.
        words.append("--no-sandbox")
    return words


def print_pdf(page: Path, target: Path, browser: str | None = None, seconds: float = SECONDS) -> bool:
    """Print the HTML file `page` as `target` and return whether that worked.

    Parameters
    ----------
    page, target
        Page to print, and the PDF to write.
    browser
        Path of the browser; by default the one that is found.
    seconds
        Time after which it is given up.
    """
    program = browser or find_browser()
    if program is None:
        return False
    # Beside the page, because a browser in a snap or a sandbox sees the user's folders and no other; a profile of
    # its own, because a window that is already open would swallow the order.
    with tempfile.TemporaryDirectory(
        dir=page.parent, prefix="profile-", ignore_cleanup_errors=True
    ) as profile:
        made = Path(profile) / "printed.pdf"
        words = [
            program,
            *flags(),
            f"--user-data-dir={Path(profile) / 'user'}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        try:
            subprocess.run(words, check=False, capture_output=True, timeout=seconds)  # noqa: S603  (a browser of this machine, our own words)
        except (OSError, subprocess.TimeoutExpired):
            return False
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            return False
        shutil.move(made, target)
    return True


__all__ = ["CHOSEN", "NAMES", "find_browser", "flags", "print_pdf"]
