"""What users read: the zh and en catalogues, the current language, and errors meant for users.

English text is the message id; ``locale/zh/<room>.po`` holds the Chinese, one file a room, in gettext's
own format. The catalogues are read when the first Chinese text is asked for.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

Found = TypeVar("Found")
MOST_NAMES = 40
"""Names listed where none is near the one that was meant."""
_current: ContextVar[Language] = ContextVar("kpisim_language", default="en")


def current_language() -> Language:
    """Return the language texts are rendered in (default ``"en"``)."""
    return _current.get()


def set_language(lang: Language) -> None:
    """Set the language for the rest of this context (a command line run, a notebook)."""
    _current.set(lang)


@contextmanager
def language(lang: Language) -> Iterator[None]:
    """Render texts in `lang` inside a ``with`` block."""
    token = _current.set(lang)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def catalogue(lang: Language) -> dict[str, str]:
    """Return message id -> text for `lang`; English is its own id, so its catalogue is empty."""
    if lang == "en":
        return {}
    import polib  # noqa: PLC0415  (only readers of Chinese pay for it)

    texts: dict[str, str] = {}
    for file in sorted((Path(__file__).parent / "locale" / lang).glob("*.po")):
        for entry in polib.pofile(str(file), encoding="utf-8"):
            if entry.msgstr and not entry.obsolete:
                texts[entry.msgid] = entry.msgstr
    return texts


def t(message: str, /, **values: Any) -> str:
    """Return `message` in the current language with ``{name}`` fields filled from `values`.

    Parameters
    ----------
    message
        The English text, which is also the key of the catalogue.
    **values
        What to put into the fields.  A value that is itself a :class:`Text` is rendered in the same language.
    """
    text = catalogue(current_language()).get(message, message)
    return text.format(**values) if values else text


class Text:
    """A text whose language is chosen when it is shown, not when it is made."""

    __slots__ = ("en", "values", "zh")

    def __init__(self, en: str, zh: str | None = None, /, **values: Any) -> None:
        self.en, self.zh, self.values = en, zh, values

    def __str__(self) -> str:
        if current_language() == "zh" and self.zh is not None:
            return self.zh.format(**self.values) if self.values else self.zh
        return t(self.en, **self.values)

    def __repr__(self) -> str:
        return f"Text({self.en!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_text, (self.en, self.zh, self.values)


def _rebuild_text(en: str, zh: str | None, values: dict[str, Any]) -> Text:
    return Text(en, zh, **values)


class UserError(ValueError):
    """A mistake a user can mend: one line that names the value, the rule and the remedy.

    ``str()`` renders it in the current language.  The command line prints it and exits with 2.

    Examples
    --------
    >>> str(UserError("{name}: {value} is below {low}; give {low} or more", name="team.size", value=0, low=1))
    'team.size: 0 is below 1; give 1 or more'
    """

    def __init__(self, message: str, /, **values: Any) -> None:
        super().__init__(message)
        self.message, self.values = message, values

    def __str__(self) -> str:
        return " ".join(t(self.message, **self.values).splitlines())

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_error, (self.message, self.values)


def _rebuild_error(message: str, values: dict[str, Any]) -> UserError:
    return UserError(message, **values)


def nearest(name: str, names: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None where nothing is near."""
    found = get_close_matches(name, list(names), n=1, cutoff=0.5)
    return found[0] if found else None


def did_you_mean(name: str, names: Iterable[str]) -> Text:
    """Return the remedy for an unknown `name`: the nearest known one, or the list of all."""
    known = sorted(names)
    near = nearest(name, known)
    if near is not None:
        return Text("did you mean {near}?", None, near=near)
    told = known[:MOST_NAMES] + ["…"] * (len(known) > MOST_NAMES)
    return Text("known names: {names}", None, names=", ".join(told))


def choose(message: str, name: str, known: Mapping[str, Found]) -> Found:
    """Return ``known[name]``.

    Parameters
    ----------
    message
        What is said otherwise, with the fields ``{name}`` and ``{remedy}``.
    name, known
        The name asked for, and everything there is by name.

    Raises
    ------
    UserError
        No such name; the nearest is named.
    """
    if name not in known:
        raise UserError(message, name=name, remedy=did_you_mean(name, known))
    return known[name]


__all__ = [
    "LANGUAGES",
    "Language",
    "Text",
    "UserError",
    "catalogue",
    "choose",
    "current_language",
    "did_you_mean",
    "language",
    "nearest",
    "set_language",
    "t",
]
