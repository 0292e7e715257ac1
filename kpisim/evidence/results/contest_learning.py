"""Reps who learn by trial in a sales contest: several winners beat one (Lim, Ahearne & Ham 2009)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, BELOW_ZERO, printed
from kpisim.model import pay
from kpisim.model.streams import Streams
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TRIAL = 0.3
"""How much more or less effort a rep tries at a time [spread of luck]."""
STEP = 0.5
"""How fast a rep follows what they found, at first."""


def contest_learning(
    reps: int = 10, budget: float = 10.0, teams: int = 144, rounds: int = 240, *, seed: int = 1
) -> list[Row]:
    """Teams play contest after contest; each rep tries a little more or less effort and keeps what paid.

    Parameters
    ----------
    reps
        Reps a team.
    budget
        Prize money of a contest.
    teams
        Teams that learn, each by itself.
    rounds
        Contests played by each team (each twice, all trials reversed).
    seed
        Seed.

    Notes
    -----
    Utility √prize (a rep who dislikes risk) or the prize itself, less e²/2; luck is standard normal.  Nobody is told a
    formula: effort follows the difference that a rep's own trials made.  Effort is the mean of the last half of the rounds.
    """
    schemes = {
        "1": [budget],
        "3": [budget / 3] * 3,
        "6": [budget / 6] * 6,
        "ranked": [0.4 * budget, 0.33 * budget, 0.27 * budget],
    }
    found = {
        (name, careful): _learn(prizes, np.sqrt if careful else _as_it_is, reps, teams, rounds, seed)
        for name, prizes in schemes.items()
        for careful in (True, False)
        if careful or name in {"1", "3"}
    }
    one, three, six = (found[name, True] for name in ("1", "3", "6"))
    careful, bold = (
        Text("reps dislike risk", "不喜欢风险的人"),
        Text("reps who do not mind risk", "不在乎风险的人"),
    )
    return [
        _ratio(
            Text(
                "effort, three winners ÷ one, less 1; {who}", "努力，三名获奖者÷一名，减1；{who}", who=careful
            ),
            one,
            three,
            0.199,
            (0.12, 0.28),
        ),
        _ratio(
            Text(
                "effort, six winners ÷ three, less 1; {who}", "努力，六名获奖者÷三名，减1；{who}", who=careful
            ),
            three,
            six,
            0.0,
            BELOW_ZERO,
        ),
        _ratio(
            Text(
                "effort, ranked prizes ÷ equal prizes for three, less 1; {who}",
                "努力，三名分等次÷三名等额，减1；{who}",
                who=careful,
            ),
            three,
            found["ranked", True],
            0.0,
            (-0.04, 0.04),
        ),
        _ratio(
            Text("effort, one winner ÷ three, less 1; {who}", "努力，一名获奖者÷三名，减1；{who}", who=bold),
            found["3", False],
            found["1", False],
            0.0,
            ABOVE_ZERO,
        ),
    ]


def _ratio(
    metric: Text,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    reference: float,
    band: tuple[float, float],
) -> Row:
    """Return a row on the ratio of mean efforts; a mean of ratios would lean to the scheme that is learned with more noise."""
    value = float(second.mean() / first.mean())
    spread = (second / second.mean() - first / first.mean()).std(ddof=1)
    return printed(metric, value - 1.0, reference, band, value * float(spread) / len(first) ** 0.5)


def _as_it_is(prize: NDArray[np.float64]) -> NDArray[np.float64]:
    return prize


def _learn(
    prizes: list[float],
    utility: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    reps: int,
    teams: int,
    rounds: int,
    seed: int,
) -> NDArray[np.float64]:
    """Return each team's mean effort once it has learned."""
    streams = Streams(seed, 0)
    luck, trial = streams.generator("luck"), streams.generator("trials")
    purse = [*prizes, *[0.0] * (reps - len(prizes))]
    effort = np.zeros((teams, reps))
    late = []
    for number in range(rounds):
        chance = luck.standard_normal((teams, reps))
        tried = TRIAL * trial.choice([-1.0, 1.0], (teams, reps))
        gain = []
        for side in (1.0, -1.0):
            results = effort + side * tried + chance
            won = np.array([pay.contest(purse, row) for row in results.tolist()])
            gain.append(utility(won) - 0.5 * (effort + side * tried) ** 2)
        felt = (gain[0] - gain[1]) / (2.0 * tried)
        # A team talks: who has learned nothing yet does what the others do.
        pulled = felt.mean(axis=1, keepdims=True)
        effort = np.maximum(effort + STEP / (1.0 + 0.02 * number) * pulled, 0.0)
        if number >= rounds // 2:
            late.append(effort.mean(axis=1))
    return np.asarray(np.mean(late, axis=0))


CASE = Case(
    "contest_learning",
    Text("Reps who learn by trial want several winners", "在试错中学习的人，要有多名获奖者"),
    "emerges",
    "Lim, Ahearne & Ham 2009, Journal of Marketing Research 46(3): several winners beat one, ranks add nothing",
    contest_learning,
    status="read in the paper",
    setting=Text(
        "Two laboratory and two field experiments in fund-raising", "两个实验室实验和两个募捐实地实验"
    ),
    a=Text("one winner takes the whole budget", "一名获奖者拿走全部奖金"),
    b=Text("the same budget for three winners of ten", "同样的奖金，十人中三人获奖"),
    reason=Text(
        "The paper's signs; the size is that of the theorem (+19.9% for utility √prize), 8 points either way for learning by trial; ranks within 4%.",
        "方向取自论文；大小取自定理（效用为奖金的平方根时+19.9%），试错学习上下8个百分点；分等次与等额相差4%以内。",
    ),
    limits=Text(
        "Equal reps. Ranked prizes are mild (40 : 33 : 27); steep ones cost effort under this utility.",
        "所有人能力相同。等次差别不大（40：33：27）；差别大时，在这种效用下反而降低努力。",
    ),
)
