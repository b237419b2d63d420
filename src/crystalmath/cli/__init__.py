"""The `crystalmath` command: every verb is a module that is loaded when it is called."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import NoReturn

import click

from crystalmath.cli.output import NAMED_PROFILE
from crystalmath.errors import CrystalMathError, InputError

__all__ = ["main"]

COMMANDS = {
    "run": ("crystalmath.cli.run:run", "Run a calculation from a structure file."),
    "preview": ("crystalmath.cli.preview:preview", "Show or write the input files of a calculation."),
    "jobs": ("crystalmath.cli.jobs:jobs", "List jobs."),
    "show": ("crystalmath.cli.jobs:show", "Show the result card of a job."),
    "files": ("crystalmath.cli.jobs:files", "List the files of a job, or print one."),
    "log": ("crystalmath.cli.look:log", "Show what a job reports and how its output ends."),
    "tree": ("crystalmath.cli.look:tree", "Show everything that was run for a job."),
    "diff": ("crystalmath.cli.look:diff", "Show what two jobs were given differently."),
    "cancel": ("crystalmath.cli.jobs:cancel", "Cancel a job."),
    "pause": ("crystalmath.cli.amend:pause", "Go no further with a job for now."),
    "resume": ("crystalmath.cli.amend:resume", "Go on with a paused job."),
    "restart": ("crystalmath.cli.amend:restart", "Run a job again from its last structure."),
    "label": ("crystalmath.cli.amend:label", "Give a job a title."),
    "delete": ("crystalmath.cli.amend:delete", "Remove jobs with their results."),
    "check": ("crystalmath.cli.check:check", "Check VASP input files."),
    "templates": ("crystalmath.cli.templates:templates", "List the calculations that can be run."),
    "codes": ("crystalmath.cli.codes:codes", "List and register VASP executables."),
    "potcars": ("crystalmath.cli.potcars:potcars", "Index a POTCAR folder and see what is missing."),
    "init": ("crystalmath.cli.engine:init", "Set up the engine on this machine."),
    "doctor": ("crystalmath.cli.engine:doctor", "Check every part of the engine and repair what can be."),
    "stop": ("crystalmath.cli.engine:stop", "Stop the engine's daemon; jobs go on at the next start."),
    "tui": ("crystalmath.cli.tui:tui", "Open the terminal user interface."),
}


class VerbGroup(click.Group):
    """A group that imports a verb's module when the verb is called, so that `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the verbs in the order in which a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the module of one verb."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        if not any(parameter.name == "profile" for parameter in command.params):
            command.params.append(_profile_option())
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


def _use_profile(ctx: click.Context, _option: click.Parameter, name: str | None) -> None:
    if name is not None:
        ctx.meta[NAMED_PROFILE] = name
        # The environment too: the server and worker that a verb starts must use the same profile.
        os.environ["CRYSTALMATH_PROFILE"] = name


def _profile_option() -> click.Option:
    """Return `--profile`, which may stand before or after the verb."""
    return click.Option(
        ["--profile"],
        metavar="NAME",
        expose_value=False,
        callback=_use_profile,
        help="AiiDA profile [default: $CRYSTALMATH_PROFILE or crystalmath].",
    )


@click.group(cls=VerbGroup, invoke_without_command=True, params=[_profile_option()])
@click.version_option(package_name="crystalmath")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """From a crystal structure to a finished, recorded VASP calculation.

    Start with `crystalmath run relax POSCAR --follow`.
    """
    if ctx.invoked_subcommand is None:
        if sys.stdin.isatty() and sys.stdout.isatty():
            ctx.invoke(_command("tui", ctx))
        else:
            click.echo(ctx.get_help())


def _command(name: str, ctx: click.Context) -> click.Command:
    command = cli.get_command(ctx, name)
    assert command is not None
    return command


def _fail(error: CrystalMathError, *, as_json: bool) -> NoReturn:
    if as_json:
        problem = {"code": error.code, "message": error.message, "hint": error.hint}
        click.echo(json.dumps({"error": problem}, ensure_ascii=False))
    else:
        click.echo(f"Error: {error.message}\nHint: {error.hint}", err=True)
    sys.exit(error.exit_code)


def _usage(error: click.UsageError) -> InputError:
    path = error.ctx.command_path if error.ctx else "crystalmath"
    return InputError(error.format_message(), hint=f"See `{path} --help`.")


def main() -> None:
    """Run the command line: exit 0 done, 1 the job failed, 2 wrong input, 3 the engine cannot now."""
    as_json = "--json" in sys.argv
    try:
        status = cli.main(standalone_mode=False)
    except click.UsageError as error:
        _fail(_usage(error), as_json=as_json)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted; submitted jobs go on. See `crystalmath jobs`.", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader (`head`, a pager) has gone; Python must not complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except CrystalMathError as error:
        _fail(error, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - the last boundary: a person must not see a traceback
        _fail(_unexpected(error), as_json=as_json)
    sys.exit(status if isinstance(status, int) else 0)


def _unexpected(error: Exception) -> CrystalMathError:
    if os.environ.get("CRYSTALMATH_DEBUG"):
        raise error
    sentence = f"{type(error).__name__}: {error}".splitlines()[0]
    return CrystalMathError(
        f"Something went wrong that CrystalMath did not foresee: {sentence}",
        hint="Run the same with CRYSTALMATH_DEBUG=1 for the traceback, then `crystalmath doctor`.",
    )
