"""The command group: its commands in the order of use, each with its line of help."""

from __future__ import annotations

import click

from kpisim.cli.usage import Command, OneOf, page
from kpisim.text import LANGUAGES, UserError, did_you_mean, t

COMMANDS = {
    "scenarios": "the ready scenarios, a line each",
    "run": "play a scenario: KPIs with intervals; -o DIR writes the tables",
    "replay": "a quarter as a film that a room can watch, an HTML file",
    "compare": "two scenarios on the same random streams: paired differences",
    "report": "a self-contained HTML report of a scenario or of a firm's tables",
    "reports": "many reports from one YAML file; a failed one becomes a row",
    "profile": "scorecard and scenario to start from, by industry",
    "import": "an unknown export: its columns recognised, kept as a mapping",
    "kpi": "KPIs of a firm's own tables",
    "board": "targets, lights and changes on one page or workbook",
    "quality": "what is wrong with an import, before any KPI is believed",
    "forecast": "what a period will come to, with a range and its track record",
    "track": "targets on their way: pace, forecast, chance, alerts",
    "gap": "which drivers the change in bookings comes from, to the cent",
    "review": "the quarterly review pack and a one-to-one sheet per rep",
    "load": "hours against hours there are, who is over, what comes first",
    "pulse": "anonymous pulses of the team: nothing under 5 answers",
    "pay": "a rep's pay step by step; winners and losers of a plan",
    "goals": "goals checked letter by letter (SMART) and as a tree",
    "cascade": "a yearly target down to people, months and weeks",
    "advise": "why a light is red, what to try, and what that does in the model",
    "stories": "three one-page stories with numbers from runs",
    "calibrate": "a firm's own tables turned into a scenario",
    "sensitivity": "which assumption moves which KPI",
    "evidence": "every theorem and result beside the model's own number",
    "workshop": "open the day: the notebooks of the course, on this machine alone",
    "takehome": "one's own sheets of the day: page, workbook, calendar entries",
    "cohort": "the room after the day: ratings, commitments, no names",
    "doctor": "check this machine, and the day the evening before",
    "bench": "speed, each figure as a ratio",
}


class Commands(click.Group):
    """The commands in the order of use; an unknown one gets the nearest name."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return a command, or say which one may be meant."""
        command = super().get_command(ctx, cmd_name)
        if command is None:
            raise UserError(
                "{name}: no such command; {remedy}", name=cmd_name, remedy=did_you_mean(cmd_name, COMMANDS)
            )
        command.help = COMMANDS[cmd_name]
        return command

    def get_help(self, ctx: click.Context) -> str:
        """Return the help page."""
        return page(self, ctx, [(name, t(meaning)) for name, meaning in COMMANDS.items()])


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    subcommand_metavar="COMMAND",
    help="a sales team that plays by its KPI scheme, its pay plan and its workload",
)
@click.option("--lang", type=OneOf(LANGUAGES), help="language of everything printed")
@click.version_option(package_name="kpisim", message="kpisim %(version)s", help="show the version")
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:  # noqa: ARG001  (read before parsing, see main)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


__all__ = ["COMMANDS", "Commands", "cli"]
