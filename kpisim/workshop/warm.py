"""Kernels started ahead, with everything slow loaded but nothing shown yet.

Voilà's own way of starting ahead runs the whole page beforehand: a form would show on opening what was kept when the
server started, and seven pages would need seven kernels. Here a few kernels serve whichever page is opened next.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import IOLoop
from traitlets import Float, Int

if TYPE_CHECKING:
    from collections.abc import Mapping

LOAD = """\
import kpisim.show.panels.screen, kpisim.show.rounds, kpisim.experiment.experiment
import matplotlib.figure, seaborn, pandas
"""
MOVE = """\
import os as _os
_os.environ.update({env!r})
_os.chdir({folder!r})
del _os
"""


Base: Any = AsyncMappingKernelManager  # half of it says no types


class WarmKernels(Base):  # type: ignore[misc]
    """Hands out a kernel that is warm already, and warms the next one."""

    pool_size = Int(2, config=True, help="Kernels kept warm.")
    pause = Float(
        3.0, config=True, help="Seconds until the next one is warmed; the page that opens comes first."
    )

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._warm: list[str] = []
        self._warming = False
        # The loop does not run yet; the first kernel is warmed as soon as it does.
        IOLoop.current().add_callback(self._fill)

    async def _fill(self) -> None:
        """Warm one kernel after the other until there are enough; all at once would slow down whoever opens a page."""
        if self._warming:
            return
        self._warming = True
        try:
            while len(self._warm) < self.pool_size:
                number = await super().start_kernel(path="")
                self._warm.append(number)
                await self._run(number, LOAD)
        except Exception:
            # Without a warm kernel a page takes longer, and that is all.
            self.log.warning("no kernel could be warmed", exc_info=True)
        finally:
            self._warming = False

    async def _refill(self) -> None:
        await asyncio.sleep(self.pause)
        await self._fill()

    async def start_kernel(
        self, *, kernel_id: str | None = None, path: str | None = None, **options: Any
    ) -> str:
        """Return a warm kernel, moved to where the page wants it; a cold one where none is warm."""
        if kernel_id is not None or not self._warm:
            return str(await super().start_kernel(kernel_id=kernel_id, path=path, **options))
        number = self._warm.pop(0)
        IOLoop.current().add_callback(self._refill)
        try:
            # Even one that still loads will do: what it is told is done in order.
            await self._run(
                number, MOVE.format(env=_news(options.get("env") or {}), folder=self.cwd_for_path(path or ""))
            )
        except Exception:
            self.log.warning("a warm kernel was lost", exc_info=True)
            return str(await super().start_kernel(path=path, **options))
        return number

    async def _run(self, number: str, code: str) -> None:
        """Have a kernel run code, quietly.

        Raises
        ------
        RuntimeError
            The kernel could not run it.
        """
        client: Any = self.get_kernel(number).client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            reply = await client.execute_interactive(
                code, silent=True, store_history=False, timeout=60, output_hook=_no_output
            )
            if reply["content"]["status"] != "ok":
                said = reply["content"]
                raise RuntimeError(f"{said.get('ename')}: {said.get('evalue')}")
        finally:
            client.stop_channels()

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """End an idle kernel, but none that waits for its first page."""
        if kernel_id not in self._warm:
            await super().cull_kernel_if_idle(kernel_id)

    async def shutdown_kernel(self, kernel_id: str, *args: Any, **options: Any) -> None:
        """End a kernel."""
        if kernel_id in self._warm:
            self._warm.remove(kernel_id)
        await super().shutdown_kernel(kernel_id, *args, **options)


def _news(wanted: Mapping[str, str]) -> dict[str, str]:
    """Return what of an environment the server's own does not hold: what Voilà says about the page."""
    # Voilà's names are members of an enum, whose repr is no Python: a slice of one is a plain string.
    return {name[:]: value for name, value in wanted.items() if os.environ.get(name) != value}


def _no_output(_message: Any) -> None:
    """Leave what a kernel prints while it loads unread."""


__all__ = ["WarmKernels"]
