"""From the answers to a mapping file: the format of ``kpisim/crm/mappings``, ready for the next export."""

from __future__ import annotations

import re
from glob import escape
from typing import TYPE_CHECKING, Any

import yaml

from kpisim.crm.layout import ALL_SHEETS
from kpisim.crm.mapping import Mapping
from kpisim.crm.wizard.aims import aims_left_out, aims_mapping
from kpisim.crm.wizard.guess import PARTIES, SURE
from kpisim.crm.wizard.money import currency, left_out, returned
from kpisim.crm.wizard.words import by_name, outcome, roles
from kpisim.tables.schema import TABLES
from kpisim.text import UserError, t
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kpisim.crm.wizard.draft import Draft
    from kpisim.crm.wizard.through import Through

UNSAID = {"requests": {"department": "service desk"}, "surveys": {"question": "csat"}}
"""What the rows of a table are about where no column says it."""
FILLED = "not empty"


def mapping_of(draft: Draft) -> dict[str, Any]:
    """Return the mapping that the answers make, as a mapping file holds it."""
    suffix = draft.path.suffix.lower()
    # The next month's export has another name and the same columns.
    place = where(draft) if len(draft.files) > 1 else {**where(draft), "file": f"*{suffix}"}
    made: dict[str, Any] = {
        "title_en": f"read like {draft.name}",
        "title_zh": f"按{draft.name}的映射读取",
        "currency": currency(draft),
        "skip_strangers": len(draft.files) == 1,
        "odd_cells": "leave out",
    }
    if suffix != ".xlsx" and draft.separator != ",":
        made["separator"] = draft.separator
    if draft.zone is not None and draft.zoned():
        made["timezone"] = draft.zone
    if lists := lookups_of(draft):
        made["lookups"] = lists
    whole: dict[str, Any] = _filled(draft) | draft.changed()
    rows = {"columns": _columns(draft)}
    if draft.table == "targets":
        rows = {"periods": aims_mapping(draft, _coded(draft, str(draft.one("rep_id"))))}
    tables: dict[str, Any] = {
        draft.table: {
            **place,
            **({"where": whole} if whole else {}),
            **_without(draft),
            **_negative(draft),
            **_lines(draft),
            **rows,
        }
    }
    if draft.table == "opportunities":
        stages = _stages(draft)
        if stages is not None:
            lines = {name: said for name, said in _lines(draft).items() if name != "lines"}
            tables["stage_changes"] = {
                **place,
                **lines,
                "dates": stages,
                **({"distinct": True} if draft.read_as_lines() else {}),
            }
        if draft.won_is_order and draft.orders_possible():
            tables["orders"] = {**place, **_without(draft), **_lines(draft), **_orders(draft)}
    if draft.table in {*PARTIES, "stage_changes"}:
        tables[draft.table]["distinct"] = True
    rep = draft.one("rep_id")
    if rep is not None and draft.table != "reps":
        team = draft.one("team") if "team" in roles(draft.table) else None
        tables["reps"] = {
            **place,
            "distinct": True,
            "columns": {
                "rep_id": _coded(draft, rep),
                **_listed(draft, rep),
                **({} if team is None else {"team": _coded(draft, team)}),
            },
            "optional": True,
        }
    return {**made, "tables": tables}


def parse(draft: Draft) -> Mapping:
    """Return the mapping, checked."""
    return Mapping.parse({"name": draft.path.stem, **mapping_of(draft)}, where=draft.path.name)


def text_of(draft: Draft) -> str:
    """Return the mapping file as text."""
    return as_text(mapping_of(draft))


def as_text(mapping: dict[str, Any]) -> str:
    """Return a mapping as the text of its file."""
    head = t("# Mapping made by kpisim import; change it freely and use it with --mapping.")
    return f"{head}\n{yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False, width=110)}"


def save(draft: Draft, out: Path) -> Path:
    """Write the mapping file; one that is there is never overwritten.

    Raises
    ------
    UserError
        A file is there, or the place cannot be written to.
    """
    parse(draft)
    return write(text_of(draft), out)


def write(text: str, out: Path) -> Path:
    """Write the text of a mapping file to a free place."""
    free(out)
    with writing_file(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text, encoding="utf-8")
    return out


def free(out: Path) -> None:
    """Refuse a place that would not be a new mapping file, before anything is asked."""
    if out.suffix.lower() not in {".yaml", ".yml"}:
        raise UserError("{path}: a mapping file ends in .yaml; choose such a name", path=str(out))
    if out.exists():
        raise UserError("{path}: is there already; choose another name with -o", path=str(out))


def _dated(draft: Draft, name: str) -> Any:
    form = draft.format(name)
    return name if form is None else {"column": name, "format": form}


def _counted(draft: Draft, name: str, kind: str) -> Any:
    """Return the source of a column that is no date; money in 万元 or 千元 is counted in yuan."""
    if kind in {"id", "text", "category"}:
        return _coded(draft, name)
    factor, decimal = draft.seen(name).factor if kind == "money" else 1, draft.decimal(name)
    more = {
        **({} if factor == 1 else {"factor": factor}),
        **({} if decimal == "." else {"decimal": decimal}),
    }
    return {"column": name, **more} if more else name


def _coded(draft: Draft, name: str) -> Any:
    """Return the source of a column whose codes may go through a look-up list."""
    take = draft.taken(name)
    if take is None:
        return name
    return {"column": name, "lookup": list_name(draft.through[name]), "take": take}


def _owned(owner: tuple[str, Through, str]) -> dict[str, Any]:
    """Return the source of a rep that the list of customers names; a customer it does not know is nobody's."""
    column, one, rep = owner
    return {"column": column, "lookup": list_name(one), "take": rep, "otherwise": "empty"}


def _listed(draft: Draft, rep: str) -> dict[str, Any]:
    """Return what the list of names says of reps besides: team, first and last day."""
    one = draft.through.get(rep)
    if one is None or draft.taken(rep) is None:
        return {}
    made = {}
    for role in ("team", "hired", "left"):
        for column in one.listed.columns:
            fits = column.look == "date" if role != "team" else column.look in {"word", "text", "id"}
            if fits and not column.formats and by_name("reps", role, column.name)[0] >= SURE:
                made[role] = {"column": rep, "lookup": list_name(one), "take": column.name}
                break
    return made


def list_name(through: Through) -> str:
    """Return what a mapping calls a look-up list; one file may be looked up in by two columns."""
    spot = through.listed.spot
    return " ".join(filter(None, (spot.path.stem, spot.sheet, through.key)))


def lookups_of(draft: Draft, separator: str | None = None) -> dict[str, Any]:
    """Return the look-up lists that the columns go through, as a mapping with that separator declares them."""
    made: dict[str, Any] = {}
    used = [draft.through[one.name] for one in draft.columns if draft.taken(one.name) is not None]
    if draft.owned and draft.ownable() and draft.owner is not None:
        used.append(draft.owner[1])
    for one in used:
        spot = one.listed.spot
        made[list_name(one)] = {
            "file": escape(spot.path.name),
            **({} if spot.sheet is None else {"sheet": spot.sheet}),
            "key": one.key,
            **({} if one.alike is None else {"alike": True}),
        }
        if spot.path.suffix.lower() != ".xlsx" and one.listed.separator != (separator or draft.separator):
            made[list_name(one)]["separator"] = one.listed.separator
    return made


def where(draft: Draft) -> dict[str, Any]:
    """Return the file or files of a table and, where they have several, its sheets, as a mapping names them."""
    sheets = {spot.sheet for spot in draft.spots if spot.sheet is not None}
    # A new rep's sheet is read next month too; what else lies in the workbook has other columns.
    sheet = {} if not sheets else {"sheet": sheets.pop() if len(sheets) == 1 else ALL_SHEETS}
    return {"file": patterns(draft.files), **sheet}


def patterns(files: Sequence[Path]) -> str | list[str]:
    """Return a pattern that the files and those of later months fit, or the names where none fits them alone.

    Examples
    --------
    >>> from pathlib import Path
    >>> patterns([Path("orders-2027-01.csv"), Path("orders-2027-02.csv")])
    'orders-*-*.csv'
    """
    if len(files) == 1:
        return escape(files[0].name)
    made = {re.sub(r"\d+", "*", escape(file.name)) for file in files}
    names = {file.name for file in files}
    pattern = made.pop()
    if made or "*" not in pattern:
        return [escape(file.name) for file in files]
    others = {file.name for file in files[0].parent.glob(pattern)} - names
    return [escape(file.name) for file in files] if others else pattern


def _filled(draft: Draft) -> dict[str, str]:
    """Return the conditions that leave out rows without what a row cannot do without; they are counted when read."""
    needed = [column.name for column in TABLES[draft.table].columns if column.required]
    names = [name for role in needed if role != "status" for name in draft.by_role(role)]
    return {name: FILLED for name in names if draft.seen(name).filled < 1}


def _without(draft: Draft) -> dict[str, Any]:
    """Return the rows to leave out: orders that were called off, and amounts in other currencies."""
    words = [word for word, out in draft.states.items() if out]
    name = draft.one("state") if "state" in roles(draft.table) else None
    said = {**({} if name is None or not words else {name: words}), **left_out(draft)}
    if draft.table == "targets":
        said |= aims_left_out(draft)
    return {"without": said} if said else {}


def _negative(draft: Draft) -> dict[str, Any]:
    """Return the rows whose amounts count against: returns that were written without a minus."""
    name, words = returned(draft)
    return {"negative": {name: words}} if draft.returns and name else {}


def _lines(draft: Draft) -> dict[str, Any]:
    """Return how the rows of one order or opportunity become one, where it has several."""
    rows = draft.lined()
    if rows is None or not draft.read_as_lines():
        return {}
    return {"lines": draft.lines, **({"fill_down": [*rows.fill]} if rows.fill else {})}


def _columns(draft: Draft) -> dict[str, Any]:
    table = TABLES[draft.table]
    made: dict[str, Any] = {}
    for column in table.columns:
        name = draft.key() if (column.name,) == table.key else draft.one(column.name)
        if name is not None:
            made[column.name] = (
                _dated(draft, name) if column.kind == "time" else _counted(draft, name, column.kind)
            )
    if draft.owned and draft.ownable() and draft.owner is not None:
        made["rep_id"] = _owned(draft.owner)
    if draft.table == "opportunities" and "value" in made:
        made["value"] = _value(draft)
    key = table.key[0]
    if draft.table not in PARTIES:
        made.setdefault(key, {"number": f"{key[0].upper()}{{row}}"})
    for role, said in UNSAID.get(draft.table, {}).items():
        made.setdefault(role, {"constant": said})
    if draft.table == "opportunities":
        made["status"] = _status(draft)
        ends = [*draft.by_role("won_on"), *draft.by_role("lost_on")]
        if "closed" not in made and ends:
            form = draft.format(ends[0])
            made["closed"] = {"first": ends, **({} if form is None else {"format": form})}
        steps = draft.by_role("stage_on")
        if "stage" not in made and steps:
            made["stage"] = {
                "rules": [
                    {"when": {name: FILLED}, "then": name}
                    for name in [*reversed(steps), *draft.by_role("created")]
                ]
            }
    return {name: made[name] for name in table.names if name in made}


def _status(draft: Draft) -> Any:
    name = draft.told_by()
    if name is not None:
        seen = draft.seen(name)
        words = {word: outcome(word) or draft.words.get(word, "open") for word in seen.words}
        # A cell that was left empty says that nothing is decided yet.
        return {"column": name, "map": words if seen.filled == 1 else {**words, "": "open"}}
    rules = [{"when": {name: FILLED}, "then": "won"} for name in draft.by_role("won_on")]
    rules += [{"when": {name: FILLED}, "then": "lost"} for name in draft.by_role("lost_on")]
    return {"rules": [*rules, {"when": {draft.one("created"): FILLED}, "then": "open"}]}


def _value(draft: Draft) -> Any:
    """Return the source of the value: what was signed where a column says it, else what was asked."""
    value, signed = str(draft.one("value")), draft.one("won_value")
    made = _counted(draft, value, "money")
    if signed is None:
        return made
    rest = {} if isinstance(made, str) else {name: said for name, said in made.items() if name != "column"}
    return {"first": [signed, value], **rest}


def _stages(draft: Draft) -> dict[str, Any] | None:
    steps, key = draft.by_role("stage_on"), draft.key()
    if not steps or key is None:
        return None
    named = [*draft.by_role("created"), *steps]
    forms = {name: form for name in named if (form := draft.format(name)) is not None}
    rep = draft.one("rep_id")
    return {
        "opportunity_id": key,
        **({} if rep is None else {"rep_id": _coded(draft, rep)}),
        "stages": {name: name for name in named},
        **({"formats": forms} if forms else {}),
    }


def _orders(draft: Draft) -> dict[str, Any]:
    won = draft.by_role("won_on")
    day = won[0] if won else draft.one("closed")
    value, account = draft.one("value"), draft.one("account_id")
    where: dict[str, Any] = {str(name): FILLED for name in (day, value, account)}
    told = draft.told_by()
    if told is not None:
        words = [word for word in draft.seen(told).words if (outcome(word) or draft.words.get(word)) == "won"]
        where = {told: words, **where}
    key = draft.key()
    named: dict[str, Any] = {
        "order_id": key or {"number": "O{row}"},
        "account_id": _coded(draft, str(account)),
        "booked": _dated(draft, str(day)),
        "value": _value(draft),
    }
    if key is not None:
        named["opportunity_id"] = key
    rep = draft.one("rep_id")
    return {"where": where, "columns": {**named, **({} if rep is None else {"rep_id": _coded(draft, rep)})}}


__all__ = [
    "as_text",
    "free",
    "lookups_of",
    "mapping_of",
    "parse",
    "patterns",
    "save",
    "text_of",
    "where",
    "write",
]
