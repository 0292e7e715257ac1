"""Exercises for analysts: a check says in one sentence what is right and what to look at next, never the answer.

``python -m kpisim.course.exercises`` writes ``solutions/`` and ``exercises/`` from the tasks below; exercises are the same
without what stands between the markers.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.course.notebooks import cell, whole
from kpisim.scenario import Scenario, load
from kpisim.text import LANGUAGES, Text, UserError, did_you_mean, language, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.tables import Tables

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
NAME = "analyst.ipynb"
RUNS = 8


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise.

    Attributes
    ----------
    name, text
        Name, and what is asked.
    given, blank, solution
        Code that is given, the line to fill in, and a solution.
    judge
        What was answered -> None where it is right, else the hint that fits.
    praise
        What is said when it is right, and what to look at next.
    """

    name: str
    text: Text
    given: str
    blank: str
    solution: str
    judge: Callable[[Any], Text | None]
    praise: Text


def _change(answer: Any) -> Text | None:
    if not isinstance(answer, Scenario):
        return Text(
            "A changed scenario is wanted; base.derive({path: value}) returns one.",
            "要的是改过的场景；用 base.derive({路径: 值}) 得到。",
        )
    rate = answer.incentive.commission_rate
    if rate == load("default").incentive.commission_rate:
        return Text(
            "The commission is still the old one; look up its path in docs/parameters.md.",
            "提成还是原来的；请在 docs/parameters.md 里查它的路径。",
        )
    if abs(rate - 0.05) > 1e-9:
        return Text(
            "The commission has changed, but not to 5 %; shares are written as fractions.",
            "提成变了，但不是5%；比例要写成小数。",
        )
    return None


def _direction(answer: Any) -> Text | None:
    words = ("up", "same", "down")
    if answer not in words:
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
    try:
        number = float(answer)
    except (TypeError, ValueError):
        return Text("A number between 0 and 1 is wanted.", "要的是0到1之间的数。")
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


TASKS = (
    Task(
        "change",
        Text(
            "Derive a scenario `mine` from `base` with a commission of 5 %.",
            "从 `base` 派生一个场景 `mine`，提成改为5%。",
        ),
        'import kpisim\nfrom kpisim.course.exercises import check, given_tables\n\nbase = kpisim.load("default")',
        "mine = None",
        'mine = base.derive({"incentive.commission_rate": 0.05})',
        _change,
        Text("Right: base is untouched. Next, see what it does.", "对了，base 没有被改动。接着看看效果。"),
    ),
    Task(
        "direction",
        Text(
            "Compare both with 8 runs. Does pay_cost go `up`, `down`, or stay the `same` as far as can be told?",
            "各跑8次做比较。pay_cost 是 `up`、`down`，还是看不出变化 `same`？",
        ),
        "",
        "answer = None",
        'versus = kpisim.compare(base, base.derive({"incentive.commission_rate": 0.05}), 8).differences.set_index("kpi")\n'
        'row = versus.loc["pay_cost"]\nanswer = "up" if row["low"] > 0 else "down" if row["high"] < 0 else "same"',
        _direction,
        Text(
            "Right: the interval tells decision from luck. Look at csat as well.",
            "对了：区间能分清决策和运气。再看看 csat。",
        ),
    ),
    Task(
        "rate",
        Text(
            "Work out the win rate of what was closed from `tables`, in your own lines.",
            "用自己的代码，从 `tables` 算出按关闭口径的赢单率。",
        ),
        "tables = given_tables()",
        "rate = None",
        'deals = tables["opportunities"]\nstart, end = str(tables.meta.start), str(tables.meta.end)\n'
        'closed = deals[(deals["closed"] >= start) & (deals["closed"] < end)]\nrate = (closed["status"] == "won").mean()',
        _rate,
        Text(
            "Right: numerator and denominator from the same rows. Compare with kpisim.kpi.why.",
            "对了：分子分母取自同一批记录。可以和 kpisim.kpi.why 对照。",
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
    said = Text("Nothing filled in yet.", "还没填。") if answer is None else known[name].judge(answer)
    print(f"✓ {known[name].praise}" if said is None else f"▲ {said}")  # noqa: T201  (a notebook's cell shows it)
    return said is None


def notebook(lang: str, *, solved: bool) -> dict[str, Any]:
    """Return the exercises of one language as a notebook, with or without the solutions."""
    with language("zh" if lang == "zh" else "en"):
        cells = [
            cell(
                "markdown",
                f"# {t('Exercises for analysts')}\n\n{t('Fill in, run, read the sentence. Hints come one at a time.')}",
                "head",
            )
        ]
        cells.append(
            cell("code", f'from kpisim.text import set_language\n\nset_language("{lang}")', "language")
        )
        for task in TASKS:
            cells.append(cell("markdown", f"## {task.text}", f"text-{task.name}"))
            if task.given:
                cells.append(cell("code", task.given, f"given-{task.name}"))
            body = f"{BEGIN}\n{task.solution}\n{END}" if solved else task.blank
            cells.append(cell("code", body, f"answer-{task.name}"))
            answered = task.blank.partition(" =")[0]
            cells.append(cell("code", f'check("{task.name}", {answered})', f"check-{task.name}"))
    return whole(cells)


def texts() -> dict[str, str]:
    """Return path -> content of solutions and exercises."""
    return {
        f"{folder}/{lang}/{NAME}": json.dumps(
            notebook(lang, solved=folder == "solutions"), ensure_ascii=False, indent=1
        )
        + "\n"
        for folder in ("solutions", "exercises")
        for lang in LANGUAGES
    }


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    for name, content in texts().items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(content, encoding="utf-8")
        print(target / name)  # noqa: T201


__all__ = ["BEGIN", "END", "TASKS", "Task", "check", "given_tables", "notebook", "texts"]
