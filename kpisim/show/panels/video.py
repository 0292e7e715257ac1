"""A video slot: the trainer's own clip where there is one, else a quarter of the simulator as a film, else the text.

The clip lies in the session folder as ``video/<module>.mp4`` (or ``.webm``), its captions beside it as ``<module>.zh.vtt``
and ``<module>.en.vtt``.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import ipywidgets as w

from kpisim.scenario import load
from kpisim.show.panels.form import WIDE
from kpisim.show.panels.status import status
from kpisim.text import LANGUAGES, UserError, t

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

FOLDER = "video"
ENDINGS = (".mp4", ".webm")
QUARTERS: dict[str, tuple[str, dict[str, Any]]] = {
    # The season of that team is at its height from October on.
    "culture": ("retail_peak", {"calendar.start": "2027-10-01"}),
    "communication": ("technology", {}),
}
"""Which quarter is shown in a module's slot: a ready scenario, and what is changed in it."""
NAMES = {"zh": "中文", "en": "English"}


def clip(folder: Path | None, module: str) -> Path | None:
    """Return the trainer's clip of a module, None where there is none."""
    places = [] if folder is None else [folder / FOLDER / f"{module}{ending}" for ending in ENDINGS]
    return next((place for place in places if place.is_file()), None)


class VideoPanel:
    """The slot of one module.

    Attributes
    ----------
    folder
        Folder of the session; None where the session lies in a database elsewhere.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, module: str) -> None:
        self.desk, self.module = desk, module
        place = desk.session.engine.url.database
        own = desk.session.engine.dialect.name == "sqlite" and place
        self.folder = Path(place).parent.parent if own and place else None
        self.film = ""
        self.button = w.Button(layout=w.Layout(min_height="44px", width="auto"))
        self.button.add_class(f"kpisim-video-{module}")
        self.button.on_click(lambda _: self.play())
        self.shown = w.HTML(layout=w.Layout(width="100%"))
        self.box = w.VBox(layout=WIDE)
        desk.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write the slot in the current language."""
        with self.desk.words():
            found = clip(self.folder, self.module)
            if found is not None:
                self.shown.value = self._clip(found)
                self.box.children = [self.shown]
                return
            self.button.description = t("Watch a quarter of the simulator instead")
            self.shown.value = self._film()
            self.box.children = [self.button, self.shown]

    def play(self) -> None:
        """Play the quarter and show it; what goes wrong is said, and the text above stays."""
        from kpisim.show.film import film_of  # noqa: PLC0415

        with self.desk.words():
            self.shown.value = escape(t("Playing one run …"))
            try:
                name, changes = QUARTERS.get(self.module, ("default", {}))
                self.film = film_of(load(name).derive(changes))
            except UserError as problem:
                self.shown.value = status("bad", problem)
                return
            self.shown.value = self._film()

    def _film(self) -> str:
        if not self.film:
            return ""
        # The page lies inside the attribute: no server and no file are asked for it.
        return (
            f'<iframe title="{escape(t("A quarter, day by day"))}" srcdoc="{escape(self.film)}" '
            'style="width:100%;height:640px;border:1px solid #D5D9DE" allow="fullscreen"></iframe>'
        )

    def _clip(self, found: Path) -> str:
        assert self.folder is not None, "the clip was found there"
        root = files_root()
        tracks = ""
        for lang in LANGUAGES:
            words = found.with_name(f"{self.module}.{lang}.vtt")
            if words.is_file():
                chosen = " default" if lang == self.desk.lang else ""
                tracks += (
                    f'<track kind="captions" srclang="{lang}" label="{NAMES[lang]}" '
                    f'src="{root}{FOLDER}/{quote(words.name)}"{chosen}>'
                )
        fallback = escape(t("The clip cannot be played here; read the scene above."))
        # What cannot be played says so at once: the text above is the fallback.
        failed = (
            "this.replaceWith(Object.assign(document.createElement('p'), {textContent: this.dataset.else}))"
        )
        return (
            f'<video controls preload="metadata" style="width:100%" data-else="{fallback}" '
            f'onerror="{escape(failed)}"><source src="{root}{FOLDER}/{quote(found.name)}" '
            f'onerror="{escape(failed.replace("this.", "this.parentNode."))}">{tracks}{fallback}</video>'
        )


def files_root() -> str:
    """Return the address below which the server of the page gives out files of the session folder."""
    voila = os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")
    base = os.environ.get("VOILA_BASE_URL", "/") if voila else "/"
    return f"{base}voila/files/" if voila else f"{base}files/"


__all__ = ["FOLDER", "VideoPanel", "clip", "files_root"]
