"""Draw the text on standard input as a picture of a terminal (SVG on standard output).

Usage: crystalmath show ID --plot | python scripts/picture.py "crystalmath run relax_bands Si.vasp --follow"
"""

from __future__ import annotations

import re
import sys
from html import escape
from unicodedata import east_asian_width

CHARACTER_PX, LINE_PX, MARGIN_PX = 8.4, 18, 18
STYLE = "font: 14px 'DejaVu Sans Mono', 'Menlo', 'Consolas', monospace; white-space: pre"


def draw(title: str, text: str) -> str:
    """Draw a screen word by word, each character in its own column so that frames meet."""
    lines = [f"$ {title}", *text.rstrip().splitlines()]
    width = max(_columns(line) for line in lines) * CHARACTER_PX + 2 * MARGIN_PX
    height = len(lines) * LINE_PX + 2 * MARGIN_PX
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">',
        f'<rect width="100%" height="100%" rx="8" fill="#1d2330"/><g fill="#dde3ee" style="{STYLE}">',
    ]
    for number, line in enumerate(lines):
        y = MARGIN_PX + (number + 0.75) * LINE_PX
        for piece in re.finditer(
            r"[\u2800-\u28ff•┊┈]|[^\s\u2800-\u28ff•┊┈]+(?: [^\s\u2800-\u28ff•┊┈]+)*", line
        ):
            x = MARGIN_PX + _columns(line[: piece.start()]) * CHARACTER_PX
            drawn.append(f'<text x="{x:.1f}" y="{y:.0f}">{escape(piece[0])}</text>')
    return "\n".join([*drawn, "</g></svg>"]) + "\n"


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def main() -> None:
    """Draw what comes on standard input, under the command that is the argument."""
    sys.stdout.write(draw(sys.argv[1], sys.stdin.read()))


if __name__ == "__main__":
    main()
