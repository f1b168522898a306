/* SPDX-License-Identifier: Apache-2.0 */
/* op_names.c - names of the classes of records, and of the reasons why an audit ends. */
#include "op_names.h"

const char *const class_word[PIA_OP_MAX] = {
	[PIA_OP_FORK] = "fork",       [PIA_OP_EXEC] = "exec",         [PIA_OP_EXIT] = "exit",
	[PIA_OP_OPEN] = "open",       [PIA_OP_LIST] = "list",         [PIA_OP_IOCTL] = "ioctl",
	[PIA_OP_NETLINK] = "netlink", [PIA_OP_CONNECT] = "connect",   [PIA_OP_CALL] = "call",
	[PIA_OP_MESSAGE] = "message", [PIA_OP_SCENARIO] = "scenario",
};

const char *const ending_word[ENDING_MAX] = {
	[ENDING_SIGNAL] = "signal",
	[ENDING_DURATION] = "duration",
	[ENDING_RELOAD] = "reload",
};
