"""Why an accelerator is gamed: a rep with two quarters and a few deals in each (toy of I-2 after Larkin 2014)."""

from __future__ import annotations

from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import mean, printed
from kpisim.model import pay
from kpisim.model.streams import Streams
from kpisim.scenario.incentive import Incentive, Tier
from kpisim.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 7
"""Deals a quarter beyond this are left out, so that every way to place them can be tried."""


def two_quarters(
    discount: float = 0.25,
    listed: float = 0.143,
    deals: float = 4.0,
    deal_cv: float = 1.0,
    reps: int = 800,
    *,
    seed: int = 1,
) -> list[Row]:
    """A rep may move each deal into the other quarter at a discount, and does what pays best under the plan.

    Parameters
    ----------
    discount
        What a customer asks for signing at the rep's date, as a share of the price.  Not raised beyond 0.30.
    listed
        The same as the teaching case has it: 10 points of the list price, 14.3 % of the net price.
    deals
        Mean deals a quarter (Poisson).
    deal_cv
        Coefficient of variation of deal values (lognormal).
    reps
        Reps simulated.
    seed
        Seed.

    Notes
    -----
    Commission of 5, 10, 15 and 20 % of the slices from 0, 50, 100 and 150 % of quota; expected sales are one quota.
    The pay code of the model pays every way to place the deals, and the rep takes the best.
    """
    steps = Incentive(
        commission_rate=0.05,
        tiers=(
            Tier(attainment=0.5, rate=0.10),
            Tier(attainment=1.0, rate=0.15),
            Tier(attainment=1.5, rate=0.20),
        ),
    )
    line = Incentive(commission_rate=0.10)
    straight = _played(line, 0.0, deals, deal_cv, reps, seed)
    gamed, mild = (_played(steps, x, deals, deal_cv, reps, seed) for x in (discount, listed))
    rows = []
    for name, found, column, reference, band in (
        (
            Text("revenue given away, straight line", "让掉的收入占比，统一提成"),
            straight,
            0,
            0.0,
            (-0.003, 0.003),
        ),
        (
            Text(
                "revenue given away, accelerator, discount {x:.0%}",
                "让掉的收入占比，加速提成，折扣{x:.0%}",
                x=discount,
            ),
            gamed,
            0,
            0.07,
            (0.05, 0.09),
        ),
        (
            Text(
                "revenue given away, accelerator, discount {x:.1%}",
                "让掉的收入占比，加速提成，折扣{x:.1%}",
                x=listed,
            ),
            mild,
            0,
            0.04,
            (0.03, 0.05),
        ),
        (
            Text("share of deals moved, accelerator", "被挪动的单子占比，加速提成"),
            gamed,
            1,
            0.39,
            (0.35, 0.45),
        ),
        (
            Text(
                "share of the pair's sales in the larger quarter, accelerator",
                "两季中较大一季的占比，加速提成",
            ),
            gamed,
            2,
            0.99,
            (0.95, 1.0),
        ),
        (
            Text(
                "share of the pair's sales in the larger quarter, straight line",
                "两季中较大一季的占比，统一提成",
            ),
            straight,
            2,
            0.71,
            (0.66, 0.76),
        ),
    ):
        if column == 2:
            value, error = mean(found[:, 2] / found[:, 3])
        else:
            # A ratio of sums: revenue is lost on what was sold, not on the average rep.
            above, below = (found[:, 0], found[:, 3]) if column == 0 else (found[:, 1], found[:, 4])
            value = float(above.sum() / below.sum())
            error = float((above - value * below).std() / below.mean() / sqrt(len(below)))
        rows.append(printed(name, value, reference, band, error))
    return rows


def _played(
    plan: Incentive, discount: float, deals: float, deal_cv: float, reps: int, seed: int
) -> NDArray[np.float64]:
    """Return for each rep: revenue given away, deals moved, larger quarter, sales at list, deals."""
    draws = Streams(seed, 0).generator("two quarters")
    sigma = sqrt(log(1 + deal_cv**2))
    found = []
    for _ in range(reps):
        numbers = np.minimum(draws.poisson(deals, 2), MOST)
        count = int(numbers.sum())
        value = np.exp(sigma * draws.standard_normal(count) - sigma**2 / 2) / deals
        if count == 0:
            continue
        own = np.repeat([0, 1], numbers)
        # Every way to place the deals, a row each: 0 = first quarter, 1 = second.
        placed = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
        moved = placed != own
        net = value * np.where(moved, 1.0 - discount, 1.0)
        second = (net * placed).sum(axis=1)
        first = net.sum(axis=1) - second
        earned = pay.commission(plan, first, 1.0) + pay.commission(plan, second, 1.0)
        # Where several ways pay the same they leave dates alone.
        best = int(np.argmax(earned - 1e-9 * moved.sum(axis=1)))
        listed = float(value.sum())
        sold = float(first[best] + second[best])
        larger = float(max(first[best], second[best])) / sold * listed
        found.append((listed - sold, float(moved[best].sum()), larger, listed, float(count)))
    return np.array(found)


CASE = Case(
    "two_quarters",
    Text("Why an accelerator is gamed", "加速提成为什么会被钻空子"),
    "emerges",
    "Larkin 2014, Journal of Labor Economics 32(2): 6-8% of revenue; our own toy with two quarters, 2.9 to 7.2%",
    two_quarters,
    status="read in the paper",
    setting=Text(
        "One enterprise-software vendor; here a rep with two quarters",
        "一家企业软件厂商；这里是只有两个季度的销售",
    ),
    a=Text("straight commission", "统一提成"),
    b=Text("commission that rises in steps with attainment", "提成随达成率逐级升高"),
    reason=Text(
        "5 to 9% around 6-8%; at the teaching case's discount a quarter around 4%; the toy's shares with 5 points.",
        "6%–8%放宽到5%–9%；按教学案例的折扣取4%上下四分之一；其余比例上下5个百分点。",
    ),
    limits=Text(
        "The price of a date is given, and the loss grows in proportion to it: 6-8% needs discounts near 25%, more than the teaching case has. What emerges is how many deals a rep moves. The whole model with its own dates (larkin) gives far less.",
        "挪日期的代价是给定的，损失与它成正比：6%–8%要求折扣接近25%，高于教学案例。涌现的是挪多少单。整个模型按自己的日期规则（见 larkin）小得多。",
    ),
)
