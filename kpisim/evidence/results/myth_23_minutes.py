"""The claim that an interruption costs 23 minutes 15 seconds."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth, shown
from kpisim.evidence.queues import time_lost
from kpisim.text import Text


def myth_23_minutes(
    minutes: float = 23.25, per_hour: float = 3.0, task: float = 22.8, tasks: int = 20_000, *, seed: int = 1
) -> list[Row]:
    """What a cost of 23 min 15 s an interruption would do, against what was measured.

    Parameters
    ----------
    minutes
        Claimed cost of an interruption.
    per_hour
        Interruptions per working hour: 57 % of spells of 11 to 12 minutes broken off (Mark, Gonzalez & Harris 2005).
    task
        Minutes of the task without interruption in the experiment of 2008.
    tasks
        Tasks played on the model's own desk.
    seed
        Seed.

    Notes
    -----
    Mark, Gudith & Klocke 2008: the same e-mails took 20.3 to 20.6 minutes with interruptions, at the price of more stress.
    """
    lost, error = time_lost(per_hour, minutes, tasks, seed)
    measured = 20.45 / task - 1.0
    return [
        myth(
            Text(
                "time for a task with interruptions ÷ without, less 1 (as measured)",
                "有打断÷无打断，完成任务用时，减1（实测）",
            ),
            measured,
            minutes / task,
            (0.5 * minutes / task, float("inf")),
        ),
        shown(
            Text(
                "share of the day lost if it were so, {n:g} interruptions an hour",
                "若果真如此，每小时打断{n:g}次，一天损失的比例",
                n=per_hour,
            ),
            lost,
            1.0 - 1.0 / (1.0 + minutes / 60.0 * per_hour),
            error,
        ),
    ]


CASE = Case(
    "myth_23_minutes",
    Text(
        "‘23 minutes 15 seconds to get back’",
        "“被打断一次要23分15秒才能恢复”",
    ),
    "myth",
    "Mark, Gudith & Klocke 2008 (22.8 against 20.3-20.6 min); the figure comes from interviews and is not in that paper",
    myth_23_minutes,
    status="from memory",
    setting=Text(
        "48 students answering e-mail; observation of 24 to 36 office workers",
        "48名学生处理邮件；对24至36名办公室人员的观察",
    ),
    a=Text(
        "work without interruption",
        "无打断",
    ),
    b=Text(
        "work with interruptions",
        "有打断",
    ),
    reason=Text(
        "The claim is borne out if a task takes at least half of the claimed cost longer.",
        "若任务用时至少多出所称代价的一半，才算说法成立。",
    ),
    limits=Text(
        "25 minutes until a task is resumed were observed, but most of them go to other work. Interrupted people were faster and more stressed.",
        "观察到的约25分钟是回到原任务之前的时间，其中多在做别的正事。被打断的人更快，但压力更大。",
    ),
)
