# The house's whole vocabulary; what the words do is in tools/bootstrap/.
PYTHON ?= python3
export PORT STATE WITHOUT_VSCODE ONLY CLUSTER CLUSTER_STATE CONTEXT

.DEFAULT_GOAL := help
TARGETS := run ui test test-all lint format bench docs wheel lock clean cluster cluster-stop \
	image-context
.PHONY: help $(TARGETS)

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start the development hub (PORT=8000, STATE=.state, WITHOUT_VSCODE=1; CLUSTER=1: in pods)
ui: ## Show every screen of the page in every state, without a hub (PORT=8001)
test: ## Run lint, types and all tests a change must pass (ONLY="tests/unit -k name" for some)
test-all: ## Run everything, and on each JupyterHub line and database what it changes
lint: ## Run ruff, mypy, the import contracts and the pages' lint
format: ## Rewrite all code in the house's form
bench: ## Run the benchmarks (ONLY= chooses)
docs: ## Write the generated pages of docs/ anew
wheel: ## Build the wheel, pages included, into .build/wheel
lock: ## Resolve the lock files in requirements/ anew
clean: ## Remove what was installed and built here (state and cache stay)
cluster: ## Start a Kubernetes cluster here, or give it the sources as they are (root; CLUSTER_STATE=.cluster)
cluster-stop: ## End that cluster, and leave nothing of it

$(TARGETS):
	@$(PYTHON) -m tools.bootstrap $@
image-context: ## Fill the folder that the session image is built from (CONTEXT=folder)
