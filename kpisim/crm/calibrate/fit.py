"""Fitting: arrivals, stage times, pass rates, spread between reps, values, repurchase, handling times."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.calibrate.shapes import Shape, fit_shape
from kpisim.scenario import ALL_OFF, Scenario
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kpisim.tables import Tables

STAGES = ("lead", "qualified", "proposal", "negotiation")
WORKDAYS = 5.0 / 7.0
"""Calendar days to working days."""
LEAST_PER_REP = 30
"""Closed deals a rep needs to count for the spread between reps."""
QUICK_HOURS = 0.02
"""Handling time where the tables do not tell it: so short that no queue adds to the stage times, which hold it already."""
NEUTRAL: dict[str, Any] = {
    "mechanisms": ALL_OFF,
    "team.max_effort": 0.0,
    "team.speed_sd": 0.0,
    "market.web_share": 0.0,
    "market.silence": 0.0,
    "market.age_half_life_days": 5000.0,
    "market.accounts_per_rep": 0,
    "market.repurchase_days": 5000.0,
    "market.churn": 1.0,
    "market.referral": 0.0,
    "communication.departments": [],
    "workload.admin_per_day": 0.0,
    "pressure.interruptions_per_hour": 0.0,
    "incentive.timing_games": False,
}
"""What the tables say nothing of is switched off, or it would be counted twice: once in the data, once in the model."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One fitted figure.

    Attributes
    ----------
    name
        What it is.
    value, error
        Estimate and standard error; NaN where none is known.
    n
        How many rows it rests on.
    path
        The scenario's parameter it sets; ``""`` for a figure that has none.
    law
        Law that fits best, for durations and values.
    """

    name: Text
    value: float
    error: float
    n: int
    path: str = ""
    law: str = ""


@dataclass(frozen=True)
class Calibration:
    """What was fitted to one set of tables.

    Attributes
    ----------
    estimates
        Every figure with its standard error.
    values
        Parameters by path, ready for `Scenario.derive`.
    shapes
        Laws of durations and values by name.
    """

    estimates: tuple[Estimate, ...]
    values: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)

    def scenario(self, name: str = "my_team") -> Scenario:
        """Return the default scenario with what was fitted; what the tables say nothing of is switched off."""
        return Scenario().derive(NEUTRAL | self.values, name=name)


def calibrate(tables: Tables) -> Calibration:
    """Fit a scenario to `tables`.

    Parameters
    ----------
    tables
        Opportunities with stage changes, orders, or requests; whatever is there is used.

    Raises
    ------
    UserError
        Nothing in the tables that could be fitted.
    """
    estimates: list[Estimate] = []
    values: dict[str, Any] = {}
    shapes: dict[str, Shape] = {}
    if len(tables["opportunities"]):
        _opportunities(tables, estimates, values, shapes)
    elif len(tables["orders"]):
        _orders(tables, estimates, values, shapes)
    if len(tables["requests"]):
        _requests(tables, estimates, shapes)
    if not estimates:
        raise UserError("no opportunities, orders or requests to fit; give tables that have one of them")
    return Calibration(tuple(estimates), values, shapes)


# --- opportunities ------------------------------------------------------------------------------------


def _opportunities(
    tables: Tables, estimates: list[Estimate], values: dict[str, Any], shapes: dict[str, Shape]
) -> None:
    deals = tables["opportunities"]
    reps = max(int(deals["rep_id"].nunique()), 1)
    _arrivals(deals["created"], reps, estimates, values)
    closed = deals[deals["status"].isin(["won", "lost"])]
    won = (closed["status"] == "won").to_numpy()
    rate = float(won.mean())
    estimates.append(
        Estimate(
            Text("win rate (closed)", "赢单率（已关闭）"), rate, sqrt(rate * (1 - rate) / len(won)), len(won)
        )
    )
    _spread(closed, estimates, values)
    _stages(tables, rate, estimates, values, shapes)
    shape = fit_shape(deals["value"])
    if shape is not None:
        shapes["value"] = shape
        values |= {
            "market.deal_value": round(float(np.exp(shape.mu)), 2),
            "market.deal_sigma": round(shape.sigma, 4),
        }
        estimates += [
            Estimate(
                Text("deal value, median", "单值中位数"),
                float(np.exp(shape.mu)),
                float(np.exp(shape.mu)) * shape.mu_error,
                shape.n,
                "market.deal_value",
                shape.law,
            ),
            Estimate(
                Text("deal value, spread (ln)", "单值波动（对数）"),
                shape.sigma,
                shape.sigma_error,
                shape.n,
                "market.deal_sigma",
            ),
        ]
    values["team.size"] = reps
    weeks = max((deals["created"].max() - deals["created"].min()).days // 7, 1)
    values["calendar"] = {
        "start": deals["created"].min().date().isoformat(),
        "weeks": int(min(max(weeks, 4), 104)),
        "warmup_weeks": 0,
    }


def _arrivals(created: pd.Series[Any], reps: int, estimates: list[Estimate], values: dict[str, Any]) -> None:
    """Fit rate, weekday profile and over-dispersion of daily counts."""
    days = created.dt.normalize()
    counts = (
        days.value_counts()
        .reindex(pd.date_range(days.min(), days.max(), freq="D"), fill_value=0)
        .sort_index()
    )
    weekday = counts.index.to_series().dt.day_of_week.to_numpy()
    numbers = counts.to_numpy(dtype=float)
    profile = np.array(
        [numbers[weekday == day].mean() if (weekday == day).any() else 0.0 for day in range(7)]
    )
    expected = profile[weekday]
    busy = expected > 0.2 * profile.max()
    # Variance against the mean of each weekday, days of hardly any arrivals left out.
    ratio = (numbers[busy] - expected[busy]) ** 2 / expected[busy] * busy.sum() / max(busy.sum() - 7, 1)
    dispersion, error = float(ratio.mean()), float(ratio.std(ddof=1) / sqrt(len(ratio)))
    weekly = float(profile.sum()) / reps
    spread = sqrt(max(dispersion, 1.0) * numbers.sum()) / numbers.sum() * weekly
    estimates += [
        Estimate(
            Text("arrivals per rep and week", "每人每周到达数"),
            weekly,
            spread,
            int(numbers.sum()),
            "market.leads_per_rep_week",
        ),
        Estimate(
            Text("variance ÷ mean of a day's arrivals", "每日到达数的方差/均值"),
            dispersion,
            error,
            int(busy.sum()),
            "market.day_dispersion",
        ),
    ]
    values |= {
        "market.leads_per_rep_week": round(weekly, 4),
        "market.day_dispersion": round(min(max(dispersion, 1.0), 50.0), 3),
        "market.weekday_profile": [round(float(part), 3) for part in profile / max(profile.mean(), 1e-9)],
    }


def _spread(closed: pd.DataFrame, estimates: list[Estimate], values: dict[str, Any]) -> None:
    """Fit the true spread of win rates: variance between reps less what pure chance gives."""
    known = closed.dropna(subset=["rep_id"])
    by_rep = (known["status"] == "won").groupby(known["rep_id"]).agg(["mean", "size"])
    by_rep = by_rep[by_rep["size"] >= LEAST_PER_REP]
    if len(by_rep) < 3:
        return
    rates, sizes = by_rep["mean"].to_numpy(dtype=float), by_rep["size"].to_numpy(dtype=float)
    value = true_spread(rates, sizes)
    generator = np.random.default_rng(1)
    again = [
        true_spread(rates[pick], sizes[pick])
        for pick in generator.integers(len(rates), size=(400, len(rates)))
    ]
    estimates.append(
        Estimate(
            Text("true spread of win rates between reps", "销售代表赢单率的真实差异"),
            value,
            float(np.std(again)),
            len(rates),
            "team.win_rate_sd",
        )
    )
    values["team.win_rate_sd"] = round(min(value, 0.3), 4)


def true_spread(rates: NDArray[np.float64], sizes: NDArray[np.float64]) -> float:
    """Return the standard deviation of the rates behind observed ones, binomial noise removed.

    Parameters
    ----------
    rates, sizes
        Observed rate and number of trials of each rep.
    """
    middle = float((rates * sizes).sum() / sizes.sum())
    noise = middle * (1 - middle) * float((1.0 / sizes).mean())
    return sqrt(max(float(rates.var(ddof=1)) - noise, 0.0))


def _stages(
    tables: Tables, rate: float, estimates: list[Estimate], values: dict[str, Any], shapes: dict[str, Shape]
) -> None:
    """Fit pass rates and times of up to four stages; a longer funnel loses its quickest ones."""
    deals, changes = tables["opportunities"], tables["stage_changes"]
    ended = deals.set_index("opportunity_id")["closed"]
    status = deals.set_index("opportunity_id")["status"]
    if not len(changes):
        days = (deals["closed"] - deals["created"]).dt.total_seconds() / 86_400
        frame = pd.DataFrame({"all": deals["created"].to_numpy()}, index=deals["opportunity_id"])
        order: list[str] = ["all"]
        del days
    else:
        frame = changes.pivot_table(
            index="opportunity_id", columns="stage", values="entered", aggfunc="min", observed=True
        )
        order = [str(stage) for stage in frame.notna().sum().sort_values(ascending=False).index]
    is_closed = status.reindex(frame.index).isin(["won", "lost"])
    frame, ended, status = (
        frame[is_closed],
        ended.reindex(frame.index)[is_closed],
        status.reindex(frame.index)[is_closed],
    )
    while len(order) > len(STAGES):
        waits = [_days(frame, stage, order, ended, status) for stage in order[1:]]
        quick = int(np.argmin([np.nanmedian(wait) if np.isfinite(wait).any() else 0.0 for wait in waits])) + 1
        del order[quick]
    names = STAGES[-len(order) :] if len(order) > 1 else ("negotiation",)
    stages: list[dict[str, Any]] = []
    logs: list[tuple[float, int, float]] = []
    for place, (name, stage) in enumerate(zip(names, order, strict=True)):
        there = frame[stage].notna()
        goes_on = (frame[order[place + 1]].notna() if place + 1 < len(order) else status == "won") & there
        share, n = float(goes_on.sum() / there.sum()), int(there.sum())
        wait = _days(frame, stage, order, ended, status)
        shape = fit_shape(wait[np.isfinite(wait)])
        median = shape.median * WORKDAYS if shape is not None else 1.0
        if shape is not None:
            shapes[stage] = shape
            logs.append((shape.sigma, shape.n, shape.n * shape.median))
            estimates.append(
                Estimate(
                    Text(f"days in {stage}, median", f"{stage}阶段天数中位数"),
                    shape.median,
                    shape.median * shape.mu_error * 1.25,
                    shape.n,
                    f"market.stages.{name}.customer_days",
                    shape.law,
                )
            )
        estimates.append(
            Estimate(
                Text(f"goes on from {stage}", f"{stage}阶段通过率"),
                share,
                sqrt(max(share * (1 - share), 1e-9) / n),
                n,
                f"market.stages.{name}.pass_rate",
            )
        )
        stages.append(
            {
                "name": name,
                "rep_hours": QUICK_HOURS,
                "customer_days": round(median, 4),
                "pass_rate": round(min(max(share, 0.001), 1.0), 5),
            }
        )
    product = float(np.prod([stage["pass_rate"] for stage in stages]))
    if rate > 0 and product > 0:
        # Deals that skip a stage make the product of shares differ from the rate; the last share takes the difference up.
        stages[-1]["pass_rate"] = round(min(stages[-1]["pass_rate"] * rate / product, 1.0), 5)
    values["market.stages"] = stages
    if logs:
        # One spread serves all stages, so the long ones decide: an automatic step of seconds has no say.
        pooled = sqrt(
            sum(sigma**2 * weight for sigma, _, weight in logs) / sum(weight for *_, weight in logs)
        )
        rows = sum(n for _, n, _ in logs)
        values["market.customer_sigma"] = round(min(pooled, 2.0), 4)
        estimates.append(
            Estimate(
                Text("spread of stage times (ln)", "阶段用时波动（对数）"),
                pooled,
                pooled / sqrt(2 * rows),
                rows,
                "market.customer_sigma",
            )
        )


def _days(
    frame: pd.DataFrame, stage: str, order: Sequence[str], ended: pd.Series[Any], status: pd.Series[Any]
) -> NDArray[np.float64]:
    """Return the days from entering `stage` to entering the next one, or to the signature."""
    later = list(order)[list(order).index(stage) + 1 :]
    following = frame[later[0]] if later else ended.where(status == "won")
    days = (following - frame[stage]).dt.total_seconds() / 86_400
    return np.asarray(days, dtype=float)


# --- orders, requests ---------------------------------------------------------------------------------


def _orders(
    tables: Tables, estimates: list[Estimate], values: dict[str, Any], shapes: dict[str, Shape]
) -> None:
    orders = tables["orders"].dropna(subset=["account_id"]).sort_values(["account_id", "booked"])
    orders = orders[orders["value"] > 0]
    gaps = orders.groupby("account_id")["booked"].diff().dt.total_seconds().dropna() / 86_400
    gap = fit_shape(gaps[gaps >= 1.0])
    if gap is not None:
        shapes["days between orders"] = gap
        mean = float(gaps[gaps >= 1.0].mean())
        error = float(gaps[gaps >= 1.0].std(ddof=1) / sqrt(gap.n))
        estimates.append(
            Estimate(
                Text("days between a customer's orders, mean", "客户两次下单平均间隔（天）"),
                mean,
                error,
                gap.n,
                "market.repurchase_days",
                gap.law,
            )
        )
        values["market.repurchase_days"] = round(mean * WORKDAYS, 3)
    value = fit_shape(orders["value"])
    if value is not None:
        shapes["value"] = value
        median = float(np.exp(value.mu))
        estimates += [
            Estimate(
                Text("order value, median", "订单金额中位数"),
                median,
                median * value.mu_error,
                value.n,
                "market.deal_value",
                value.law,
            ),
            Estimate(
                Text("order value, spread (ln)", "订单金额波动（对数）"),
                value.sigma,
                value.sigma_error,
                value.n,
                "market.deal_sigma",
            ),
        ]
        values |= {
            "market.deal_value": round(median, 2),
            "market.deal_sigma": round(value.sigma, 4),
            "market.repeat_value": 1.0,
        }
    for days, share, n in repeats(orders):
        estimates.append(
            Estimate(
                Text(f"new customers who order again within {days} days", f"新客户{days}天内再次下单的比例"),
                share,
                sqrt(max(share * (1 - share), 1e-9) / max(n, 1)),
                n,
            )
        )
    _arrivals(orders["booked"], max(int(orders["rep_id"].nunique()), 1), estimates, {})


def repeats(orders: pd.DataFrame, horizons: Sequence[int] = (30, 90)) -> list[tuple[int, float, int]]:
    """Return for each horizon the share of new customers who order again in time, and how many could be watched.

    Customers of the first sixty days are left out (they may be old ones), and those of the last `horizon` days.
    """
    first = orders.groupby("account_id")["booked"].min()
    again = orders[orders["booked"] > orders["account_id"].map(first) + pd.Timedelta(hours=12)]
    second = again.groupby("account_id")["booked"].min().reindex(first.index)
    begin, end = orders["booked"].min() + pd.Timedelta(days=60), orders["booked"].max()
    found = []
    for days in horizons:
        seen = (first >= begin) & (first <= end - pd.Timedelta(days=days))
        back = (second - first)[seen] <= pd.Timedelta(days=days)
        if seen.sum():
            found.append((days, float(back.mean()), int(seen.sum())))
    return found


def _requests(tables: Tables, estimates: list[Estimate], shapes: dict[str, Shape]) -> None:
    requests = tables["requests"]
    hours = (requests["finished"] - requests["submitted"]).dt.total_seconds() / 3600
    shape = fit_shape(hours.to_numpy(dtype=float))
    if shape is not None:
        shapes["hours to finish"] = shape
        estimates.append(
            Estimate(
                Text("hours until a request is finished, median", "请求完成用时中位数（小时）"),
                shape.median,
                shape.median * shape.mu_error * 1.25,
                shape.n,
                "",
                shape.law,
            )
        )
    _arrivals(requests["submitted"], 1, estimates, {})
