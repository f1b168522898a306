/* SPDX-License-Identifier: Apache-2.0 */
/* probes_table.c - the attach table. A kernel difference is a row here, not an if. */
#include "probes_table.h"

#include <string.h>

#include <piaudit/auto.h>
#include <piaudit/calls.h>
#include <piaudit/seen.h>

#include "policy/catalog.h"

#define REQUIRED true
#define OPTIONAL false
#define SAME     true
#define LESS     false /* also for every first alternate */
#define KIND(k)  (1u << SOURCE_##k)
#define SERVERS  (KIND(X11) | KIND(WAYLAND) | KIND(DBUS) | KIND(PULSEAUDIO) | KIND(PIPEWIRE))
#define FILES    (KIND(FILE) | KIND(DIRECTORY) | KIND(PROCESS) | KIND(DEVICE))

/* Classes of calls that the gate at the exit of system calls lets in. */
#define NONE       PIA_CLASS_NONE
#define OPEN       PIA_CLASS_OPEN
#define LIST       PIA_CLASS_LIST
#define IOCTL      PIA_CLASS_IOCTL
#define SEND       PIA_CLASS_SEND
#define RECEIVE    PIA_CLASS_RECEIVE
#define CONNECT    PIA_CLASS_CONNECT
#define CALL       PIA_CLASS_CALL
#define SOCKETCALL PIA_CLASS_SOCKETCALL

/*
 * If the kernel allows trampolines (fentry, fexit), functions are watched, and other system calls
 * cost nothing. Functions also show operations that have no system call of their own. They see the
 * kernel's copy of data that the program can still change. On other kernels the gate at the exit of
 * every system call is used. Each line is one alternate.
 */
/* clang-format off */
const struct probe_row probe_rows[] = {
	{ "process-fork", "children of audited processes", REQUIRED, 0, NULL,
	  { { { "on_fork" }, 0, NONE, LESS } } },
	{ "process-exec", "programs that audited processes execute", REQUIRED, 0, NULL,
	  { { { "on_exec" }, 0, NONE, LESS } } },
	{ "process-exit", "exits of audited processes", REQUIRED, 0, NULL,
	  { { { "on_exit" }, 0, NONE, LESS } } },
	{ "process-cgroup", "running processes that are moved into a unit", OPTIONAL, PROBE_EXEC_FILTER, NULL,
	  { { { "on_cgroup" }, 0, NONE, LESS } } },
	{ "process-free", "pids that are released", REQUIRED, 0, NULL,
	  { { { "on_free" }, 0, NONE, LESS } } },
	{ "seed-processes", "processes that were running when the audit began", REQUIRED, 0, NULL,
	  { { { "seed_tasks" }, 0, NONE, LESS } } },
	{ "seed-files", "files that were open when the audit began", REQUIRED, 0, NULL,
	  { { { "seed_files" }, 0, NONE, LESS } } },
	{ "file-open", "opened files and devices", REQUIRED, FILES, "open",
	  { { { "hook_open", "hook_open_failed" }, 0, NONE, LESS },
	    { { "hook_open", "hook_file_open_failed" }, 0, NONE, SAME },
	    { { "on_sys_exit" }, 0, OPEN, LESS } } },
	{ "file-list", "listed directories", REQUIRED, FILES, "list",
	  { { { "hook_list", "hook_list_old", "hook_list_compat", "hook_list_compat_old",
		"hook_list_compat_one" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, LIST, LESS } } },
	{ "file-receive", "file descriptors received over sockets", REQUIRED, FILES, "receive",
	  { { { "hook_receive" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, RECEIVE, LESS } } },
	{ "file-uring", "files opened and read through io_uring", OPTIONAL, FILES, NULL,
	  { { { "hook_open" }, 0, NONE, LESS },
	    { { "uring_complete_cqe" }, 4, NONE, LESS },
	    { { "uring_complete_res" }, 8, NONE, SAME } } },
	{ "request-uring", "connections, requests and device commands through io_uring", OPTIONAL,
	  KIND(CONNECT) | KIND(IOCTL) | KIND(NETLINK) | SERVERS, NULL,
	  { { { "hook_connect", "hook_uring_command", "hook_netlink", "hook_stream" }, 0, NONE, LESS },
	    { { "uring_complete_cqe" }, 4, NONE, LESS },
	    { { "uring_complete_res" }, 8, NONE, SAME } } },
	{ "file-uring-skip", "files opened by io_uring requests that ask for no completion event", OPTIONAL, FILES, NULL,
	  { { { "hook_open" }, 0, NONE, LESS },
	    { { "uring_submit_req" }, 0, NONE, LESS },
	    { { "uring_submit_sqe" }, 0, NONE, SAME } } },
	{ "ioctl", "ioctl requests to devices and sockets", REQUIRED, KIND(IOCTL), "ioctl",
	  { { { "hook_ioctl", "hook_ioctl_compat" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, IOCTL, LESS } } },
	{ "netlink", "netlink requests", REQUIRED, KIND(NETLINK), "netlink",
	  { { { "hook_netlink" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, SEND, LESS } } },
	{ "connect", "connections to local services", REQUIRED, KIND(CONNECT), "connect",
	  { { { "hook_connect" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, CONNECT, LESS } } },
	{ "messages", "requests to servers over unix sockets", REQUIRED, SERVERS, "message",
	  { { { "hook_stream", "hook_stream_page" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, SEND, LESS } } },
	{ "calls", "system calls that read data without opening a file, such as uname", REQUIRED, KIND(CALL), "call",
	  { { { "hook_uname", "hook_uname_compat", "hook_syslog", "hook_getsockname", "hook_bind",
		"hook_setsockopt", "hook_setsockopt_compat" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, CALL, LESS } } },
	{ "socketcall", "socketcall, the 32-bit system call for all socket operations", REQUIRED,
	  KIND(NETLINK) | KIND(CONNECT) | KIND(CALL) | FILES | SERVERS, NULL,
	  { { { "hook_netlink", "hook_connect", "hook_receive", "hook_stream", "hook_getsockname",
		"hook_bind" }, 0, NONE, LESS },
	    { { "on_sys_exit" }, 0, SOCKETCALL, LESS } } },
	{ PROBE_MARKS, "scenario marks in programs", OPTIONAL, 0, NULL,
	  { { { "on_mark_multi" }, 0, NONE, LESS },
	    { { "on_mark" }, 0, NONE, LESS } } },
};
/* clang-format on */

const unsigned int probe_row_count = ARRAY_SIZE(probe_rows);

const struct probe_function probe_functions[] = {
	{ "hook_open", PIA_SEEN_OPEN },
	{ "hook_open_failed", PIA_SEEN_OPEN_FAILED },
	{ "hook_file_open_failed", PIA_SEEN_OPEN_FAILED },
	{ "hook_list", PIA_SEEN_LIST },
	{ "hook_list_old", PIA_SEEN_LIST },
	{ "hook_list_compat", PIA_SEEN_LIST },
	{ "hook_list_compat_old", PIA_SEEN_LIST },
	{ "hook_list_compat_one", PIA_SEEN_LIST },
	{ "hook_receive", PIA_SEEN_RECEIVE },
	{ "hook_ioctl", PIA_SEEN_IOCTL },
	{ "hook_ioctl_compat", PIA_SEEN_IOCTL },
	{ "hook_uring_command", PIA_SEEN_URING_COMMAND },
	{ "hook_netlink", PIA_SEEN_NETLINK },
	{ "hook_connect", PIA_SEEN_CONNECT },
	{ "hook_stream", PIA_SEEN_MESSAGE },
	{ "hook_stream_page", PIA_SEEN_MESSAGE },
	{ "hook_uname", PIA_SEEN_CALL },
	{ "hook_uname_compat", PIA_SEEN_CALL },
	{ "hook_syslog", PIA_SEEN_CALL },
	{ "hook_getsockname", PIA_SEEN_ADDRESS },
	{ "hook_bind", PIA_SEEN_ADDRESS },
	{ "hook_setsockopt", PIA_SEEN_CALL },
	{ "hook_setsockopt_compat", PIA_SEEN_CALL },
};

const unsigned int probe_function_count = ARRAY_SIZE(probe_functions);

static uint32_t function_seen(const char *program)
{
	for (unsigned int i = 0; i < probe_function_count; i++)
		if (strcmp(probe_functions[i].program, program) == 0)
			return probe_functions[i].seen;
	return 0;
}

uint32_t probe_seen(const int taken[])
{
	uint32_t seen = 0;

	for (unsigned int i = 0; i < probe_row_count; i++)
		for (int k = 0; taken[i] >= 0 && k < PROGRAMS_MAX &&
				probe_rows[i].alternates[taken[i]].programs[k];
		     k++)
			seen |= function_seen(probe_rows[i].alternates[taken[i]].programs[k]);
	return seen;
}
