"""Theorems that the whole model must keep: luck in attainment, commission, Little's law, conservation."""

from __future__ import annotations

from functools import lru_cache
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from kpisim.evidence.case import Row, held
from kpisim.evidence.tools import only
from kpisim.model import Model
from kpisim.model.clock import OPENING_HOUR
from kpisim.scenario import ALL_OFF, Scenario, library, load
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kpisim.tables import Tables

RATE = 0.05
MEAN_DEAL = 10_000.0


def compound_poisson(deals: float, deal_cv: float, ability_cv: float, reps: int, sigma: float) -> Scenario:
    """Return a scenario in which a rep's year is a compound Poisson sum.

    The model's own funnel is played with one stage, no delays, no repeat business and no incentive effort.

    Parameters
    ----------
    deals
        Expected deals a year.
    deal_cv, ability_cv
        Coefficients of variation of deal values and of ability.
    reps
        Size of the team.
    sigma
        Standard deviation of the log of deal values.
    """
    base = 0.58
    return Scenario().derive(
        {
            # Four weeks at thirteen times the pace: a Poisson sum does not know how long its year is.
            "calendar": {"weeks": 4, "warmup_weeks": 0, "start": "2024-01-01"},
            "team.size": reps,
            "team.win_rate_sd": ability_cv * base,
            "team.speed_sd": 0.0,
            "team.max_effort": 0.0,
            "market.leads_per_rep_week": deals / base / 4,
            "market.weekday_profile": [1, 1, 1, 1, 1, 0, 0],
            "market.day_dispersion": 1.0,
            "market.web_share": 0.0,
            "market.stages": [{"name": "lead", "rep_hours": 0.001, "customer_days": 0.0, "pass_rate": base}],
            "market.silence": 0.0,
            "market.age_half_life_days": 5000.0,
            "market.deal_value": MEAN_DEAL / sqrt(1 + deal_cv**2),
            "market.deal_sigma": sigma,
            "market.accounts_per_rep": 0,
            "market.repurchase_days": 5000.0,
            "market.referral": 0.0,
            "market.cancel": 0.0,
            "market.complaint": 0.0,
            "market.survey_response": 0.0,
            "kpi.quota": deals * MEAN_DEAL,
            "incentive": {"commission_rate": RATE, "period": "month", "timing_games": False},
            "workload": {"admin_per_day": 0.0, "service_per_account_month": 0.0},
            "communication.departments": [],
            "pressure.interruptions_per_hour": 0.0,
            "mechanisms": ALL_OFF,
            "reviews": {"every": "quarter", "hours": 0.01},
        }
    )


@lru_cache(maxsize=8)
def _years(
    deals: float, deal_cv: float, ability_cv: float, reps: int, seed: int, run: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a year's sales and commission of `reps` reps whose deals come at random."""
    scenario = compound_poisson(deals, deal_cv, ability_cv, reps, sqrt(log(1 + deal_cv**2)))
    model = Model(scenario, seed, run)
    pay = model.play()["pay"]
    return pay["sales"].to_numpy(), pay["commission"].to_numpy()


def _many(
    deals: float, deal_cv: float, ability_cv: float, rep_years: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = 500
    parts = [_years(deals, deal_cv, ability_cv, size, seed, run) for run in range(max(rep_years // size, 1))]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def attainment_luck(
    deals: float = 24.0,
    deal_cv: float = 1.0,
    ability_cv: float = 0.25,
    quotas: Sequence[float] = (0.90, 0.95, 1.0, 1.2, 1.3),
    rep_years: int = 4_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Attainment when deals come at random: CV² = (1 + cv_deal²)/n + cv_ability², and the share at quota.

    Parameters
    ----------
    deals
        Expected deals a year.
    deal_cv
        Coefficient of variation of deal values (lognormal).
    ability_cv
        Coefficient of variation of ability between reps (normal, cut at ±2.5).
    quotas
        Quotas as a share of expected sales; one row each.
    rep_years
        Rep-years simulated.
    seed
        Seed.
    """
    sales, _ = _many(deals, deal_cv, ability_cv, rep_years, seed)
    relative = sales / (deals * MEAN_DEAL)
    n = len(relative)
    cut = _cut_variance()
    spread = sqrt((1 + deal_cv**2) / deals + ability_cv**2 * cut)
    cv = float(relative.std() / relative.mean())
    rows = [
        held("mean sales ÷ expected", float(relative.mean()), 1.0, float(relative.std()) / sqrt(n)),
        held("CV of attainment", cv, spread, cv * sqrt(_kurtosis_factor(relative) / n), tolerance=0.03),
    ]
    for quota in quotas:
        share = float((relative >= quota).mean())
        reference = _compound_share(deals, deal_cv, ability_cv, quota)
        rows.append(
            held(
                f"share at quota {quota:g} × expectation",
                share,
                reference,
                sqrt(share * (1 - share) / n),
                absolute=0.015,
            )
        )
    return rows


def _kurtosis_factor(values: NDArray[np.float64]) -> float:
    """Return the variance of a sample variance ÷ 4, relative: what the standard error of a CV needs."""
    z = (values - values.mean()) / values.std()
    return float(((z**4).mean() - 1) / 4)


def _cut_variance() -> float:
    """Return the variance of a standard normal whose values beyond ±2.5 are set to ±2.5."""
    z = np.linspace(-8, 8, 160_001)
    density = np.exp(-0.5 * z * z)
    bounded = np.clip(z, -2.5, 2.5)
    return float((bounded**2 * density).sum() / density.sum())


def _compound_share(deals: float, deal_cv: float, ability_cv: float, quota: float) -> float:
    """Return P(compound Poisson sum ≥ quota) by Fourier inversion, averaged over ability."""
    points, top = 1 << 14, 8.0
    step = top / points
    sigma = sqrt(log(1 + deal_cv**2))
    edges = (np.arange(points + 1) - 0.5) * step * deals
    with np.errstate(divide="ignore"):
        z = (np.log(np.maximum(edges, 1e-300)) + 0.5 * sigma**2) / sigma
    from scipy.special import ndtr  # noqa: PLC0415

    law = np.diff(ndtr(z), prepend=0.0)[1:] if len(z) == points + 1 else np.diff(ndtr(z))
    transform = np.fft.fft(law)
    abilities = np.linspace(-4, 4, 81)
    weights = np.exp(-0.5 * abilities**2)
    total = 0.0
    for ability, weight in zip(np.clip(abilities, -2.5, 2.5), weights / weights.sum(), strict=True):
        rate = deals * max(1 + ability_cv * ability, 0.2)
        sums = np.fft.ifft(np.exp(rate * (transform - 1))).real
        total += weight * float(sums[round(quota / step) :].sum())
    return total


def commission_risk(
    deals: Sequence[float] = (12.0, 24.0, 60.0),
    deal_cv: float = 1.0,
    rep_years: int = 2_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Commission income: mean = rate × deals × mean value, CV = sqrt((1 + cv²)/deals) (Wald).

    Parameters
    ----------
    deals
        Expected deals a year; two rows each.
    deal_cv
        Coefficient of variation of deal values.
    rep_years
        Rep-years simulated.
    seed
        Seed.
    """
    rows = []
    for number in deals:
        _, commission = _many(number, deal_cv, 0.0, rep_years, seed)
        n, mean = len(commission), float(commission.mean())
        cv = float(commission.std() / mean)
        rows.append(
            held(
                f"mean commission, {number:g} deals",
                mean,
                RATE * number * MEAN_DEAL,
                float(commission.std()) / sqrt(n),
            )
        )
        rows.append(
            held(
                f"CV of commission, {number:g} deals",
                cv,
                sqrt((1 + deal_cv**2) / number),
                cv * sqrt(_kurtosis_factor(commission) / n),
                tolerance=0.03,
            )
        )
    return rows


def little(scenarios: Sequence[str] | None = None, *, seed: int = 1) -> list[Row]:
    """Little's law L = λW on the reps' desks of every library scenario.

    Parameters
    ----------
    scenarios
        Names; None takes the whole library.
    seed
        Seed.

    Notes
    -----
    L is the time average the desks keep; λ and W come from the task table.
    """
    rows = []
    for name in scenarios or library():
        model = Model(load(name), seed)
        desks = [rep.desk for rep in model.world.reps]
        hours = len(model.world.clock.days) * model.world.hours
        kept = _task_stays(model, hours)
        present = sum(desk.area for desk in desks) / hours
        rows.append(held(f"tasks present ÷ λW, {name}", present / kept, 1.0, tolerance=0.02))
    return rows


def _task_stays(model: Model, hours: float) -> float:
    """Play `model` and return λW: hours spent in the system by all tasks ÷ length of the run."""
    tables = model.play()
    for rep in model.world.reps:
        rep.desk.look()
    tasks = tables["tasks"]
    created = _working_hours(tables, tasks["created"].to_numpy())
    finished = tasks["finished"].to_numpy()
    done = ~np.isnat(finished)
    stay = _working_hours(tables, finished[done]) - created[done]
    return float((stay.sum() + (hours - created[~done]).sum()) / hours)


def _working_hours(tables: Tables, times: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Return wall-clock times as working hours since the first day played."""
    days = np.unique(tables["rep_days"]["day"].to_numpy())
    day = np.searchsorted(days, times, side="right") - 1
    opening = days[day] + np.timedelta64(OPENING_HOUR, "h")
    hours = (times - opening).astype("timedelta64[us]").astype(np.float64) / 3.6e9
    return np.asarray(day * tables.meta.hours_per_day + hours)


def _hours_gap(tables: Tables) -> float:
    """Return hours worked by the day table less hours of finished and begun tasks."""
    tasks, days = tables["tasks"], tables["rep_days"]
    begun = tasks[tasks["started"].notna()]
    done = begun["finished"].notna()
    end = days["day"].nunique() * tables.meta.hours_per_day
    running = end - _working_hours(tables, begun.loc[~done, "started"].to_numpy())
    return float(days["worked"].sum() - begun.loc[done, "spent"].sum() - running.sum())


def missing_facts(
    facts: int = 4,
    keep: Sequence[float] = (0.969, 0.868, 0.478),
    links: int = 2,
    runs: int = 4,
    *,
    seed: int = 1,
) -> list[Row]:
    """A request that comes back is asked only for what it lacks: rounds until all its facts arrived.

    Parameters
    ----------
    facts
        Facts of a request.
    keep
        Chances that one fact survives one link; rows each.
    links
        Links on the way.
    runs
        Half-years played for each.
    seed
        Seed.

    Notes
    -----
    Each fact needs a geometric number of rounds with chance ``p = keep ** links``, the request the largest of them:
    ``P(rounds <= n) = (1 - (1 - p)^n)^facts``.  The desks have people enough that none waits for the end of the run.
    """
    roomy = [
        {"name": name, "serves": serves, "people": 200, "hours": 0.01, "share": 1.0, "own_load": 0.0}
        for name, serves in (("product", "proposal"), ("customer service", "delivery"))
    ]
    rows = []
    for rate in keep:
        if rate <= 0:
            raise UserError(
                "keep: at {value} no fact ever arrives; give a chance above 0, at most 1", value=rate
            )
        scenario = Scenario().derive(
            {
                "calendar.weeks": 26,
                "mechanisms": only("handover"),
                "communication": {
                    "departments": roomy,
                    "facts": facts,
                    "keep_rate": rate,
                    "links": links,
                    "clarify_hours": 0.0,
                },
            }
        )
        played = [Model(scenario, seed, run).play()["requests"] for run in range(runs)]
        rounds = np.concatenate([table["rounds"][table["finished"].notna()].to_numpy() for table in played])
        fails = 1 - rate**links
        mean = sum(1 - (1 - fails**n) ** facts for n in range(10_000))
        soon = round(mean)
        within = (1 - fails**soon) ** facts
        error = float(rounds.std(ddof=1)) / sqrt(len(rounds))
        within_error = sqrt(within * (1 - within) / len(rounds))
        at = f"{rate:.1%} kept a link"
        rows += [
            held(f"rounds until complete, {at}", float(rounds.mean()), mean, error),
            held(f"complete by round {soon}, {at}", float((rounds <= soon).mean()), within, within_error),
        ]
    return rows


def conservation(scenarios: Sequence[str] | None = None, *, seed: int = 1) -> list[Row]:
    """Nothing gets lost: opportunities, hours and money of every library scenario.

    Parameters
    ----------
    scenarios
        Names; None takes the whole library.
    seed
        Seed.
    """
    rows = []
    for name in scenarios or library():
        tables = Model(load(name), seed).play()
        deals, changes, orders = tables["opportunities"], tables["stage_changes"], tables["orders"]
        closed = deals["closed"].notna()
        unbalanced = int((closed != (deals["status"] != "open")).sum())
        unbalanced += int((~deals["opportunity_id"].isin(changes["opportunity_id"])).sum())
        unbalanced += abs(int((deals["status"] == "won").sum()) - len(orders))
        rows.append(held(f"opportunities that do not add up, {name}", float(unbalanced), 0.0, absolute=0.5))
        rows.append(
            held(f"hours worked - hours of tasks [h], {name}", _hours_gap(tables), 0.0, absolute=0.01)
        )
        cash = tables["collections"]
        booked = round(float(orders["value"].sum()) * 100)
        away = round(float(orders.loc[orders["cancelled"].notna(), "value"].sum()) * 100)
        out = round(
            float(orders.loc[orders["cancelled"].isna() & orders["delivered"].isna(), "value"].sum()) * 100
        )
        due = round(float(cash["amount"].sum()) * 100)
        rows.append(
            held(
                f"booked - cancelled - not delivered - invoiced [cents], {name}",
                float(booked - away - out - due),
                0.0,
                absolute=0.5,
            )
        )
        pay = tables["pay"]
        parts = pay[["base", "commission", "bonus", "matrix", "kpi_bonus", "pool", "contest", "culture"]].sum(
            axis=1
        )
        rows.append(
            held(
                f"pay - its parts, largest gap [money], {name}",
                float((pay["total"] - parts).abs().max()),
                0.0,
                absolute=0.005,
            )
        )
    return rows
