# On a machine with Python >= 3.11, make and git: every goal makes .venv and installs what it needs.
# `make` alone lists the goals.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PINS := --constraint constraints.txt
WORKERS ?= 2
ONLY ?=

# pyright: use the copy in its package, and do not talk of newer ones
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
# tools must not take an option from a surrounding environment
unexport PYTHONPATH PYTHONHOME

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check docs bench format clean

help: ## List the goals
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

demo: $(VENV)/.runtime ## Plan the year of the built-in sample company -> examples/out/year_plan.html
	$(BIN)/python examples/year_plan.py

test: $(VENV)/.dev ## Run the laws, unit tests and doctests; branch coverage must be 100 %
	$(BIN)/python -m pytest -n $(WORKERS) --dist=loadfile --hypothesis-profile=ci --cov --cov-report=term

check: $(VENV)/.dev ## Lint, format, types, floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

docs: $(VENV)/.dev ## Build the pages into docs/_build/html; a warning is an error
	$(BIN)/sphinx-build -W -n -q --keep-going -d docs/_build/doctrees docs docs/_build/html

bench: $(VENV)/.dev ## Time ours against peers; ONLY=growth chooses; fails if a bar is missed
	$(BIN)/python -m benchmarks $(ONLY)

format: $(VENV)/.dev ## Let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove everything that the other goals made
	rm -rf $(VENV) docs/_build benchmarks/results examples/out dist build
	rm -rf .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.base: constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "salescore needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install -qq --upgrade pip $(PINS)
	@touch $@

$(VENV)/.runtime: $(VENV)/.base pyproject.toml constraints.txt
	$(PIP) install -qq $(PINS) --build-constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) install -qq $(PINS) --group dev
	@touch $@
