"""One report: the template run by papermill, its outputs turned into one HTML file."""

from __future__ import annotations

import logging
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn

from kpisim.report.parameters import ReportParameters
from kpisim.text import UserError
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nbformat import NotebookNode

TEMPLATE = "scenario_report.ipynb"
START_TIMEOUT = 90
CELL_TIMEOUT = 3600


def template_path(name: str = TEMPLATE) -> Path:
    """Return where the template lies: inside an installed wheel, or in the checkout.

    Raises
    ------
    UserError
        Neither has it; the installation is not whole.
    """
    package = Path(__file__).parent.parent
    for folder in (package / "_notebooks" / "reports", package.parent / "notebooks" / "reports"):
        if (folder / name).is_file():
            return folder / name
    raise UserError("{name}: the report template is missing; install kpisim again", name=name)


def build_report(
    params: ReportParameters | Mapping[str, Any],
    out_dir: str | Path,
    xlsx: bool = False,  # noqa: FBT001, FBT002  (read like the command line: xlsx or not)
    progress: Callable[[int, int], None] | None = None,
    *,
    name: str | None = None,
    start_timeout: int = START_TIMEOUT,
    cell_timeout: int = CELL_TIMEOUT,
) -> Path:
    """Build one self-contained HTML report and return its path.

    Parameters
    ----------
    params
        What to report: `ReportParameters`, or plain values as in a batch file (``scenario``, ``set``, ``versus_set``,
        ``data``, ``lang``, ``replications`` …), which are checked first.
    out_dir
        Folder to write into; made where missing.
    xlsx
        Also write the numbers as a workbook beside it.
    progress
        Called with (cells begun, cells in all) as the notebook runs.
    name
        Stem of the files; by default what the report is about and its language.
    start_timeout, cell_timeout
        Seconds after which a kernel that does not start, or a cell that does not end, is given up.

    Raises
    ------
    UserError
        Wrong parameters, or a report that failed: the cell and its error in one line; the notebook is kept
        beside as ``*.failed.ipynb``.
    """
    checked = params if isinstance(params, ReportParameters) else ReportParameters.check(params)
    out_dir = Path(out_dir)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise UserError("{path}: cannot be made a folder; choose another place", path=str(out_dir)) from None
    stem = name or checked.stem()
    page, failed, book = (out_dir / f"{stem}{end}" for end in (".html", ".failed.ipynb", ".xlsx"))
    values = {**checked.values(), "xlsx": str(book.resolve()) if xlsx or checked.xlsx else None}
    Thread(target=play_ahead, args=(checked,), daemon=True).start()
    # papermill fills braces in paths, so it works in a folder whose name is ours.
    with tempfile.TemporaryDirectory(prefix="kpisim-") as folder:
        done = Path(folder) / "report.ipynb"
        notebook = run_notebook(template_path(), done, values, failed, progress, start_timeout, cell_timeout)
        from kpisim.report.export import to_html  # noqa: PLC0415

        _write(page, to_html(notebook, checked.lang))
    failed.unlink(missing_ok=True)
    return page


def run_notebook(
    template: Path,
    done: Path,
    values: Mapping[str, Any],
    failed: Path,
    progress: Callable[[int, int], None] | None,
    start_timeout: int,
    cell_timeout: int,
) -> NotebookNode:
    """Execute `template` with `values` in a kernel of this interpreter; keep the notebook where it fails."""
    import nbformat  # noqa: PLC0415
    import papermill  # noqa: PLC0415
    from nbclient.exceptions import CellTimeoutError, DeadKernelError  # noqa: PLC0415
    from papermill.exceptions import PapermillExecutionError  # noqa: PLC0415

    from kpisim.report.kernel import KERNEL, engine_options  # noqa: PLC0415

    notebook = nbformat.read(str(template), as_version=4)
    total, begun = sum(cell.cell_type == "code" for cell in notebook.cells) + 1, 0
    current = ""

    def on_cell(cell: NotebookNode, **_: Any) -> None:
        nonlocal begun, current
        if cell.cell_type == "code":
            begun, current = begun + 1, cell.source
            if progress is not None:
                progress(begun, total)

    # What goes wrong is told in one line of ours; papermill would log a second one to the terminal.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    # The exporter takes a second to import; the kernel is the one at work meanwhile.
    Thread(target=_warm, daemon=True).start()
    try:
        ran: NotebookNode = papermill.execute_notebook(
            str(template),
            str(done),
            parameters=dict(values),
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            start_timeout=start_timeout,
            execution_timeout=cell_timeout,
            request_save_on_cell_execute=True,
            **engine_options(on_cell),
        )
    except PapermillExecutionError as problem:
        _fail(
            done,
            failed,
            problem.source,
            f"{problem.ename}: {problem.evalue}" if problem.ename != "UserError" else problem.evalue,
        )
    except CellTimeoutError:
        _fail(done, failed, current, f"CellTimeoutError: {cell_timeout} s")
    except (DeadKernelError, RuntimeError, TimeoutError) as problem:
        _fail(done, failed, current, f"{type(problem).__name__}: {problem}")
    return ran


def play_ahead(parameters: ReportParameters) -> None:
    """Play what the report is about while its kernel starts; the kernel then finds it in the cache, or waits for it.

    Whatever goes wrong here is met again in the kernel, and told there.
    """
    if parameters.data is not None:
        return
    with suppress(Exception):
        from kpisim.experiment import run  # noqa: PLC0415

        for scenario in filter(None, parameters.scenarios()):
            run(
                scenario,
                parameters.replications,
                parameters.seed,
                workers=parameters.workers,
                progress=False,
            )


def _warm() -> None:
    import nbconvert.exporters.html  # noqa: F401, PLC0415
    from fontTools import subset  # noqa: F401, PLC0415


def _fail(done: Path, failed: Path, source: str, error: str) -> NoReturn:
    """Keep the notebook and raise the error in one line."""
    cell = next((line for line in source.splitlines() if line.strip() and not line.startswith("#")), "?")
    line = " ".join(error.split())
    if done.is_file():
        shutil.copyfile(done, failed)
        raise UserError(
            "the report failed in the cell “{cell}”: {error}; see {path}",
            cell=cell,
            error=line[:300],
            path=str(failed),
        ) from None
    raise UserError("the report failed: {error}; run kpisim doctor", error=line[:300]) from None


def _write(path: Path, text: str) -> None:
    with writing_file(path):
        path.write_text(text, encoding="utf-8")


__all__ = ["build_report", "run_notebook", "template_path"]
