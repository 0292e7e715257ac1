"""The 30/60/90-day check in a browser: what is ticked and kept with the button is what is read when it comes back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.report.returns import Action, Returned, read_return
from kpisim.report.self_check import return_code, self_check
from kpisim.text import language

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_ticked_and_kept_is_what_is_read(browser: Browser, tmp_path: Path, lang: Any) -> None:
    rows = [{"area": "goals", "commitment": "每周一“点名”感谢 <b>"}, {"area": "culture", "commitment": "b"}]
    with language(lang):
        sent = tmp_path / "check.html"
        sent.write_text(self_check(rows, date(2027, 3, 1), return_code("a")), encoding="utf-8")
    page = browser.new_page(viewport={"width": 1024, "height": 768})
    page.goto(sent.as_uri())
    first = page.locator("section[data-day='30']")
    first.locator("input[name='d30-0'][value='100']").check()
    first.locator("#o30-0").fill("2027-03-09")
    first.locator("#n30-0").fill("SENTENCE")
    first.locator("input[name='h30'][value='asked']").check()
    first.locator("input[name='w30'][value='time']").check()
    first.locator("input[name='w30'][value='time']").uncheck()
    told = {"zh": "2项中已填1项，平均完成50%", "en": "1 of 2 answered, 50% done"}
    assert first.locator("output").inner_text() == told[lang]
    with page.expect_download() as waiting:
        page.locator("#keep").click()
    kept = tmp_path / "收回 的.html"
    waiting.value.save_as(kept)
    page.close()
    assert "SENTENCE" in kept.read_text(encoding="utf-8")
    found = read_return(kept)
    assert isinstance(found, Returned)
    assert (found.code, found.planned) == (return_code("a"), date(2027, 3, 1))
    assert found.words == ("每周一“点名”感谢 <b>", "b")
    assert found.looks[30].actions == (Action("goals", 100, date(2027, 3, 9)), Action("culture"))
    assert (found.looks[30].helped, found.looks[30].hindered) == (("asked",), ())
