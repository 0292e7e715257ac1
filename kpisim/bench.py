"""Speed, each figure as a ratio of two times taken in one run, so that it means the same on any machine.

Ratios are taken pair by pair, A B A B …, and the median is printed with the smallest and largest.
"""

from __future__ import annotations

import gc
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kpisim.text import Text, UserError, did_you_mean, t

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from kpisim.scenario import Scenario

SMALL_DEALS = {
    "market.leads_per_rep_week": 5.0,
    "market.stages.lead.rep_hours": 0.7,
    "market.stages.qualified.rep_hours": 1.5,
    "market.stages.proposal.rep_hours": 3.0,
    "market.stages.negotiation.rep_hours": 2.0,
    "market.repurchase_days": 80.0,
    "communication.departments.marketing.hours": 0.4,
    "communication.departments.product.hours": 3.0,
    "communication.departments.customer service.hours": 1.5,
}
"""As many leads and orders as the default team had when the first figures were taken, each with as much work."""
TEAM_YEAR = {"calendar.warmup_weeks": 0, "calendar.weeks": 50, "team.size": 10, "workload.admin_per_day": 6.5}
"""Ten reps, 2,000 working hours, about 25,000 tasks."""
TASKS_ALONE = TEAM_YEAR | {
    "market.leads_per_rep_week": 0,
    "market.accounts_per_rep": 0,
    "workload.admin_per_day": 10.0,
    "communication.departments": [],
}
"""The same, but nothing sold and nobody else: desks and tasks alone, the work that the goal of 6 was measured on."""
QUEUE_CUSTOMERS, QUEUE_SERVERS, QUEUE_LOAD = 40_000, 5, 0.8


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured ratio.

    Attributes
    ----------
    name
        What is compared.
    values
        The ratio in each pair of runs.
    goal
        What it should be, in words; ``""`` where there is none.
    note
        Anything to say beside it.
    """

    name: Text
    values: list[float]
    goal: str = ""
    note: str = ""

    def line(self) -> str:
        """Return the figure as a line: median, smallest, largest, goal."""
        if not self.values:
            return f"{self.name}: {self.note}"
        spread = f"{median(self.values):.2f} ({min(self.values):.2f} … {max(self.values):.2f})"
        return "  ".join(part for part in (f"{self.name}:", spread, self.goal, self.note) if part)


def _seconds(act: Callable[[], Any], clock: Callable[[], float] = time.perf_counter) -> float:
    gc.collect()
    begun = clock()
    act()
    return clock() - begun


def _pairs(
    first: Callable[[], Any],
    second: Callable[[], Any],
    repeats: int,
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """Return first ÷ second, pair by pair, after one round that is not counted."""
    first(), second()
    return [_seconds(first, clock) / _seconds(second, clock) for _ in range(repeats)]


OWN = time.process_time
"""Clock for what this process does alone: others who use the machine meanwhile do not count."""


def _team_year(**more: Any) -> Scenario:
    from kpisim.scenario import load  # noqa: PLC0415

    return load("default").derive(SMALL_DEALS | TEAM_YEAR | more)


def _bare_loop(tasks: int) -> None:
    import simpy  # noqa: PLC0415

    env = simpy.Environment()

    def work() -> Generator[Any, Any, None]:
        for _ in range(tasks):
            yield env.timeout(1.0)

    env.process(work())
    env.run()


def _twin() -> Any:
    """Return the idiomatic kernel, or None where the benchmarks folder is not there (an installed wheel)."""
    folder = Path(__file__).parents[1]
    if not (folder / "benchmarks" / "idiomatic.py").exists():
        return None
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    from benchmarks.idiomatic import IdiomaticKernel  # noqa: PLC0415

    return IdiomaticKernel


def _engine(repeats: int) -> Iterator[Figure]:
    from kpisim.model import Model  # noqa: PLC0415
    from kpisim.scenario import ALL_OFF, load  # noqa: PLC0415

    on = _team_year()
    scenario = on.derive({"mechanisms": ALL_OFF})
    tasks = len(Model(scenario, 1).play()["tasks"])
    yield Figure(
        Text("a team-year with leads, customers and departments ÷ a bare simpy loop of as many tasks"),
        _pairs(lambda: Model(scenario, 1).play(), lambda: _bare_loop(tasks), repeats, OWN),
        t("goal: at most {value}", value=6),
        t("{count} tasks, draws and tables included", count=f"{tasks:,}"),
    )
    yield Figure(
        Text("all mechanisms of behaviour on ÷ off"),
        _pairs(lambda: Model(on, 1).play(), lambda: Model(scenario, 1).play(), repeats, OWN),
        t("goal: at most {value}", value=1.8),
    )
    alone = load("default").derive(TASKS_ALONE | {"mechanisms": ALL_OFF})
    count = len(Model(alone, 1).play()["tasks"])
    yield Figure(
        Text("a team-year of tasks alone ÷ a bare simpy loop of as many tasks"),
        _pairs(lambda: Model(alone, 1).play(), lambda: _bare_loop(count), repeats, OWN),
        t("goal: at most {value}", value=6),
        t("{count} tasks, draws and tables included", count=f"{count:,}"),
    )
    twin = _twin()
    name = Text("the idiomatic simpy version ÷ the model, same tables")
    if twin is None:
        yield Figure(name, [], note=t("needs a checkout (folder benchmarks)"))
    else:
        yield Figure(
            name,
            _pairs(
                lambda: Model(scenario, 1, kernel=twin).play(),
                lambda: Model(scenario, 1).play(),
                repeats,
                OWN,
            ),
            t("goal: at least {value}", value=3),
        )


def _queue(repeats: int) -> Iterator[Figure]:
    twin = _twin()
    if twin is None:
        yield Figure(Text("M/M/5"), [], note=t("needs a checkout (folder benchmarks)"))
        return
    from benchmarks import queues  # noqa: PLC0415

    base = (QUEUE_CUSTOMERS, QUEUE_SERVERS, QUEUE_LOAD)
    yield Figure(
        Text("M/M/5, customers per second: the model's desk ÷ idiomatic simpy"),
        _pairs(lambda: queues.simpy_idiomatic(*base), lambda: queues.kpisim_desk(*base), repeats, OWN),
        t("goal: at least {value}", value=3),
    )
    for library, play in (
        ("ciw", queues.ciw_network),
        ("mesa", queues.mesa_model),
        ("salabim", queues.salabim_model),
    ):
        name = Text("M/M/5, customers per second: {library} ÷ idiomatic simpy", None, library=library)
        if importlib.util.find_spec(library) is None:
            yield Figure(name, [], note=t("not installed; pip install kpisim[bench]"))
        else:
            yield Figure(
                name, _pairs(lambda: queues.simpy_idiomatic(*base), partial(play, *base), repeats, OWN)
            )


def _growth(repeats: int) -> Iterator[Figure]:
    """Fit run time = a · size^b; b is the exponent."""
    from kpisim.experiment import run  # noqa: PLC0415
    from kpisim.model import Model  # noqa: PLC0415

    def reps(size: int) -> Callable[[], Any]:
        scenario = _team_year(**{"team.size": size, "calendar.weeks": 8})
        return lambda: Model(scenario, 1).play()

    def weeks(size: int) -> Callable[[], Any]:
        scenario = _team_year(**{"calendar.weeks": size})
        return lambda: Model(scenario, 1).play()

    short = _team_year(**{"calendar.weeks": 4})

    def replications(size: int) -> Callable[[], Any]:
        return lambda: run(short, size, 1, workers=1, cache=False, progress=False)

    for name, sizes, make in (
        (Text("growth of run time with reps (exponent)"), (10, 30, 100, 300, 1000), reps),
        (Text("growth of run time with weeks (exponent)"), (13, 26, 52, 104), weeks),
        (Text("growth of run time with replications (exponent)"), (4, 8, 16, 32), replications),
    ):
        exponents = [
            _exponent([(size, _seconds(make(size), OWN)) for size in sizes])
            for _ in range(max(repeats // 2, 1))
        ]
        yield Figure(name, exponents, t("goal: at most {value}", value=1.05))


def _exponent(points: list[tuple[int, float]]) -> float:
    """Return the slope of log time over log size by least squares."""
    from math import log  # noqa: PLC0415

    x = [log(size) for size, _ in points]
    y = [log(seconds) for _, seconds in points]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)) / sum(
        (a - mean_x) ** 2 for a in x
    )


def _memory(_repeats: int) -> Iterator[Figure]:
    from kpisim.model import Model  # noqa: PLC0415

    scenario = _team_year()
    tracemalloc.start()
    tasks = len(Model(scenario, 1).play()["tasks"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    yield Figure(Text("peak memory per 1,000 task rows [KiB]"), [peak / 1024 / (tasks / 1000)])


def _processes(repeats: int) -> Iterator[Figure]:
    from kpisim.experiment import run  # noqa: PLC0415

    scenario = _team_year(**{"calendar.weeks": 26})

    def play(workers: int) -> Callable[[], Any]:
        return lambda: run(scenario, 100, 1, workers=workers, cache=False, progress=False)

    name = Text("100 replications: one process ÷ two")
    if (os.cpu_count() or 1) < 2:
        yield Figure(name, [], note=t("this machine has one processor"))
        return
    yield Figure(
        name,
        [_seconds(play(1)) / _seconds(play(2)) for _ in range(max(repeats // 2, 1))],
        t("goal: at least {value}", value=1.7),
    )
    tiny = _team_year(**{"calendar.weeks": 4})
    seconds = [
        _seconds(lambda: run(tiny, 4, 1, workers=2, cache=False, progress=False)) for _ in range(repeats)
    ]
    yield Figure(Text("first results of a warm pool [s]"), seconds, t("goal: at most {value}", value=1))


def _report(repeats: int) -> Iterator[Figure]:
    from kpisim.report.command import report  # noqa: PLC0415
    from kpisim.report.empty import empty_notebook_seconds  # noqa: PLC0415

    name = Text("a report ÷ papermill and nbconvert on an empty notebook with the same imports")
    kept = os.environ.get("KPISIM_CACHE")
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seeds = iter(range(1, 100))

        def build(seed: int) -> None:
            report(
                "default",
                sets={},
                versus=None,
                versus_sets={},
                lang="en",
                replications=30,
                seed=seed,
                out=out,
                xlsx=False,
            )

        os.environ["KPISIM_CACHE"] = str(out / "cache")
        try:
            known = _pairs(lambda: build(0), empty_notebook_seconds, max(repeats // 2, 1))
            new = _pairs(lambda: build(next(seeds)), empty_notebook_seconds, max(repeats // 2, 1))
        finally:
            if kept is None:
                del os.environ["KPISIM_CACHE"]
            else:
                os.environ["KPISIM_CACHE"] = kept
    goal = t("goal: at most {value}", value=3)
    yield Figure(name, known, goal, t("simulation results from the cache"))
    yield Figure(name, new, goal, t("30 replications of a year played for it"))


IMPORT_ROWS = 100_000
_IMPORT = """
import resource, sys
from pathlib import Path
from kpisim.crm import load_export
from kpisim.kpi import measure_values

def peak():
    status = Path("/proc/self/status")
    if status.exists():  # Linux hands the parent's maxrss on to the child
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)

before = peak()
tables = load_export(sys.argv[1], "opportunity_export")
measure_values(tables)
print(len(tables["opportunities"]), before, peak())
"""


def _write_export(path: Path, rows: int) -> None:
    """Write a workbook of `rows` invented opportunities, one sheet, as a CRM system exports it."""
    from datetime import date, timedelta  # noqa: PLC0415

    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet("opportunities")
    sheet.append(
        ["opportunity_id", "sales_agent", "regional_office", "account", "deal_stage", "engage_date",
         "close_date", "close_value"]
    )  # fmt: skip
    first = date(2027, 1, 1)
    for number in range(rows):
        rep, stage = number % 40, ("Won", "Lost", "Engaging", "Won", "Lost")[number % 5]
        begun = first + timedelta(days=number % 300)
        closed = None if stage == "Engaging" else begun + timedelta(days=10 + number % 50)
        value = None if stage == "Engaging" else (1000.0 + number % 9000 if stage == "Won" else 0.0)
        sheet.append(
            [f"OPP-{number:06d}", f"Rep {rep:02d}", f"Region {rep % 4}", f"Account {number % 7000:04d}", stage,
             begun, closed, value]
        )  # fmt: skip
    book.save(path)


def _import(_repeats: int) -> Iterator[Figure]:
    name = Text(
        "peak memory of importing a workbook of {rows} opportunities [MiB]", None, rows=f"{IMPORT_ROWS:,}"
    )
    if importlib.util.find_spec("resource") is None:
        yield Figure(name, [], note=t("this system does not tell peak memory"))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        _write_export(path, IMPORT_ROWS)
        size = path.stat().st_size / 2**20
        printed = subprocess.run(  # noqa: S603  (our own words)
            [sys.executable, "-c", _IMPORT, str(path)], check=True, capture_output=True, text=True
        ).stdout.split()
    yield Figure(
        name,
        [float(printed[2])],
        note=t(
            "{before} of it before the first row; {count} rows came in from a file of {size} MiB",
            before=f"{float(printed[1]):.0f}",
            count=f"{int(printed[0]):,}",
            size=f"{size:.1f}",
        ),
    )


def _start(repeats: int) -> Iterator[Figure]:
    def python(*words: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, *words], check=True, capture_output=True)  # noqa: S603  (our own words)

    yield Figure(
        Text("`kpisim scenarios` ÷ a bare Python start"),
        _pairs(python("-m", "kpisim", "scenarios"), python("-c", "pass"), repeats),
    )


def _panels(repeats: int) -> Iterator[Figure]:
    from kpisim.bench_panels import READ, measure  # noqa: PLC0415

    names = {
        "cached": (Text("slider to picture, result known ÷ a trivial callback"), 1.5, None),
        "ahead": (
            Text(
                "slider to picture, one step on after {seconds} s of reading (played ahead) ÷ a trivial callback",
                None,
                seconds=f"{READ:g}",
            ),
            1.5,
            None,
        ),
        "fresh": (
            Text("slider to first picture, a fresh quarter of 8 reps × 20 runs ÷ a trivial callback"),
            6,
            Text(
                "the goal is for what somebody waits for: the picture of the first 2 runs, marked as early; on two processors 20 "
                "runs alone take longer, see the next line"
            ),
        ),
    }
    all_runs = Text("slider to the picture of all runs, the same fresh quarters ÷ a trivial callback")
    opening = Text("opening a module to the first form ÷ an empty notebook with the same imports")
    # The median of twenty is what is asked for; a quick look takes fewer.
    found = measure(20 if repeats > 3 else 5, 3 if repeats > 3 else 2)
    if isinstance(found, str):
        for name in (*(text for text, _, _ in names.values()), all_runs, opening):
            yield Figure(name, [], note=found)
        return
    for kind, (name, goal, why) in names.items():
        note = t("; ").join(one for one in (_against(found.slider[kind]), str(why or "")) if one)
        yield Figure(
            name, [a / b for a, b in found.slider[kind]], t("goal: at most {value}", value=goal), note
        )
    whole = found.whole["fresh"]
    yield Figure(all_runs, [a / b for a, b in whole], t("no goal"), _against(whole))
    yield Figure(
        opening,
        [a / b for a, b in zip(found.module, found.empty, strict=True)],
        t("goal: at most {value}", value=1.5),
        _against(list(zip(found.module, found.empty, strict=True))),
    )


def _against(pairs: list[tuple[float, float]]) -> str:
    """Return both medians in milliseconds."""
    one, other = (median(side) for side in zip(*pairs, strict=True))
    return t("{a} ms ÷ {b} ms", a=f"{one:.0f}", b=f"{other:.0f}")


SCREENS = 40


def _live(repeats: int) -> Iterator[Figure]:
    """Measure from a saved file to the last of forty screens that has the new board."""
    import asyncio  # noqa: PLC0415

    from kpisim.report.board import board_page  # noqa: PLC0415
    from kpisim.report.live import Live, serve  # noqa: PLC0415

    rows = [f"c{k % 200},2027-{1 + k % 6:02d}-{1 + k % 28:02d},{900 + k % 800}" for k in range(2_000)]

    async def measure(file: Path) -> list[float]:
        def save(more: int) -> None:
            file.write_text("\n".join(["cust,date,value", *rows, *rows[:more]]), encoding="utf-8")

        save(0)
        live = Live(lambda: board_page(file, running=True), lambda: [file])
        there: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(live, ready=there.set_result))
        address = await there
        parts = urlsplit(address)

        async def ask(name: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
            writer.write(f"GET {parts.path}{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            return reader, writer

        async def screen(line: asyncio.StreamReader) -> None:
            await line.readuntil(b"data: ")
            await line.readline()
            reader, writer = await ask("page")
            await reader.read()
            writer.close()

        lines = [await ask("events") for _ in range(SCREENS)]
        await asyncio.gather(*(screen(line) for line, _ in lines))
        seconds = []
        for more in range(1, repeats + 1):
            begun = time.perf_counter()
            save(more)
            await asyncio.gather(*(screen(line) for line, _ in lines))
            seconds.append(time.perf_counter() - begun)
        for _, writer in lines:
            writer.close()
        serving.cancel()
        await asyncio.wait({serving})
        return seconds

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        seconds = asyncio.run(measure(Path(folder) / "orders.csv"))
    yield Figure(
        Text("a live board: saved file to the last of {screens} screens [s]", None, screens=SCREENS),
        seconds,
        t("goal: at most {value}", value=2),
    )


_GROUPS: dict[str, Callable[[int], Iterator[Figure]]] = {
    "engine": _engine,
    "queue": _queue,
    "growth": _growth,
    "memory": _memory,
    "import": _import,
    "processes": _processes,
    "report": _report,
    "start": _start,
    "live": _live,
    "panels": _panels,
}


def lines(*, quick: bool = False, only: list[str] | None = None) -> Iterator[str]:
    """Measure and yield a line per figure.

    Parameters
    ----------
    quick
        Three pairs of runs instead of seven.
    only
        Groups: engine, queue, growth, memory, import, processes, report, start, live, panels.

    Raises
    ------
    UserError
        For an unknown group.
    """
    for name in only or []:
        if name not in _GROUPS:
            raise UserError("{name}: no such figure; {remedy}", name=name, remedy=did_you_mean(name, _GROUPS))
    for name, measure in _GROUPS.items():
        if only is None or name in only:
            for figure in measure(3 if quick else 7):
                yield figure.line()
