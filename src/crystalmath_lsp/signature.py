"""Signature help: which ion, species or component the value at the cursor belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from crystalmath_lsp.arrays import owners, value_at
from crystalmath_lsp.completion import statement_at

if TYPE_CHECKING:
    from crystalmath.vasp.folder import Folder
    from crystalmath_lsp.arrays import Owners, Value

__all__ = ["SignatureHelp", "signature_help"]

_MOST: Final = 24
"""Beyond, only the neighbours of the value are listed."""


class ParameterInformation(msgspec.Struct, frozen=True):
    """One owner of a value: where its name stands in the label of the signature."""

    label: tuple[int, int]
    documentation: str


class SignatureInformation(msgspec.Struct, frozen=True, rename="camel"):
    """A tag with the owners of its values."""

    label: str
    parameters: tuple[ParameterInformation, ...]
    documentation: str


class SignatureHelp(msgspec.Struct, frozen=True, rename="camel"):
    """The result of `textDocument/signatureHelp`."""

    signatures: tuple[SignatureInformation, ...]
    active_parameter: int
    active_signature: int = 0


def signature_help(folder: Folder, line: int, character: int) -> SignatureHelp | None:
    """Return what the value at a place (line and character from 0) belongs to."""
    tree = folder.incar
    if tree is None or line >= len(tree.source.starts):
        return None
    offset = tree.source.starts[line] + character
    statement = statement_at(tree, offset)
    if statement is None or offset <= statement.name_span.end:
        return None
    found = owners(folder, statement)
    if found is None or not found.n_values:
        return None
    value = value_at(statement, offset)
    active = 0 if value is None else value.first
    if value is not None and offset > value.span.end:
        active = value.first + value.repeat  # behind a blank: the next value
    return _signature(statement.tag, found, active, value)


def _signature(tag: str, found: Owners, active: int, value: Value | None) -> SignatureHelp:
    begin = max(min(active - _MOST // 2, found.n_values - _MOST), 0)
    shown = range(begin, min(begin + _MOST, found.n_values))
    label = f"{tag} = " + ("… " if begin else "")
    parameters = []
    for index in shown:
        name = found.name(index)
        parameters.append(
            ParameterInformation(
                (len(label), len(label) + len(name)), f"{found.kind} {index // found.width + 1}"
            )
        )
        label += name + (", " if index + 1 < found.n_values else "")
    if shown.stop < found.n_values:
        label += "…"
    signature = SignatureInformation(label, tuple(parameters), _about(found, active, value))
    return SignatureHelp((signature,), min(active - begin, len(parameters)))


def _about(found: Owners, active: int, value: Value | None) -> str:
    if active >= found.n_values:
        return f"All {found.n_values} values are given."
    if value is not None and value.first == active and value.repeat > 1:
        last = value.first + value.repeat
        return f"Values {value.first + 1} to {last} of {found.n_values}, from {found.name(active)}."
    return f"Value {active + 1} of {found.n_values}: {found.name(active)}."
