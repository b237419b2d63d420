"""`crystalmath init`, `doctor`, `stop`: set the engine up, see how it is, let it rest."""

from __future__ import annotations

import click

from crystalmath.cli.output import announce, json_option, named_profile, open_session, print_json, print_table

__all__ = ["doctor", "init", "stop"]

MARKS = {"good": "ok", "repaired": "repaired", "warning": "warning", "bad": "BAD"}


@click.command()
def init() -> None:
    """Set up the engine: profile, computer, stand-in, daemon. Doing it again does no harm."""
    from crystalmath.engine import codes, daemon

    session = open_session(create=True)
    codes.ensure_standin(session)
    daemon.ensure(session, listening=True)
    click.echo(f"The engine is ready on the profile '{session.profile}'.")
    click.echo("Start with: crystalmath run relax POSCAR --follow", err=True)


@click.command()
@click.option("--no-repair", is_flag=True, help="Only look: make, start and change nothing.")
@json_option
def doctor(no_repair: bool, as_json: bool) -> int:
    """Look at every part of the engine, and repair what can be repaired."""
    from crystalmath.engine import doctor as engine_doctor
    from crystalmath.engine import profile

    name = named_profile()
    repair = not no_repair and (name is None or profile.exists(name))
    parts = engine_doctor.examine_profile(name, repair=repair, announce=announce)
    if as_json:
        print_json(parts)
    else:
        print_table(["PART", "", "FOUND"], [[p.name, MARKS[p.verdict], p.finding] for p in parts])
        for part in parts:
            if part.hint:
                click.echo(f"Hint ({part.name}): {part.hint}", err=True)
    return 3 if any(part.verdict == "bad" for part in parts) else 0


@click.command()
def stop() -> None:
    """Stop the daemon. Running programs go on; their jobs are picked up at the next start."""
    from crystalmath import engine
    from crystalmath.engine import daemon

    session = engine.open(create=False, announce=announce, recover=False)
    daemon.stop(session)
    click.echo("The daemon is stopped. The next command that needs it starts it again.")
