"""The team itself: staying, leaving, learning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Found, Part, found, part
from kpisim.kpi.registry import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.kpi.facts import Facts
    from kpisim.kpi.window import Window


@register(
    name="staff_retention", en="Staff retention", zh="员工留存率",
    formula_en="employed at the start and still at the end ÷ employed at the start", formula_zh="期初在职且期末仍在职者 ÷ 期初在职人数",
    unit="share", direction="higher", perspective="learning", cohort="at_start", needs=("reps",), kind="rate",
)  # fmt: skip
def staff_retention(facts: Facts, window: Window) -> Found:
    """Later hires do not change it; it is not 1 − turnover."""
    if _unsaid(facts):
        return Found(reason="no_data")
    base = _employed(facts, window.lo)
    return found(part("reps", base, _employed(facts, window.hi), base))


@register(
    name="staff_turnover", en="Staff turnover", zh="员工流失率",
    formula_en="leavers ÷ average head-count", formula_zh="期内离职人数 ÷ 平均在职人数",
    unit="share", direction="lower", perspective="learning", cohort="headcount", needs=("reps",), kind="ratio",
)  # fmt: skip
def staff_turnover(facts: Facts, window: Window) -> Found:
    """Those who joined and left inside the period count as leavers."""
    if _unsaid(facts):
        return Found(reason="no_data")
    left = facts.within("reps", "left", window)
    heads = (_employed(facts, window.lo).astype(float) + _employed(facts, window.hi)) / 2
    return found(part("reps", left | (heads > 0), left, heads))


@register(
    name="training_participation", en="Training participation", zh="培训参与率",
    formula_en="people trained ÷ people employed at the start", formula_zh="参加培训的人数 ÷ 期初在职人数",
    unit="share", direction="higher", perspective="learning", cohort="at_start", needs=("trainings", "reps"), kind="rate",
)  # fmt: skip
def training_participation(facts: Facts, window: Window) -> Found:
    """One person in two trainings counts once; who joined later was not eligible."""
    base = _employed(facts, window.lo)
    held = facts.tables["trainings"]["rep_id"][facts.within("trainings", "held", window)]
    went = facts.tables["reps"]["rep_id"].isin(held).to_numpy(dtype=bool)
    return found(part("reps", base, went, base))


@register(
    name="skill_improvement", en="Skill improvement", zh="技能提升",
    formula_en="mean of score after − score before over people with both", formula_zh="前后都测过的人：训后 − 训前的平均分差",
    unit="points", direction="higher", perspective="learning", cohort="matched", needs=("surveys.score", "surveys.rep_id"),
    kind="mean", people="answers",
)  # fmt: skip
def skill_improvement(facts: Facts, window: Window) -> Found:
    """Answers to ``skill_pre`` before the window's end and to ``skill_post`` inside it; people with one only are left out."""
    score, person = facts.number("surveys", "score"), facts.codes("surveys", "rep_id")
    when = facts.time("surveys", "answered")
    known = ~np.isnan(score) & (person >= 0)
    before = np.flatnonzero(known & facts.same("surveys", "question", "skill_pre") & (when < window.hi))
    after = np.flatnonzero(
        known & facts.same("surveys", "question", "skill_post") & facts.within("surveys", "answered", window)
    )
    if not len(before) or not len(after):
        return Found(reason="no_data")
    key = ("surveys", "survey_id")
    first, last = (facts.edge(rows, person[rows], when[rows], key, last=True) for rows in (before, after))
    start = {int(person[row]): float(score[row]) for row in first}
    both = np.array([row for row in last if int(person[row]) in start], dtype=np.intp)
    gain = np.array([float(score[row]) - start[int(person[row])] for row in both])
    return found(Part("surveys", both, gain, np.ones(len(both))))


def _employed(facts: Facts, moment: int) -> NDArray[np.bool_]:
    """Return who is employed at `moment`; without a hiring date a rep was always there."""
    left: NDArray[np.int64] = facts.time("reps", "left")
    there: NDArray[np.bool_] = (facts.time("reps", "hired") <= moment) & ((left == NEVER) | (left >= moment))
    return there


def _unsaid(facts: Facts) -> bool:
    """Whether an export that never names a leaver would make the team look perfectly loyal."""
    return facts.tables.meta.source != "simulated" and not (facts.time("reps", "left") != NEVER).any()
