#!/bin/bash
# package.sh - tests the files of `make install` and `make deb`: a line per test, `ok|FAIL|skip NAME (reason)`. The
# packages are installed, upgraded and purged on a temporary overlay over this machine's root. PIAUDIT_BUILD is the
# build folder.
set -u
cd "$(dirname "$0")/.." || exit 2
build=${PIAUDIT_BUILD:-build}
EXPOSURE=35        # tenths, as systemd-analyze security counts
EXPORT_EXPOSURE=11 # for a service without capabilities that needs the network
umask 022
export SOURCE_DATE_EPOCH=1700000000 # in the past: newer files get this date
unset PIAUDIT_DATADIR
work=$(mktemp -d "${TMPDIR:-/tmp}/piaudit-package.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
root=$work/root
failed=0

. tests/package_lib.sh
make() { command make -s --no-print-directory B="$build" "$@"; }

# --- make install
installed() {
	make install DESTDIR="$root" &&
		diff -r systemd/siem "$root/usr/share/doc/piaudit/siem" &&
		diff - <(cd "$root" && find . -path './usr/share/doc/piaudit/siem/*' -perm 644 -o \( -type f -o -type d -empty \) -printf '/%P %m\n' | LC_ALL=C sort) <<-'END'
			/etc/piaudit/export.yaml 644
			/etc/piaudit/piaudit.yaml 644
			/etc/piaudit/policies.d 755
			/usr/bin/piaudit 755
			/usr/bin/piaudit-export 755
			/usr/bin/piaudit-export-kafka 755
			/usr/include/piaudit/scenario.h 644
			/usr/lib/piaudit/catalog/categories.yaml 644
			/usr/lib/piaudit/catalog/sources.yaml 644
			/usr/lib/piaudit/statements/welink.test.yaml 644
			/usr/lib/piaudit/statements/welink.yaml 644
			/usr/lib/piaudit/template.yaml 644
			/usr/lib/systemd/catalog/piaudit.catalog 644
			/usr/lib/systemd/system/piaudit-export-kafka.service 644
			/usr/lib/systemd/system/piaudit-export.service 644
			/usr/lib/systemd/system/piaudit.service 644
			/usr/lib/sysusers.d/piaudit-export.conf 644
			/usr/lib/sysusers.d/piaudit.conf 644
			/usr/lib/tmpfiles.d/piaudit-export.conf 644
			/usr/lib/tmpfiles.d/piaudit.conf 644
			/usr/share/bash-completion/completions/piaudit 644
			/usr/share/bash-completion/completions/piaudit-export 644
			/usr/share/bash-completion/completions/piaudit-export-kafka 644
			/usr/share/doc/piaudit/README.md 644
			/usr/share/doc/piaudit/SECURITY.md 644
			/usr/share/man/man1/piaudit-report.1 644
			/usr/share/man/man1/piaudit.1 644
			/usr/share/man/man3/piaudit-scenario.h.3 644
			/usr/share/man/man5/piaudit-catalog.5 644
			/usr/share/man/man5/piaudit-export.yaml.5 644
			/usr/share/man/man5/piaudit-statement.5 644
			/usr/share/man/man5/piaudit.yaml.5 644
			/usr/share/man/man7/piaudit-coverage.7 644
			/usr/share/man/man8/piaudit-daemon.8 644
			/usr/share/man/man8/piaudit-export-kafka.8 644
			/usr/share/man/man8/piaudit-export.8 644
		END
}
again() {
	echo 'history_keep: 30d' >"$work/mine" && mkdir -p "$work/again/etc/piaudit" &&
		cp "$work/mine" "$work/again/etc/piaudit/piaudit.yaml" && cp "$work/mine" "$work/again/etc/piaudit/export.yaml" &&
		make install DESTDIR="$work/again" && cmp "$work/mine" "$work/again/etc/piaudit/piaudit.yaml" &&
		cmp "$work/mine" "$work/again/etc/piaudit/export.yaml"
}
elsewhere() {
	make install DESTDIR="$work/local" PREFIX=/usr/local &&
		grep -qx 'ExecStart=/usr/local/bin/piaudit daemon' "$work/local/usr/local/lib/systemd/system/piaudit.service"
}
# Where dependencies are missing: a compiler that does not find the headers of a library.
left_out() {
	mkdir "$work/poor" && printf '#!/bin/sh\n! grep -q "$LACKS"\n' >"$work/poor/cc" && chmod 755 "$work/poor/cc" &&
		[ "$(LACKS=rdkafka PATH=$work/poor:$PATH tests/setup.sh exporters)" = piaudit-export ] &&
		[ -z "$(LACKS=curl PATH=$work/poor:$PATH tests/setup.sh exporters)" ] &&
		make install EXPORTERS=piaudit-export DESTDIR="$work/some" && ! find "$work/some" | grep kafka &&
		make install EXPORTERS= DESTDIR="$work/none" && ! find "$work/none" | grep export
}
# The program uses the catalog that was installed with it, not the one of the source tree.
finds_its_data() {
	"$root/usr/bin/piaudit" policy show -f yaml "$root/usr/lib/piaudit/statements/welink.yaml" >/dev/null &&
		mv "$root/usr/lib/piaudit" "$root/usr/lib/away" &&
		! "$root/usr/bin/piaudit" list categories >/dev/null 2>&1 &&
		mv "$root/usr/lib/away" "$root/usr/lib/piaudit" && "$root/usr/bin/piaudit" list categories
}

# --- the unit, the group, the directories
verified() {
	cp -r "$root/." "$work/verify" && # also needs targets of another package
		cp /lib/systemd/system/{basic,sysinit,multi-user,shutdown,network,network-online}.target \
			"$work/verify/usr/lib/systemd/system" &&
		[ -z "$(systemd-analyze verify --man=no --root="$work/verify" piaudit{,-export,-export-kafka}.service 2>&1 |
			grep piaudit | tee /dev/stderr)" ]
}
# exposed_little UNIT TENTHS
exposed_little() {
	systemd-analyze security --offline=true --no-pager --threshold="$2" "$root/usr/lib/systemd/system/$1.service"
}
# The unit's capabilities are those of the daemon's table.
capable() {
	diff <(sed -n 's/^CapabilityBoundingSet=//p' systemd/piaudit.service | tr ' ' '\n' | sort) \
		<(sed -n '/STAYS_WITH_COMMAND/!s/^\t{ "\(CAP_[A-Z_]*\)".*/\1/p' daemon/system/capabilities.c | sort)
}
# Files that these settings hide from the daemon would be hidden from the audit.
hides_nothing_known() {
	! grep -E '^ +- (/usr)?/lib/modules|/proc/k(allsyms|core)' policy/catalog/sources.yaml
}
directories() {
	mkdir -p "$work/state"/{etc,var/lib,var/log} &&
		systemd-sysusers --root="$work/state" "$PWD"/systemd/piaudit{,-export}.sysusers &&
		grep -q '^piaudit:x:[0-9]*:$' "$work/state/etc/group" &&
		systemd-tmpfiles --root="$work/state" --create "$PWD"/systemd/piaudit{,-export}.tmpfiles &&
		[ "$(stat -c %a "$work/state"/var/{lib,log}/piaudit | uniq)" = 700 ] &&
		[ "$(stat -c '%a %g' "$work/state/var/lib/piaudit/spool")" = \
			"2750 $(sed -n 's/^piaudit-export:x:\([0-9]*\):$/\1/p' "$work/state/etc/group")" ]
}

# --- manual pages
page() { printf '%s\n' "$root"/usr/share/man/man?/"$1".?; }
text() { MANWIDTH=200 man --warnings -E ascii -P cat -l "$(page "$1")" 2>/dev/null | col -bx; }
renders() {
	[ -z "$(man --warnings -E UTF-8 -l "$(page "$1")" 2>&1 >/dev/null | tee /dev/stderr)" ] &&
		mandoc -T lint -W warning "$(page "$1")"
}
# each_in PAGE: every line of stdin begins a line of the page; stdin must not be empty.
each_in() {
	local line told=0 missing=0
	text "$1" >"$work/text"
	while IFS= read -r line; do
		if grep -qE -- "^ *(.*, )?${line//[\[\].]/.}(,|$| )" "$work/text"; then
			told=$((told + 1))
		else
			echo "not told: $line"
			missing=1
		fi
	done
	[ $missing = 0 ] && [ $told -gt 0 ]
}
verbs() { "$root/usr/bin/piaudit" help | sed -n 's/^  \([a-z-]*\)  *[A-Z].*/\1/p'; }
options() { "$root/usr/bin/piaudit" help "$1" | sed -nE 's/^  (-. |   )(--[a-z-]+).*/\2/p'; }
tells_the_verbs() { verbs | sed 's/^/piaudit /' | each_in piaudit; }
tells_the_options() { verbs | while read -r verb; do options "$verb"; done | sort -u | each_in piaudit; }
tells_the_exit_codes() { tr -s '\n\t' ' ' <daemon/util/exit.h | grep -oE 'EXIT_[A-Z_]+ = [0-9]+' | sed 's/.* //' | each_in piaudit; }
tells_the_keys() {
	sed -nE 's/^\t\{ "([a-z_]+)", .*YAML_.*/\1/p' policy/{statement,scenario,terms,app_read}.c | sort -u | each_in piaudit-statement
}
# Keys of a category and of a source, kinds, and the words of their values.
tells_the_catalog() {
	{
		sed -nE 's/.*(\{|WORD\(|NUM\(|NAMES\() ?"([a-z_0-9]+)",.*/\2/p' policy/catalog.c policy/source.c
		sed -nE 's/^\t\[(SOURCE|REQ)_[A-Z0-9_]+\] = "([a-z_0-9]+)",/\2/p' policy/source.c | grep -vx none
	} | sort -u | each_in piaudit-catalog
}
tells_the_configuration() {
	"$root/usr/bin/piaudit" list config | awk 'NR > 1 { print $1 }' | each_in piaudit.yaml
}
export_options() { "$root/usr/bin/piaudit-export" --help | sed -nE 's/^  -., (--[a-z]+).*/\1/p'; }
tells_the_export_options() { export_options | each_in piaudit-export; }
tells_the_export_keys() {
	"$root/usr/bin/piaudit-export" --keys >"$work/keys" &&
		sed -nE 's/.*"name":"([^"]*)".*/\1/p' "$work/keys" | each_in piaudit-export.yaml &&
		[ "$(grep -c '"needed":true' "$work/keys")" = "$(grep -o '; needed)' "$work/text" | wc -l)" ]
}
# The examples in the manual page and in the shipped file are valid, and cover every kind of destination.
export_examples_are_valid() {
	sed -n '/^destinations:/,/^```/{/^```/!p}' man/piaudit-export.yaml.5.scd >"$work/example.yaml" &&
		"$root/usr/bin/piaudit-export" --check --config "$work/example.yaml" &&
		{ echo destinations:; sed '1,/^# Examples\. Move/d; s/^#//' systemd/export.yaml; } >"$work/example.yaml" &&
		"$root/usr/bin/piaudit-export" --check --config "$work/example.yaml" && grep -c 'name:' "$work/example.yaml" &&
		"$root/usr/bin/piaudit-export-kafka" --check --config "$root/etc/piaudit/export.yaml"
}
# block PAGE REGEX: the literal block of a page that has a line like this.
block() { python3 tests/docs_commands.py --block "man/$1.scd" "$2"; }
# The steps of the page, with its files. A recording stands for the program that is not here.
first_steps_work() {
	local line steps=0
	mkdir "$work/examples" && block piaudit-statement.5 '^statement: {' >"$work/examples/notes.yaml" &&
		block piaudit-statement.5 '^cases:' >"$work/examples/notes.test.yaml" || return
	sed -n '/^# FIRST STEPS/,/^# THE FILE/s/^\t*\(piaudit .*\)/\1/p' man/piaudit-statement.5.scd |
		sed "s|++\$||; s|piaudit run \\(.*\\) .-- .*|piaudit replay \\1 $PWD/tests/golden/everyday.in|" >"$work/steps"
	while read -r line; do
		(cd "$work/examples" && PATH=$root/usr/bin:$PATH eval "$line") || [ $? = 10 ] || return
		steps=$((steps + 1))
	done <"$work/steps"
	[ $steps = 5 ] && grep -q '3 passed, 0 failed' "$work/out" && grep -q 'Example Notes' "$work/examples/notes.html" &&
		! sed -n '/^# FIRST STEPS/,/^# THE FILE/p' man/piaudit-statement.5.scd | grep -i welink
}
service_example_is_valid() {
	block piaudit-daemon.8 '^statement: {' >"$work/service.yaml" && "$root/usr/bin/piaudit" policy check "$work/service.yaml" &&
		"$root/usr/bin/piaudit" policy lint --fail "$work/service.yaml"
}
catalog_example_is_valid() {
	mkdir "$work/catalog" && cp policy/catalog/categories.yaml "$work/catalog" &&
		block piaudit-catalog.5 '^sources:' >"$work/catalog/sources.yaml" &&
		[ "$("$root/usr/bin/piaudit" list sources --catalog "$work/catalog" | wc -l)" = 5 ]
}

# --- completion, loaded by bash on the first use replies LINE: prints the possible completions of LINE, one word a
# line.
replies() {
	PATH=$root/usr/bin:$PATH BASH_COMPLETION_USER_DIR=$root/usr/share/bash-completion bash --norc --noprofile -c '
		. /usr/share/bash-completion/bash_completion
		_completion_loader piaudit
		[[ $(complete -p piaudit) == "complete -F _piaudit piaudit" ]] || exit
		COMP_LINE=$1 COMP_POINT=${#1}
		read -ra COMP_WORDS <<<"${1//=/ = }."
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]%.}
		_piaudit piaudit "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
		printf "%s\n" "${COMPREPLY[@]}" | awk "!seen[\$0]++"' - "$1"
}
completes() {
	local line=$1
	shift
	diff <(printf '%s\n' "$@") <(replies "$line")
}
completes_every_option() {
	local verb wrong=0
	for verb in $(verbs); do
		diff <(options "$verb" | LC_ALL=C sort) <(replies "piaudit ${verb#--pid} --" | grep -vx -- --version | LC_ALL=C sort) ||
			wrong=1
	done
	return $wrong
}
completes_every_verb() {
	diff <({ verbs | grep -v '^-' && echo help; } | LC_ALL=C sort) <(replies 'piaudit ' | LC_ALL=C sort)
}
completes_scenarios() {
	diff <("$root/usr/bin/piaudit" list scenarios | awk 'NR > 1 { print "any," $1 }') <(replies 'piaudit run --scenario any,')
}
# In a terminal: readline completes after a tab.
completes_when_asked() {
	printf '. /usr/share/bash-completion/bash_completion\nPS1="> "\n' >"$work/bashrc"
	printf 'piaudit run --fail-on wro\t\npiaudit-export --che\t\nexit\n' | PATH=$root/usr/bin:$PATH TERM=dumb \
		BASH_COMPLETION_USER_DIR=$root/usr/share/bash-completion \
		script -qec "bash --noprofile --rcfile $work/bashrc -i" /dev/null >"$work/terminal"
	grep -a -- '--fail-on wrong_method' "$work/terminal" && grep -a 'export --check' "$work/terminal" ||
		{ cat "$work/terminal"; false; }
}

# --- the Debian packages
packages=(piaudit piaudit-export piaudit-export-kafka)
# The packages, and newer ones that differ in one conffile each.
built() {
	local name file
	rm -f "$build"/*.deb && make deb && [ -e "$build/piaudit_0.1.0_amd64.deb" ] && mkdir "$work"/{debs,newer} || return
	for name in "${packages[@]}"; do
		cp "$build/${name}"_*.deb "$work/debs/$name.deb" && dpkg-deb -R "$work/debs/$name.deb" "$work/newer/$name" &&
			sed -i 's/^Version: .*/&+1/; s/(= [^)]*/&+1/' "$work/newer/$name/DEBIAN/control" || return
		for file in "$work/newer/$name"/etc/piaudit/*.yaml; do
			[ ! -e "$file" ] || echo '# newer' >>"$file"
		done
		dpkg-deb --root-owner-group -b "$work/newer/$name" "$work/newer/$name.deb" || return
	done
}
# lintian refuses the default host in the address; packagers replace the address in systemd/deb/control.
lint_clean() {
	lintian --allow-root --fail-on error,warning --suppress-tags bogus-mail-host,bogus-mail-host-in-debian-changelog \
		"$build"/*.deb
}
# The package of each linked library is a dependency.
dependencies() {
	local name library package missing=0
	for name in "${packages[@]}"; do
		for library in $(objdump -p "$root/usr/bin/$name" | awk '$1 == "NEEDED" { print $2 }'); do
			package=$(dpkg -S "*/$library" | sed 's/:.*//' | sort -u)
			dpkg-deb -f "$work/debs/$name.deb" Depends | grep -qE "(^|[ ,])($(paste -sd'|' <<<"$package"))([ ,]|\$)" ||
				{ echo "$name: $library: of $package"; missing=1; }
		done
	done
	return $missing
}
# The audit package depends on no library of the exporters.
no_network() {
	! dpkg-deb -f "$work/debs/piaudit.deb" Depends,Recommends | grep -E 'curl|ssl|rdkafka|jansson|piaudit' &&
		! dpkg-deb -f "$work/debs/piaudit-export.deb" Depends,Recommends | grep rdkafka
}
conffiles() {
	diff - <(for name in "${packages[@]}"; do dpkg-deb --info "$work/debs/$name.deb" conffiles 2>/dev/null; done) <<-'END'
		/etc/piaudit/piaudit.yaml
		/etc/piaudit/export.yaml
	END
}
same_again() {
	local name
	make deb || return
	for name in "${packages[@]}"; do
		cmp "$build/${name}"_*.deb "$work/debs/$name.deb" || return
	done
}

try installed installed
try configuration-stays again
try elsewhere elsewhere
try left-out left_out
try finds-its-data finds_its_data
try unit-verified verified
try unit-exposure exposed_little piaudit $EXPOSURE
try unit-exposure-export exposed_little piaudit-export $EXPORT_EXPOSURE
try unit-exposure-export-kafka exposed_little piaudit-export-kafka $EXPORT_EXPOSURE
try unit-capabilities capable
try unit-hides-nothing hides_nothing_known
try directories directories
for page in man/*.scd; do
	page=$(basename "$page" .scd)
	try "manual-${page%.*}" renders "${page%.*}"
done
try manual-verbs tells_the_verbs
try manual-options tells_the_options
try manual-exit-codes tells_the_exit_codes
try manual-statement tells_the_keys
try manual-configuration tells_the_configuration
try manual-catalog tells_the_catalog
try manual-first-steps first_steps_work
try manual-service-example service_example_is_valid
try manual-catalog-example catalog_example_is_valid
try manual-export-options tells_the_export_options
try manual-export-keys tells_the_export_keys
try manual-export-examples export_examples_are_valid
try completion-verbs completes_every_verb
try completion-options completes_every_option
try completion-scenarios completes_scenarios
try completion-terminal completes_when_asked
while IFS='|' read -r line words; do
	# shellcheck disable=SC2086 # several words
	try "completion: $line" completes "$line" $words
done <<'END'
piaudit run --fail-on |undeclared out_of_scenario wrong_method over_retention none
piaudit run --fail-on undeclared,w|undeclared,wrong_method
piaudit run --fail-on=over|over_retention
piaudit run -f js|json
piaudit report --format h|html
piaudit policy |check show lint test
piaudit policy check READ|README.md
piaudit policy --fail lint READ|README.md
piaudit --catalog pol|policy
piaudit search --category mac_|mac_address
piaudit run -s any -- lsbl|lsblk
piaudit run -q lsblk --pai|--pairs
piaudit completion |bash
piaudit scenario |begin end list
piaudit scenario begin --app x av_|av_meeting
piaudit doctor |
END
try deb built
if [ -e "$work/newer/${packages[-1]}.deb" ]; then
	try deb-lintian lint_clean
	try deb-dependencies dependencies
	try deb-no-network no_network
	try deb-conffiles conffiles
	try deb-reproducible same_again
	if [ "$(id -u)" = 0 ]; then
		mkdir "$work/machine"
		unshare -m tests/package_deb.sh "$work/debs" "$work/newer" "$work/machine" || failed=1
	else
		echo 'skip package/deb-machine (not root)'
	fi
fi
exit $failed
