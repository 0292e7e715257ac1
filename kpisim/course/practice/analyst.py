"""Exercises for analysts, in code: a check says in one sentence what is right and what to look at next."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from kpisim.scenario import Scenario, load
from kpisim.sheets.typed import typed_number
from kpisim.text import Text, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.tables import Tables

RUNS = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise.

    Attributes
    ----------
    name, text
        Name, and what is asked.
    given, solution
        Code that is given, and a solution whose last line assigns what is asked for.
    judge
        What was answered -> None where it is right, else the hint that fits.
    praise
        What is said when it is right, and what to look at next.
    further
        What is said besides from the second wrong answer on.
    """

    name: str
    text: Text
    given: str
    solution: str
    judge: Callable[[Any], Text | None]
    praise: Text
    further: Text


def _change(answer: Any) -> Text | None:
    if not isinstance(answer, Scenario):
        return Text(
            "A changed scenario is wanted; base.derive({path: value}) returns one.",
            "要的是改过的场景；用 base.derive({路径: 值}) 得到。",
        )
    rate = answer.incentive.commission_rate
    if rate == load("default").incentive.commission_rate:
        return Text(
            "The commission is still the old one; a path that does not exist is answered with the nearest: try “commission”.",
            "提成还是原来的。路径写错时，系统会告诉你最接近的那个：先写 commission 试试。",
        )
    if abs(rate - 0.05) > 1e-9:
        return Text(
            "The commission has changed, but not to 5%; shares are written as fractions.",
            "提成变了，但不是5%；比例要写成小数。",
        )
    return None


def _direction(answer: Any) -> Text | None:
    words = ("up", "same", "down")
    if not isinstance(answer, str) or answer not in words:
        return Text("One of the words up, same, down is wanted.", "请回答 up、same、down 三者之一。")
    if answer != _played():
        return Text(
            "Look at low and high of pay_cost: does the interval hold 0, and on which side does it lie?",
            "看 pay_cost 的 low 和 high：区间含不含0？在0的哪一边？",
        )
    return None


@cache
def _played() -> str:
    from kpisim.experiment import compare  # noqa: PLC0415

    base = load("default")
    frame = compare(base, base.derive({"incentive.commission_rate": 0.05}), RUNS).differences
    row: Any = next(row for row in frame.to_dict("records") if row["kpi"] == "pay_cost")
    return "up" if row["low"] > 0 else "down" if row["high"] < 0 else "same"


def _rate(answer: Any) -> Text | None:
    from kpisim.kpi import measure_values  # noqa: PLC0415

    right = measure_values(given_tables(), ["conversion_closed"])["conversion_closed"].value
    assert right is not None, "the tables below have closed deals"
    read = typed_number(answer)
    if read is None:
        return Text("A number between 0 and 1 is wanted.", "要的是0到1之间的数。")
    number, _ = read
    if abs(number - right) < 1e-9:
        return None
    if abs(number - 100 * right) < 1e-6:
        return Text("Right in per cent; keep rates as fractions.", "按百分数是对的；比率请保留小数。")
    return Text(
        "Won ÷ (won + lost), both closed inside the window; open deals count nowhere.",
        "赢单÷（赢单+丢单），都按期内关闭算；在跟的都不算。",
    )


@cache
def given_tables() -> Tables:
    """Return the tables that the third task is about: one run of a small team."""
    from kpisim.model import Model  # noqa: PLC0415

    return Model(load("default").derive({"team.size": 3, "calendar.weeks": 26}), 5, 0).play()


_wrong: Counter[str] = Counter()
"""Task -> wrong answers so far in this kernel; hints come one at a time."""

TASKS = (
    Task(
        "change",
        Text(
            "Derive a scenario `mine` from `base` with a commission of 5%.",
            "从 `base` 派生一个场景 `mine`，提成改为5%。",
        ),
        'import kpisim\nfrom kpisim.course.practice.analyst import check, given_tables\n\nbase = kpisim.load("default")',
        'mine = base.derive({"incentive.commission_rate": 0.05})',
        _change,
        Text("Right: base is untouched. Next, see what it does.", "对了，base 没有被改动。接着看看效果。"),
        Text(
            "The path is incentive.commission_rate, and 5% is 0.05.",
            "路径是 incentive.commission_rate，5%写成0.05。",
        ),
    ),
    Task(
        "direction",
        Text(
            "Compare both with 8 runs. Does `pay_cost` go `up`, `down`, or stay the `same` as far as can be told?",
            "两边各跑8次，再比较：`pay_cost` 是上升（`up`）、下降（`down`），还是看不出变化（`same`）？",
        ),
        "",
        'versus = kpisim.compare(base, mine, 8).differences\nrow = versus.set_index("kpi").loc["pay_cost"]\n'
        'answer = "up" if row["low"] > 0 else "down" if row["high"] < 0 else "same"',
        _direction,
        Text(
            "Right: the interval tells decision from luck. Look at csat as well.",
            "对了：区间能分清决策和运气。再看看 csat。",
        ),
        Text(
            "kpisim.compare(base, mine, 8).differences has a row for each KPI, with low and high.",
            "kpisim.compare(base, mine, 8).differences 里每个KPI一行，有 low 和 high。",
        ),
    ),
    Task(
        "rate",
        Text(
            "Work out the win rate of what was closed from `tables`, in your own lines.",
            "用自己的代码，从 `tables` 算出按关闭口径的赢单率。",
        ),
        'tables = given_tables()\ntables["opportunities"].tail()',
        'deals = tables["opportunities"]\nstart, end = str(tables.meta.start), str(tables.meta.end)\n'
        'closed = deals[(deals["closed"] >= start) & (deals["closed"] < end)]\nrate = (closed["status"] == "won").mean()',
        _rate,
        Text(
            "Right: numerator and denominator from the same rows. Compare with kpisim.kpi.why.",
            "对了：分子分母取自同一批记录。可以和 kpisim.kpi.why 对照。",
        ),
        Text(
            "A deal is closed where its status is won or lost and closed lies from tables.meta.start up to, not on, tables.meta.end.",
            "status 为 won 或 lost，且 closed 从 tables.meta.start 起、不到 tables.meta.end，才算期内关闭。",
        ),
    ),
)


def check(name: str, answer: Any) -> bool:
    """Say in one sentence whether an answer is right, else what to look at next.

    Parameters
    ----------
    name
        Name of the task; the order of cells does not matter.
    answer
        What was worked out.

    Raises
    ------
    UserError
        No task of that name; the nearest is named.
    """
    known = {task.name: task for task in TASKS}
    if name not in known:
        raise UserError("{name}: no such exercise; {remedy}", name=name, remedy=did_you_mean(name, known))
    task = known[name]
    said = Text("Nothing filled in yet.", "还没填。") if answer is None else task.judge(answer)
    told = f"✓ {task.praise}" if said is None else f"▲ {said}"
    if said is not None and answer is not None:
        _wrong[name] += 1
        if _wrong[name] > 1:
            told += f"\n  {task.further}"
    print(told)  # noqa: T201  (a notebook's cell shows it)
    return said is None


__all__ = ["TASKS", "Task", "check", "given_tables"]
