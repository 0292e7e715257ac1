"""A calibration in a report: what was fitted, how it holds on days not seen, real beside simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.report.page import paragraph, section, table
from kpisim.text import t

if TYPE_CHECKING:
    from kpisim.report.page import Align, Block
    from kpisim.tables import Tables


def calibration_block(tables: Tables, seed: int = 1) -> Block:
    """Fit a scenario to `tables`, score the fit on days it has not seen, and play it beside the real figures.

    Parameters
    ----------
    tables
        A firm's own tables: opportunities, orders, requests or tasks.
    seed
        Seed of the runs that real figures are set beside.

    Raises
    ------
    UserError
        Nothing that can be fitted.
    """
    from kpisim.crm.calibrate.command import NOT_FITTED, NOT_SCORED, RUNS, UNITS, beside, not_played, number  # noqa: PLC0415
    from kpisim.crm.calibrate.fit import calibrate  # noqa: PLC0415
    from kpisim.crm.calibrate.score import scores  # noqa: PLC0415

    found = calibrate(tables)
    heads: list[tuple[str, Align]] = [
        (t("fitted"), "text"), (t("value"), "number"), (t("standard error"), "number"), ("n", "number"), (t("law"), "text"),
    ]  # fmt: skip
    fitted = [
        [str(one.name), number(one.value), number(one.error), f"{one.n:,}", t(one.law) if one.law else ""]
        for one in found.estimates
    ]
    parts = [
        paragraph(t(UNITS, currency=tables.meta.currency)),
        table(t("Fitted to the tables"), heads, fitted),
    ]
    heads = [
        (t("figure"), "text"), (t("fitted"), "number"), (t("not seen"), "number"), ("z", "number"), ("n", "number"),
    ]  # fmt: skip
    held = [
        [
            str(one.name),
            number(one.fitted),
            number(one.rest),
            f"{one.z:.1f}" if one.z == one.z else "",
            f"{one.n:,}",
        ]
        for one in scores(tables)
    ]
    parts.append(
        table(t("Fitted on the first 60% of the days, scored on the rest"), heads, held)
        if held
        else paragraph(t(NOT_SCORED))
    )
    if "market.stages" in found.values:
        heads = [
            (t("figure"), "text"), (t("real"), "number"), (t("simulated"), "number"), (t("standard error"), "number"),
        ]  # fmt: skip
        both = [
            [name, number(real), number(played), number(error)]
            for name, real, played, error in beside(found, tables, seed)
        ]
        parts.append(
            table(t("Real beside simulated ({runs} runs of the calibrated scenario)", runs=RUNS), heads, both)
        )
        if not len(tables["opportunities"]):
            parts.append(paragraph(t(NOT_FITTED)))
    else:
        parts.append(paragraph(not_played(tables)))
    return section("calibration", t("Calibration"), *parts)


__all__ = ["calibration_block"]
