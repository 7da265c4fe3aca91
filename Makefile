# SPDX-License-Identifier: Apache-2.0
# dtr-trust: one static binary and its image; its tests are in tests/tests.mk.
# Output only in build/. V=1 shows the commands, WERROR=1 makes warnings errors,
# CC compiles for musl; PREFIX and DESTDIR are where make install puts things.

# As many at a time as there are processors, where nobody says how many.
MAKEFLAGS := $(MAKEFLAGS) $(if $(findstring j,$(MAKEFLAGS)),,-j$(shell nproc))
CC      := $(if $(filter default,$(origin CC)),musl-gcc,$(CC))
VERSION := $(shell cat VERSION)
MACHINE := $(shell $(CC) -dumpmachine 2>/dev/null)
MUSL    := /usr/lib/$(subst gnu,musl,$(MACHINE))
LIBC    := $(shell { ar p $(MUSL)/libc.a version.lo | strings -n 5 | head -n 1; } 2>/dev/null)
MBEDTLS := build/mbedtls-3.6.7
PREFIX  ?= /usr/local
Q       := $(if $(V),,@)
,       := ,
run      = $(if $(V),,@printf '  %-5s %s\n' $1 $@ &&) $2

SRC    := $(sort $(shell find src -name "*.c"))
product = $(SRC:%.c=build/$1/%.o) build/$1/libmbedtls.a

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
# alone: it sees through the --wrap of tests. A switch as comparisons is 600
# bytes more code and 900 less data than as a table, which is less in all.
FLAGS_obj := -Oz -fPIE -ffunction-sections -fdata-sections -fno-jump-tables \
	-flto=auto -ffat-lto-objects \
	-fstack-protector-strong -fno-asynchronous-unwind-tables $(HARDENING) \
	$(BRANCHES_$(firstword $(subst -, ,$(MACHINE)))) \
	-isystem $(CURDIR)/build/include -DMUSL_VERSION='"$(LIBC)"'
# Debian's musl-gcc has no static-pie in its specs: name its start files.
# Packed relocations are 10 KB less, and read by musl from 1.2.4 on. A linker
# that can puts the ELF header and the table of segments, 400 bytes, into the
# code's segment, a page less; read-only data stay in one that is not executable.
rosegment = $(findstring --rosegment,$(shell $(CC) -Wl,--help 2>/dev/null))
crt       = $(shell $(CC) -print-file-name=$1)
LINK      = $(CC) $1 -static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text \
	-Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack,--build-id=none,-s \
	$(if $(LIBC:1.2.3=),-Wl$(,)-z$(,)pack-relative-relocs) \
	$(addprefix -Wl$(,),$(rosegment)) \
	$(MUSL)/rcrt1.o $(MUSL)/crti.o $(call crt,crtbeginS.o) \
	$(filter %.o %.a,$^) \
	$(call crt,crtendS.o) $(MUSL)/crtn.o -o $@
.DELETE_ON_ERROR .SECONDARY:
.PHONY: all check-static image install clean help

all: build/dtr-trust ## the binary; so does plain make
build/dtr-trust: $(call product,obj)
	$(call run,LINK,$(call LINK,$(FLAGS_obj) -flto-partition=one -fipa-pta))

# $(call flavour,NAME,COMPILER,MAKEFILES): how objects and mbedTLS are compiled,
# as these files say.
define flavour
build/$1/%.o: %.c $3 VERSION | $(MBEDTLS) build/include
	@mkdir -p $$(@D)
	$$(call run,CC,$2 $$(CFLAGS) $$(WARNINGS) $$(FLAGS_$1) -MMD -MP -c $$< -o $$@)
build/$1/libmbedtls.a: $3 scripts/compile-mbedtls \
		src/mbedtls_client_config.h | $(MBEDTLS)
	$$(call run,AR,rm -rf $$@ build/$1/mbedtls && mkdir -p build/$1/mbedtls)
	$$(Q)cd build/$1/mbedtls && $(CURDIR)/scripts/compile-mbedtls \
		$(CURDIR)/$(MBEDTLS) $2 $$(CFLAGS) $$(FLAGS_$1)
	$$(Q)ar qc $$@ build/$1/mbedtls/*.o
endef
$(eval $(call flavour,obj,$(CC),Makefile))
-include $(shell find build/obj -name '*.d' 2>/dev/null)
$(MBEDTLS): scripts/fetch-mbedtls
	$(Q)scripts/fetch-mbedtls build && touch $@
build/include:
	$(Q)mkdir -p $@ && echo '#include <linux/types.h>' | \
		$(MACHINE)-gcc -M -xc - | tr ' ' '\n' | \
		sed -n 's,^\(/.*/\(asm\|asm-generic\|linux\)\)/.*,\1,p' | \
		sort -u | xargs -I{} ln -sfn {} $@/

check-static: build/dtr-trust ## the binary asks for nothing but a kernel
	$(Q)scripts/check-static $<
image: ## the container image dtr-trust, also as build/image.tar
	$(Q)scripts/image
# What of docs/ is put where below share/.
SHARED := dtr-trust.8=man/man8/dtr-trust.8 \
	completions/dtr-trust.bash=bash-completion/completions/dtr-trust \
	completions/_dtr-trust=zsh/site-functions/_dtr-trust \
	completions/dtr-trust.fish=fish/vendor_completions.d/dtr-trust.fish
install: build/dtr-trust ## binary, manual, completions: PREFIX=/usr/local DESTDIR=
	$(Q)install -D $< $(DESTDIR)$(PREFIX)/sbin/dtr-trust
	$(Q)$(foreach pair,$(SHARED),install -D -m 644 \
		docs/$(subst =, $(DESTDIR)$(PREFIX)/share/,$(pair)) &&) :
# Not where the image is built: nothing there is a test.
-include tests/tests.mk
clean: ## remove build/ but for the fetched tarball
	$(Q)find build -mindepth 1 -maxdepth 1 ! -name '*.bz2' -exec rm -rf {} +
help: ## this list
	$(Q)sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(wildcard Makefile tests/*.mk) | expand -t 22
