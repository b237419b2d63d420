"""Columns in the client's units: bytes of UTF-8, UTF-16 units or characters."""

from __future__ import annotations

__all__ = ["to_character", "to_column"]


def to_column(line: str, character: int, encoding: str) -> int:
    """Return how many of the client's units stand before a character of a line (both count from 0)."""
    if line.isascii() or encoding == "utf-32":
        return min(character, len(line))
    if encoding == "utf-8":
        return len(line[:character].encode("utf-8", "surrogatepass"))
    return sum(2 if ord(char) > 0xFFFF else 1 for char in line[:character])


def to_character(line: str, column: int, encoding: str) -> int:
    """Return the character at which so many of the client's units end; inside one means before it."""
    if line.isascii() or encoding == "utf-32":
        return min(column, len(line))
    units = 0
    for index, char in enumerate(line):
        code = ord(char)
        if encoding == "utf-8":
            units += 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)
        else:
            units += 1 + (code > 0xFFFF)
        if units > column:
            return index
    return len(line)
