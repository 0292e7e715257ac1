"""``kpisim replay``: one run of a scenario, written as a film.  A replay of an import is another thing: `kpisim.crm.replay`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.text import LANGUAGES, language, t
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.scenario import Scenario


def replay(scenario: Scenario, path: Path, *, weeks: int = 13, seed: int = 1) -> Path:
    """Play one run and write it as a film; return the file.

    Parameters
    ----------
    scenario
        What is played.
    path
        File to write.
    weeks, seed
        Length, and the number that fixes all luck.

    Raises
    ------
    UserError
        A place that cannot be written to.
    """
    with writing_file(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(film_of(scenario, weeks=weeks, seed=seed), encoding="utf-8")
    return path


def film_of(scenario: Scenario, *, weeks: int = 13, seed: int = 1) -> str:
    """Play one run and return it as a film."""
    from kpisim.experiment.one import play  # noqa: PLC0415
    from kpisim.show.film.days import film  # noqa: PLC0415
    from kpisim.show.film.page import film_page  # noqa: PLC0415

    wanted = scenario.derive({"calendar.weeks": max(weeks, 1)})
    made = film(play(wanted, seed, 0), [stage.name for stage in wanted.market.stages], weeks)
    titles = {}
    for lang in LANGUAGES:
        with language(lang):
            titles[lang] = t("{name}: {weeks} weeks, day by day", name=wanted.title(), weeks=weeks)
    return film_page(made, titles)


__all__ = ["film_of", "replay"]
