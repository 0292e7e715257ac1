"""``kpisim evidence --report``: all cases as one page that needs nothing else, with a figure each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.evidence import Row, cases, failures, get, played
from kpisim.evidence.words import Tally, band_text, verdict_text
from kpisim.report.page import items, paragraph, picture, section, table
from kpisim.report.shell import whole_page, write_page
from kpisim.text import Text, UserError, t
from kpisim.text.numbers import significant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kpisim.evidence import Case

EXACT = Text("max(2%, 3 standard errors) around the formula; noise beyond a tenth counts as failure")


def evidence_report(
    path: Path,
    only: Sequence[str] = (),
    seed: int = 1,
    parameters: Mapping[str, Any] | None = None,
    done: Callable[[str, bool], None] | None = None,
) -> Path:
    """Play cases and write them to `path`.

    Parameters
    ----------
    path
        HTML file.
    only
        Names of cases; none plays all.
    seed
        Seed.
    parameters
        Parameters of the one case in `only`.
    done
        Told the name of each case that is through, and whether its exact figures hold.

    Raises
    ------
    UserError
        An unknown case or parameter, or a file that cannot be written.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415

    from kpisim.show.held import held_up  # noqa: PLC0415

    chosen = [get(name) for name in only] if only else list(cases().values())
    if parameters and len(chosen) != 1:
        raise UserError("-p goes with one case: add --only NAME")
    if parameters:
        chosen[0].check(parameters)
    tally = Tally()
    parts = []
    for case, frame in zip(chosen, played(chosen, seed, parameters), strict=True):
        found = list(frame.itertuples())
        rows = [
            Row(str(one.metric), one.simulated, one.low, one.high, one.reference, one.band, str(one.verdict))  # type: ignore[arg-type]
            for one in found
        ]
        for one in found:
            tally.add(case, one)
        shown = held_up(rows)
        parts.append(
            section(
                case.name,
                f"{case.title} · {t(case.rule)}",
                paragraph(case.source, "lead"),
                items(_said(case)),
                picture(shown),
                table(
                    str(case.title),
                    [(t("figure"), "text"), (t("class"), "word"), (t("simulated"), "number"), (t("95% interval"), "number"),
                     (t("reference"), "number"), (t("band"), "number"), (t("verdict"), "word")],
                    [
                        [str(row.metric), t(str(one.claim)), significant(row.simulated, 4), f"{significant(row.low, 4)} … {significant(row.high, 4)}",
                         significant(row.reference, 4), band_text(row.band), verdict_text(one)]
                        for row, one in zip(rows, found, strict=True)
                    ],
                ),
                paragraph(t("Why: {why}", why=case.explanation)) if case.explanation and tally.missed(case) else "",
            ).html
        )  # fmt: skip
        plt.close(shown.figure)
        if done is not None:
            done(case.name, not any(one.verdict in failures(case, one) for one in found))
    title = t("Evidence: the model beside theorems and published results")
    told = t(
        "A figure that was put in by hand is labelled so and counts as no reproduction. What does not come out stays."
    )
    return write_page(path, whole_page(title, [items(tally.lines()), paragraph(told), *parts]))


def _said(case: Case) -> Iterator[str]:
    """Yield what there is to say about a case before its figures, a line each."""
    yield t("reference figures: {status}", status=t(case.status))
    for label, text in (
        (t("setting"), case.setting),
        ("A", case.a),
        ("B", case.b),
        (t("why this band"), case.reason or (EXACT if case.rule == "exact" else None)),
        (t("what it does not show"), case.limits),
    ):
        if text is not None:
            yield t("{label}: {text}", label=label, text=text)
