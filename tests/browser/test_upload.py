"""Files that people bring: an export uploaded in the goals module, and a clip of the trainer's own, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.watching import LOCAL, LONG, clean, lab, opened, picture, shown

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEAD = "订单号,客户,销售,下单日期,金额\n"
ROWS = "".join(f"A{n:03},客户{n % 7},王{n % 3},2027-0{1 + n % 6}-1{n % 9},{1000 + n}.50\n" for n in range(60))

def upload(page: Page, name: str, content: bytes) -> None:
    """Choose a file as a person does."""
    with page.expect_file_chooser() as chooser:
        shown(page, "kpisim-own-data-upload").click()
    chooser.value.set_files([{"name": name, "mimeType": "text/csv", "buffer": content}])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_export_is_uploaded_and_a_bad_file_is_told_in_one_line(
    browser: Browser, tmp_path: Path, lang: Any
) -> None:
    asked: list[str] = []
    with lab(tmp_path / "培训 day", lang) as (_, address):
        page = opened(browser, address, f"{lang}/3_goals.ipynb", asked)
        shown(page, "kpisim-own-data").locator(
            ".lm-AccordionPanel-title, .p-Collapse-header, .jupyter-widget-Collapse-header"
        ).first.click()
        panel = page.locator(".kpisim-own-data").first
        for name, content in (("empty.csv", b""), ("garbled.csv", b"\xff\xfe\x00\xd8\x81\x8d" * 40)):
            upload(page, name, content)
            said = panel.locator('[role="status"]', has_text=f"■ {name}").first
            said.wait_for(timeout=LONG)
            assert "\n" not in said.inner_text().strip()
            picture(page, f"{lang}-upload-{name}", ".kpisim-own-data")
        upload(page, "orders.csv", (HEAD + ROWS).encode("gb18030"))
        panel.locator(".kpisim-own-data-check").wait_for(timeout=LONG)
        assert not panel.locator('[role="status"]', has_text="■").count()
        picture(page, f"{lang}-upload-columns", ".kpisim-own-data")
        panel.locator(".kpisim-own-data-check").click()
        panel.locator("table").last.wait_for(timeout=LONG)
        picture(page, f"{lang}-upload-read", ".kpisim-own-data")
        clean(page, "upload")
        assert not [url for url in asked if not url.startswith(LOCAL)]
        page.close()
