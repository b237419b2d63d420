"""One VASP run as an AiiDA calculation."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from aiida import orm
from aiida.common.datastructures import CalcInfo, CodeInfo
from aiida.engine import CalcJob

from crystalmath.engine import double_relaxation, nodes, potcar_libraries, run_script

if TYPE_CHECKING:
    from aiida.common.folders import Folder
    from aiida.engine.processes.calcjobs.calcjob import CalcJobProcessSpec
    from aiida.engine.processes.exit_code import ExitCode

__all__ = ["VaspCalcJob"]

# WAVECAR, CHGCAR and what vasprun.xml repeats (DOSCAR, EIGENVAL, PROCAR) stay where VASP ran.
RETRIEVED = ("CONTCAR", "OSZICAR", "vasp.out", "std_err.txt")
# Documents have the averages of LOCPOT along the axes, and the structures that VASP displaced.
READ_AND_DROPPED = ("LOCPOT", "POSCAR.T=*")
Wanted = str | tuple[str, str, int]  # AiiDA's: a name, or a pattern with how much of its path is kept
EXIT_CODES = (
    (300, "ERROR_NO_OUTPUT", "VASP left neither vasprun.xml nor OUTCAR"),
    (301, "ERROR_DID_NOT_START", "VASP did not start: {message}"),
    (302, "ERROR_STARTED_TWICE", "Another start had used the folder of this run; VASP was not run again"),
    (303, "ERROR_POTCAR_MISSING", "{message}"),
    (304, "ERROR_OTHER_COMPUTER", "The files of the previous calculation are on another computer: {message}"),
    (310, "ERROR_VASP_STOPPED", "VASP stopped with: {message}"),
    (311, "ERROR_TRUNCATED", "VASP ended before its time, after {message}"),
    (312, "ERROR_OUT_OF_TIME", "VASP was killed when its wall time was over, after {message}"),
    (313, "ERROR_STOPPED_ON_REQUEST", "VASP was stopped by a STOPCAR before it converged, after {message}"),
    (320, "ERROR_ELECTRONIC_UNCONVERGED", "The electrons did not converge: {message}"),
    (321, "ERROR_IONIC_UNCONVERGED", "The ions did not converge: {message}"),
    (330, "ERROR_UNREADABLE", "The output of VASP cannot be read: {message}"),
    (331, "ERROR_MAKER", "VASP ran, but what atomate2 does with its result failed: {message}"),
)  # fmt: skip


class VaspCalcJob(CalcJob):  # type: ignore[misc] # aiida is untyped here
    """Run VASP once on given INCAR, KPOINTS and POSCAR."""

    @classmethod
    def define(cls, spec: CalcJobProcessSpec) -> None:
        """Declare inputs, outputs and exit codes."""
        super().define(spec)
        spec.input(
            "files", valid_type=orm.FolderData, help="INCAR, POSCAR, KPOINTS and whatever else VASP reads"
        )
        spec.input("potcar", valid_type=orm.Dict, help="Symbols, functional, TITEL and sha256 of the POTCARs")
        spec.input(
            "settings",
            valid_type=orm.Dict,
            required=False,
            help="`copy`: files of the parent to bring along; `volumetric`: grids that its document keeps",
        )
        spec.input(
            "job", valid_type=orm.SinglefileData, required=False, help="The jobflow job that wants this run"
        )
        spec.input(
            "parent_folder", valid_type=orm.RemoteData, required=False, help="Folder to copy files from"
        )
        spec.inputs["metadata"]["options"]["parser_name"].default = "crystalmath.vasp"
        spec.inputs["metadata"]["options"]["resources"].default = lambda: {
            "num_machines": 1,
            "num_mpiprocs_per_machine": 1,
        }
        spec.output("summary", valid_type=orm.Dict, help="The searchable numbers of the run")
        spec.output("structure", valid_type=orm.StructureData, required=False, help="The last structure")
        spec.output("trajectory", valid_type=orm.TrajectoryData, required=False, help="The ionic steps")
        spec.output(
            "document",
            valid_type=orm.SinglefileData,
            required=False,
            help="emmet's TaskDoc, as jobflow keeps it",
        )
        spec.output("response", valid_type=orm.Dict, required=False, help="What the job wants of its flow")
        spec.output_namespace("new_jobs", valid_type=orm.SinglefileData, dynamic=True, required=False)
        spec.outputs["summary"].required = False
        spec.default_output_node = "summary"
        for status, label, message in EXIT_CODES:
            spec.exit_code(status, label, message=message, invalidates_cache=status < 320)

    async def run(self) -> Any:
        """Run the calculation, unless it is clear beforehand that it cannot."""
        refusal = self._refusal()
        return refusal if refusal is not None else await super().run()

    def _refusal(self) -> ExitCode | None:
        from crystalmath.errors import PotcarError

        parent = self.inputs.get("parent_folder")
        if parent is not None and parent.computer.uuid != self.inputs.code.computer.uuid:
            message = f"{parent.computer.label}, not {self.inputs.code.computer.label}"
            return self.exit_codes.ERROR_OTHER_COMPUTER.format(message=message)
        try:
            wanted = self.inputs.potcar.get_dict()
            potcar_libraries.entries(self.inputs.code, tuple(wanted["symbols"]), wanted["functional"])
        except PotcarError as error:
            return self.exit_codes.ERROR_POTCAR_MISSING.format(message=f"{error.message}. {error.hint}")
        return None

    def _potcar(self) -> bytes:
        """Return the POTCAR; it goes to the folder of the run and nowhere else."""
        wanted = self.inputs.potcar.get_dict()
        return potcar_libraries.assemble(self.inputs.code, tuple(wanted["symbols"]), wanted["functional"])

    def prepare_for_submission(self, folder: Folder) -> CalcInfo:
        """Write the input files and say what to run, copy and fetch."""
        names = nodes.file_names(self.inputs.files)
        self._write_inputs(folder, names)
        settings = self.inputs.settings.get_dict() if "settings" in self.inputs else {}
        parent = self.inputs.get("parent_folder")
        code_info = CodeInfo()
        code_info.code_uuid = self.inputs.code.uuid
        code_info.stdout_name = "vasp.out"
        code_info.stderr_name = "std_err.txt"
        info = CalcInfo()
        info.codes_info = [code_info]
        info.provenance_exclude_list = ["POTCAR"]
        info.prepend_text = run_script.before(
            parent.get_remote_path() if parent else None, settings.get("copy", ())
        )
        info.append_text = run_script.after(again=double_relaxation.SECOND_INCAR in names)
        info.retrieve_list = _retrieve_list(names)
        info.retrieve_temporary_list = _with_images(
            [*READ_AND_DROPPED, *settings.get("volumetric", ())], names
        )
        return info

    def _write_inputs(self, folder: Folder, names: tuple[str, ...]) -> None:
        repository = self.inputs.files.base.repository
        for name in names:
            path = PurePosixPath(name)
            place = folder.get_subfolder(str(path.parent), create=True) if path.parent.name else folder
            with place.open(path.name, "wb") as file:
                file.write(repository.get_object_content(name, mode="rb"))
        with folder.open("POTCAR", "wb") as file:
            file.write(self._potcar())


def _retrieve_list(names: tuple[str, ...]) -> list[Wanted]:
    """Return what to fetch of a run with these input files; the script compresses what is large."""
    outputs = [*RETRIEVED, *_packed_or_not(run_script.COMPRESSED)]
    if double_relaxation.SECOND_INCAR in names:
        outputs += [*double_relaxation.RETRIEVED, *_packed_or_not(double_relaxation.COMPRESSED)]
    return _with_images(outputs, names)


def _with_images(outputs: list[str], names: tuple[str, ...]) -> list[Wanted]:
    """Return the outputs, and those of each image where the input files are those of a band."""
    is_band = any("/" in name for name in names)
    return [*outputs, *((f"[0-9][0-9]/{name}", ".", 2) for name in outputs if is_band)]


def _packed_or_not(names: tuple[str, ...]) -> list[str]:
    return [name for base in names for name in (base, f"{base}.gz")]
