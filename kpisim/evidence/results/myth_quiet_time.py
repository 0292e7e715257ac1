"""The claim that quiet time raises productivity by 65 percent."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth
from kpisim.evidence.queues import time_lost
from kpisim.scenario import Scenario
from kpisim.text import Text


def myth_quiet_time(
    per_hour: float = 3.0, quiet: float = 12.0, week: float = 40.0, tasks: int = 20_000, *, seed: int = 1
) -> list[Row]:
    """Three mornings a week without interruption: what they add to the work that gets done.

    Parameters
    ----------
    per_hour
        Interruptions per working hour outside quiet time.
    quiet, week
        Hours of quiet time, and of the week.
    tasks
        Tasks played on the model's own desk.
    seed
        Seed.

    Notes
    -----
    An interruption costs its handling and the way back, as the scenario's defaults have them.
    """
    rules = Scenario().pressure
    lost, error = time_lost(per_hour, rules.handling_minutes + rules.resumption_minutes, tasks, seed)
    gain = (quiet + (week - quiet) * (1.0 - lost)) / (week * (1.0 - lost)) - 1.0
    slope = quiet / week / (1.0 - lost) ** 2
    return [
        myth(
            Text(
                "work done in a week with quiet mornings ÷ without, less 1",
                "有安静上午÷没有，一周完成的工作，减1",
            ),
            gain,
            0.65,
            (0.45, 0.85),
            slope * error,
        )
    ]


CASE = Case(
    "myth_quiet_time",
    Text(
        "‘Quiet time brings +65%’",
        "“安静时段让效率提升65%”",
    ),
    "myth",
    "Perlow 1999, Administrative Science Quarterly 44:57: 59 and 65% are shares of people who called their productivity above average",
    myth_quiet_time,
    status="from memory",
    setting=Text(
        "17 software engineers, nine months, self-reports",
        "17名软件工程师，九个月，自评",
    ),
    a=Text(
        "interruptions all week",
        "整周都会被打断",
    ),
    b=Text(
        "three shared quiet mornings",
        "三个共同的安静上午",
    ),
    reason=Text(
        "The claim with 20 points either way.",
        "所称数字上下20个百分点。",
    ),
    limits=Text(
        "Interruptions put off to the afternoon are left out; the gain is an upper bound.",
        "没有计入推迟到下午的打断，所以是上限。",
    ),
)
