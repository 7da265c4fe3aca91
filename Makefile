# SPDX-License-Identifier: Apache-2.0
# dtr-trust: one static binary, its tests and its image. Output only in build/.
# V=1 shows the commands, WERROR=1 makes warnings errors, CC compiles for musl,
# SAN_CC for glibc with the sanitizers SAN, T is the length of a fuzz run in s.

ifeq ($(origin CC),default)
CC := musl-gcc
endif
SAN_CC  ?= gcc
FUZZ_CC ?= clang
SAN     ?= address,undefined
T       ?= 60
VERSION := $(shell cat VERSION)
MACHINE := $(shell $(CC) -dumpmachine)
MUSL    := /usr/lib/$(subst gnu,musl,$(MACHINE))
MBEDTLS := build/mbedtls-3.6.7
Q       := $(if $(V),,@)
,       := ,
say      = @printf '  %-5s %s\n' $1 $@

SRC    := $(sort $(wildcard src/*.c src/*/*.c src/*/*/*.c))
UNIT   := $(sort $(wildcard tests/unit/test_*.c tests/integration/test_*.c))
FUZZ   := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH  := $(sort $(wildcard tests/bench/bench_*.c))
product = $(SRC:%.c=build/$1/%.o) build/$1/libmbedtls.a
library = $(filter-out %/main.o,$(product))

CPPFLAGS := -D_GNU_SOURCE= -DDTR_VERSION='"$(VERSION)"' -Itests \
	-I$(CURDIR)/src -isystem $(CURDIR)/$(MBEDTLS)/include \
	-DMBEDTLS_CONFIG_FILE='"mbedtls_client_config.h"'
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wcast-qual -Wsign-compare -Wswitch-enum -Wvla \
	-Wformat=2 -Wconversion -Wdate-time $(if $(WERROR),-Werror)
CFLAGS   := -std=c11 -fno-common -ffile-prefix-map=$(CURDIR)=. $(CPPFLAGS)
# No unwind tables: nothing unwinds. Debian's musl-gcc lacks linux/*.h.
RELEASE  := -Os -fPIE -ffunction-sections -fdata-sections \
	-fstack-protector-strong -fno-asynchronous-unwind-tables \
	$(if $(filter x86_64%,$(MACHINE)),-fcf-protection) \
	$(if $(filter aarch64%,$(MACHINE)),-mbranch-protection=standard) \
	-isystem $(CURDIR)/build/include -DMUSL_VERSION='"$(shell \
	ar p $(MUSL)/libc.a version.lo | strings | head -n 1)"'
SANITIZE := -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	-DMUSL_VERSION='"0 (test build for glibc)"'
WRAP     := -Wl,--wrap=mbedtls_x509_crt_parse_der
# Debian's musl-gcc has no static-pie in its specs: name its start files.
crt       = $(shell $(CC) -print-file-name=$1)
LINK      = $(CC) -static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text \
	-Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack,--build-id=none,-s \
	$(WRAP) $(MUSL)/rcrt1.o $(MUSL)/crti.o $(call crt,crtbeginS.o) \
	$(filter %.o %.a,$^) $(call crt,crtendS.o) $(MUSL)/crtn.o -o $@

.DEFAULT_GOAL := build/dtr-trust
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all test fuzz bench lint check-static clean help

all: build/dtr-trust ## the binary; so does plain make
build/dtr-trust: $(call product,obj)
	$(call say,LINK)
	$(Q)$(LINK)

# $(call flavour,NAME,COMPILER,FLAGS): how objects and mbedTLS are compiled.
define flavour
build/$1/%.o: %.c Makefile VERSION | $(MBEDTLS) build/include
	$$(call say,CC)
	$$(Q)mkdir -p $$(@D)
	$$(Q)$2 $(CFLAGS) $(WARNINGS) $3 -MMD -MP -c $$< -o $$@
build/$1/libmbedtls.a: Makefile src/mbedtls_client_config.h | $(MBEDTLS)
	$$(call say,AR)
	$$(Q)rm -rf $$@ build/$1/mbedtls && mkdir -p build/$1/mbedtls
	$$(Q)cd build/$1/mbedtls && ls $(CURDIR)/$(MBEDTLS)/library/*.c | \
		xargs -P "$$$$(nproc)" -n 8 $2 $(CFLAGS) $3 -c
	$$(Q)ar qc $$@ build/$1/mbedtls/*.o
endef
$(eval $(call flavour,obj,$(CC),$(RELEASE)))
$(eval $(call flavour,san,$(SAN_CC),$(SANITIZE) -fsanitize=$(SAN)))
$(eval $(call flavour,fuzz,$(FUZZ_CC),$(SANITIZE) -fsanitize=$(SAN)$(,)fuzzer-no-link))
-include $(shell find build/obj build/san build/fuzz -name '*.d' 2>/dev/null)

$(MBEDTLS): scripts/fetch-mbedtls
	$(Q)scripts/fetch-mbedtls build && touch $@
build/include:
	$(Q)mkdir -p $@ && echo '#include <linux/types.h>' | \
		$(MACHINE)-gcc -M -xc - | tr ' ' '\n' | \
		sed -n 's,/types\.h$$,,p' | xargs -I{} ln -sfn {} $@/

# A test names the functions that it replaces: a line "/* wrap: fsync */".
wrap = $(patsubst %,-Wl$(,)--wrap=%,$(shell \
	sed -n 's,^/\* wrap: \(.*\) \*/$$,\1,p' $(<:build/san/%.o=%.c)))
SAN_LINK = $(SAN_CC) -fsanitize=$(SAN) $(filter %.o %.a,$^) $(WRAP) $(wrap)
build/san/dtr-trust: $(call product,san)
	$(call say,LINK)
	$(Q)$(SAN_LINK) -o $@
build/san/tests/%: build/san/tests/%.o $(call library,san)
	$(call say,LINK)
	$(Q)$(SAN_LINK) -lcmocka -o $@
build/san/tests/fuzz/%: build/san/tests/fuzz/%.o build/san/tests/fuzz/replay.o \
		$(call library,san)
	$(call say,LINK)
	$(Q)$(SAN_LINK) -o $@
build/fuzz/%: build/fuzz/tests/fuzz/%.o $(call library,fuzz)
	$(call say,LINK)
	$(Q)$(FUZZ_CC) -fsanitize=$(SAN),fuzzer $(filter %.o %.a,$^) $(WRAP) -o $@
build/obj/tests/bench/%: build/obj/tests/bench/%.o $(call library,obj)
	$(call say,LINK)
	$(Q)$(LINK)

TESTS := $(UNIT:%.c=build/san/%) $(FUZZ:%.c=build/san/%) \
	$(sort $(dir $(wildcard tests/integration/test_*.py tests/build/*.py)))
test: build/dtr-trust build/san/dtr-trust $(TESTS) ## unit, integration, build, replay
	$(Q)scripts/run-tests $(TESTS) $(ALSO)
fuzz: $(TARGET:%=build/fuzz/%) ## search with libFuzzer: TARGET=fuzz_wire T=60
	$(Q)mkdir -p build/corpus/$(TARGET)
	$(Q)build/fuzz/$(TARGET) -max_total_time=$(T) -timeout=10 \
		-artifact_prefix=build/corpus/$(TARGET)- build/corpus/$(TARGET) \
		tests/fuzz/corpus/$(TARGET)
bench: build/dtr-trust $(BENCH:%.c=build/obj/%) ## figures, no verdict
	$(Q)for b in $(BENCH:%.c=build/obj/%) $(wildcard tests/bench/bench_*.sh \
		tests/bench/bench_*.py); do echo "# $$b"; $$b || exit 1; done
lint: export FLAGS = $(CFLAGS) $(SANITIZE) $(WARNINGS)
lint: build/dtr-trust ## style, static analysis, trust boundary
	$(Q)scripts/lint
check-static: build/dtr-trust ## the binary asks for nothing but a kernel
	$(Q)scripts/check-static $<
clean: ## remove build/ but for the fetched tarball
	$(Q)find build -mindepth 1 -maxdepth 1 ! -name '*.bz2' -exec rm -rf {} +
help: ## this list
	$(Q)sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22
