.DEFAULT_GOAL := help
.PHONY: help demo test check checked collected bench accuracy up down servers kernels
BIN := .venv/bin

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile | expand -t 18

demo: .venv/with-demo kernels ## the whole pipeline on this machine, from simulated events to alerts
	$(BIN)/detector demo

test: ## everything that must hold: `make check`, and all tests on a real Kafka and Redis
	@$(MAKE) --no-print-directory --jobs=2 servers .venv/with-demo
	@$(MAKE) --no-print-directory --jobs=2 kernels checked
	$(BIN)/pytest --numprocesses=4 --durations=30

check: .venv/with-test ## format, lint, types, import order
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What can be done while the kernels are compiled, which keeps one core busy for longer.
checked: .venv/with-test
	@$(MAKE) --no-print-directory check collected

# Once, for otherwise each of the processes that run the tests would compile all of them.
collected: .venv/with-test
	@said=$$($(BIN)/pytest --collect-only --quiet 2>&1) || { echo "$$said" | tail -40; exit 1; }

bench: .venv/with-test servers kernels ## the benchmarks, one after the other
	for script in benchmarks/bench_*.py; do echo "== $$script"; $(BIN)/python "$$script" || exit 1; done

accuracy: .venv/with-demo kernels ## precision, recall and false alarms on held-out histories, into docs/accuracy.md
	$(BIN)/python -m benchmarks.accuracy

up: servers .venv/with-demo kernels ## starts a real Kafka and Redis and says where they are
	@$(BIN)/python -m detector.local up .

down: ## stops what `make up` started
	@if [ -d .cache/servers ]; then \
		$(MAKE) --no-print-directory .venv/with-demo && $(BIN)/python -m detector.local down .; \
	else echo "nothing was running"; fi

servers:
	@deploy/local/setup.sh servers

kernels: | .venv/with-demo
	@deploy/local/setup.sh kernels

.venv/with-demo: pyproject.toml deploy/local/setup.sh
	@deploy/local/setup.sh venv demo
	@touch $@

.venv/with-test: pyproject.toml deploy/local/setup.sh
	@deploy/local/setup.sh venv demo,test
	@touch $@ .venv/with-demo
