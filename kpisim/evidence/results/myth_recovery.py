"""The claim that recovered customers are more loyal."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth
from kpisim.evidence.tools import mean, over, play
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def myth_recovery(wrong: float = 0.20, runs: int = 10, *, seed: int = 1) -> list[Row]:
    """Customers whose complaint was answered quickly, against those who never had one.

    Parameters
    ----------
    wrong
        Chance that an order gives reason to complain.
    runs
        Years played.
    seed
        Seed.
    """

    def one(run: int) -> float:
        tables = play(
            {
                "mechanisms": ALL_OFF,
                "workload.admin_per_day": 1.0,
                "market": {"complaint": wrong, "deal_value": 60_000.0},
            },
            seed,
            run,
        )
        known = tables["accounts"].query("since == since").set_index("account_id")["left"].isna()
        cases = tables["complaints"]
        quick = cases.loc[cases["handling"] == "quick", "account_id"].unique()
        calm = ~known.index.isin(cases["account_id"])
        return float(known.reindex(quick).dropna().mean() - known[calm].mean())

    value, error = mean(over(runs, one))
    return [
        myth(
            Text(
                "still there at the end: answered quickly less never complained",
                "年底仍在：投诉被快速处理的减从未投诉的",
            ),
            value,
            0.05,
            (0.0, float("inf")),
            error,
        )
    ]


CASE = Case(
    "myth_recovery",
    Text(
        "‘Recovered customers are more loyal’",
        "“补救得好的客户更忠诚”",
    ),
    "myth",
    "de Matos, Henrique & Rossi 2007, Journal of Service Research 10:60: the paradox holds for satisfaction, not for repurchase",
    myth_recovery,
    status="read in the paper",
    setting=Text(
        "Meta-analysis of service recovery",
        "服务补救的荟萃分析",
    ),
    a=Text(
        "customers who never complained",
        "从未投诉的客户",
    ),
    b=Text(
        "customers whose complaint was answered quickly",
        "投诉被快速处理的客户",
    ),
    reason=Text(
        "The claim is borne out by any difference above 0.",
        "差值大于零才算说法成立。",
    ),
    limits=Text(
        "That a quick answer keeps 82% is put in (TARP, intentions).",
        "快速处理留住82%是给定的（TARP，为意向数据）。",
    ),
)
