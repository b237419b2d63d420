"""Neovim, a client that is not ours: it shows diagnostics, completes, mends and formats over stdio."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.deadlines import JOB_S, SOON_S
from tests.e2e.rpc_client import ROOT

NEOVIM = shutil.which("nvim")
SCRIPT = """
vim.opt.runtimepath:append("{root}/editors/neovim")
require("crystalmath").setup({{
  cmd = {{ "{server}", "--stdio" }},
  settings = {{ allow = {{ "MYTAG" }} }},
}})
local seen = {{}}
local function wait(what, condition)
  assert(vim.wait({deadline_ms}, condition, 10), "timed out: " .. what)
end
local function lines()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\\n")
end
local function codes()
  return vim.tbl_map(function(each) return each.code end, vim.diagnostic.get(0))
end
vim.cmd("edit {folder}/INCAR")
wait("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
seen.filetype = vim.bo.filetype
seen.opened = codes()
local function ask(method, params)
  local answers = assert(vim.lsp.buf_request_sync(0, method, params, {deadline_ms}))
  local _, answer = next(answers)
  assert(answer.err == nil, vim.inspect(answer.err))
  return answer.result
end
vim.api.nvim_win_set_cursor(0, {{ 4, 4 }})
local items = ask("textDocument/completion", vim.lsp.util.make_position_params())
seen.completed = vim.tbl_map(function(each) return each.label end, items.items)
vim.api.nvim_win_set_cursor(0, {{ 1, 1 }})
seen.hover = ask("textDocument/hover", vim.lsp.util.make_position_params()).contents.value
local params = vim.lsp.util.make_range_params(0)
params.range = {{ start = {{ line = 2, character = 0 }}, ["end"] = {{ line = 2, character = 1 }} }}
params.context = {{ diagnostics = {{}}, only = {{ "quickfix" }} }}
local action = ask("textDocument/codeAction", params)[1]
seen.action = action.title
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
wait("the end of the finding", function() return not vim.tbl_contains(codes(), "duplicate-tag") end)
vim.cmd("3delete")
if vim.lsp.buf.format then vim.lsp.buf.format() else vim.lsp.buf.formatting_sync(nil, {deadline_ms}) end
seen.formatted = lines()
local function at(line, character)
  vim.api.nvim_win_set_cursor(0, {{ line, character }})
  return vim.lsp.util.make_position_params()
end
vim.cmd("edit! {folder}/INCAR")
vim.api.nvim_buf_set_lines(0, 0, -1, false, {{ "ISPIN = 2", "MYTAG = 1", "MAGMOM = 3" }})
wait("the allowed tag", function() return not vim.tbl_contains(codes(), "unknown-tag") end)
seen.definition = ask("textDocument/definition", at(3, 9))[1]
seen.signature = ask("textDocument/signatureHelp", at(3, 9)).signatures[1].label
vim.cmd("edit! {folder}/POSCAR")
local edit = vim.tbl_extend("force", at(6, 0), {{ newName = "Fe" }})
vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", edit), "utf-16")
seen.renamed = lines()
wait("the end of the finding", function() return #vim.diagnostic.get(0) == 0 end)
vim.cmd("edit! {folder}/POSCAR")
wait("diagnostics of the other file", function() return #vim.diagnostic.get(0) > 0 end)
seen.poscar = codes()
vim.fn.writefile({{ vim.fn.json_encode(seen) }}, "{report}")
vim.cmd("qall!")
"""
INCAR = "ispin=2\nENCUT = 400 ! é\nENCUT = 500\n ISM\n"
POSCAR = "Fe\n1.0\n4 0 0\n0 4 0\n0 0 4\nQq\n1\nDirect\n0 0 0\n"

pytestmark = pytest.mark.skipif(
    NEOVIM is None and os.environ.get("CI") != "true",
    reason="nvim is not on this machine; scripts/install_neovim.sh installs it",
)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what one session of Neovim saw."""
    assert NEOVIM is not None, "nvim is not on this machine: run scripts/install_neovim.sh"
    folder = tmp_path_factory.mktemp("neovim")
    (folder / "INCAR").write_text(INCAR)
    (folder / "POSCAR").write_text(POSCAR)
    server = Path(sys.executable).with_name("crystalmath-server")
    script, report = folder / "session.lua", folder / "report.json"
    names = {"root": ROOT, "server": server, "folder": folder, "report": report}
    script.write_text(SCRIPT.format(**names, deadline_ms=int(1000 * SOON_S)))
    own = {f"XDG_{name}_HOME": str(folder) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    command = [NEOVIM, "--clean", "--headless", "-n", "-c", f"luafile {script}", "-c", "cquit!"]
    done = subprocess.run(
        command, env=os.environ | own, capture_output=True, text=True, timeout=JOB_S, check=False
    )
    assert report.exists(), done.stderr
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def test_diagnostics_are_shown_where_they_stand(seen: dict[str, Any]) -> None:
    assert seen["filetype"] == "incar"
    assert "duplicate-tag" in seen["opened"]
    assert seen["poscar"] == ["unknown-element"]


def test_tags_are_completed(seen: dict[str, Any]) -> None:
    assert "ISMEAR" in seen["completed"]
    assert all(label.startswith("IS") for label in seen["completed"])


def test_hover_explains_a_tag(seen: dict[str, Any]) -> None:
    assert "In effect: `2`" in seen["hover"]


def test_a_quick_fix_is_applied_and_the_file_formatted(seen: dict[str, Any]) -> None:
    assert seen["action"] == "Remove this ENCUT"
    assert seen["formatted"] == "ISPIN = 2\nENCUT = 400 ! é"


def test_a_moment_leads_to_its_ion(seen: dict[str, Any]) -> None:
    assert seen["definition"]["uri"].endswith("/POSCAR")
    assert seen["definition"]["range"]["start"]["line"] == 8
    assert seen["signature"] == "MAGMOM = Qq 1"


def test_a_species_is_renamed(seen: dict[str, Any]) -> None:
    assert seen["renamed"] == POSCAR.replace("Qq", "Fe").rstrip("\n")
