"""The order of the rooms, as people read it and as the linter holds it."""

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _contract() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    layers: list[str] = contract["layers"]
    return layers


def test_readme_states_the_layers_that_are_held() -> None:
    """README.md names the rooms in the order that import-linter holds."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- layers -->\n+```\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    stated = [line.split("  ")[0].replace("/", "").strip() for line in block.group(1).splitlines()]
    assert stated == _contract()


def test_every_room_stands_in_the_contract_and_in_the_wheel() -> None:
    """A folder of the program that no rule watches, or that no wheel carries, does not exist."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = {place.parent.name for place in ROOT.glob("*/__init__.py")}
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    layers = {room for layer in _contract() for room in re.split(r"\s*\|\s*", layer)}
    assert rooms == layers
    assert rooms == set(settings["tool"]["importlinter"]["root_packages"])
    assert rooms == set(wheel["only-include"])
    assert wheel["sources"] == {room: f"iscm/app/{room}" for room in rooms - {"iscm"}}


def test_only_the_application_reads_the_environment() -> None:
    """No room below iscm/ looks at variables: what it needs to know is handed to it."""
    rooms = {place.parent for place in ROOT.glob("*/__init__.py")} - {ROOT / "iscm"}
    files = [file for room in sorted(rooms) for file in sorted(room.rglob("*.py"))]
    assert len(files) > 20
    assert [str(file.relative_to(ROOT)) for file in files if _reads_environment(file)] == []


def _reads_environment(file: Path) -> bool:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    named = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    taken = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return bool({"environ", "environb", "getenv", "getenvb"} & (named | taken))
