"""The yardstick of the report's speed: an empty notebook with the same imports, run and converted."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

IMPORTS = "import pandas, matplotlib.figure, seaborn, pydantic, yaml\nfrom PIL import Image\nimport kpisim.experiment\nimport kpisim.report.sections"


def empty_notebook_seconds(imports: str = IMPORTS) -> float:
    """Return the seconds papermill and stock nbconvert take for a notebook with nothing but `imports`."""
    began = time.perf_counter()
    import papermill  # noqa: PLC0415
    from nbconvert.exporters.html import HTMLExporter  # noqa: PLC0415

    from kpisim.report.kernel import KERNEL, engine_options  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="kpisim-") as folder:
        source, done = Path(folder) / "empty.ipynb", Path(folder) / "done.ipynb"
        cell: dict[str, Any] = {
            "cell_type": "code",
            "source": imports,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "id": "only",
        }
        source.write_text(json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
        notebook = papermill.execute_notebook(
            str(source),
            str(done),
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            **engine_options(),
        )
        HTMLExporter().from_notebook_node(notebook)
    return time.perf_counter() - began


__all__ = ["empty_notebook_seconds"]
