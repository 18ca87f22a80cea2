"""Write docs/stages/*.md from the stages themselves, so that the pages cannot lie; a test asks whether they are fresh."""

from __future__ import annotations

from pathlib import Path

from pydantic.fields import FieldInfo

from calotype.engine.ports import Arity, InputPort, ports_of
from calotype.engine.registry import stage_class, stage_names

FOLDER = Path(__file__).parent / "stages"
_ARITY = {Arity.EACH: "each by itself", Arity.ALL: "all together", Arity.ONE: "one"}


def page(name: str) -> str:
    """The page of one stage."""
    stage = stage_class(name)
    ports = ports_of(stage)
    lines = [
        f"# {name}",
        "",
        f"{(stage.__doc__ or '').strip()}",
        "",
        f"Version {stage.version}.",
        "",
        "## In",
        "",
    ]
    lines += [_input(port) for port in ports.inputs]
    lines += ["", "## Out", ""]
    lines += [
        f"- `{port.name}`: {port.kind.__name__}{', many' if port.is_many else ''}" for port in ports.outputs
    ]
    if ports.is_per_item:
        lines += ["- `rejected`: Report, the items it declined and why"]
    lines += ["", "## Parameters", "", "| name | default | meaning |", "|---|---|---|"]
    lines += [
        _parameter(one, field, one in stage.speed_only_names()) for one, field in stage.model_fields.items()
    ]
    return "\n".join(_dedent(line) for line in lines) + "\n"


def _input(port: InputPort) -> str:
    kinds = " and ".join(kind.__name__ for kind in port.kinds)
    optional = ", may be left out" if port.is_optional else ""
    return f"- `{port.name}`: {kinds}, {_ARITY[port.arity]}{optional}"


def _parameter(name: str, field: FieldInfo, speed_only: bool) -> str:
    meaning = (field.description or "").replace("\n", " ").replace("|", "\\|")
    bounds = ", ".join(str(bound) for bound in field.metadata if hasattr(bound, "__dataclass_fields__"))
    only = " (speed only: not in the key)" if speed_only else ""
    limits = f" [{bounds}]" if bounds else ""
    return f"| `{name}` | `{field.default!r}` | {meaning}{only}{limits} |"


def _dedent(line: str) -> str:
    return "\n".join(part.strip() for part in line.split("\n"))


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for stage_name in stage_names():
        (FOLDER / f"{stage_name}.md").write_text(page(stage_name))
        print(FOLDER / f"{stage_name}.md")
