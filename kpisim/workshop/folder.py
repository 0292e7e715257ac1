"""A session folder: the notebooks and exercises of the day beside what was kept."""

from __future__ import annotations

import shutil
from pathlib import Path

from kpisim.text import UserError
from kpisim.text.writing import writing_folder

FOLDERS = ("zh", "en")
FIRST = "0_start.ipynb"
EXERCISES = "exercises"
FIRST_EXERCISE = "1_culture.ipynb"
SESSION = "session"
GUIDE = "trainer_guide.ipynb"


def notebooks_path(kind: str = "notebooks", first: str = FIRST) -> Path:
    """Return where the day's notebooks, or its exercises, lie: inside an installed wheel, or in the checkout.

    Parameters
    ----------
    kind
        ``notebooks`` or ``exercises``.
    first
        A file that is there in Chinese where they are.

    Raises
    ------
    UserError
        Neither has them; the installation is not whole.
    """
    package = Path(__file__).parents[1]
    for folder in (package / f"_{kind}", package.parent / kind):
        if (folder / "zh" / first).is_file():
            return folder
    raise UserError("{name}: the notebooks of the day are missing; install kpisim again", name=first)


def prepare(folder: Path, *, trainer: bool = False) -> Path:
    """Make or resume a session folder: notebooks and exercises beside what was kept; what was changed stays.

    Parameters
    ----------
    folder
        Folder of the session.
    trainer
        Whether the trainer's guide comes along; participants' folders hold no keys.

    Raises
    ------
    UserError
        A place that cannot be written to.
    """
    rooms = (
        (notebooks_path(), folder),
        (notebooks_path(EXERCISES, FIRST_EXERCISE), folder / EXERCISES),
    )
    with writing_folder(folder):
        for source, room in rooms:
            for lang in FOLDERS:
                (room / lang).mkdir(parents=True, exist_ok=True)
                for file in sorted((source / lang).glob("*.ipynb")):
                    target = room / lang / file.name
                    if not target.exists() and (trainer or not file.name.startswith("trainer")):
                        shutil.copyfile(file, target)
        (folder / SESSION).mkdir(exist_ok=True)
    return folder.resolve()


__all__ = ["EXERCISES", "FIRST", "FOLDERS", "GUIDE", "SESSION", "notebooks_path", "prepare"]
