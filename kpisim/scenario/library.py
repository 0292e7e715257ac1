"""Scenarios on disk: the library that comes along, and users' own YAML files."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kpisim.scenario.errors import short
from kpisim.scenario.scenario import Scenario
from kpisim.text import Text, UserError, did_you_mean, t
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER = Path(__file__).parent / "library"
# libyaml where it is there, several times faster.
_Plain: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DATE, _MERGED = "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:merge"


class _Loader(_Plain):  # type: ignore[misc]
    """A safe loader that refuses a name that stands twice, where others let the last one win without a word."""

    def get_single_node(self) -> yaml.Node | None:
        """Return the document as nodes, looked through before anything is made of them."""
        root: yaml.Node | None = super().get_single_node()
        waiting, seen = [root] if root is not None else [], set()
        while waiting:
            node = waiting.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node, yaml.MappingNode):
                self._once(node)
                waiting += [one for pair in node.value for one in pair]
            elif isinstance(node, yaml.SequenceNode):
                waiting += node.value
            elif isinstance(node, yaml.ScalarNode) and node.tag == _DATE:
                self._a_day(node)
        return root

    def _once(self, node: yaml.MappingNode) -> None:
        names = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode) or name.tag == _MERGED:
                continue
            if name.value in names:
                raise BadYamlError(
                    name.start_mark.line + 1,
                    Text("{name} stands twice; take one out", None, name=short(name.value)),
                )
            names.add(name.value)

    def _a_day(self, node: yaml.ScalarNode) -> None:
        try:
            self.construct_yaml_timestamp(node)
        except ValueError:
            raise BadYamlError(
                node.start_mark.line + 1,
                Text("{value} is no day of the calendar; correct it", None, value=short(node.value)),
            ) from None


def library() -> list[str]:
    """Return the names of the ready scenarios, ``default`` first.

    Examples
    --------
    >>> library()
    ['default', 'medical_devices', 'retail_peak', 'technology']
    """
    names = sorted(file.stem for file in _FOLDER.glob("*.yaml"))
    return sorted(names, key=lambda name: name != "default")


@cache
def _ready(name: str) -> Scenario:
    """Return a ready scenario, read once: nobody can change it."""
    return Scenario.parse(read_yaml(_FOLDER / f"{name}.yaml"))


def load(name: str | Path) -> Scenario:
    """Load a scenario by its library name or from a YAML file.

    Parameters
    ----------
    name
        One of `library()`, or the path of a ``.yaml`` file, which says only what differs from the defaults.

    Raises
    ------
    UserError
        Unknown name, unreadable file, or a value against its rule.

    Examples
    --------
    >>> load("technology").incentive.period
    'month'
    """
    if str(name) in library():
        return _ready(str(name))
    path = Path(name)
    if path.suffix.lower() not in {".yaml", ".yml"}:
        if _there(path):
            raise UserError("{path}: not a scenario file; give a .yaml file", path=short(str(name), 80))
        raise UserError(
            "{name}: no such scenario; {remedy}",
            name=short(name, 80),
            remedy=did_you_mean(str(name), library()),
        )
    return Scenario.parse({"name": path.stem, **read_yaml(path)}, where=partial(line_in, path))


def _there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        # No file can have a name that is too long or has a zero byte in it.
        return False


def save(scenario: Scenario, path: str | Path) -> Path:
    """Write `scenario` as YAML: its name, and what differs from the defaults.

    Parameters
    ----------
    scenario
        What to write.
    path
        File to write; what is there is replaced.

    Returns
    -------
    Path
        The file; `load` gives the same scenario back.

    Raises
    ------
    UserError
        The file cannot be written.
    """
    file = Path(path)
    # Always with its name: a file without one is called after the file.
    data = {"name": scenario.name, **scenario.model_dump(mode="json", exclude_defaults=True)}
    with writing_file(file):
        file.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


class BadYamlError(ValueError):
    """Text that is not YAML.

    Attributes
    ----------
    line
        Where reading stopped, from 1; 1 where that is not known.
    why
        What is wrong there; None where it is the signs of YAML.
    """

    def __init__(self, line: int = 1, why: Text | None = None) -> None:
        super().__init__(line)
        self.line, self.why = line, why


def parse_yaml(text: str) -> Any:
    """Return the plain value that `text` stands for in YAML.

    Raises
    ------
    BadYamlError
        No YAML, a name that stands twice, or a value that cannot be, such as the 13th month.
    """
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  (a safe loader, chosen above)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadYamlError(mark.line + 1 if mark is not None else 1) from None
    except BadYamlError:
        raise
    except (ValueError, TypeError, RecursionError, OverflowError):
        # The reader itself trips over a mapping as a key, and over a thousand brackets.
        raise BadYamlError from None


def line_of(path: Path, parts: Sequence[str]) -> int | None:
    """Return the line, from 1, that a value stands on, or the last of its parts that is there; None for none of them.

    Parameters
    ----------
    path
        A YAML file that could be read.
    parts
        Names and positions that lead to the value.
    """
    node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    line = None
    for part in parts:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
            found = (node.value[int(part)],) * 2
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


def line_in(path: Path, parts: Sequence[str]) -> str:
    """Return the file's name with the line that a value stands on; see :func:`line_of`."""
    line = line_of(path, parts)
    return path.name if line is None else t("{path}, line {line}", path=path.name, line=line)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping in UTF-8, with one-line errors."""
    data = read_any_yaml(path)
    if data is None:
        raise UserError("{path}: the file is empty; write at least one parameter", path=str(path))
    if not isinstance(data, dict):
        raise UserError("{path}: must hold names with values; write name: value", path=str(path))
    return {str(key): value for key, value in data.items()}


def read_any_yaml(path: Path) -> Any:
    """Read whatever a YAML file in UTF-8 holds, with one-line errors."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UserError("{path}: no such file; check the path", path=str(path)) from None
    except IsADirectoryError:
        raise UserError("{path}: is a folder; give a file", path=str(path)) from None
    except PermissionError:
        raise UserError("{path}: may not be read; check its permissions", path=str(path)) from None
    except OSError as problem:
        raise UserError(
            "{path}: cannot be read ({problem}); check the path", path=str(path), problem=problem.strerror
        ) from None
    except UnicodeDecodeError as problem:
        raise UserError(
            "{path}: not UTF-8 (byte {position}); save the file as UTF-8",
            path=str(path),
            position=problem.start,
        ) from None
    try:
        return parse_yaml(text)
    except BadYamlError as problem:
        if problem.why is not None:
            where = t("{path}, line {line}", path=str(path), line=problem.line)
            raise UserError("{path}: {problem}", path=where, problem=problem.why) from None
        raise UserError(
            "{path}: line {line} is not valid YAML; check indentation, colons and brackets",
            path=str(path),
            line=problem.line,
        ) from None
