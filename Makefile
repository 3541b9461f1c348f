# make demo: see the dashboard on a made-up business. make test: run every test.
# Everything is installed into .venv and nowhere else, but for Chromium in `make test`.

PYTHON ?= python3
PORT ?= 8501
DATA ?= data
VENV := .venv
RUN := $(VENV)/bin/python

# What Python compiles is kept: the tests start it some sixty times.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve test check format bench clean

demo: $(VENV)/installed
	@test -e $(DATA)/demo/truth.json || $(RUN) -m journey --data $(DATA) demo
	@$(RUN) -m journey --data $(DATA) build
	@$(RUN) -m journey --data $(DATA) serve --port $(PORT)

serve: $(VENV)/installed
	@$(RUN) -m journey --data $(DATA) serve --port $(PORT)

test: $(VENV)/tests
	@sh tests/chromium.sh
	$(RUN) -m pytest -n auto --dist loadfile --no-loadscope-reorder

check: $(VENV)/tests
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/sqlfmt --check --no-progressbar --quiet queries

format: $(VENV)/tests
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .
	$(VENV)/bin/sqlfmt --no-progressbar --quiet queries

bench: $(VENV)/tests $(VENV)/bench
	$(RUN) -m bench

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Journey needs Python 3.11 or newer; say which with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the dashboard needs into $(VENV) (a minute or two, once) ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/tests: tests/requirements.txt $(VENV)/installed
	@echo "Installing what the tests need into $(VENV) ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

$(VENV)/bench: bench/requirements.txt $(VENV)/installed
	@echo "Installing the peer to measure against into $(VENV) (about 500 MB) ..."
	@$(RUN) -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
	@touch $@
