"""Reading single cells as people write them: dates, numbers, yes and no, texts.

Each function takes a column of anything and returns the typed column and a mask of the cells it could not
read, so that the caller can name the row.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bad = NDArray[np.bool_]

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")
_DATE = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[T\s]*(?P<early>上午|下午)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})"
    r"(?:\s*[:分]\s*(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,6}))?\s*秒?|\s*分)?(?:\s*(?P<late>[AaPp])\.?[Mm]\.?)?)?"
)
_ZONED = re.compile(r"(.*\d:\d.*?)\s*(?:(?:Z|UTC|GMT)|(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?)")
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_HALF = {"上午": 0, "a": 0, "下午": 12, "p": 12}
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_UNITS = {"万": 1e4, "亿": 1e8}
_MONEY = r"(?:CNY|RMB|人民币|USD|US\$|EUR|GBP|CHF|HKD|[¥$€£元])"
_BEFORE, _AFTER = re.compile(rf"^([+-]?)\s*{_MONEY}\s*"), re.compile(rf"\s*{_MONEY}$")
_GAP = re.compile(r"(?<=\d)[ '’](?=\d{3}(?!\d))")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?")
_YES = {"true", "yes", "y", "1", "1.0", "是", "t"}
_NO = {"false", "no", "n", "0", "0.0", "否", "f"}
DAY_NUMBER = "excel"
"""Stands for a format where dates are Excel day numbers in a text file; five digits are the years 1927 to 2173."""
_NUMBERED = re.compile(r"\d{5}(\.\d+)?")
_EXCEL_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  (wall-clock time by contract)


def missing(raw: pd.Series[Any], *, blank: bool = True) -> Bad:
    """Return where `raw` has no value; with `blank`, cells of white space count as empty too."""
    mask = raw.isna().to_numpy(dtype=bool, copy=True)
    if raw.dtype == object or isinstance(raw.dtype, (pd.StringDtype, pd.CategoricalDtype)):
        cells = raw.to_numpy(dtype=object)
        for position, cell in enumerate(cells):
            if isinstance(cell, str) and (not cell or (blank and cell.isspace())):
                mask[position] = True
    return mask


def texts(raw: pd.Series[Any], *, strip: bool) -> pd.Series[Any]:
    """Return `raw` as text; whole floats lose their ``.0`` because Excel turns ids into floats."""
    none = missing(raw, blank=strip)
    # What stands in a text file is text already: a call for each of a million cells would be most of the time.
    cells = [
        None if gone else (cell.strip() if strip else cell) if type(cell) is str else _text(cell, strip=strip)
        for cell, gone in zip(raw.to_numpy(dtype=object), none, strict=True)
    ]
    return pd.Series(cells, index=raw.index, dtype="str")


def times(
    raw: pd.Series[Any],
    form: str | None = None,
    *,
    serial: bool = False,
    lenient: bool = True,
    zone: str | None = None,
) -> tuple[pd.Series[Any], Bad]:
    """Return `raw` as wall-clock times.

    Parameters
    ----------
    raw
        Dates as text, as date objects, or as Excel day numbers.
    form
        A ``strptime`` format for texts; None reads year-month-day in the usual spellings, `DAY_NUMBER` those and
        Excel day numbers that have become text.
    serial
        Whether a bare number is an Excel day number.
    lenient
        Whether ``2027/1/4``, ``20270104`` and ``2027年1月4日`` are read besides ISO.
    zone
        Time zone that times with a zone of their own are turned into, e.g. ``Asia/Shanghai``.

    Notes
    -----
    Day-month orders are never guessed: ``03/04/2027`` is refused unless `form` says what it is.  A text with a time
    zone is refused too unless `zone` says where the day is meant, since dropping the zone would shift the day.
    """
    if isinstance(raw.dtype, np.dtype) and raw.dtype.kind == "M":
        return raw.astype("datetime64[us]"), np.zeros(len(raw), dtype=bool)
    none = missing(raw)
    here = None if zone is None else ZoneInfo(zone)
    cells = raw.to_numpy(dtype=object)
    out = np.full(len(cells), np.datetime64("NaT", "us"))
    bad = np.zeros(len(cells), dtype=bool)
    iso: list[int] = []
    for position, cell in enumerate(cells):
        if none[position]:
            continue
        if isinstance(cell, str) and form is None and _ISO.fullmatch(cell):
            iso.append(position)
            continue
        moment = _moment(cell, form, serial=serial, lenient=lenient)
        if moment is None and here is not None:
            moment = _moved(cell, form, here)
        if moment is None:
            bad[position] = True
        else:
            out[position] = np.datetime64(moment, "us")
    if iso:
        read = pd.to_datetime(pd.Series(cells[iso], dtype="str"), format="ISO8601", errors="coerce")
        out[iso] = read.to_numpy(dtype="datetime64[us]")
        bad[iso] = read.isna().to_numpy(dtype=bool)
    return pd.Series(out, index=raw.index), bad


def numbers(raw: pd.Series[Any], decimal: str = ".") -> tuple[pd.Series[Any], Bad]:
    """Return `raw` as finite floats.

    Reads ``1,234.50``, ``¥1200``, ``1.2万``, ``12%`` and ``(300)``; with ``decimal=","`` texts like ``1.234,50 €``.
    """
    if pd.api.types.is_numeric_dtype(raw.dtype) and not pd.api.types.is_bool_dtype(raw.dtype):
        values = raw.to_numpy(dtype="float64", na_value=np.nan)
        return pd.Series(values, index=raw.index), np.isinf(values)
    none = missing(raw)
    cells = raw.to_numpy(dtype=object)
    out = np.full(len(cells), np.nan)
    bad = np.zeros(len(cells), dtype=bool)
    for position, cell in enumerate(cells):
        if none[position]:
            continue
        number = _number(cell, decimal)
        if number is None:
            bad[position] = True
        else:
            out[position] = number
    return pd.Series(out, index=raw.index), bad


def scaled(cells: pd.Series[Any], factor: float, decimal: str) -> tuple[pd.Series[Any], Bad]:
    """Return numbers times `factor`, and where there are none: those stay as they are, so that the schema names the cell."""
    amounts, bad = numbers(cells, decimal)
    return (amounts * factor).astype(object).mask(bad, cells), bad


def counts(raw: pd.Series[Any]) -> tuple[pd.Series[Any], Bad]:
    """Return `raw` as whole numbers (``Int64``)."""
    if pd.api.types.is_integer_dtype(raw.dtype):
        return raw.astype("Int64"), np.zeros(len(raw), dtype=bool)
    values, bad = numbers(raw)
    floats = values.to_numpy(dtype="float64")
    # Beyond 2^53 a float no longer says which whole number was meant.
    broken = ~np.isnan(floats) & ((floats != np.floor(floats)) | (np.abs(floats) > 2.0**53))
    return values.mask(broken | bad).astype("Int64"), bad | broken


def flags(raw: pd.Series[Any]) -> tuple[pd.Series[Any], Bad]:
    """Return `raw` as yes or no (``boolean``)."""
    if pd.api.types.is_bool_dtype(raw.dtype):
        return raw.astype("boolean"), np.zeros(len(raw), dtype=bool)
    none = missing(raw)
    out: list[bool | None] = []
    bad = np.zeros(len(raw), dtype=bool)
    for position, cell in enumerate(raw.to_numpy(dtype=object)):
        word = "" if none[position] else str(cell).strip().casefold()
        bad[position] = not none[position] and word not in _YES and word not in _NO
        out.append(True if word in _YES else False if word in _NO else None)
    return pd.Series(out, index=raw.index, dtype="boolean"), bad


def plain(name: object) -> str:
    """Return a header cell in the form headers are compared in: full-width signs, case and space do not count."""
    return " ".join(unicodedata.normalize("NFKC", str(name)).replace("\ufeff", "").split()).casefold()


def code_form(code: object) -> str:
    """Return a code in the form codes are compared in: zeros before it, capitals, width and blanks do not count.

    Examples
    --------
    >>> code_form("0017"), code_form(" k-7 "), code_form("000")
    ('17', 'k-7', '0')
    """
    return re.sub(r"^0+(?=\d+$)", "", "".join(plain(code).split()))


def _text(cell: object, *, strip: bool) -> str:
    if isinstance(cell, (float, np.floating)) and float(cell).is_integer():
        cell = int(cell)
    elif isinstance(cell, (datetime, date)):
        cell = cell.isoformat()
    return str(cell).strip() if strip else str(cell)


def _moment(cell: object, form: str | None, *, serial: bool, lenient: bool) -> datetime | None:  # noqa: PLR0911  (a return per spelling)
    if isinstance(cell, datetime):
        return None if cell.tzinfo is not None else cell.replace(tzinfo=None)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
    if isinstance(cell, (int, float, np.integer, np.floating)) and not isinstance(cell, bool):
        if serial:
            return from_day_number(float(cell))
        cell = _text(cell, strip=True)
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if form == DAY_NUMBER:
        if _NUMBERED.fullmatch(text):
            return from_day_number(float(text))
        form = None
    try:
        if form is not None:
            moment = datetime.strptime(text, form)  # noqa: DTZ007
            return None if moment.tzinfo is not None else moment
        found = (_DATE.fullmatch(text) or _COMPACT.fullmatch(text)) if lenient else None
        if found is None:
            return None
        return _as_written(found.groupdict())
    except ValueError:
        return None


def _as_written(parts: dict[str, str | Any]) -> datetime:
    """Return the moment that the parts of a date give, midnight where it has no time."""
    year, month, day, hour, minute, second = (
        int(parts.get(name) or 0) for name in ("year", "month", "day", "hour", "minute", "second")
    )
    half = (parts.get("early") or parts.get("late") or "").lower()
    if half and hour <= 12:
        # As Excel writes it where the format says AM/PM; 下午15:20 says the same twice.
        hour = hour % 12 + _HALF[half]
    fraction = int((parts.get("fraction") or "").ljust(6, "0"))
    return datetime(year, month, day, hour, minute, second, fraction)  # noqa: DTZ001


def _moved(cell: object, form: str | None, here: ZoneInfo) -> datetime | None:
    """Return a time that carries a zone as the clock shows it `here`."""
    moment: datetime | None = None
    if isinstance(cell, datetime):
        moment = cell
    elif form is not None:
        try:
            moment = datetime.strptime(str(cell).strip(), form)  # noqa: DTZ007  (it carries its zone or is refused)
        except ValueError:
            return None
    elif found := _ZONED.fullmatch(unicodedata.normalize("NFKC", str(cell)).strip()):
        text, sign, hours, minutes = found.groups()
        apart = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        read = _moment(text, None, serial=False, lenient=True)
        if read is not None and abs(apart) < timedelta(days=1):
            moment = read.replace(tzinfo=timezone(apart))
    if moment is None or moment.tzinfo is None:
        return None
    return moment.astimezone(here).replace(tzinfo=None)


def from_day_number(number: float) -> datetime | None:
    """Return the moment of an Excel day number, None where it is none."""
    # Day and fraction apart: their product as one float would be off by a microsecond now and then.
    whole, fraction = divmod(number, 1.0)
    try:
        return _EXCEL_DAY_ZERO + timedelta(days=whole, microseconds=round(fraction * 86_400_000_000))
    except (ValueError, OverflowError):
        return None


def _number(cell: object, decimal: str = ".") -> float | None:
    if isinstance(cell, (bool, np.bool_)):
        return None
    if isinstance(cell, (int, float, np.integer, np.floating)):
        value = float(cell)
        return value if np.isfinite(value) else None
    text = str(cell)
    if decimal != "." or not _PLAIN.fullmatch(text):
        return _dressed_number(text, decimal)
    value = float(text)
    return value if np.isfinite(value) else None


def _dressed_number(raw: str, decimal: str) -> float | None:
    """Read a number that carries a currency sign, thousands commas, a percent sign, 万 or 亿, or brackets."""
    text = unicodedata.normalize("NFKC", raw).strip()
    factor = 1.0
    if text.startswith("(") and text.endswith(")"):
        text, factor = text[1:-1].strip(), -1.0
    text = _AFTER.sub("", _BEFORE.sub(r"\1", text))
    if text.endswith("%"):
        text, factor = text[:-1].strip(), factor / 100.0
    elif text and text[-1] in _UNITS:
        factor, text = factor * _UNITS[text[-1]], text[:-1].strip()
    text = _GAP.sub("", text)
    if decimal == ",":
        if not _COMMA.fullmatch(text):
            return None
        text = text.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(text):
        text = text.replace(",", "")
    if not _PLAIN.fullmatch(text):
        return None
    value = float(text) * factor
    return value if np.isfinite(value) else None


__all__ = [
    "code_form",
    "counts",
    "flags",
    "from_day_number",
    "missing",
    "numbers",
    "plain",
    "scaled",
    "texts",
    "times",
]
