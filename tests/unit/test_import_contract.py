"""Who may import whom, read from the source and from a running interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
HEAVY = {"aiida", "pymatgen", "atomate2", "ase", "scipy", "jobflow", "emmet", "custodian", "monty", "maggma"}

# What each package of `crystalmath` may import of its siblings.
ALLOWED = {
    "vasp": set(),
    "standin": {"vasp"},
    "structures": {"vasp"},
    "inputs": {"vasp", "templates", "structures"},
    "potcars": {"vasp"},
    "templates": {"vasp", "structures", "inputs", "potcars"},
    "results": {"vasp", "standin", "structures"},
    "engine": {"vasp", "structures", "inputs", "potcars", "templates", "results", "standin"},
}
MAY_USE = {
    "aiida": {"engine"},
    "kiwipy": {"engine"},
    "plumpy": {"engine"},
    "pymatgen": {"inputs", "structures", "templates", "engine", "results"},
    "atomate2": {"inputs", "templates", "engine"},
    "jobflow": {"inputs", "templates", "engine"},
    "emmet": {"engine", "results"},
    "ase": {"structures", "standin"},
}


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _type_checking_removed(tree: ast.Module) -> ast.Module:
    class Strip(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | None:
            if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
                return None
            return self.generic_visit(node)

    stripped = Strip().visit(tree)
    assert isinstance(stripped, ast.Module)
    return ast.fix_missing_locations(stripped)


def _modules() -> list[Path]:
    return sorted((SOURCE / "crystalmath").rglob("*.py"))


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_imports_only_what_its_package_may(path: Path) -> None:
    package = path.relative_to(SOURCE / "crystalmath").parts[0].removesuffix(".py")
    names = set(_imports(_type_checking_removed(ast.parse(path.read_text()))))
    assert not [n for n in names if n.split(".")[0] == "crystalmath_lsp"], (
        "the library never imports the server"
    )
    for foreign, users in MAY_USE.items():
        if any(n.split(".")[0] == foreign for n in names):
            assert package in users | {"api"}, f"{foreign} is not for {package}"
    if package in ALLOWED:
        siblings = {n.split(".")[1] for n in names if n.startswith("crystalmath.")} & ALLOWED.keys()
        assert siblings <= ALLOWED[package] | {package}


def test_the_pure_core_uses_the_standard_library_and_numpy_only() -> None:
    for path in sorted((SOURCE / "crystalmath" / "vasp").rglob("*.py")):
        roots = {n.split(".")[0] for n in _imports(_type_checking_removed(ast.parse(path.read_text())))}
        foreign = roots - sys.stdlib_module_names - {"crystalmath", "numpy"}
        assert not foreign, f"{path.name} imports {foreign}"


@pytest.mark.parametrize(
    "name", ["crystalmath", "crystalmath.cli", "crystalmath.vasp", "crystalmath_lsp.__main__"]
)
def test_importing_the_surface_loads_nothing_heavy(name: str) -> None:
    script = f"import {name}, sys; print(sorted({HEAVY!r} & sys.modules.keys()))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
