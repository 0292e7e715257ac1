"""The desk of one participant: the session, the language, and every panel that must follow when the language changes."""

from __future__ import annotations

import os
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kpisim.course import halfway
from kpisim.course.rounds import rounds
from kpisim.session import open_session
from kpisim.text import LANGUAGES, Language, language, set_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from kpisim.session import Session
    from kpisim.sheets import Sheet
    from kpisim.show.panels.player import Player

PLACE, LANG, NOTEBOOK = "KPISIM_SESSION", "KPISIM_LANG", "JPY_SESSION_NAME"
SERVER, PAGE = "SERVER_SOFTWARE", "SCRIPT_NAME"
RUNS, MOST_RUNS = "KPISIM_RUNS", 1000
"""Runs of each side that rounds and the in-basket play: fewer for a slow laptop, whole numbers from 2."""
LANGUAGE_SHEET = "language"
CUT, PAUSE, KEY = "trainer.cut", "trainer.pause", "trainer.key"
"""What the trainer keeps for the room: steps skipped today, pauses of the clocks, whether the tasks' key is released."""


class Panel(Protocol):
    """Something on the screen that can be written anew in the current language."""

    def draw(self) -> None:
        """Write all texts anew; what was entered stays."""
        ...


class Desk:
    """One participant's desk.

    Parameters
    ----------
    session
        Where everything is kept.
    lang
        Language to begin with; by default the one kept last, else Chinese.
    """

    def __init__(self, session: Session, lang: Language | None = None) -> None:
        self.session = session
        kept = session.latest(LANGUAGE_SHEET)
        self.lang: Language = lang or (kept if kept in LANGUAGES else "zh")
        self.panels: list[Panel] = []
        self._followers: dict[str, list[Callable[[], None]]] = {}
        set_language(self.lang)

    @cached_property
    def player(self) -> Player:
        """What plays for all panels of this page; made when the first of them asks."""
        from kpisim.show.panels.player import Player  # noqa: PLC0415

        return Player()

    def speak(self, lang: Language) -> None:
        """Switch the language of every panel; nothing entered is lost."""
        self.lang = lang
        if not self.session.wiped():
            self.session.keep(LANGUAGE_SHEET, lang)
        set_language(lang)
        for panel in self.panels:
            panel.draw()

    def keep(self, sheet: Sheet, rows: list[dict[str, Any]]) -> datetime:
        """Keep a sheet where it belongs and return the moment it was on disk."""
        if sheet.private:
            return self.session.keep_private(sheet.name, rows).at
        at = self.session.keep(sheet.name, rows).at
        self.tell(sheet.name)
        return at

    def tell(self, name: str) -> None:
        """Let those who follow a sheet know that something of it was saved."""
        for act in self._followers.get(name, ()):
            act()

    def follow(self, names: Iterable[str], act: Callable[[], None]) -> None:
        """Call `act` whenever one of these open sheets is saved on this page."""
        for name in names:
            self._followers.setdefault(name, []).append(act)

    def filled(self, names: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
        """Return what was saved last of these sheets, those never saved left out.  Never anything private."""
        found = {
            name: self._lines() if name == halfway.SHEET else self.session.latest(name) for name in names
        }
        return {name: list(rows) for name, rows in found.items() if rows}

    def _lines(self) -> Any:
        """Return the lines of the last board half-way; days kept before they were kept once had them under a name of their own."""
        kinds = [f"round.{name}.board" for name, one in rounds().items() if one.halfway is not None]
        boards = [entry for kind in kinds for entry in self.session.entries(kind)[-1:]]
        last = [*boards, *self.session.entries(halfway.SHEET)[-1:]]
        data = max(last, key=lambda entry: entry.number).data if last else []
        return data["lines"] if isinstance(data, dict) else data

    def kept(self, sheet: Sheet) -> list[dict[str, Any]]:
        """Return what was kept last of a sheet, its draft where that is newer; empty where nothing was."""
        session = self.session
        drafts = f"draft.{sheet.name}"
        if sheet.private:
            last = [*session.private_entries(sheet.name), *session.private_entries(drafts)]
            rows = max(last, key=lambda entry: entry.number).data if last else []
        else:
            found = [*session.entries(sheet.name), *session.entries(drafts)]
            rows = max(found, key=lambda entry: entry.number).data if found else []
        return list(rows)

    def saved(self, sheet: Sheet) -> bool:
        """Return whether a sheet was ever saved; a draft is none."""
        look = self.session.latest_private if sheet.private else self.session.latest
        return look(sheet.name) is not None

    def clear(self, *but: Panel) -> None:
        """Take every panel but these off the page, once what they show was deleted; the language can still be switched."""
        stay = [panel for panel in self.panels if panel in but or getattr(panel, "lasts", False)]
        for panel in self.panels:
            box = getattr(panel, "box", None)
            if panel not in stay and box is not None:
                box.close()
        self.panels[:] = stay
        self._followers.clear()

    def draft(self, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
        """Keep what is typed so far, so that a crash before saving loses nothing."""
        keep = self.session.keep_private if sheet.private else self.session.keep
        keep(f"draft.{sheet.name}", rows)

    def told_in_notebook(self) -> bool:
        """Whether the notebook around the panels already tells the story in this language."""
        # The server tells a kernel the path of its notebook; outside a server nobody tells the story.
        return f"/{self.lang}/" in f"/{_notebook()}"

    def words(self) -> Any:
        """Return a context in which texts are in the participant's language (callbacks run outside the cell's)."""
        return language(self.lang)


def desk() -> Desk:
    """Return the desk of this kernel: the session in ``KPISIM_SESSION``, or in the folder ``session`` here.

    Where everything was deleted meanwhile, a page that is run anew begins anew.
    """
    at = _desk()
    if at.session.wiped():
        _desk.cache_clear()
        at = _desk()
    return at


@cache
def _desk() -> Desk:
    return Desk(open_session(os.environ.get(PLACE) or Path("session")), _asked())


def runs(usual: int) -> int:
    """Return how many runs of each side are played: as ``KPISIM_RUNS`` says, else the usual number."""
    said = os.environ.get(RUNS, "")
    return int(said) if said.isdecimal() and 2 <= int(said) <= MOST_RUNS else usual


def _notebook() -> str:
    """Return the path of the notebook around the panels, as JupyterLab or Voilà tells it; else ``""``."""
    asked = os.environ.get(NOTEBOOK)
    if asked is None and os.environ.get(SERVER, "").startswith("voila/"):
        asked = os.environ.get(PAGE)
    return (asked or "").replace("\\", "/")


def _asked() -> Language | None:
    """Return the language of the notebook, else the one the day was opened in, else None."""
    folders = _notebook().split("/")
    asked = next((one for one in LANGUAGES if one in folders), os.environ.get(LANG))
    return "zh" if asked == "zh" else "en" if asked == "en" else None


__all__ = ["CUT", "KEY", "LANG", "MOST_RUNS", "PAUSE", "PLACE", "RUNS", "Desk", "Panel", "desk", "runs"]
