"""Commands about this machine: is it ready, how quick is it."""

from __future__ import annotations

import sys

import click

from kpisim.cli.group import cli
from kpisim.cli.options import FAILED, lang_option


@cli.command()
@lang_option
def doctor() -> None:
    from kpisim.doctor import examine

    bad = 0
    for check in examine():
        click.echo(check.line())
        bad += not check.good
    if bad:
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
