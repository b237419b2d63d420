# What a newcomer needs: `make demo` and `make test`. Both set everything up themselves.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long lint bench docs makers lock clean

help:
	@echo "make setup      install everything into .venv (Python packages, console scripts, terminal UI)"
	@echo "make demo       set up, then run a relaxation and a band structure on the embedded engine"
	@echo "make test       set up, then run all tests that fit into a coffee break; some: make test TIERS=\"unit e2e\""
	@echo "make test-long  the long ones: dozens of kills, thousands of generated cases"
	@echo "make lint       ruff, mypy, cargo fmt and clippy"
	@echo "make docs       regenerate the schema, the Rust types, the reference pages and the pictures of screens"
	@echo "make makers     run every VASP Maker of atomate2 by jobflow and on AiiDA and compare (an hour)"
	@echo "make bench      measure the budgets of the design"

setup: .venv/.python-ready .venv/.tui-ready

.venv/.python-ready: requirements.lock pyproject.toml
	$(PYTHON) scripts/check_python.py
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

TUI_SOURCES := $(shell find tui-rs -name '*.rs' -not -path '*/target/*' 2>/dev/null) tui-rs/Cargo.toml tui-rs/Cargo.lock
.venv/.tui-ready: .venv/.python-ready $(TUI_SOURCES)
	sh scripts/build_tui.sh $(BIN)
	@touch $@

demo: setup
	$(BIN)/python scripts/demo.py

# All tiers side by side, or those that are named: `make test TIERS="engine flows"`.
test: setup
	$(BIN)/python scripts/run_tests.py $(TIERS)

test-long: setup
	$(BIN)/python scripts/run_tests.py --long

lint: setup
	$(BIN)/python scripts/lint.py

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; \
	  $(BIN)/python -m benchmarks.$$(basename $$script .py) || exit 1; done

# Everything that is generated from the code; tests fail when one of them is stale.
docs: setup
	$(BIN)/python -m crystalmath_lsp.schema
	$(BIN)/python -m scripts.generate_rust_types
	$(BIN)/python -m scripts.generate_reference
	$(BIN)/python -m scripts.pictures

# Which Makers of atomate2 run, by jobflow and on AiiDA: an hour on two cores; `make makers ARGS=--resume` goes on.
makers: setup
	$(BIN)/python -m scripts.makers $(ARGS)

# Needs the network: writes the newest versions that the ranges of pyproject.toml allow.
lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet pip-tools
	.venv-lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --extra workflows --extra test --extra lint --extra build -o requirements.lock pyproject.toml
	rm -rf .venv-lock

clean:
	rm -rf .venv .venv-lock tui-rs/target .mypy_cache .ruff_cache .pytest_cache .hypothesis
