# SPDX-License-Identifier: Apache-2.0
# The tests of dtr-trust and what else only its developers run; the Makefile
# includes it. SAN_CC compiles for glibc with the sanitizers SAN, FUZZ_CC for
# libFuzzer; T is the length of a fuzz run in s.

SAN_CC  ?= gcc
FUZZ_CC ?= clang
SAN     ?= address,undefined
T       ?= 60
.PHONY: programs searches test quick fuzz fuzz-short memcheck coverage bench \
	lint lint-deploy platforms manual

UNIT   := $(sort $(wildcard tests/unit/test_*.c tests/integration/test_*.c))
FUZZ   := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH  := $(patsubst %.c,build/obj/%,$(wildcard tests/bench/*.c))
TOOLS  := $(patsubst %.c,build/san/%,$(wildcard tests/support/*.c))
library = $(filter-out %/main.o,$(product))

FLAGS_san := -O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN) \
	-fno-sanitize-recover=all -DMUSL_VERSION='"0 for glibc"'
FLAGS_fuzz := $(FLAGS_san) -fsanitize=fuzzer-no-link -Wno-sign-conversion
FLAGS_plain := -O1 -g -DMUSL_VERSION='"0 for glibc"'
# With counters of gcov; cov for musl, as the product is, and unit for cmocka.
FLAGS_cov := -O0 -g --coverage -fprofile-update=atomic -fdata-sections \
	-isystem $(CURDIR)/build/include -DMUSL_VERSION='"$(LIBC)"'
FLAGS_covunit := $(FLAGS_cov:-isystem=-idirafter)
BOTH := Makefile tests/tests.mk
$(eval $(call flavour,san,$(SAN_CC),$(BOTH)))
$(eval $(call flavour,fuzz,$(FUZZ_CC),$(BOTH)))
$(eval $(call flavour,plain,$(SAN_CC),$(BOTH)))
$(eval $(call flavour,cov,$(CC),$(BOTH)))
$(eval $(call flavour,covunit,$(SAN_CC),$(BOTH)))
-include $(shell find build/san build/fuzz build/plain build/cov* -name '*.d' 2>/dev/null)

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
build/obj/tests/%: build/obj/tests/%.o $(call library,obj) tests/tests.mk
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
# these are written to a file; nor is the counted program's memory the product's.
EACH_CALL := '--ignore=tests/integration/test_every_syscall.py \
	-k "not system_call and not no_call_that_writes and not is_too_low \
	and not a_page_is_not_asked and not takes_as_little"'
COUNTED_CLIENTS := build/covunit/tests/support/clients
COVERED := $(filter-out $(WALLS:build/obj/%=build/covunit/%),$(UNIT:%.c=build/covunit/%)) \
	$(WALLS:build/obj/%=build/cov/%)
COUNTED := build/cov/dtr-trust $(TOOLS) $(BENCH) $(COVERED) $(COUNTED_CLIENTS) \
	build/wycheproof
coverage: $(COUNTED) ## lines and branches that are reached, to docs/coverage.md
	$(Q)find build/cov build/covunit -name '*.gcda' -delete
	$(Q)DTR_TRUST=$(CURDIR)/build/cov/dtr-trust PYTEST_ADDOPTS=$(EACH_CALL) \
		DTR_TRUST_CLIENTS=$(CURDIR)/$(COUNTED_CLIENTS) \
		scripts/run-tests tests/integration/ $(COVERED); status=$$?; \
		scripts/coverage >docs/coverage.md && exit $$status
# valgrind has no openat2, and is at the three with most cases for minutes.
UNCHECKED := $(addprefix tests/unit/test_,directory.c store.c go_verdicts.c \
	anchor_search.c consumers.c)
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
lint-deploy: ## the files in deploy/, each by its own tool
	$(Q)scripts/lint-deploy
platforms: ## build and try it for other machines: ARCH="arm s390x"
	$(Q)scripts/platforms $(ARCH)
manual: build/san/tests/support/print_options ## page and completions of the options
	$(Q)scripts/manual
