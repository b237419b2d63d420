"""Every use that we make of names which AiiDA does not promise to keep; pinned by a contract test.

aiida-core 2.9 has no public way to do these things: await the broker's acknowledgement of a task,
see whether its ZeroMQ broker and workers answer, and choose when the scheduler is asked again.
"""

from __future__ import annotations

import contextlib
import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BrokerFiles",
    "add_watcher",
    "broker_files",
    "continue_task",
    "database_file",
    "drifted",
    "forget_config",
    "is_loaded",
    "kill",
    "knock",
    "launch_hook",
    "pause",
    "play",
    "poll_hook",
    "stop_statistics",
    "store_process",
]


STATISTICS = "circusd-stats"  # as circus names the watcher that AiiDA asks it for
NOT_LOADED = "Recipient not found"  # what the ZeroMQ broker says of a process that no worker has


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """Where the ZeroMQ broker of a profile writes what it is."""

    directory: Path
    pid: Path
    status: Path
    sockets: Path
    tasks: Path


def broker_files(profile: Any) -> BrokerFiles:
    """Return the files of the profile's ZeroMQ broker."""
    from aiida.brokers.zeromq.service import ZeromqBrokerService
    from aiida.manage.configuration import get_config

    layout = ZeromqBrokerService.FilepathLayout(get_config().filepaths(profile)["broker_service"]["dir"])
    return BrokerFiles(
        directory=layout.service_dir,
        pid=layout.pid_file,
        status=layout.status_file,
        sockets=layout.sockets_file,
        tasks=layout.storage_path / "tasks",
    )


def forget_config() -> None:
    """Drop AiiDA's cached configuration so that the next look reads what other processes wrote."""
    from aiida.manage.configuration import reset_config

    reset_config()


def stop_statistics(client: Any) -> None:
    """Stop the process with which circus counts what its others use: 2 % of a core for nobody.

    One that cannot be stopped now is only a cost.
    """
    from aiida.engine.daemon.client import DaemonException

    with contextlib.suppress(DaemonException):
        client.call_client({"command": "stop", "properties": {"name": STATISTICS, "waiting": True}})


def add_watcher(client: Any, name: str, command: list[str], folder: Path) -> None:
    """Have circus run one more command beside broker and worker, and start it again whenever it ends.

    Raises AiiDA's DaemonException when circus cannot be asked.
    """
    program, *arguments = command
    options = {"copy_env": True, "working_dir": str(folder)}
    wanted = {"name": name, "cmd": program, "args": arguments, "options": options, "start": True}
    client.call_client({"command": "add", "properties": wanted})


def knock(identifier: str, timeout_s: float) -> None:
    """Connect to the broker once more, ask the RPC subscriber `identifier` something and hang up."""
    from aiida.manage import get_manager

    endpoint = get_manager().get_broker()._router_endpoint
    if endpoint is None:
        return
    visitor = get_manager().get_broker().Communicator(router_endpoint=endpoint, task_timeout=timeout_s)
    with visitor, contextlib.suppress(TimeoutError):
        visitor.rpc_send(identifier, "?").result(timeout=timeout_s)


def database_file(profile: Any) -> Path | None:
    """Return the SQLite file of the profile's storage, None where it is another database."""
    if profile.storage_backend != "core.sqlite_dos":
        return None
    return Path(profile.storage_config["filepath"]) / "database.sqlite"


def store_process(builder: Any) -> tuple[int, str]:
    """Store the process of a builder with its checkpoint and return (pk, uuid); nobody runs it yet.

    This is the first half of `aiida.engine.submit`.
    """
    from aiida.engine.utils import instantiate_process
    from aiida.manage import get_manager

    runner = get_manager().get_runner()
    process = instantiate_process(runner, builder)
    runner.persister.save_checkpoint(process)
    process.close()
    return int(process.node.pk), str(process.node.uuid)


def continue_task(pk: int, timeout_s: float) -> None:
    """Hand a stored process over to the daemon and return when the broker has its task on disk.

    This is the second half of `aiida.engine.submit`, which does not wait for the broker. Raises
    TimeoutError when no acknowledgement comes.
    """
    from concurrent.futures import CancelledError

    from aiida.manage import get_manager
    from kiwipy import DeliveryFailed, UnroutableError
    from plumpy.futures import unwrap_kiwi_future

    try:
        controller = get_manager().get_process_controller()
        answer = controller.continue_process(pk, nowait=False, no_reply=False)
        unwrap_kiwi_future(answer).result(timeout=timeout_s)
    except (RuntimeError, CancelledError, ConnectionError, DeliveryFailed, UnroutableError) as error:
        raise TimeoutError(f"The broker did not take the task of process {pk}: {error}") from error


def is_loaded(pk: int, timeout_s: float = 2.0) -> bool:
    """Return whether a worker has the process in memory; no answer in time counts as yes."""
    from aiida.manage import get_manager
    from plumpy.futures import unwrap_kiwi_future

    try:
        unwrap_kiwi_future(get_manager().get_process_controller().get_status(pk)).result(timeout=timeout_s)
    except TimeoutError:
        return True
    except Exception as error:  # noqa: BLE001 - the ZeroMQ broker answers with a bare Exception
        return NOT_LOADED not in str(error)
    return True


def kill(pk: int, reason: str, timeout_s: float) -> str:
    """Ask the worker that has the process to end it and return its answer in words."""
    return _ask("kill", pk, reason, timeout_s)


def pause(pk: int, reason: str, timeout_s: float) -> str:
    """Ask the worker that has the process to go no further with it and return its answer in words."""
    return _ask("pause", pk, reason, timeout_s)


def play(pk: int, timeout_s: float) -> str:
    """Ask the worker that has the paused process to go on with it and return its answer in words."""
    return _ask("play", pk, None, timeout_s)


def _ask(verb: str, pk: int, reason: str | None, timeout_s: float) -> str:
    from aiida.manage import get_manager
    from plumpy.futures import unwrap_kiwi_future

    named = {} if reason is None else {"msg_text": reason}
    try:
        future = getattr(get_manager().get_process_controller(), f"{verb}_process")(pk, **named)
        answer = unwrap_kiwi_future(future).result(timeout=timeout_s)
    except TimeoutError:
        return f"process {pk} did not answer within {timeout_s:g} s"
    except Exception as error:  # noqa: BLE001 - the ZeroMQ broker answers with a bare Exception
        return f"no worker has process {pk}" if NOT_LOADED in str(error) else f"process {pk}: {error}"
    return f"process {pk} obeys" if answer else f"process {pk} refuses to {verb}"


def poll_hook(interval_s: Callable[[Any, frozenset[str]], float]) -> None:
    """Let `interval_s(computer, job ids)` say how many seconds pass between two looks at the scheduler.

    It replaces `JobsList.get_minimum_update_interval` of this process. A job that is new brings the
    next look forward, which AiiDA alone would leave where the older jobs had put it. A pause leaves a
    cancelled question behind, over which AiiDA stumbles when the job goes on: it is forgotten here.
    """
    from aiida.engine.processes.calcjobs.manager import JobsList

    request = JobsList.request_job_info_update

    def get_minimum_update_interval(self: Any) -> float:
        return interval_s(self._authinfo.computer, frozenset(self._job_update_requests))

    def request_job_info_update(self: Any, authinfo: Any, job_id: Any) -> Any:
        handle = self._update_handle
        asked = self._job_update_requests.get(str(job_id))
        if asked is not None and asked.done():
            del self._job_update_requests[str(job_id)]
        is_new = str(job_id) not in self._job_update_requests
        self._job_update_requests.setdefault(str(job_id), self._loop.create_future())
        delay_s = self._get_next_update_delay()
        if is_new and handle is not None and handle.when() > self._loop.time() + delay_s + 0.1:
            handle.cancel()
            self._update_handle = None
        return request(self, authinfo, job_id)

    JobsList.get_minimum_update_interval = get_minimum_update_interval
    JobsList.request_job_info_update = request_job_info_update


def launch_hook() -> None:
    """Let this process, a worker, forget what it has read whenever it is given a task.

    SQLite gives the number of a deleted node to the next one. A worker that still holds the old one takes
    it for the new one: it fails on what is no process, and the task is lost.
    """
    from aiida.engine.processes.launcher import ProcessLauncher
    from aiida.manage import get_manager

    launch = ProcessLauncher._continue

    async def _continue(self: Any, communicator: Any, pid: int, nowait: bool, tag: Any = None) -> Any:
        storage = get_manager().get_profile_storage()
        if hasattr(storage, "get_session"):
            storage.get_session().expire_all()
        return await launch(self, communicator, pid, nowait, tag)

    ProcessLauncher._continue = _continue


def drifted() -> tuple[str, ...]:
    """Return a sentence for each of AiiDA's private names that is no longer what we rely on."""
    from aiida.brokers.zeromq.service import PID_SENTINEL, ZeromqBrokerService
    from aiida.engine.daemon.client import DaemonClient
    from aiida.engine.processes.calcjobs.manager import JobsList
    from aiida.engine.processes.launcher import ProcessLauncher
    from aiida.engine.utils import instantiate_process
    from aiida.manage import configuration
    from plumpy.process_comms import RemoteProcessThreadController

    layout = ZeromqBrokerService.FilepathLayout("/d")
    files = [layout.pid_file, layout.status_file, layout.sockets_file, layout.storage_path]
    wanted = [Path("/d") / name for name in ("broker.pid", "broker.status", "broker.sockets", "storage")]
    update = inspect.getsource(JobsList._ensure_updating)
    checks = {
        "The ZeroMQ broker writes other files than broker.pid, .status, .sockets and storage.": files
        == wanted,
        "The ZeroMQ broker marks its pid file in another way.": PID_SENTINEL == "aiida-zeromq-broker",
        "instantiate_process takes other arguments than (runner, process).": list(
            inspect.signature(instantiate_process).parameters
        )[:2]
        == ["runner", "process"],
        "continue_process no longer takes (pid, tag, nowait, no_reply).": {"pid", "nowait", "no_reply"}
        <= set(inspect.signature(RemoteProcessThreadController.continue_process).parameters),
        "JobsList no longer schedules its next look through _update_handle.": "_update_handle" in update
        and "_get_next_update_delay" in update,
        "ProcessLauncher._continue takes other arguments than (communicator, pid, nowait, tag).": list(
            inspect.signature(ProcessLauncher._continue).parameters
        )
        == ["self", "communicator", "pid", "nowait", "tag"],
        "DaemonClient no longer starts the broker by _cmd_start_zmq_broker.": "self._cmd_start_zmq_broker"
        in inspect.getsource(DaemonClient._start_daemon),
        "AiiDA's configuration can no longer be read anew.": hasattr(configuration, "reset_config"),
    }
    return tuple(sentence for sentence, holds in checks.items() if not holds)
