"""Take the README's pictures anew: the top of today's report on `medical_devices`, in each language.

Usage::

    python tools/readme_pictures.py        # needs Chromium and playwright (the extra `test`)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from kpisim.report.browser import find_browser, flags
from kpisim.text import LANGUAGES

SCENARIO = "medical_devices"
SIZE = {"width": 1100, "height": 1000}
IMAGES = Path(__file__).parents[1] / "docs" / "images"


def main() -> int:
    """Write ``docs/images/report-LANG.png``; return 1 where there is no browser."""
    browser = find_browser()
    if browser is None:
        print("no Chromium or Chrome found; install one", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        started = driver.chromium.launch(
            executable_path=browser, args=[word for word in flags() if word != "--headless"]
        )
        for lang in LANGUAGES:
            subprocess.run(  # noqa: S603  (our own command)
                [sys.executable, "-m", "kpisim", "report", SCENARIO, "--lang", lang, "-o", folder], check=True
            )
            page = started.new_page(viewport=SIZE)  # type: ignore[arg-type]
            page.goto((Path(folder) / f"{SCENARIO}-{lang}.html").as_uri())
            made = IMAGES / f"report-{lang}.png"
            page.screenshot(path=made)
            print(made)
        started.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
