"""A firm's own tables: read as they stand, or through a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.report.parameters import ReportParameters
    from kpisim.tables import Tables


def read_tables(parameters: ReportParameters) -> Tables:
    """Return the tables of the folder, as they stand or through the mapping."""
    assert parameters.data is not None
    if parameters.mapping is None:
        from kpisim.tables.io import read  # noqa: PLC0415

        return read(Path(parameters.data))
    from kpisim.crm import load_export  # noqa: PLC0415

    return load_export(Path(parameters.data), parameters.mapping)


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
