"""Three files name the dependencies: pyproject.toml (ranges), environment.yml (the same), constraints.txt (pins)."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RUNTIME = {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["dependencies"])}
EXTRAS = [Requirement(text) for texts in PROJECT["optional-dependencies"].values() for text in texts]
OTHERS = [r for r in EXTRAS if r.name != PROJECT["name"]]
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8")
PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[A-Za-z0-9.!+]+)")


def pins() -> dict[str, str]:
    lines = [line for line in CONSTRAINTS.splitlines() if line and not line.startswith("#")]
    matches = [PIN.fullmatch(line) for line in lines]
    bad = [line for line, match in zip(lines, matches, strict=True) if match is None]
    assert not bad, f"only name==version belongs into constraints.txt, not {bad}"
    return {canonicalize_name(m["name"]): m["version"] for m in matches if m}


def environment() -> dict[str, Requirement]:
    """Return environment.yml's packages; conda writes a space before the range and is else alike."""
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert all(isinstance(text, str) for text in listed["dependencies"]), (
        "a pip section would need its own pins"
    )
    requirements = [Requirement(text) for text in listed["dependencies"]]
    return {canonicalize_name(r.name): r for r in requirements}


def test_environment_names_every_runtime_dependency_with_the_same_range() -> None:
    conda = environment()
    assert {n: str(r.specifier) for n, r in conda.items() if n in RUNTIME} == {
        name: str(r.specifier) for name, r in RUNTIME.items()
    }


def test_environment_names_nothing_else_but_python_and_pip() -> None:
    conda = environment()
    assert set(conda) - set(RUNTIME) == {"python", "pip"}
    assert str(conda["python"].specifier) == PROJECT["requires-python"]


def test_environment_names_its_channel_by_name() -> None:
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert listed["channels"] == ["conda-forge"]


@pytest.mark.parametrize("requirement", [*RUNTIME.values(), *OTHERS], ids=str)
def test_every_dependency_is_pinned_inside_its_range(requirement: Requirement) -> None:
    version = pins().get(canonicalize_name(requirement.name))
    assert version is not None, (
        f"constraints.txt lacks {requirement.name}: make it anew (how: its first lines)"
    )
    assert requirement.specifier.contains(version, prereleases=True), f"{version} is outside {requirement}"


def test_dev_is_test() -> None:
    assert PROJECT["optional-dependencies"]["dev"] == ["kpisim[test]"]


def test_constraints_name_each_package_once_and_not_kpisim() -> None:
    names = [m["name"] for m in map(PIN.fullmatch, CONSTRAINTS.splitlines()) if m]
    assert len({canonicalize_name(n) for n in names}) == len(names)
    assert "kpisim" not in names


@pytest.mark.parametrize("name", ["constraints.txt", "environment.yml"])
def test_no_place_to_download_from_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "@" not in text


def test_no_lock_file_is_tracked() -> None:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        pytest.skip("not a git checkout")
    locks = {
        "uv.lock",
        "poetry.lock",
        "pdm.lock",
        "pylock.toml",
        "Pipfile.lock",
        "package-lock.json",
        "yarn.lock",
    }
    assert not [line for line in done.stdout.splitlines() if Path(line).name in locks]
