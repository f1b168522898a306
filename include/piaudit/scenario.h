/* SPDX-License-Identifier: Apache-2.0 */
/* scenario.h - marks: a program reports in which scenario of its privacy statement it is. Needs
 * no other file; C99, C++11. */
#ifndef PIAUDIT_SCENARIO_H
#define PIAUDIT_SCENARIO_H

/*
 *	PIAUDIT_SCENARIO_BEGIN("av_meeting");
 *	... reads of the program here are compared with the declarations for av_meeting ...
 *	PIAUDIT_SCENARIO_END("av_meeting");
 *
 * A mark is a USDT probe of the provider "piaudit": a no-op instruction, and a note in the
 * program's file with its address. A mark calls, links and sends nothing. While an auditor watches,
 * a mark costs some microseconds.
 *
 * id       A literal of at most 63 bytes: the id of a scenario in the statement. The auditor
 *          reports an id that the statement does not have. While such a scenario is active,
 *          verdicts that depend on the scenario are inconclusive: all but undeclared.
 * nesting  Scenarios add up and are counted: a scenario that is begun twice must be ended twice.
 *          An end without a begin does nothing. SWITCH ends all scenarios of the process and
 *          begins one. Use it in a program that is in one scenario at a time. It is the safest
 *          mark: it also corrects the state of an auditor that joined late or lost records.
 * threads  A scenario belongs to the whole process. Any thread may begin or end it, because the
 *          work of a scenario moves between threads. While two scenarios are active, a read is
 *          declared if one of them declares it.
 * children A child begins in the scenarios that its parent is in at the fork. From then on the
 *          two are independent: a helper that outlives a scenario must set its own marks. exec
 *          ends the scenarios that the process began itself, and keeps those that it was born
 *          in. The end of the process ends all of them.
 * order    A mark and a read of the same thread keep their order, on every CPU.
 *
 * In C++, an object piaudit::scenario is in its scenario while it lives. For ids that are not
 * literals, use the functions below: piaudit_scenario_begin(), _end() and _switch(). They copy the
 * text to a place where the kernel can always read it. The copy costs some ten nanoseconds.
 * Marks work on x86 and 64-bit ARM. On other machines they are empty.
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

/* The note, version 3, in the format of USDT tools: address of the mark, base of the link, no
 * semaphore; then provider, name and argument. */
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

/* The id is aligned to a cache line, so it lies within one page. The read here brings the page into
 * memory, because the kernel cannot wait for it in the uprobe. */
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
/* @id must live as long as the object; a literal does. */
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
