"""The claim that feedback always helps."""

from __future__ import annotations

import numpy as np

from kpisim.evidence.case import Case, Row, myth, shown
from kpisim.model.streams import Streams
from kpisim.text import Text


def myth_feedback(
    effect: float = 0.41, spread: float = 1.0, people: int = 100_000, *, seed: int = 1
) -> list[Row]:
    """How often feedback harms if it helps by d = 0.41 on average.

    Parameters
    ----------
    effect
        Mean effect size.
    spread
        Spread of effects between interventions, chosen to fit "more than a third".
    people
        Interventions drawn.
    seed
        Seed.
    """
    drawn = effect + spread * Streams(seed, 0).generator("feedback").standard_normal(people)
    harm = float((drawn < 0.0).mean())
    return [
        myth(
            Text("share of feedback that lowers performance", "使表现下降的反馈所占比例"),
            harm,
            0.0,
            (0.0, 0.05),
            float(np.sqrt(harm * (1.0 - harm) / people)),
        ),
        shown(Text("mean effect d", "平均效果d"), float(drawn.mean()), 0.41, spread / people**0.5),
    ]


CASE = Case(
    "myth_feedback",
    Text(
        "‘Feedback always helps’",
        "“反馈总是有益”",
    ),
    "myth",
    "Kluger & DeNisi 1996, Psychological Bulletin 119:254: d = 0.41, more than a third of interventions lower performance",
    myth_feedback,
    status="read in the paper",
    setting=Text(
        "607 effects with 23,663 observations",
        "607个效应、23,663次观察",
    ),
    a=Text(
        "no feedback",
        "没有反馈",
    ),
    b=Text(
        "feedback",
        "给反馈",
    ),
    reason=Text(
        "‘Always’ would be borne out by up to 5% of harm.",
        "有害比例不超过5%才算“总是有益”。",
    ),
    limits=Text(
        "A picture of the paper's figures and no run of the model, whose reviews carry no tone.",
        "这是论文数字的图示，不是模型的结果；模型里的检视没有语气之分。",
    ),
)
