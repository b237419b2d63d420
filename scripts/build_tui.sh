#!/bin/sh
# Build the terminal UI and put it beside the other console scripts.
set -eu
bin=$(cd "$1" && pwd)
if ! command -v cargo >/dev/null 2>&1; then
  echo "cargo was not found: the terminal UI is left out. Install Rust (rustup) and run 'make setup' again." >&2
  [ "${CI:-}" = "true" ] && exit 1
  exit 0
fi
cargo build --quiet --release --locked --manifest-path tui-rs/Cargo.toml
install -m 0755 tui-rs/target/release/crystalmath-tui "$bin/crystalmath-tui"
