/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.h - a program says in which scenario of its privacy statement it is. Needs nothing else; C99, C++11. */
#ifndef PIAUDIT_SCENARIO_H
#define PIAUDIT_SCENARIO_H

/*
 *	PIAUDIT_SCENARIO_BEGIN("av_meeting");
 *	... what the program reads here is held against what the statement declares for av_meeting ...
 *	PIAUDIT_SCENARIO_END("av_meeting");
 *
 * A mark is a no-op instruction, and a note in the file that says where it is (a USDT probe of the provider
 * "piaudit"): nothing is called, linked or sent. While an auditor watches, it costs some microseconds.
 *
 * id       A literal of at most 63 bytes: the id of a scenario in the statement. One that the statement does not have
 *          is told by the auditor, and what depends on the scenario meanwhile is inconclusive: all but undeclared.
 * nesting  Scenarios add up, and count: begun twice, ended twice. An end without a begin does nothing. SWITCH ends all
 *          that the process is in and begins one: for a program that is in one at a time, and the safest, as it also
 *          puts right what an auditor that came late, or lost records, does not know.
 * threads  A scenario is of the whole process, whichever thread begins and ends it: work of a scenario wanders between
 *          threads. With two active, what either declares is declared.
 * children A child begins in the scenarios that its parent is in at the fork, and goes its own way from there: a helper
 *          that outlives a scenario marks for itself. exec ends what the process began itself, and keeps what it was
 *          born in; the end of the process ends all.
 * order    A mark and a read of the same thread keep their order, on every CPU.
 *
 * In C++, piaudit::scenario is in a scenario while it lives. Ids that are not literals: the functions below, which copy
 * the text to where the kernel can read it whatever becomes of it; they cost some ten nanoseconds.
 * x86 and 64-bit ARM; elsewhere marks are empty.
 */
#define PIAUDIT_SCENARIO_MAX 64 /* bytes of an id, its NUL included */

#define PIAUDIT_SCENARIO_BEGIN(id)  PIAUDIT_MARK_LITERAL_("begin", id)
#define PIAUDIT_SCENARIO_END(id)    PIAUDIT_MARK_LITERAL_("end", id)
#define PIAUDIT_SCENARIO_SWITCH(id) PIAUDIT_MARK_LITERAL_("switch", id)

#if defined(__x86_64__) && defined(__LP64__)
#define PIAUDIT_REGISTER_ "rdi"
#define PIAUDIT_ARGUMENT_ "8@%%rdi"
#define PIAUDIT_WORD_     ".8byte "
#elif defined(__i386__)
#define PIAUDIT_REGISTER_ "edi"
#define PIAUDIT_ARGUMENT_ "4@%%edi"
#define PIAUDIT_WORD_     ".4byte "
#elif defined(__aarch64__) && defined(__LP64__)
#define PIAUDIT_REGISTER_ "x0"
#define PIAUDIT_ARGUMENT_ "8@x0"
#define PIAUDIT_WORD_     ".8byte "
#endif

/* The note, version 3, as tools for USDT read it: where, the link's base, no semaphore; provider, name, argument. */
#ifdef PIAUDIT_REGISTER_
#define PIAUDIT_MARK_(name, id)                                                                 \
	register const char *piaudit_here_ __asm__(PIAUDIT_REGISTER_) = (id);                   \
	__asm__ __volatile__("990: nop\n.pushsection .note.stapsdt,\"?\",\"note\"\n.balign 4\n" \
			     ".4byte 992f-991f, 994f-993f, 3\n991: .asciz \"stapsdt\"\n"        \
			     "992: .balign 4\n993: " PIAUDIT_WORD_ "990b, _.stapsdt.base, 0\n"  \
			     ".asciz \"piaudit\"\n.asciz \"scenario_" name "\"\n"               \
			     ".asciz \"" PIAUDIT_ARGUMENT_ "\"\n994: .balign 4\n.popsection\n"  \
			     ".ifndef _.stapsdt.base\n.pushsection .stapsdt.base,\"aG\","       \
			     "\"progbits\",.stapsdt.base,comdat\n.weak _.stapsdt.base\n"        \
			     ".hidden _.stapsdt.base\n_.stapsdt.base: .space 1\n"               \
			     ".size _.stapsdt.base, 1\n.popsection\n.endif\n"                   \
			     :                                                                  \
			     : "r"(piaudit_here_)                                               \
			     : "memory")
#else
#define PIAUDIT_MARK_(name, id) ((void)(id))
#endif

/* Within one line of the cache, so within a page, which is read here: the kernel cannot wait for one to come. */
#define PIAUDIT_MARK_LITERAL_(name, id)                                             \
	do {                                                                        \
		static const char piaudit_id_[PIAUDIT_SCENARIO_MAX]                 \
			__attribute__((aligned(64))) = "" id;                       \
		(void)sizeof(char[sizeof("" id) <= PIAUDIT_SCENARIO_MAX ? 1 : -1]); \
		(void)*(const volatile char *)piaudit_id_;                          \
		PIAUDIT_MARK_(name, piaudit_id_);                                   \
	} while (0)

#define PIAUDIT_MARK_TEXT_(what)                                              \
	static inline void piaudit_scenario_##what(const char *id)            \
	{                                                                     \
		char copy[PIAUDIT_SCENARIO_MAX] __attribute__((aligned(64))); \
		unsigned int n = 0;                                           \
		for (; id[n] && n < PIAUDIT_SCENARIO_MAX - 1; n++)            \
			*(volatile char *)&copy[n] = id[n];                   \
		*(volatile char *)&copy[n] = 0;                               \
		PIAUDIT_MARK_(#what, copy);                                   \
	}                                                                     \
	struct piaudit_scenario_##what##_
PIAUDIT_MARK_TEXT_(begin);
PIAUDIT_MARK_TEXT_(end);
PIAUDIT_MARK_TEXT_(switch);

#ifdef __cplusplus
namespace piaudit
{
/* @id must live as long; a literal does. */
struct scenario {
	explicit scenario(const char *id) : id_(id)
	{
		piaudit_scenario_begin(id_);
	}
	~scenario()
	{
		piaudit_scenario_end(id_);
	}
	scenario(const scenario &) = delete;
	scenario &operator=(const scenario &) = delete;

      private:
	const char *const id_;
};
} // namespace piaudit
#endif

#endif
