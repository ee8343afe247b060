# Everything happens in a virtual environment of its own, .venv, made at first need.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PEERS := build/peers
CODE := refman tests benchmarks docs examples

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test fuzz screenshots crash check format lint types docs bench library.db lock clean

help:  ## List what there is to make.
	@grep -hE '^[a-z.]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "refman needs Python 3.11 or newer; name one: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making the environment in $(VENV) (once)…"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --require-hashes --no-deps -r requirements.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)  ## Show the main job on real input, in a library of its own under build/demo.
	@BIN=$(BIN) bash examples/demo.sh

test: $(READY)  ## Run the tests.
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q

coverage: $(READY)  ## Run the tests, and tell which lines none of them runs.
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered -n 2 --dist worksteal -q

fuzz: $(READY)  ## Hostile input for every importer: make fuzz SECONDS=600
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60)

crash: $(READY)  ## Kill the process at random moments of all kinds of work: make crash KILLS=300
	@$(BIN)/python -m tests.crash --kills $(or $(KILLS),66)

check: lint types docs test  ## All that CI checks.

lint: $(READY)  ## Style, and who may import whom.
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/lint-imports

types: $(READY)  ## Types, strictly.
	@$(BIN)/mypy

docs: $(READY)  ## Check that docs/cli.md says what --help says.
	@$(BIN)/python docs/generate_cli.py --check

format: $(READY)  ## Format the code and write docs/cli.md anew.
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/python docs/generate_cli.py

bench: $(READY) $(PEERS)  ## Run the benchmarks, each beside a peer or a bound: make bench WORKS=10000
	@for script in startup import_scale mismatch_guard snapshot enrich_throughput kill_and_resume citing; do \
	  echo "== $$script"; COBIB=$(PEERS)/bin/cobib $(BIN)/python -m benchmarks.$$script || exit 1; done
	@echo "== library"; $(BIN)/python -m benchmarks.library --folder build/libraries --peers $(PEERS)/bin $(WORKS)

$(PEERS):
	@echo "Making an environment for the peers that are measured beside it…"
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install -qq cobib==6.0.3 papis==0.16.1

screenshots: $(READY)  ## Draw the README's pictures anew, from the program itself.
	@$(BIN)/python examples/screenshots.py docs/images

library.db: $(READY)  ## Build the sample library anew, byte for byte.
	@$(BIN)/python examples/build_library.py library.db

lock: $(READY)  ## Choose newest versions of all dependencies and write requirements.txt.
	@$(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
	  --extra dev --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --output-file requirements.txt pyproject.toml

clean:  ## Remove the environment and all that was built.
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
