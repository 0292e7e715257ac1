"""The claim that multitasking costs 40 percent."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth, shown
from kpisim.evidence.queues import time_lost
from kpisim.text import Text


def myth_multitasking(
    switches: float = 20.0, seconds: float = 10.0, tasks: int = 20_000, *, seed: int = 1
) -> list[Row]:
    """How long a switch would have to take for 40 % of the time to be lost.

    Parameters
    ----------
    switches
        Switches per working hour: an event every three minutes (Gonzalez & Mark 2004).
    seconds
        Cost of a switch in the first row (our assumption).
    tasks
        Tasks played on the model's own desk.
    seed
        Seed.
    """
    lost, error = time_lost(switches, seconds / 60.0, tasks, seed)
    needed = 0.4 / 0.6 / switches * 60.0
    there, wrong = time_lost(switches, needed, tasks, seed)
    return [
        myth(
            Text(
                "share of time lost, {n:g} switches an hour of {s:g} s",
                "每小时切换{n:g}次、每次{s:g}秒，损失的时间比例",
                n=switches,
                s=seconds,
            ),
            lost,
            0.40,
            (0.35, 0.45),
            error,
        ),
        shown(
            Text(
                "share of time lost at {m:.2g} min a switch, which the claim needs",
                "每次切换要{m:.2g}分钟，说法才成立：此时损失的比例",
                m=needed,
            ),
            there,
            0.40,
            wrong,
        ),
    ]


CASE = Case(
    "myth_multitasking",
    Text(
        "‘Multitasking costs 40% of productivity’",
        "“多任务损失40%效率”",
    ),
    "myth",
    "Rubinstein, Meyer & Evans 2001, JEP:HPP 27:763: switch costs grow with complexity; 40% is not in its abstract",
    myth_multitasking,
    status="from memory",
    setting=Text(
        "Laboratory; an event every 3 minutes was seen in offices",
        "实验室；办公室观察到约每3分钟一件事",
    ),
    a=Text(
        "one thing after the other",
        "一件一件做",
    ),
    b=Text(
        "a switch every three minutes",
        "每三分钟切换一次",
    ),
    reason=Text(
        "The claim with 5 points either way.",
        "所称数字上下5个百分点。",
    ),
    limits=Text(
        "10 seconds a switch are our assumption; the second row says what the claim would need.",
        "每次10秒是我们的假设；第二行给出说法成立所需的代价。",
    ),
)
