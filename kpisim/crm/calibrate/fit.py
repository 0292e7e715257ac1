"""Fitting: arrivals, stage times, pass rates, spread between reps, values, repurchase, handling times."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import exp, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.calibrate.shapes import Shape, fit_shape
from kpisim.scenario import ALL_OFF, Scenario
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from kpisim.tables import Tables

STAGES = ("lead", "qualified", "proposal", "negotiation")
WORKDAYS = 5.0 / 7.0
"""Calendar days to working days."""
LEAST_PER_REP = 30
"""Closed deals a rep needs to count for the spread between reps."""
QUICK_HOURS = 0.02
"""Handling time where the tables do not tell it: so short that no queue adds to the stage times, which hold it already."""
VALUE, ORDER_GAP, REQUEST_HOURS = "value", "days between orders", "hours to finish"
"""Names of samples; those of stage times are called after their stage."""
MOST_SIGMA = 4.0
"""Largest spread that a scenario takes for a stage."""
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
    "market.complaint": 0.0,
    "workload.admin_per_day": 0.0,
    "workload.service_per_account_month": 0.0,
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
    sample
        The numbers that `law` was fitted to, a key of :attr:`Calibration.samples`.
    """

    name: Text
    value: float
    error: float
    n: int
    path: str = ""
    law: str = ""
    sample: str = ""


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
    samples
        The numbers that they were fitted to.
    """

    estimates: tuple[Estimate, ...]
    values: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    samples: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

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
    draft = _Draft()
    if len(tables["opportunities"]):
        _opportunities(tables, draft)
    elif len(tables["orders"]):
        _orders(tables, draft)
    if len(tables["requests"]):
        _requests(tables, draft)
    if not draft.estimates:
        raise UserError("no opportunities, orders or requests to fit; give tables that have one of them")
    return Calibration(tuple(draft.estimates), draft.settings, draft.shapes, draft.samples)


@dataclass(slots=True)
class _Draft:
    """A calibration in the making."""

    estimates: list[Estimate] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    samples: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def fit(self, name: str, numbers: ArrayLike) -> Shape | None:
        """Fit a law to what is positive among `numbers`, and keep both; None for too few."""
        x = np.asarray(numbers, dtype=float)
        x = x[np.isfinite(x) & (x > 0)]
        shape = fit_shape(x)
        if shape is not None:
            self.shapes[name], self.samples[name] = shape, x
        return shape


# --- opportunities ------------------------------------------------------------------------------------


def _opportunities(tables: Tables, draft: _Draft) -> None:
    deals = tables["opportunities"]
    reps = max(int(deals["rep_id"].nunique()), 1)
    _arrivals(deals["created"], reps, draft)
    closed = deals[deals["status"].isin(["won", "lost"])]
    won = (closed["status"] == "won").to_numpy()
    rate = float(won.mean())
    draft.estimates.append(
        Estimate(
            Text("win rate (closed)", "赢单率（已关闭）"), rate, sqrt(rate * (1 - rate) / len(won)), len(won)
        )
    )
    _spread(closed, draft)
    _stages(tables, rate, draft)
    shape = draft.fit(VALUE, deals["value"])
    if shape is not None:
        _values(shape, "deal value", "单值", draft)
    draft.settings["team.size"] = reps
    weeks = max((deals["created"].max() - deals["created"].min()).days // 7, 1)
    draft.settings["calendar"] = {
        "start": deals["created"].min().date().isoformat(),
        "weeks": int(min(max(weeks, 4), 104)),
        "warmup_weeks": 0,
    }


def _arrivals(created: pd.Series[Any], reps: int, draft: _Draft, *, played: bool = True) -> None:
    """Fit rate, weekday profile and over-dispersion of daily counts; `played` if they are the leads of a scenario."""
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
    draft.estimates += [
        Estimate(
            Text("arrivals per rep and week", "每人每周到达数"),
            weekly,
            spread,
            int(numbers.sum()),
            "market.leads_per_rep_week" if played else "",
        ),
        Estimate(
            Text("variance ÷ mean of a day's arrivals", "每日到达数的方差/均值"),
            dispersion,
            error,
            int(busy.sum()),
            "market.day_dispersion" if played else "",
        ),
    ]
    if not played:
        return
    draft.settings |= {
        "market.leads_per_rep_week": round(weekly, 4),
        "market.day_dispersion": round(min(max(dispersion, 1.0), 50.0), 3),
        "market.weekday_profile": [round(float(part), 3) for part in profile / max(profile.mean(), 1e-9)],
    }


def _spread(closed: pd.DataFrame, draft: _Draft) -> None:
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
    draft.estimates.append(
        Estimate(
            Text("true spread of win rates between reps", "销售代表赢单率的真实差异"),
            value,
            float(np.std(again)),
            len(rates),
            "team.win_rate_sd",
        )
    )
    draft.settings["team.win_rate_sd"] = round(min(value, 0.3), 4)


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


def _stages(tables: Tables, rate: float, draft: _Draft) -> None:
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
    for place, (name, stage) in enumerate(zip(names, order, strict=True)):
        there = frame[stage].notna()
        goes_on = (frame[order[place + 1]].notna() if place + 1 < len(order) else status == "won") & there
        share, n = float(goes_on.sum() / there.sum()), int(there.sum())
        wait = _days(frame, stage, order, ended, status)
        shape = draft.fit(stage, wait)
        if shape is not None:
            _times(shape, stage, f"market.stages.{name}", draft)
        draft.estimates.append(
            Estimate(
                Text(f"goes on from {stage}", f"{stage}阶段通过率"),
                share,
                sqrt(max(share * (1 - share), 1e-9) / n),
                n,
                f"market.stages.{name}.pass_rate",
            )
        )
        stages.append(
            {"name": name, "rep_hours": QUICK_HOURS, "pass_rate": round(min(max(share, 0.001), 1.0), 5)}
            | (_customer(shape) if shape is not None else {"customer_days": 1.0})
        )
    product = float(np.prod([stage["pass_rate"] for stage in stages]))
    if rate > 0 and product > 0:
        # Deals that skip a stage make the product of shares differ from the rate; the last share takes the difference up.
        stages[-1]["pass_rate"] = round(min(stages[-1]["pass_rate"] * rate / product, 1.0), 5)
    draft.settings["market.stages"] = stages


def _customer(shape: Shape) -> dict[str, float]:
    """Return the parameters of a stage's customer time: a mixture where it is one, else a lognormal."""
    if shape.law != "two lognormals":
        return {
            "customer_days": round(shape.median * WORKDAYS, 4),
            "customer_sigma": round(min(shape.sigma, MOST_SIGMA), 4),
        }
    weight, mu1, sigma1, mu2, sigma2 = shape.parameters
    return {
        "customer_days": round(exp(mu2) * WORKDAYS, 6),
        "customer_sigma": round(min(sigma2, MOST_SIGMA), 4),
        "quick_share": round(weight, 5),
        "quick_days": round(exp(mu1) * WORKDAYS, 6),
        "quick_sigma": round(min(sigma1, MOST_SIGMA), 4),
    }


def _times(shape: Shape, stage: str, path: str, draft: _Draft) -> None:
    """Add what was fitted to the times of a stage."""
    mixture = shape.law == "two lognormals"
    draft.estimates.append(
        Estimate(
            Text(f"days in {stage}, median", f"{stage}阶段天数中位数"),
            shape.median,
            shape.median * shape.mu_error * 1.25,
            shape.n,
            "" if mixture else f"{path}.customer_days",
            shape.law,
            stage,
        )
    )
    if not mixture:
        draft.estimates.append(
            Estimate(
                Text(f"days in {stage}, spread (ln)", f"{stage}阶段天数波动（对数）"),
                shape.sigma,
                shape.sigma_error,
                shape.n,
                f"{path}.customer_sigma",
            )
        )
        return
    draft.estimates += _kinds(
        shape,
        (
            Text(f"quick ones in {stage}, share", f"{stage}阶段中快的占比"),
            Text(f"quick ones in {stage}, median days", f"{stage}阶段中快的天数中位数"),
            Text(f"quick ones in {stage}, spread (ln)", f"{stage}阶段中快的波动（对数）"),
            Text(f"others in {stage}, median days", f"{stage}阶段中其余的天数中位数"),
            Text(f"others in {stage}, spread (ln)", f"{stage}阶段中其余的波动（对数）"),
        ),
        tuple(
            f"{path}.{part}"
            for part in ("quick_share", "quick_days", "quick_sigma", "customer_days", "customer_sigma")
        ),
    )


def _values(shape: Shape, en: str, zh: str, draft: _Draft) -> None:
    """Add what was fitted to the values of deals: a mixture where they are one, else a lognormal."""
    median, mixture = exp(shape.mu), shape.law == "two lognormals"
    draft.estimates += [
        Estimate(
            Text(f"{en}, median", f"{zh}中位数"),
            median,
            median * shape.mu_error,
            shape.n,
            "" if mixture else "market.deal_value",
            shape.law,
            VALUE,
        ),
        Estimate(
            Text(f"{en}, spread (ln)", f"{zh}波动（对数）"),
            shape.sigma,
            shape.sigma_error,
            shape.n,
            "" if mixture else "market.deal_sigma",
        ),
    ]
    if not mixture:
        draft.settings |= {"market.deal_value": round(median, 2), "market.deal_sigma": round(shape.sigma, 4)}
        return
    paths = tuple(
        f"market.{part}" for part in ("small_share", "small_value", "small_sigma", "deal_value", "deal_sigma")
    )
    draft.estimates += _kinds(
        shape,
        (
            Text(f"{en}: small ones, share", f"{zh}：小额的占比"),
            Text(f"{en}: small ones, median", f"{zh}：小额的中位数"),
            Text(f"{en}: small ones, spread (ln)", f"{zh}：小额的波动（对数）"),
            Text(f"{en}: others, median", f"{zh}：其余的中位数"),
            Text(f"{en}: others, spread (ln)", f"{zh}：其余的波动（对数）"),
        ),
        paths,
    )
    weight, mu1, sigma1, mu2, sigma2 = shape.parameters
    fitted = (weight, exp(mu1), min(sigma1, 2.5), exp(mu2), min(sigma2, 2.5))
    draft.settings |= {path: round(number, 4) for path, number in zip(paths, fitted, strict=True)}


def _kinds(shape: Shape, names: Sequence[Text], paths: Sequence[str]) -> list[Estimate]:
    """Return the five figures of a mixture: share, median and spread of the lower kind, median and spread of the other."""
    found = []
    for place, (name, path) in enumerate(zip(names, paths, strict=True)):
        value, error = shape.parameters[place], shape.errors[place]
        if place in {1, 3}:  # fitted as a logarithm, told as a median
            value, error = exp(value), exp(value) * error
        found.append(Estimate(name, value, error, shape.n, path))
    return found


def _days(
    frame: pd.DataFrame, stage: str, order: Sequence[str], ended: pd.Series[Any], status: pd.Series[Any]
) -> NDArray[np.float64]:
    """Return the days from entering `stage` to entering the next one, or to the signature."""
    later = list(order)[list(order).index(stage) + 1 :]
    following = frame[later[0]] if later else ended.where(status == "won")
    days = (following - frame[stage]).dt.total_seconds() / 86_400
    return np.asarray(days, dtype=float)


# --- orders, requests ---------------------------------------------------------------------------------


def _orders(tables: Tables, draft: _Draft) -> None:
    orders = tables["orders"].dropna(subset=["account_id"]).sort_values(["account_id", "booked"])
    orders = orders[orders["value"] > 0]
    gaps = orders.groupby("account_id")["booked"].diff().dt.total_seconds().dropna() / 86_400
    gap = draft.fit(ORDER_GAP, gaps[gaps >= 1.0])
    if gap is not None:
        mean = float(gaps[gaps >= 1.0].mean())
        error = float(gaps[gaps >= 1.0].std(ddof=1) / sqrt(gap.n))
        draft.estimates.append(
            Estimate(
                Text("days between a customer's orders, mean", "客户两次下单平均间隔（天）"),
                mean,
                error,
                gap.n,
                "market.repurchase_days",
                gap.law,
                ORDER_GAP,
            )
        )
        draft.settings["market.repurchase_days"] = round(mean * WORKDAYS, 3)
    value = draft.fit(VALUE, orders["value"])
    if value is not None:
        _values(value, "order value", "订单金额", draft)
        draft.settings["market.repeat_value"] = 1.0
    for days, share, n in repeats(orders):
        draft.estimates.append(
            Estimate(
                Text(f"new customers who order again within {days} days", f"新客户{days}天内再次下单的比例"),
                share,
                sqrt(max(share * (1 - share), 1e-9) / max(n, 1)),
                n,
            )
        )
    _arrivals(orders["booked"], max(int(orders["rep_id"].nunique()), 1), draft, played=False)


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


def _requests(tables: Tables, draft: _Draft) -> None:
    requests = tables["requests"]
    hours = (requests["finished"] - requests["submitted"]).dt.total_seconds() / 3600
    shape = draft.fit(REQUEST_HOURS, hours)
    if shape is not None:
        draft.estimates.append(
            Estimate(
                Text("hours until a request is finished, median", "请求完成用时中位数（小时）"),
                shape.median,
                shape.median * shape.mu_error * 1.25,
                shape.n,
                "",
                shape.law,
                REQUEST_HOURS,
            )
        )
    _arrivals(requests["submitted"], 1, draft, played=False)
