"""Write the kit: as PDF where a browser of this machine can print, as HTML to print by hand otherwise."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.report.browser import print_pdf
from kpisim.report.export import page_head
from kpisim.report.font import glyphs_of
from kpisim.report.paper.pages import cards, participant, trainer
from kpisim.report.paper.rounds import played_rounds
from kpisim.text import current_language, t
from kpisim.text.writing import writing_folder

if TYPE_CHECKING:
    from collections.abc import Callable

STYLE = Path(__file__).with_name("style.css")


def write_kit(
    folder: Path,
    *,
    with_trainer: bool = False,
    pdf: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write the paper kit in the current language and return its files.

    Parameters
    ----------
    folder
        Folder to write into; made where missing.
    with_trainer
        Whether the trainer's part comes along, a file of its own with keys and results to read out; plays for it,
        which takes minutes the first time.
    pdf
        Whether a browser may print; False always writes HTML.
    progress
        Called with (settings played, settings in all) while results are played.

    Raises
    ------
    UserError
        A place that cannot be written to.
    """
    with writing_folder(folder):
        folder.mkdir(parents=True, exist_ok=True)
    parts = {"participant": (t("The day on paper"), participant()), "role_cards": (t("Role cards"), cards())}
    if with_trainer:
        parts["trainer"] = (t("Trainer guide"), trainer(played_rounds(progress=progress)))
    with writing_folder(folder):
        return [
            _write(folder, f"{name}_{current_language()}", page(*part), pdf=pdf)
            for name, part in parts.items()
        ]


def page(title: str, body: str) -> str:
    """Return a whole page of the kit: one file, its font inside, nothing from elsewhere."""
    hint = t("To print: press Ctrl+P (on a Mac ⌘P), paper A4, both sides.")
    inside = f'<body><p class="screen-only">{escape(hint)}</p>{body}</body></html>\n'
    head = page_head(title, current_language(), glyphs_of(inside + title), STYLE.read_text(encoding="utf-8"))
    return head + inside


def _write(folder: Path, stem: str, html: str, *, pdf: bool) -> Path:
    target, plain = folder / f"{stem}.pdf", folder / f"{stem}.html"
    with tempfile.TemporaryDirectory(dir=folder, prefix="making-", ignore_cleanup_errors=True) as made:
        source = Path(made) / plain.name
        source.write_text(html, encoding="utf-8")
        if pdf and print_pdf(source, target):
            plain.unlink(missing_ok=True)
            return target
    plain.write_text(html, encoding="utf-8")
    return plain


__all__ = ["page", "write_kit"]
