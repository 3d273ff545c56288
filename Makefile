# The two commands a newcomer needs are `make run` and `make test`; `make check` is what CI runs.
PYTHON ?= python3.11
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
# Where the tests look for PostgreSQL. Without a server there they skip; in CI they fail.
TEST_POSTGRES_URL ?= postgres://127.0.0.1:5432/postgres
PRODUCTION := DEBUG=off SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))")

.PHONY: run starter test test-sqlite test-postgres check screenshots format audit relevance clean

$(VENV)/.run: requirements.txt
	test -x $(BIN)/python || $$(command -v $(PYTHON) || command -v python3) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

$(VENV)/.dev: requirements-dev.txt requirements-oidc.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

run: .env starter
	$(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

# So that manage.py works by itself too, once the portal was tried out here.
.env:
	echo "DEBUG=on" > $@

# A library to try: the starter essays, read by a demo reader and kept by a demo curator.
run starter: export DEBUG = on
starter: $(VENV)/.run
	$(BIN)/python manage.py starter
	$(BIN)/python manage.py starter_training
	@echo "Reading room:   http://127.0.0.1:$(PORT)/   (stop with Ctrl-C)"

# The whole suite: on SQLite, and on PostgreSQL what can differ there. Both at once, since each
# waits for browsers and servers a good part of its time; what each says is kept together.
test: $(VENV)/.dev
	$(MAKE) --no-print-directory --jobs=2 --output-sync=target test-sqlite test-postgres

# Each process begins with a share of its own, so that what tests of a module share is made once.
# What is compiled is kept, whatever the shell says: a hundred processes would each do it again.
test-sqlite test-postgres: export PYTHONDONTWRITEBYTECODE =
test-sqlite: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto
test-postgres: $(VENV)/.dev
	TEST_POSTGRES_URL=$(TEST_POSTGRES_URL) $(BIN)/python -m tests.support.on_postgres -n auto

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(MAKE) test

audit: $(VENV)/.dev
	$(BIN)/pip-audit -r requirements.txt

relevance: $(VENV)/.dev
	TEST_POSTGRES_URL=$(TEST_POSTGRES_URL) $(BIN)/python -m benchmarks.relevance

screenshots: $(VENV)/.dev
	$(BIN)/python -m docs.take_screenshots

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) .env staticfiles db.sqlite3* .local .pytest_cache .ruff_cache .hypothesis
