# `make help` lists the commands. PYTHON names the Python that makes the virtual environment.
PYTHON ?= python3
BIN := .venv/bin
SANDBOX = $(PYTHON) -m sandbox

.DEFAULT_GOAL := help
.PHONY: help up down preview shell test check-code unit end-to-end docs bench peers soak smoke-aws install

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

up: ## the main job: rules on seven sandbox buckets, by a real `pulumi up`
	@$(PYTHON) -m sandbox.walkthrough up

down: ## end what `make up` started
	@$(SANDBOX) down

preview: ## what `pulumi up` would change in the sandbox now
	@$(SANDBOX) run -- pulumi preview --diff --stack sandbox

shell: ## a shell whose aws, boto3, pulumi and firnline see the sandbox
	@$(SANDBOX) shell

test: engine editors ## everything that must pass: format, lint, types, layers, unit, golden, end to end
	@$(MAKE) --no-print-directory check-code
	@$(BIN)/pytest -q -n 2 --dist loadfile

check-code: install ## format, lint, strict types, layer contracts
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: install ## the generated pages, from the catalogue of diagnostics
	@$(BIN)/python -m docs.generate

bench: engine ## figures, as ratios in one run
	@$(BIN)/python -m benchmarks

peers: install ## who finds what: cfn-lint, Cloud Custodian, moto and Firnline, into docs/peers.md
	@$(BIN)/python -m benchmarks.peers

soak: install ## 1,000,000 random files the whole way, on all processors
	@$(BIN)/python -m tests.soak

smoke-aws: install ## the whole path on a bucket of your own: make smoke-aws BUCKET=name
	@$(BIN)/python -m sandbox.smoke_aws "$(BUCKET)"

.PHONY: engine editors
engine:
	@$(PYTHON) -m sandbox.walkthrough engine

editors:
	@$(PYTHON) -m sandbox.walkthrough editors

install:
	@$(PYTHON) -m sandbox.walkthrough install
