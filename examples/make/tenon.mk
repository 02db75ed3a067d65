# For a project that has `make install` with DESTDIR and PREFIX: two lines in its Makefile give it `make join`.
#
#   TENON_PACKAGE = greet 1.0
#   include tenon.mk
#
# `make join PREFIX=/opt/stack` stages the files and joins (installs) them by one transaction of tenon. Any number of makes may
# do that at once, also into the same prefix.

TENON ?= tenon
TENON_STAGE ?= $(CURDIR)/.tenon-stage
tenon_name = $(word 1,$(TENON_PACKAGE))
tenon_version = $(word 2,$(TENON_PACKAGE))

join:
	rm -rf "$(TENON_STAGE)"
	$(MAKE) install DESTDIR="$(TENON_STAGE)" PREFIX="$(PREFIX)"
	+$(TENON) install --name $(tenon_name) --version $(tenon_version) \
	  --stage "$(TENON_STAGE)$(PREFIX)" --prefix "$(PREFIX)" $(TENON_OPTIONS)
	rm -rf "$(TENON_STAGE)"

.PHONY: join
