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
