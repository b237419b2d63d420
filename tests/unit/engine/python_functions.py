"""Jobs that are Python functions, in a module that can be imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jobflow import Flow, Response, job


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def add(a: float, b: float) -> float:
    return a + b


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def fail(words: str) -> None:
    raise ValueError(words)


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def opaque() -> object:
    return object()


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def replace_by_sum(numbers: list[float]) -> Any:
    """Replace the job by a chain of additions."""
    jobs = [add(numbers[0], numbers[1])]
    for number in numbers[2:]:
        jobs.append(add(jobs[-1].output, number))
    return Response(replace=Flow(jobs, output={"sum": jobs[-1].output, "first": jobs[0].output}))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def detour(a: float) -> Any:
    return Response(output=a, detour=add(a, 100), stored_data={"why": "to see"})


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def add_job(a: float) -> Any:
    return Response(output=a, addition=add(a, 1000))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def stop_children() -> Any:
    return Response(output=1, stop_children=True)


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def stop_flow() -> Any:
    return Response(output=1, stop_jobflow=True)


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def leave_file(text: str, *, tell: bool) -> dict[str, str]:
    """Write a file where the job runs, and say where that is."""
    Path("left.yaml").write_text(text)
    return {"where": str(Path.cwd())} if tell else {}


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def look_into(directory: str) -> dict[str, Any]:
    """Open a calculation's folder, delete a file in it and say what was there."""
    folder = Path(directory)
    names = sorted(path.name for path in folder.iterdir())
    (folder / names[0]).unlink()
    return {"names": names, "directory": str(folder), "cwd": str(Path.cwd())}


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def go_on(directory: str) -> Any:
    """Hand a calculation's folder to a new job."""
    return Response(replace=look_into(directory))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def count(value: Any) -> str:
    return type(value).__name__


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def shrink(a: float) -> Any:
    """Replace the job by itself on less, until nothing is left."""
    return a if a < 1 else Response(replace=shrink(a - 1))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def detour_twice(a: float) -> Any:
    return Response(output=a, detour=detour(a + 10))


@job(data="numbers")  # type: ignore[untyped-decorator] # jobflow is untyped
def many(count: int) -> dict[str, Any]:
    """Return numbers that jobflow keeps in its additional store."""
    return {"numbers": list(range(count)), "count": count}


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def total(numbers: list[float]) -> float:
    return sum(numbers)


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def grow_in_a_circle() -> Any:
    """Replace the job by two that wait for each other."""
    first, second = add(1, 2), add(3, 4)
    first.function_args, second.function_args = (second.output, 1), (first.output, 1)
    return Response(replace=Flow([first, second]))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def grow_on_sand() -> Any:
    """Replace the job by one that needs the output of a job that is nowhere."""
    return Response(replace=add(add(1, 2).output, 1))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def branch(count: int) -> Any:
    """Replace the job by `count` additions and their sum."""
    jobs = [add(number, number) for number in range(count)]
    return Response(replace=Flow([*jobs, last := total([one.output for one in jobs])], output=last.output))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def scatter(structure: Any, strains: list[float], incar: dict[str, Any]) -> Any:
    """Replace the job by static runs of strained cells, side by side, and their energies."""
    from atomate2.vasp.jobs.core import StaticMaker
    from atomate2.vasp.powerups import update_user_incar_settings

    maker = update_user_incar_settings(StaticMaker(), incar)
    runs = [maker.make(structure.copy().apply_strain(strain)) for strain in strains]
    for strain, run in zip(strains, runs, strict=True):
        run.name = f"static {strain}"
    last = gather([run.output.output.energy for run in runs])
    return Response(replace=Flow([*runs, last], output=last.output))


@job  # type: ignore[untyped-decorator] # jobflow is untyped
def gather(energies_ev: list[float]) -> dict[str, Any]:
    return {"energies_ev": energies_ev, "lowest_ev": min(energies_ev)}
