# Needs only make and a Python 3.11, 3.12 or 3.13 with venv. uv is fetched into .tools/, never into .venv:
# there it would delete itself whenever it rebuilds the environment.
#   make run      compare the default structures          make test    what every change must pass
#   make PYTHON=/path/to/python3.13 test                  another Python than python3
PYTHON ?= python3
JOBS ?= 2

FOUND := $(shell $(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)
# The interpreter itself, not an activated environment that uv may be about to rebuild.
export UV_PYTHON := $(shell $(PYTHON) -c 'import sys; print(getattr(sys, "_base_executable", sys.executable))' 2>/dev/null)
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
UV := .tools/bin/uv
INSTALLED := .venv/.installed-$(FOUND)

.PHONY: run test verify bench docs lock format clean help suitable-python
.DEFAULT_GOAL := help

help:
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 10

run: $(INSTALLED)  ## compare the default structures and write a report
	.venv/bin/orgdes

test: $(INSTALLED)  ## lint, types, import layers and the fast tests
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/pytest -n $(JOBS)

verify: $(INSTALLED)  ## the slow tests and the whole known-answer suite
	.venv/bin/pytest -n $(JOBS) -m slow
	.venv/bin/orgdes verify full

bench: $(INSTALLED)  ## the benchmarks
	.venv/bin/pytest experiments/benchmarks --benchmark-only --benchmark-group-by=group

docs: $(INSTALLED)  ## write docs/parameters.md and the first result in README.md anew
	.venv/bin/python -m sim.config.reference
	.venv/bin/python docs/refresh.py

format: $(INSTALLED)  ## put every file into the common format
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# The lock names public PyPI whatever index this machine uses, so that it works everywhere.
lock: $(UV)  ## resolve the dependencies anew against public PyPI
	env -u UV_INDEX -u UV_INDEX_URL -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS \
	  $(UV) lock --upgrade --no-config --default-index https://pypi.org/simple

clean:  ## remove the environment, the tools and all caches
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist

suitable-python:
	@case "$(FOUND)" in 3.11.*|3.12.*|3.13.*) ;; *) \
	  echo "orgdes needs Python 3.11, 3.12 or 3.13 and found $(if $(FOUND),$(FOUND),none) as '$(PYTHON)': choose one with make PYTHON=/path/to/python3.13" >&2; \
	  exit 1 ;; esac

$(UV): | suitable-python
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'

$(INSTALLED): pyproject.toml uv.lock .ci/install | suitable-python $(UV)
	.ci/install
	@touch $@
