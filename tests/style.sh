#!/bin/bash
# style.sh - the rules of style that a program can check: a line per offence, "file:line: reason". `make style`.
set -u
cd "$(dirname "$0")/.." || exit 2

FUNCTION_MAX=60 # lines: one page
MAIN_MAX=80     # lines: main is a list of steps
FILE_MAX=600
HEADER_MAX=200
PARAMETER_MAX=5
SHOWN=5         # maximum of file names printed when clang-format would change files

mapfile -t all < <(git ls-files -co --exclude-standard 2>/dev/null | sort -u || true)
if [ ${#all[@]} = 0 ]; then
	mapfile -t all < <(find . -name build -prune -o -type f -printf '%P\n' | sort)
fi
count=0

say() {
	echo "$1"
	count=$((count + 1))
}

# files REGEX [EXCEPT]: the files whose name matches REGEX and not EXCEPT.
files() {
	local file
	for file in "${all[@]}"; do
		[[ $file =~ $1 && -f $file ]] || continue
		[ $# = 2 ] && [[ $file =~ $2 ]] && continue
		echo "$file"
	done
}

# never PATTERN REASON REGEX [EXCEPT]: PATTERN must not occur in these files.
never() {
	local hit list
	mapfile -t list < <(files "${@:3}")
	[ ${#list[@]} = 0 ] && return
	while IFS= read -r hit; do
		say "$(cut -d: -f1,2 <<<"$hit"): $2"
	done < <(grep -HnIP "$1" "${list[@]}")
}

code='\.[ch]$'
never '\b(strcpy|strcat|sprintf|vsprintf|gets)\s*\(' 'writes without knowing the room: snprintf, memcpy' "$code"
never '\b(atoi|atol|atof)\s*\(' 'cannot tell 0 from nonsense: strtoul' "$code"
never '(?<![a-z_])(printf|puts|putchar)\s*\(' 'stdout is for results: log.h for diagnostics' '^(daemon|policy)/.*\.c$' \
	'^daemon/(cli/(main|cmd_[a-z_]*)|config/options)\.c$|^daemon/(sink|report|util)/'
never '"/proc/%' 'a pid alone can be reused: ask by question.h' '^daemon/.*\.[ch]$' '^daemon/host/question\.c$'
never '#include <uthash\.h>|\bHASH_(ADD|REPLACE)' 'ends the program without memory: HASH_ENTER of piaudit/hash.h' \
	'^(daemon|policy)/.*\.[ch]$'
never '^\s*HASH_ENTER' 'without memory the entry is in no table: the result must be checked' '^(daemon|policy)/.*\.[ch]$'
never '#include <bpf/' 'libbpf is known to daemon/capture/probes/ alone' '^(daemon|policy|include)/.*\.[ch]$' '^daemon/capture/probes/'
never '#include ["<](\.\./)*(daemon|bpf)/' 'policy/ is pure: it includes nothing of the daemon' '^policy/.*\.[ch]$'
never '#include ["<](\.\./)*(daemon|policy|bpf)/' 'include/ is the bottom of the house' '^include/.*\.h$'
# piaudit-export has a thread for each destination, and these rooms are linked into it.
never '^(\t+|)static (?![^=;]*\bconst\b[^;=]*[;=])[^(]*?( =|;|\[)' 'threads would share it: a member of a struct' \
	'^daemon/(util|event|encode|export)/.*\.[ch]$'
never '\bbpf_printk\b|\bbpf_trace_printk\b' 'the trace pipe is not ours: emit.bpf.h' '^bpf/'
never '\brecord_(check|fault)\(' 'a record is checked once, where it comes in: engine.c, record_parse()' '^daemon/.*\.c$' \
	'^daemon/(record/|capture/engine\.c$)'
never '^\s*AUTO(_FREE|_FILE|_FD|\(\w+\))$' 'an owning declaration stays on its line' "$code"
never '[ \t]+$' 'blanks at the end of the line' '\.([ch]|sh|py|yaml|md|service)$|(^|/)Makefile$' '^tests/.*/data/|^tests/golden/'
# .ci/run alone knows where a machine has the published schemas.
never '/wor[k]/|(?<![\w-])share[d]/' 'names a place of one machine' '.' '^tests/.*/data/|^\.ci/run$'

# Rooms: no include points up, every file has a room, no two files share a name. The self-test shows that the check
# finds planted faults.
if command -v python3 >/dev/null; then
	while IFS= read -r offence; do
		say "$offence"
	done < <(python3 tests/style_rooms.py --self-test 2>&1; python3 tests/style_rooms.py 2>&1
		python3 tests/style_prose.py --self-test 2>&1; python3 tests/style_prose.py 2>&1)
else
	echo "style: no python3: rooms and prose were not checked" >&2
fi

# Every file opens with its licence, then with its name and purpose.
while IFS= read -r file; do
	mapfile -t top < <(head -n 3 "$file")
	licence='Apache-2.0'
	[[ $file =~ ^bpf/|^include/piaudit/(calls|event|exec_keys|family|maps|seen)\.h$ ]] && licence='GPL-2.0-only OR Apache-2.0'
	[[ ${top[0]:-} =~ ^(/\*|//)" SPDX-License-Identifier: $licence"(" */")?$ ]] ||
		say "$file:1: does not open with its licence, $licence"
	[[ ${top[1]:-} == "/* ${file##*/} - "* || ${top[1]:-}${top[2]:-} == "/* * ${file##*/} - "* ]] ||
		say "$file:2: does not say what it is: /* ${file##*/} - ... */"
done < <(files "$code")
while IFS= read -r file; do
	head -n 2 "$file" | grep -qF "# ${file##*/} - " || say "$file:1: does not say what it is: # ${file##*/} - ..."
done < <(files '\.sh$')

# Budgets: code that is longer than a page should be divided.
while IFS= read -r file; do
	max=$FILE_MAX
	# A *.bpf.h contains code that a family shares, so the limit of headers does not apply.
	[[ $file == *.h && $file != *.bpf.h ]] && max=$HEADER_MAX
	lines=$(wc -l <"$file")
	[ "$lines" -le "$max" ] || say "$file:$lines: longer than $max lines"
done < <(files "$code")
if command -v ctags >/dev/null && ctags --version | grep -q Universal; then
	while IFS= read -r offence; do
		say "$offence"
	done < <(files '\.c$' | ctags -L - -o - --languages=C --kinds-C=f --fields=neS 2>/dev/null |
		awk -F '\t' -v max=$FUNCTION_MAX -v main_max=$MAIN_MAX -v most=$PARAMETER_MAX '{
			line = end = parameters = 0
			for (i = 4; i <= NF; i++) {
				if ($i ~ /^line:/) line = substr($i, 6)
				if ($i ~ /^end:/) end = substr($i, 5)
				if ($i ~ /^signature:/) parameters = gsub(/,/, ",", $i) + 1
			}
			limit = $1 == "main" ? main_max : max
			if (end && end - line + 1 > limit)
				printf "%s:%d: %s: longer than %d lines\n", $2, line, $1, limit
			# The kernel defines the parameters of a BPF_PROG.
			if (parameters > most && $1 != "BPF_PROG")
				printf "%s:%d: %s: more than %d parameters\n", $2, line, $1, most
		}')
else
	echo "style: no universal-ctags: the length of functions was not looked at" >&2
fi

if command -v clang-format >/dev/null; then
	changed=()
	while IFS= read -r file; do
		clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || changed+=("$file")
	done < <(files "$code")
	for file in "${changed[@]:0:$SHOWN}"; do
		say "$file: clang-format would change it"
	done
	more=$((${#changed[@]} - SHOWN))
	[ $more -gt 0 ] && say "and $more more files that clang-format would change: clang-format -i"
else
	echo "style: no clang-format: the layout was not looked at" >&2
fi

[ $count = 0 ] || { echo "style: $count offences"; exit 1; }
