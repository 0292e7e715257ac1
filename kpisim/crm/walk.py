"""Dates of a log that names only month and weekday: its rows are in order of date, so each change is the next such day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.tables.io import MOST_YEARS
from kpisim.tables.parse import missing
from kpisim.text import Text, UserError
from kpisim.text.months import MONTHS

if TYPE_CHECKING:
    from collections.abc import Mapping

MONTH_NUMBERS: dict[str, int] = {
    word: number
    for number, (short, chinese) in enumerate(
        zip(
            MONTHS,
            ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"],
            strict=True,
        ),
        1,
    )
    for word in (short, str(number), f"{number:02d}", f"{number}月", f"{chinese}月")
}
WEEKDAY_NUMBERS: dict[str, int] = {
    word: number
    for number, (short, chinese) in enumerate(
        zip(
            ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            ("一", "二", "三", "四", "五", "六", "日天"),
            strict=True,
        )
    )
    for word in (short, *(f"{before}{sign}" for before in ("周", "星期", "礼拜") for sign in chinese))
}
_LETTERS = 3
"""English names are told by so many."""


def walked(
    months: pd.Series[Any], weekdays: pd.Series[Any], since: date, file: str, names: tuple[str, str]
) -> pd.Series[Any]:
    """Return the date of each row.

    Parameters
    ----------
    months, weekdays
        Their names as they stand, e.g. may and mon; the index is the row's position under the header.
    since
        No row is earlier.
    file, names
        The file and its two columns, for messages.

    Raises
    ------
    UserError
        A cell that is no month or weekday.

    Notes
    -----
    A stop of a week or longer, from a Monday to a Monday of the same month with no day between, cannot be seen; a month
    of which no day is named is passed over.
    """
    numbers = [
        _numbers(cells, known, file, name)
        for cells, known, name in zip(
            (months, weekdays), (MONTH_NUMBERS, WEEKDAY_NUMBERS), names, strict=True
        )
    ]
    change = np.zeros(len(months), dtype=bool)
    for found in numbers:
        change[1:] |= found[1:] != found[:-1]
    starts = np.flatnonzero(change | (np.arange(len(months)) == 0))
    days, day = [], since - timedelta(days=1)
    for start in starts:
        day += timedelta(days=1)
        while (day.month, day.weekday()) != (numbers[0][start], numbers[1][start]):
            day += timedelta(days=1)
        if day.year - since.year > MOST_YEARS:
            raise UserError(
                "{file}, row {row}: after {years} years of months and weekdays the rows cannot be in order of date; sort them by date, or name a column with whole dates",
                file=file,
                row=int(months.index[int(start)]) + 2,
                years=MOST_YEARS,
            )
        days.append(np.datetime64(day, "us"))
    lengths = np.diff(np.append(starts, len(months)))
    return pd.Series(np.repeat(np.array(days, dtype="datetime64[us]"), lengths), index=months.index)


def _numbers(cells: pd.Series[Any], known: Mapping[str, int], file: str, name: str) -> np.ndarray:
    gone = missing(cells)
    words = cells.astype(str).str.strip().str.lower()
    short = words.where(~words.str.fullmatch("[a-z]+"), words.str[:_LETTERS])
    found = short.map(known)
    bad = gone | found.isna().to_numpy()
    if bad.any():
        place = int(bad.argmax())
        raise UserError(
            "{file}, row {row}, column {column}: {value} is no {what}; write it like {example}",
            file=file,
            row=int(cells.index[place]) + 2,
            column=name,
            value='""' if gone[place] else str(cells.iloc[place])[:40],
            what=Text("month" if known is MONTH_NUMBERS else "weekday"),
            example="may, 5 or 5月" if known is MONTH_NUMBERS else "mon or 周一",
        )
    return found.to_numpy(dtype=np.int64)


__all__ = ["walked"]
