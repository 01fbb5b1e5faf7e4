# The commands of the project. CONTRIBUTING.md says what each is for.

VERSION := $(shell sed -n 's/^Version: //p' DESCRIPTION)
TARBALL := gmm1d_$(VERSION).tar.gz
# Put before commands that compile the package.
ON_ALL_CORES := MAKEFLAGS=-j$(shell getconf _NPROCESSORS_ONLN)
# What tests use if it is there: PostgreSQL, SQLite's command line, Chromium, and DuckDB by node.
FOR_TESTS := "postgresql=/usr/lib/postgresql/*/bin/initdb" "sqlite3=/usr/bin/sqlite3" \
  "chromium=/usr/bin/chromium" "nodejs=/usr/bin/node" "npm=/usr/bin/npm" "npm:@duckdb/node-api"

.PHONY: demo test test-newest nightly check lint bench simulate search pictures stress interrupts ports sanitize valgrind coverage mutants fuzz site document install clean

demo:
	@echo "Looking for R and the packages that gmm1d needs ..."
	@sh scripts/install-dependencies.sh "Imports LinkingTo"
	@echo "Compiling gmm1d on all cores: half a minute or a whole one ..."
	@$(MAKE) --no-print-directory install
	@Rscript scripts/demo.R
	@echo "Building the vignettes: a minute ..."
	@sh scripts/install-dependencies.sh "Config/Needs/vignettes" "pandoc=/usr/bin/pandoc"
	@Rscript scripts/vignettes.R || echo "There are no vignettes (knitr, rmarkdown and pandoc make them)."

test:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests" $(FOR_TESTS)
	@$(MAKE) --no-print-directory install
	@Rscript scripts/test.R $(if $(ONLY),"only=^($(ONLY))$$")

test-newest:
	@sh scripts/install-dependencies.sh "Imports LinkingTo"
	@sh scripts/test-newest.sh

nightly:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests"
	@$(MAKE) --no-print-directory install
	@Rscript tests/nightly/arrow-duckdb.R

WAYS := usual alone
check:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests" pandoc qpdf \
	  $(if $(filter clang,$(WAYS)),clang) $(if $(filter C de_DE tr_TR,$(WAYS)),locales=/usr/share/i18n/locales)
	@$(ON_ALL_CORES) R CMD build .
	@$(ON_ALL_CORES) Rscript scripts/check.R $(TARBALL) $(WAYS)

lint:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Config/Needs/check" clang-format
	@$(MAKE) --no-print-directory install
	@sh scripts/lint.sh

bench:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/bench"
	@sh bench/install-sklearn.sh
	@$(MAKE) --no-print-directory install
	@Rscript bench/run.R
	@Rscript scripts/figures.R
	@cat bench/RESULTS.md

simulate:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/bench"
	@$(MAKE) --no-print-directory install
	@Rscript bench/simulate.R
	@Rscript scripts/figures.R
	@cat bench/SIMULATIONS.md

search:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/search"
	@$(MAKE) --no-print-directory install
	@Rscript bench/search.R
	@cat bench/SEARCH.md

pictures:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Config/Needs/pictures"
	@$(MAKE) --no-print-directory install
	@Rscript tests/pictures/pictures.R pictures

DATA_SETS := 10000
stress:
	@sh scripts/install-dependencies.sh "Imports LinkingTo"
	@$(MAKE) --no-print-directory install
	@Rscript tests/stress/stress.R $(DATA_SETS)
	@Rscript tests/stress/tamper.R

interrupts:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests"
	@$(MAKE) --no-print-directory install
	@Rscript tests/stress/interrupts.R

sanitize:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests"
	@$(ON_ALL_CORES) sh scripts/sanitize.sh

ports:
	@sh scripts/install-dependencies.sh "LinkingTo"
	@sh tests/ports/run.sh

valgrind:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests" valgrind
	@$(MAKE) --no-print-directory install
	@sh scripts/valgrind.sh

coverage:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/coverage" $(FOR_TESTS)
	@Rscript scripts/coverage.R

mutants:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests"
	@Rscript tests/mutants/mutants.R

SECONDS := 600
fuzz:
	@sh scripts/install-dependencies.sh "LinkingTo" clang \
	  "libclang-rt-dev=/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a"
	@sh tests/fuzz/run.sh $(SECONDS)

site:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/website" chromium
	@$(MAKE) --no-print-directory install
	@Rscript scripts/site.R
	@Rscript scripts/check-site.R

document:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Config/Needs/check" clang-format
	@sh scripts/document.sh

install:
	@$(ON_ALL_CORES) Rscript scripts/install.R .

clean:
	rm -rf demo site pictures newest node_modules gmm1d_*.tar.gz gmm1d.Rcheck src/*.o src/*.so
