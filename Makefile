# make run     starts creatorbot and prints one address to open   (PORT=8123 DATA=/some/folder HOST=0.0.0.0)
# make test    runs everything the build server runs
# make format  puts the code in shape
# make bench   prints tables of speed and memory
# make messages  collects the sentences people read, for translators
# make clean   removes what the others made (never your data)

.PHONY: run test format bench messages clean
.SILENT:
.DEFAULT_GOAL := run

python := .venv/bin/python

# What Python compiled is kept, whatever the shell wishes: each process would compile all it loads anew, several seconds each.
unexport PYTHONDONTWRITEBYTECODE

# Some shells and tools put a HOST of their own into the environment: from there only an address counts.
ifneq ($(filter environment,$(origin HOST)),)
HOST := $(shell printf '%s' '$(HOST)' | grep -E '^([0-9.]+|[0-9a-f:]+|localhost)$$')
endif

given := $(if $(PORT),CREATORBOT_PORT='$(PORT)') $(if $(DATA),CREATORBOT_DATA='$(DATA)') $(if $(HOST),CREATORBOT_HOST='$(HOST)')

run:
	.ci/environment run
	exec env $(given) $(python) -m creatorbot run

test:
	.ci/browser early & browser=$$!; .ci/environment test || exit 1; wait $$browser; .ci/browser
	$(python) -m ruff format --check --quiet . || { echo "The code is not in shape: run make format"; exit 1; }
	$(python) -m ruff check --quiet .
	# Types and imports are looked at beside the tests; what is wrong with them is said at the end.
	{ $(python) -m mypy && .venv/bin/lint-imports; } >.checked.log 2>&1 & checks=$$!; \
	$(python) -m pytest -n 5 --dist worksteal; tests=$$?; \
	if wait $$checks; then rm -f .checked.log; else cat .checked.log; exit 1; fi; exit $$tests

format:
	.ci/environment test
	$(python) -m ruff check --quiet --fix . || true
	$(python) -m ruff format .

bench:
	.ci/environment test
	for one in bench/[a-z]*.py; do $(python) -m bench "$$(basename "$$one" .py)" || exit 1; done

messages:
	.ci/environment test
	$(python) -m tests.shape.messages

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
