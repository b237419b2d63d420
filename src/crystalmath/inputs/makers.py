"""atomate2's VASP Makers by name: which there are, and a fresh one on demand.

Nothing here imports atomate2 before a Maker is asked for; the list of classes is read from its source files.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
import json
import warnings
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crystalmath.errors import TemplateError
from crystalmath.paths import home

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CURATED", "MakerEntry", "every", "find", "fresh", "quiet", "unknown"]

PACKAGES: Final = ("atomate2.vasp.jobs", "atomate2.vasp.flows")


@dataclass(frozen=True, slots=True)
class MakerEntry:
    """A Maker under the name by which it is asked for; `target` is `module:Class`."""

    name: str
    title: str
    target: str
    curated: bool = False


CURATED: Final = tuple(
    MakerEntry(name, title, target, curated=True)
    for name, title, target in (
        ("static", "Static calculation at fixed structure", "atomate2.vasp.jobs.core:StaticMaker"),
        ("relax", "Relaxation of atoms and cell", "atomate2.vasp.jobs.core:RelaxMaker"),
        ("double_relax", "Two relaxations in a row", "atomate2.vasp.flows.core:DoubleRelaxMaker"),
        (
            "relax_bands",
            "Double relaxation, static run, band structure on a mesh and along lines",
            "atomate2.vasp.flows.core:RelaxBandStructureMaker",
        ),
        (
            "bands",
            "Static run, then the band structure on a mesh and along lines",
            "atomate2.vasp.flows.core:BandStructureMaker",
        ),
        (
            "hse_bands",
            "Band structure with the HSE functional",
            "atomate2.vasp.flows.core:HSEBandStructureMaker",
        ),
        ("optics", "Frequency-dependent dielectric function", "atomate2.vasp.flows.core:OpticsMaker"),
        (
            "dielectric",
            "Dielectric tensor and Born charges",
            "atomate2.vasp.jobs.core:DielectricMaker",
        ),
        ("elastic", "Elastic constants from deformed cells", "atomate2.vasp.flows.elastic:ElasticMaker"),
        (
            "equation_of_state",
            "Energy over volume, with fitted bulk modulus",
            "atomate2.vasp.flows.eos:EosMaker",
        ),
        ("phonons", "Phonons from displaced atoms in a supercell", "atomate2.vasp.flows.phonons:PhononMaker"),
        (
            "gruneisen",
            "Grüneisen parameters from phonons at three volumes",
            "atomate2.vasp.flows.gruneisen:GruneisenMaker",
        ),
        (
            "quasi_harmonic",
            "Thermal expansion and free energies from phonons over volume",
            "atomate2.vasp.flows.qha:QhaMaker",
        ),
        ("md", "Molecular dynamics", "atomate2.vasp.jobs.md:MDMaker"),
        (
            "mp_gga",
            "Double relaxation and static run as in the Materials Project, PBE and PBE+U",
            "atomate2.vasp.flows.mp:MPGGADoubleRelaxStaticMaker",
        ),
        (
            "mp_r2scan",
            "Relaxations and static run as in the Materials Project, r2SCAN",
            "atomate2.vasp.flows.mp:MP24DoubleRelaxStaticMaker",
        ),
    )
)


def find(name: str) -> MakerEntry:
    """Return the Maker of a curated name or of a class name of atomate2.

    Raises:
        TemplateError: there is none of that name; the nearest ones are named.
    """
    if name == "folder":
        raise TemplateError(
            "The template folder runs the files of a folder as they are, no workflow of atomate2.",
            hint="Run it with: crystalmath run folder DIR",
        )
    for entry in (*CURATED, *every()):
        if name == entry.name:
            return entry
    raise unknown(name, tuple(entry.name for entry in (*CURATED, *every())))


def unknown(name: str, names: tuple[str, ...]) -> TemplateError:
    """Return the error for a name that no template has."""
    near = _nearest(name, names)
    listed = ", ".join(entry.name for entry in CURATED)
    meant = f"Did you mean {' or '.join(near)}?" if near else f"Use one of {listed}, folder"
    return TemplateError(
        f"There is no template {name!r}.",
        hint=f"{meant.rstrip('?')}? Any VASP Maker of atomate2 can be named by its class too."
        if near
        else f"{meant}, or the class name of a VASP Maker of atomate2.",
    )


def _nearest(name: str, names: tuple[str, ...]) -> list[str]:
    import difflib

    folded = {other.lower().replace("_", ""): other for other in names}
    asked = name.lower().replace("_", "").replace("-", "").replace(" ", "")
    close = difflib.get_close_matches(asked, folded, n=3, cutoff=0.7)
    return [folded[key] for key in close]


@cache
def every() -> tuple[MakerEntry, ...]:
    """Return every Maker class that atomate2's VASP jobs and flows define, sorted by name."""
    from importlib.metadata import version

    kept = home() / f"makers-{version('atomate2')}.json"
    rows = _load(kept)
    if rows is None:
        rows = sorted(_scan())
        _keep(kept, rows)
    return tuple(MakerEntry(name, title, target) for name, title, target in rows)


def _load(path: Path) -> list[tuple[str, str, str]] | None:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [(str(name), str(title), str(target)) for name, title, target in rows]
    except (OSError, ValueError, TypeError):
        return None  # not there, or cut short by a crash: it is made again


def _keep(path: Path, rows: list[tuple[str, str, str]]) -> None:
    scratch = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(json.dumps(rows), encoding="utf-8")
        scratch.replace(path)
    except OSError:
        return  # a home that cannot be written costs a fifth of a second per process, nothing else


def _scan() -> Iterator[tuple[str, str, str]]:
    """Yield name, title and target of the public descendants of Maker, from the source alone."""
    classes = {node.name: (module, node) for module, node in _classes()}
    for name, (module, node) in classes.items():
        if _is_maker(node, classes) and not name.startswith(("_", "Base")):
            yield name, _title(node), f"{module}:{name}"


def _classes() -> Iterator[tuple[str, ast.ClassDef]]:
    root = _source_root()
    for package in PACKAGES:
        folder = root.joinpath(*package.split(".")[1:])
        for path in sorted(folder.glob("[!_]*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in tree.body:
                if isinstance(node, ast.ClassDef):
                    yield f"{package}.{path.stem}", node


def _source_root() -> Path:
    spec = importlib.util.find_spec("atomate2")
    if spec is None or not spec.submodule_search_locations:
        raise TemplateError(
            "atomate2 is not installed.", hint="Install CrystalMath again with its dependencies."
        )
    return Path(spec.submodule_search_locations[0])


def _is_maker(node: ast.ClassDef, classes: dict[str, tuple[str, ast.ClassDef]]) -> bool:
    for base in node.bases:
        name = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
        elsewhere = (
            name not in classes or classes[name][1] is node
        )  # imported from outside, under its own name too
        if name.endswith("Maker") if elsewhere else _is_maker(classes[name][1], classes):
            return True
    return False


def _title(node: ast.ClassDef) -> str:
    return (ast.get_docstring(node) or node.name).strip().partition("\n\n")[0].replace("\n", " ").rstrip(".")


def fresh(entry: MakerEntry) -> Any:
    """Return a new Maker with atomate2's defaults; `make` changes a Maker, so none is used twice.

    Raises:
        TemplateError: it cannot be imported or needs more than a structure, or atomate2's class is broken.
    """
    maker_class = _imported(entry)
    if "__annotations__" in vars(maker_class) and "__dataclass_fields__" not in vars(maker_class):
        raise TemplateError(
            f"atomate2's {entry.name} ignores its own settings (its class is no dataclass), so it would run "
            "other inputs than its name says.",
            hint="Use another Maker, for instance TightRelaxConstVolMaker for a relaxation in a fixed cell.",
        )
    required = [
        f.name
        for f in fields(maker_class)
        if f.init and f.default is MISSING and f.default_factory is MISSING
    ]
    if required:
        raise TemplateError(
            f"{entry.name} cannot be made from a structure alone: it needs {', '.join(required)}.",
            hint="Make the Maker in a script and submit that: cm.submit(maker, structure).",
        )
    with quiet():
        return maker_class()


def _imported(entry: MakerEntry) -> Any:
    module_name, _, class_name = entry.target.partition(":")
    try:
        with quiet():
            return getattr(importlib.import_module(module_name), class_name)
    except ImportError as error:
        missing = f"the package {error.name}" if error.name else " ".join(str(error).split())
        raise TemplateError(
            f"{entry.name} cannot be loaded; something is not installed: {missing}.",
            hint="Install it into the environment of CrystalMath.",
        ) from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep warnings off the terminal; those about inputs come again, and are kept, when inputs are made."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
