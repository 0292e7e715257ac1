"""Write ``docs/evidence.md`` from the cases: ``python -m kpisim.evidence.docs [FILE]``."""

from __future__ import annotations

import sys
from pathlib import Path

from kpisim.evidence import cases

COMMAND = "python -m kpisim.evidence.docs"
FILE = Path(__file__).parents[2] / "docs" / "evidence.md"
_HEAD = f"""# Evidence: what is held against what

The lists of cases are written by `{COMMAND}` from the cases themselves; edit those, or the text in `kpisim/evidence/docs.py`.

`kpisim evidence` plays every case and prints the model's figure, its interval, the reference, the accepted band and a verdict (`at the edge` where the interval reaches over an edge of the band, so that another seed may judge otherwise); `--report FILE` writes a page with a figure for each, `--only NAME --seed 7 -p name=value` plays one with other values.

| class | what it means | fails the command |
|---|---|---|
| exact | a theorem; max(2%, 3 standard errors), noise counts as failure | yes |
| published | printed equations run again, held to figures printed with them or, where there are none, to those of our own run (the last column says which) | no |
| emerges | an effect nobody put in, from the whole model or its own rules; a sign needs its whole 95% interval | no |
| calibrated | a figure that was put in by hand, shown with the rest of its case; no reproduction | no |
| myth | a popular claim, beside what the evidence or the model gives; `refuted` where the whole interval lies outside what would bear it out | no |

A figure outside its band is `not reproduced`, one whose interval cannot tell the sign, or the side of a border, is `too noisy`; the case says why.
The last column of the lists says where the reference figures were seen: `read in the paper` in a page that carries the paper, its abstract or a summary of it by authors or publisher, `read in a secondary page` in a blog, a course page or a teaching case, `from memory` nowhere. Check in the original before you print one.
Coefficients are set once, in `docs/model/calibration.md`, together with what single cases change. The default team's realism (`kpisim/evidence/realism.py`, 200 two-year runs) is calibrated.
"""
_CLASSES = (
    ("exact", "Exact"),
    ("published", "Published equations, run again"),
    ("emerges", "Emerging"),
    ("myth", "Myths"),
)
_TAIL = """## What cannot be played, and why

| result | why not |
|---|---|
| Fake openings under "products per customer" (I-10.3) | the model has no product lines or usage; weak deals under a KPI for new customers are the nearest (`acquisition_pay`) |
| Daily against monthly quotas (I-9.3) | no choice between cheap and dear products; the sign pair comes out in 11% of random draws without it |
| Frames of a bonus, points against cash (I-9.2, 9.4) | one money, no reference points |
| Three tiers of targets against two (I-9.6) | tried on the effort law: the core gains, but the best lose more than 1% when the same money is spread |
| Promotion of the best seller (I-9.8) | nobody is promoted |
| A bench behind the weakest (I-9.5) | the figure would have to be put in |
| Attendance awards, sickness for pay (I-9.13, 9.16) | sickness depends on energy alone |
| Worse deals at month end (I-9.10) | tried with a monthly bonus: the sign hangs on the seed; see `volume_pay` |
| Implementation intentions, endowed progress (B-G4, G8, G9) | tasks start when the desk is free |
| Hidden culture gap between posted and lived values (B-C11) | nothing is posted |
| Harsh against mild feedback (B-K6) | reviews carry no tone; `myth_feedback` shows the paper's figures |
| Growth thins culture, with the paper's own tables (B-1.2) | the tables were not at hand; `culture_growth` uses other equations and does not give the signs of growth and decline |
| Mere urgency (B-P1) | the shares are from memory and the bias would have to be put in |
| Reputation after a scandal (I-10.2), exploration (I-10.5) | no public, no choice of territory |
"""


def page() -> str:
    """Return the page as Markdown; the same cases give the same text."""
    known = cases().values()
    parts = [_HEAD]
    for rule, heading in _CLASSES:
        chosen = [case for case in known if case.rule == rule]
        parts.append(f"## {heading} ({len(chosen)})\n")
        parts.append("| case | claim | source | figure |\n|---|---|---|---|")
        parts += [f"| `{case.name}` | {case.title.en} | {case.source} | {case.status} |" for case in chosen]
        parts.append("")
    parts.append(_TAIL)
    return "\n".join(parts)


def main(arguments: list[str]) -> None:
    """Write the page to the file named, or to its place."""
    Path(arguments[0] if arguments else FILE).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
