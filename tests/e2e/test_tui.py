"""The terminal UI with the real server and engine: create, submit, watch and open a job by keys alone."""

from __future__ import annotations

from pathlib import Path

from tests.deadlines import JOB_S
from tests.e2e.screen import Terminal, all_of, needs_tui

pytestmark = needs_tui
SILICON = Path(__file__).parents[2] / "examples" / "Si.vasp"


def row_of(label: str, text: str) -> str:
    return next((row for row in text.splitlines() if label in row), "")


def test_a_job_is_submitted_watched_and_opened_by_keys(engine_environment: dict[str, str]) -> None:
    with Terminal(env=engine_environment) as terminal:
        terminal.until("server 0.")
        terminal.until(lambda text: "Loading" not in text, JOB_S)
        terminal.type("n")
        terminal.until("New calculation")
        terminal.type(str(SILICON))
        terminal.press("up")
        terminal.type("by keys alone")
        terminal.press("enter")
        terminal.until("is created.", JOB_S)
        terminal.until(lambda text: "✓ finished" in row_of("by keys alone", text), JOB_S)
        assert "›" in row_of("by keys alone", terminal.text)
        terminal.press("enter")
        card = terminal.until(all_of("[Card]", "largest force"), JOB_S)  # the list shows a card, too
        for part in ("by keys alone", "✓ finished", "relax", "Si (2 atoms)", "eV/Å", "which is not VASP"):
            assert part in card
        terminal.type("qq")
        assert terminal.wait_exit() == 0
        assert terminal.is_restored()


def test_a_broken_structure_is_told_and_what_was_typed_stays(
    engine_environment: dict[str, str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.vasp"
    broken.write_text("Si\n1.0\n1 0 0\n0 1 x\n0 0 1\nSi\n1\nDirect\n0 0 0\n")
    with Terminal(env=engine_environment) as terminal:
        terminal.until(lambda text: "Loading" not in text and "server 0." in text, JOB_S)
        terminal.type("n")
        terminal.until("New calculation")
        terminal.type(str(broken))
        terminal.press("f9")
        shown = terminal.until("broken.vasp, line 4", JOB_S)
        assert "New calculation" in shown
