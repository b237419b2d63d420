"""Time of `inputs.preview`, warm, against atomate2's own generation of the same files.

Budget: atomate2's own time + 10 %.
"""

from __future__ import annotations

import json
import statistics
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from pymatgen.core import Structure

SIZES = {1: (1, 1, 1), 100: (5, 5, 4), 500: (10, 10, 5), 1000: (10, 10, 10)}
BUDGET_RATIO = 1.10


def _structure(size: tuple[int, int, int]) -> Structure:
    from pymatgen.core import Lattice, Structure

    return Structure(Lattice.cubic(2.87), ["Fe"], [[0.0, 0.0, 0.0]]) * size


def _own(structure: Structure) -> list[str]:
    from atomate2.vasp.jobs.core import RelaxMaker

    made = RelaxMaker().input_set_generator.get_input_set(structure, potcar_spec=True)
    return [str(value) for value in made.values() if value is not None]


def _ours(structure: Structure) -> list[str]:
    from crystalmath import inputs

    return list(inputs.preview(structure, "relax").files().values())


def _interleaved(
    first: Callable[[], object], second: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """Return the lower quartile of the seconds of both, run in turns so that load hits both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for work, kept in zip((first, second), times, strict=True):
            begin = time.perf_counter()
            work()
            kept.append(time.perf_counter() - begin)
    return statistics.quantiles(times[0])[0], statistics.quantiles(times[1])[0]


@click.command()
@click.option("--rounds", default=25, show_default=True)
@click.option("--json", "target", type=click.Path(path_type=Path), help="Write the numbers there.")
def main(rounds: int, target: Path | None) -> None:
    warnings.simplefilter("ignore")
    rows = []
    for atoms, size in SIZES.items():
        structure = _structure(size)
        assert _own(structure) == _ours(structure)
        own, ours = _interleaved(lambda s=structure: _own(s), lambda s=structure: _ours(s), rounds)  # type: ignore[misc]  # mypy cannot type a default of a lambda
        rows.append({"atoms": atoms, "atomate2_ms": own * 1e3, "preview_ms": ours * 1e3, "ratio": ours / own})
        click.echo(
            f"{atoms:5d} atoms   atomate2 {own * 1e3:8.2f} ms   preview {ours * 1e3:8.2f} ms   "
            f"ratio {ours / own:5.2f} (budget {BUDGET_RATIO})"
        )
    if target is not None:
        target.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
