# Makefile - finds its sources; `make` builds the programs and manuals, `make check` tests them.
#
# `make` installs no package: it names the missing ones, and `make deps` installs them. demo and check do so themselves.
# make notices the removal of a .bpf.c only after `make clean`.

VERSION   := 0.1.0
PREFIX    ?= /usr
DATADIR   ?= $(PREFIX)/lib/piaudit
UNITDIR   ?= $(PREFIX)/lib/systemd/system
DESTDIR   ?=
B         := build
ifeq ($(origin CC),default)
CC        := gcc
endif
CLANG     ?= clang
BPFTOOL   ?= $(shell command -v bpftool || echo /usr/sbin/bpftool)
MULTIARCH := $(shell $(CC) -print-multiarch 2>/dev/null)

# WERROR=1: a warning is an error. Without it, a newer compiler does not break the build.
WARN      := -Wall -Wextra -Wshadow $(if $(filter 1,$(WERROR)),-Werror)
# The assembler finds the files that are embedded here.
EMBED     := -Wa,-I$(CURDIR)/daemon/report/html -Wa,-I$(CURDIR)/daemon/cli
CPPFLAGS  += -D_GNU_SOURCE -DPIA_VERSION='"$(VERSION)"' -DPIA_DATADIR='"$(DATADIR)"' -Iinclude -I. -I$(B)
CFLAGS    ?= -O2 -g -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDFLAGS   ?= -Wl,-z,relro,-z,now
override CFLAGS += -std=gnu11 $(WARN) $(EMBED) -MMD -MP
# An array of bytes has no alignment, so it is not cast to a struct: a union has. clang does not know this warning.
override CFLAGS += $(if $(findstring clang,$(CC)),,-Wcast-align=strict)
LIBS      := -lbpf -lelf -lz -lyaml -lsmartcols -lsqlite3 -lcap-ng -lseccomp
# jansson is used by event_parse.c only. The daemon does not need that file, so programs that link it add PARSE.
PARSE     := -ljansson

# The time stamp of manual pages and packages: the same source gives the same bytes.
EPOCH      = $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null || date +%s))

# V=1 shows the commands.
ifneq ($(V),1)
Q         := @
say        = @printf '  %-5s %s\n' $(1) $(2);
endif

# SAN=1: a build with address and undefined-behaviour sanitizers, in its own folder.
ifeq ($(SAN),1)
B         := build/san
override CFLAGS  += -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -U_FORTIFY_SOURCE
override LDFLAGS += -fsanitize=address,undefined
endif

# The exporters are separate programs with libraries that the daemon never has. Only the WAY_* objects need them.
EXPORT_SRC := $(wildcard daemon/export/*.c daemon/export/*/*.c)
EXPORT_OBJ := $(EXPORT_SRC:%.c=$(B)/%.o)
EXPORT_LIB := $(B)/libexport.a
WAY_NET   := $(patsubst %,$(B)/daemon/export/%.o,to/transports_net to/to_http to/to_syslog connection/connection)
WAY_KAFKA := $(patsubst %,$(B)/daemon/export/%.o,to/transports_kafka to/to_kafka)
SRC       := $(filter-out $(EXPORT_SRC),$(wildcard policy/*.c daemon/*/*.c daemon/*/*/*.c))
OBJ       := $(SRC:%.c=$(B)/%.o)
LIB       := $(B)/libpiaudit.a
BPF_SRC   := $(wildcard bpf/*.bpf.c)
SKEL      := $(B)/piaudit.skel.h $(B)/piaudit_nocast.skel.h
UNIT      := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/test_*.c))
LIVE      := $(patsubst tests/live/%.c,$(B)/live/%,$(wildcard tests/live/*.c))
SERVICE_BENCH := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/bench/service/*.c))
BENCH     := $(patsubst %.c,$(B)/%.o,$(filter-out %.bpf.c,$(wildcard tests/bench/*.c)))
EXPORT_TEST := $(patsubst tests/export/%.c,$(B)/export/%,$(wildcard tests/export/*.c))
MAN       := $(patsubst %.scd,$(B)/%,$(wildcard man/*.scd))
MAN_EXPORT := $(filter $(B)/man/piaudit-export%,$(MAN))
FUZZ      := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJ  := $(patsubst %.c,$(B)/fuzz/%.o,$(filter-out daemon/cli/main.c,$(SRC)))
FUZZ_LIB  := $(B)/fuzz/libpiaudit.a
FUZZ_FLAGS := -std=gnu11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: all deps demo check check-quick nightly test live vm vm-devices bench bench-service fuzz style analyze install deb clean
.DELETE_ON_ERROR:
.SECONDARY:

# EXPORTERS: the exporters that can be built here. exporters.mk is made after their dependencies are installed; then
# make restarts.
ifneq ($(filter-out clean deps style demo check check-quick nightly nightly-%,$(or $(MAKECMDGOALS),all)),)
include $(B)/exporters.mk
endif
# The manuals of programs that are not built are left out.
MAN_BUILT := $(if $(EXPORTERS),$(MAN),$(filter-out $(MAN_EXPORT),$(MAN)))

all: $(B)/piaudit $(EXPORTERS:%=$(B)/%) $(MAN_BUILT)

# --- dependencies, found by probing
deps:
	@tests/setup.sh install deb
$(B)/.deps: tests/setup.sh
	@tests/setup.sh check build
	@mkdir -p $(@D) && touch $@
$(B)/exporters.mk: $(B)/.deps
	@echo EXPORTERS := $$(tests/setup.sh exporters) >$@

# --- kernel half: one unit for all families. Shared code is inlined, since the verifier allows eight call frames.
$(B)/bpf/all.bpf.c: $(BPF_SRC)
	@mkdir -p $(@D)
	@printf '#include "%s"\n' $(BPF_SRC) > $@
# The unit is built twice: with a cast that the verifier accepts since Linux 6.2, and without it.
$(B)/bpf/piaudit_nocast.o: BPF_DEFINES := -DPIA_NO_CAST
$(B)/bpf/piaudit.o $(B)/bpf/piaudit_nocast.o: $(B)/bpf/all.bpf.c | $(B)/.deps
	$(call say,BPF,$@)
	$(Q)$(CLANG) -target bpf -mcpu=v3 -O2 -g $(WARN) -Wno-unused-parameter $(BPF_DEFINES) -I. -Iinclude -Ibpf \
		-I/usr/include/$(MULTIARCH) -MMD -MP -MF $(@:.o=.d) -MT $@ -c $< -o $@
# The single object is linked too: bpftool then stores each type once and drops the data that only debuggers read.
$(B)/piaudit.bpf.o $(B)/piaudit_nocast.bpf.o: $(B)/%.bpf.o: $(B)/bpf/%.o
	$(call say,LINK,$@)
	$(Q)$(BPFTOOL) gen object $@ $<
$(SKEL): $(B)/%.skel.h: $(B)/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

# --- user half
$(patsubst %.c,$(B)/%.o,$(wildcard daemon/capture/probes/*.c)): $(SKEL)
$(B)/%.o: %.c | $(B)/.deps
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
# files that are embedded unchanged: the style sheet of a report, the completion script of bash
$(B)/daemon/report/html/html.o: daemon/report/html/report.css
$(B)/daemon/cli/completion.o: daemon/cli/completion.bash
$(LIB): $(filter-out $(B)/daemon/cli/main.o,$(OBJ))
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $(filter-out $(B)/daemon/cli/main.o,$(OBJ))
$(B)/piaudit: $(B)/daemon/cli/main.o $(LIB)
	$(call say,CC,$@)
	$(Q)$(CC) $(LDFLAGS) $(B)/daemon/cli/main.o $(LIB) $(LIBS) -o $@

# --- exporters: one main and one library; they differ in their transports, and so in the libraries that they link
$(EXPORT_LIB): $(filter-out $(B)/daemon/export/export_main.o $(WAY_NET) $(WAY_KAFKA),$(EXPORT_OBJ))
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $^
$(B)/piaudit-export: WAYS := -lcurl -lssl -lcrypto
$(B)/piaudit-export-kafka: WAYS := -lrdkafka
$(B)/piaudit-export: $(WAY_NET)
$(B)/piaudit-export-kafka: $(WAY_KAFKA)
$(B)/piaudit-export $(B)/piaudit-export-kafka: $(B)/daemon/export/export_main.o $(EXPORT_LIB) $(LIB)
	$(call say,CC,$@)
	$(Q)$(CC) $(LDFLAGS) $(filter %.o,$^) $(EXPORT_LIB) $(LIB) $(PARSE) -lyaml -lpthread $(WAYS) -o $@

# --- tests: a unit test includes the .c under test and links the rest from the library
$(B)/unit/%: tests/unit/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $< $(LIB) -lcmocka $(LIBS) -Wl,--as-needed $(PARSE) -o $@
$(B)/live/%: tests/live/%.c | $(B)/.deps
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $< -lpthread -o $@
$(B)/export/%: tests/export/%.c $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $< $(LIB) $(LIBS) -lrdkafka -o $@
$(B)/bench/%.bpf.o: tests/bench/%.bpf.c | $(B)/.deps
	@mkdir -p $(@D)
	$(call say,BPF,$@)
	$(Q)$(CLANG) -target bpf -mcpu=v3 -O2 -g $(WARN) -I/usr/include/$(MULTIARCH) -c $< -o $@
$(B)/bench/%.skel.h: $(B)/bench/%.bpf.o
	$(call say,SKEL,$@)
	$(Q)$(BPFTOOL) gen skeleton $< name $*_bpf > $@
$(B)/tests/bench/kernel.o: $(B)/bench/floor.skel.h
$(B)/bench/bench: $(BENCH) $(LIB)
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(LDFLAGS) $(BENCH) $(LIB) $(LIBS) -lm -o $@
$(B)/bench/service/%: tests/bench/service/%.c tests/bench/service/timing.h $(B)/tests/bench/stats.o | $(B)/.deps
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $< $(B)/tests/bench/stats.o -lpthread -o $@
# --- fuzzers: one library, built with coverage counters
$(B)/fuzz/%.o: %.c | $(B)/.deps $(SKEL)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)$(CLANG) $(CPPFLAGS) $(FUZZ_FLAGS) $(EMBED) -fsanitize=fuzzer-no-link -MMD -MP -c $< -o $@
$(FUZZ_LIB): $(FUZZ_OBJ)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) qcs $@ $^
$(B)/fuzz/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_LIB)
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)$(CLANG) $(CPPFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer $< $(FUZZ_LIB) $(LIBS) $(PARSE) -o $@

# Three tiers: check-quick needs neither root nor a network, check is the test of a change, nightly has the long parts.
# TEST=GLOB runs only tests whose printed names match, for example `make check TEST='golden/*'`.
check: ; @tests/check.sh
check-quick: ; @tests/check.sh quick
nightly: ; @tests/nightly.sh
nightly-%: ; @tests/nightly.sh $*
test: $(UNIT) $(B)/piaudit ; @tests/check.sh unit golden
live: $(LIVE) $(B)/piaudit ; @tests/check.sh live
vm: $(LIVE) $(B)/piaudit ; @tests/setup.sh install test vm; PIAUDIT_BUILD=$(B) tests/vm/run.sh
vm-devices: $(LIVE) $(B)/piaudit ; @tests/setup.sh install test vm; PIAUDIT_BUILD=$(B) tests/vm/run.sh devices
fuzz: $(FUZZ) ; @tests/check.sh fuzz
style: ; @tests/style.sh
bench: $(B)/bench/bench $(SERVICE_BENCH) $(B)/piaudit ; @tests/bench/run.sh $(B) $(BENCH_ARGS)
bench-service: $(SERVICE_BENCH) $(B)/piaudit ; @tests/bench/run.sh $(B) --service $(BENCH_ARGS)
demo: ; @tests/setup.sh install build demo && $(MAKE) all && tests/demo.sh
unit-programs: $(UNIT)
live-programs: $(LIVE)
export-programs: $(EXPORT_TEST)

analyze: | $(B)/.deps $(SKEL)
	@for f in $(SRC) $(EXPORT_SRC); do gcc $(CPPFLAGS) -std=gnu11 -fanalyzer -Werror $(EMBED) -c $$f -o /dev/null || exit 1; \
		clang $(CPPFLAGS) -std=gnu11 --analyze -Xclang -analyzer-werror $$f -o /dev/null || exit 1; done

# --- manual pages and completion, from the program's own tables
$(B)/man/%: man/%.scd man/tables.awk man/paragraphs.awk $(B)/piaudit
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)awk -v piaudit=$(B)/piaudit -v export=$(B)/piaudit-export -f man/tables.awk $< >$@.scd
	$(Q)SOURCE_DATE_EPOCH=$(EPOCH) scdoc <$@.scd >$@.roff
	$(Q)awk -f man/paragraphs.awk $@.roff >$@
$(MAN_EXPORT): $(B)/piaudit-export
$(B)/piaudit.bash: $(B)/piaudit
	$(Q)$< completion bash >$@

# Files of exporters that are not built are not installed. Existing configuration files are not overwritten.
install: all $(MAN_BUILT) $(B)/piaudit.bash
	for program in piaudit $(EXPORTERS); do \
		install -D -m 755 $(B)/$$program $(DESTDIR)$(PREFIX)/bin/$$program || exit 1; done
	install -d $(DESTDIR)$(DATADIR)/catalog $(DESTDIR)$(DATADIR)/statements $(DESTDIR)/etc/piaudit/policies.d
	install -m 644 policy/catalog/*.yaml $(DESTDIR)$(DATADIR)/catalog
	install -m 644 policy/statements/*.yaml $(DESTDIR)$(DATADIR)/statements
	install -m 644 policy/template.yaml $(DESTDIR)$(DATADIR)
	install -D -m 644 include/piaudit/scenario.h $(DESTDIR)$(PREFIX)/include/piaudit/scenario.h
	install -D -m 644 $(B)/piaudit.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/piaudit
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/piaudit README.md SECURITY.md
	install -d $(DESTDIR)$(PREFIX)/share/doc/piaudit/siem/sigma
	install -m 644 $(wildcard systemd/siem/*.*) $(DESTDIR)$(PREFIX)/share/doc/piaudit/siem
	install -m 644 $(wildcard systemd/siem/sigma/*.yml) $(DESTDIR)$(PREFIX)/share/doc/piaudit/siem/sigma
	for page in $(MAN_BUILT); do install -D -m 644 $$page \
		$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/} || exit 1; done
	install -d $(DESTDIR)$(UNITDIR)
	for unit in piaudit $(EXPORTERS); do sed 's|/usr/bin/|$(PREFIX)/bin/|' systemd/$$unit.service \
		>$(DESTDIR)$(UNITDIR)/$$unit.service && chmod 644 $(DESTDIR)$(UNITDIR)/$$unit.service || exit 1; done
	for user in piaudit $(filter piaudit-export,$(EXPORTERS)); do \
		install -D -m 644 systemd/$$user.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/$$user.conf && \
		install -D -m 644 systemd/$$user.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/$$user.conf || exit 1; done
	install -D -m 644 systemd/piaudit.catalog $(DESTDIR)$(PREFIX)/lib/systemd/catalog/piaudit.catalog
	for file in piaudit.yaml $(if $(EXPORTERS),export.yaml); do [ -e $(DESTDIR)/etc/piaudit/$$file ] || \
		install -m 644 systemd/$$file $(DESTDIR)/etc/piaudit || exit 1; done
	for program in $(EXPORTERS); do printf 'complete -F _longopt %s\n' $$program \
		>$(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$program || exit 1; done
	$(if $(filter %-kafka,$(EXPORTERS)),echo '.so man8/piaudit-export.8' \
		>$(DESTDIR)$(PREFIX)/share/man/man8/piaudit-export-kafka.8)

# makes build/PACKAGE_VERSION_ARCHITECTURE.deb, and a package with debug symbols for each
deb: all
	@tests/setup.sh check deb
	@rm -rf $(B)/deb && mkdir -p $(B)/deb/piaudit && cp -r systemd/deb $(B)/deb/piaudit/debian
	@printf 'piaudit (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md.\n\n -- %s  %s\n' $(VERSION) \
		"$$(sed -n 's/^Maintainer: //p' systemd/deb/control)" "$$(date -Rud @$(EPOCH))" >$(B)/deb/piaudit/debian/changelog
	$(call say,DEB,$(B)/piaudit_$(VERSION))
	$(Q)cd $(B)/deb/piaudit && TOP=$(CURDIR) B=$(abspath $(B)) SOURCE_DATE_EPOCH=$(EPOCH) \
		dpkg-buildpackage --build=binary --no-sign -d >../log 2>&1 || { cat ../log >&2; exit 1; }
	$(Q)mv $(B)/deb/*.deb $(B)

clean:
	rm -rf build

-include $(OBJ:.o=.d) $(EXPORT_OBJ:.o=.d) $(SKEL:$(B)/%.skel.h=$(B)/bpf/%.d) $(UNIT:=.d) $(LIVE:=.d) $(FUZZ_OBJ:.o=.d) $(EXPORT_TEST:=.d) $(BENCH:.o=.d)
