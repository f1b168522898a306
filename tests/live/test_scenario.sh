# test_scenario.sh - programs that mark their scenarios: every access is judged in the scenario in which it was made.
chat="['instant_messaging']" meet="['av_meeting']" both="['instant_messaging', 'av_meeting']"
first='/etc/machine-id' other='/usr/lib/os-release'

# client HOW COUNT [OPTION...]: runs the client; no record is lost, and all marks are attached.
client() {
	audit any "${@:3}" -- "$programs/scenario" "$1" "$2"
	no_exact_count
	expect "summary['lost'] == 0; summary['probes_missing'] == []"
}

# sums OBJECT SCENARIOS COUNT...: OBJECT was read COUNT times in SCENARIOS, and never elsewhere.
sums() {
	local all=0 conditions=
	local object=$1
	shift
	while [ $# -gt 0 ]; do
		conditions+="total(object='$object', scenario=$1) == $2; "
		all=$((all + $2))
		shift 2
	done
	expect "${conditions}total(object='$object') == $all"
}

test_scenario_by_turns() {
	client by-turns 1000
	sums "$first" "$chat" 1000
	sums "$other" "$meet" 1000
	sums RTM_GETLINK "$meet" 1000
	expect "exit == 0; summary['counts']['scenario']['made'] == 4000; summary['scenario'] == $both; \
		all(c['scenario'] in ($chat, $meet) for c in summary['table'] if c['category'] == 'machine_id')"
}

test_scenario_threads_in_turn() {
	client threads-in-turn 1000
	sums "$first" "$chat" 1000
	sums "$other" "$meet" 1000
}

# Threads in parallel: scenarios belong to the process, so each read is in its own scenario, or in both.
test_scenario_threads() {
	client threads 1000
	expect "total(object='$first', scenario=$chat) + total(object='$first', scenario=$both) == 1000; \
		total(object='$other', scenario=$meet) + total(object='$other', scenario=$both) == 1000; \
		total(object='$first') == 1000; total(object='$other') == 1000; exit == 0"
}

test_scenario_switch() {
	client switch 500
	sums "$first" "$chat" 500
	sums "$other" "$meet" 500
}

# A scenario that begins twice must end twice; an additional end has no effect.
test_scenario_nested() {
	client nested 1
	sums "$first" "$both" 1 "$chat" 2 '[]' 3
}

test_scenario_fork() {
	client fork 1
	sums "$first" "$chat" 1
	sums "$other" '[]' 2
}

test_scenario_exec() {
	client exec 1
	sums "$first" "$chat" 1 '[]' 1
}

# Marks have precedence over --scenario while any scenario is marked.
test_scenario_given() {
	client nested 1 --scenario account_login
	sums "$first" "$both" 1 "$chat" 2 "['account_login']" 3
}

test_scenario_unknown() {
	client unknown 3 --scenario product_operations
	sums "$first" '[]' 3
	expect "exit == 11; none(object='$first', verdict='declared'); \
		the(object='$first')['verdict'] == 'inconclusive'; has(object='$other', verdict='declared'); \
		[s['state'] for s in statuses].count('scenario') == 1; \
		any('no_such_thing' in s['text'] for s in statuses)"
}

# Joined after it began a scenario: that scenario is not known, and no verdict claims to know it.
test_scenario_joined() {
	local target
	outside "$programs/scenario" wait 0
	target=$outside
	background "$PIAUDIT" --pid "$target" -f json -o "$tmp/out.json"
	wait_for "joined" grep -q '"state": *"joined"' "$tmp/out.json"
	echo m >&9
	wait_for "answer" grep -q '^done' "$tmp/outside"
	echo s >&9
	wait_for "answers" two_answers
	kill -INT "$background"
	ended "$background"
	expect "total(object='$first', scenario=$meet) == 1; total(object='$other', scenario=$meet) == 2; \
		has(object='$other', verdict='declared'); exit == 0"
}
two_answers() { [ "$(grep -c '^done' "$tmp/outside")" = 2 ]; }

# Lost marks: reads meanwhile are inconclusive. They are judged again after a mark that leaves only its own scenario
# active.
test_scenario_lost() {
	limit=300 audit any --ring 4096 -- "$programs/scenario" flood 3000
	expect "exit == 11; summary['counts']['scenario']['lost'] > 0; \
		has(object='$first', verdict='inconclusive', reason='~the scenario of the program is not known'); \
		total(object='$other', scenario=$meet, verdict='declared') == 1; total(object='$other') == 1; \
		all(a['scenario'] in ($both, []) for a in accesses if a['object'] == '$first' and a['verdict'] == 'declared')"
}

test_scenario_recorded() {
	code=0
	"$PIAUDIT" record -o "$tmp/rec" -- "$programs/scenario" by-turns 100 2>"$tmp/stderr" || code=$?
	[ "$code" = 0 ] || fail "record: exit $code: $(tail -n 1 "$tmp/stderr")"
	"$PIAUDIT" replay -f json -o "$tmp/out.json" "$tmp/rec" 2>"$tmp/stderr" || code=$?
	sums "$first" "$chat" 100
	sums "$other" "$meet" 100
}

# compiled SOURCE OUT FLAG...: uses the installed compiler of C or C++.
compiled() {
	local source=$1 out=$2 with=cc
	shift 2
	[ -e "$root/include/piaudit/scenario.h" ] || skip 'the header is not here'
	[[ $source == *.cc ]] && with=c++
	need "$with"
	"$with" -Wall -Wextra -Werror -O2 -I"$root/include" "$source" -o "$out" "$@" 2>"$tmp/stderr" ||
		fail "$with: $(head -n 1 "$tmp/stderr")"
}

# The guard class for C++, in every standard that it supports.
test_scenario_cpp() {
	local standard
	cat >"$tmp/guard.cc" <<-'END'
		#include <fstream>
		#include <string>
		#include <piaudit/scenario.h>
		template <class T> void look(T path) { std::string s; std::ifstream(path) >> s; }
		inline void chat()
		{
			piaudit::scenario now(std::string("instant_messaging").c_str() ? "instant_messaging" : "");
			look("/etc/machine-id");
		}
		int main()
		{
			chat();
			PIAUDIT_SCENARIO_BEGIN("av_meeting");
			look("/etc/os-release");
			PIAUDIT_SCENARIO_END("av_meeting");
			look("/etc/machine-id");
		}
	END
	for standard in c++11 c++17 c++20; do
		compiled "$tmp/guard.cc" "$tmp/guard" "-std=$standard" -pedantic -Wshadow
	done
	audit any -- "$tmp/guard"
	sums "$first" "$chat" 1 '[]' 1
	sums "$other" "$meet" 1
}

# The example of piaudit-scenario.h(3).
test_scenario_manual() {
	local page=$root/man/piaudit-scenario.h.3.scd
	[ -e "$page" ] || skip 'the manual is not here'
	sed -n '/^```$/,/^```$/{/^```/d;p}' "$page" >"$tmp/example.c"
	[ -s "$tmp/example.c" ] || fail "the manual has no example"
	compiled "$tmp/example.c" "$tmp/example" -std=c99 -pedantic
	audit any -- "$tmp/example"
	sums "$first" "$meet" 1 '[]' 1
}

# Marks in a library that is loaded at run time; stripped, as libraries are.
test_scenario_library() {
	cat >"$tmp/meet.c" <<-'END'
		#include <piaudit/scenario.h>
		void begin(void);
		void begin(void) { PIAUDIT_SCENARIO_BEGIN("av_meeting"); }
	END
	cat >"$tmp/host.c" <<-'END'
		#include <dlfcn.h>
		#include <fcntl.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW) : 0;
			void (*begin)(void);
			if (!library)
				return 3;
			*(void **)&begin = dlsym(library, "begin");
			sleep(2);
			begin();
			return open("/etc/machine-id", O_RDONLY) < 0;
		}
	END
	compiled "$tmp/meet.c" "$tmp/libmeet.so.1" -shared -fPIC -s
	compiled "$tmp/host.c" "$tmp/host" -ldl
	audit any -- "$tmp/host" "$tmp/libmeet.so.1"
	sums "$first" "$meet" 1
}

# A program without marks: nothing is attached, and nothing changes.
test_scenario_none() {
	audit any -- cat /etc/machine-id
	expect "exit == 0; summary['counts']['scenario']['made'] == 0; summary['probes_missing'] == []; \
		not any('marks' in s for s in summary['not_seen']); the(object='$first')['scenario'] == []; \
		summary['scenario'] == []"
}

# A program that piaudit meets at its exec can mark before its marks are attached. Its reads are not compared with the
# scenario for programs without marks.
test_scenario_met_late() {
	cp "$programs/scenario" "$tmp/late"
	audit email_client -- sh -c "$tmp/late by-turns 500; :"
	expect "total(object='$first') == 500; total(object='$first', scenario=['email_client']) == 0; \
		total(object='$first', scenario=$meet) == 0"
}
