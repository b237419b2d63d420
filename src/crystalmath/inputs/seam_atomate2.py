"""Every use of names that atomate2, jobflow and pymatgen do not promise to keep, with a contract test."""

from __future__ import annotations

import contextlib
import inspect
import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["configured_incar", "drifted", "own_make", "schemas_made_once"]

_one_at_a_time: Final = threading.Lock()


def own_make(maker: Any) -> Any:
    """Return the `make` of a Maker's class as it is written: jobflow's decorator keeps it as `original`."""
    make = type(maker).make
    return getattr(make, "original", make)


def configured_incar(generator: Any) -> Mapping[str, Any]:
    """Return the INCAR that an input set starts from, before it looks at a structure."""
    found: Mapping[str, Any] = generator._config_dict["INCAR"]
    return found


@contextlib.contextmanager
def schemas_made_once() -> Iterator[None]:
    """Keep jobflow from making the schema of the result document anew at each reference to one of its fields.

    That schema takes 60 ms; a Flow of five steps refers to ten fields.
    """
    from jobflow.core import reference

    with _one_at_a_time:
        original = reference.validate_schema_access
        reference.validate_schema_access = _kept_access(original)
        try:
            yield
        finally:
            reference.validate_schema_access = original


@cache
def _kept_access(access: Any) -> Any:
    return cache(access)


def drifted() -> tuple[str, ...]:
    """Return a sentence for each private name that is not what we rely on."""
    from atomate2.vasp.jobs.core import StaticMaker
    from jobflow.core import reference

    maker = StaticMaker()
    parameters = list(inspect.signature(own_make(maker)).parameters)
    access = inspect.getsource(reference.OutputReference.__getattr__)
    config = getattr(maker.input_set_generator, "_config_dict", {})
    checks = {
        "jobflow no longer keeps a Maker's make as `original`.": parameters[:3]
        == ["self", "structure", "prev_dir"],
        "OutputReference no longer checks attributes by validate_schema_access.": "validate_schema_access("
        in access,
        "Input sets no longer keep their configuration in _config_dict.": "ENCUT" in config.get("INCAR", {}),
    }
    return tuple(sentence for sentence, holds in checks.items() if not holds)
