"""The JSON Schema of a scenario file, for editors: ``python -m kpisim.scenario.schema [FILE]``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from kpisim.scenario.docs import write
from kpisim.scenario.scenario import Scenario, Values

COMMAND = "python -m kpisim.scenario.schema"
FILE = Path(__file__).parents[2] / "docs" / "scenario.schema.json"


def schema() -> dict[str, Any]:
    """Return the schema: ranges, defaults, and descriptions in both languages with the unit.

    A name that no declaration knows is refused everywhere.  ``unit``, ``zh``, ``rule`` and ``source`` stand beside
    each description as keys of their own; validators pass over them.
    """
    made = Scenario.model_json_schema(mode="validation", schema_generator=_Generator)
    for holder in (made, *made["$defs"].values()):
        # The class docstring speaks to programmers, and its first line is enough for others.
        holder["description"] = holder.get("description", "").split("\n")[0]
        for field in holder.get("properties", {}).values():
            _speak_both_languages(field)
    return made


class _Generator(GenerateJsonSchema):
    """Pydantic does not know how to write our unchangeable mapping as a default."""

    def encode_default(self, dft: Any) -> Any:
        return dict(dft) if isinstance(dft, Values) else super().encode_default(dft)


def text() -> str:
    """Return the schema as it stands in the file."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _speak_both_languages(field: dict[str, Any]) -> None:
    unit = f" [{field['unit']}]" if field["unit"] not in {"section", "text", "name"} else ""
    field["description"] = f"{field['description']}{unit}\n{field['zh']}"


if __name__ == "__main__":
    write(text(), FILE)
