# Everything a person does with the lab. Each target is one line; what it does lives in lab/ (`lab help`), makers' tools in workshop/.
# `make help` prints the comments behind the targets. Options are written as variables: make up MODE=lite

# Node 24 from npm, so that the machine's own Node only has to be good enough for npm.
NODE := node_modules/.bin/node
LAB := $(NODE) lab/src/main.ts
WORKSHOP := $(NODE) workshop/src/main.ts
CLUSTER := $(NODE) cluster/src/main.ts
INSTALLED := node_modules/.installed-lock.json

.DEFAULT_GOAL := help
.PHONY: help deps up down clean status doctor reload rehearse record recordings history load chaos gameday reveal screenshots demo env tools images cluster cluster-down bundle test test-full test-compose test-kubernetes bench

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: deps ## start the lab and wait until every signal can be queried (MODE=lite|full|kubernetes; CONTEXT=name of kubectl's)
	@$(LAB) up $(if $(MODE),--mode $(MODE)) $(if $(CONTEXT),--context '$(CONTEXT)')

down: deps ## stop everything, keep the data
	@$(LAB) down

clean: deps ## stop everything, delete data and generated files
	@$(LAB) clean

status: deps ## every part: state, since when, memory, address; firing alerts
	@$(LAB) status

doctor: deps ## what could keep the lab from running here, each with its cure
	@$(LAB) doctor

reload: deps ## check edited rules and configuration and load them into the running lab
	@$(LAB) reload

# Half of its time was reading our own sources: Node keeps what it made of them.
rehearse: deps ## what would the edited rules have done in recorded incidents? In seconds, without a lab (RECORDING=name, RULE=name, EVERYTHING=1, RULES=folder, WATCH=1)
	@NODE_COMPILE_CACHE=.lab/cache/node $(LAB) rehearse $(if $(EVERYTHING),--everything) $(if $(RULES),--rules '$(RULES)') $(if $(RECORDING),--recording '$(RECORDING)') $(if $(RULE),--rule '$(RULE)') $(if $(WATCH),--watch)

record: deps ## cut an incident out of a Prometheus (NAME, FROM, TO; PROMETHEUS=http://… for another than the lab's, SPEED)
	@$(LAB) record $(if $(NAME),--name '$(NAME)') $(if $(FROM),--from '$(FROM)') $(if $(TO),--to '$(TO)') $(if $(PROMETHEUS),--prometheus '$(PROMETHEUS)') $(if $(SPEED),'--speed=$(SPEED)')

recordings: deps ## renew prometheus/recordings from the newest runs of the experiments
	@$(LAB) recordings

history: deps ## 30 days of marked, invented past for budgets, burn rates and trends (CLEAN=1 takes it out)
	@$(LAB) history $(if $(CLEAN),--clean)

load: deps ## traffic through web, judged by the objectives (PROFILE=smoke|average|stress|spike|soak|breakpoint RATE DURATION; CLEAN=1 removes what it made)
	@$(LAB) load $(if $(PROFILE),--profile '$(PROFILE)') $(if $(RATE),'--rate=$(RATE)') $(if $(DURATION),'--duration=$(DURATION)') $(if $(ENGINE),--engine '$(ENGINE)') $(if $(BROWSER),--browser '$(BROWSER)') $(if $(CLEAN),--clean)

chaos: deps ## break it on purpose and prove that its alerts keep their promises (SUITE=all, EXPERIMENT=name, SPEED=1; LIST=1 names them)
	@$(LAB) chaos $(if $(LIST),--list) $(if $(SUITE),--suite '$(SUITE)') $(if $(EXPERIMENT),--experiment '$(EXPERIMENT)') $(if $(SPEED),'--speed=$(SPEED)')

gameday: deps ## something breaks, and nobody says what
	@$(LAB) gameday $(if $(EXPERIMENT),--experiment '$(EXPERIMENT)') $(if $(SPEED),'--speed=$(SPEED)')

reveal: deps ## what the game day was, what would have led there; undoes it
	@$(LAB) reveal

screenshots: deps ## the gallery docs/screenshots from the running lab, each picture proven (9 minutes once nothing fires)
	@$(WORKSHOP) screenshots

demo: deps ## up, load, chaos and screenshots in a row; ends with the gallery (about 23 minutes)
	@$(WORKSHOP) demo

env: deps ## write .env with fresh secrets; what stands in it is kept
	@$(LAB) env

tools: deps ## find or fetch the programs that lite mode needs, and k6 for make load (built, where Go is)
	@$(LAB) tools --k6

images: deps ## stand-ins for the container images, where no image registry can be reached, and our own (most of an hour, once)
	@$(WORKSHOP) images

cluster: deps ## a small real Kubernetes cluster on this machine, for MODE=kubernetes (built from packages where kind cannot run: minutes, once)
	@$(CLUSTER) up

cluster-down: deps ## take the cluster of `make cluster` away, every trace of it
	@$(CLUSTER) down

bundle: deps ## one archive to send with a bug report, without secrets
	@$(LAB) bundle

test: deps ## every check that needs no container engine
	@$(NODE) testing/run.ts

test-full: tools ## also k6, sharper rule tests and every experiment (an hour)
	@$(NODE) testing/run.ts --full

bench: deps ## what the instrumentation costs, side by side (20 minutes; a quiet machine)
	@$(WORKSHOP) bench

test-compose: deps ## compose.yaml on a container engine: what can be had is started, killed and paused (QUICK=1, ONLY=groups, SOAK=30m, CHAOS=core)
	@$(NODE) testing/compose/run.ts $(if $(QUICK),--quick) $(if $(ONLY),--only '$(ONLY)') $(if $(SOAK),--soak '$(SOAK)') $(if $(CHAOS),--chaos '$(CHAOS)') $(if $(RESTART_ENGINE),--restart-engine '$(RESTART_ENGINE)')

test-kubernetes: deps ## kubernetes/ on a real cluster, made for it: applied, updated, drained, killed (QUICK=1, ONLY=groups, CHAOS=core, CONTEXT=name of an existing one)
	@$(NODE) testing/kubernetes/run.ts $(if $(QUICK),--quick) $(if $(ONLY),--only '$(ONLY)') $(if $(LINES),--lines '$(LINES)') $(if $(CHAOS),--chaos '$(CHAOS)') $(if $(PATIENCE),--patience '$(PATIENCE)') $(if $(CONTEXT),--context '$(CONTEXT)')

# Dependencies anew when the lock file differs from the one that was installed. Not `npm ci`: it refuses a lock file without an
# entry for every platform's optional package, and some registries do not carry them all. What is installed is what is
# locked; the lock file itself stays as it is.
deps:
	@cmp -s package-lock.json $(INSTALLED) || { npm install --no-save --no-fund --no-audit --loglevel=error && rm -f $(INSTALLED) && cp package-lock.json $(INSTALLED); }
