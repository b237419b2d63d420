"""Every error that CrystalMath raises on purpose.

CrystalMathError
├── InputError                 what was given is wrong                    −32010, CLI exit 2
│   ├── StructureError         a structure cannot be read or is not one   −32011
│   ├── TemplateError          unknown template, or one we refuse         −32012
│   ├── OverrideError          unknown INCAR tag or unreadable value      −32013
│   ├── PotcarError            POTCARs that a calculation needs are missing −32014
│   ├── CodeError              unknown or unusable VASP executable        −32015
│   ├── JobNotFoundError       no job, or several, with that id           −32016
│   └── JobFileError           a job has no such file                     −32017
├── EngineError                the engine cannot do it now                −32020, CLI exit 3
│   ├── ProfileError           the AiiDA profile cannot be used or made   −32021
│   ├── DaemonError            the daemon does not start or answer        −32022
│   ├── StorageError           disk full, folder not writable, database   −32023
│   └── WorkerError            the engine worker of a server died         −32024
└── JobFailedError             the job itself ended badly                 −32030, CLI exit 1
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "CodeError",
    "CrystalMathError",
    "DaemonError",
    "EngineError",
    "InputError",
    "JobFailedError",
    "JobFileError",
    "JobNotFoundError",
    "OverrideError",
    "PotcarError",
    "ProfileError",
    "StorageError",
    "StructureError",
    "TemplateError",
    "WorkerError",
]


class CrystalMathError(Exception):
    """Say what failed on which object; `hint` is the next thing to do."""

    code: ClassVar[int] = -32000
    exit_code: ClassVar[int] = 3

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(CrystalMathError):
    """Say what is wrong with what the user gave."""

    code = -32010
    exit_code = 2


class StructureError(InputError):
    """A structure cannot be read, or what was read is no crystal."""

    code = -32011


class TemplateError(InputError):
    """No such template, or one that cannot be run here."""

    code = -32012


class OverrideError(InputError):
    """An override names no INCAR tag or its value cannot be read."""

    code = -32013


class PotcarError(InputError):
    """POTCARs that the calculation needs were not found."""

    code = -32014


class CodeError(InputError):
    """No such VASP executable, or one that does not start."""

    code = -32015


class JobNotFoundError(InputError):
    """No job, or more than one, answers to the id."""

    code = -32016


class JobFileError(InputError):
    """A job has no file of that name."""

    code = -32017


class EngineError(CrystalMathError):
    """The engine cannot do what was asked now."""

    code = -32020
    exit_code = 3


class ProfileError(EngineError):
    """The AiiDA profile does not exist, cannot be made or cannot be loaded."""

    code = -32021


class DaemonError(EngineError):
    """The daemon or its broker does not start or does not answer."""

    code = -32022


class StorageError(EngineError):
    """A disk is full, a folder cannot be written or a database refuses."""

    code = -32023


class WorkerError(EngineError):
    """The engine worker of a server died while it was asked."""

    code = -32024


class JobFailedError(CrystalMathError):
    """A job ended badly and the caller asked for its result."""

    code = -32030
    exit_code = 1
