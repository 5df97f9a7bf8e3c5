# The workbook's commands. They need Python 3.11 to 3.14 with venv, and make; `make` alone lists them.
# The environment is made once, from requirements.lock with hashes; later calls only look at two stamp files.

PYTHON ?= python3
QUARTER ?=
PYTEST_ARGS ?=
LOCK_ARGS ?=
BENCH_ARGS ?=

VENV := .venv
LAB := .venv-lab
BENCH := .venv-bench
PIP := python -m pip --quiet --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help report test lab lint hooks lock clean example bench bench-engines axe
.DELETE_ON_ERROR:

report: $(VENV)/.ready ## Rebuild the newest quarter's reports in outputs/ (another: make report QUARTER=2015-16-Q2)
	$(VENV)/bin/workbook run $(QUARTER)

test: $(VENV)/.ready $(LAB)/.ready axe ## Run every test (some: make test PYTEST_ARGS="tests/test_values.py -k money")
	$(VENV)/bin/python -m pytest $(or $(PYTEST_ARGS),-n 2 --dist loadfile --no-loadscope-reorder)

lab: $(LAB)/.ready ## Open the workbook in JupyterLab; notebooks run in the same environment as the reports
	$(VENV)/bin/workbook lab

lint: $(VENV)/.ready ## Check the code with ruff (the rules stand in pyproject.toml), and that stored notebooks are clean
	$(VENV)/bin/ruff check .
	$(VENV)/bin/workbook clean-notebooks --check

hooks: ## Let git look at notebooks before each commit, so that none is stored with outputs
	git config core.hooksPath .githooks

example: $(VENV)/.ready ## Publish the SYNTHETIC example, which has six years of history, in outputs/synthetic/
	$(VENV)/bin/python -m examples.synthetic outputs/synthetic/data
	$(VENV)/bin/workbook run 2018-19-Q3 --data outputs/synthetic/data --outputs outputs/synthetic

bench: $(BENCH)/.ready ## Measure runs beside other ways to run the notebooks, a quarter of an hour; writes benchmarks/RESULTS.md
	$(BENCH)/bin/python -m benchmarks.runs --write benchmarks/RESULTS.md $(BENCH_ARGS)

bench-engines: $(BENCH)/.ready ## Measure the speed of scoring, trends and data quality against other engines, side by side
	$(BENCH)/bin/python -m benchmarks.measure_quarters $(BENCH_ARGS)
	$(BENCH)/bin/python -m benchmarks.data_quality

clean: ## Remove the environments, caches and processed data; data/raw and the published outputs/ stay
	rm -rf $(VENV) $(LAB) $(BENCH) .venv-lock .lab .axe build data/processed .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -path ./.git -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' Makefile

# ---------------------------------------------------------------- environments

# Compiled ahead and unasked, because great_expectations takes 16 s to import without bytecode where
# PYTHONDONTWRITEBYTECODE is set. -qq: a few packages ship templates that are not Python.
define compile
	PYTHONDONTWRITEBYTECODE= $(1)/bin/python -m compileall -qq -j 0 $(1)/lib || true
endef

define new_environment
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || \
	  { echo "The workbook needs Python 3.11 to 3.14; $(PYTHON) is not that. Say which: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(1)
	@echo '*' > $(1)/.gitignore
endef

# Two stamps: a change in the lock makes the environment anew, one in pyproject.toml takes seconds.
$(VENV)/.locked: requirements.lock
	@echo "Making $(VENV): once, some minutes"
	$(call new_environment,$(VENV))
	$(VENV)/bin/$(PIP) install --no-compile --require-hashes -r requirements.lock
	$(call compile,$(VENV))
	@touch $@

$(VENV)/.ready: $(VENV)/.locked pyproject.toml
	$(VENV)/bin/$(PIP) install --no-deps --no-build-isolation -e .
	PYTHONDONTWRITEBYTECODE= $(VENV)/bin/python -m compileall -qq analysis || true
	@touch $@

# axe-core says what keeps people with disabilities out of a page. It is one file, from npm, taken only as its fingerprint says.
# Without npm the tests that need it are skipped by name; in CI they fail.
AXE := axe-core-4.14.1
AXE_SHA512 := 1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5

axe: .axe/$(AXE)
.axe/$(AXE):
	@rm -rf .axe && mkdir .axe
	@cd .axe && { npm pack --silent $(subst core-,core@,$(AXE)) >/dev/null 2>&1 || echo "npm could not fetch $(AXE): its tests will not run" >&2; }
	@cd .axe && if [ -f $(AXE).tgz ]; then \
	  $(PYTHON) -c 'import hashlib, sys; sys.exit(hashlib.sha512(open(sys.argv[1], "rb").read()).hexdigest() != sys.argv[2])' $(AXE).tgz $(AXE_SHA512) && \
	  tar -xzf $(AXE).tgz --strip-components=1 package/axe.min.js && touch $(AXE) || \
	  { rm -f *; echo "$(AXE).tgz is not the file that it was: its tests will not run" >&2; }; fi

# JupyterLab stays out of the batch environment: it brings rfc3987-syntax, which costs each process that imports jsonschema
# over two seconds. Its kernel is the batch environment's Python, so a notebook runs by hand as it does in a report.
# Two stamps, so that both environments can be made side by side: make --jobs=2.
$(LAB)/.made: pyproject.toml
	@echo "Making $(LAB): once, a minute"
	$(call new_environment,$(LAB))
	$(LAB)/bin/$(PIP) install --no-compile $$($(LAB)/bin/python -c \
	  'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["lab"])')
	$(call compile,$(LAB))
	@touch $@

$(LAB)/.ready: $(LAB)/.made $(VENV)/.ready
	$(VENV)/bin/python -m ipykernel install --prefix $(LAB) --name python3 --display-name "Workbook (Python 3)"
	@touch $@

# What the workbook is measured against is no part of a run, so it gets an environment of its own, with JupyterLab beside the rest, as users
# install it. The workbook and the plain script leave out what makes JupyterLab's presence slow; the peers' commands are also measured without it.
$(BENCH)/.ready: requirements.lock pyproject.toml
	$(call new_environment,$(BENCH))
	$(BENCH)/bin/$(PIP) install --no-compile --require-hashes -r requirements.lock
	$(BENCH)/bin/$(PIP) install --no-compile -e '.[bench,lab]'
	$(call compile,$(BENCH))
	@touch $@

# The part of the lock from the line "# Only on" to its end is kept by hand: pip-compile knows only the system that it runs on.
# tests/test_packaging.py says what is missing there, for every system and Python.
lock: ## Renew requirements.lock after a change of dependencies (all to the newest: make lock LOCK_ARGS=--upgrade)
	$(call new_environment,.venv-lock)
	.venv-lock/bin/$(PIP) install pip-tools
	sed -n '/^# Only on/,$$p' requirements.lock > .venv-lock/by-hand
	sed '/^# Only on/,$$d' requirements.lock > .venv-lock/requirements.lock
	.venv-lock/bin/pip-compile --quiet --extra test --all-build-deps --allow-unsafe --strip-extras --generate-hashes --no-header \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $(LOCK_ARGS) -o .venv-lock/requirements.lock pyproject.toml
	{ sed '/^[a-z]/,$$d' requirements.lock; sed -n '/^[a-z]/,$$p' .venv-lock/requirements.lock | sed '/^# The following/d'; \
	  echo; cat .venv-lock/by-hand; } > .venv-lock/new
	mv .venv-lock/new requirements.lock
	rm -rf .venv-lock
