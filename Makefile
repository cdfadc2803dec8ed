# The verbs of git-catalog. Each works from a fresh clone with Python 3.11 or newer, git and make.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
WORKERS ?= 3
CORPUS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench test-slow test-clients corpus corpus-edits walk story pictures clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with .venv/bin/catalog (once; quick afterwards)

# An interrupted installation leaves no stamp, so the next run starts it again.
$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "git-catalog needs Python 3.11 or newer: none found. Name one: make PYTHON=/path/to/python" >&2; exit 2; }
	@"$(PYTHON)" -c 'import ensurepip, venv' || { echo "$(PYTHON) has no venv module: install it (Debian: apt install python3-venv)" >&2; exit 2; }
	@echo "setting up $(VENV) with $(PYTHON) (about a minute, once)" >&2
	@"$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt setuptools
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation -e '.[dev]'
	@touch $@

demo: setup ## the sample catalog, live: TUI in a terminal, a printed tour without one
	@$(BIN)/catalog demo

test: setup ## import contracts and all quick tests
	@status=0; $(BIN)/lint-imports --no-logo >&2 || status=1; $(BIN)/python -m pytest -n $(WORKERS) || status=1; exit $$status

check: setup ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: setup ## each user action measured, beside its target
	@$(BIN)/python -m benchmarks

test-slow: setup ## the tests that take minutes (kill -9 at random moments, ...)
	@$(BIN)/python -m pytest -m slow --timeout 3600

test-clients: setup ## Backstage's own client, with Node, against a daemon
	@$(BIN)/python -m tests.clients

corpus: ## CORPUS=DIR: load a folder of real descriptor files, print what became of each document
	@test -n "$(CORPUS)" || { echo "make corpus CORPUS=DIR: say which folder of descriptor files to load (one folder a repository)" >&2; exit 2; }
	@$(MAKE) --no-print-directory setup
	@$(BIN)/python -m benchmarks.corpus "$(CORPUS)"

corpus-edits: ## CORPUS=DIR: edit every scalar of real descriptor files and take it back, print what was refused
	@test -n "$(CORPUS)" || { echo "make corpus-edits CORPUS=DIR: say which folder of descriptor files to edit (nothing is written)" >&2; exit 2; }
	@$(MAKE) --no-print-directory setup
	@$(BIN)/python -m benchmarks.corpus_edits "$(CORPUS)"

walk: setup ## record docs/walk.md anew: every command of it is run, and its answer written down
	@UPDATE_DOCS=1 $(BIN)/python -m pytest -q tests/test_walk_documentation.py

story: setup ## record docs/story.md anew: a first evening in a real terminal (tmux); CORPUS=DIR: its largest repository
	@$(BIN)/python -m tests.tui.story $(if $(CORPUS),--corpus "$(CORPUS)")

pictures: setup ## draw docs/pictures anew (a test holds them against the interface)
	@$(BIN)/python -m tests.tui.pictures

clean: ## remove the environment and all caches
	rm -rf $(VENV) .demo build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
