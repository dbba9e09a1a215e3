# A fresh machine needs only Python 3.11, 3.12 or 3.13 with venv, and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := schemas broker sdk web services/ingest services/pages services/enrich services/sinks services/status
STAMP := $(VENV)/.dateline-installed

.DEFAULT_GOAL := help
.PHONY: help setup dist demo test test-unit test-pythons test-ranges test-projects test-containers test-markers test-deployment test-browser screenshots test-opensearch protocol lint format bench schemas model lock clean chaos chaos-selftest

help: ## Show these targets.
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 17

setup: $(STAMP) ## Install everything into .venv and fetch Apache Kafka.
	@$(BIN)/python -m dateline_broker install

$(STAMP): requirements.lock requirements-uv.lock $(PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11, 3.12 or 3.13 is needed; name it: make PYTHON=python3.11" >&2; exit 1; }
	@echo "creating $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "installing uv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@echo "installing the dependencies of requirements.lock"
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --compile-bytecode --require-hashes -r requirements.lock
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install --quiet --no-deps $(PACKAGES:%=-e %)
	@touch $(STAMP)

dist: $(STAMP) ## Build wheels and source distributions of all packages into dist/, the same bytes each time.
	@rm -rf dist
	@for each in $(PACKAGES); do $(BIN)/uv build --quiet --no-create-gitignore --out-dir dist $$each || exit 1; done

demo: setup ## Stream the articles of seeds/ through a real Kafka and show them.
	@$(BIN)/dateline demo seeds

test: setup ## Run all tests against a real Kafka.
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m pytest --numprocesses 3 --dist loadgroup --cov --cov-report= $(ARGS)
	@$(BIN)/python -m coverage report --fail-under=90

UNIT_TESTS := -m "not kafka and not kafka_broker" tests/unit tests/contract tests/chaos

test-unit: $(STAMP) ## Run the tests that need no Kafka, within two minutes.
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup $(UNIT_TESTS) $(ARGS)

test-pythons: $(STAMP) ## Run test-unit on each supported Python that is installed: 3.11, 3.12, 3.13.
	@UV=$(BIN)/uv PACKAGES="$(PACKAGES)" .ci/pythons --numprocesses 2 --dist loadgroup $(UNIT_TESTS) $(ARGS)

RANGES ?= lowest-3.11 newest-3.11 lowest-3.13 newest-3.13
RANGE_TESTS ?= tests/unit tests/contract

test-ranges: $(STAMP) ## Run the unit tests on the lowest and the newest versions that the packages admit; RANGES=lowest-3.11 takes one.
	@UV=$(BIN)/uv PACKAGES="$(PACKAGES)" RANGES="$(RANGES)" .ci/ranges --numprocesses 2 --dist loadgroup \
		-m "not kafka and not kafka_broker" $(RANGE_TESTS) $(ARGS)

test-projects: setup dist ## Make projects by `dateline new`, install them by pip from the wheels, test, type-check and run them.
	@$(BIN)/uv venv --quiet --clear build/projects/tools
	@VIRTUAL_ENV=build/projects/tools $(BIN)/uv pip install --quiet --require-hashes -r tests/projects/requirements.lock
	@PYTHONPATH=tests $(BIN)/python -m typed --pyright build/projects/tools/bin/basedpyright
	@WHEELS=dist PYRIGHT=$(CURDIR)/build/projects/tools/bin/basedpyright $(BIN)/python -m pytest \
		--numprocesses 2 --dist load tests/projects $(ARGS)

test-clients: setup ## Read the topics by other Kafka clients; those that are not installed are skipped by name.
	@DATELINE_TEST_CLIENTS=1 $(BIN)/python -m pytest -rs tests/clients $(ARGS)

test-containers: setup ## Run the tests on a Kafka in a container, and the tests of the images and of compose.
	@PYTHONPATH=tests $(BIN)/python -m containers sh -ec '\
		$(BIN)/python -m pytest --kafka-container -m kafka_broker tests/e2e tests/broker $(ARGS); \
		$(BIN)/python -m pytest --kafka-container tests/containers $(ARGS)'

test-deployment: setup ## Check the files in deploy/ by promtool and kube-score, where these are installed.
	@$(BIN)/python -m pytest -rs tests/deployment $(ARGS)

test-browser: setup ## Try the pages of the status service in a browser, where one is installed; pictures go to build/screenshots.
	@$(BIN)/python -m pytest -rs tests/browser $(ARGS)

screenshots: setup ## Take the pictures of docs/status.md again; needs a browser.
	@PYTHONPATH=tests $(BIN)/python -m browser.pictures docs/images

KAFKA_KILLS ?= 12

test-markers: setup ## Kill the broker KAFKA_KILLS=12 times during commits, of which `make test` does four.
	@KAFKA_KILLS=$(KAFKA_KILLS) $(BIN)/python -m pytest tests/broker/test_markers.py $(ARGS)

test-opensearch: setup ## Run the tests of the OpenSearch sink with a real server (71 MB are downloaded once).
	@$(BIN)/python -m pytest tests/search_engine $(ARGS)

protocol: setup ## Explore the task protocol in every order of events; BOUNDS=9 adds two larger searches without a known end.
	@PYTHONPATH=tests $(BIN)/python -m protocol $(if $(BOUNDS),--bounds $(BOUNDS))

lint: setup ## Check style, types and generated files.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(BIN)/mypy $(PACKAGES) tests bench models deploy examples
	@PYTHONPATH=tests $(BIN)/python -m typed
	@$(BIN)/python -m schemas.generation --check
	@$(BIN)/python -m dateline.cli.reference --check docs/reference

format: setup ## Format the sources and fix what ruff can fix.
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

N ?= 100
SEED ?= 1

chaos: setup ## Inject N=100 faults (SEED=1) and account for every article; continues an interrupted campaign.
	@PYTHONPATH=tests $(BIN)/python -m chaos --faults $(N) --seed $(SEED) $(ARGS)

chaos-selftest: setup ## Check that the campaign finds each of ten deliberate defects; ARGS=--sinks takes nine of the sinks.
	@PYTHONPATH=tests $(BIN)/python -m chaos --selftest --seed $(SEED) $(ARGS)

bench: setup ## Run the benchmarks of the pipeline; they print one JSON line per figure.
	@$(BIN)/python -m bench

schemas: setup ## Generate schemas/json, the AsyncAPI documents and docs/reference from the code.
	@$(BIN)/python -m schemas.generation
	@$(BIN)/python -m dateline.cli.reference docs/reference
	@$(BIN)/python deploy/compose_settings.py

model: $(STAMP) ## Train the entity model again from the sets in DATA, in its own environment.
	@test -n "$(DATA)" || { echo "name the folder of the training sets: make model DATA=DIR" >&2; exit 1; }
	@$(PYTHON) -m venv build/model-venv
	@VIRTUAL_ENV=build/model-venv $(BIN)/uv pip install --no-deps --require-hashes -r models/requirements.lock
	@VIRTUAL_ENV=build/model-venv $(BIN)/uv pip install --quiet --no-deps -e schemas -e sdk -e services/enrich
	@build/model-venv/bin/python -m models.entities all --data $(DATA) $(ARGS)

COMPILE = VIRTUAL_ENV=$(VENV) UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --generate-hashes \
	--no-emit-package dateline --no-emit-package dateline-schemas --no-emit-package dateline-web --no-emit-package dateline-broker --no-emit-package dateline-sinks

lock: $(STAMP) ## Resolve the dependencies again; UPGRADE=--upgrade takes the newest versions.
	@$(COMPILE) $(UPGRADE) $(PACKAGES:%=%/pyproject.toml) --all-extras --group dev -o requirements.lock
	@for service in ingest pages enrich sinks status; do \
		needed=; if grep -q '"dateline-web"' services/$$service/pyproject.toml; then needed=web/pyproject.toml; fi; \
		$(COMPILE) schemas/pyproject.toml sdk/pyproject.toml $$needed services/$$service/pyproject.toml --all-extras \
			--constraint requirements.lock --no-annotate -o services/$$service/requirements.lock; \
	done
	@$(COMPILE) schemas/pyproject.toml sdk/pyproject.toml services/enrich/pyproject.toml models/requirements.in \
		--override models/overrides.txt --constraint requirements.lock --no-annotate -o models/requirements.lock
	@echo "uv==$$($(BIN)/uv --version | cut -d' ' -f2)" | $(COMPILE) - -o requirements-uv.lock
	@echo "basedpyright>=1.40" | $(COMPILE) $(UPGRADE) - -o tests/projects/requirements.lock

clean: ## Remove what was created here: .venv, .dateline, other environments and caches.
	@rm -rf $(VENV) build/python-* build/lowest-* build/newest-* build/projects dist .dateline .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
