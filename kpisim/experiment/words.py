"""Results as lines for a terminal, columns aligned whatever the width of the characters."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from kpisim.kpi.shown import show_change, with_unit
from kpisim.kpi.value import reason_text
from kpisim.text import t
from kpisim.text.cells import align
from kpisim.text.numbers import percent, plain, with_sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from kpisim.experiment.experiment import Comparison
    from kpisim.experiment.result import Result
    from kpisim.scenario import Scenario

SHARES = {"share", "rate"}


def kpi_lines(result: Result) -> list[str]:
    """Return the KPI table of `result`: mean, interval, runs needed for ±5 %, or why there is no number."""
    rows = [(t("KPI"), t("mean"), t("95% interval"), t("runs for ±5%"))]
    missing: dict[str, list[str]] = {}
    for row in _rows(result.kpis):
        name = kpi_title(str(row.kpi))
        if row.n_runs == 0:
            missing.setdefault(reason_text(row.reason), []).append(name)
            continue
        interval = (
            t("one run: no interval")
            if math.isnan(row.low)
            else f"{_number(row.low, row.unit)} … {_number(row.high, row.unit)}"
        )
        needed = (
            ""
            if row.runs_for_5pct is None or row.runs_for_5pct != row.runs_for_5pct
            else str(int(row.runs_for_5pct))
        )
        rows.append((name, _number(row.mean, row.unit), interval, needed))
    stamp = result.stamp
    head = t(
        "{title}: {runs} runs, seed {seed}, digest {digest}, {weeks} weeks after {warmup} of warm-up",
        title=result.scenario.title(),
        runs=result.replications,
        seed=result.seed,
        digest=stamp["digest"],
        weeks=stamp["weeks"],
        warmup=stamp["warmup_weeks"],
    )
    return [head, *columns(rows), *_without_number(missing)]


def _without_number(missing: Mapping[str, Sequence[str]]) -> list[str]:
    return [
        t("no number ({reason}): {names}", reason=reason, names=t(", ").join(names))
        for reason, names in missing.items()
    ]


def comparison_lines(versus: Comparison) -> list[str]:
    """Return the paired differences B - A with interval and verdict, then how much pairing narrows."""
    rows = [
        (
            t("KPI"),
            "A",
            "B",
            "B - A",
            t("paired 95% interval"),
            t("unpaired"),
            t("width ratio"),
            t("verdict"),
        )
    ]
    missing: dict[str, list[str]] = {}
    for row in _rows(versus.differences):
        name = kpi_title(str(row.kpi))
        if row.n_runs < 2 or row.difference != row.difference:
            missing.setdefault(str(row.verdict), []).append(name)
            continue
        unit = row.unit
        ratio = (
            "" if row.width_ratio is None or row.width_ratio != row.width_ratio else f"{row.width_ratio:.2f}"
        )
        rows.append(
            (
                name,
                _number(row.a, unit),
                _number(row.b, unit),
                _difference(row.difference, unit),
                f"{_difference(row.low, unit)} … {_difference(row.high, unit)}",
                f"{_difference(row.unpaired_low, unit)} … {_difference(row.unpaired_high, unit)}",
                ratio,
                str(row.verdict),
            )
        )
    head = t(
        "A = {a} ({da}), B = {b} ({db}), {runs} runs each on the same random streams",
        a=versus.a.scenario.title(),
        da=versus.a.stamp["digest"],
        b=versus.b.scenario.title() + changes_words(versus.a.scenario, versus.b.scenario),
        db=versus.b.stamp["digest"],
        runs=versus.a.replications,
    )
    lines = [head, *columns(rows)]
    lines += [f"{verdict}{t(': ')}{t(', ').join(names)}" for verdict, names in missing.items()]
    if versus.narrowing == versus.narrowing:
        lines.append(
            t(
                "paired intervals are {ratio} times as wide as unpaired ones (median)",
                ratio=f"{versus.narrowing:.2f}",
            )
        )
    return lines


def changes_words(base: Scenario, variant: Scenario, most: int = 3) -> str:
    """Return the parameters that tell `variant` from `base` where both have one title, else nothing."""
    if base.title() != variant.title():
        return ""
    here, there = flat(base.model_dump()), flat(variant.model_dump())
    changed = [
        f"{path} {here.get(path)} → {value}" for path, value in there.items() if here.get(path) != value
    ]
    more = f" +{len(changed) - most}" if len(changed) > most else ""
    return f": {'; '.join(changed[:most])}{more}" if changed else ""


def flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return nested names with values as dotted paths with values."""
    found: dict[str, Any] = {}
    for name, value in data.items():
        if isinstance(value, dict) and value:
            found |= flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found


def _rows(frame: pd.DataFrame) -> list[Any]:
    """Return rows with their columns as attributes."""
    return list(frame.itertuples())


def failures_line(failures: pd.DataFrame) -> str | None:
    """Return one line on failed runs, or None."""
    if failures.empty:
        return None
    first = failures.iloc[0]
    return t(
        "{count} run(s) failed; the first, run {run}, at {stage}: {error}: {message}",
        count=len(failures),
        run=first["run"],
        stage=first["stage"],
        error=first["error"],
        message=first["message"],
    )


def kpi_title(name: str) -> str:
    """Return the KPI's name in the current language."""
    from kpisim.kpi import kpi  # noqa: PLC0415

    return str(kpi(name).title)


def _number(value: float, unit: str) -> str:
    if unit in SHARES:
        return percent(value)
    number = plain(value, 0 if abs(value) >= 1000 else 2)
    return with_unit(number, unit) if unit == "days" else number


def _difference(value: float, unit: str) -> str:
    if unit in SHARES:
        return show_change(value, "share")
    return with_sign(_number(abs(value), unit), up=value > 0)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as aligned lines: first column left, the last as it is, the others right."""
    last = len(rows[0]) - 1
    return align(rows, [0 < column < last for column in range(last + 1)])
