# Calciscope. A fresh machine needs Python 3.11+ and make, nothing else.
#   make install   make test   make demo   make measure SCAN=path OUT=dir   make bench
.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV   := .venv
BIN    := $(VENV)/bin
# The first Python that is new enough; PYTHON=... overrides.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
UV     ?= $(shell command -v uv || echo $(BIN)/uv)
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
DEMO   := demo
LOCK   := $(UV) pip compile --quiet pyproject.toml --group build --universal --generate-hashes --no-emit-index-url \
	--no-annotate --no-header --fork-strategy fewest

.PHONY: help install install-dev test check quick measure bench demo docs lock clean

help:
	@sed -n '1,2p' Makefile
	@echo "#   make check (lint, types, import contracts)   make quick (tests but the slow ones)   make docs   make lock   make clean"

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "No Python 3.11 or newer found: install one, or name it with PYTHON=path."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) has no venv module: install it (Debian: apt-get install python3-venv)."; rm -rf $(VENV); exit 1; }
	@touch $@

$(VENV)/.installed: $(VENV)/.made requirements.lock pyproject.toml
	@echo "Installing what Calciscope needs into $(VENV) (about 1 GB on disk, a minute or two, once)"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@

# The 3-D viewer of the review (NiiVue, BSD): an npm package, locked with hashes; npm itself comes from PyPI where there is none.
PARTS := src/calciscope/web/browser_parts
NPM   ?= $(shell command -v npm)
$(VENV)/.viewer: $(VENV)/.installed $(PARTS)/package-lock.json requirements-browser.lock
	@test -n "$(NPM)" || $(PIP) install --require-hashes --requirement requirements-browser.lock
	@mkdir -p $(VENV)/browser_parts/static && cp $(PARTS)/package.json $(PARTS)/package-lock.json $(VENV)/browser_parts
	@npm="$(NPM)"; cd $(VENV)/browser_parts && $${npm:-$(abspath $(BIN))/npm} ci --ignore-scripts --omit=dev --no-audit --no-fund --silent \
		&& cp node_modules/@niivue/niivue/dist/niivue.umd.js static/ && rm -rf node_modules && touch $(abspath $(VENV))/.viewer \
		|| echo "The 3-D viewer could not be fetched; scans are reviewed with still pictures until the next make install."

# The first scan of all has its loops compiled; a small phantom stands in for it, so no scan of a user's waits for that.
$(VENV)/.compiled: $(VENV)/.installed
	@echo "Compiling the loops that measure (about half a minute, once)"
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT \
		&& $(BIN)/calciscope phantom --out $$place/scan --deposits laces --slices 40 --rows 160 --columns 160 --quiet \
		&& $(BIN)/calciscope measure $$place/scan --out $$place/measured --quiet && touch $@ \
		|| echo "They will be compiled with the first scan instead, which then takes longer."

install: $(VENV)/.installed $(VENV)/.viewer $(VENV)/.compiled

install-dev: $(VENV)/.installed-dev $(VENV)/.viewer

# Lint, strict types, import contracts: the checks that need no run of the product.
check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

test: check $(VENV)/.viewer
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal --durations=15

quick: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses=2 --dist=worksteal -m "not slow"

measure: $(VENV)/.installed
	@test -n "$(SCAN)" -a -n "$(OUT)" || { echo "Say which scan and where to: make measure SCAN=path OUT=dir"; exit 2; }
	$(BIN)/calciscope measure "$(SCAN)" --out "$(OUT)"

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks

# The commands are shown, so that they can be repeated on a scan of one's own.
demo: $(VENV)/.installed $(VENV)/.viewer
	@mkdir -p $(DEMO)
	$(BIN)/calciscope phantom --out $(DEMO)/scan_first --kind leg --seed 5 --juvenile --overwrite
	$(BIN)/calciscope phantom --out $(DEMO)/scan_a_year_later --kind leg --seed 5 --juvenile --followup --overwrite
	$(BIN)/calciscope measure $(DEMO)/scan_first --out $(DEMO)/measured_first --keep --overwrite
	$(BIN)/calciscope measure $(DEMO)/scan_a_year_later --out $(DEMO)/measured_a_year_later --keep --overwrite
	$(BIN)/calciscope track $(DEMO)/measured_first $(DEMO)/measured_a_year_later --out $(DEMO)/changes --overwrite
	@echo
	@echo "One leg, a year apart. The reports:"
	@echo "  $(CURDIR)/$(DEMO)/measured_first/report.pdf"
	@echo "  $(CURDIR)/$(DEMO)/measured_a_year_later/report.pdf"
	@echo "What changed, with the difference map:"
	@echo "  $(CURDIR)/$(DEMO)/changes/report.pdf"
	@echo
	@echo "Now the patient's record, with twelve invented patients; both scans are in one of them. Ctrl+C ends it; run it again with: $(BIN)/calciscope serve --demo"
	@$(BIN)/calciscope serve --demo --scans $(DEMO)/measured_first $(DEMO)/measured_a_year_later

docs: $(VENV)/.installed-dev
	$(BIN)/python -m docs.generate

# Needs uv (pip install uv). No index address is written; make install checks every hash.
lock:
	$(LOCK) --extra dev --extra bench --output-file requirements-dev.lock $(LOCKFLAGS)
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock
	$(UV) pip compile --quiet --group browser --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--output-file requirements-browser.lock

clean:
	rm -rf $(VENV) $(DEMO) build out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
