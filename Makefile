# Every habit has one command. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run test lint fmt bench diagram lock demo translations ci dev

BIN := .venv/bin
MANAGE := MIDTVEIS_SECRET_KEY=only-for-this-command-which-keeps-nothing MIDTVEIS_DEBUG=true \
	MIDTVEIS_DATABASE_URL=sqlite:/// $(BIN)/python manage.py
HERE := MIDTVEIS_SECRET_KEY=only-for-this-command-which-keeps-nothing MIDTVEIS_EMBEDDED=true $(BIN)/python manage.py
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --no-header --quiet
TEMPLATES := $(shell find templates -name '*.html' 2>/dev/null)

help:           ## list these commands
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /  make \1\t/' | expand -t 22

run:            ## start everything here; Ctrl-C stops it
	@./run

test:           ## all tests but the browser's; `make test k=four_eyes` for some
	@./test $(if $(k),-k $(k))

lint: dev       ## every check that runs no test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $(TEMPLATES)
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(MANAGE) check --fail-level WARNING
	$(MANAGE) makemigrations --check --dry-run
	@! grep -n '://' requirements*.lock || { echo 'A lock file names an address.'; exit 1; }

fmt: dev        ## tidy code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $(TEMPLATES)

bench: dev      ## measure the main pages at 10,000 cooperations on PostgreSQL
	$(BIN)/python -m bench

diagram: dev    ## draw the life of a case from the code into docs/
	$(MANAGE) draw_lifecycle

lock:           ## choose package versions anew (needs uv)
	$(LOCK) --upgrade -o requirements.lock
	$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --group e2e -c requirements-dev.lock -o requirements-e2e.lock

demo: dev       ## load the invented university into the database under var/
	@mkdir -p var
	$(HERE) migrate --no-input
	$(HERE) load_demo --if-empty

translations: dev ## collect the texts and compile the translations
	$(BIN)/python -m config.translations

ci:             ## exactly what the server runs
	@bash .ci/run

dev:
	@setup/install requirements-dev.lock
