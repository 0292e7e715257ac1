"""The front door: thin commands that call the rooms, each imported only when its command runs."""

from __future__ import annotations

import locale
import os
import sys
from typing import NoReturn

import click

from kpisim.cli import day, firm, machine, playing, tracking  # noqa: F401  (their commands join the group)
from kpisim.cli.group import COMMANDS, cli
from kpisim.cli.options import complain
from kpisim.cli.usage import in_our_words
from kpisim.text import LANGUAGES, Language, Text, UserError, set_language

BAD_INPUT = 2
INTERRUPTED = 130


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line; a user's mistake ends with one line and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # Windows consoles and pipes may have an encoding without Chinese.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    words = list(sys.argv[1:] if args is None else args)
    set_language(_language_of(words))
    try:
        code = cli.main(args=words, prog_name="kpisim", standalone_mode=False)
    except UserError as problem:
        complain(problem)
        sys.exit(BAD_INPUT)
    except click.exceptions.Abort:
        complain(Text("interrupted; nothing was lost"))
        sys.exit(INTERRUPTED)
    except click.ClickException as problem:
        complain(in_our_words(problem))
        sys.exit(BAD_INPUT)
    except OSError as problem:
        # A full disk, a file that another program holds: nothing a traceback would help with.
        path = problem.filename or "kpisim"
        complain(
            UserError("{path}: {problem}; check the path and the disk", path=path, problem=problem.strerror)
        )
        sys.exit(BAD_INPUT)
    sys.exit(code if isinstance(code, int) else 0)


def _language_of(words: list[str]) -> Language:
    """Return the language asked for before the command line is parsed, so that its errors are in it too."""
    asked = None
    for position, word in enumerate(words):
        if word == "--lang" and position + 1 < len(words):
            asked = words[position + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    if asked not in LANGUAGES:
        settings = (os.environ.get(name) for name in ("KPISIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
        # A locale that is not installed is still what the user reads; Windows sets no variable.
        asked = next(filter(None, settings), None) or locale.getlocale()[0] or ""
    return "zh" if asked.lower().startswith(("zh", "chinese")) else "en"


__all__ = ["COMMANDS", "cli", "main"]
