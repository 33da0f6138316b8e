# Everything a person does with the lab. Each target is one line; what it does lives in lab/ (`lab help`).
# `make help` prints the comments behind the targets. Options are written as variables: make up MODE=lite

# Node 24 from npm, so that the machine's own Node only has to be good enough for npm.
NODE := node_modules/.bin/node
LAB := $(NODE) lab/src/main.ts

.DEFAULT_GOAL := help
.PHONY: help up down clean status doctor reload env tools bundle test

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: node_modules/.installed ## start the lab and wait until every signal can be queried (MODE=lite|full)
	@$(LAB) up $(if $(MODE),--mode $(MODE))

down: node_modules/.installed ## stop everything, keep the data
	@$(LAB) down

clean: node_modules/.installed ## stop everything, delete data and generated files
	@$(LAB) clean

status: node_modules/.installed ## every part: state, since when, memory, address; firing alerts
	@$(LAB) status

doctor: node_modules/.installed ## what could keep the lab from running here, each with its cure
	@$(LAB) doctor

reload: node_modules/.installed ## check edited rules and configuration and load them into the running lab
	@$(LAB) reload

env: node_modules/.installed ## write .env with fresh secrets; what stands in it is kept
	@$(LAB) env

tools: node_modules/.installed ## find or fetch the programs that lite mode needs
	@$(LAB) tools

bundle: node_modules/.installed ## one archive to send with a bug report, without secrets
	@$(LAB) bundle

test: node_modules/.installed ## every check that needs no container engine
	@$(NODE) testing/run.ts

# Anew whenever the lock file changed. Not `npm ci`: it refuses a lock file without an entry for every platform's optional
# package, and some registries do not carry them all. What is installed is what is locked; the lock file stays as it is.
node_modules/.installed: package-lock.json
	@npm install --no-save --no-fund --no-audit --loglevel=error
	@touch $@
