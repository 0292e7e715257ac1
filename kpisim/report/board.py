"""The board to take home: a page, a workbook that goes on calculating, CSV, JSON, Markdown."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.kpi.board import ARROWS, TRENDS, money_share
from kpisim.kpi.library import card
from kpisim.kpi.registry import PERSPECTIVES, kpi
from kpisim.kpi.scorecard.declared import METHODS
from kpisim.kpi.shown import LIGHTS, SHAPES
from kpisim.kpi.value import COHORTS, reason_text
from kpisim.report.page import items, paragraph, picture, section, table
from kpisim.report.shell import whole_page
from kpisim.report.xlsx import FORMATS, form_of
from kpisim.show.board import board_picture, strategy_map
from kpisim.show.kpi_quadrants import kpi_quadrants, points_of
from kpisim.show.numbers import amount
from kpisim.text import Text, UserError, t
from kpisim.text.cells import markdown_row
from kpisim.text.numbers import percent
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.worksheet.worksheet import Worksheet

    from kpisim.kpi.board import Board
    from kpisim.report.page import Align

ENDS = (".html", ".xlsx", ".csv", ".json", ".md")
_FIRST = 6
"""Row of the first KPI in the workbook's scorecard."""
_HEADS = {
    "kpi": Text("KPI name", "KPI代码"),
    "title": Text("KPI", "KPI"),
    "perspective": Text("perspective", "维度"),
    "unit": Text("unit", "单位"),
    "value": Text("this period", "本期"),
    "low": Text("95%: from", "95%区间下限"),
    "high": Text("95%: to", "95%区间上限"),
    "numerator": Text("numerator", "分子"),
    "denominator": Text("denominator", "分母"),
    "n": Text("n", "样本量"),
    "before": Text("period before", "上期"),
    "change": Text("change", "变化"),
    "trend": Text("trend", "走势"),
    "target": Text("target", "目标"),
    "attainment": Text("reached", "达成"),
    "score": Text("score", "得分"),
    "weight": Text("weight", "权重"),
    "light": Text("light", "红绿灯"),
    "stale": Text("out of date", "数据过期"),
    "reason": Text("why no number", "没有数值的原因"),
}
"""Columns of the frame of a board -> what they are called in a workbook."""
_IN_UNIT = ("value", "low", "high", "before", "change", "target")
"""Columns that stand in the unit of their row's KPI."""
_UNITS = {
    "share": Text("share", "比率"),
    "money": Text("money", "金额"),
    "count": Text("count", "个数"),
    "days": Text("days", "天"),
    "money/h": Text("money an hour", "金额/小时"),
    "points": Text("points", "分"),
}


def save_board(shown: Board, path: str | Path, title: str, currency: str = "CNY") -> Path:
    """Write the board into one file, whose ending says the form.

    Parameters
    ----------
    shown
        What :func:`kpisim.kpi.board.board` returns.
    path
        A file that ends in .html, .xlsx, .csv, .json or .md.
    title
        Whose board it is.
    currency
        Currency of money.

    Raises
    ------
    UserError
        Another ending, or a place that cannot be written to.
    """
    file = Path(path)
    end = file.suffix.lower()
    if end not in ENDS:
        raise UserError(
            "{path}: a board ends in {ends}; choose one of them", path=file.name, ends=", ".join(ENDS)
        )
    with writing_file(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        if end == ".xlsx":
            _workbook(shown, file, title)
        elif end == ".html":
            file.write_text(board_html(shown, title, currency), encoding="utf-8")
        elif end == ".md":
            file.write_text(board_markdown(shown, title, currency), encoding="utf-8")
        elif end == ".csv":
            # Excel takes a file without the mark for one in the system's own encoding.
            frame(shown).to_csv(file, index=False, encoding="utf-8-sig")
        else:
            rows = json.loads(frame(shown).to_json(orient="records", force_ascii=False))
            file.write_text(
                json.dumps({"title": title, **_period(shown), "rows": rows}, ensure_ascii=False, indent=1)
                + "\n",
                encoding="utf-8",
            )
    return file


def board_file(
    folder: Path | str,
    out: Path,
    mapping: str | None = None,
    start: str | None = None,
    end: str | None = None,
    scorecard: Path | None = None,
) -> Path:
    """Read tables, or one export through its mapping, and write their board; see :func:`save_board`.

    Raises
    ------
    UserError
        Nothing readable, several exports of which one must be chosen, a period outside the data, or a wrong date,
        scorecard or place.
    """
    shown, title, currency = _read(folder, mapping, start, end, scorecard, filled=True)
    return save_board(shown, out, title, currency)


def board_page(
    folder: Path | str,
    mapping: str | None = None,
    start: str | None = None,
    end: str | None = None,
    scorecard: Path | None = None,
    *,
    running: bool = False,
) -> str:
    """Return the page that `board_file` would write; `running` takes the month of the last record where no day is given."""
    shown, title, currency = _read(folder, mapping, start, end, scorecard, running=running)
    return board_html(shown, title, currency)


def _read(
    folder: Path | str,
    mapping: str | None,
    start: str | None,
    end: str | None,
    scorecard: Path | None,
    *,
    running: bool = False,
    filled: bool = False,
) -> tuple[Board, str, str]:
    """Return the board of one export, its title and its currency; `filled` refuses a period without a day of the data."""
    from kpisim.crm.discover import discover_one  # noqa: PLC0415
    from kpisim.kpi.board import board  # noqa: PLC0415
    from kpisim.kpi.scorecard import read_scorecard  # noqa: PLC0415

    targets = None if scorecard is None else read_scorecard(scorecard)
    found = discover_one(folder, mapping)
    if running and start is None and end is None:
        start = (found.tables.meta.end - timedelta(days=1)).replace(day=1).isoformat()
    shown = board(found.tables, targets, start, end)
    meta = found.tables.meta
    # A live board may wait for its first day; a file that is written empty waits for nobody.
    if filled and (shown.period.end <= meta.start or shown.period.start >= meta.end):
        raise UserError(
            "{start} to {end}: outside the data, which run from {first} to {last}; choose another period",
            start=shown.period.start,
            end=shown.period.end - timedelta(days=1),
            first=meta.start,
            last=meta.end - timedelta(days=1),
        )
    return shown, t("Board: {title}", title=found.name), found.tables.meta.currency


def _period(shown: Board) -> dict[str, str]:
    return {"start": shown.period.start.isoformat(), "end": shown.period.end.isoformat()}


def frame(shown: Board) -> pd.DataFrame:
    """Return the board as a tidy frame: a row per KPI, values in the KPI's unit, shares as fractions."""
    import pandas as pd  # noqa: PLC0415

    rows = []
    for row in shown.rows:
        declared, line = kpi(row.kpi), row.scored
        rows.append(
            {
                "kpi": row.kpi,
                "title": str(declared.title),
                "perspective": row.perspective,
                "unit": declared.unit,
                "value": row.now.value,
                "low": row.now.low,
                "high": row.now.high,
                "numerator": row.now.numerator,
                "denominator": row.now.denominator,
                "n": row.now.n,
                "before": None if row.before is None else row.before.value,
                "change": row.change,
                "trend": row.trend,
                "target": None if line is None else line.target,
                "attainment": None if line is None else line.attained,
                "score": None if line is None else line.score,
                "weight": None if line is None else line.weight,
                "light": None if line is None else line.light,
                "stale": row.stale,
                "reason": row.now.reason,
            }
        )
    return pd.DataFrame(rows)


def board_html(shown: Board, title: str, currency: str = "CNY") -> str:
    """Return one page that needs nothing else: picture, scores, KPI quadrants, strategy map, and how each number was counted."""
    parts = [picture(board_picture(shown, currency))]
    if shown.scored is not None:
        parts.append(_scores(shown, currency))
        points = points_of(shown.scored)
        # One KPI alone has no weight to be compared by.
        parts += [picture(kpi_quadrants(points))] if len(points) > 1 else []
        parts.append(picture(strategy_map(shown)))
        red = [
            t("Red needs a note: {name}", name=kpi(line.kpi).title)
            for line in shown.scored.lines
            if line.wants_note
        ]
        parts.append(paragraph(money_share(shown.scored)))
        parts.append(items([*red, *(str(text) for text in shown.advice)]))
    return whole_page(
        title,
        [
            section("board", t("Board"), *parts).html,
            section("counted", t("How it was counted"), _counted(shown)).html,
        ],
    )


def _scores(shown: Board, currency: str) -> str:
    assert shown.scored is not None, "asked only with a scorecard"
    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"), (t("this period"), "number"), (t("target"), "number"), (t("reached"), "number"),
        (t("score"), "number"), (t("weight"), "number"), (t("light"), "word"),
    ]  # fmt: skip
    rows = []
    for line in shown.scored.lines:
        unit = kpi(line.kpi).unit
        rows.append(
            [
                str(kpi(line.kpi).title),
                "–" if line.actual is None else amount(line.actual, unit, currency),
                amount(line.target, unit, currency),
                "–" if line.attained is None else amount(line.attained, "share"),
                "–" if line.score is None else f"{line.score:.1f}",
                amount(line.weight, "share"),
                f"{SHAPES[line.light]} {LIGHTS[line.light]}",
            ]
        )
    for name, points in shown.scored.perspectives.items():
        rows.append([str(PERSPECTIVES[name]), "", "", "", "–" if points is None else f"{points:.1f}", "", ""])
    total = shown.scored.total
    rows.append([t("Total"), "", "", "", "–" if total is None else f"{total:.1f}", "", ""])
    scores = table(
        t("Scores; perspectives stand beside the total so that one cannot hide another"), heads, rows
    )
    counted = sum(line.asked for line in shown.scored.lines if line.score is not None)
    if total is None or all(line.score is not None for line in shown.scored.lines):
        return scores
    # 100 % beside a KPI of a third of the weight, and 0 % beside the others, asks for a word.
    return scores + paragraph(
        t(
            "The total stands on {share} of the weight; it is spread over the KPIs with a number, the others count nothing.",
            share=percent(counted),
        )
    )


def _counted(shown: Board) -> str:
    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"), (t("numerator"), "number"), (t("denominator"), "number"), (str(_HEADS["n"]), "number"), (t("rule"), "text"),
    ]  # fmt: skip
    rows = []
    for row in shown.rows:
        declared = kpi(row.kpi)
        above, below = (
            "" if cell is None else f"{cell:,.2f}".removesuffix(".00")
            for cell in (row.now.numerator, row.now.denominator)
        )
        rule = f"{declared.formula}{t('; ')}{COHORTS[declared.cohort]}"
        if row.now.reason is not None:
            rule = f"{reason_text(row.now.reason)}{t('; ')}{rule}"
        if card(row.kpi).kind == "qualitative":
            rule = f"{t('a judgement on a rubric')}{t('; ')}{rule}"
        rows.append([str(declared.title), above, below, f"{row.now.n:,}", rule])
    return table(t("Numerator, denominator, cases and rule of every number"), heads, rows)


def board_markdown(shown: Board, title: str, currency: str = "CNY") -> str:
    """Return the board as a Markdown table."""
    heads = [t("KPI"), t("this period"), t("last period"), t("change"), t("target"), t("light")]
    lines = [
        f"# {title}",
        "",
        _dates(shown),
        "",
        "| " + " | ".join(heads) + " |",
        "|---|---:|---:|---|---:|---|",
    ]
    for row in shown.rows:
        unit, line = kpi(row.kpi).unit, row.scored
        arrow = (
            ""
            if row.change is None
            else f"{ARROWS.get((row.trend, row.change > 0), '→')} {TRENDS[row.trend]}"
        )
        cells = [
            str(kpi(row.kpi).title),
            "–" if row.now.value is None else amount(row.now.value, unit, currency),
            "–"
            if row.before is None or row.before.value is None
            else amount(row.before.value, unit, currency),
            arrow,
            "" if line is None else amount(line.target, unit, currency),
            "" if line is None else f"{SHAPES[line.light]} {LIGHTS[line.light]}",
        ]
        lines.append(markdown_row(cells))
    if shown.scored is not None and shown.scored.total is not None:
        lines += [
            "",
            t("Score {total}, 100 = on target", total=f"{shown.scored.total:.1f}"),
            "",
            money_share(shown.scored),
        ]
    return "\n".join(lines) + "\n"


def _dates(shown: Board) -> str:
    return t("{first} – {last}", first=shown.period.start, last=shown.period.end - timedelta(days=1))


def _workbook(shown: Board, path: Path, title: str) -> None:
    """Write the scorecard with formulas, so that another target or weight is followed through, and the numbers behind it."""
    import pandas as pd  # noqa: PLC0415
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    page: Any = book.active
    page.title = t("Scorecard")
    page["A1"], page["A2"] = title, _dates(shown)
    page["A3"] = t(
        "Grey cells are yours to change: target, weight, lines of green and amber; the rest follows."
    )
    _live(page, shown)
    numbers = book.create_sheet(t("Numbers"))
    # A workbook is read by people; the same frame as CSV or JSON keeps the names that programs look for.
    behind = _worded(frame(shown))
    numbers.append([str(_HEADS[name]) for name in behind.columns])
    for record in behind.itertuples(index=False):
        numbers.append([cell if isinstance(cell, str) or pd.notna(cell) else None for cell in record])
    for place, name in enumerate(behind.columns, 1):
        if name in _IN_UNIT:
            for at, row in enumerate(shown.rows, 2):
                cell = numbers.cell(at, place)
                cell.number_format = form_of(cell.value, kpi(row.kpi).unit)
    for sheet in (page, numbers):
        for column, width in zip("ABCDEFGHIJ", (34, 16, 16, 12, 10, 10, 10, 14, 10, 10), strict=True):
            sheet.column_dimensions[column].width = width
    numbers.freeze_panes = "A2"
    book.save(path)


def _worded(behind: pd.DataFrame) -> pd.DataFrame:
    """Return the frame of a board with its codes in the reader's words."""
    words: dict[str, Any] = {"perspective": PERSPECTIVES, "unit": _UNITS, "trend": TRENDS, "light": LIGHTS}
    told = behind.copy()
    for name, known in words.items():
        told[name] = [str(known[code]) if code in known else None for code in behind[name]]
    told["reason"] = [
        reason_text(code) if isinstance(code, str) and code else None for code in behind["reason"]
    ]
    told["stale"] = [t("yes") if old else None for old in behind["stale"]]
    return told


def _live(page: Worksheet, shown: Board) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415

    yours = PatternFill("solid", fgColor="ECEFF1")
    page["D4"], page["E4"], page["F4"], page["G4"] = t("green from"), 1.0, t("amber from"), 0.9
    for cell in ("E4", "G4"):
        page[cell].fill, page[cell].number_format = yours, FORMATS["share"]
    heads = [
        t("KPI"),
        t("this period"),
        t("target"),
        t("reached"),
        t("score"),
        t("weight"),
        t("share"),
        t("light"),
    ]
    for place, head in enumerate(heads, 1):
        page.cell(_FIRST - 1, place, head).font = Font(bold=True)
    rows = [row for row in shown.rows if row.scored is not None] or list(shown.rows)
    last = _FIRST + len(rows) - 1
    green, amber, red = (f"{SHAPES[name]} {LIGHTS[name]}" for name in ("green", "amber", "red"))
    for at, row in enumerate(rows, _FIRST):
        declared, line = kpi(row.kpi), row.scored
        page.cell(at, 1, str(declared.title))
        page.cell(at, 2, row.now.value).number_format = form_of(row.now.value, declared.unit)
        target = page.cell(at, 3, None if line is None else line.target)
        target.number_format, target.fill = form_of(target.value, declared.unit), yours
        page.cell(at, 4, _reached(at, declared.direction, row.kpi)).number_format = FORMATS["share"]
        if line is None or line.method == "attainment":
            page.cell(at, 5, f'=IF(D{at}="","",MIN(MAX(100*D{at},0),120))').number_format = "0.0"
        else:
            page.cell(at, 5, line.points).number_format = "0.0"
            page.cell(at, 9, str(METHODS[line.method]))
        weight = page.cell(at, 6, None if line is None else line.asked)
        weight.number_format, weight.fill = FORMATS["share"], yours
        share = f'=IF(E{at}="",0,F{at}/SUMPRODUCT((E${_FIRST}:E${last}<>"")*F${_FIRST}:F${last}))'
        page.cell(at, 7, share).number_format = FORMATS["share"]
        page.cell(
            at,
            8,
            f'=IF(D{at}="","–",IF(ROUND(D{at},9)>=$E$4,"{green}",IF(ROUND(D{at},9)>=$G$4,"{amber}","{red}")))',
        )
    page.cell(last + 1, 1, t("Total")).font = Font(bold=True)
    page.cell(last + 1, 5, f"=SUMPRODUCT(G{_FIRST}:G{last},E{_FIRST}:E{last})").number_format = "0.0"
    page.freeze_panes = f"B{_FIRST}"


def _reached(at: int, direction: str, name: str) -> str:
    """Return the formula of attainment: by direction, and nothing where value or target is missing."""
    given = f'OR(B{at}="",C{at}="",C{at}=0)'
    if direction == "band":
        low, high = card(name).band or (0.0, 1.0)
        outside = f"MAX({low}-B{at},B{at}-{high},0)"
        # Half of 0.2 is 0.09999999999999998 to the machine, and so it would stand in the cell.
        return f'=IF(B{at}="","",MAX(1-{outside}/{(high - low) / 2:.12g},0))'
    return f'=IF({given},"",2-B{at}/C{at})' if direction == "lower" else f'=IF({given},"",B{at}/C{at})'


__all__ = ["ENDS", "board_file", "board_html", "board_markdown", "frame", "save_board"]
