"""Commands of the day: open it, take one's sheets home."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kpisim.cli.group import cli
from kpisim.cli.options import PAGE, lang_option, one_file, one_folder, progress_bar
from kpisim.cli.usage import Argument, Place, Whole
from kpisim.text import UserError

PAPER = "paper"
"""Folder of the paper kit inside the session's."""


@cli.command()
@one_folder("folder of the session; resumed where it is there", Path("workshop"))
@click.option("--port", type=Whole(1024, 65535), help="port on this machine; by default the first free one")
@click.option("--no-browser", is_flag=True, help="open no browser, only print the address")
@click.option("--trainer", is_flag=True, help="with the trainer's guide, its notes and keys")
@click.option("--app", is_flag=True, help="as plain pages without the Jupyter frame")
@click.option(
    "--print",
    "on_paper",
    is_flag=True,
    help="write the paper kit instead, for a day on which every laptop fails",
)
@lang_option
def workshop(out: Path, port: int | None, no_browser: bool, trainer: bool, app: bool, on_paper: bool) -> None:
    if on_paper:
        from kpisim.report.paper import write_kit

        for path in write_kit(out / PAPER, with_trainer=trainer, progress=progress_bar()):
            click.echo(str(path))
        return
    if app:
        from kpisim.workshop.app import app as show

        sys.exit(show(out, port, browser=not no_browser, trainer=trainer))
    from kpisim.workshop import workshop as serve

    sys.exit(serve(out, port, browser=not no_browser, trainer=trainer))


@cli.command()
@click.argument("folder", cls=Argument, type=click.Path(path_type=Path), help="folder of the session")
@one_folder("folder for the files; by default the session's")
@lang_option
def takehome(folder: Path, out: Path | None) -> None:
    from kpisim.report.take_home import take_home
    from kpisim.session import open_session
    from kpisim.workshop import SESSION

    if not (folder / SESSION).is_dir():
        raise UserError("{path}: no session there; give the folder of kpisim workshop", path=str(folder))
    for path in take_home(open_session(folder / SESSION), out or folder):
        click.echo(str(path))


@cli.command()
@click.argument(
    "sessions", cls=Argument, type=Place(), nargs=-1, required=True,
    help="folders of kpisim workshop, or the address of the room's database",
)  # fmt: skip
@one_file("HTML file to write", Path("cohort.html"), *PAGE)
@click.option(
    "--returns", "returned", type=click.Path(path_type=Path), metavar="FOLDER",
    help="folder of 30/60/90-day checks that came back; kept in the sessions, counted in the page",
)  # fmt: skip
@lang_option
def cohort(sessions: tuple[Path | str, ...], out: Path, returned: Path | None) -> None:
    from kpisim.report.cohort import cohort_report
    from kpisim.report.returned import collect
    from kpisim.session import open_session
    from kpisim.workshop import SESSION

    places = [place if isinstance(place, str) else place / SESSION for place in sessions]
    for given, place in zip(sessions, places, strict=True):
        if isinstance(place, Path) and not place.is_dir():
            raise UserError("{path}: no session there; give the folder of kpisim workshop", path=str(given))
    opened = [open_session(place) for place in places]
    if returned is not None:
        for line in collect(opened, returned).lines():
            click.echo(line)
    click.echo(str(cohort_report(opened, out)))
