"""Numbers the way Fortran writes them."""

from __future__ import annotations

__all__ = ["exponent", "logical", "rows", "scientific"]


def scientific(value: float, width: int, digits: int) -> str:
    """Return `value` as Fortran's Ew.d edit descriptor writes it: 0.12345E+02."""
    if value == 0.0:
        return f"{0.0:.{digits}f}E+00".rjust(width)
    mantissa, power = f"{abs(value):.{digits - 1}e}".split("e")
    digits_only = mantissa.replace(".", "")
    sign = "-" if value < 0 else ""
    return f"{sign}0.{digits_only}E{int(power) + 1:+03d}".rjust(width)


def exponent(value: float, digits: int = 8) -> str:
    """Return `value` without a leading zero, as in the summary lines of OSZICAR: -.12345678E+02."""
    return scientific(value, 0, digits).replace("0.", ".", 1)


def logical(value: object) -> str:
    """Return T or F."""
    return "T" if value else "F"


def rows(values: object, pattern: str, indent: str = "") -> str:
    """Return one line per row of a matrix, each written with the %-`pattern` for a row."""
    return "".join(f"{indent}{pattern % tuple(row)}\n" for row in values.tolist())  # type: ignore[attr-defined]
