"""The film as one HTML file: no server, no network, both languages, keys, and stills for who wants no motion."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.show.numbers import day_text, joined, money
from kpisim.text import LANGUAGES, Language, current_language, language, t
from kpisim.text.fonts.css import font_css, glyphs_of

if TYPE_CHECKING:
    from kpisim.show.film.days import Day, Film

HERE = Path(__file__).parent
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def film_page(film: Film, titles: dict[Language, str]) -> str:
    """Return the film as a page.

    Parameters
    ----------
    film
        Its days.
    titles
        Title in each language.
    """
    data = {
        "first": current_language(),
        "days": [_numbers(day) for day in film.days],
        "words": {lang: _words(film, lang, titles[lang]) for lang in LANGUAGES},
    }
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # Nothing typed by anybody may end the script early.
    said = said.replace("<", "\\u003c")
    script = (HERE / "film.js").read_text(encoding="utf-8")
    transcript = "".join(_transcript(film, lang, titles[lang]) for lang in LANGUAGES)
    title = escape(titles[current_language()])
    return (
        f'<!DOCTYPE html>\n<html lang="{TAGS[current_language()]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f'<link rel="icon" href="data:,"><style>\n{font_css(glyphs_of(transcript) + said)}\n'
        f"{(HERE / 'film.css').read_text(encoding='utf-8')}</style></head>\n"
        f'<body><main id="film"></main>{transcript}'
        f'<script type="application/json" id="data">{said}</script><script>\n{script}</script></body></html>\n'
    )


def _numbers(day: Day) -> dict[str, Any]:
    return {
        "leads": day.leads,
        "leadsSoFar": day.leads_so_far,
        "open": day.open,
        "orders": day.orders,
        "ordersSoFar": day.orders_so_far,
        "booked": round(day.booked),
        "plan": None if day.plan is None else round(day.plan),
        "backlog": day.backlog,
        "complaints": day.complaints,
        "late": day.late,
    }


def _words(film: Film, lang: Language, title: str) -> dict[str, Any]:
    with language(lang):
        return {
            "title": title,
            "stages": [t(name) for name in film.stages],
            "dates": [day_text(day.day) for day in film.days],
            "money": [money(day.booked, film.currency) for day in film.days],
            "plans": ["" if day.plan is None else money(day.plan, film.currency) for day in film.days],
            "events": [[str(one) for one in day.events] for day in film.days],
            "leads": t("leads"),
            "deals": t("open deals by stage"),
            "orders": t("orders"),
            "booked": t("bookings"),
            "plan": t("plan"),
            "backlog": t("tasks waiting, by rep"),
            "complaints": t("open complaints"),
            "colon": t(": "),
            "late": t("▲ waiting for more than two days"),
            "play": t("Play"),
            "pause": t("Pause"),
            "back": t("Day back"),
            "on": t("Day on"),
            "seek": t("Day of the film"),
            "again": t("From the start"),
            "other": "English" if lang == "zh" else "中文",
            "keys": t("Keys: space plays and pauses, ← → one day, Home and End, L language."),
            "note": t(
                "One run of many; with other luck it would look different. A model with assumptions, not your firm."
            ),
            "of": t("day {day} of {count}", day="{day}", count="{count}"),
            "tag": TAGS[lang],
        }


def _transcript(film: Film, lang: Language, title: str) -> str:
    """Return the film as text: for who reads instead of watching, and where scripts are off."""
    with language(lang):
        rows = "".join(
            f"<li>{escape(day_text(day.day))}{escape(t(': '))}{escape(joined(*map(str, day.events)))}</li>"
            for day in film.days
            if day.events
        )
        return (
            f'<details class="transcript" lang="{TAGS[lang]}"><summary>{escape(t("The film in words"))}</summary>'
            f"<h2>{escape(title)}</h2><ol>{rows}</ol></details>"
        )


__all__ = ["film_page"]
