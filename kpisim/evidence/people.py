"""Published effects that must emerge from people, held against the whole model with its mechanisms.

Each case plays two scenarios that differ in one decision on the same luck.  No coefficient is set here: all come from the
scenario's defaults (`docs/model/calibration.md`), and the same ones serve every case.  Which mechanisms are on is said in
each case.  A size that does not come out is left in as ``not reproduced``; the explanation stands with the case.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.evidence.published import NOT_REPRODUCED
from kpisim.evidence.published import printed as _printed
from kpisim.model import Model
from kpisim.scenario import Mechanisms, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kpisim.evidence.case import Row
    from kpisim.tables import Tables

START = Scenario().calendar.start
ABOVE_ZERO = (0.0, float("inf"))
BELOW_ZERO = (float("-inf"), 0.0)
TOO_NOISY = "too noisy"


def only(*names: str) -> dict[str, bool]:
    """Return the switches with `names` on and all others off."""
    return {name: name in names for name in Mechanisms.model_fields}


def _play(values: dict[str, Any], seed: int, run: int) -> Tables:
    return Model(Scenario().derive({"calendar.weeks": 52} | values), seed, run).play()


def _booked(tables: Tables) -> pd.DataFrame:
    orders = tables["orders"]
    return orders[orders["booked"] >= pd.Timestamp(tables.meta.start)]


def _mean(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    """Return mean and standard error."""
    numbers = np.asarray(values, dtype=float)
    return float(numbers.mean()), float(numbers.std(ddof=1) / sqrt(len(numbers))) if len(numbers) > 1 else 0.0


def printed(
    metric: str, simulated: float, reference: float, band: tuple[float, float], error: float = 0.0
) -> Row:
    """Return a row; where only a sign is claimed, the whole interval must have it."""
    row = _printed(metric, simulated, reference, band, error)
    if band in {ABOVE_ZERO, BELOW_ZERO} and row.low < 0.0 < row.high:
        return replace(row, verdict=TOO_NOISY if row.verdict == "pass" else NOT_REPRODUCED)
    return row


def _lift(
    metric: str,
    first: Sequence[float] | NDArray[np.float64],
    second: Sequence[float] | NDArray[np.float64],
    reference: float,
    band: tuple[float, float],
) -> Row:
    """Return a row on the relative difference of B to A, runs paired on the same luck."""
    value, error = _mean(np.asarray(second) / np.asarray(first) - 1.0)
    return printed(metric, value, reference, band, error)


def _over(runs: int, one: Callable[[int], Any]) -> NDArray[np.float64]:
    return np.array([one(run) for run in range(runs)])


def review_interval(goal_drive: float = 0.25, reps: int = 20, runs: int = 8, *, seed: int = 1) -> list[Row]:
    """Weekly reviews against quarterly ones: who sees the gap sooner closes more of it (Harkin et al. 2016).

    Parameters
    ----------
    goal_drive
        Effort that a seen gap adds (the default of the scenario, an assumption).
    reps, runs
        Reps a team and years played; the effect size is taken between rep-years.
    seed
        Seed.

    Notes
    -----
    Salary only, so that nothing but the goal moves anybody; only the goal mechanism is on.
    """

    def results(every: str, run: int) -> NDArray[np.float64]:
        tables = _play(
            {
                "mechanisms": only("goals"),
                "team.size": reps,
                "incentive": {"commission_rate": 0.0},
                "reviews": {"every": every, "hours": 0.1, "goal_drive": goal_drive},
            },
            seed,
            run,
        )
        pay = tables["pay"]
        year = pay[pay["period_start"] >= pd.Timestamp(tables.meta.start)].groupby("rep_id")
        return np.asarray(year["sales"].sum() / year["quota"].sum(), dtype=float)

    week = np.concatenate([results("week", run) for run in range(runs)])
    quarter = np.concatenate([results("quarter", run) for run in range(runs)])
    spread = sqrt((week.var(ddof=1) + quarter.var(ddof=1)) / 2)
    effect = float((week.mean() - quarter.mean()) / spread)
    # Both years of a rep share their luck, so the difference is far better known than the spread suggests.
    paired = float((week - quarter).std(ddof=1) / sqrt(len(week)) / spread)
    return [
        printed("d of weekly against quarterly reviews: sign", effect, 0.40, ABOVE_ZERO, paired),
        printed("d of weekly against quarterly reviews", effect, 0.40, (0.32, 0.48), paired),
    ]


def group_targets(
    proposal_hours: float = 8.0, speed_sd: float = 0.5, runs: int = 16, *, seed: int = 1
) -> list[Row]:
    """Where work is shared, individual targets hurt the group and group targets help it (Kleingeld et al. 2011).

    Parameters
    ----------
    proposal_hours
        Hours of the step that colleagues can share.
    speed_sd
        Spread of speed: without it nobody has time while another is swamped.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    A: commission on own sales; B: the same money in a pool split equally.  Effort is switched off, so only helping
    differs; only the cooperation mechanism is on.
    """

    def both(run: int) -> list[float]:
        found = []
        for plan in ({"commission_rate": 0.03}, {"commission_rate": 0.0, "team_pool_rate": 0.03}):
            tables = _play(
                {
                    "mechanisms": only("cooperation"),
                    "incentive": plan,
                    "team.max_effort": 0.0,
                    "team.speed_sd": speed_sd,
                    "market.stages.proposal.rep_hours": proposal_hours,
                },
                seed,
                run,
            )
            requests = tables["stage_changes"]
            steps = requests.sort_values("entered").groupby("opportunity_id")["entered"]
            found += [
                float(_booked(tables)["value"].sum()),
                float((steps.max() - steps.min()).dt.total_seconds().mean()),
            ]
        return found

    values = _over(runs, both)
    return [
        _lift("team sales, group ÷ individual targets", values[:, 0], values[:, 2], 0.0, ABOVE_ZERO),
        _lift(
            "time through the funnel, group ÷ individual targets", values[:, 1], values[:, 3], 0.0, BELOW_ZERO
        ),
    ]


def pair_talks(
    hours: float = 1.0, extra: float = 0.03, reps: int = 20, runs: int = 6, *, seed: int = 1
) -> list[Row]:
    """Four weeks of structured talks in pairs against four weeks of extra pay (Sandvik et al. 2020).

    Parameters
    ----------
    hours
        Talk per rep and week.
    extra
        Extra commission in the four weeks.
    reps, runs
        Size of the team and replications.
    seed
        Seed.

    Notes
    -----
    A team that sells on the phone: one short stage, many small deals, monthly pay.  Only cooperation is on, peers unseen.
    """
    phone = {
        "mechanisms": only("cooperation"),
        "team": {"size": reps, "speed_sd": 0.0, "win_rate_sd": 0.15},
        "culture.peers_seen": 0.0,
        "calendar": {"weeks": 30, "warmup_weeks": 4, "start": "2027-02-01"},
        "market": {
            "stages": [{"name": "lead", "rep_hours": 0.3, "customer_days": 0.0, "pass_rate": 0.35}],
            "leads_per_rep_week": 40.0,
            "web_share": 0.0,
            "deal_value": 300.0,
            "deal_sigma": 0.5,
            "silence": 0.0,
            "accounts_per_rep": 0,
            "repurchase_days": 5000.0,
            "referral": 0.0,
        },
        "communication.departments": [],
        "kpi.quota": 300.0 * 40 * 0.35 * 52 * 1.13,
        "incentive": {"commission_rate": 0.05, "period": "month", "base_salary": 1000.0},
        "workload.admin_per_day": 0.5,
    }
    begin = pd.Timestamp("2027-02-01")
    arms: tuple[tuple[dict[str, float], dict[str, float]], ...] = (
        ({}, {}),
        ({"reviews.pair_talk_hours": hours}, {"reviews.pair_talk_hours": 0.0}),
        ({"incentive.commission_rate": 0.05 + extra}, {"incentive.commission_rate": 0.05}),
    )

    def weeks(run: int) -> NDArray[np.float64]:
        found = []
        for during, after in arms:
            changes = [
                {"at": begin.date() + timedelta(weeks=4 * number), "set": change}
                for number, change in enumerate((during, after))
                if change
            ]
            orders = _play(phone | {"changes": changes}, seed, run)["orders"]
            week = (orders["booked"] - begin).dt.days // 7
            found.append(
                orders.groupby(week)["value"].sum().reindex(range(30), fill_value=0.0).to_numpy(dtype=float)
            )
        return np.array(found)

    sold = _over(runs, weeks)
    rows = []
    for arm, name, early, late, bands in (
        (1, "talks", 0.24, 0.18, ((0.20, 0.28), (0.14, 0.22))),
        (2, "extra pay", 0.13, 0.0, ((0.10, 0.16), (-0.03, 0.03))),
    ):
        for label, lo, hi, reference, band in (
            ("weeks 1 to 4", 0, 4, early, bands[0]),
            ("weeks 17 to 24", 16, 24, late, bands[1]),
        ):
            plain, moved = sold[:, 0, lo:hi].sum(axis=1), sold[:, arm, lo:hi].sum(axis=1)
            rows.append(_lift(f"sales with {name}, {label}", plain, moved, reference, band))
    gain = [sold[:, arm, 16:24].sum(axis=1) / sold[:, 0, 16:24].sum(axis=1) for arm in (1, 2)]
    value, error = _mean(gain[0] - gain[1])
    rows.append(printed("what lasts: talks less extra pay, weeks 17 to 24", value, 0.18, ABOVE_ZERO, error))
    return rows


def team_bonus(rate: float = 0.008, runs: int = 12, *, seed: int = 1) -> list[Row]:
    """A bonus on the team's sales, split equally, on top of salary (Friebel et al. 2017).

    Parameters
    ----------
    rate
        Share of team sales paid out.
    runs
        Years played.
    seed
        Seed.
    """

    def both(run: int) -> list[float]:
        found = []
        for pool in (0.0, rate):
            tables = _play({"incentive": {"commission_rate": 0.0, "team_pool_rate": pool}}, seed, run)
            pay = tables["pay"]
            paid = pay.loc[pay["period_start"] >= pd.Timestamp(tables.meta.start), "pool"].sum()
            found += [float(_booked(tables)["value"].sum()), float(paid)]
        return found

    values = _over(runs, both)
    gain, error = _mean(values[:, 2] - values[:, 0])
    paid = float(values[:, 3].mean())
    return [
        _lift("sales with a team bonus ÷ without, less 1", values[:, 0], values[:, 2], 0.03, (0.02, 0.04)),
        printed("sales gained per unit of bonus", gain / paid, 3.80, (2.5, 5.0), error / paid),
    ]


def volume_pay(rate: float = 0.06, bonus: float = 4000.0, runs: int = 12, *, seed: int = 1) -> list[Row]:
    """From salary to pay by volume: more deals, more of them bad, most of all at month end (Agarwal & Ben-David 2012).

    Parameters
    ----------
    rate, bonus
        Commission and monthly bonus of the volume plan.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Acceptance of weak deals is the reps' choice; the chance that a weak deal is never paid is put in (35 %).
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        volume = {
            "commission_rate": rate,
            "period": "month",
            "bonuses": [{"attainment": 1.0, "amount": bonus}],
        }
        for plan in ({"commission_rate": 0.0}, volume):
            tables = _play({"incentive": plan, "mechanisms.exits": False}, seed, run)
            orders = _booked(tables)
            # Orders of the last third of the year cannot have been due for long enough to tell.
            until = pd.Timestamp(tables.meta.start) + pd.Timedelta(weeks=34)
            bills = tables["collections"].merge(orders[["order_id", "booked"]], on="order_id")
            bills = bills[bills["booked"] < until]
            late = bills["booked"].dt.day >= 25
            found += [
                float(len(orders)),
                float(bills["paid"].isna().mean()),
                float(bills.loc[late, "paid"].isna().mean()),
                float(bills.loc[~late, "paid"].isna().mean()),
                float((orders["booked"].dt.day >= 25).mean()),
            ]
        return found

    values = _over(runs, both)
    rows = [_lift("deals signed, volume pay ÷ salary, less 1", values[:, 0], values[:, 5], 0.0, ABOVE_ZERO)]
    for name, first, second in (
        ("never paid, volume pay less salary", values[:, 1], values[:, 6]),
        ("share signed from the 25th on, volume pay less salary", values[:, 4], values[:, 9]),
        ("never paid, signed from the 25th on less before (volume pay)", values[:, 8], values[:, 7]),
    ):
        value, error = _mean(second - first)
        rows.append(printed(name, value, 0.0, ABOVE_ZERO, error))
    return rows


def commission_cut(cut: float = 0.18, reps: int = 60, runs: int = 14, *, seed: int = 1) -> list[Row]:
    """A cut of commission: who stays sells as before, the best leave (Sandvik et al. 2021).

    Parameters
    ----------
    cut
        Share of the commission rate taken away on the first day.
    reps, runs
        Size of the team and years played.
    seed
        Seed.
    """
    plan = {"commission_rate": 0.05, "base_salary": 6000.0}

    def both(run: int) -> list[float]:
        found: list[float] = []
        changes = {"changes": [{"at": START, "set": {"incentive.commission_rate": 0.05 * (1 - cut)}}]}
        for change in ({}, changes):
            model = Model(
                Scenario().derive({"calendar.weeks": 52, "team.size": reps, "incentive": plan} | change),
                seed,
                run,
            )
            skill = np.array([rep.win for rep in model.world.reps])
            tables = model.play()
            left = tables["reps"]["left"].iloc[:reps].notna().to_numpy()
            order = np.argsort(skill)
            third = reps // 3
            stayed = tables["reps"]["rep_id"].iloc[:reps][~left]
            orders = _booked(tables)
            own = orders[orders["rep_id"].isin(stayed)]["value"].sum() / max(len(stayed), 1)
            found += [float(left[order[-third:]].mean()), float(left[order[:third]].mean()), float(own)]
        return found

    values = _over(runs, both)
    rows = []
    for name, column, band in (("best third", 0, ABOVE_ZERO), ("weakest third", 1, (-0.02, 0.02))):
        value, error = _mean(values[:, column + 3] - values[:, column])
        rows.append(printed(f"rise in the share that leaves within a year, {name}", value, 0.0, band, error))
    rows.append(
        _lift("sales per stayer, cut ÷ no cut, less 1", values[:, 2], values[:, 5], 0.0, (-0.02, 0.02))
    )
    return rows


def staffing(sizes: Sequence[float] = (4, 5, 6, 7, 8, 10, 12), runs: int = 6, *, seed: int = 1) -> list[Row]:
    """The same leads and customers in fewer or more hands: sales bend down under overload and with slack.

    Claim of Tan & Netessine (2014).

    Parameters
    ----------
    sizes
        Numbers of reps.
    runs
        Years played of each.
    seed
        Seed.
    """

    def sales(run: int) -> list[float]:
        found = []
        for size in map(int, sizes):
            tables = _play(
                {
                    "team.size": size,
                    "market.leads_per_rep_week": 40.0 / size,
                    "market.accounts_per_rep": round(160 / size),
                    "kpi.quota": Scenario().kpi.quota * 8 / size,
                    "mechanisms.exits": False,
                },
                seed,
                run,
            )
            found.append(float(_booked(tables)["value"].sum()))
        return found

    values = _over(runs, sales)
    relative = values / values.mean(axis=1, keepdims=True)
    best = int(relative.mean(axis=0).argmax())
    few, few_error = _mean(relative[:, best] - relative[:, 0])
    many, many_error = _mean(relative[:, best] - relative[:, -1])
    return [
        printed(
            f"sales lost with {sizes[0]:g} reps against the best number",
            few,
            0.0,
            (0.02, float("inf")),
            few_error,
        ),
        printed(
            f"sales lost with {sizes[-1]:g} reps against the best number",
            many,
            0.03,
            (0.01, float("inf")),
            many_error,
        ),
    ]


def turnover_cost(reps: int = 40, runs: int = 6, *, seed: int = 1) -> list[Row]:
    """Where a departure costs sales: before it, while the place is empty, and while the newcomer ramps up (Kuhn & Yu 2019).

    Parameters
    ----------
    reps, runs
        Size of the team and years played.
    seed
        Seed.

    Notes
    -----
    Sales of a place by week around the departure, against places where nobody left.  Colleagues cover an empty place, so
    their gain is taken off its loss.  The weeks are the paper's kind of split, the lengths are the scenario's defaults.
    """
    weeks_before, weeks_empty, weeks_ramp = 12, Scenario().team.vacancy_weeks, 22
    span = weeks_before + weeks_empty + weeks_ramp

    def losses(run: int) -> NDArray[np.float64]:
        lost = np.zeros(3)
        model = Model(Scenario().derive({"calendar.weeks": 104, "team.size": reps}), seed, run)
        people: list[Any] = model.world.people
        tables = model.play()
        base = Model(
            Scenario().derive({"calendar.weeks": 104, "team.size": reps, "mechanisms.exits": False}),
            seed,
            run,
        ).play()
        sold = [_weekly(one, model.world.people, reps) for one in (tables, base)]
        usual = sold[1].mean(axis=1)
        for person in people:
            week = int(person.left / 40.0) if person.left == person.left else 10**6
            if week < weeks_before or week + span - weeks_before > sold[0].shape[1]:
                continue
            around = sold[0][person.seat, week - weeks_before : week - weeks_before + span]
            missing = usual[person.seat] - around
            lost += [
                missing[:weeks_before].sum(),
                missing[weeks_before : weeks_before + weeks_empty].sum(),
                missing[weeks_before + weeks_empty :].sum(),
            ]
        return lost

    total = _over(runs, losses)
    shares = total / total.sum(axis=1, keepdims=True)
    return [
        printed(
            f"share of the loss {name}",
            *_reordered(_mean(shares[:, place]), reference),
            _mean(shares[:, place])[1],
        )
        for place, (name, reference) in enumerate((("before", 0.63), ("empty", 0.24), ("newcomer", 0.13)))
    ]


def _reordered(found: tuple[float, float], reference: float) -> tuple[float, float, tuple[float, float]]:
    return found[0], reference, (reference - 0.10, reference + 0.10)


def _weekly(tables: Tables, people: list[Any], reps: int) -> NDArray[np.float64]:
    """Return booked sales by place and week from the first day on."""
    orders = tables["orders"]
    seat = {f"R{number:03d}": person.seat for number, person in enumerate(people)}
    first = orders["booked"].min()
    week = ((orders["booked"] - first).dt.days // 7).to_numpy()
    place = orders["rep_id"].map(seat).to_numpy(dtype=np.int64)
    sold = np.zeros((reps, int(week.max()) + 1))
    np.add.at(sold, (place, week), orders["value"].to_numpy(dtype=float))
    return sold
