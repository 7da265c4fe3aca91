# SPDX-License-Identifier: Apache-2.0
# dtr-trust: one static binary, its tests and its image. Output only in build/.
# V=1 shows the commands, WERROR=1 makes warnings errors, CC compiles for musl,
# SAN_CC for glibc with the sanitizers SAN, T is the length of a fuzz run in s.

# As many at a time as there are processors, where nobody says how many.
MAKEFLAGS := $(MAKEFLAGS) $(if $(findstring j,$(MAKEFLAGS)),,-j$(shell nproc))
CC      := $(if $(filter default,$(origin CC)),musl-gcc,$(CC))
SAN_CC  ?= gcc
FUZZ_CC ?= clang
SAN     ?= address,undefined
T       ?= 60
VERSION := $(shell cat VERSION)
MACHINE := $(shell $(CC) -dumpmachine 2>/dev/null)
MUSL    := /usr/lib/$(subst gnu,musl,$(MACHINE))
LIBC    := $(shell { ar p $(MUSL)/libc.a version.lo | strings -n 5 | head -n 1; } 2>/dev/null)
MBEDTLS := build/mbedtls-3.6.7
Q       := $(if $(V),,@)
,       := ,
run      = $(if $(V),,@printf '  %-5s %s\n' $1 $@ &&) $2

SRC    := $(sort $(shell find src -name "*.c"))
UNIT   := $(sort $(wildcard tests/unit/test_*.c tests/integration/test_*.c))
FUZZ   := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH  := $(patsubst %.c,build/obj/%,$(wildcard tests/bench/*.c))
TOOLS  := $(patsubst %.c,build/san/%,$(wildcard tests/support/*.c))
product = $(SRC:%.c=build/$1/%.o) build/$1/libmbedtls.a
library = $(filter-out %/main.o,$(product))

CPPFLAGS := -D_GNU_SOURCE= -DDTR_VERSION='"$(VERSION)"' -Itests \
	-I$(CURDIR)/src -isystem $(CURDIR)/$(MBEDTLS)/include \
	-DMBEDTLS_CONFIG_FILE='"mbedtls_client_config.h"'
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wsign-compare -Wswitch-enum -Wvla \
	-Wformat=2 -Wconversion -Wdate-time $(if $(WERROR),-Werror)
CFLAGS   := -std=c11 -fno-common -ffile-prefix-map=$(CURDIR)=. $(CPPFLAGS)
BRANCHES_aarch64 := -mbranch-protection=standard
# What not every compiler has, or not for every machine.
try = $(shell $(CC) $1 -Werror -xc -c /dev/null -o /dev/null 2>/dev/null && echo $1)
HARDENING := $(foreach flag,-fcf-protection -fstack-clash-protection \
	-ftrivial-auto-var-init=zero,$(call try,$(flag)))
# No unwind tables: nothing unwinds. Link-time optimisation is for the product
# alone: it sees through the --wrap of tests.
FLAGS_obj := -Oz -fPIE -ffunction-sections -fdata-sections \
	-flto=auto -ffat-lto-objects \
	-fstack-protector-strong -fno-asynchronous-unwind-tables $(HARDENING) \
	$(BRANCHES_$(firstword $(subst -, ,$(MACHINE)))) \
	-isystem $(CURDIR)/build/include -DMUSL_VERSION='"$(LIBC)"'
FLAGS_san := -O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) \
	-fno-sanitize-recover=all -DMUSL_VERSION='"0 for glibc"'
FLAGS_fuzz := $(FLAGS_san) -fsanitize=fuzzer-no-link -Wno-sign-conversion
FLAGS_plain := -O1 -g -DMUSL_VERSION='"0 for glibc"'
# With counters of gcov; cov for musl, as the product is, and unit for cmocka.
FLAGS_cov := -O0 -g --coverage -fprofile-update=atomic -fdata-sections \
	-isystem $(CURDIR)/build/include -DMUSL_VERSION='"$(LIBC)"'
FLAGS_covunit := $(FLAGS_cov:-isystem=-idirafter)
# Debian's musl-gcc has no static-pie in its specs: name its start files.
# Packed relocations are 10 KB less, and read by musl from 1.2.4 on.
crt       = $(shell $(CC) -print-file-name=$1)
LINK      = $(CC) $1 -static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text \
	-Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack,--build-id=none,-s \
	$(if $(LIBC:1.2.3=),-Wl$(,)-z$(,)pack-relative-relocs) \
	$(MUSL)/rcrt1.o $(MUSL)/crti.o $(call crt,crtbeginS.o) \
	$(filter %.o %.a,$^) \
	$(call crt,crtendS.o) $(MUSL)/crtn.o -o $@
.DELETE_ON_ERROR .SECONDARY:
.PHONY: all test quick fuzz fuzz-short memcheck coverage bench lint check-static image clean help

all: build/dtr-trust ## the binary; so does plain make
build/dtr-trust: $(call product,obj)
	$(call run,LINK,$(call LINK,$(FLAGS_obj) -flto-partition=one -fipa-pta))

# $(call flavour,NAME,COMPILER): how objects and mbedTLS are compiled.
define flavour
build/$1/%.o: %.c Makefile VERSION | $(MBEDTLS) build/include
	@mkdir -p $$(@D)
	$$(call run,CC,$2 $$(CFLAGS) $$(WARNINGS) $$(FLAGS_$1) -MMD -MP -c $$< -o $$@)
build/$1/libmbedtls.a: Makefile scripts/compile-mbedtls \
		src/mbedtls_client_config.h | $(MBEDTLS)
	$$(call run,AR,rm -rf $$@ build/$1/mbedtls && mkdir -p build/$1/mbedtls)
	$$(Q)cd build/$1/mbedtls && $(CURDIR)/scripts/compile-mbedtls \
		$(CURDIR)/$(MBEDTLS) $2 $$(CFLAGS) $$(FLAGS_$1)
	$$(Q)ar qc $$@ build/$1/mbedtls/*.o
endef
$(eval $(call flavour,obj,$(CC)))
$(eval $(call flavour,san,$(SAN_CC)))
$(eval $(call flavour,fuzz,$(FUZZ_CC)))
$(eval $(call flavour,plain,$(SAN_CC)))
$(eval $(call flavour,cov,$(CC)))
$(eval $(call flavour,covunit,$(SAN_CC)))
-include $(shell find build/obj build/san build/fuzz build/plain build/cov* -name '*.d' 2>/dev/null)
$(MBEDTLS): scripts/fetch-mbedtls
	$(Q)scripts/fetch-mbedtls build && touch $@
build/include:
	$(Q)mkdir -p $@ && echo '#include <linux/types.h>' | \
		$(MACHINE)-gcc -M -xc - | tr ' ' '\n' | \
		sed -n 's,^\(/.*/\(asm\|asm-generic\|linux\)\)/.*,\1,p' | \
		sort -u | xargs -I{} ln -sfn {} $@/

# A test names the functions that it replaces: a line "/* wrap: fsync */".
wrap = $(patsubst %,-Wl$(,)--wrap=%,$(shell \
	sed -n 's,^/\* wrap: \(.*\) \*/$$,\1,p' \
	$(patsubst build/$(word 2,$(subst /, ,$<))/%.o,%.c,$<)))
SAN_LINK = $(SAN_CC) -fsanitize=$(SAN) $(filter %.o %.a,$^) $(wrap)
build/san/dtr-trust: $(call product,san)
	$(call run,LINK,$(SAN_LINK) -o $@)
$(FUZZ:%.c=build/san/%): build/san/tests/fuzz/replay.o
build/san/tests/%: build/san/tests/%.o $(call library,san)
	$(call run,LINK,$(SAN_LINK) -lcmocka -o $@)
build/fuzz/%: build/fuzz/tests/fuzz/%.o $(call library,fuzz)
	$(call run,LINK,$(FUZZ_CC) -fsanitize=$(SAN)$(,)fuzzer $(filter %.o %.a,$^) \
		$(wrap) -o $@)
build/plain/tests/%: build/plain/tests/%.o $(call library,plain)
	$(call run,LINK,$(SAN_CC) $(filter %.o %.a,$^) $(wrap) \
		-lcmocka -o $@)
build/obj/tests/%: build/obj/tests/%.o $(call library,obj)
	$(call run,LINK,$(call LINK,-fno-lto) $(wrap))
counted = $(SRC:%.c=build/$1/%.o) build/$1/tests/coverage/shared.o
COV_LINK = $(filter %.o %.a,$^) -Wl,-T,tests/coverage/counters.ld \
	$(wrap) -lgcov -o $@
build/cov/dtr-trust: $(call counted,cov) build/obj/libmbedtls.a
	$(call run,LINK,$(CC) -static $(COV_LINK))
build/cov/tests/%: build/cov/tests/%.o $(filter-out %/main.o,$(call counted,cov)) \
		build/obj/libmbedtls.a
	$(call run,LINK,$(CC) -static $(COV_LINK))
build/covunit/tests/%: build/covunit/tests/%.o $(filter-out \
		%/main.o,$(call counted,covunit)) build/plain/libmbedtls.a
	$(call run,LINK,$(SAN_CC) $(COV_LINK) -lcmocka)
# The sandbox's tables of system calls are made for musl.
WALLS := $(patsubst %,build/obj/tests/integration/test_%,sandbox \
	sandbox_arguments second_host)
# What takes longest begins first.
PARTS := $(addprefix tests/integration/,1-of-3 2-of-3 3-of-3)
LONG  := $(addprefix build/san/tests/,integration/test_supervise \
	unit/test_go_verdicts)
TESTS := $(LONG) tests/build/ $(filter-out $(LONG),$(UNIT:%.c=build/san/%)) \
	$(FUZZ:%.c=build/san/%) $(WALLS)
build/wycheproof: scripts/fetch-wycheproof
	$(Q)-scripts/fetch-wycheproof $@
.PHONY: programs searches
programs: build/dtr-trust build/san/dtr-trust $(TOOLS) $(BENCH) $(TESTS) build/wycheproof
searches: $(FUZZ:tests/fuzz/%.c=build/fuzz/%)
test: programs ## all but e2e
	$(Q)scripts/run-tests $(FIRST) $(filter-out $(FIRST),$(PARTS)) $(TESTS)
QUICK := $(filter build/san/tests/unit/%,$(TESTS)) $(FUZZ:%.c=build/san/%)
quick: build/dtr-trust $(QUICK) ## unit tests, replays, layers: a minute
	$(Q)scripts/check-layers
	$(Q)scripts/run-tests $(QUICK)
fuzz: $(TARGET:%=build/fuzz/%) ## search with libFuzzer: TARGET=fuzz_wire T=60
	$(Q)mkdir -p build/corpus/$(TARGET)
	$(Q)build/fuzz/$(TARGET) -max_total_time=$(T) -timeout=10 \
		-artifact_prefix=build/corpus/$(TARGET)- build/corpus/$(TARGET) \
		tests/fuzz/corpus/$(TARGET)
fuzz-short: searches ## search a little, all targets
	$(Q)scripts/fuzz-short $(FUZZ:tests/fuzz/%.c=build/fuzz/%)
# Faults at each system call would also meet those that write the counters, and
# these are written to a file.
EACH_CALL := '--ignore=tests/integration/test_every_syscall.py \
	-k "not system_call and not no_call_that_writes and not is_too_low"'
COUNTED_CLIENTS := build/covunit/tests/support/clients
COVERED := $(filter-out $(WALLS:build/obj/%=build/covunit/%),$(UNIT:%.c=build/covunit/%)) \
	$(WALLS:build/obj/%=build/cov/%)
coverage: build/cov/dtr-trust $(TOOLS) $(BENCH) $(COVERED) $(COUNTED_CLIENTS) \
		build/wycheproof ## figures to docs/coverage.md
	$(Q)find build/cov build/covunit -name '*.gcda' -delete
	$(Q)DTR_TRUST=$(CURDIR)/build/cov/dtr-trust PYTEST_ADDOPTS=$(EACH_CALL) \
		DTR_TRUST_CLIENTS=$(CURDIR)/$(COUNTED_CLIENTS) \
		scripts/run-tests tests/integration/ $(COVERED); status=$$?; \
		scripts/coverage >docs/coverage.md && exit $$status
# valgrind has no openat2, and is at the two with most cases for minutes.
UNCHECKED := $(addprefix tests/unit/test_,directory.c store.c go_verdicts.c \
	anchor_search.c)
MEMCHECK := $(filter-out $(UNCHECKED),$(filter tests/unit/%,$(UNIT)))
memcheck: $(MEMCHECK:%.c=build/plain/%) ## unit tests in valgrind
	$(Q)RUN='valgrind -q --error-exitcode=9 --leak-check=full' \
		scripts/run-tests $^
bench: build/dtr-trust $(BENCH) ## beside other clients, to docs/; SHORT=1: build/
	$(Q)tests/bench/bench.py $(if $(SHORT),--short build/bench,docs)
# Without sanitizers: what they add takes time, and hides defects.
lint: export FLAGS = $(CFLAGS) $(FLAGS_plain) $(WARNINGS)
lint: build/dtr-trust ## style, static analysis, trust boundary
	$(Q)scripts/lint
.PHONY: lint-deploy
lint-deploy: ## the files in deploy/, each by its own tool
	$(Q)scripts/lint-deploy
check-static: build/dtr-trust ## the binary asks for nothing but a kernel
	$(Q)scripts/check-static $<
image: ## the container image dtr-trust, also as build/image.tar
	$(Q)scripts/image
.PHONY: platforms
platforms: ## build and try it for other machines: ARCH="arm s390x"
	$(Q)scripts/platforms $(ARCH)
.PHONY: manual
manual: build/san/tests/support/print_options ## page and completions of the options
	$(Q)scripts/manual
clean: ## remove build/ but for the fetched tarball
	$(Q)find build -mindepth 1 -maxdepth 1 ! -name '*.bz2' -exec rm -rf {} +
help: ## this list
	$(Q)sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
