"""A kernel that is this very interpreter, with this very kpisim, whatever Jupyter has on its lists."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

import kpisim

if TYPE_CHECKING:
    from collections.abc import Callable

KERNEL = "kpisim-report"


class ThisPython(KernelSpecManager):
    """Knows one kernel under every name: the running interpreter.

    A fresh environment has no registered kernel, and a registered ``python3`` may belong to another one.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:  # noqa: ARG002
        """Return the spec of this interpreter, whatever name is asked for."""
        here = str(Path(kpisim.__file__).parent.parent)
        path = os.pathsep.join(
            dict.fromkeys(filter(None, [here, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]))
        )
        # Kept off: history and debugger (files in the user's home), warnings about frozen modules.
        argv = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            "--HistoryManager.enabled=False",
            "--quiet",
        ]
        env = {"PYTHONPATH": path, "PYDEVD_DISABLE_FILE_VALIDATION": "1", "MPLBACKEND": "agg"}
        return KernelSpec(argv=argv, display_name="kpisim", language="python", env=env)


class ThisPythonManager(AsyncKernelManager):
    """Starts kernels of this interpreter."""

    def _kernel_spec_manager_default(self) -> KernelSpecManager:
        return ThisPython(parent=self)


def engine_options(on_cell: Callable[..., Any] | None = None) -> dict[str, Any]:
    """Return what papermill hands to nbclient so that it uses this interpreter."""
    options: dict[str, Any] = {"kernel_manager_class": ThisPythonManager}
    if on_cell is not None:
        options["on_cell_start"] = on_cell
    return options


__all__ = ["KERNEL", "ThisPython", "ThisPythonManager", "engine_options"]
