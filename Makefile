# make run and make test set up .venv themselves; each is quick the second time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet

.PHONY: run test lint bench load soak pins clean

run: $(VENV)/.runtime
	$(BIN)/python -m warehouse starter --first-run
	$(BIN)/python -m streamlit run dashboard/server.py

test: lint
	$(BIN)/python -m pytest -n auto -m "not soak" $(PYTEST_ARGS)

lint: $(VENV)/.development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Each figure beside a named peer, in the same run.
bench: $(VENV)/.development
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench_generation

# Twenty annotators and an analyst at once, with and without a kill of the server; every vote counted.
load: $(VENV)/.development
	$(BIN)/python -m tests.load

# Long tests; writes what it saw to docs/soak.md.
soak: $(VENV)/.development
	$(BIN)/python -m tests.soak

# Write the versions that are installed now to constraints.txt.
pins: $(VENV)/.development
	{ head -n 1 constraints.txt; $(BIN)/python -m pip freeze; } > constraints.new
	mv constraints.new constraints.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Gemboard needs Python 3.11 or newer: make PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: $(VENV)/bin/python requirements.txt requirements-dashboard.txt constraints.txt
	@echo "Installing the packages of requirements.txt into $(VENV) (several GB; minutes the first time)"
	$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.development: $(VENV)/.runtime requirements-dev.txt
	$(PIP) -r requirements-dev.txt
	@touch $@
