# The commands of the project; CONTRIBUTING.md says what each is for.

VERSION := $(shell sed -n 's/^Version: //p' DESCRIPTION)
TARBALL := gmm1d_$(VERSION).tar.gz

.PHONY: demo test check lint bench simulate document install clean

demo:
	@sh scripts/install-dependencies.sh "Imports LinkingTo"
	@$(MAKE) --no-print-directory install
	@Rscript scripts/demo.R

test:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests" \
	  "postgresql=/usr/lib/postgresql/*/bin/initdb"
	@$(MAKE) --no-print-directory install
	@Rscript scripts/test.R

check:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests" pandoc qpdf
	@R CMD build .
	@Rscript scripts/check.R $(TARBALL)

lint:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Config/Needs/check" clang-format
	@$(MAKE) --no-print-directory install
	@sh scripts/lint.sh

bench:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/bench"
	@sh bench/install-sklearn.sh
	@$(MAKE) --no-print-directory install
	@Rscript bench/run.R
	@cat bench/RESULTS.md

simulate:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Suggests Config/Needs/bench"
	@$(MAKE) --no-print-directory install
	@Rscript bench/simulate.R
	@cat bench/SIMULATIONS.md

document:
	@sh scripts/install-dependencies.sh "Imports LinkingTo Config/Needs/check" clang-format
	@sh scripts/document.sh

install:
	@R CMD build --no-build-vignettes . > /dev/null
	@Rscript scripts/install.R $(TARBALL)

clean:
	rm -rf demo gmm1d_*.tar.gz gmm1d.Rcheck src/*.o src/*.so
