-- Attach crystalmath-server to VASP input files; for Neovim 0.7 and newer.
local M = {}

-- settings: select, ignore, targetVersion, allow, vtst
M.config = { cmd = { "crystalmath-server", "--stdio" }, settings = {} }

-- The file type of a path, nil for anything that is no VASP input file.
function M.filetype(path)
  local name = vim.fn.fnamemodify(path, ":t"):upper()
  local others = { LUA = 1, PY = 1, JSON = 1, YAML = 1, YML = 1, TOML = 1, XML = 1, MD = 1, SH = 1 }
  if others[name:match("%.(%w+)$") or ""] then
    return nil
  end
  for _, stem in ipairs({ "INCAR", "KPOINTS", "POTCAR", "POSCAR" }) do
    if name:sub(1, #stem) == stem or name:sub(-#stem - 1) == "." .. stem then
      return stem:lower()
    end
  end
  if name:sub(1, 7) == "CONTCAR" or name:match("%.VASP$") then
    return "poscar"
  end
  return nil
end

local client = nil

function M.attach(buffer)
  if client == nil or vim.lsp.get_client_by_id(client) == nil then
    local start = vim.fn.has("nvim-0.8") == 1 and vim.lsp.start or vim.lsp.start_client
    client = start({
      name = "crystalmath",
      cmd = M.config.cmd,
      init_options = next(M.config.settings) and M.config.settings or nil,
      settings = { crystalmath = next(M.config.settings) and M.config.settings or vim.empty_dict() },
      on_attach = function(_, attached)
        vim.api.nvim_buf_set_option(attached, "omnifunc", "v:lua.vim.lsp.omnifunc")
        if vim.lsp.inlay_hint then
          vim.lsp.inlay_hint.enable(true, { bufnr = attached })
        end
      end,
    })
  end
  if client ~= nil then
    vim.lsp.buf_attach_client(buffer, client)
  end
end

local function open(event)
  local filetype = M.filetype(event.file)
  if filetype ~= nil then
    vim.api.nvim_buf_set_option(event.buf, "filetype", filetype)
    M.attach(event.buf)
  end
end

-- require("crystalmath").setup({ cmd = { "/path/to/crystalmath-server" } })
function M.setup(config)
  M.config = vim.tbl_extend("force", M.config, config or {})
  local group = vim.api.nvim_create_augroup("crystalmath", { clear = true })
  vim.api.nvim_create_autocmd({ "BufReadPost", "BufNewFile" }, { group = group, pattern = "*", callback = open })
end

return M
