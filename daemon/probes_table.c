/* SPDX-License-Identifier: Apache-2.0 */
/* probes_table.c - the attach table. A kernel difference is a row here, not an if. */
#include "probes_table.h"

#include <piaudit/auto.h>

#include "policy/catalog.h"

#define REQUIRED true
#define OPTIONAL false
#define KIND(k)  (1u << SOURCE_##k)
#define SERVERS  (KIND(X11) | KIND(WAYLAND) | KIND(DBUS) | KIND(PULSEAUDIO) | KIND(PIPEWIRE))
#define FILES    (KIND(FILE) | KIND(DIRECTORY) | KIND(PROCESS) | KIND(DEVICE))

/* Classes of calls that the gate at the exit of system calls lets in, as enum call_class of bpf/syscall.bpf.h. */
enum { NONE, OPEN, LIST, IOCTL, SEND, RECEIVE, CONNECT, CALL, SOCKETCALL };

/*
 * Where the kernel allows trampolines (fentry, fexit), functions are watched and no other system call pays; they
 * also see what makes no system call of its own, and the kernel's copy of what the program can still change. Where
 * not, the gate at the exit of every system call does it. A way is a line.
 */
/* clang-format off */
const struct probe_row probe_rows[] = {
	{ "process-fork", "children of audited processes", REQUIRED, 0, NULL,
	  { { { "on_fork" }, 0, NONE } } },
	{ "process-exec", "programs that audited processes become", REQUIRED, 0, NULL,
	  { { { "on_exec" }, 0, NONE } } },
	{ "process-exit", "the end of audited processes", REQUIRED, 0, NULL,
	  { { { "on_exit" }, 0, NONE } } },
	{ "process-cgroup", "running processes that are moved into a unit", OPTIONAL, PROBE_TAKES_IN, NULL,
	  { { { "on_cgroup" }, 0, NONE } } },
	{ "process-free", "pids that are free again", REQUIRED, 0, NULL,
	  { { { "on_free" }, 0, NONE } } },
	{ "seed-processes", "processes that run already", REQUIRED, 0, NULL,
	  { { { "seed_tasks" }, 0, NONE } } },
	{ "seed-files", "files that are open already", REQUIRED, 0, NULL,
	  { { { "seed_files" }, 0, NONE } } },
	{ "file-open", "files and devices opened", REQUIRED, FILES, "open",
	  { { { "hook_open", "hook_open_failed" }, 0, NONE },
	    { { "on_sys_exit" }, 0, OPEN } } },
	{ "file-list", "directories listed", REQUIRED, FILES, "list",
	  { { { "hook_list", "hook_list_old", "hook_list_compat", "hook_list_compat_old",
		"hook_list_compat_one" }, 0, NONE },
	    { { "on_sys_exit" }, 0, LIST } } },
	{ "file-receive", "descriptors received over sockets", REQUIRED, FILES, "receive",
	  { { { "hook_receive" }, 0, NONE },
	    { { "on_sys_exit" }, 0, RECEIVE } } },
	{ "file-uring", "files opened and read through io_uring", OPTIONAL, FILES, NULL,
	  { { { "hook_open" }, 0, NONE },
	    { { "uring_complete_cqe" }, 4, NONE },
	    { { "uring_complete_res" }, 8, NONE } } },
	{ "request-uring", "connections and device commands through io_uring", OPTIONAL,
	  KIND(CONNECT) | KIND(IOCTL), NULL,
	  { { { "hook_connect", "hook_uring_command" }, 0, NONE },
	    { { "uring_complete_cqe" }, 4, NONE },
	    { { "uring_complete_res" }, 8, NONE } } },
	{ "file-uring-skip", "io_uring requests that ask not to be told of", OPTIONAL, FILES, NULL,
	  { { { "hook_open" }, 0, NONE },
	    { { "uring_submit_req" }, 0, NONE },
	    { { "uring_submit_sqe" }, 0, NONE } } },
	{ "ioctl", "requests to devices and sockets", REQUIRED, KIND(IOCTL), "ioctl",
	  { { { "hook_ioctl", "hook_ioctl_compat" }, 0, NONE },
	    { { "on_sys_exit" }, 0, IOCTL } } },
	{ "netlink", "netlink requests sent", REQUIRED, KIND(NETLINK), "netlink",
	  { { { "hook_netlink" }, 0, NONE },
	    { { "on_sys_exit" }, 0, SEND } } },
	{ "connect", "connections to local services", REQUIRED, KIND(CONNECT), "connect",
	  { { { "hook_connect" }, 0, NONE },
	    { { "on_sys_exit" }, 0, CONNECT } } },
	{ "messages", "requests to servers over unix sockets", REQUIRED, SERVERS, "message",
	  { { { "hook_stream", "hook_stream_page" }, 0, NONE },
	    { { "on_sys_exit" }, 0, SEND } } },
	{ "calls", "system calls that are an answer by themselves", REQUIRED, KIND(CALL), "call",
	  { { { "hook_uname", "hook_uname_compat", "hook_syslog", "hook_getsockname", "hook_bind",
		"hook_setsockopt", "hook_setsockopt_compat" }, 0, NONE },
	    { { "on_sys_exit" }, 0, CALL } } },
	{ "socketcall", "the 32-bit call for all of sockets", REQUIRED,
	  KIND(NETLINK) | KIND(CONNECT) | FILES | SERVERS, NULL,
	  { { { "hook_netlink", "hook_connect", "hook_receive" }, 0, NONE },
	    { { "on_sys_exit" }, 0, SOCKETCALL } } },
	{ PROBE_MARKS, "scenarios that programs mark", OPTIONAL, 0, NULL,
	  { { { "on_mark_multi" }, 0, NONE },
	    { { "on_mark" }, 0, NONE } } },
};
/* clang-format on */

const unsigned int probe_row_count = ARRAY_SIZE(probe_rows);
