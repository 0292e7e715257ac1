"""A firm's own tables: read as they stand, or through a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.report.parameters import ReportParameters
    from kpisim.tables import Tables


def read_tables(parameters: ReportParameters) -> Tables:
    """Return the tables of the folder or file: as they stand, or through the mapping given or found.

    Raises
    ------
    UserError
        Nothing readable, or several exports of which one must be chosen.
    """
    from kpisim.crm.discover import discover_one  # noqa: PLC0415

    assert parameters.data is not None
    return discover_one(parameters.data, parameters.mapping).tables


def digest(tables: Tables) -> str:
    """Return 12 hexadecimal digits that name the content of all tables."""
    import hashlib  # noqa: PLC0415

    import pandas as pd  # noqa: PLC0415

    made = hashlib.sha256()
    for name in sorted(tables.frames):
        frame = tables.frames[name]
        made.update(name.encode())
        made.update(pd.util.hash_pandas_object(frame.astype("str"), index=False).to_numpy().tobytes())
    return made.hexdigest()[:12]


__all__ = ["digest", "read_tables"]
