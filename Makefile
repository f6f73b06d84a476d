# Two commands matter: `make run` starts the clinic, `make test` proves it. `make help` names the others.

PYTHON ?= python3
BIN := .venv/bin
PROJECTS := shared-kernel gateway services/identity services/patients services/scheduling services/billing
CONTEXTS := identity patients scheduling billing gateway
NPM := npm --prefix frontend

# What is set up once, and again only when what it was made from has changed.
PACKAGES := .venv/.installed
MODULES := frontend/node_modules/.package-lock.json
SCREENS := frontend/dist/index.html
LIGHTHOUSE := bench/lighthouse/node_modules/.package-lock.json
SCREEN_SOURCES := $(shell find frontend/src frontend/public frontend/*.html frontend/*.ts frontend/*.json -type f 2>/dev/null)

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup run demo-data verify bench race faults test check lint fix lock contracts pytest pytest-parts pytest-whole pytest-without-servers frontend-test

help: ## what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the whole clinic (PORT, HOST, DATA_DIR, ADMIN_EMAIL, ADMIN_PASSWORD, DEMO=1; see .env.example)
	@$(MAKE) -j2 setup
	@$(BIN)/python deploy/start.py $(if $(wildcard .env),--env-file .env)

demo-data: $(PACKAGES) ## register invented people (PATIENTS=100000, SEED), also beside a running clinic
	@$(BIN)/python deploy/demo_data.py $(if $(wildcard .env),--env-file .env)

bench: $(PACKAGES) $(SCREENS) $(LIGHTHOUSE) ## measure how the clinic does (SIZES=10000,100000, DATABASES=sqlite)
	@PYTHONPATH=deploy $(BIN)/python bench/growth.py
	@PYTHONPATH=deploy $(BIN)/python bench/diary.py
	@PYTHONPATH=deploy $(BIN)/python bench/books.py
	@$(BIN)/python bench/gateway_overhead.py
	@PYTHONPATH=tests-e2e $(BIN)/python bench/page_scores.py

race: $(PACKAGES) ## 200 clients race for one slot, 1,000 times over, and a storm (ROUNDS, CLIENTS, SECONDS, DATABASES=sqlite)
	@$(if $(TEST_MARIADB_URL),,$(BIN)/python -m testkit.prerequisites)
	@$(BIN)/python bench/race.py

faults: setup ## kill the service and MariaDB while 20 clients issue invoices (FAULT_INVOICES=2000, FAULT_ROUNDS=50)
	@FAULT_INVOICES=$(or $(FAULT_INVOICES),2000) FAULT_ROUNDS=$(or $(FAULT_ROUNDS),50) \
		$(BIN)/python -m pytest -s services/billing/tests/test_killed.py

verify: setup ## check that nobody changed, removed or reordered an event of the logs
	@$(BIN)/python deploy/verify.py $(if $(wildcard .env),--env-file .env)

test: ## prove everything: SQLite and MariaDB, Redis, a real browser
	@$(MAKE) -j2 setup
	@$(MAKE) --keep-going lint frontend-test pytest

check: ## the quick loop: all that needs no server
	@$(MAKE) -j2 setup
	@$(MAKE) -j3 --keep-going --output-sync=target lint frontend-test pytest-without-servers

lint: $(PACKAGES) $(SCREENS) ## style, types and who may import whom
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy deploy/start.py deploy/prepare.py deploy/verify.py deploy/demo_data.py deploy/demo_clinic.py bench/growth.py bench/floor.py bench/diary.py bench/diary_floor.py bench/race.py bench/books.py bench/books_floor.py
	$(BIN)/lint-imports
	$(NPM) run --silent lint
	$(NPM) run --silent size

fix: $(PACKAGES) $(MODULES) ## let the tools put the style right
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NPM) run --silent fix

lock: $(PACKAGES) ## pin requirements.in with hashes into requirements.lock
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile requirements.in --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade --output-file requirements.lock

contracts: $(PACKAGES) $(MODULES) ## export every part's OpenAPI and the screens' types made from it
	@for context in $(CONTEXTS); do \
		$(BIN)/python -m $$context.main openapi > contracts/http/$$context.draft \
		&& mv contracts/http/$$context.draft contracts/http/$$context.json || exit 1; \
	done
	$(NPM) run --silent api

setup: $(PACKAGES) $(SCREENS)

pytest: pytest-parts pytest-whole

# Each part by itself, on both cores; a file stays in one process, which starts the servers it asks for.
pytest-parts: setup
	@$(BIN)/python -m testkit.prerequisites
	$(BIN)/python -m pytest -n 2 --dist loadfile shared-kernel services gateway

# Whole clinics, one after the other: each is six processes and sometimes a browser.
pytest-whole: setup
	$(BIN)/python -m pytest deploy tests-e2e

pytest-without-servers: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not servers and not slow"

frontend-test: $(SCREENS)
	$(NPM) run --silent test

$(PACKAGES): requirements.lock $(PROJECTS:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, this is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 ..."; exit 1; }
	@echo "Installing the Python packages ..."
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --no-compile --require-hashes --requirement requirements.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation $(PROJECTS:%=--editable %)
	@$(BIN)/python -m compileall -q -j 0 .venv/lib $(PROJECTS) # or each start reads all sources, where pip may not
	@touch $@

$(MODULES): frontend/package.json frontend/package-lock.json
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' || { \
		echo "Node 20 or newer is needed, this is $$(node --version 2>&1)."; exit 1; }
	@echo "Installing the screens' packages ..."
	@cd frontend && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(LIGHTHOUSE): bench/lighthouse/package.json bench/lighthouse/package-lock.json
	@cd bench/lighthouse && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(SCREENS): $(MODULES) $(SCREEN_SOURCES)
	@echo "Building the screens ..."
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@
