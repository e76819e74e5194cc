# Storeroom. `make` alone lists the targets; each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.PHONY: help setup run test prove bench enclosure lint types typings-check wheel-smoke licences clean

help:
	@echo 'make run      the whole storeroom on this machine: panel 8080, console 8090, the room 8070'
	@echo 'make test     all tests, in two lanes at once: one waits for boards in real time'
	@echo 'make bench    figures: bus cycle, permit loss, STOP, memory, start time, import'
	@echo 'make prove    long seeded campaigns; results are kept in tests/proofs/'
	@echo 'make enclosure  cases to print and the wiring of the boards, into build/enclosure'
	@echo 'make lint types licences wheel-smoke    the other gates of .ci/run'
	@echo 'make run ARGS="--data DIR --seconds 60"   options go into ARGS'

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Storeroom needs Python 3.11 or newer; name one with: make PYTHON=python3.13' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo 'Install venv first: sudo apt install python3-venv' >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $(READY)

run: $(READY)
	@exec $(BIN)/storeroom-bench demo $(ARGS)

test: $(READY)
	$(BIN)/python -m tests.lanes $(ARGS)

prove: $(READY)
	$(BIN)/python -m tests.proofs.run $(TARGET)

bench: $(READY)
	$(BIN)/python -m tests.benchmarks.run $(ARGS)

# The modeller weighs a gigabyte and no node needs it: an environment of its own, with that extra and nothing else.
CASES := .venv-enclosure
EXTRA := import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["enclosure"])

$(CASES)/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'The cases need Python 3.11 or newer; name one with: make PYTHON=python3.13' >&2; exit 1; }
	@$(PYTHON) -m venv $(CASES) || { echo 'Install venv first: sudo apt install python3-venv' >&2; exit 1; }
	$(CASES)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt $$($(PYTHON) -c '$(EXTRA)')
	@touch $@

enclosure: $(CASES)/.ready
	$(CASES)/bin/python -m enclosure.build build/enclosure

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# The boards' API is typed by the MicroPython stubs, which must not lie in the same site-packages as ours.
typings/.ready: constraints.txt $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --target typings \
	  $$(grep -h '^micropython-' constraints.txt)
	@touch $@

types: $(READY) typings/.ready
	$(BIN)/mypy
	$(BIN)/mypy --config-file mypy-firmware.ini

# The wheel alone, without the development extras, must bring working commands.
wheel-smoke: $(READY)
	rm -rf build/smoke && mkdir -p build/smoke
	$(BIN)/python -m build --wheel --outdir build/smoke .
	$(PYTHON) -m venv build/smoke/venv
	build/smoke/venv/bin/pip install --quiet --disable-pip-version-check -c constraints.txt build/smoke/*.whl
	cd build/smoke && venv/bin/storeroom --help && venv/bin/storeroom run --help && venv/bin/storeroom-central --help

licences: $(READY)
	$(BIN)/python tests/licences.py

clean:
	rm -rf $(VENV) $(CASES) build typings *.egg-info
