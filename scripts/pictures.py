"""Draw the screens of the README from the snapshots that the tests of the terminal UI compare with.

Usage: python -m scripts.pictures
"""

from __future__ import annotations

import re
from pathlib import Path

from scripts.picture import draw

ROOT = Path(__file__).parents[1]
SNAPSHOTS = ROOT / "tui-rs" / "tests" / "snapshots"
PICTURES = ROOT / "docs" / "pictures"
SCREENS = {"jobs": "jobs-full-120x40", "editor": "editor-completion-120x40"}


def picture(name: str) -> str:
    """Return the picture of a screen as it is in its snapshot."""
    text = (SNAPSHOTS / f"{SCREENS[name]}.txt").read_text(encoding="utf-8")
    # Behind a line, the snapshot notes the cells that a wide character covers.
    return draw("crystalmath tui", re.sub(r'" Hidden by multi-width symbols: .*', "", text))


def main() -> None:
    """Write all of them."""
    for name in SCREENS:
        (PICTURES / f"{name}.svg").write_text(picture(name), encoding="utf-8")


if __name__ == "__main__":
    main()
