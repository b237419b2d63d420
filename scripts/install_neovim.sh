#!/bin/sh
# Install Neovim for tests/e2e/test_neovim.py where it is absent and apt may be used.
set -eu
command -v nvim >/dev/null && exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "install_neovim.sh: nvim is absent, and only root with apt-get can install it here" >&2
    exit 0
fi
apt-get install -y --no-install-recommends neovim || { apt-get update && apt-get install -y --no-install-recommends neovim; }
