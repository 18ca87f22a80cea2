# Everything a developer or a first-time user runs. Each target makes .venv when it is missing; nothing is installed outside it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install demo test check bench lint types imports fmt clean

install: $(STAMP)

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"

# Build tools first (pinned), then the package against them: no second, isolated resolution, and a kernel rebuild takes seconds.
$(STAMP): pyproject.toml constraints.txt CMakeLists.txt $(wildcard src/calotype/kernels/cpp/*) | $(BIN)/uv
	@command -v c++ >/dev/null || { echo "A C++17 compiler is needed to build the kernels: apt-get install g++ (Debian) or xcode-select --install (macOS)." >&2; exit 78; }
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt scikit-build-core nanobind cmake ninja
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt --no-build-isolation -e ".[all,dev]"
	@touch $(STAMP)

demo: install
	$(BIN)/calotype demo -o calotype-demo

lint:
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types:
	$(BIN)/pyright

imports:
	$(BIN)/lint-imports

fmt: install
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

check: install lint types imports
	$(BIN)/pytest -q -m "not slow"

test: install lint types imports
	$(BIN)/pytest -q

# Celery is a peer to measure against, no part of the product; without a Redis at 127.0.0.1:6379 it is left out.
bench: install
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt "celery[redis]"
	for script in bench/[a-z]*.py; do $(BIN)/python $$script --quick || exit 1; done

clean:
	rm -rf build $(VENV)
