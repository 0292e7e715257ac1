"""Codes that another file names: which list is proposed, and what may be taken from it, on small lists."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from kpisim.crm.layout import Spot
from kpisim.crm.wizard.columns import look_at
from kpisim.crm.wizard.through import Listed, Through, owner, through

pytestmark = pytest.mark.unit

CODES = [f"K{number}" for number in range(10)]
NAMES = [f"Firm {sign}" for sign in "ABCDEFGHIJ"]


def listed(
    columns: dict[str, list[str]], table: str | None = None, taken: Any = None, **roles: str
) -> Listed:
    cells = pd.DataFrame(columns)
    draft: Any = None
    if table is not None:
        draft = SimpleNamespace(table=table, one=roles.get, taken=lambda _: taken)
    seen = tuple(look_at(str(name), cells[name]) for name in cells)
    return Listed(Spot(Path("list.csv")), ",", seen, cells, draft)


def asked(codes: list[str], *lists: Listed) -> Through | None:
    cells = pd.Series([*codes, *codes], name="code")
    return through(look_at("code", cells), cells, lists)


@pytest.mark.parametrize(("known", "share"), [(10, 1.0), (5, 0.5), (4, None)])
def test_a_list_is_proposed_that_knows_half_of_the_codes(known: int, share: float | None) -> None:
    keys = [*CODES[:known], *(f"X{number}" for number in range(10 - known))]
    found = asked(CODES, listed({"no": keys, "name": NAMES}))
    assert (None if found is None else found.share) == share
    if found is not None:
        assert (found.key, found.proposal, found.alike, found.unique) == (
            "no",
            "name",
            None,
            frozenset({"name"}),
        )
        assert [take for take, _ in found.takes] == ["name"]


def test_of_two_lists_the_one_that_knows_more_counts_and_a_list_of_keys_alone_names_nothing() -> None:
    half = listed({"no": [*CODES[:6], "a", "b", "c", "d"], "name": NAMES})
    whole = listed({"number": CODES, "name": NAMES})
    found = asked(CODES, half, whole)
    assert found is not None
    assert found.key == "number"
    assert asked(CODES, listed({"no": CODES})) is None
    # A column that names somebody is no key, and neither is one in which codes come again.
    assert asked(NAMES, listed({"name": NAMES, "no": CODES})) is None
    assert asked(CODES, listed({"no": [*CODES[:8], "K0", "K1"], "name": NAMES})) is None
    dates = [f"2027-03-{day:02d}" for day in range(1, 11)]
    assert asked(dates, listed({"no": dates, "name": NAMES})) is None


@pytest.mark.parametrize(("met", "alike"), [(20, True), (19, True), (18, False)])
def test_codes_spelt_otherwise_must_nearly_all_meet(met: int, alike: bool) -> None:
    codes = [str(number) for number in range(1, 21)]
    keys = [f"{number:04d}" for number in range(1, met + 1)] + [f"Z{number}" for number in range(20 - met)]
    found = asked(codes, listed({"no": keys, "name": [f"Firm {sign}" for sign in "ABCDEFGHIJKLMNOPQRST"]}))
    assert (found is not None) == alike
    if found is not None:
        assert found.share == met / 20
        assert found.alike == ("1", "0001")
        # The code as the list writes it may be taken too, and stands for somebody.
        assert found.takes[0] == ("no", "1 → 0001")
        assert (found.unique, found.proposal) == (frozenset({"no", "name"}), "name")


def test_two_codes_that_fall_together_are_not_the_same() -> None:
    keys = ["x", "0001", *(str(number) for number in range(2, 10))]
    found = asked(["1", "01", *(str(number) for number in range(2, 10))], listed({"no": keys, "name": NAMES}))
    assert found is not None
    assert (found.share, found.alike) == (0.8, None)
    codes = [f"{number:03d}" for number in range(1, 11)]
    twice = [*(str(number) for number in range(1, 11)), "01"]
    assert asked(codes, listed({"no": twice, "name": [*NAMES, "Firm Z"]})) is None


def test_a_list_of_reps_names_reps_alone_and_a_status_is_taken_from_any_list() -> None:
    reps = listed({"no": CODES, "name": NAMES, "team": ["east", "west"] * 5}, "reps", rep_id="name")
    found = asked(CODES, reps)
    assert found is not None
    assert [take for take, _ in found.offered("orders", "rep_id")] == ["name"]
    assert found.offered("orders", "account_id") == ()
    assert found.offered("orders", "value") == ()
    assert found.offered("orders", "nothing") == ()
    plain = asked(CODES, listed({"no": CODES, "name": NAMES, "group": ["east", "west"] * 5}))
    assert plain is not None
    # For whom a row stands nothing is taken that two share.
    assert [take for take, _ in plain.offered("orders", "rep_id")] == ["name"]
    assert [take for take, _ in plain.offered("opportunities", "stage")] == ["name", "group"]


def test_without_a_name_the_key_of_the_list_is_proposed_or_its_only_other_column() -> None:
    (only,) = [asked(CODES, listed({"no": CODES, "label": NAMES}))]
    assert only is not None
    assert (only.proposal, only.unique) == ("label", frozenset({"label"}))
    two = asked(CODES, listed({"no": CODES, "label": NAMES, "other": NAMES}))
    assert two is not None
    assert (two.proposal, two.unique) == (None, frozenset({"label", "other"}))
    known = asked(
        CODES, listed({"no": CODES, "label": NAMES, "other": NAMES}, "accounts", account_id="label")
    )
    assert known is not None
    assert (known.proposal, known.unique) == ("label", frozenset({"label"}))
    own = asked(CODES, listed({"no": CODES, "label": NAMES, "other": NAMES}, "accounts", account_id="no"))
    assert own is not None
    assert (own.proposal, own.unique) == (None, frozenset())


def test_whose_a_customer_is_comes_from_a_list_of_customers() -> None:
    reps = ["Ann", "Bob"] * 5
    columns = {"no": CODES, "rep": reps}
    cells = pd.Series([*CODES, *CODES[:3]])
    found = owner(cells, [listed(columns, "accounts", account_id="no", rep_id="rep")])
    assert found is not None
    assert (found[0].key, found[0].share, found[0].alike, found[1]) == ("no", 1.0, None, "rep")
    assert owner(cells, [listed(columns, "reps", rep_id="rep")]) is None
    assert owner(cells, [listed(columns, "accounts", account_id="no")]) is None
    assert owner(cells, [listed(columns)]) is None
    # Whose codes are themselves looked up elsewhere says nothing yet.
    assert owner(cells, [listed(columns, "accounts", "name", account_id="no", rep_id="rep")]) is None
    assert (
        owner(pd.Series([], dtype=object), [listed(columns, "accounts", account_id="no", rep_id="rep")])
        is None
    )
    few = pd.Series([*CODES[:5], *(f"X{number}" for number in range(5))])
    half = owner(few, [listed(columns, "accounts", account_id="no", rep_id="rep")])
    assert half is not None
    assert half[0].share == 0.5
    fewer = pd.Series([*CODES[:4], *(f"X{number}" for number in range(6))])
    assert owner(fewer, [listed(columns, "accounts", account_id="no", rep_id="rep")]) is None
    zeros = pd.Series([str(number) for number in range(10)])
    written = {"no": [f"{number:03d}" for number in range(10)], "rep": reps}
    spelt = owner(zeros, [listed(written, "accounts", account_id="no", rep_id="rep")])
    assert spelt is not None
    assert (spelt[0].share, spelt[0].alike) == (1.0, ("0", "000"))
    # A customer's rep is no customer, though every rep of the list has one alone.
    alone = {"no": CODES, "rep": NAMES}
    assert owner(pd.Series(NAMES), [listed(alone, "accounts", account_id="no", rep_id="rep")]) is None
