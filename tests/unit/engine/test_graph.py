from __future__ import annotations

from typing import Any

import pytest

from crystalmath.engine.graph import FlowGraph, GraphError, Outcome, Step


def step(uuid: str, *parents: str, **more: Any) -> Step:
    return Step(
        **{"uuid": uuid, "index": 1, "name": f"step {uuid}", "kind": "vasp", "parents": parents, **more}
    )


def run(graph: FlowGraph, key: str, **wishes: Any) -> None:
    assert key in graph.ready()
    graph.start(key)
    graph.end(key, Outcome(**wishes))


def test_a_step_starts_when_its_parents_are_done() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a"), step("c", "a"), step("d", "b", "c")])
    assert graph.ready() == ("a:1",)
    run(graph, "a:1")
    assert graph.ready() == ("b:1", "c:1")
    run(graph, "b:1")
    assert "d:1" not in graph.ready()
    run(graph, "c:1")
    run(graph, "d:1")
    assert graph.finished


def test_a_running_step_keeps_the_flow_unfinished() -> None:
    graph = FlowGraph.of([step("a")])
    graph.start("a:1")
    assert graph.ready() == ()
    assert not graph.finished


def test_a_failed_step_takes_those_that_need_it_along_and_leaves_the_others() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a"), step("c", "b"), step("x")])
    graph.start("a:1")
    graph.fail("a:1", "it broke")
    assert graph.ready() == ("x:1",)
    assert graph.state("c:1") == "skipped"
    assert graph.reason("b:1") == "'step a' did not end well"
    assert graph.reason("a:1") == "it broke"


def test_a_step_that_tolerates_missing_references_runs_after_a_failed_parent() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a", on_missing="none")])
    graph.start("a:1")
    graph.fail("a:1", "it broke")
    assert graph.ready() == ("b:1",)


def test_stopping_children_goes_down_the_whole_branch() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a"), step("c", "b", on_missing="none"), step("x")])
    run(graph, "a:1", stop_children=True)
    assert graph.keys("skipped") == ("b:1", "c:1")
    assert graph.ready() == ("x:1",)


def test_stopping_the_flow_starts_nothing_more_but_lets_running_steps_end() -> None:
    graph = FlowGraph.of([step("a"), step("b"), step("c")])
    graph.start("b:1")
    run(graph, "a:1", stop_jobflow=True)
    assert graph.ready() == ()
    assert graph.state("c:1") == "skipped"
    assert not graph.finished
    graph.end("b:1")
    assert graph.finished


def test_children_of_a_replaced_step_wait_for_its_last_index() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    run(graph, "a:1", replace=(step("n"), step("a", "n", index=2)))
    assert graph.ready() == ("n:1",)
    run(graph, "n:1")
    run(graph, "a:2")
    assert graph.ready() == ("b:1",)
    latest = graph.latest("a")
    assert latest is not None
    assert latest.index == 2


def test_a_replacement_that_fails_fails_the_children() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    run(graph, "a:1", replace=(step("a", index=2),))
    graph.start("a:2")
    graph.fail("a:2", "it broke")
    assert graph.state("b:1") == "skipped"


def test_children_wait_for_every_step_of_a_detour_and_of_its_own_detours() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    run(graph, "a:1", detour=(step("d"),))
    assert graph.ready() == ("d:1",)
    run(graph, "d:1", detour=(step("e"),))
    assert graph.ready() == ("e:1",)
    run(graph, "e:1")
    assert graph.ready() == ("b:1",)


def test_a_detour_that_fails_does_not_fail_the_children() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    run(graph, "a:1", detour=(step("d"),))
    graph.start("d:1")
    graph.fail("d:1", "it broke")
    assert graph.ready() == ("b:1",)


def test_children_do_not_wait_for_an_addition() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    run(graph, "a:1", addition=(step("n"),))
    assert graph.ready() == ("b:1", "n:1")


def test_a_step_of_a_detour_may_refer_to_the_step_that_asked_for_it() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    run(graph, "a:1", detour=(step("d", after=("a",)),))
    assert graph.ready() == ("d:1",)


def test_a_new_step_waits_for_what_it_refers_to_outside_of_its_flow() -> None:
    graph = FlowGraph.of([step("a"), step("x")])
    run(graph, "a:1", addition=(step("n", after=("x",)),))
    assert graph.ready() == ("x:1",)
    graph.start("x:1")
    graph.fail("x:1", "it broke")
    assert graph.ready() == ("n:1",)


def test_steps_that_wait_for_each_other_are_refused_by_name() -> None:
    with pytest.raises(GraphError, match="'step b', 'step c' wait for each other"):
        FlowGraph.of([step("a"), step("b", "c"), step("c", "b")])


def test_a_reference_to_nothing_is_refused_by_name() -> None:
    with pytest.raises(GraphError, match="'step b' needs the output of nowhere"):
        FlowGraph.of([step("b", after=("nowhere",))])


def test_a_reference_to_nothing_is_tolerated_where_the_job_tolerates_it() -> None:
    assert FlowGraph.of([step("b", after=("nowhere",), on_missing="none")]).ready() == ("b:1",)


def test_a_step_cannot_be_added_twice() -> None:
    with pytest.raises(GraphError, match="twice"):
        FlowGraph.of([step("a"), step("a")])


def test_a_step_that_adds_what_cannot_be_run_changes_nothing() -> None:
    graph = FlowGraph.of([step("a"), step("b", "a")])
    graph.start("a:1")
    with pytest.raises(GraphError, match="'step n' needs the output of nowhere"):
        graph.end(
            "a:1", Outcome(stop_jobflow=True, detour=(step("m"),), addition=(step("n", after=("nowhere",)),))
        )
    assert graph.state("a:1") == "running"
    assert graph.keys() == ("a:1", "b:1")


def test_a_step_survives_its_database_form() -> None:
    made = step("a", "b", after=("c",), directories=("d",), source="job_a")
    assert Step.from_dict(made.as_dict()) == made
