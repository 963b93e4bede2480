# Two commands: `make lab` opens the course, `make test` runs every test. Both set themselves up.
#
#   make lab PORT=8890       another port
#   make lab PYTHON=python3.12
#   make lab TORCH_INDEX=…   an index of CPU-only builds of torch, see README.md

PORT ?= 8888
TORCH_INDEX ?=
VENV := .venv
BIN := $(VENV)/bin

# A name on the PATH may be an empty shim, so each candidate has to run and to have venv's pip.
SUITABLE := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	$$name -c '$(SUITABLE)' 2>/dev/null && echo $$name && break; done)

INSTALL := $(BIN)/python -m pip install --constraint constraints.txt \
	$(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

# No fight for the processors in tests.
test: export OMP_NUM_THREADS := 1

# nbgrader starts the program alembic by its name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help lab test binder lock

help:
	@echo "make lab     open the course in JupyterLab (PORT=8888)"
	@echo "make test    run every test"
	@echo "make binder  install Binder's environment in a temporary folder"
	@echo "make lock    write constraints.txt from the environment of make test"

lab: $(VENV)/.course
	$(BIN)/workshop lab --port $(PORT)

# Three processes for two cores: a third of the time goes by in waiting for programs to start and end.
test: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/workshop build --check
	$(BIN)/workshop verify --graded
	$(BIN)/python -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder tests
	$(BIN)/python -m pytest --doctest-modules workshop_lib

# The environment that Binder gives a learner, installed on its own and thrown away.
binder: $(BIN)/python
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	   $(BIN)/python -m venv "$$folder" && \
	   "$$folder/bin/python" -m pip install --quiet --requirement binder/course.txt \
	      $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) && \
	   "$$folder/bin/python" -m pip check && \
	   "$$folder/bin/workshop" --help >/dev/null && \
	   du -sh "$$folder"

lock: $(VENV)/.test
	@{ echo "# Tested versions. Written by \`make lock\`; both make commands and Binder use it."; \
	   echo "tensorflow==$$($(BIN)/python -c 'import importlib.metadata as m; print(m.version("tensorflow-cpu"))'); sys_platform == 'darwin'"; \
	   $(BIN)/python -m pip freeze --all --exclude pip --exclude workshop-lib \
	   | sed 's/+cpu$$//' | LC_ALL=C sort -f; } > constraints.new
	@mv constraints.new constraints.txt

# Stamps: a second start installs nothing.
$(VENV)/.course: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable ".[course]"
	@touch $@

$(VENV)/.test: pyproject.toml constraints.txt | $(BIN)/python
	$(INSTALL) --editable ".[course,grade,cluster,postgres,dev]"
	@touch $@ $(VENV)/.course

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 with venv was found." \
	   "Install one (on Debian and Ubuntu: python3 and python3-venv)," \
	   "or name it: make lab PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -c '$(SUITABLE)' || { echo "$(PYTHON) is not a Python 3.11 to 3.13 with venv." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
