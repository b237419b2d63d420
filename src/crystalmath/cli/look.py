"""`crystalmath log`, `tree`, `diff`: look at a job more closely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crystalmath.cli.output import json_option, open_session, print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crystalmath.engine.job_tree import TreeNode

__all__ = ["diff", "log", "tree"]


@click.command()
@click.argument("job_id", metavar="ID")
@click.option("--lines", default=100, show_default=True, type=click.IntRange(1, 5000), help="Of the output.")
@json_option
def log(job_id: str, lines: int, as_json: bool) -> None:
    """Show what AiiDA reports of a job, then the end of its program's output."""
    from crystalmath.engine import job_log

    found = job_log.log(open_session(), job_id, n_lines=lines)
    if as_json:
        print_json(found)
        return
    click.echo(found.report)
    if found.output_name is not None:
        click.echo(click.style(f"\n── {found.output_name}, its last lines", bold=True))
        click.echo(found.output)


@click.command()
@click.argument("job_id", metavar="ID")
@json_option
def tree(job_id: str, as_json: bool) -> None:
    """Show everything that was run for a job, each process below the one that started it."""
    from crystalmath.engine import job_tree

    root = job_tree.tree(open_session(), job_id)
    if as_json:
        print_json(root)
        return
    for depth, node in _flat(root, 0):
        exit_code = f" ({node.exit_status})" if node.exit_status else ""
        reason = f": {node.exit_message}" if node.exit_message else ""
        kind = f" [{node.kind}]" if node.kind != node.name else ""
        click.echo(f"{'  ' * depth}{node.id} {node.name}{kind} {node.state}{exit_code}{reason}")


def _flat(node: TreeNode, depth: int) -> Iterator[tuple[int, TreeNode]]:
    yield depth, node
    for child in node.children:
        yield from _flat(child, depth + 1)


@click.command()
@click.argument("left", metavar="ID")
@click.argument("right", metavar="[ID]", required=False)
@json_option
def diff(left: str, right: str | None, as_json: bool) -> int:
    """Show what two jobs were given differently; exit code 1 when there is anything.

    Of one job alone: where its INCAR and KPOINTS differ from what its template gives by itself.
    """
    from crystalmath.engine import job_diff

    session = open_session()
    if right is None:
        found = job_diff.from_defaults(session, left)
        left, right = "TEMPLATE", left
    else:
        found = job_diff.diff(session, left, right)
    if as_json:
        print_json(found)
    elif found:
        cells = [[one.step or "", one.file, one.name, one.left, one.right] for one in found]
        print_table(["STEP", "FILE", "WHAT", left, right], cells)
    else:
        click.echo("There is no difference.", err=True)
    return 1 if found else 0
