"""Ask gfortran what 10,000 generated texts mean and keep the answers for the tests.

Usage: python -m scripts.fortran_oracle  (needs gfortran; writes tests/data/fortran/answers.json.gz)
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
TARGET: Final = HERE.parent / "tests/data/fortran/answers.json.gz"
COUNT: Final = 10_000


def real(rng: random.Random) -> str:
    """Return something like a real number."""
    mantissa = rng.choice(
        (
            str(rng.randint(0, 999)),
            f"{rng.uniform(0, 99):.3f}",
            f"{rng.randint(0, 9)}.",
            f".{rng.randint(0, 99)}",
        )
    )
    letter = rng.choice(("", "", "", "e", "E", "d", "D", "q"))
    exponent = f"{letter}{rng.choice(('', '+', '-'))}{rng.randint(0, 30)}" if letter else ""
    bare = f"{rng.choice('+-')}{rng.randint(1, 9)}" if not letter and rng.random() < 0.1 else ""
    return rng.choice(("", "", "-", "+")) + mantissa + exponent + bare


def integer(rng: random.Random) -> str:
    """Return something like an integer."""
    return rng.choice(("", "", "-", "+")) + str(rng.choice((rng.randint(0, 99), rng.randint(0, 2**31 + 5))))


def logical(rng: random.Random) -> str:
    """Return something like a logical."""
    word = rng.choice(("t", "f", "true", "false", ".t.", ".f.", ".true.", ".false.", ".t", ".false"))
    return "".join(rng.choice((ch, ch.upper())) for ch in word)


def damaged(rng: random.Random, word: str) -> str:
    """Return the word with a character changed, added or lost."""
    at = rng.randrange(len(word) + 1)
    return word[:at] + rng.choice("x5.-+eE*tf_") + word[at + rng.randint(0, 1) :]


def question(rng: random.Random) -> tuple[str, str]:
    """Return a kind and a text to read."""
    kind = rng.choice("RRrIiL")
    make = {"R": real, "r": real, "I": integer, "i": integer, "L": logical}[kind]
    words = [make(rng) for _ in range(3 if kind.islower() else 1)]
    if rng.random() < 0.2:
        index = rng.randrange(len(words))
        words[index] = damaged(rng, words[index]) or "x"
    if kind.islower() and rng.random() < 0.3:
        words = [f"3*{words[0]}"] if rng.random() < 0.5 else [f"2*{words[0]}", words[1]]
    text = rng.choice((" ", "  ", ", ", ",", "\t")).join(words)
    if rng.random() < 0.2:
        text += rng.choice((" eV", " ! note", " / 7", " abc 3"))
    return kind, text


def main() -> None:
    """Compile the program, ask it, and write questions and answers."""
    rng = random.Random(20240601)
    questions: list[tuple[str, str]] = []
    while len(questions) < COUNT:
        asked = question(rng)
        if asked not in questions[-50:]:
            questions.append(asked)
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "oracle"
        subprocess.run(["gfortran", "-O0", "-o", program, HERE / "fortran_oracle.f90"], check=True)
        text = "".join(f"{kind} {words}\n" for kind, words in questions)
        done = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    answers = [line.split() for line in done.stdout.splitlines()]
    rows = [[kind, words, int(a[1]), a[2:]] for (kind, words), a in zip(questions, answers, strict=True)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(TARGET, "wb", mtime=0) as file:
        file.write(json.dumps(rows).encode())


if __name__ == "__main__":
    main()
