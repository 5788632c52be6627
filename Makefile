# make run | test | check | bench | screenshots: see docs/contributing.md
# Needs Python 3.11 or newer, make and a way to the package registries. Nothing outside this folder is changed,
# except that `make test` may install a browser when the machine has none.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
BASE_PYTHON := $(shell command -v python3.11 || command -v python3 || command -v python)
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# Small matrices: one BLAS thread a process is fastest, and keeps two workers on two cores.
THREADS := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1
PYTEST := $(THREADS) $(PY) -m pytest

.PHONY: help run test check bench screenshots browser clean

help:
	@echo "make run          serve the app on http://localhost:$(PORT) (PORT=... changes it)"
	@echo "make test         every test: both databases, and the real app in a browser"
	@echo "make check        formatting, lint, types, known vulnerabilities and the fast tests"
	@echo "make bench        the benchmarks, with machine and versions"
	@echo "make screenshots  pictures of every page into docs/screenshots"
	@echo "make clean        remove .venv and caches; the database in var/ stays"

run: $(VENV)/.installed
	@$(PY) cli.py migrate
	@$(PY) cli.py demo --if-empty
	@exec $(PY) -m streamlit run app.py --server.port $(PORT) --server.maxUploadSize $${LUOTSI_MAX_UPLOAD_MB:-100}

# All parts always run, so that one report shows everything; any failing fails the target. A browser test gets a second
# try, which the report counts: a loaded machine misses a moment now and then. Replicas have a browser of their own.
test: $(VENV)/.installed-dev browser
	@failed=0; \
	$(PYTEST) -q -n 2 -m "not browser" || failed=1; \
	$(PYTEST) -q -m browser --reruns 1 tests/browser || failed=1; \
	$(PYTEST) -q -m browser --reruns 1 tests/deploy || failed=1; \
	exit $$failed

check: $(VENV)/.installed-dev
	@$(BIN)/ruff format --check --quiet . || { echo "Run '$(BIN)/ruff format .' first."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(PY) -m tests.dependencies
	@$(PYTEST) -q -n 2 -m "not browser and not slow"

bench: $(VENV)/.installed-dev
	@$(THREADS) $(PY) -m benchmarks

screenshots: $(VENV)/.installed-dev browser
	@$(PY) -m tests.browser.screenshots

browser: $(VENV)/.installed-dev
	@$(PY) -m tests.browser.chromium

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

# Installed again only when the requirements changed.
$(VENV)/.installed: requirements.txt | $(PY)
	@echo "Installing what the product runs on..."
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt requirements.txt | $(PY)
	@echo "Installing what the product runs on and its tests need..."
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

$(PY):
	@test -n "$(BASE_PYTHON)" || { echo "Luotsi needs Python 3.11 or newer; no python3 was found in PATH." >&2; exit 1; }
	@$(BASE_PYTHON) -c 'import sys; v = sys.version_info[:2]; v >= (3, 11) or sys.exit("Luotsi needs Python 3.11 or newer; %s is %d.%d." % (sys.executable, *v))'
	@$(BASE_PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
