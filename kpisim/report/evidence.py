"""``kpisim evidence --report``: all cases as one page that needs nothing else, with a figure each."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from kpisim.evidence import Row, cases, get
from kpisim.report.export import page_head
from kpisim.report.font import glyphs_of
from kpisim.report.page import paragraph, picture, section, table
from kpisim.text import UserError, current_language, t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


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
    tally: dict[str, list[bool]] = {}
    parts = []
    for case in chosen:
        rows = [
            Row(str(one.metric), one.simulated, one.low, one.high, one.reference, one.band, str(one.verdict))  # type: ignore[arg-type]
            for one in case.run(seed, **(parameters or {})).itertuples()
        ]
        good = [row.verdict == "pass" for row in rows]
        tally.setdefault(case.rule, []).append(all(good))
        shown = held_up(str(case.title), rows)
        parts.append(
            section(
                case.name,
                f"{case.title} · {t(case.rule)}",
                paragraph(case.source, "lead"),
                paragraph(str(case.setting)) if case.setting else "",
                picture(shown),
                table(
                    str(case.title),
                    [(t("figure"), "text"), (t("simulated"), "number"), (t("95 % interval"), "number"),
                     (t("reference"), "number"), (t("band"), "number"), (t("verdict"), "word")],
                    [
                        [row.metric, f"{row.simulated:.4g}", f"{row.low:.4g} … {row.high:.4g}", f"{row.reference:.4g}",
                         f"{row.band[0]:.3g} … {row.band[1]:.3g}", t(row.verdict)]
                        for row in rows
                    ],
                ),
                paragraph(str(case.explanation)) if case.explanation and not all(good) else "",
            ).html
        )  # fmt: skip
        plt.close(shown.figure)
        if done is not None:
            done(case.name, case.rule != "exact" or all(good))
    title = t("Evidence: the model beside theorems and published results")
    lead = "; ".join(f"{t(rule)} {sum(goods)}/{len(goods)}" for rule, goods in tally.items())
    body = (
        f'<div class="page single"><main><h1>{escape(title)}</h1>'
        f'<p class="lead">{escape(t("Cases whose figures all come out: {lead}", lead=lead))}</p>'
        + "\n".join(parts)
        + "</main></div>"
    )
    page = page_head(title, current_language(), glyphs_of(body + title)) + f"<body>{body}</body></html>\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as problem:
        raise UserError(
            "{path}: cannot be written ({problem}); choose another folder",
            path=str(path),
            problem=problem.strerror,
        ) from None
    return path
