"""Three-dimensional cells: the little linear algebra that needs no numpy."""

from __future__ import annotations

import math

__all__ = [
    "Matrix",
    "Vector",
    "angles_degree",
    "determinant",
    "inverse",
    "lengths",
    "reciprocal",
    "scaled",
    "times",
]

Vector = tuple[float, float, float]
Matrix = tuple[Vector, Vector, Vector]


def determinant(m: Matrix) -> float:
    """Return the determinant: the signed volume of a cell with the vectors as rows."""
    (a, b, c), (d, e, f), (g, h, i) = m
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def inverse(m: Matrix) -> Matrix:
    """Return the inverse; all zeros for a singular matrix, whose cell a rule reports on its own."""
    det = determinant(m)
    if det == 0:
        return ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
    (a, b, c), (d, e, f), (g, h, i) = m
    return (
        ((e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det),
        ((f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det),
        ((d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det),
    )


def times(vector: Vector, m: Matrix) -> Vector:
    """Return the row vector times the matrix."""
    x, y, z = vector
    (a, b, c), (d, e, f), (g, h, i) = m
    return (x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i)


def scaled(m: Matrix, factors: Vector) -> Matrix:
    """Return the matrix with its columns (Cartesian components) multiplied by the factors."""
    x, y, z = factors
    first, second, third = ((a * x, b * y, c * z) for a, b, c in m)
    return (first, second, third)


def lengths(m: Matrix) -> Vector:
    """Return the lengths of the rows."""
    first, second, third = (math.hypot(*row) for row in m)
    return (first, second, third)


def angles_degree(m: Matrix) -> Vector:
    """Return alpha, beta and gamma in degrees; 0 where a vector is zero."""
    a, b, c = m
    return (_angle(b, c), _angle(a, c), _angle(a, b))


def _angle(u: Vector, v: Vector) -> float:
    norm = math.hypot(*u) * math.hypot(*v)
    if norm == 0:
        return 0.0
    cosine = (
        math.sumprod(u, v) / norm
        if hasattr(math, "sumprod")
        else sum(x * y for x, y in zip(u, v, strict=True)) / norm
    )
    return math.degrees(math.acos(max(-1.0, min(1.0, cosine))))


def reciprocal(m: Matrix) -> Matrix:
    """Return the reciprocal vectors as rows, with the factor 2 pi."""
    (a, b, c), (d, e, f), (g, h, i) = inverse(m)
    two_pi = 2 * math.pi
    return (
        (two_pi * a, two_pi * d, two_pi * g),
        (two_pi * b, two_pi * e, two_pi * h),
        (two_pi * c, two_pi * f, two_pi * i),
    )
