"""The sections of the report, one function each; every notebook cell calls one.

A section that does not apply (no comparison asked for, no pay in a firm's tables) returns None and leaves
no trace in the report.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from kpisim import show
from kpisim.kpi.registry import kpis as registry
from kpisim.kpi.value import COHORTS, reason_text
from kpisim.report.content import Content, prepare
from kpisim.report.page import Align, Block, Named, Wide, items, paragraph, picture, section, table
from kpisim.report.words import findings as sentences
from kpisim.report.words import load_level, pay_share
from kpisim.show.numbers import DASH, amount, change, change_interval, day_text, interval, is_number, rows_of
from kpisim.tables.schema import TABLES
from kpisim.text import current_language, t
from kpisim.text.cells import without_gaps
from kpisim.text.numbers import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


LONG = 60


def names() -> dict[str, str]:
    """Return KPI -> name in the reader's language."""
    return {name: str(kpi.title) for name, kpi in registry().items()}


def cohort_text(key: object) -> str:
    """Return in words which rows count."""
    return str(COHORTS[key]) if isinstance(key, str) and key in COHORTS else str(key or DASH)


def opening(content: Content) -> Block:
    """Return the head of the report: title, what it is about, and the label of invented figures."""
    from kpisim.scenario import library  # noqa: PLC0415

    asked = content.parameters
    if content.result is None:
        first, last = content.window
        title = asked.title or t("KPI report: {name}", name=content.parameters.source)
        lines = [
            t("Own data, {start} to {end} (end day not included)", start=day_text(first), end=day_text(last))
        ]
        label = ""
    else:
        scenario = content.result.scenario
        title = asked.title or scenario.title()
        lines = [
            t(
                "Simulation report: {n} runs of {weeks} weeks, {size} sales reps",
                n=plain(content.result.replications),
                weeks=scenario.calendar.weeks,
                size=scenario.team.size,
            )
        ]
        invented = (asked.scenario or "default") in library()
        label = (
            t("Teaching scenario: all figures are invented")
            if invented
            else t("Simulated figures, not those of a real team")
        )
    lines += _changes(content, second=False)
    if content.comparison is not None:
        lines += [t("Compared with: {name}", name=labels_of(content)[1]), *_changes(content, second=True)]
    head = f'<header class="top"><h1>{_escape(title)}</h1>' + "".join(
        paragraph(line, "lead") for line in lines
    )
    return Block(
        head
        + (f'<p class="label"><span aria-hidden="true">◆</span> {_escape(label)}</p>' if label else "")
        + "</header>"
    )


def story(content: Content) -> Block | None:
    """Return the scenario's story in the language of the report."""
    if content.result is None:
        return None
    scenario = content.result.scenario
    text = (
        (scenario.story_zh or scenario.story_en)
        if current_language() == "zh"
        else (scenario.story_en or scenario.story_zh)
    )
    if not text.strip():
        text = t("This scenario comes without a story.")
    return section(
        "story",
        t("The story"),
        *(paragraph(without_gaps(part, " ")) for part in text.split("\n") if part.strip()),
    )


def findings(content: Content) -> Block:
    """Return the key findings in three sentences."""
    return section(
        "findings", t("Key findings"), items(sentences(content, names(), labels_of(content)), ordered=True)
    )


def kpi_table(content: Content) -> Block:
    """Return every KPI with its interval, then those without a number by reason."""
    known, currency = names(), content.currency
    if content.result is None:
        return _own_kpis(content, known)
    rows: list[list[str | Wide | Named]] = []
    missing: dict[str, list[str]] = {}
    for r in rows_of(content.result.kpis):
        name, unit = known.get(r["kpi"], r["kpi"]), r["unit"]
        if not is_number(r["mean"]):
            missing.setdefault(reason_text(r["reason"]), []).append(name)
            continue
        spread = interval(r["p10"], r["p90"], unit, currency)
        rows.append(
            [
                name,
                amount(r["mean"], unit, currency),
                interval(r["low"], r["high"], unit, currency),
                spread,
                _runs(r["runs_for_5pct"]),
            ]
        )
    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"),
        (t("Mean"), "number"),
        (t("95% interval of the mean"), "number"),
        (t("80% of runs lie in"), "number"),
        (t("Runs needed for ±5%"), "number"),
    ]
    return section(
        "kpis",
        t("KPIs with their intervals"),
        table(t("Means over {n} runs", n=plain(content.result.replications)), heads, rows),
        _without_number(missing),
        picture(show.kpi_intervals(content.result.kpis, known, currency)),
    )


def _without_number(missing: dict[str, list[str]]) -> str:
    """Return the KPIs that have no number, a line for each reason; nothing where all have one."""
    if not missing:
        return ""
    why = [
        t("{reason}: {names}", reason=reason, names=t(", ").join(those)) for reason, those in missing.items()
    ]
    return f"<h3>{_escape(t('KPIs without a number, and why'))}</h3>" + items(why)


def _own_kpis(content: Content, known: dict[str, str]) -> Block:
    """Return the KPIs of own tables: each number with its parts, then those without one by reason."""
    assert content.kpis is not None
    currency = content.currency
    rows: list[list[str | Wide | Named]] = []
    missing: dict[str, list[str]] = {}
    for r in rows_of(content.kpis):
        unit, name = r["unit"], known.get(r["kpi"], r["kpi"])
        if not is_number(r["value"]):
            missing.setdefault(reason_text(r["reason"]), []).append(name)
            continue
        rows.append(
            [
                Named(name, cohort_text(r["cohort"])),
                amount(r["value"], unit, currency),
                interval(r["low"], r["high"], unit, currency),
                _part(r["numerator"], unit),
                _part(r["denominator"], unit),
                plain(r["n"]) if is_number(r["n"]) else DASH,
            ]
        )
    heads: list[tuple[str, Align]] = [
        (t("KPI and what counts"), "text"),
        (t("Value"), "number"),
        (t("95% interval"), "number"),
        (t("Numerator"), "number"),
        (t("Denominator"), "number"),
        ("n", "number"),
    ]
    return section(
        "kpis",
        t("KPIs and where they come from"),
        table(t("Each value with what was divided by what"), heads, rows),
        _without_number(missing),
    )


def _part(value: object, unit: str) -> str:
    """Write a numerator or denominator in full: here digits matter, not the order of size."""
    if not is_number(value):
        return DASH
    number = float(value)  # type: ignore[arg-type]
    return plain(number, 0 if number == int(number) or abs(number) >= 1000 or unit == "count" else 1)


def attainment(content: Content) -> Block | None:
    """Return how attainment is spread over reps and periods."""
    if content.result is None:
        return None
    period = content.result.scenario.incentive.period
    return section(
        "attainment", t("Who reaches the quota"), picture(show.attainment(content.result.attainment, period))
    )


def flow(content: Content) -> Block | None:
    """Return pipeline and workload over time."""
    if content.result is None:
        return None
    weekly = content.result.weekly
    return section(
        "flow",
        t("Pipeline and workload over time"),
        picture(show.pipeline(weekly, content.currency)),
        picture(show.workload(weekly, level=load_level(content.result))),
    )


def records(content: Content) -> Block | None:
    """Return the figures of a firm's own tables: conversion and cycle, revenue by month, repurchase."""
    if content.tables is None:
        return None
    first, last = content.active
    shown = []
    if content.quiet_since is not None:
        shown.append(
            paragraph(
                t(
                    "No new record after {day}, so later months are not drawn; old cases still close and bills are still paid.",
                    day=content.quiet_since,
                )
            )
        )
    if content.tables.has("opportunities"):
        shown.append(picture(show.conversion(content.tables["opportunities"], first, last)))
    if content.tables.has("orders"):
        orders = content.tables["orders"]
        shown.append(picture(show.revenue(orders, first, last, content.currency)))
        shown.append(picture(show.repurchase(orders, first, last)))
    return section("records", t("Conversion, revenue and repurchase"), *shown) if shown else None


def pay(content: Content) -> Block | None:
    """Return the pay curve and what pay costs."""
    if content.result is None:
        return None
    from kpisim.model.pay import payout_curve  # noqa: PLC0415

    scenario, currency = content.result.scenario, content.currency
    curve = payout_curve(scenario.incentive, _period_quota(scenario), steps=True)
    other = None
    if content.comparison is not None:
        second = content.comparison.b.scenario
        if (second.incentive, second.kpi.quota) != (scenario.incentive, scenario.kpi.quota):
            other = payout_curve(second.incentive, _period_quota(second), steps=True)
    return section(
        "pay",
        t("Pay curve and pay cost"),
        picture(show.pay_curve(curve, currency, scenario.incentive.period, other, labels_of(content))),
        picture(show.pay_cost(content.result.attainment, currency, whole=pay_share(content.result))),
    )


def _told_verdict(row: Mapping[str, Any], currency: str) -> str:
    """Return the verdict; where the difference is too small for the digits shown, say so, or "0.0" would be told as higher."""
    said, unit = str(row["verdict"]), row["unit"]
    clear = row["low"] > 0 or row["high"] < 0
    if clear and change(row["difference"], unit, currency, (row.get("a"), row.get("b"))) == change(
        0.0, unit, currency
    ):
        return t("{text}, by less than the digits show", text=said)
    return said


def comparison(content: Content) -> Block | None:
    """Return the paired comparison with the second scenario."""
    versus = content.comparison
    if versus is None:
        return None
    known, currency = names(), content.currency
    a, b = labels_of(content)
    rows: list[list[str | Wide | Named]] = []
    without: list[str] = []
    for r in rows_of(versus.differences):
        unit = r["unit"]
        if not is_number(r["difference"]):
            without.append(known.get(r["kpi"], r["kpi"]))
            continue
        rows.append(
            [
                known.get(r["kpi"], r["kpi"]),
                amount(r["a"], unit, currency),
                amount(r["b"], unit, currency),
                change(r["difference"], unit, currency, (r["a"], r["b"])),
                change_interval(r["low"], r["high"], unit, currency),
                _told_verdict(r, currency),
            ]
        )
    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"),
        (f"A {a}", "number"),
        (f"B {b}", "number"),
        (t("Difference"), "number"),
        (t("95% interval"), "number"),
        (t("Verdict"), "text"),
    ]
    parts = [
        paragraph(
            t(
                "Both scenarios are played with the same random streams, so that luck cancels out of the difference."
            )
        ),
        *(paragraph(line) for line in _changes(content, second=True)),
        picture(show.differences(versus.differences, known, currency, (a, b))),
        table(t("Difference: B ({b}) minus A ({a})", a=a, b=b), heads, rows),
    ]
    if without:
        parts.append(
            paragraph(
                t("Cannot be compared, since one side has no number: {names}", names=t(", ").join(without))
            )
        )
    return section("comparison", t("Comparison"), *parts)


def sensitivity(content: Content) -> Block | None:
    """Return which assumption moves which KPI, where that was screened."""
    if content.sensitivity is None:
        return None
    from kpisim.report.sensitivity import sensitivity_block  # noqa: PLC0415

    return sensitivity_block(content.sensitivity)


def stories(content: Content) -> Block | None:
    """Return three stories with numbers from runs, where they were asked for."""
    if not content.parameters.stories:
        return None
    from kpisim.report.stories import stories_block  # noqa: PLC0415

    return stories_block(content.parameters.replications, content.parameters.seed)


def calibration(content: Content) -> Block | None:
    """Return the scenario fitted to own tables, real beside simulated, where that was asked for."""
    if content.tables is None or not content.parameters.calibration:
        return None
    from kpisim.report.calibration import calibration_block  # noqa: PLC0415

    return calibration_block(content.tables, content.parameters.seed)


_CLASSES = {"exact": "●", "published": "◆", "assumption": "△"}


def rules(content: Content) -> Block | None:
    """Return the rules at work, each with its class and source."""
    if content.result is None:
        return None
    rows: list[list[str | Wide | Named]] = [list(row) for row in rule_rows(content)]
    heads: list[tuple[str, Align]] = [(t("Rule"), "text"), (t("Class"), "word"), (t("Source"), "text")]
    lead = t(
        "● exact: follows from mathematics. ◆ published: figures of a named source, used as they stand. △ assumption: ours; try other values."
    )
    return section(
        "rules", t("Rules used"), paragraph(lead), table(t("Rules at work in this run"), heads, rows)
    )


def rule_rows(content: Content) -> list[tuple[str, str, str]]:
    """Return the rules as text, class and source, the surest class first."""
    assert content.result is not None
    words = {"exact": t("exact"), "published": t("published"), "assumption": t("assumption")}
    zh, order = current_language() == "zh", list(_CLASSES)
    return [
        (
            rule.zh if zh else rule.en,
            f"{_CLASSES[rule.rule]} {words[rule.rule]}",
            t(rule.source) if rule.source else t("our design choice"),
        )
        for rule in sorted(content.result.rules, key=lambda rule: order.index(rule.rule))
    ]


def limits(content: Content) -> Block:
    """Return what the report must not be used for."""
    if content.result is None:
        texts = [
            t("The figures are as good as the export: what was never entered is not there."),
            t("Recent opportunities are still open; their win rate looks low until they close."),
            t("An interval covers chance only, not a change of market, price or season."),
            t("Fewer than five people are not shown; nothing here is meant to judge a single person."),
        ]
    else:
        texts = [
            t(
                "The model shows how rules pull, not what a given team will sell; read directions and orders of size, not decimals."
            ),
            t(
                "Rules marked as assumption are ours; a lesson that hangs on one of them must be checked by varying it."
            ),
            t("A peak at the end of a period is not evidence of effort: timing alone produces it."),
            t("The interval covers chance between runs only, not errors of the model."),
            t("Reps in the model react to money, load and goals; personal circumstances are not in it."),
        ]
    return section("limits", t("Honest limits"), items(texts))


def stamp(content: Content) -> Block:
    """Return what is needed to get the same report again."""
    rows: list[list[str | Wide | Named]] = [[name, value] for name, value in stamp_rows(content)]
    return section(
        "stamp",
        t("Stamp"),
        table(t("How this report was made"), [(t("What"), "text"), (t("Value"), "text")], rows),
    )


def stamp_rows(content: Content) -> list[tuple[str, str]]:
    """Return the stamp as names and values, for the page and the workbook alike."""
    from kpisim import __version__  # noqa: PLC0415

    created = content.created.strftime("%Y-%m-%d %H:%M %z")
    if content.result is None:
        from kpisim.report.own import digest  # noqa: PLC0415

        assert content.tables is not None
        first, last = content.window
        return [
            (t("kpisim version"), __version__),
            (t("Source"), content.parameters.source),
            # The name alone: whoever is sent the report need not know the folders of this machine.
            (t("Mapping"), PurePath(content.parameters.mapping).name if content.parameters.mapping else DASH),
            (t("Period (end day not included)"), f"{first} – {last}"),
            (t("Data digest"), digest(content.tables)),
            (t("Reading time"), t("{n} s", n=plain(content.seconds, 1))),
            (t("Created"), created),
        ]
    found, scenario = content.result.stamp, content.result.scenario
    rows = [
        (t("kpisim version"), str(found.get("version", __version__))),
        (t("Scenario"), str(found.get("scenario", scenario.name))),
        (t("Scenario digest"), str(found.get("digest", scenario.digest()))),
    ]
    if content.comparison is not None:
        other = content.comparison.b.scenario
        rows += [(t("Compared with"), other.name), (t("Digest of the second"), other.digest())]
    failed = len(content.result.failures)
    return [
        *rows,
        (t("Seed"), str(content.result.seed)),
        (t("Runs"), plain(content.result.replications)),
        (t("Failed runs"), plain(failed)),
        (
            t("Horizon"),
            t("{n} weeks from {day}", n=scenario.calendar.weeks, day=day_text(scenario.calendar.start)),
        ),
        (t("Warm-up left out"), t("{n} weeks", n=scenario.calendar.warmup_weeks)),
        (t("Simulation time"), t("{n} s", n=plain(float(found.get("seconds", content.seconds)), 1))),
        (t("Created"), created),
    ]


def quality(content: Content) -> Block | None:
    """Return what the import left out or noticed, with the size and gaps of every table of own data."""
    if content.tables is None:
        return None
    from kpisim.crm.quality import finding_cells, finding_heads  # noqa: PLC0415
    from kpisim.crm.quality import quality as examine  # noqa: PLC0415

    tables = content.tables
    rows: list[list[str | Wide | Named]] = []
    for name, frame in tables.frames.items():
        if frame.empty or name not in TABLES:
            continue
        declared = TABLES[name]
        zh = current_language() == "zh"
        gaps = [
            t(
                "{column} {share} empty",
                column=(column.zh if zh else column.en).split("；")[0].split(";")[0],
                share=show.percent(share),
            )
            for column in declared.columns
            if column.name in frame and 0 < (share := float(frame[column.name].isna().mean())) < 1
        ]
        rows.append([t(name.replace("_", " ")), plain(len(frame)), t("; ").join(gaps) or DASH])
    parts = [
        table(t("What was read"), [(t("Table"), "text"), (t("Rows"), "number"), (t("Gaps"), "text")], rows)
    ]
    if found := [one for one in examine(tables) if one.level != "note"]:
        kinds: tuple[Align, ...] = ("word", "text", "text", "number", "number", "text", "text")
        cells: list[list[str | Wide | Named]] = [[*finding_cells(one)] for one in found]
        heads = list(zip(finding_heads(), kinds, strict=True))
        parts.append(table(t("What to look at before a figure is believed"), heads, cells))
    notes = [str(note) for note in getattr(tables.meta, "notes", ())]
    return section("quality", t("Data quality"), items(notes) if notes else "", *parts)


def save_workbook(content: Content, path: str | Path | None) -> None:
    """Write the workbook beside the report where one was asked for."""
    if path is not None:
        from kpisim.report.xlsx import write_workbook  # noqa: PLC0415

        write_workbook(content, path)


def labels_of(content: Content) -> tuple[str, str]:
    """Return short names of both scenarios; where they are the same, A and B tell them apart."""
    if content.result is None or content.comparison is None:
        return "A", "B"
    first, second = content.result.scenario.title(), content.comparison.b.scenario.title()
    if first != second:
        return first, second
    return t("as it is") if not content.parameters.sets else t("first variant"), t("changed")


def _changes(content: Content, *, second: bool) -> list[str]:
    """Return what was set in the first or second scenario: the parameter's meaning, its old and new value."""
    asked = content.parameters
    sets = asked.versus_sets if second else asked.sets
    if not sets:
        return []
    from kpisim.scenario import load  # noqa: PLC0415

    before = load((asked.versus if second else None) or asked.scenario or "default")
    if second and asked.versus is None and asked.sets:
        before = before.derive(asked.sets)
    told = [
        t("{name} {old} → {new}", name=meaning(path), old=_value(before.get(path)), new=_value(value))
        for path, value in sets.items()
        if before.get(path) != value
    ]
    if not told:
        # "0.03 → 0.03" would be told as a change, and every difference of nothing as a finding.
        return [t("Changed: nothing, the scenario has these values already")]
    return [t("Changed: {items}", items=t("; ").join(told))]


def meaning(path: str) -> str:
    """Return what the parameter at `path` means in the reader's language, with the path for whoever sets it."""
    from kpisim.scenario import Scenario  # noqa: PLC0415

    model: Any = Scenario
    field = None
    for part in path.split("."):
        field = getattr(model, "model_fields", {}).get(part)
        if field is None:
            return path
        model = field.annotation
    extra = field.json_schema_extra if field is not None and isinstance(field.json_schema_extra, dict) else {}
    text = extra.get("zh") if current_language() == "zh" else field.description if field is not None else None
    return t("{meaning} ({path})", meaning=text, path=path) if text else path


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    text = str(value)
    return text if len(text) <= LONG else text[: LONG - 1] + "…"


def _runs(value: object) -> str:
    return plain(float(value)) if is_number(value) else DASH  # type: ignore[arg-type]


def _period_quota(scenario: Any) -> float:
    return float(scenario.kpi.quota) / {"month": 12, "quarter": 4, "year": 1}[scenario.incentive.period]


def _escape(text: str) -> str:
    from html import escape  # noqa: PLC0415

    return escape(text)


__all__ = [
    "attainment",
    "calibration",
    "comparison",
    "findings",
    "flow",
    "kpi_table",
    "limits",
    "opening",
    "pay",
    "prepare",
    "quality",
    "records",
    "rules",
    "save_workbook",
    "sensitivity",
    "stamp",
    "stories",
    "story",
]
