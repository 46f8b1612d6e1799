# `make help` lists the commands. PYTHON names the Python that makes the virtual environment.
PYTHON ?= python3
BIN := .venv/bin
SANDBOX = $(PYTHON) -m sandbox
# What is compiled once need not be compiled by each process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

# Images for containers set it. The tests start some thousand interpreters, and each would compile
# the package again, as each worker of pytest all tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up down lab preview shell review quick test test-all check-code golden docs docs-site bench peers soak engines smoke-aws smoke-days install

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' Makefile | awk -F'|' '{printf "  make %-12s %s\n", $$1, $$2}'

up: ## the main job: rules on seven sandbox buckets, by a real `pulumi up`
	@$(PYTHON) -m sandbox.walkthrough up

lab: ## a laboratory to audit: MLflow's server, SageMaker, DynamoDB and a bucket with orphans
	@$(PYTHON) -m sandbox.walkthrough lab

down: ## end what `make up` and `make lab` started
	@$(SANDBOX) down

preview: ## what `pulumi up` would change in the sandbox now
	@$(SANDBOX) run -- pulumi preview --diff --stack sandbox

shell: ## a shell whose aws, boto3, pulumi and firnline see the sandbox
	@$(SANDBOX) shell

FORMAT = $(BIN)/ruff format --check -q . && $(BIN)/ruff check -q .
# They need one core, for a minute: `make test` tests meanwhile.
TYPES = $(BIN)/mypy && $(BIN)/lint-imports --no-logo

# The three tiers: tests/README.md says what goes where, and how long each may take.
# Three workers for two cores: an `up` waits for S3 for three seconds.
PYTEST = $(BIN)/pytest -q -n 3 --dist loadfile --no-loadscope-reorder
FAST_TESTS = tests/diagnostics tests/fleet tests/inventory tests/language tests/lint tests/rules tests/s3 tests/targets \
	tests/test_catalog.py tests/test_golden.py --ignore tests/rules/test_rules_do_what_is_required.py \
	--ignore tests/lint/test_every_finding_has_a_sufferer.py

# The tests that take the fixture `golden`, and what they and the catalog write.
UPDATE_GOLDEN = --update-golden tests/test_golden.py tests/test_design_sample.py tests/cli/test_diff.py \
	tests/language/test_layout.py tests/cli/test_templates.py tests/cli/test_diff_markdown.py \
	tests/cli/test_diff_html.py tests/targets/pulumi_aws/test_package_schema.py
GOLDEN = component_package/schema.json tests/golden tests/cli/diffs tests/cli/reviews tests/language/layout docs/diagnostics docs/codes.txt docs/images

review: test-tools ## what reviewers of a change from 180 to 18 days see: the comment, the page, the alerts
	@$(BIN)/python -m sandbox.review

quick: install check-code ## while editing, a minute: format, lint, types, layers, and the tests that start nothing
	@$(PYTEST) -m "not slow" $(FAST_TESTS)

test: engine test-tools ## what must pass before a merge, ten minutes: all but the slow tests
	@$(FORMAT)
	@$(PYTHON) -m tests.beside "$(TYPES)" $(PYTEST) -m "not slow"

test-all: engine ## the slow tests that `make test` leaves out, half an hour more: CI runs both
	@$(PYTHON) -m tests.install slow
	@$(PYTEST) --timeout 900 -m slow

check-code: install ## format, lint, strict types, layer contracts
	$(FORMAT)
	$(TYPES)

golden: install ## rewrite golden files and generated pages; then read the diff, never in CI
	@$(BIN)/pytest -q $(UPDATE_GOLDEN)
	@$(BIN)/python -m docs.generate
	@git --no-pager diff --stat -- $(GOLDEN)

docs: install ## the generated pages, from the catalog of diagnostics, and the pictures, from what commands print
	@$(BIN)/python -m docs.generate

docs-site: ## the docs as a site with search, built by MkDocs Material; nothing is loaded from elsewhere
	@$(PYTHON) -m docs.site

bench: engine ## figures, as ratios in one run
	@$(BIN)/python -m benchmarks

peers: install ## who finds what, and how fast: cfn-lint, Cloud Custodian, moto and Firnline, into docs/peers.md
	@$(BIN)/python -m benchmarks.peers

soak: install ## 1,000,000 random files the whole way, 20,000 lifecycle files against a second judge, 10,000 differences
	@$(BIN)/python -m tests.soak
	@$(BIN)/python -m tests.soak.findings
	@FIRNLINE_SCOPE_EXAMPLES=10000 $(BIN)/pytest -q tests/rules/diff/test_scopes.py

engines: install ## 10 minutes of random worlds on SeaweedFS, built with Go once, and on our simulator
	@$(BIN)/python -m tests.engines

smoke-aws: install ## the whole path on a bucket of your own: make smoke-aws BUCKET=name
	@$(BIN)/python -m sandbox.smoke_aws "$(BUCKET)"

smoke-days: install ## record what S3 does day by day on an empty bucket of your own: make smoke-days BUCKET=name
	@$(BIN)/python -m sandbox.smoke_days "$(BUCKET)"

.PHONY: engine test-tools
engine:
	@$(PYTHON) -m sandbox.walkthrough engine

test-tools: install
	@$(PYTHON) -m tests.install

install:
	@$(PYTHON) -m sandbox.walkthrough install
