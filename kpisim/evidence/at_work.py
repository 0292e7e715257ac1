"""Published effects of plans, queues and pressure that must emerge in the whole model or on its own desks.

As in `people`: two scenarios that differ in one decision, the same luck, the scenario's default coefficients.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.evidence.people import (
    ABOVE_ZERO,
    BELOW_ZERO,
    START,
    _booked,
    _lift,
    _mean,
    _over,
    _play,
    only,
    printed,
)
from kpisim.model import Model
from kpisim.model.desk import PriorityDesk, Task
from kpisim.model.streams import Streams
from kpisim.scenario import ALL_OFF, Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kpisim.evidence.case import Row


def finish_what_you_started(
    load: float = 0.8,
    gap: float = 4.0,
    rising: float = 0.15,
    deals: int = 6_000,
    runs: int = 6,
    *,
    seed: int = 1,
) -> list[Row]:
    """Deals that need several meetings: oldest deal first against meetings in the order asked for (Bray et al. 2016).

    Parameters
    ----------
    load
        Utilisation of the rep.
    gap
        Mean hours until the customer is ready for the next meeting.
    rising
        What each meeting adds to the chance that the deal closes at it (starting from 0.15); the second pair of rows
        lets the chance fall by as much from 0.6, so that old deals have the longest way to go.
    deals, runs
        Deals a run and runs.
    seed
        Seed.
    """

    def mean_duration(rule: str, chances: Sequence[float], run: int) -> float:
        from simpy import Environment  # noqa: PLC0415

        streams = Streams(seed, run)
        expected, alive = 0.0, 1.0
        for number in range(200):
            expected += alive
            alive *= 1.0 - chances[min(number, len(chances) - 1)]
        env = Environment()
        opened: dict[int, float] = {}
        durations: list[float] = []
        grade = None if rule == "meeting" else (lambda task, _now: opened[task.subject[0]])
        desk = PriorityDesk(env, grade)
        lots = streams.rows("close", "uniform", 60)
        thinks = streams.rows("think", "exponential", 60)
        lengths = streams.rows("length", "exponential", 60)

        def meet(deal: int, number: int) -> None:
            hours = 0.5 + 0.5 * lengths.of(deal)[min(number, 59)]
            desk.submit(Task("selling", hours, met, subject=(deal, number)))

        def met(task: Task) -> None:
            deal, number = task.subject
            if lots.of(deal)[min(number, 59)] < chances[min(number, len(chances) - 1)] or number > 58:
                durations.append(env.now - opened[deal])
            else:
                env.process(later(gap * thinks.of(deal)[number], deal, number + 1))

        def later(delay: float, deal: int, number: int) -> Any:
            yield env.timeout(delay)
            meet(deal, number)

        def arrivals() -> Any:
            gaps = streams.sequence("arrivals", "exponential")
            for deal in range(deals):
                yield env.timeout(next(gaps) * expected / load)
                opened[deal] = env.now
                meet(deal, 0)

        env.process(arrivals())
        env.run()
        return float(np.mean(durations[deals // 10 :]))

    up = [min(0.15 + rising * number, 0.9) for number in range(8)]
    down = [max(0.6 - rising * number, 0.15) for number in range(8)]
    rows = []
    for name, chances, band in (("rising", up, (-0.20, -0.08)), ("falling", down, ABOVE_ZERO)):
        values = np.array(
            [[mean_duration(rule, chances, run) for rule in ("meeting", "case")] for run in range(runs)]
        )
        rows.append(
            _lift(
                f"duration, oldest deal first ÷ meetings in turn, less 1; {name} chance to close",
                values[:, 0],
                values[:, 1],
                -0.12 if band[1] < 0 else 0.0,
                band,
            )
        )
    return rows


def lead_response(web_share: float = 1.0, runs: int = 8, *, seed: int = 1) -> list[Row]:
    """Web leads cool while they wait: a kept response slot catches what the queue loses (Oldroyd et al. 2011).

    Parameters
    ----------
    web_share
        Share of leads from the web.
    runs
        Half-years played.
    seed
        Seed.

    Notes
    -----
    That interest falls as t^-1.70 is put in; what the queue makes of it is not.  A: first come first served; B: urgent
    first, so that a lead is answered before paperwork.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for policy in ("first_come", "urgent_first"):
            tables = _play(
                {
                    "market.web_share": web_share,
                    "workload.policy": policy,
                    "mechanisms": ALL_OFF,
                    "calendar.weeks": 26,
                },
                seed,
                run,
            )
            deals = tables["opportunities"].query("source == 'web'")
            tasks = tables["tasks"].query("kind == 'selling'").drop_duplicates("opportunity_id")
            both_ = deals.merge(tasks[["opportunity_id", "created", "started"]], on="opportunity_id")
            wait = (both_["started"] - both_["created_y"]).dt.total_seconds() / 3600.0
            passed = (both_["stage"] != "lead").to_numpy()
            first, second = (wait <= 1.0).to_numpy(), ((wait > 1.0) & (wait <= 2.0)).to_numpy()
            found += [passed.mean(), passed[first].mean(), passed[second].mean() if second.any() else np.nan]
        return found

    values = _over(runs, both)
    near, far = np.nanmean(values[:, 1]), np.nanmean(values[:, 2])
    ratio = values[:, 1] / values[:, 2]
    ratio = ratio[np.isfinite(ratio)]
    return [
        _lift(
            "share of web leads qualified, urgent first ÷ first come, less 1",
            values[:, 0],
            values[:, 3],
            0.0,
            ABOVE_ZERO,
        ),
        printed(
            "qualified within an hour ÷ in the second hour",
            float(near / far),
            7.0,
            (6.0, 8.0),
            _mean(ratio)[1],
        ),
    ]


def _cliff(bonus: float, months: str = "quarter") -> dict[str, Any]:
    return {"commission_rate": 0.0, "period": months, "bonuses": [{"attainment": 1.0, "amount": bonus}]}


def effort_or_timing(bonus: float = 30_000.0, runs: int = 24, *, seed: int = 1) -> list[Row]:
    """Is a bump before the deadline paid back after it?  Two worlds told apart by a slope (after Steenburgh 2008).

    Parameters
    ----------
    bonus
        Bonus at quota.
    runs
        Years played in each world.
    seed
        Seed.

    Notes
    -----
    The excess of the last month of a quarter and of the month after it is taken against the same luck without bonus, summed
    over the team.  One world has effort and no games with dates, the other games and no effort; mechanisms are off.
    """

    def excess(world: dict[str, Any], run: int) -> list[tuple[float, float]]:
        base = {"mechanisms": ALL_OFF, "team.size": 12, **world}
        monthly = []
        for plan in ({"commission_rate": 0.0}, _cliff(bonus)):
            games = {"timing_games": world.get("team.max_effort") == 0.0}
            orders = _play(base | {"incentive": plan | games}, seed, run)["orders"]
            monthly.append(orders.groupby(orders["booked"].dt.to_period("M"))["value"].sum())
        more = (monthly[1] - monthly[0]).fillna(0.0)
        return [
            (float(more[month]), float(more[month + 1]))
            for month in more.index
            if month.month % 3 == 0 and month + 1 in more.index
        ]

    rows = []
    for name, world, band, reference in (
        ("effort only", {}, (-0.15, 0.15), 0.0),
        ("dates only", {"team.max_effort": 0.0}, (-inf, -0.85), -1.0),
    ):
        points = np.array([point for run in range(runs) for point in excess(world, run)])
        # Effort goes on in every month; what is paid back shows in how the two vary together.
        x, y = (points - points.mean(axis=0)).T
        slope = float((x @ y) / (x @ x))
        error = float(np.sqrt(((y - slope * x) ** 2).sum() / (len(x) - 2) / (x @ x)))
        rows.append(printed(f"paid back per unit of excess, {name}", slope, reference, band, error))
    return rows


def fiscal_year_peak(bonus: float = 120_000.0, runs: int = 12, *, seed: int = 1) -> list[Row]:
    """A yearly bonus at quota: bookings peak at the end of the fiscal year, and the peak moves with it (Oyer 1998).

    Parameters
    ----------
    bonus
        Bonus at the yearly quota.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Bookings of a month against the same month and luck under a straight commission, team of twelve, mechanisms off.
    """

    def months(start: int, plan: dict[str, Any], run: int) -> Any:
        tables = _play(
            {
                "mechanisms": ALL_OFF,
                "team.size": 12,
                "calendar": {"weeks": 70, "fiscal_year_start": start},
                "incentive": plan,
            },
            seed,
            run,
        )
        orders = _booked(tables)
        return orders.groupby(orders["booked"].dt.to_period("M"))["value"].sum()

    rows = []
    ends = {1: (12, 1), 4: (3, 4)}
    for start in (1, 4):
        last, first = ends[start]
        found = []
        for run in range(runs):
            flat = months(start, {"commission_rate": 0.04, "period": "year"}, run)
            peaked = months(start, _cliff(bonus, "year"), run)
            ratio = peaked / flat
            middle = ratio[
                (ratio.index.month >= 6) & (ratio.index.month <= 9) & (ratio.index.year == START.year)
            ].mean()
            year = START.year if start == 1 else START.year + 1
            closing = ratio[
                (ratio.index.month == last) & (ratio.index.year == (START.year if start == 1 else year))
            ]
            opening = ratio[(ratio.index.month == first) & (ratio.index.year == START.year + 1)]
            found.append((float(closing.iloc[0] / middle), float(opening.iloc[0] / middle)))
        values = np.array(found)
        for name, column, band in (("last", 0, ABOVE_ZERO), ("first", 1, BELOW_ZERO)):
            value, error = _mean(values[:, column] - 1.0)
            rows.append(
                printed(
                    f"{name} month of the fiscal year ÷ middle, less 1; year begins in month {start}",
                    value,
                    0.0,
                    band,
                    error,
                )
            )
    return rows


def larkin(
    accelerator: float = 4.0, discount_limit: float = 0.25, runs: int = 10, *, seed: int = 1
) -> list[Row]:
    """Gaming under an accelerator: discounts, last-week share, and what a straight line costs (Larkin 2014).

    Parameters
    ----------
    accelerator
        Factor on the commission above quota.
    discount_limit
        Largest discount a rep may give to move a date.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Few large deals with long cycles; quarterly plan.  A pays a straight 5 %, B 2.5 % up to quota and the accelerator above.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        enterprise = {
            "mechanisms": ALL_OFF,
            "team.size": 12,
            "market": {
                "leads_per_rep_week": 3.0,
                "deal_value": 150_000.0,
                "accounts_per_rep": 4,
                "age_half_life_days": 300.0,
            },
            "kpi.quota": 3_000_000.0,
        }
        for plan in (
            {"commission_rate": 0.05},
            {"commission_rate": 0.025, "accelerator": accelerator},
        ):
            dates = {"discount_limit": discount_limit, "period": "quarter"}
            tables = _play(enterprise | {"incentive": plan | dates}, seed, run)
            orders = _booked(tables)
            listed = orders["value"] / (1.0 - orders["discount"])
            month = orders["booked"].dt.month % 3
            quarter_end = orders["booked"].dt.to_period("Q").dt.end_time
            last_week = (quarter_end - orders["booked"]).dt.days < 7
            found += [
                float((listed - orders["value"]).sum() / listed.sum()),
                float(orders.loc[last_week, "value"].sum() / orders["value"].sum()),
                float(orders.loc[month == 0, "discount"].mean() - orders.loc[month != 0, "discount"].mean()),
            ]
        return found

    values = _over(runs, both)
    rows = []
    for name, column, reference, band in (
        ("revenue given away, straight line", 0, 0.0, (-0.003, 0.003)),
        ("revenue given away, accelerator", 3, 0.07, (0.05, 0.09)),
        ("share booked in the last week, accelerator", 4, 0.70, (0.60, 1.0)),
        ("discount in the last month less before, accelerator", 5, 0.10, ABOVE_ZERO),
    ):
        value, error = _mean(values[:, column])
        rows.append(printed(name, value, reference, band, error))
    value, error = _mean(values[:, 4] - values[:, 1])
    rows.append(
        printed(
            "share booked in the last week, accelerator less straight line", value, 0.0, ABOVE_ZERO, error
        )
    )
    return rows


def _sales_and_pay(plan: dict[str, Any], seed: int, run: int, weeks: int = 104) -> tuple[float, float]:
    tables = _play(
        {"mechanisms": ALL_OFF, "incentive": plan | {"timing_games": False}, "calendar.weeks": weeks},
        seed,
        run,
    )
    pay = tables["pay"]
    pay = pay[pay["period_start"] >= pd.Timestamp(tables.meta.start)]
    return float(_booked(tables)["value"].sum()), float(pay["total"].sum())


def ratchet_and_cap(
    rate: float = 0.08, cap: float = 1.33, keep: float = 0.5, runs: int = 6, *, seed: int = 1
) -> list[Row]:
    """From quota, cap and ratchet to a straight commission at equal pay (Misra & Nair 2011).

    Parameters
    ----------
    rate
        Commission above quota under the old plan.
    cap
        Attainment at which the old plan stops.
    keep
        λ of the ratchet.
    runs
        Two-year replications.
    seed
        Seed.
    """
    old = {"commission_rate": 0.0, "tiers": [{"attainment": 0.8, "rate": rate}], "cap": cap, "ratchet": keep}

    def mean(plan: dict[str, Any]) -> NDArray[np.float64]:
        return _over(runs, lambda run: _sales_and_pay(plan, seed, run))

    before = mean(old)
    # Equal pay: the straight rate is set by a few steps of the secant rule.
    straight = 0.02
    for _ in range(3):
        after = mean({"commission_rate": straight})
        variable = after[:, 1].mean() - _base(runs, seed)
        wanted = before[:, 1].mean() - _base(runs, seed)
        straight *= wanted / variable
    after = mean({"commission_rate": straight})
    no_ratchet = mean(old | {"ratchet": 1.0})
    return [
        _lift(
            "sales, straight ÷ quota, cap and ratchet, less 1", before[:, 0], after[:, 0], 0.09, (0.06, 0.12)
        ),
        _lift(
            "sales, without the ratchet ÷ with it, less 1", before[:, 0], no_ratchet[:, 0], 0.0, ABOVE_ZERO
        ),
    ]


def _base(runs: int, seed: int) -> float:
    return float(
        np.mean([_sales_and_pay({"commission_rate": 0.0}, seed, run)[1] for run in range(min(runs, 1))])
    )


def bonus_to_commission(
    bonus: float = 9_000.0, rate: float = 0.045, runs: int = 12, *, seed: int = 1
) -> list[Row]:
    """From an all-or-nothing bonus to a commission: games with dates fall, other work suffers (Kishore et al. 2013).

    Parameters
    ----------
    bonus
        Monthly bonus at quota.
    rate
        Commission of the new plan.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Only neglect is on beside effort and timing.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for plan in (_cliff(bonus, "month"), {"commission_rate": rate, "period": "month"}):
            tables = _play({"mechanisms": only("allocation"), "incentive": plan}, seed, run)
            orders = _booked(tables)
            tasks = tables["tasks"].query("kind == 'service'")
            found += [
                float(orders["value"].sum()),
                float((orders["discount"] > 0).mean()),
                float(tasks["hours"].mean()),
            ]
        return found

    values = _over(runs, both)
    rows = [_lift("sales, commission ÷ bonus, less 1", values[:, 0], values[:, 3], 0.0, ABOVE_ZERO)]
    value, error = _mean(values[:, 4] - values[:, 1])
    rows.append(
        printed("share of deals moved by a discount, commission less bonus", value, 0.0, BELOW_ZERO, error)
    )
    rows.append(
        _lift(
            "hours per service request, commission ÷ bonus, less 1",
            values[:, 2],
            values[:, 5],
            0.0,
            BELOW_ZERO,
        )
    )
    return rows


def revenue_only(rate: float = 0.10, runs: int = 10, *, seed: int = 1) -> list[Row]:
    """Pay only revenue and service is neglected: satisfaction falls and customers go (after Holmström & Milgrom 1991).

    Parameters
    ----------
    rate
        Commission of the plan that pays revenue alone.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    A: a mixed plan with a KPI bonus on satisfaction; B: the same team with revenue alone.  All mechanisms are on but exits.
    """
    mixed = {
        "incentive": {"commission_rate": 0.02, "kpi_bonus": 6000.0},
        "kpi.targets": [
            {
                "name": "revenue",
                "kpi": "revenue_booked",
                "period": "quarter",
                "target": 650_000,
                "weight": 0.6,
            },
            {"name": "satisfaction", "kpi": "csat", "period": "quarter", "target": 0.8, "weight": 0.4},
        ],
    }
    alone = {
        "incentive": {"commission_rate": rate},
        "kpi.targets": [
            {
                "name": "revenue",
                "kpi": "revenue_booked",
                "period": "quarter",
                "target": 650_000,
                "weight": 1.0,
            }
        ],
    }

    def both(run: int) -> list[float]:
        found: list[float] = []
        for scheme in (mixed, alone):
            tables = _play(scheme | {"mechanisms.exits": False}, seed, run)
            score = tables["surveys"].query("question == 'csat'")["score"]
            accounts = tables["accounts"]
            known = accounts["since"].notna()
            found += [float(score.mean()), float(accounts.loc[known, "left"].notna().mean())]
        return found

    values = _over(runs, both)
    rows = []
    for name, column, band in (
        ("satisfaction", 0, BELOW_ZERO),
        ("share of customers who leave", 1, ABOVE_ZERO),
    ):
        value, error = _mean(values[:, column + 2] - values[:, column])
        rows.append(printed(f"{name}, revenue alone less mixed", value, 0.0, band, error))
    return rows


def peaks_erode(swing: float = 2.2, runs: int = 8, *, seed: int = 1) -> list[Row]:
    """The same leads in a year, level or in peaks: peaks shorten contacts for good (after Oliva & Sterman 2001).

    Parameters
    ----------
    swing
        Lead factor of each quarter's last month; the other two months make up for it.
    runs
        Years played.
    seed
        Seed.
    """
    rest = (3.0 - swing) / 2.0

    def both(run: int) -> list[float]:
        found: list[float] = []
        for season in ((1.0,) * 12, (rest, rest, swing) * 4):
            model = Model(
                Scenario().derive(
                    {
                        "mechanisms": only("corner_cutting"),
                        "market": {"season": season, "leads_per_rep_week": 6.0},
                        "kpi.quota_by_season": False,
                    }
                ),
                seed,
                run,
            )
            tables = model.play()
            new = tables["opportunities"].query("existing == False and status in ['won', 'lost']")
            found += [
                float(np.mean([rep.norm for rep in model.world.reps])),
                float((new["status"] == "won").mean()),
            ]
        return found

    values = _over(runs, both)
    return [
        _lift(
            "norm of time per contact after a year, peaks ÷ level, less 1",
            values[:, 0],
            values[:, 2],
            0.0,
            BELOW_ZERO,
        ),
        _lift("win rate of new deals, peaks ÷ level, less 1", values[:, 1], values[:, 3], 0.0, BELOW_ZERO),
    ]


def exit_clusters(contagion: float = 3.0, reps: int = 60, runs: int = 40, *, seed: int = 1) -> list[Row]:
    """Departures come in clusters when they catch on (direction of Felps et al. 2009).

    Parameters
    ----------
    contagion
        Strength of contagion (the model's default is 1).
    reps, runs
        Size of the team and years played.
    seed
        Seed.

    Notes
    -----
    Variance ÷ mean of departures a quarter over teams; 1 where everybody decides for himself, a little less in a small team.
    """

    def quits(strength: float, run: int) -> NDArray[np.float64]:
        model = Model(
            Scenario().derive(
                {
                    "calendar.weeks": 52,
                    "mechanisms": only("exits"),
                    "team": {"size": reps, "exit_contagion": strength, "exit_rate": 0.3, "vacancy_weeks": 1},
                    "market": {"leads_per_rep_week": 0.5, "accounts_per_rep": 0},
                    "workload.admin_per_day": 0.0,
                }
            ),
            seed,
            run,
        )
        model.play()
        week = [person.left / 40.0 for person in model.world.people if person.left == person.left]
        return np.histogram(week, bins=4, range=(4, 56))[0].astype(float)

    rows = []
    for strength, name, band in (
        (0.0, "without contagion", (0.7, 1.3)),
        (contagion, "with contagion", (1.2, inf)),
    ):
        counts = np.array([quits(strength, run) for run in range(runs)]).ravel()
        index = float(counts.var(ddof=1) / counts.mean())
        rows.append(
            printed(
                f"variance ÷ mean of departures a quarter, {name}",
                index,
                1.0,
                band,
                index * float(np.sqrt(2 / len(counts))),
            )
        )
    return rows


def read_back(runs: int = 10, *, seed: int = 1) -> list[Row]:
    """Reading a request back catches 23 % of the errors; the queue makes more of it (Starmer et al. 2014; rework queue).

    Parameters
    ----------
    runs
        Half-years played.
    seed
        Seed.

    Notes
    -----
    The share caught is put in; the time saved is not.  A busy product desk, requests with notes.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for reads in (False, True):
            tables = _play(
                {
                    "mechanisms": only("handover"),
                    "calendar.weeks": 26,
                    "communication.read_back": reads,
                    "communication.facts": 9,
                    "communication.departments.product.own_load": 0.72,
                },
                seed,
                run,
            )
            requests = tables["requests"].dropna(subset=["finished"])
            hours = (requests["finished"] - requests["submitted"]).dt.total_seconds()
            found += [float((requests["rounds"] > 1).mean()), float(hours.mean())]
        return found

    values = _over(runs, both)
    return [
        _lift(
            "requests that come back, read back ÷ not, less 1",
            values[:, 0],
            values[:, 2],
            -0.23,
            (-0.28, -0.18),
        ),
        _lift(
            "time until a request is right, read back ÷ not, less 1",
            values[:, 1],
            values[:, 3],
            -0.51,
            BELOW_ZERO,
        ),
    ]


def complaints(runs: int = 10, *, seed: int = 1) -> list[Row]:
    """A fuller queue keeps fewer complaining customers, and recovery makes nobody more loyal than before.

    Claims of TARP (1979/86) and de Matos et al. (2007).

    Parameters
    ----------
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    What each kind of answer keeps is put in (19, 54 and 82 %); which kind a customer gets is not.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for admin in (1.0, 8.0):
            tables = _play(
                {
                    "mechanisms": ALL_OFF,
                    "workload.admin_per_day": admin,
                    "market": {"complaint": 0.20, "deal_value": 60_000.0},
                },
                seed,
                run,
            )
            cases = tables["complaints"].dropna(subset=["answered"])
            left = tables["accounts"].set_index("account_id")["left"]
            gone = left.reindex(cases["account_id"]).notna().to_numpy()
            at_once = (left.reindex(cases["account_id"]).to_numpy() == cases["answered"].to_numpy()) & gone
            known = tables["accounts"].query("since == since")
            calm = ~known["account_id"].isin(tables["complaints"]["account_id"])
            found += [
                float(1.0 - at_once.mean()),
                float(known.loc[calm, "left"].isna().mean()),
                float(1.0 - gone.mean()),
            ]
        return found

    values = _over(runs, both)
    rows = []
    value, error = _mean(values[:, 3] - values[:, 0])
    rows.append(printed("kept after a complaint, busy team less calm team", value, 0.0, BELOW_ZERO, error))
    value, error = _mean(values[:, 2] - values[:, 1])
    rows.append(
        printed(
            "still there at the end: complained less never complained (calm team)",
            value,
            0.0,
            BELOW_ZERO,
            error,
        )
    )
    return rows


def quality_knee(servers: int = 8, limit: float = 0.5, jobs: int = 60_000, *, seed: int = 1) -> list[Row]:
    """Lateness is flat up to a knee of occupancy and steep beyond (Kuntz et al. 2015; Berry Jaeker & Tucker 2017).

    Parameters
    ----------
    servers
        People at the desk.
    limit
        A job that waits longer than this (in mean service times) is late.
    jobs
        Jobs per level of occupancy.
    seed
        Seed.

    Notes
    -----
    Occupancy 0.70 to 0.99 at one desk; the knee is where two straight lines fit the share of late jobs best.
    """
    from simpy import Environment  # noqa: PLC0415

    from kpisim.model.desk import Desk, Job  # noqa: PLC0415

    levels = np.round(np.arange(0.70, 0.991, 0.02), 3)
    late = []
    for level in levels:
        env = Environment()
        desk = Desk(env, servers)
        streams = Streams(seed, 0)
        gaps = streams.generator("gaps").standard_exponential(jobs)
        lengths = streams.generator("lengths").standard_exponential(jobs)
        times = np.cumsum(gaps) / (servers * level)
        batch = [(float(at), Job(float(hours))) for at, hours in zip(times, lengths, strict=True)]
        desk.expect(list(batch), quiet=True)
        env.run(until=float(times[-1]) + 1.0)
        desk.look()
        waits = np.array([job.started - at for at, job in batch if job.started == job.started])
        late.append(float((waits > limit).mean()))
    share = np.array(late)
    best, knee = inf, float("nan")
    for place in range(2, len(levels) - 2):
        x = levels - levels[place]
        design = np.column_stack([np.ones_like(x), np.minimum(x, 0.0), np.maximum(x, 0.0)])
        residual = share - design @ np.linalg.lstsq(design, share, rcond=None)[0]
        if residual @ residual < best:
            best, knee = float(residual @ residual), float(levels[place])
    steep = float((share[-1] - share[-4]) / (levels[-1] - levels[-4]))
    flat = float((share[3] - share[0]) / (levels[3] - levels[0]))
    return [
        printed("occupancy at the knee", knee, 0.925, (0.90, 0.96)),
        printed("slope above ÷ slope below", steep / max(flat, 1e-9), 1.0, (1.5, inf)),
    ]


__all__ = [
    "bonus_to_commission",
    "complaints",
    "effort_or_timing",
    "exit_clusters",
    "finish_what_you_started",
    "fiscal_year_peak",
    "larkin",
    "lead_response",
    "peaks_erode",
    "quality_knee",
    "ratchet_and_cap",
    "read_back",
    "revenue_only",
]
