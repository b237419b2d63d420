"""A profile is made once, completed after a crash, and every refusal of the disk is a sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.session import Session

# Opens a session (with `standin` registers that too) and prints what came of it as one line of JSON.
OPEN = """
import json, sys
from crystalmath import engine
from crystalmath.engine import codes
from crystalmath.errors import CrystalMathError
said = []
try:
    session = engine.open(*sys.argv[2:], announce=said.append)
    if sys.argv[1] == "standin":
        codes.ensure_standin(session)
    print(json.dumps({"profile": session.profile, "uuid": session.uuid, "said": said}))
except CrystalMathError as error:
    print(json.dumps({"error": type(error).__name__, "message": error.message, "hint": error.hint}))
"""
# The same in a mount namespace of its own, after a command that prepares its file systems.
NAMESPACE = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]


class Place:
    """An AIIDA_PATH and a CRYSTALMATH_HOME of their own."""

    def __init__(self, base: Path) -> None:
        self.base = base
        (base / "aiida").mkdir(exist_ok=True)
        (base / "home").mkdir(exist_ok=True)
        self.environment = {
            name: value for name, value in os.environ.items() if name != "CRYSTALMATH_PROFILE"
        } | {
            "AIIDA_PATH": str(base / "aiida"),
            "CRYSTALMATH_HOME": str(base / "home"),
        }

    @property
    def config(self) -> dict[str, Any]:
        """AiiDA's configuration as it is on the disk."""
        content: dict[str, Any] = json.loads((self.base / "aiida" / ".aiida" / "config.json").read_text())
        return content

    def start(self, *arguments: str, prepare: str = "", standin: bool = False) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", OPEN, "standin" if standin else "open", *arguments]
        if prepare:
            command = [*NAMESPACE, "sh", "-c", f'{prepare} && exec "$@"', "sh", *command]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def open(self, *arguments: str, prepare: str = "", standin: bool = False) -> dict[str, Any]:
        return answer(self.start(*arguments, prepare=prepare, standin=standin))


def answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, err = process.communicate(timeout=500)
    assert "Traceback" not in err, err
    content: dict[str, Any] = json.loads(out.splitlines()[-1]) if out else {"error": err}
    return content


@pytest.fixture
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="cm-", dir="/tmp") as base:
        yield Place(Path(base))


@pytest.fixture
def mounts() -> None:
    """Skip where the system lets nobody mount a small file system in a namespace of one's own."""
    tried = subprocess.run([*NAMESPACE, "true"], check=False, capture_output=True)
    if tried.returncode != 0:
        pytest.skip("this system allows no mount namespaces, which a full or read-only disk needs")


def test_a_profile_is_made_on_sqlite_and_zeromq_and_is_not_the_default(place: Place) -> None:
    made = place.open()
    profile = place.config["profiles"]["crystalmath"]
    assert profile["storage"]["backend"] == "core.sqlite_dos"
    assert profile["process_control"]["backend"] == "core.zeromq"
    assert profile["options"]["runner.poll.interval"] == 5
    assert "default_profile" not in place.config
    assert any("Making the AiiDA profile" in sentence for sentence in made["said"])


def test_a_second_open_makes_nothing(place: Place) -> None:
    first, second = place.open(), place.open()
    assert (second["uuid"], second["said"]) == (first["uuid"], [])


def test_two_processes_that_open_at_once_make_one_profile(place: Place) -> None:
    answers = [answer(process) for process in [place.start(standin=True) for _ in range(3)]]
    assert len({made["uuid"] for made in answers}) == 1
    said = [sentence for made in answers for sentence in made["said"]]
    for beginning in ("Making the AiiDA profile", "Registering this machine", "Registering the stand-in"):
        assert sum(sentence.startswith(beginning) for sentence in said) == 1, said


def test_another_profile_than_the_default_is_not_made_unasked(place: Place) -> None:
    refused = place.open("typo")
    assert refused["error"] == "ProfileError"
    assert "no AiiDA profile 'typo'" in refused["message"]
    assert "crystalmath --profile typo init" in refused["hint"]


def test_profiles_and_default_of_the_user_stay_as_they_are(place: Place) -> None:
    verdi = Path(sys.executable).parent / "verdi"
    command = [str(verdi), "presto", "--profile-name", "mine", "--use-zeromq"]
    subprocess.run(command, env=place.environment, check=True, capture_output=True)
    before = place.config
    place.open()
    after = place.config
    assert after["default_profile"] == before["default_profile"] == "mine"
    assert after["profiles"]["mine"] == before["profiles"]["mine"]
    assert place.open("mine")["profile"] == "mine"
    assert place.config == after


def test_a_profile_that_a_crash_left_without_user_and_options_is_completed(place: Place) -> None:
    made = place.open()
    config = place.config
    del config["profiles"]["crystalmath"]["default_user_email"]
    config["profiles"]["crystalmath"]["options"] = {}
    (place.base / "aiida" / ".aiida" / "config.json").write_text(json.dumps(config))
    assert place.open()["uuid"] == made["uuid"]
    profile = place.config["profiles"]["crystalmath"]
    assert profile["default_user_email"] == "crystalmath@localhost"
    assert profile["options"]["runner.poll.interval"] == 5


def test_what_a_crash_left_of_a_storage_does_not_stop_the_next_try(place: Place) -> None:
    left = place.base / "aiida" / ".aiida" / "repository" / "crystalmath" / "storage-dead"
    left.mkdir(parents=True)
    (left / "database.sqlite").write_bytes(b"half")
    assert place.open()["profile"] == "crystalmath"
    assert (left / "database.sqlite").read_bytes() == b"half"


def test_a_storage_of_another_version_is_refused_with_the_command(place: Place) -> None:
    import sqlite3

    place.open()
    storage = Path(place.config["profiles"]["crystalmath"]["storage"]["config"]["filepath"])
    with sqlite3.connect(storage / "database.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = 'main_0000'")
    refused = place.open()
    assert refused["error"] == "ProfileError"
    assert "verdi storage migrate" in refused["hint"]


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("folder", ["home", "aiida"])
@pytest.mark.parametrize("used", [False, True], ids=["first use", "later"])
def test_a_read_only_folder_is_a_storage_error(place: Place, folder: str, used: bool) -> None:
    if used:
        place.open()
    path = place.base / folder
    refused = place.open(
        prepare=f"mount --bind {path} {path} && mount -o remount,ro,bind {path}", standin=True
    )
    assert refused["error"] == "StorageError", refused
    assert str(path) in refused["message"]
    assert refused["hint"]


@pytest.mark.usefixtures("mounts")
@pytest.mark.parametrize("folder", ["home", "aiida"])
def test_a_full_disk_is_a_storage_error(place: Place, folder: str) -> None:
    path = place.base / folder
    mount = f"mount -t tmpfs -o size=64k tmpfs {path}"
    refused = place.open(
        prepare=f"{mount} && (head -c 1m /dev/zero > {path}/full || true) 2>/dev/null", standin=True
    )
    assert refused["error"] == "StorageError", refused
    assert refused["hint"]
    assert place.open()["profile"] == "crystalmath"


def test_a_second_thread_is_refused(session: Session) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from crystalmath.errors import EngineError

    with ThreadPoolExecutor(1) as threads, pytest.raises(EngineError, match="second thread"):
        threads.submit(session.begin).result()


def test_a_second_profile_in_one_process_is_refused(session: Session) -> None:
    from crystalmath import engine
    from crystalmath.errors import ProfileError

    with pytest.raises(ProfileError, match="already uses 'crystalmath'"):
        engine.open("another", create=True)
