# Two commands do all the set-up: `make run` and `make test`. `make help` lists the rest.
# What a command needs from the system, .ci/system-packages installs or names; .ci/environment makes .venv.

HOST ?= 127.0.0.1
PORT ?= 8000
# Test processes at once.
WORKERS ?= 2

.DEFAULT_GOAL := help

.PHONY: help
help: ## Lists the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/\1\t\2/p' Makefile | while IFS="$$(printf '\t')" read -r name what; do printf '  make %-16s %s\n' "$$name" "$$what"; done

.PHONY: run
run: ## Makes .venv, the database and starts the server (HOST=…, PORT=…, CXM_…=…)
	@.ci/system-packages run
	@.ci/environment run
	@exec .venv/bin/cxm serve --host "$(HOST)" --port "$(PORT)"

.PHONY: environment
environment: ## Makes .venv with everything that development needs
	@.ci/system-packages run
	@.ci/environment dev

.PHONY: test
test: ## The whole suite, real browser and real PostgreSQL included, then the checks
	@.ci/system-packages test
	@.ci/environment dev
	.venv/bin/python -m pytest -n "$(WORKERS)" --dist worksteal
	@$(MAKE) --no-print-directory check

.PHONY: drill
drill: ## Every test of the web on PostgreSQL too, beside what `make test` does; some minutes more
	@.ci/system-packages test
	@.ci/environment dev
	DRILL=postgresql .venv/bin/python -m pytest -n "$(WORKERS)" --dist worksteal tests/web

.PHONY: check
check: ## Linters, types, layers, templates, spelling, questionnaires
	@.ci/system-packages run
	@.ci/environment dev
	@.ci/check

.PHONY: lock
lock: ## Writes requirements*.lock (ARGS=--upgrade: the newest of everything)
	@.ci/environment dev
	.ci/lock $(ARGS)

.PHONY: messages
messages: ## Collects the interface's wording for the translators (NEW=hr begins a language)
	@.ci/environment dev
	@.ci/messages $(NEW)

.PHONY: pictures
pictures: ## Takes the README's pictures from the running product
	@.ci/system-packages test
	@.ci/environment dev
	.venv/bin/python docs/make_pictures.py

.PHONY: container-drill
container-drill: ## Builds the Dockerfile without a daemon and tries the image (BASE=…; as root)
	.ci/container

.PHONY: clean
clean: ## Removes .venv, caches and build outputs; never data
	rm -rf .venv dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
