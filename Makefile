# Everything runs in a virtual environment of its own; `make demo` and `make test` set it up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
AS_OF := 2026-11-25

# A test knows which kind of term it asked for, and what is nearly equal is of another type.
IN_TESTS = --no-warn-unused-ignores --disable-error-code union-attr --disable-error-code comparison-overlap

# The core leaves out what is marked exhaustive, whose snapshots are then used by nobody.
CORE = -m "not exhaustive" --snapshot-disable-unused
# Random examples come from this seed: SEED=… make test draws the same ones again.
SEED ?= $(shell $(PYTHON) -c "import secrets; print(secrets.randbelow(2**32))")

# Byte code is kept: the processes of the tests start hundreds of times with the same modules.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test test-all fuzz mutants lint docs site dist app bench snapshots clean

demo: $(VENV)/.shows  ## the findings of the demo authority, as of a fixed day, and its map and report in build/
	@$(BIN)/graphsc validate data/demo --as-of $(AS_OF); status=$$?; test $$status -le 1
	@mkdir -p build
	@$(BIN)/graphsc map data/demo --as-of $(AS_OF) -o build/map.html
	@$(BIN)/graphsc report data/demo --as-of $(AS_OF) -o build/report.html

test: $(VENV)/.tests  ## the core: the same tests each time, with other random examples
	$(BIN)/pytest -n auto --hypothesis-seed=$(SEED) $(CORE)

test-all: $(VENV)/.whole $(VENV)/.spark  ## every test there is; what could not run here is named at the end
	$(BIN)/pytest -n auto --hypothesis-seed=$(SEED) -rs

fuzz: $(VENV)/.tests  ## read 20,000 damaged files, and mutated data that must not pass in silence, of another seed each time
	$(BIN)/python tests/support/fuzz.py --mutations 20000 --seed $(SEED)
	GRAPHSC_MUTATIONS=5000 $(BIN)/pytest -n 0 --hypothesis-seed=$(SEED) tests/sources/test_input_mistakes.py

mutants: $(VENV)/.tests  ## small faults in what must not fail unseen, each of which a test has to notice; MUTANTS=waivers for some
	PYTHONHASHSEED=0 $(BIN)/python tests/support/mutants.py $(MUTANTS)

lint: $(VENV)/.tests  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests $(IN_TESTS)

docs: $(VENV)/.tests  ## what is generated: parts of the documentation, the companions of the ontology
	$(BIN)/python -m graphsc.sources.generated
	$(BIN)/python docs/generate.py

site: $(VENV)/.whole  ## the pages of docs/ as a site, in build/site
	$(BIN)/sphinx-build -q -W docs build/site

dist: $(VENV)/.tests  ## what is uploaded, in dist/, and tried: the source distribution and the wheel that is built from it
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist
	$(BIN)/pytest -n 0 tests/project/test_wheel.py

app: $(VENV)/.tests  ## a folder that starts by a double click, without Python, in build/app/graphsc; and tried
	$(PYTHON) -m venv build/app/venv
	build/app/venv/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	build/app/venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[serve]" --group app
	build/app/venv/bin/python -m PyInstaller --noconfirm --log-level ERROR --distpath build/app --workpath build/app/work app/graphsc.spec
	$(BIN)/pytest -n 0 tests/project/test_app.py

bench: $(VENV)/.benches  ## what a user waits for, measured: the demo, larger graphs beside pySHACL, the map, risk
	$(BIN)/python benchmarks/demo.py
	$(BIN)/python benchmarks/engine.py
	$(BIN)/python benchmarks/map.py
	$(BIN)/python benchmarks/writing.py
	$(BIN)/python benchmarks/risk.py
	$(BIN)/python benchmarks/differential.py --cases 100000

snapshots: $(VENV)/.tests  ## accept the output of today as expected
	$(BIN)/pytest -n auto --snapshot-update

clean:
	rm -rf $(VENV) dist build

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "graphsc needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"

$(VENV)/.runs: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.shows: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[map,report]"
	@touch $@ $(VENV)/.runs

$(VENV)/.tests: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[all]" --group dev
	@touch $@ $(VENV)/.shows $(VENV)/.runs

$(VENV)/.benches: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group bench
	@touch $@

$(VENV)/.whole: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --group site
	@touch $@

$(VENV)/.spark: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[all,spark]"
	@touch $@
