# Everything a person types. `make` alone lists it. A second run does only the work itself: what was set up is not set up again.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

HOST ?= 127.0.0.1
PORT ?= 50051

PROTOS := $(shell find proto -type d -o -name '*.proto')
GO_SOURCES := $(shell find go -type d -o -name '*.go' -o -name 'go.*')
EXAMPLE_SOURCES := $(shell find examples/go -type d -o -name '*.go' -o -name 'go.*')

program_python     := PYTHONPATH=python:python/gen .venv/bin/python -m userservice.threads
program_python-aio := PYTHONPATH=python:python/gen .venv/bin/python -m userservice.aio
program_go         := build/bin/users-go grpc-go
program_go-connect := build/bin/users-go connect-go
program = $(program_$(IMPL))

ifneq ($(filter serve call,$(MAKECMDGOALS)),)
ifeq ($(program),)
$(error $(if $(IMPL),There is no implementation '$(IMPL)'.,Which implementation?) Type: make $(MAKECMDGOALS) IMPL=python (or python-aio, go, go-connect))
endif
endif

.PHONY: help setup interop test check test-python test-go gen fmt lock serve call bench clean steady uploads

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

interop: .venv/installed build/bin/users-go ## run the matrix: every client against every server. ARGS goes to `interop run`
	.venv/bin/interop run $(ARGS)

test: check test-python test-go interop ## all tests: the checks, the unit tests, then the matrix

check: .venv/installed ## the quick part of `test`: style, types, generated code, locks
	ci/check

test-python: .venv/installed build/bin/users-go build/bin/plain-go-server examples/node/node_modules ## only the Python tests: the harness and the Python implementation
	.venv/bin/pytest

test-go: .venv/installed build/generated ## only the Go tests, under the race detector
	ci/test-go

setup: .venv/installed build/bin/users-go build/bin/plain-go-server ## environment, Go where missing, builds; the other targets do it when needed
	@echo "Everything is set up"

gen: .venv/installed ## generate python/gen and go/gen from proto/, and the schemas from the harness
	ci/generate
	.venv/bin/interop schema

fmt: .venv/installed ## format the Python and Go code
	.venv/bin/ruff check --quiet --select I --fix
	.venv/bin/ruff format --quiet
	"$$(ci/go env GOROOT)/bin/gofmt" -w go examples

lock: .venv/installed ## write the lock files from pyproject.toml. ARGS=--upgrade takes newer versions
	ci/lock $(ARGS)

serve: .venv/installed build/bin/users-go ## serve UserService by hand: make serve IMPL=go [PORT=50051] [HOST=127.0.0.1]
	$(program) serve --host $(HOST) --port $(PORT)

call: .venv/installed build/bin/users-go ## call what `serve` serves, every method once: make call IMPL=python [PORT=50051]
	$(program) call --target $(HOST):$(PORT)

uploads: .venv/installed build/bin/users-go ## how many broken-off uploads are taken for whole ones: 50 tries each, under load
	ci/uploads

bench: .venv/installed build/bin/users-go ## what the matrix costs, beside one process a cell and plain loops (6 min). ARGS='--rounds 1'
	.venv/bin/python -m interop.bench $(ARGS)

steady: .venv/installed build/bin/users-go ## 20 runs of the matrix, half of them beside a load: no verdict may change. RUNS, ARGS
	ci/steady $(ARGS)

clean: ## remove everything that git ignores here and make makes
	rm -rf build .venv .go .go.partial .mypy_cache .ruff_cache .pytest_cache .hypothesis examples/node/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: requirements.lock pyproject.toml ci/setup
	@ci/setup

examples/node/node_modules: examples/node/package.json examples/node/package-lock.json ci/node
	@ci/node

build/generated: $(PROTOS) ci/generate go/tools/go.mod requirements.lock | .venv/installed
	@ci/generate && mkdir -p build && touch $@

build/bin/users-go: $(GO_SOURCES) build/generated ci/go
	@echo "Building $@"
	@ci/go build -C go -o ../$@ ./cmd/users-go && touch $@

# The plain client too. Their modules and what they share with users-go are built by then.
build/bin/plain-go-server: $(EXAMPLE_SOURCES) ci/go | build/bin/users-go
	@echo "Building $@"
	@ci/go build -C examples/go -o ../../build/bin/ ./... && touch $@
