/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_doctor.c - reports whether this machine is ready to audit, and how to make it so. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>

#include <piaudit/auto.h>

#include "argument.h"
#include "cmd.h"
#include "daemon/capture/probes/probes.h"
#include "daemon/config/policy_inputs.h"
#include "daemon/session/audit_run.h"
#include "daemon/system/capabilities.h"
#include "daemon/util/json.h"
#include "daemon/util/output_file.h"
#include "daemon/util/text_table.h"

#define BTF_FILE      "/sys/kernel/btf/vmlinux"
#define LSM_FILE      "/sys/kernel/security/lsm"
#define LOCKDOWN_FILE "/sys/kernel/security/lockdown"
#define VALUE_MAX     256 /* bytes of one value */
/* The program at the exit of system calls, which replaces the programs on functions. */
#define GATE "on_sys_exit"

/* The output, and the first change to make. */
struct doctor {
	const struct options *options;
	struct policy_inputs inputs;
	struct probes *probes;
	struct text_table *grid; /* NULL for JSON */
	struct json json;
	int code;
	char change[VALUE_MAX];
	/* Why better programs than the attached ones are not used; "" = the best are attached. */
	char better[VALUE_MAX];
	const char *instead; /* the replacement for the better programs */
};

static void change(struct doctor *d, int code, const char *text)
{
	if (d->code)
		return;
	d->code = code;
	snprintf(d->change, sizeof(d->change), "%s", text);
}

/* @state: "ok", "missing" or "note". */
static void cmd_doctor_say(struct doctor *d, const char *what, const char *state, const char *value,
			   const char *why)
{
	if (d->grid) {
		TEXT_TABLE_ROW(d->grid, what, state, value, why);
		return;
	}
	json_object(&d->json, NULL);
	json_string(&d->json, "what", what);
	json_string(&d->json, "state", state);
	json_string(&d->json, "value", value);
	json_string(&d->json, "why", why);
	json_close(&d->json);
}

/* Reads the first line of a small file of the kernel. NULL if it cannot be read. */
static const char *cmd_doctor_first_line(const char *path, char buf[VALUE_MAX])
{
	AUTO_FILE FILE *f = fopen(path, "re");

	if (!f || !fgets(buf, VALUE_MAX, f))
		return NULL;
	buf[strcspn(buf, "\n")] = 0;
	return buf;
}

static void say_kernel(struct doctor *d)
{
	const char *btf = secure_getenv("PIAUDIT_BTF") ?: BTF_FILE;
	char value[VALUE_MAX];
	struct utsname u;

	uname(&u);
	snprintf(value, sizeof(value), "%s %s", u.release, u.machine);
	cmd_doctor_say(d, "kernel", "ok", value, "");
	if (access(btf, R_OK) == 0) {
		cmd_doctor_say(d, "btf", "ok", btf, "");
	} else {
		cmd_doctor_say(d, "btf", "missing", btf,
			       "type information of the kernel: CONFIG_DEBUG_INFO_BTF");
		change(d, EXIT_KERNEL,
		       "the kernel has no BTF; boot a kernel that is built with CONFIG_DEBUG_INFO_BTF");
	}
	cmd_doctor_say(d, "lsm", "note", cmd_doctor_first_line(LSM_FILE, value) ?: "unknown",
		       "bpf is not needed here: piaudit only audits and never blocks");
	cmd_doctor_say(d, "lockdown", "note",
		       cmd_doctor_first_line(LOCKDOWN_FILE, value) ?: "unknown",
		       "in mode confidentiality, BPF programs cannot read kernel memory");
}

static bool locked_down(void)
{
	char value[VALUE_MAX];
	const char *modes = cmd_doctor_first_line(LOCKDOWN_FILE, value);

	return modes && strstr(modes, "[confidentiality]");
}

static void say_limits(struct doctor *d)
{
	static const struct {
		const char *what, *path, *why;
	} files[] = {
		{ "perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid",
		  "CAP_PERFMON overrides it" },
		{ "unprivileged_bpf", "/proc/sys/kernel/unprivileged_bpf_disabled",
		  "CAP_BPF overrides it" },
	};
	char value[VALUE_MAX];
	struct rlimit limit;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		cmd_doctor_say(d, files[i].what, "note",
			       cmd_doctor_first_line(files[i].path, value) ?: "unknown",
			       files[i].why);
	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return;
	snprintf(value, sizeof(value), "%llu KiB", (unsigned long long)limit.rlim_cur >> 10);
	cmd_doctor_say(d, "memlock", "note", limit.rlim_cur == RLIM_INFINITY ? "unlimited" : value,
		       "limits BPF maps only before Linux 5.11");
}

static void say_privileges(struct doctor *d)
{
	for (size_t i = 0; i < privilege_count; i++) {
		const struct privilege *p = &privileges[i];
		bool has = capabilities_has(p);

		cmd_doctor_say(d, p->name,
			       has           ? "ok"
			       : p->required ? "missing"
					     : "note",
			       has ? "yes" : "no", p->for_what);
		if (!has && p->required)
			change(d, EXIT_PRIVILEGE,
			       "a privilege is missing; run piaudit as root, for example: sudo piaudit doctor");
	}
}

static void say_data(struct doctor *d)
{
	const char *catalog = d->options->catalog;
	char value[VALUE_MAX];
	int code = policy_inputs_catalog(&d->inputs, d->options);

	if (code) {
		cmd_doctor_say(d, "catalog", "missing", catalog ?: "", "see the error on stderr");
		change(d, EXIT_CONFIG, "the catalog cannot be used; see the error on stderr");
		return;
	}
	snprintf(value, sizeof(value), "%zu categories, %zu sources",
		 catalog_category_count(d->inputs.catalog),
		 catalog_source_count(d->inputs.catalog));
	cmd_doctor_say(d, "catalog", "ok", value, catalog ?: d->inputs.data);
	code = policy_inputs_policy(&d->inputs, d->options, NULL);
	cmd_doctor_say(d, "policy", code ? "missing" : "ok",
		       code ? "" : policy_file(d->inputs.policy), "");
	if (code)
		change(d, EXIT_CONFIG, "the policy cannot be used; see the error on stderr");
}

/*
 * Returns the reason against a better alternate, without its name. NULL if the best one is
 * attached.
 */
static const char *lesser(const struct probe_state *p)
{
	const char *colon = p->attached ? strstr(p->why, ": ") : NULL;

	return colon ? colon + 2 : NULL;
}

/* One row for each refused program. The rows of the probes name the programs that replace it. */
static void say_refused(struct doctor *d)
{
	const char *const *refused = probes_refused(d->probes);

	for (size_t i = 0; refused[i]; i++)
		cmd_doctor_say(d, "verifier", "note", "refused", refused[i]);
}

static void say_probe(struct doctor *d, const struct probe_state *p)
{
	const char *why = *p->why ? p->why : p->sees, *reason = lesser(p);

	if (reason && !*d->better) {
		snprintf(d->better, sizeof(d->better), "%s", reason);
		d->instead = strcmp(p->attached, GATE) ? "weaker probes" : "system-call exits";
	}
	/* A dozen rows share one reason. The table leaves it out, and the end prints it once. */
	if (d->grid && reason)
		why = strcmp(reason, d->better) ? reason : p->sees;
	cmd_doctor_say(d, p->name,
		       p->attached   ? "ok"
		       : p->required ? "missing"
				     : "note",
		       p->attached
			       ?: p->idle ? "not needed"
					  : "none",
		       why);
	if (!p->attached && p->required)
		change(d, EXIT_KERNEL,
		       "a required probe cannot be attached; see the reason in its row");
}

static void say_probes(struct doctor *d)
{
	struct probes_config config = { .catalog = d->inputs.catalog };
	int err;

	if (d->code) {
		cmd_doctor_say(d, "probes", "note", "not tried", "resolve the missing items first");
		return;
	}
	err = probes_open(&d->probes, &config);
	if (!err)
		probes_marks_try(d->probes);
	for (size_t i = 0; d->probes && i < probes_count(d->probes); i++)
		say_probe(d, probes_state(d->probes, i));
	if (d->probes)
		say_refused(d);
	for (size_t i = 0; d->probes && i < probes_count(d->probes); i++) {
		const struct probe_state *p = probes_state(d->probes, i);

		for (size_t k = 0; p->blind[k]; k++)
			cmd_doctor_say(d, "not seen", "note", p->name, p->blind[k]);
	}
	if (err == -EPERM || err == -EACCES)
		change(d, EXIT_PRIVILEGE,
		       "the kernel refused the probes; run piaudit as root on the host, not in a container");
	else if (err)
		change(d, EXIT_KERNEL,
		       locked_down()
			       ? "kernel lockdown is confidentiality; boot with lockdown=integrity or none"
			       : "the probes cannot be loaded; see the error on stderr");
}

static void say_all(struct doctor *d)
{
	say_kernel(d);
	say_limits(d);
	say_privileges(d);
	say_data(d);
	say_probes(d);
}

static int print_text(struct doctor *d, FILE *out)
{
	static const char *const columns[] = { "WHAT", "STATE", "VALUE", "WHY", NULL };
	int err = text_table_open(&d->grid, columns);

	if (err)
		return err;
	say_all(d);
	err = text_table_print(d->grid, out);
	text_table_close(&d->grid);
	if (d->code)
		fprintf(out, "\nnot ready: %s\n", d->change);
	else if (*d->better)
		fprintf(out,
			"\nready, with reduced coverage: %s. piaudit uses %s instead; the \"not seen\" "
			"rows list what that misses.\n",
			d->better, d->instead);
	else
		fputs("\nready\n", out);
	return err;
}

static int print_json(struct doctor *d, FILE *out)
{
	d->json = (struct json){ .out = out };
	json_object(&d->json, NULL);
	json_array(&d->json, "checks");
	say_all(d);
	json_close(&d->json);
	json_bool(&d->json, "ready", !d->code);
	json_string(&d->json, "change", d->code ? d->change : NULL);
	json_string(&d->json, "better", *d->better ? d->better : NULL);
	json_number(&d->json, "exit", (uint64_t)d->code);
	json_close(&d->json);
	return json_end(&d->json);
}

int cmd_doctor(const struct options *options)
{
	struct doctor d = { .options = options };
	struct output_file output;
	int err;

	if (argument_none(options) || audit_run_format(options))
		return EXIT_USAGE;
	if (output_file_start(&output, options->output))
		return EXIT_INTERNAL;
	err = options->format == FORMAT_JSON ? print_json(&d, output.file)
					     : print_text(&d, output.file);
	probes_close(&d.probes);
	policy_inputs_close(&d.inputs);
	if (output_file_end(&output, err))
		return EXIT_INTERNAL;
	return d.code;
}
