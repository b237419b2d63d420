"""A jobflow Flow as an AiiDA work chain."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from aiida import orm
from aiida.engine import ExitCode, while_

from crystalmath.engine import nodes, steps
from crystalmath.engine.children import Child, children_of, graph_of
from crystalmath.engine.flow_documents import LOCATOR, flow_steps
from crystalmath.engine.graph import FlowGraph, GraphError, Step
from crystalmath.engine.nodes import child_label
from crystalmath.engine.wake import WakingWorkChain
from crystalmath.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiida.engine import ProcessBuilder
    from aiida.engine.processes.workchains.workchain import WorkChainSpec

__all__ = ["MAX_STEPS", "FlowWorkChain", "builder"]

MAX_STEPS = 2_000
MAX_JOB_BYTES = 50_000_000


class FlowWorkChain(WakingWorkChain):
    """Run the jobs of a jobflow Flow, each VASP job as a VaspCalcJob.

    How far the flow is stands in its children and nowhere else: each round reads them, starts what is ready
    and waits. A round that is repeated after a crash finds its children instead of starting them again.
    """

    @classmethod
    def define(cls, spec: WorkChainSpec) -> None:
        """Declare inputs, outline, outputs and exit codes."""
        super().define(spec)
        spec.input("code", valid_type=orm.InstalledCode, help="The VASP that runs the steps")
        spec.input(
            "flow", valid_type=orm.Dict, help="The graph: `steps` with their parents, `options` of the runs"
        )
        spec.input_namespace("jobs", valid_type=orm.SinglefileData, dynamic=True, help="One jobflow job each")
        spec.input("request", valid_type=orm.SinglefileData, required=False, help="What the user asked for")
        spec.outline(while_(cls.advance_flow)(cls.wait_for_steps))
        spec.output(
            "summary", valid_type=orm.Dict, required=False, help="Numbers of the last self-consistent step"
        )
        spec.output("structure", valid_type=orm.StructureData, required=False, help="Its structure")
        spec.exit_code(400, "ERROR_STEP_FAILED", message="Step '{step}': {reason}")
        spec.exit_code(401, "ERROR_GRAPH", message="{reason}")
        spec.exit_code(402, "ERROR_STOPPED", message="{steps} not run: {reason}")
        spec.exit_code(steps.INPUTS_FAILED, "ERROR_INPUTS", message="Step '{step}': {reason}")

    def advance_flow(self) -> bool:
        """Start the steps that are ready; return False when the flow has ended well."""
        self.ctx.clear()  # AiiDA leaves the nodes of ended children there
        graph, children = self._read_flow()
        running = _running(children)
        while ready := graph.ready():
            launched = self._launch_steps(graph, children, ready)
            if None in launched.values():  # it has ended already: read what it says
                graph, children = self._read_flow()
                running = _running(children)
            else:
                running += [pk for pk in launched.values() if pk is not None]
                for key in launched:
                    graph.start(key)
        if running:
            self.ctx.running = running
            return True
        failure = self._conclude_flow(graph, children)
        if failure is not None:
            self.ctx.failure = [failure.status, failure.message]
        return failure is not None

    def wait_for_steps(self) -> ExitCode | None:
        """Wait for the steps that run, or end the flow with what made it fail."""
        if "failure" in self.ctx:
            return ExitCode(*self.ctx.failure)
        for pk in self.ctx.running:
            self.to_context(**{f"step_{pk}": orm.load_node(pk)})
        return None

    def _read_flow(self) -> tuple[FlowGraph, dict[str, Child]]:
        children = children_of(self.node.pk, forget_dead=True)
        return graph_of(tuple(Step.from_dict(step) for step in self.inputs.flow["steps"]), children), children

    def _launch_steps(
        self, graph: FlowGraph, children: Mapping[str, Child], ready: tuple[str, ...]
    ) -> dict[str, int | None]:
        """Start steps in their order, those after one that stops the flow no more."""
        launched: dict[str, int | None] = {}
        for key in ready:
            launched[key] = self._launch_step(graph, children, key)
            if "stopped" in self.ctx:
                break
        return launched

    def _launch_step(self, graph: FlowGraph, children: Mapping[str, Child], key: str) -> int | None:
        """Start one step, going on where an earlier try stopped.

        Return the pk of what runs now, None when the step is over already.
        """
        step = graph.step(key)
        if step.kind == "python":
            self._call_python(graph, children, step)
            return None
        label = child_label("prepare", key)
        made = children.get(label)
        if made is not None and made.is_accepted:
            prepared = orm.load_node(made.pk).outputs
            found = {name: prepared[name] for name in prepared}
        else:
            given = self._given_to_step(graph, children, step)
            metadata = {"call_link_label": label, "label": step.name}
            found, node = steps.prepare_vasp.run_get_node(
                job=self._job_of_step(step), code=self.inputs.code, metadata=metadata, **given
            )
            if not node.is_finished_ok:
                return None
        return self._submit_vasp(step, found)

    def _call_python(self, graph: FlowGraph, children: Mapping[str, Child], step: Step) -> None:
        """Run a Python job, here and now."""
        given = self._given_to_step(graph, children, step)
        metadata = {"call_link_label": child_label("run", step.key), "label": step.name}
        outputs, node = steps.run_python.run_get_node(job=self._job_of_step(step), metadata=metadata, **given)
        if not node.is_finished_ok or "response" not in outputs:
            return
        wishes = outputs["response"].get_dict()
        for note in wishes.get("notes", ()):
            self.report(f"Step '{step.name}': {note}")
        if wishes["stop_jobflow"]:
            self.ctx.stopped = True

    def _job_of_step(self, step: Step) -> orm.SinglefileData:
        origin, _, label = step.source.rpartition("/")
        if not origin:
            return self.inputs.jobs[label]
        return orm.load_node(origin).outputs.new_jobs[label]

    def _given_to_step(
        self, graph: FlowGraph, children: Mapping[str, Child], step: Step
    ) -> dict[str, orm.Data]:
        """Return the documents that the step refers to and the folders that it reads."""
        given: dict[str, orm.Data] = {}
        for number, parent in enumerate(_referred(graph, children, (*step.parents, *step.after))):
            given[steps.document_label(number)] = orm.load_node(parent.pk).outputs.document
        for directory in step.directories:
            run = self._calculation_of(graph, children, directory)
            if run is not None and "retrieved" in run.outputs:  # a Python step hands on another's folder
                given[steps.folder_label(run.uuid)] = run.outputs.retrieved
        return given

    def _calculation_of(self, graph: FlowGraph, children: Mapping[str, Child], directory: str) -> Any:
        """Return the calculation that a step's uuid or a locator means."""
        found = LOCATOR.search(directory)
        if found is not None:
            return orm.load_node(found.group(1))
        latest = graph.latest(directory)
        return orm.load_node(children[child_label("run", latest.key)].pk) if latest else None

    def _submit_vasp(self, step: Step, prepared: Mapping[str, Any]) -> int:
        from crystalmath.engine import codes, variants
        from crystalmath.engine.calcjob import VaspCalcJob

        inputs: dict[str, Any] = {name: prepared[name] for name in ("files", "potcar")}
        inputs["job"] = prepared.get("job") or self._job_of_step(step)
        inputs["code"] = codes.for_job(self.inputs.code, **variants.needs(prepared["files"]))
        if "settings" in prepared:
            inputs["settings"] = prepared["settings"]
            previous = LOCATOR.search(prepared["settings"].get("previous", ""))
            if previous is not None:
                inputs["parent_folder"] = orm.load_node(previous.group(1)).outputs.remote_folder
        inputs["metadata"] = {
            "call_link_label": child_label("run", step.key),
            "label": step.name,
            "options": self.inputs.flow["options"],
        }
        return int(self.submit(VaspCalcJob, **inputs).pk)

    def _conclude_flow(self, graph: FlowGraph, children: Mapping[str, Child]) -> ExitCode | None:
        """Attach the outputs of the last self-consistent step and say how the flow ended."""
        from crystalmath.engine.outcome import last_self_consistent

        chosen = last_self_consistent(self.node)
        if chosen is not None:
            outputs = chosen.outputs
            for name in ("summary", "structure"):
                if name in outputs:
                    self.out(name, outputs[name])
        failed, skipped = graph.keys("failed"), graph.keys("skipped")
        if failed:
            return self._flow_failure(graph, children, failed)
        if skipped:
            reason = graph.reason(skipped[0])
            steps = "1 step was" if len(skipped) == 1 else f"{len(skipped)} steps were"
            return self.exit_codes.ERROR_STOPPED.format(steps=steps, reason=reason)
        return None

    def _flow_failure(
        self, graph: FlowGraph, children: Mapping[str, Child], failed: tuple[str, ...]
    ) -> ExitCode:
        """Return the first failed step's own number, with a sentence that names the step."""
        key = failed[0]
        child = children.get(child_label("run", key)) or children[child_label("prepare", key)]
        others = f" ({len(failed) - 1} more failed)" if len(failed) > 1 else ""
        code = self.exit_codes.ERROR_STEP_FAILED.format(
            step=graph.step(key).name, reason=graph.reason(key) + others
        )
        return ExitCode(child.exit_status or code.status, code.message)


def _running(children: Mapping[str, Child]) -> list[int]:
    return [child.pk for child in children.values() if not child.has_ended]


def _referred(graph: FlowGraph, children: Mapping[str, Child], uuids: tuple[str, ...]) -> list[Child]:
    """Return the steps whose documents these uuids mean, and those that stand in these by reference."""
    found: dict[str, Child] = {}
    open_uuids = list(uuids)
    while open_uuids:
        latest = graph.latest(open_uuids.pop(0))
        if latest is None or latest.key in found:
            continue
        child = children[child_label("run", latest.key)]
        found[latest.key] = child
        open_uuids += (child.response or {}).get("references", ())
    return list(found.values())


def builder(flow: Any, code: orm.InstalledCode, *, options: Mapping[str, Any]) -> ProcessBuilder:
    """Return what submits a jobflow Flow (or Job) on the code; `options` are AiiDA's `metadata.options`.

    Raises TemplateError for a flow that cannot be run, naming the step and the reason.
    """
    hint = "Change the flow, or run it with jobflow itself."
    try:
        items = flow_steps(flow)
        FlowGraph.of(item.step for item in items)
    except GraphError as error:
        raise TemplateError(str(error), hint=hint) from error
    if not 0 < len(items) <= MAX_STEPS:
        raise TemplateError(f"A flow may have 1 to {MAX_STEPS} steps, this one has {len(items)}", hint=hint)
    for item in items:
        if b'"__main__"' in gzip.decompress(item.job):
            raise TemplateError(
                f"The step '{item.step.name}' uses something that is defined in a script or notebook",
                hint="Put it into a module that the daemon can import, and restart the daemon.",
            )
        if len(item.job) > MAX_JOB_BYTES:
            raise TemplateError(
                f"The document of the step '{item.step.name}' is too large to store", hint=hint
            )
    made: ProcessBuilder = FlowWorkChain.get_builder()
    made.code = code
    labels = {item.step.key: child_label("job", item.step.key) for item in items}
    made.flow = orm.Dict(
        {
            "name": getattr(flow, "name", ""),
            "steps": [{**item.step.as_dict(), "source": labels[item.step.key]} for item in items],
            "options": dict(options),
        }
    )
    made.jobs = {labels[item.step.key]: nodes.file_node(item.job, "job.json.gz") for item in items}
    return made
