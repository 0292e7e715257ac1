"""What is lopsided about a scorecard, before anybody is measured by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.library import card
from kpisim.kpi.scoring import reshare
from kpisim.text import Text
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.kpi.scorecard.declared import Scorecard

MOST_WEIGHT, LEAST_WEIGHT, MOST_LINES, FEWEST_LINES = 0.4, 0.05, 7, 3


def warnings(scorecard: Scorecard) -> list[Text]:
    """Return what to think over, a sentence each; nothing is forbidden.

    One KPI at most 40 %, at least 5 %, five to seven a person: guidance, design judgement.
    """
    lines = scorecard.lines
    cards = [card(line.kpi) for line in lines]
    shares = reshare([line.weight for line in lines], [True] * len(lines))
    found: list[Text] = []
    money = sum(share for share, one in zip(shares, cards, strict=True) if one.perspective == "financial")
    if money >= 1 - 1e-9:
        found.append(
            Text(
                "Every KPI is financial: nothing says whether customers, processes and people will carry next year."
            )
        )
    for share, one in zip(shares, cards, strict=True):
        if share > MOST_WEIGHT + 1e-9:
            found.append(
                Text(
                    "{name} weighs {share}, above 40%: what is not counted will be neglected.",
                    None,
                    name=one.title.text(),
                    share=percent(share),
                )
            )
        elif 0 < share < LEAST_WEIGHT - 1e-9:
            found.append(
                Text(
                    "{name} weighs {share}, below 5%: nobody will notice it.",
                    None,
                    name=one.title.text(),
                    share=percent(share),
                )
            )
    if len(lines) > MOST_LINES:
        found.append(
            Text("{count} KPIs are more than anybody keeps in mind; keep seven.", None, count=len(lines))
        )
    if scorecard.level != "company":
        found += [
            Text(
                "{name} cannot be moved at this level; it is moved by: {influence}.",
                None,
                name=one.title.text(),
                influence=one.influence.text(),
            )
            for one in cards
            if scorecard.level not in one.influenced_by
        ]
    if all(one.timing == "lagging" for one in cards):
        found.append(Text("Every KPI looks back; add one that moves before the result does."))
    return found


__all__ = ["warnings"]
