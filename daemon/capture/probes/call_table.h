/* SPDX-License-Identifier: Apache-2.0 */
/* call_table.h - the system calls that the gate handles, with their numbers on this processor. */
#ifndef PIAUDIT_CALL_TABLE_H
#define PIAUDIT_CALL_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <piaudit/calls.h>

enum call_abi {
	CALL_NATIVE,
	CALL_COMPAT, /* 32-bit: numbers and arguments of another processor */
	CALL_X32,    /* x86: numbers of its own, arguments as native */
};

struct call {
	const char *name; /* the kernel's */
	uint16_t number;  /* without the flag of x32 */
	uint8_t abi;      /* enum call_abi */
	uint8_t class;    /* enum pia_call_class */
	uint8_t shape;    /* enum pia_call_shape */
};

/* call_table_ARCH.c: one file for each processor. */
extern const struct call call_table[];
extern const size_t call_count;

#endif
