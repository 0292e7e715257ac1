"""Check the machine the evening before: what a workshop or a report needs, each with its remedy.

A check that fails says so and what to do; none of them raises, because the next one may fail for another reason.
"""

from __future__ import annotations

import io
import locale
import re
import shutil
import socket
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.text import Text, t

if TYPE_CHECKING:
    from collections.abc import Callable

OLDEST_PYTHON = (3, 11)
FREE_BYTES = 500_000_000
KERNEL_SECONDS = 60
SLOW_RUN_SECONDS = 20.0
CHINESE = "销售额"
SAMPLE = "销售额 回款率 −5% ✓"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    name
        What was looked at.
    good
        Whether it will do; a note, such as a missing browser, is good.
    detail
        What was found.
    remedy
        What to do where it will not do; ``""`` where nothing needs doing.
    """

    name: Text
    good: bool
    detail: Text | str
    remedy: Text | str = ""

    def line(self) -> str:
        """Return the check as a line in the current language; the word beside the sign is for who hears it read."""
        state = f"✓ {t('good')}" if self.good else f"✗ {t('bad')}"
        rest = f" → {self.remedy}" if self.remedy else ""
        return f"{state}  {self.name}{t(': ')}{self.detail}{rest}"


def examine() -> list[Check]:
    """Return every check, quick ones first; takes up to a minute or so, most of it starting a kernel."""
    return [_kept_from_raising(check) for check in CHECKS]


def _kept_from_raising(check: Callable[[], Check]) -> Check:
    try:
        return check()
    except Exception as problem:  # noqa: BLE001  (whatever a machine comes up with becomes a line)
        found = Text(
            "{error}: {message}",
            None,
            error=type(problem).__name__,
            message=" ".join(str(problem).split())[:200],
        )
        return Check(
            NAMES[check.__name__], good=False, detail=found, remedy=Text("show this line to who set it up")
        )


def python() -> Check:
    """Whether Python is new enough."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    wanted = ".".join(str(part) for part in OLDEST_PYTHON)
    good = sys.version_info[:2] >= OLDEST_PYTHON
    remedy = "" if good else Text("install Python {wanted} or newer", None, wanted=wanted)
    return Check(NAMES["python"], good=good, detail=found, remedy=remedy)


def packages() -> Check:
    """Whether every required package is there in a version that fits."""
    try:
        wanted = metadata.requires("kpisim") or []
    except metadata.PackageNotFoundError:
        return Check(
            NAMES["packages"],
            good=True,
            detail=Text("kpisim runs from a folder and is not installed; versions were not compared"),
        )
    wrong, count = [], 0
    for line in wanted:
        if "extra ==" in line:
            continue
        count += 1
        problem = _version_problem(line.split(";")[0].strip())
        if problem is not None:
            wrong.append(problem)
    if wrong:
        return Check(
            NAMES["packages"],
            good=False,
            detail=", ".join(wrong),
            remedy=Text("python -m pip install --upgrade kpisim"),
        )
    return Check(NAMES["packages"], good=True, detail=Text("all {count} fit", None, count=count))


def _version_problem(requirement: str) -> str | None:
    """Return what is wrong with one requirement such as ``numpy<3,>=1.26``, or None."""
    match = re.match(r"^([A-Za-z0-9._-]+)\s*(.*)$", requirement)
    assert match is not None, requirement
    name, rules = match[1], match[2].strip("() ")
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return str(Text("{name} is missing", None, name=name))
    for rule in filter(None, (part.strip() for part in rules.split(","))):
        bound = re.match(r"^(>=|<=|==|!=|~=|<|>)\s*(.+)$", rule)
        if bound is not None and not _fits(_numbers(found), bound[1], _numbers(bound[2])):
            return f"{name} {found} ({rules})"
    return None


def _numbers(version: str) -> tuple[int, ...]:
    """Return the leading numbers of a version; letters after them (rc1, .post2) do not count here."""
    match = re.match(r"^\d+(\.\d+)*", version)
    return tuple(int(part) for part in match[0].split(".")) if match else ()


def _fits(found: tuple[int, ...], sign: str, bound: tuple[int, ...]) -> bool:
    size = max(len(found), len(bound))
    a, b = (one + (0,) * (size - len(one)) for one in (found, bound))
    return {
        ">=": a >= b,
        "<=": a <= b,
        ">": a > b,
        "<": a < b,
        "==": a == b,
        "!=": a != b,
        "~=": a >= b and found[: len(bound) - 1] == bound[:-1],
    }[sign]


def font() -> Check:
    """Whether figures can show Chinese."""
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    from kpisim.text import fonts  # noqa: PLC0415

    with mpl.rc_context(fonts.use()), warnings.catch_warnings(record=True) as found:  # type: ignore[arg-type]
        warnings.simplefilter("always")
        figure = Figure()
        figure.text(0.1, 0.5, SAMPLE)
        figure.savefig(io.BytesIO(), format="png")
    missing = [
        str(one.message) for one in found if "lyph" in str(one.message) or "findfont" in str(one.message)
    ]
    if missing:
        return Check(
            NAMES["font"],
            good=False,
            detail=missing[0].split("\n")[0],
            remedy=Text("install kpisim again: its font file is damaged or missing"),
        )
    return Check(NAMES["font"], good=True, detail=Text("{sample} is drawn", None, sample=SAMPLE))


def disk(folder: Path | None = None) -> Check:
    """Whether `folder`, by default the current one, can be written to and has room."""
    here = folder or Path.cwd()
    try:
        with tempfile.TemporaryFile(dir=here) as file:
            file.write(b"kpisim")
    except OSError as problem:
        return Check(
            NAMES["disk"],
            good=False,
            detail=Text("{path} cannot be written ({problem})", None, path=here, problem=problem.strerror),
            remedy=Text("go to a folder of your own and start again"),
        )
    free = shutil.disk_usage(here).free
    found = Text("{free} MB free in {path}", None, free=f"{free / 1e6:,.0f}", path=here)
    if free < FREE_BYTES:
        remedy = Text("make room: {wanted} MB are needed", None, wanted=f"{FREE_BYTES / 1e6:.0f}")
        return Check(NAMES["disk"], good=False, detail=found, remedy=remedy)
    return Check(NAMES["disk"], good=True, detail=found)


def paths() -> Check:
    """Whether files in folders with Chinese characters and blanks can be written and read."""
    with tempfile.TemporaryDirectory() as top:
        file = Path(top) / "销售 团队" / "一月 结果.csv"
        try:
            file.parent.mkdir()
            file.write_text(SAMPLE, encoding="utf-8")
            good = file.read_text(encoding="utf-8") == SAMPLE and [
                one.name for one in file.parent.iterdir()
            ] == [file.name]
        except (OSError, UnicodeError):
            good = False
    if good:
        return Check(NAMES["paths"], good=True, detail=Text("Chinese characters and blanks are kept"))
    return Check(
        NAMES["paths"],
        good=False,
        detail=Text("a name with Chinese characters and blanks does not come back"),
        remedy=Text("keep files in folders with English names without blanks"),
    )


def console() -> Check:
    """Whether the console can print Chinese."""
    # What pipes and other programs take is the locale's, though kpisim's own streams are set to UTF-8.
    encodings = dict.fromkeys(
        [getattr(sys.stdout, "encoding", None) or "ascii", locale.getpreferredencoding(do_setlocale=False)]
    )
    encoding = ", ".join(encodings)
    try:
        for one in encodings:
            CHINESE.encode(one)
    except (LookupError, UnicodeEncodeError):
        return Check(
            NAMES["console"],
            good=False,
            detail=encoding,
            remedy=Text("set the environment variable PYTHONUTF8=1 and open the console again"),
        )
    return Check(NAMES["console"], good=True, detail=encoding)


def port() -> Check:
    """Whether Jupyter can listen on this machine."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.bind(("localhost", 0))
            listener.listen(1)
            number = listener.getsockname()[1]
            with socket.create_connection(("localhost", number), timeout=5):
                pass
    except OSError as problem:
        return Check(
            NAMES["port"],
            good=False,
            detail=str(problem.strerror or problem),
            remedy=Text("let the firewall or the security program allow Python on this machine itself"),
        )
    return Check(NAMES["port"], good=True, detail=Text("a port is free, e.g. {number}", None, number=number))


def kernel() -> Check:
    """Whether a kernel of this Python starts, as every report and notebook needs."""
    from jupyter_client.manager import KernelManager  # noqa: PLC0415

    from kpisim.report.kernel import ThisPython  # noqa: PLC0415

    begun = time.perf_counter()
    manager = KernelManager(kernel_spec_manager=ThisPython())
    try:
        manager.start_kernel()
        client = manager.blocking_client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=KERNEL_SECONDS)
        finally:
            client.stop_channels()
    except RuntimeError:
        return Check(
            NAMES["kernel"],
            good=False,
            detail=Text("does not answer within {seconds} s", None, seconds=KERNEL_SECONDS),
            remedy=Text("python -m pip install --force-reinstall ipykernel; allow Python in the firewall"),
        )
    finally:
        if manager.has_kernel:
            manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
    seconds = time.perf_counter() - begun
    return Check(
        NAMES["kernel"], good=True, detail=Text("starts in {seconds} s", None, seconds=f"{seconds:.1f}")
    )


def play() -> Check:
    """How long one run of the default scenario takes."""
    from kpisim.experiment import run  # noqa: PLC0415
    from kpisim.scenario import load  # noqa: PLC0415

    begun = time.perf_counter()
    result = run(load("default"), 1, 1, workers=1, cache=False, progress=False)
    seconds = time.perf_counter() - begun
    if not result.failures.empty:
        first = result.failures.iloc[0]
        return Check(
            NAMES["play"],
            good=False,
            detail=f"{first['error']}: {first['message']}",
            remedy=Text("install kpisim again"),
        )
    found = Text("one run takes {seconds} s, start included", None, seconds=f"{seconds:.1f}")
    if seconds > SLOW_RUN_SECONDS:
        return Check(
            NAMES["play"],
            good=False,
            detail=found,
            remedy=Text("close other programs, or play fewer replications: -n 5"),
        )
    return Check(NAMES["play"], good=True, detail=found)


def browser() -> Check:
    """Whether there is a browser that prints PDF; only a note, since everything else does without."""
    from kpisim.report.browser import find_browser  # noqa: PLC0415

    found = find_browser()
    if found is not None:
        return Check(NAMES["browser"], good=True, detail=found)
    return Check(
        NAMES["browser"],
        good=True,
        detail=Text(
            "no Chromium or Chrome on the path; needed only to print reports as PDF without opening them"
        ),
    )


NAMES = {
    "python": Text("Python"),
    "packages": Text("packages"),
    "font": Text("Chinese font in figures"),
    "disk": Text("folder and disk"),
    "paths": Text("Chinese file names"),
    "console": Text("Chinese in the console"),
    "port": Text("network port on this machine"),
    "play": Text("simulation"),
    "kernel": Text("Jupyter kernel"),
    "browser": Text("browser for PDF"),
}
CHECKS: tuple[Callable[[], Check], ...] = (
    python,
    packages,
    console,
    disk,
    paths,
    port,
    font,
    browser,
    play,
    kernel,
)

__all__ = ["SAMPLE", "Check", "disk", "examine"]
