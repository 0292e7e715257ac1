"""Tracked files name no package registry and no place on somebody's machine."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]

# Joined from parts, so that this file does not contain what it forbids.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("pypi", "tuna", "tsinghua"),
        ("mirrors", "aliyun"),
        ("anaconda", "org"),
        ("anaconda", "com"),
        ("registry", "npmjs"),
        ("registry", "yarnpkg"),
        ("npmmirror", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "cloudflare"),
        ("deb", "debian"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("quay", "io"),
    )
]
MACHINE = re.compile(
    "|".join(
        [
            *(
                rf"(?<![\w.:/~$}}*-])/{top}/(?=[\w.-])"
                for top in ("work", "root", "home", "Users", "opt/" + "kv")
            ),
            r"\b[A-Z]:\\" + r"Users\\",
        ]
    )
)


@cache
def tracked_texts() -> dict[str, str]:
    """Return path -> text of every tracked text file."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    texts = {}
    for name in filter(None, done.stdout.split("\0")):
        path = ROOT / name
        data = path.read_bytes() if path.is_file() else b""
        if b"\0" not in data:
            texts[name] = data.decode("utf-8")  # a text file that is not UTF-8 fails here, with its offset
    return texts


def hits(pattern: re.Pattern[str], leave_out: str = "") -> list[str]:
    """Return ``path:line: match`` for every match of `pattern`."""
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in tracked_texts().items()
        if not (leave_out and name.startswith(leave_out))
        for match in pattern.finditer(text)
    ]


def test_no_package_registry_is_named() -> None:
    found = hits(re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE))
    assert not found, f"a file must work with any registry or mirror, so it names none: {found}"


def test_no_place_on_a_machine_is_named() -> None:
    found = hits(MACHINE, leave_out=".ci/")
    assert not found, f"use a path relative to the repository, or an environment variable: {found}"


def test_line_ends_are_lf() -> None:
    assert not [name for name, text in tracked_texts().items() if "\r" in text]


@pytest.mark.parametrize("top", ["work", "root", "home"])
def test_the_pattern_finds_what_it_forbids(top: str) -> None:
    for line in (f'open("/{top}/somebody/x.csv")', f"cd /{top}/main", f"PATH=/{top}/bin"):
        assert MACHINE.search(line), line


@pytest.mark.parametrize(
    "line", ["docs/work/plan.md", "../work/x", "https://example.org/home/page", "a /work / b"]
)
def test_the_pattern_leaves_relative_paths_alone(line: str) -> None:
    assert not MACHINE.search(line)
