/* SPDX-License-Identifier: Apache-2.0 */
/* probes_table.c - the attach table. A kernel difference is a row here, not an if. */
#include "probes_table.h"

#include <piaudit/auto.h>

#include "policy/catalog.h"

#define REQUIRED true
#define OPTIONAL false
#define KIND(k)  (1u << SOURCE_##k)
#define FILES    (KIND(FILE) | KIND(DIRECTORY) | KIND(PROCESS) | KIND(DEVICE))

/* Classes of calls, as enum call_class of bpf/syscall.bpf.h. */
enum { GATE, OPEN, LIST, IOCTL, SEND, RECEIVE, CONNECT, CALL };

#define SYS_EXIT "btf_trace_sys_exit"
#define PROCESS  "btf_trace_sched_process_"

/* clang-format off: a row is two lines */
const struct probe_row probe_rows[] = {
	{ "process-fork",
	  "children of audited processes",
	  REQUIRED,
	  0,
	  GATE,
	  { { "on_fork", PROCESS "fork", 0 } } },
	{ "process-exec",
	  "programs that audited processes become",
	  REQUIRED,
	  0,
	  GATE,
	  { { "on_exec", PROCESS "exec", 0 } } },
	{ "process-exit",
	  "the end of audited processes",
	  REQUIRED,
	  0,
	  GATE,
	  { { "on_exit", PROCESS "exit", 0 } } },
	{ "process-free",
	  "pids that are free again",
	  REQUIRED,
	  0,
	  GATE,
	  { { "on_free", PROCESS "free", 0 } } },
	{ "seed-processes",
	  "processes that run already",
	  REQUIRED,
	  0,
	  GATE,
	  { { "seed_tasks", "bpf_iter__task", 0 } } },
	{ "seed-files",
	  "files that are open already",
	  REQUIRED,
	  0,
	  GATE,
	  { { "seed_files", "bpf_iter__task_file", 0 } } },
	{ "file-open",
	  "files and devices opened",
	  REQUIRED,
	  FILES,
	  OPEN,
	  { { "exit_open", SYS_EXIT, 0 } } },
	{ "file-list",
	  "directories listed",
	  REQUIRED,
	  FILES,
	  LIST,
	  { { "exit_list", SYS_EXIT, 0 } } },
	{ "file-receive",
	  "descriptors received over sockets",
	  REQUIRED,
	  FILES,
	  RECEIVE,
	  { { "exit_receive", SYS_EXIT, 0 } } },
	{ "file-uring",
	  "files opened and read through io_uring",
	  OPTIONAL,
	  FILES,
	  GATE,
	  { { "uring_complete_cqe", "btf_trace_io_uring_complete", 4 },
	    { "uring_complete_res", "btf_trace_io_uring_complete", 8 } } },
	{ "ioctl",
	  "requests to devices and sockets",
	  REQUIRED,
	  KIND(IOCTL),
	  IOCTL,
	  { { "exit_ioctl", SYS_EXIT, 0 } } },
	{ "netlink",
	  "netlink requests sent",
	  REQUIRED,
	  KIND(NETLINK),
	  SEND,
	  { { "exit_send", SYS_EXIT, 0 } } },
	{ "connect",
	  "connections to local services",
	  REQUIRED,
	  KIND(CONNECT),
	  CONNECT,
	  { { "exit_connect", SYS_EXIT, 0 } } },
	{ "calls",
	  "system calls that are an answer by themselves",
	  REQUIRED,
	  KIND(CALL),
	  CALL,
	  { { "exit_call", SYS_EXIT, 0 } } },
	/* Last: with it the handlers above begin to run. */
	{ "syscall-exit",
	  "the exit of system calls: the gate to the handlers",
	  REQUIRED,
	  0,
	  GATE,
	  { { "on_sys_exit", SYS_EXIT, 0 } } },
};
/* clang-format on */

const unsigned int probe_row_count = ARRAY_SIZE(probe_rows);
