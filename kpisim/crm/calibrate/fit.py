"""Fitting a scenario: what deals, orders and requests say, and from `work` what tasks say."""

from __future__ import annotations

from math import ceil, exp, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.calibrate.arrivals import NEW_CUSTOMERS, fit_arrivals
from kpisim.crm.calibrate.draft import Calibration, Draft, Estimate
from kpisim.crm.calibrate.repeat import (
    Rhythm,
    back_again,
    first_orders,
    fit_rhythm,
    new_since,
    watched,
)
from kpisim.crm.calibrate.spread import add_spread, true_spread
from kpisim.crm.calibrate.work import fit_work
from kpisim.crm.wizard.words import outcome
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kpisim.crm.calibrate.shapes import Shape
    from kpisim.tables import Tables

STAGES = ("lead", "qualified", "proposal", "negotiation")
WORKDAYS = 5.0 / 7.0
"""Calendar days to working days."""
LEADS_EACH = 150.0
"""Leads a week for each rep where nobody is named; a scenario takes up to 200."""
LEAST_PER_REP = 30
"""Closed deals a rep needs to count for the spread between reps."""
MOST_WIN_SPREAD = 0.3
"""Largest spread of win rates that a scenario takes."""
QUICK_HOURS = 0.02
"""Handling time where the tables do not tell it: so short that no queue adds to the stage times, which hold it already."""
AT_ONCE = 0.01
"""Working days that a customer takes where orders are all that is known of them."""
HORIZONS = (30, 90, 180)
"""Days within which a new customer may order again."""
WHOLE_WAY = "all stages together"
"""What the stage is called where the tables know of none."""
VALUE, REQUEST_HOURS = "value", "hours to finish"
"""Names of samples; those of stage times are called after their stage."""
MOST_SIGMA, MOST_VALUE_SIGMA = 4.0, 2.5
"""Largest spread that a scenario takes for a stage and for values: the bounds of `customer_sigma` and `deal_sigma`."""
MOST_UNLIKE = 3.0
"""Largest spread of customers' order rates that a scenario takes."""


def calibrate(tables: Tables) -> Calibration:
    """Fit a scenario to `tables`.

    Parameters
    ----------
    tables
        Opportunities with stage changes, orders, requests or tasks; whatever is there is used.

    Raises
    ------
    UserError
        Nothing in the tables that could be fitted.
    """
    found = fitted(tables)
    if not found.estimates:
        raise UserError(
            "no opportunities, orders above 0, requests or tasks to fit; give tables that have one of them"
        )
    return found


def fitted(tables: Tables) -> Calibration:
    """Fit what there is, perhaps nothing; see :func:`calibrate`."""
    draft = Draft()
    if len(tables["opportunities"]):
        _opportunities(tables, draft)
    elif len(tables["orders"]):
        _orders(tables, draft)
    if len(tables["requests"]):
        _requests(tables, draft)
    if len(tables["tasks"]):
        fit_work(tables, draft)
        if not any(len(tables[name]) for name in ("opportunities", "orders", "requests")):
            reps = max(int(tables["tasks"]["rep_id"].nunique()), 1)
            fit_arrivals(tables["tasks"]["created"], reps, draft, played=False)
    return Calibration(tuple(draft.estimates), draft.settings, draft.shapes, draft.samples)


# --- opportunities ------------------------------------------------------------------------------------


def _opportunities(tables: Tables, draft: Draft) -> None:
    deals = tables["opportunities"]
    reps, named = _hands(deals)
    fit_arrivals(deals["created"], reps, draft, named=named)
    closed = deals[deals["status"].isin(["won", "lost"])]
    if len(closed):
        _ends(tables, closed, draft)
    shape = draft.fit(VALUE, deals["value"])
    if shape is not None:
        _values(shape, "deal value", "单值", draft)
    draft.settings["team.size"] = reps
    draft.settings["calendar"] = _calendar(deals["created"].min(), deals["created"].max())


def _ends(tables: Tables, closed: pd.DataFrame, draft: Draft) -> None:
    """Fit how deals end: win rate, its spread between reps, and the way there."""
    won = (closed["status"] == "won").to_numpy()
    rate = float(won.mean())
    draft.estimates.append(
        Estimate(
            Text("win rate (closed)", "赢单率（已关闭）"), rate, sqrt(rate * (1 - rate) / len(won)), len(won)
        )
    )
    _spread(closed, draft)
    _stages(tables, rate, draft)


def _hands(deals: pd.DataFrame) -> tuple[int, bool]:
    """Return how many reps there are and whether they are named; where none is, enough for the leads that came."""
    reps = int(deals["rep_id"].nunique())
    if reps:
        return reps, True
    weeks = max((deals["created"].max() - deals["created"].min()).days / 7, 1.0)
    return max(ceil(len(deals) / weeks / LEADS_EACH), 1), False


def _calendar(first: pd.Timestamp, last: pd.Timestamp) -> dict[str, Any]:
    """Return the calendar of a scenario that covers the records."""
    return {
        "start": first.date().isoformat(),
        "weeks": min(max((last - first).days // 7, 4), 104),
        "warmup_weeks": 0,
    }


def _spread(closed: pd.DataFrame, draft: Draft) -> None:
    """Fit the true spread of win rates: variance between reps less what pure chance gives."""
    known = closed.dropna(subset=["rep_id"])
    by_rep = (known["status"] == "won").groupby(known["rep_id"]).agg(["mean", "size"])
    by_rep = by_rep[by_rep["size"] >= LEAST_PER_REP]
    if len(by_rep) < 3:
        return
    rates, sizes = by_rep["mean"].to_numpy(dtype=float), by_rep["size"].to_numpy(dtype=float)
    add_spread(
        draft,
        Text("true spread of win rates between reps", "销售代表赢单率的真实差异"),
        "team.win_rate_sd",
        lambda pick: true_spread(rates[pick], sizes[pick]),
        len(rates),
        MOST_WIN_SPREAD,
    )


def _stages(tables: Tables, rate: float, draft: Draft) -> None:
    """Fit pass rates and times of up to four stages; a longer funnel loses its quickest ones."""
    deals, changes = tables["opportunities"], tables["stage_changes"]
    ended = deals.set_index("opportunity_id")["closed"]
    status = deals.set_index("opportunity_id")["status"]
    # Many systems log the end of a deal as one more stage.
    ends = [one for one in changes["stage"].unique() if outcome(str(one)) in {"won", "lost"}]
    changes = changes[~changes["stage"].isin(ends)]
    is_closed = status.isin(["won", "lost"])
    if not changes["opportunity_id"].isin(status.index[is_closed]).any():
        frame = pd.DataFrame({WHOLE_WAY: deals["created"].to_numpy()}, index=deals["opportunity_id"])
        order: list[str] = [WHOLE_WAY]
    else:
        frame = changes.pivot_table(
            index="opportunity_id", columns="stage", values="entered", aggfunc="min", observed=True
        )
        order = _in_order(frame)
    is_closed = status.reindex(frame.index).isin(["won", "lost"])
    frame, ended, status = (
        frame[is_closed],
        ended.reindex(frame.index)[is_closed],
        status.reindex(frame.index)[is_closed],
    )
    # Where only deals under way have been, nothing is known of how it goes on.
    order = [stage for stage in order if frame[stage].notna().any()]
    while len(order) > len(STAGES):
        waits = [_days(frame, stage, order, ended, status) for stage in order[1:]]
        quick = int(np.argmin([np.nanmedian(wait) if np.isfinite(wait).any() else 0.0 for wait in waits])) + 1
        del order[quick]
    names = STAGES[-len(order) :] if len(order) > 1 else ("negotiation",)
    stages: list[dict[str, Any]] = []
    for place, (name, stage) in enumerate(zip(names, order, strict=True)):
        # Whoever begins at a later stage, or skips this one, has as little to lose here as whoever passes it.
        on = frame[order[place + 1 :]].notna().any(axis=1) | (status == "won")
        there = frame[stage].notna() | on
        share, n = float(on.sum() / there.sum()), int(there.sum())
        wait = _days(frame, stage, order, ended, status)
        shape = draft.fit(stage, wait)
        if shape is not None:
            _times(shape, stage, f"market.stages.{name}", draft)
        draft.estimates.append(
            Estimate(
                Text(f"goes on from {stage}", f"{_zh(stage)}通过率"),
                share,
                sqrt(max(share * (1 - share), 1e-9) / n),
                n,
                f"market.stages.{name}.pass_rate",
            )
        )
        stages.append(
            {"name": name, "rep_hours": QUICK_HOURS, "pass_rate": round(min(max(share, 0.001), 1.0), 5)}
            | (_customer(shape) if shape is not None else _undated(wait))
        )
    product = float(np.prod([stage["pass_rate"] for stage in stages]))
    if rate > 0 and product > 0:
        # Deals whose stages nobody wrote down make the product of shares differ from the rate; the last share takes that up.
        stages[-1]["pass_rate"] = round(min(stages[-1]["pass_rate"] * rate / product, 1.0), 5)
    draft.settings["market.stages"] = stages


def _in_order(frame: pd.DataFrame) -> list[str]:
    """Return the stages as deals go through them: behind those that mostly come before, the fuller one first.

    Parameters
    ----------
    frame
        When each deal (row) entered each stage (column).
    """
    reached = frame.notna().sum()

    def place(stage: str) -> tuple[int, int]:
        mine = frame[stage]
        before = sum(int((frame[one] < mine).sum() > (frame[one] > mine).sum()) for one in frame.columns)
        return before, -int(reached[stage])

    return sorted(map(str, reached.sort_values(ascending=False).index), key=place)


def _undated(wait: NDArray[np.float64]) -> dict[str, float]:
    """Return the customer time of a stage whose days follow no law: none at all where all ended on their day."""
    known = wait[np.isfinite(wait)]
    at_once = len(known) > 0 and not (known > 0).any()
    return {"customer_days": AT_ONCE, "customer_sigma": 0.0} if at_once else {"customer_days": 1.0}


def _zh(stage: str) -> str:
    return "全程" if stage == WHOLE_WAY else f"{stage}阶段"


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


def _times(shape: Shape, stage: str, path: str, draft: Draft) -> None:
    """Add what was fitted to the times of a stage."""
    mixture = shape.law == "two lognormals"
    draft.estimates.append(
        Estimate(
            Text(f"days in {stage}, median", f"{_zh(stage)}天数中位数"),
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
                Text(f"days in {stage}, spread (ln)", f"{_zh(stage)}天数波动（对数）"),
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
            Text(f"quick ones in {stage}, share", f"{_zh(stage)}中快的占比"),
            Text(f"quick ones in {stage}, median days", f"{_zh(stage)}中快的天数中位数"),
            Text(f"quick ones in {stage}, spread (ln)", f"{_zh(stage)}中快的波动（对数）"),
            Text(f"others in {stage}, median days", f"{_zh(stage)}中其余的天数中位数"),
            Text(f"others in {stage}, spread (ln)", f"{_zh(stage)}中其余的波动（对数）"),
        ),
        tuple(
            f"{path}.{part}"
            for part in ("quick_share", "quick_days", "quick_sigma", "customer_days", "customer_sigma")
        ),
    )


def _values(shape: Shape, en: str, zh: str, draft: Draft) -> None:
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
        draft.settings |= {
            "market.deal_value": round(median, 2),
            "market.deal_sigma": round(min(shape.sigma, MOST_VALUE_SIGMA), 4),
        }
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
    fitted = (weight, exp(mu1), min(sigma1, MOST_VALUE_SIGMA), exp(mu2), min(sigma2, MOST_VALUE_SIGMA))
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


def _orders(tables: Tables, draft: Draft) -> None:
    orders = tables["orders"].dropna(subset=["account_id"])
    orders = orders[orders["value"] > 0]
    if not len(orders):
        return
    reps = max(int(orders["rep_id"].nunique()), 1)
    value = draft.fit(VALUE, orders["value"])
    if value is not None:
        _values(value, "order value", "订单金额", draft)
    first = first_orders(tables, orders)
    rhythm = fit_rhythm(watched(orders, first))
    if rhythm is not None:
        _repeat(rhythm, draft)
        _new_customers(orders, first, reps, draft)
    for days, share, error, n in back_again(orders, first, HORIZONS):
        draft.estimates.append(
            Estimate(
                Text(f"new customers who order again within {days} days", f"新客户{days}天内再次下单的比例"),
                share,
                error,
                n,
            )
        )
    fit_arrivals(orders["booked"], reps, draft, played=False, named=bool(orders["rep_id"].nunique()))


def _repeat(rhythm: Rhythm, draft: Draft) -> None:
    """Add how new customers order again."""
    figures = (
        ("days", Text("days between orders of a customer with the mean rate", "按平均频率下单的客户两次下单间隔（天）"), "market.repurchase_days"),
        ("spread", Text("spread of order rates between customers (sd ÷ mean)", "客户下单频率的差异（标准差÷均值）"), "market.repurchase_spread"),
        ("leavers", Text("customers who leave after an order, share", "下单后流失的客户占比"), "market.churn"),
    )  # fmt: skip
    for name, title, path in figures:
        error = rhythm.errors.get(name)
        if error is not None:
            law = rhythm.law if name == "days" else ""
            draft.estimates.append(Estimate(title, getattr(rhythm, name), error, rhythm.n, path, law))
    draft.settings |= {
        "market.repurchase_days": round(rhythm.days * WORKDAYS, 3),
        "market.repurchase_spread": round(min(rhythm.spread, MOST_UNLIKE), 4),
        "market.churn": round(rhythm.leavers, 5),
        "market.repeat_value": 1.0,
    }


def _new_customers(orders: pd.DataFrame, first: pd.Series[Any], reps: int, draft: Draft) -> None:
    """Let a scenario's leads be the new customers, who order at once: an order log does not know the others."""
    begin, end = orders["booked"].min(), orders["booked"].max()
    start = new_since(first, begin)
    fit_arrivals(first[first >= start], reps, draft, names=NEW_CUSTOMERS)
    draft.settings |= {
        "team.size": reps,
        "market.stages": [
            {"name": "negotiation", "rep_hours": QUICK_HOURS, "customer_days": AT_ONCE, "pass_rate": 1.0}
        ],
        "calendar": _calendar(start, end),
    }


def _requests(tables: Tables, draft: Draft) -> None:
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
    # Whoever asked is not always named, and who answers is a department: the rate is that of all together.
    fit_arrivals(requests["submitted"], 1, draft, played=False, named=False)
