/* SPDX-License-Identifier: Apache-2.0 */
/* test_call_table.c - the numbers of system calls are the kernel's, and each shape fits its class. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <seccomp.h>

#include <piaudit/auto.h>

#include "daemon/capture/probes/call_table.h"

#define X32_FLAG 0x40000000

#ifdef __x86_64__
static const uint32_t arch_of[] = {
	[CALL_NATIVE] = SCMP_ARCH_X86_64,
	[CALL_COMPAT] = SCMP_ARCH_X86,
	[CALL_X32] = SCMP_ARCH_X32,
};
#endif

/* libseccomp has tables of its own, made from the kernel's. */
static void a_number_is_that_of_its_name(void **state)
{
	(void)state;
	assert_true(call_count > 0);
	for (size_t i = 0; i < call_count; i++) {
		const struct call *c = &call_table[i];
		int number = c->number | (c->abi == CALL_X32 ? X32_FLAG : 0);
		AUTO_FREE char *name = seccomp_syscall_resolve_num_arch(arch_of[c->abi], number);

		if (!name || strcmp(name, c->name))
			fail_msg("%s %d: is %s", c->name, number, name ?: "no call");
		assert_true(c->number < PIA_CALLS);
	}
}

/* x32 shares the places of native calls. */
static void a_number_has_one_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < call_count; i++)
		for (size_t k = 0; k < i; k++)
			if (call_table[i].number == call_table[k].number &&
			    (call_table[i].abi == CALL_COMPAT) ==
				    (call_table[k].abi == CALL_COMPAT))
				fail_msg("%s: has the number of %s", call_table[i].name,
					 call_table[k].name);
}

#define SHAPE(s) (1u << PIA_SHAPE_##s)

/* The shapes that the handler of each class knows. */
static const uint32_t shapes_of[PIA_CLASS_MAX] = {
	[PIA_CLASS_OPEN] = SHAPE(NONE) | SHAPE(PATH) | SHAPE(PATH_AT),
	[PIA_CLASS_LIST] = SHAPE(NONE),
	[PIA_CLASS_IOCTL] = SHAPE(NONE),
	[PIA_CLASS_SEND] = SHAPE(BUFFER) | SHAPE(IOVECS) | SHAPE(MESSAGE) | SHAPE(MESSAGES) |
			   SHAPE(UNREAD) | SHAPE(SPLICE),
	[PIA_CLASS_RECEIVE] = SHAPE(MESSAGE) | SHAPE(MESSAGES) | SHAPE(DESCRIPTOR),
	[PIA_CLASS_CONNECT] = SHAPE(NONE),
	[PIA_CLASS_CALL] = SHAPE(UNAME) | SHAPE(SYSLOG) | SHAPE(SETSOCKOPT) | SHAPE(GETSOCKNAME) |
			   SHAPE(BIND),
	[PIA_CLASS_SOCKETCALL] = SHAPE(SOCKETCALL),
};

static void a_shape_fits_its_class(void **state)
{
	(void)state;
	for (size_t i = 0; i < call_count; i++)
		if (!(shapes_of[call_table[i].class] >> call_table[i].shape & 1))
			fail_msg("%s: class %d does not have shape %d", call_table[i].name,
				 call_table[i].class, call_table[i].shape);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_that_of_its_name),
		cmocka_unit_test(a_number_has_one_row),
		cmocka_unit_test(a_shape_fits_its_class),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
