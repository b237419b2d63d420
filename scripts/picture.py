"""Draw the text on standard input as a picture of a terminal (SVG on standard output).

Usage: crystalmath show ID --plot | python scripts/picture.py "crystalmath run relax_bands Si.vasp --follow"
"""

from __future__ import annotations

import re
import sys
from html import escape

CHARACTER_PX, LINE_PX, MARGIN_PX = 8.4, 18, 18
STYLE = "font: 14px 'DejaVu Sans Mono', 'Menlo', 'Consolas', monospace; white-space: pre"


def main() -> None:
    """Write the lines word by word, drawing characters each in its own column so that frames meet."""
    lines = [f"$ {sys.argv[1]}", *sys.stdin.read().rstrip().splitlines()]
    columns = max(len(line) for line in lines)
    width = columns * CHARACTER_PX + 2 * MARGIN_PX
    height = len(lines) * LINE_PX + 2 * MARGIN_PX
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}">')
    print(f'<rect width="100%" height="100%" rx="8" fill="#1d2330"/><g fill="#dde3ee" style="{STYLE}">')
    for number, line in enumerate(lines):
        y = MARGIN_PX + (number + 0.75) * LINE_PX
        for piece in re.finditer(
            r"[\u2800-\u28ff•┊┈]|[^\s\u2800-\u28ff•┊┈]+(?: [^\s\u2800-\u28ff•┊┈]+)*", line
        ):
            x = MARGIN_PX + piece.start() * CHARACTER_PX
            print(f'<text x="{x:.1f}" y="{y:.0f}">{escape(piece[0])}</text>')
    print("</g></svg>")


if __name__ == "__main__":
    main()
