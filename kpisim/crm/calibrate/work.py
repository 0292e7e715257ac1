"""How long work takes: the law of each kind's minutes, and how much faster some people are than others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.crm.calibrate.draft import Estimate
from kpisim.crm.calibrate.spread import add_spread, between
from kpisim.text import Text

if TYPE_CHECKING:
    from kpisim.crm.calibrate.draft import Draft
    from kpisim.tables import Tables

LEAST_OF_A_KIND = 100
"""Tasks of a kind that are needed to tell its law."""
LEAST_PER_REP = 30
"""Tasks a rep needs to count for the spread of speed."""
MINUTES = "minutes for "
"""Samples of handling times are called after their kind."""
MOST_SPREAD = 1.5
"""Largest spread of speed that a scenario takes."""


def fit_work(tables: Tables, draft: Draft) -> None:
    """Fit handling times by kind of work, and the true spread of speed between reps.

    Parameters
    ----------
    tables
        With tasks; hours of work count, or hours spent where these are not known.
    draft
        Where the figures are added.
    """
    tasks = tables["tasks"]
    hours = tasks["hours"].where(tasks["hours"] > 0, tasks["spent"])
    tasks = tasks.assign(minutes=60.0 * hours)[hours > 0]
    for kind in tasks["kind"].value_counts().index:
        mine = tasks.loc[tasks["kind"] == kind, "minutes"]
        if len(mine) < LEAST_OF_A_KIND:
            continue
        sample = f"{MINUTES}{kind}"
        shape = draft.fit(sample, mine)
        if shape is None:
            continue
        draft.estimates += [
            Estimate(
                Text(f"minutes for {kind}, median", f"{kind}用时中位数（分钟）"),
                shape.median,
                shape.median * shape.mu_error * 1.25,
                shape.n,
                law=shape.law,
                sample=sample,
            ),
            Estimate(
                Text(f"minutes for {kind}, spread (ln)", f"{kind}用时波动（对数）"),
                shape.sigma,
                shape.sigma_error,
                shape.n,
            ),
        ]
    logs = np.log(tasks["minutes"])
    # What somebody does must not pass for how fast they are.
    own = logs - logs.groupby(tasks["kind"], observed=True).transform("mean")
    by_rep = own.groupby(tasks["rep_id"]).agg(["mean", "var", "size"])
    by_rep = by_rep[by_rep["size"] >= LEAST_PER_REP]
    if len(by_rep) < 3:
        return
    means, noise = (
        by_rep["mean"].to_numpy(dtype=float),
        (by_rep["var"] / by_rep["size"]).to_numpy(dtype=float),
    )
    add_spread(
        draft,
        Text("true spread of handling times between reps (ln)", "销售代表用时的真实差异（对数）"),
        "team.speed_sd",
        lambda pick: between(means[pick], noise[pick]),
        len(means),
        MOST_SPREAD,
    )
