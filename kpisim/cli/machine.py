"""Commands about this machine: is it ready, how quick is it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kpisim.cli.group import cli
from kpisim.cli.options import FAILED, lang_option
from kpisim.cli.usage import Argument


@cli.command()
@click.argument(
    "folder",
    cls=Argument,
    required=False,
    type=click.Path(path_type=Path),
    help="folder of the session; with it the day is checked too, and preflight.json written into it",
)
@lang_option
def doctor(folder: Path | None) -> None:
    from kpisim.doctor import examine

    checks = examine()
    for check in checks:
        click.echo(check.line())
    if folder is not None:
        from kpisim.preflight import examine_day, write

        for check in examine_day(folder):
            click.echo(check.line())
            checks.append(check)
        click.echo(str(write(folder, checks)))
    if not all(check.good for check in checks):
        sys.exit(FAILED)


@cli.command()
@click.option("--quick", is_flag=True, help="fewer repeats, wider ranges")
@click.option(
    "--only", multiple=True, metavar="GROUP", help="only this group of figures; may be given several times"
)
@lang_option
def bench(quick: bool, only: tuple[str, ...]) -> None:
    from kpisim.bench import lines

    for line in lines(quick=quick, only=list(only) or None):
        click.echo(line)
