"""Help pages name every option in the reader's language, and commands start without what they do not need."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from kpisim.cli import COMMANDS, cli
from kpisim.cli.usage import Argument, fold
from kpisim.text import catalogue
from kpisim.text.cells import width

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.unit

CLICK_SAYS = re.compile(
    r"Show this|Usage:|Options:|Commands:|Show the version|default:|INTEGER|TEXT|\[OPTIONS\]"
)
ENGLISH = re.compile(r"\b(?:the|a|of|for|with|and)\b")


def commands() -> dict[str, click.Command]:
    ctx = click.Context(cli)
    return {name: cli.get_command(ctx, name) for name in COMMANDS}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_in_the_language_asked_for(kpisim: Kpisim, command: str) -> None:
    words = [command, "--help"] if command else ["--help"]
    english = kpisim(*words)
    chinese = kpisim("--lang", "zh", *words) if not command else kpisim(*words, "--lang", "zh")
    assert english.code == chinese.code == 0
    assert english.out.startswith(f"Usage: kpisim {command}".rstrip())
    assert not re.search(r"[\u4e00-\u9fff]", english.out)
    assert chinese.out.startswith(f"用法：kpisim {command}".rstrip())
    assert not CLICK_SAYS.search(chinese.out)
    assert not ENGLISH.search(chinese.out), chinese.out
    for text in (english.out, chinese.out):
        assert all(width(line) <= 100 for line in text.splitlines())


def test_every_command_option_and_argument_is_explained_in_both_languages() -> None:
    known = catalogue("zh")
    assert set(COMMANDS) == set(cli.commands)
    for name, command in {"kpisim": cli, **commands()}.items():
        missing = "write its Chinese into kpisim/text/locale/zh/cli.po"
        assert command.help in known, f"{name}: {missing}"
        for one in command.params:
            assert isinstance(one, (click.Option, Argument)), (name, one)
            assert one.help, (name, one.name)
            assert one.help in known, f"{name} {one.name}: {one.help}: {missing}"


def test_without_a_command_kpisim_lists_them(kpisim: Kpisim) -> None:
    said = kpisim()
    assert said.code == 0
    for name, meaning in COMMANDS.items():
        assert name in said.out
        assert meaning in said.out
    assert kpisim("--version").out.startswith("kpisim ")


@pytest.mark.parametrize(
    ("name", "value", "lang"),
    [
        ("KPISIM_LANG", "zh", "zh"),
        ("LC_ALL", "zh_CN.UTF-8", "zh"),
        ("LANG", "zh_TW.UTF-8", "zh"),
        ("LANG", "fr_FR.UTF-8", "en"),
        ("KPISIM_LANG", "nonsense", "en"),
    ],
)
def test_the_language_comes_from_the_environment(
    kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch, name: str, value: str, lang: str
) -> None:
    monkeypatch.setenv(name, value)
    out = kpisim("scenarios").out
    assert bool(re.search(r"[\u4e00-\u9fff]", out)) == (lang == "zh")
    assert not re.search(r"[\u4e00-\u9fff]", kpisim("scenarios", "--lang", "en").out)


def test_lines_are_folded_between_words_and_chinese_signs() -> None:
    assert list(fold("one two three", 7)) == ["one two", "three"]
    assert list(fold("八名销售，代表", 8)) == ["八名销", "售，代表"]
    assert list(fold("词 incentive.commission_rate=0.08 词", 10)) == [
        "词",
        "incentive.commission_rate=0.08",
        "词",
    ]
    assert "".join(fold("每周都有新线索进来，老客户持续复购。", 10)) == "每周都有新线索进来，老客户持续复购。"
    assert list(fold("", 10)) == []


def test_the_list_of_scenarios_needs_none_of_the_heavy_packages() -> None:
    heavy = (
        "pandas",
        "numpy",
        "scipy",
        "matplotlib",
        "seaborn",
        "IPython",
        "jupyter_core",
        "papermill",
        "nbconvert",
    )
    code = (
        "import sys\nfrom kpisim.cli import main\n"
        "try:\n    main(['scenarios'])\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print('loaded', [name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True)
    *listed, last = done.stdout.splitlines()
    assert last == "loaded []"
    assert [line.split()[0] for line in listed] == ["default", "medical_devices", "retail_peak", "technology"]
