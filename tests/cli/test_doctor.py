"""The doctor finds what is wrong, says what to do, and never falls over itself."""

from __future__ import annotations

import re
import socket
import warnings
from collections import namedtuple
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpisim import doctor
from kpisim.doctor import Check, examine
from kpisim.text import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.unit

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  (as shutil has it)


def refuse(*_: Any, **__: Any) -> None:
    raise OSError(13, "Permission denied")


def none_there(name: str) -> str:
    raise metadata.PackageNotFoundError(name)


def old_python(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sys.version_info", (3, 9, 1, "final", 0))


def missing_package(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(metadata, "requires", lambda _: ["simpy<5,>=4.1"])
    patch.setattr(metadata, "version", none_there)


def old_package(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(metadata, "requires", lambda _: ["simpy<5,>=4.1"])
    patch.setattr(metadata, "version", lambda _: "3.9")


def bad_font(patch: pytest.MonkeyPatch) -> None:
    from kpisim.text import fonts

    patch.setattr(fonts, "use", lambda: {"font.family": ["DejaVu Sans"]})


def full_disk(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("shutil.disk_usage", lambda _: Usage(1, 1, 1_000_000))


def locked_folder(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tempfile.TemporaryFile", refuse)


def english_only_names(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Path, "mkdir", refuse)


def latin_console(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("locale.getpreferredencoding", lambda **_: "cp1252")


def firewall(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(socket, "create_connection", refuse)


def slow_machine(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor, "SLOW_RUN_SECONDS", 0.0)


def broken_model(patch: pytest.MonkeyPatch) -> None:
    from kpisim.model import Model

    def fail(_self: Model) -> None:
        raise RuntimeError("broken")

    patch.setattr(Model, "play", fail)


def dead_kernel(patch: pytest.MonkeyPatch) -> None:
    from jupyter_client.manager import KernelManager

    class Client:
        def start_channels(self) -> None: ...

        def stop_channels(self) -> None: ...

        def wait_for_ready(self, timeout: float) -> None:  # noqa: ARG002
            raise RuntimeError("Kernel died before replying")

    patch.setattr(KernelManager, "start_kernel", lambda _self: None)
    patch.setattr(KernelManager, "blocking_client", lambda _self: Client())


WRONG: list[tuple[Callable[[pytest.MonkeyPatch], None], Callable[[], Check], str]] = [
    (old_python, doctor.python, "install Python 3.11 or newer"),
    (missing_package, doctor.packages, "simpy is missing"),
    (old_package, doctor.packages, "simpy 3.9 (<5,>=4.1)"),
    (bad_font, doctor.font, "install kpisim again"),
    (full_disk, doctor.disk, "make room: 500 MB"),
    (locked_folder, doctor.disk, "Permission denied"),
    (english_only_names, doctor.paths, "English names"),
    (latin_console, doctor.console, "PYTHONUTF8=1"),
    (firewall, doctor.port, "firewall"),
    (slow_machine, doctor.play, "fewer replications"),
    (broken_model, doctor.play, "RuntimeError: broken"),
    (dead_kernel, doctor.kernel, "ipykernel"),
]


@pytest.mark.parametrize(("spoil", "check", "said"), WRONG, ids=[spoil.__name__ for spoil, _, _ in WRONG])
def test_what_is_wrong_is_found_with_its_remedy(
    spoil: Callable[[pytest.MonkeyPatch], None],
    check: Callable[[], Check],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patch:
        spoil(patch)
        found = check()
    assert not found.good
    assert said in found.line()
    assert found.line().startswith("✗ bad  ")
    assert " → " in found.line()
    with language("zh"):
        line = found.line()
    assert line.startswith("✗ 有问题")
    assert re.search(r"→ .*[\u4e00-\u9fff]", line)


def test_a_missing_browser_is_only_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    found = doctor.browser()
    assert found.good
    assert "PDF" in found.line()
    monkeypatch.setattr("shutil.which", lambda name: f"there/{name}" if name == "msedge" else None)
    assert str(doctor.browser().detail) == "there/msedge"


def test_running_from_a_folder_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", none_there)
    assert doctor.packages().good


def test_extras_need_not_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda _: ["ciw>=3.2; extra == 'bench'", "numpy>=1.26"])
    assert str(doctor.packages().detail) == "all 1 fit"


@pytest.mark.parametrize(
    ("found", "sign", "bound", "fits"),
    [
        ((4, 1), ">=", (4, 1, 0), True),
        ((4, 1, 1), "<", (5,), True),
        ((5,), "<", (5, 0), False),
        ((0, 13, 2), ">=", (0, 13, 2), True),
        ((10, 0), ">", (9, 9), True),
        ((2, 2), "==", (2, 2, 0), True),
        ((2, 2), "!=", (2, 2, 0), False),
        ((2, 9), "~=", (2, 2), True),
        ((3, 0), "~=", (2, 2), False),
        ((2,), "<=", (1, 9), False),
    ],
)
def test_versions_are_compared_as_numbers(
    found: tuple[int, ...], sign: str, bound: tuple[int, ...], fits: bool
) -> None:
    assert doctor._fits(found, sign, bound) is fits


def test_a_check_that_raises_becomes_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def port() -> Check:
        raise RuntimeError("something\nodd")

    monkeypatch.setattr(doctor, "CHECKS", (port, doctor.python))
    bad, good = examine()
    assert (
        bad.line()
        == "✗ bad  network port on this machine: RuntimeError: something odd → show this line to who set it up"
    )
    assert good.line().startswith("✓ good  Python: 3.")


def test_the_command_ends_with_1_when_something_is_bad(
    kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (doctor.python, doctor.disk))
    assert kpisim("doctor").code == 0
    full_disk(monkeypatch)
    said = kpisim("doctor")
    assert said.code == 1
    assert [line[:1] for line in said.out.splitlines()] == ["✓", "✗"]


@pytest.mark.slow
@pytest.mark.functional
def test_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "销售 团队"
    folder.mkdir()
    monkeypatch.chdir(folder)
    # The channels of a stopped kernel are closed by the garbage collector, which says so.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        found = {str(check.name): check for check in examine()}
    assert len(found) == len(doctor.CHECKS) == len(doctor.NAMES)
    for name in ("Python", "Chinese font in figures", "Chinese file names", "simulation", "Jupyter kernel"):
        assert found[name].good, found[name].line()
    assert list(folder.iterdir()) == []
