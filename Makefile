# The commands of this project. `make` alone lists them.
ENV ?= dev
STACK ?= $(ENV)
PYTHON_IN_VENV := .venv/bin/python
# Where each second counts, what was synthesised last will do.
SYNTHESISED = test -f cdktf.out/stacks/$(STACK)/cdk.tf.json || $(PYTHON_IN_VENV) -m toolchain synth
SHELL := /bin/sh
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 22

.PHONY: setup
setup: ## install all that the project needs (quick when nothing changed)
	@sh toolchain/bootstrap.sh

.PHONY: doctor
doctor: setup ## show the tools, their versions and where they come from
	@$(PYTHON_IN_VENV) -m toolchain doctor

# --- the main job -------------------------------------------------------------------------------

.PHONY: deploy-local
deploy-local: setup ## deploy ENV (dev) to the local emulator and prove it complete
	@$(PYTHON_IN_VENV) -m local deploy $(ENV)

.PHONY: destroy-local
destroy-local: setup ## destroy ENV on the emulator, then stop the emulator
	@$(PYTHON_IN_VENV) -m local destroy $(ENV)

.PHONY: alarm-drill
alarm-drill: setup ## break the database of ENV on the emulator: alarm, message to Slack, repair, OK
	@$(PYTHON_IN_VENV) -m local drill $(ENV)

.PHONY: local-env
local-env: ## print the emulator's environment, for eval "$(make -s local-env)"
	@sh toolchain/bootstrap.sh >&2
	@$(PYTHON_IN_VENV) -m local env $(ENV)

.PHONY: plan
plan: setup ## show what ENV's plan (or only STACK's) would change and cost, as a reviewer will see it
	@$(PYTHON_IN_VENV) -m toolchain synth
	@$(PYTHON_IN_VENV) -m pipeline plan $(ENV)$(if $(STACK),/$(STACK))

.PHONY: ci-local
ci-local: setup ## run the pipeline here: a merge request, main, the guarded applies, a schedule
	@$(PYTHON_IN_VENV) -m local ci

.PHONY: backend
backend: setup ## create the remote state of ENV (once, idempotent)
	@$(PYTHON_IN_VENV) -m toolchain synth
	@$(PYTHON_IN_VENV) -m backend create $(ENV)

.PHONY: restore-state
restore-state: setup ## restore the lost or damaged state of STACK (dev): list, choose, check
	@$(PYTHON_IN_VENV) -m toolchain synth
	@$(PYTHON_IN_VENV) -m backend restore $(STACK) \
	    $(if $(VERSION),--version $(VERSION)) $(if $(REPLACE),--replace)

.PHONY: show-lock
show-lock: setup ## show who holds the lock of STACK's state (dev), and whether that run still lives
	@$(SYNTHESISED)
	@$(PYTHON_IN_VENV) -m backend lock $(STACK)

.PHONY: unlock
unlock: setup ## release the lock of STACK's state (dev) whose owner is gone
	@$(SYNTHESISED)
	@$(PYTHON_IN_VENV) -m backend unlock $(STACK) $(if $(LOCK),--lock $(LOCK))

.PHONY: rollback
rollback: setup ## let the function behind STACK's API (dev) serve the version before
	@$(SYNTHESISED)
	@$(PYTHON_IN_VENV) -m recovery rollback $(STACK) $(if $(FUNCTION),--function $(FUNCTION)) \
	    $(if $(VERSION),--version $(VERSION)) $(if $(YES),--yes)

.PHONY: adopt
adopt: setup ## after a killed apply: find what STACK (dev) made and its state lacks, adopt it, apply
	@$(PYTHON_IN_VENV) -m toolchain synth
	@$(PYTHON_IN_VENV) -m recovery adopt $(STACK) $(if $(KEEP),--keep $(KEEP)) $(if $(YES),--yes)

.PHONY: diff-environments
diff-environments: setup ## print what differs between the environments
	@$(PYTHON_IN_VENV) -m environments

# --- quality ------------------------------------------------------------------------------------

.PHONY: check
check: check-static ## the quick gate: format, lint, types, quick tests
	@.venv/bin/pytest -n 2 --dist loadgroup -m "not deploy and not slow"

.PHONY: check-static
check-static: setup ## format, lint, types, the pipeline's file and generated documents, without tests
	@$(PYTHON_IN_VENV) -m toolchain need check
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci \
	    --data-transform gitlab-ci .gitlab-ci.yml .gitlab/environments.yml
	@$(PYTHON_IN_VENV) -m docs --check

.PHONY: format
format: setup ## format the code and mend what the linter can
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

.PHONY: secrets-baseline
secrets-baseline: setup ## accept what looks like a secret in the repository; read the diff
	@.venv/bin/detect-secrets scan --no-verify --slim --baseline .secrets.baseline

.PHONY: policies
policies: setup ## synthesise, then run Checkov's checks and ours on every stack
	@.venv/bin/cdktf synth
	@$(PYTHON_IN_VENV) -m policies

.PHONY: validate
validate: setup ## let Terraform validate every synthesised stack
	@export TF_DATA_DIR=.validate; for stack in cdktf.out/stacks/*/; do \
	    terraform=".venv/bin/terraform -chdir=$$stack"; \
	    said=$$($$terraform init -backend=false -input=false -no-color 2>&1 && \
	        $$terraform validate -no-color 2>&1) || { echo "$$said" >&2; exit 1; }; \
	    echo "$$(basename $$stack): valid"; \
	done

.PHONY: test
test: setup ## everything: the quick gate's tests, the slow ones and the real deploys on the emulator
	@$(PYTHON_IN_VENV) -m toolchain need test
	@# Four workers for two cores: a deployment mostly waits.
	@.venv/bin/pytest -n 4 --dist loadgroup

.PHONY: drills
drills: setup ## rehearse accidents at length: killed applies, two at once, locks left behind
	@$(PYTHON_IN_VENV) -m toolchain need test
	@# As above; a round of a killed apply takes minutes, and waits in most of them.
	@.venv/bin/pytest -n 4 --dist loadgroup -m drill --hypothesis-profile=long

.PHONY: coverage
coverage: setup ## all but the deploys, and which branches they leave out (reports/coverage/index.html)
	@.venv/bin/pytest -n 2 --dist loadgroup -m "not deploy" --cov --cov-report term \
	    --cov-report html:reports/coverage

.PHONY: bench
bench: setup ## measure the promises, as ratios in one run
	@$(PYTHON_IN_VENV) -m benchmarks

.PHONY: rehearse-cdktn
rehearse-cdktn: setup ## rehearse the move to cdktf's successor: rename, synthesise, compare
	@$(PYTHON_IN_VENV) -m toolchain rehearse-cdktn

.PHONY: docs
docs: setup ## draw the architecture from the synthesised stacks, and the README's table
	@$(PYTHON_IN_VENV) -m docs

.PHONY: lock
lock: setup ## lock the requirements again after a change of requirements/*.in
	@sh requirements/lock.sh
