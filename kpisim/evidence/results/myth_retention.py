"""The claims that five points of retention double profit, and that a new customer costs five times as much."""

from __future__ import annotations

from functools import partial

from kpisim.evidence.case import Case, Row, myth, shown
from kpisim.evidence.incentives import retention
from kpisim.evidence.tools import mean, over, play
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def myth_retention(runs: int = 6, *, seed: int = 1) -> list[Row]:
    """Worth of five points of retention, and rep hours behind a new and a repeat order.

    Parameters
    ----------
    runs
        Years played for the hours.
    seed
        Seed.

    Notes
    -----
    Discount of 10 % a year.  Hours are selling hours per signed order; they follow from pass rates, so two markets give two
    ratios.
    """
    value = next(row for row in retention(seed=seed) if str(row.metric).startswith("value, after"))

    def ratio(odds: float, run: int) -> float:
        tables = play({"mechanisms": ALL_OFF, "market.existing_odds": odds}, seed, run)
        deals = tables["opportunities"].set_index("opportunity_id")
        tasks = tables["tasks"].query("kind == 'selling'")
        existing = tasks["opportunity_id"].map(deals["existing"]).astype(bool)
        won = deals["status"] == "won"
        old = deals["existing"].astype(bool)
        new_hours = tasks.loc[~existing, "spent"].sum() / max(int((won & ~old).sum()), 1)
        return float(new_hours / (tasks.loc[existing, "spent"].sum() / max(int((won & old).sum()), 1)))

    rows = [
        myth(
            Text("value of a customer at 95% retention ÷ at 90%, less 1", "客户价值，留存率95%÷90%，减1"),
            value.simulated - 1.0,
            1.0,
            (0.75, 1.25),
            (value.high - value.low) / 3.92,
        )
    ]
    for odds, name in (
        (12.0, Text("loyal market", "回头客多的市场")),
        (1.5, Text("fickle market", "回头客少的市场")),
    ):
        found, error = mean(over(runs, partial(ratio, odds)))
        rows.append(
            shown(
                Text(
                    "selling hours behind a new order ÷ a repeat order, {name}",
                    "每张新客订单÷每张复购订单的销售工时，{name}",
                    name=name,
                ),
                found,
                5.0,
                error,
            )
        )
    return rows


CASE = Case(
    "myth_retention",
    Text(
        "‘5% more retention doubles profit’, ‘a new customer costs five times as much’",
        "“留存率提高5%，利润翻倍”“新客成本是老客的五倍”",
    ),
    "myth",
    "against Reichheld & Sasser 1990, Harvard Business Review (thought experiment); for the factor of five no primary study was found",
    myth_retention,
    status="read in the paper",
    setting=Text(
        "Arithmetic of a thought experiment",
        "思想实验的算术",
    ),
    a=Text(
        "90% of customers stay",
        "留存率90%",
    ),
    b=Text(
        "95% stay",
        "留存率95%",
    ),
    reason=Text(
        "Doubling with a quarter either way. For the factor of five there is no source to hold it to; the rows show that it is no constant.",
        "翻倍上下四分之一。“五倍”找不到原始研究，两行数字只说明它不是常数。",
    ),
    limits=Text(
        "What keeping a customer costs is left out.",
        "没有计入留住客户的成本。",
    ),
)
