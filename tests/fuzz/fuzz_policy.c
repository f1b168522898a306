/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_policy.c - random bytes as a catalog, a statement or a test file: a refusal has a
 * message, and nothing crashes. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "policy/match.h"
#include "policy/policy.h"

#define CATALOG "policy/catalog" /* run from the top of the tree */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct catalog *catalog;
static struct policy *good; /* the statement for test files */
static char dir[] = "/tmp/fuzz_policy.XXXXXX";
static char categories[64], sources[64];

static void demand(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "fuzz_policy: %s\n", what);
	abort();
}

static void tidy(void)
{
	unlink(categories);
	unlink(sources);
	rmdir(dir);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	struct problems problems = { 0 };

	(void)argc;
	(void)argv;
	if (catalog_load(&catalog, CATALOG, NULL, &problems))
		fprintf(stderr, "fuzz_policy: %s\n",
			problems.count ? problems.list[0].text : CATALOG);
	demand(catalog != NULL, "the shipped catalog does not load");
	policy_load(&good, "policy/statements/welink.yaml", catalog, &problems);
	demand(good != NULL, "the shipped statement does not load");
	problems_clear(&problems);
	demand(mkdtemp(dir) != NULL, "no directory for catalogs");
	snprintf(categories, sizeof(categories), "%s/categories.yaml", dir);
	snprintf(sources, sizeof(sources), "%s/sources.yaml", dir);
	atexit(tidy);
	return 0;
}

static void write_file(const char *path, const void *data, size_t size)
{
	AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	demand(fd >= 0 && write(fd, data, size) == (ssize_t)size, "cannot write");
}

static void outcome(int err, const void *made, struct problems *problems)
{
	demand(!err == !!made, "an error with a result, or neither");
	demand(!err || problems->errors, "refused without a word");
	demand(err || !problems->errors, "accepted with an error");
	problems_clear(problems);
}

static void judge_all(const struct policy *policy)
{
	struct judgement judgement;
	const struct category *category;

	for (size_t i = 0; i < catalog_category_count(catalog); i++) {
		struct access a = { .app = "",
				    .exe = "",
				    .comm = "",
				    .object = "",
				    .count = 1,
				    .category = catalog_category(catalog, i) };

		policy_judge(policy, &a, &judgement, &category);
		demand(judgement.verdict < VERDICT_MAX && category,
		       "a judgement without a verdict");
		demand(strnlen(judgement.reason, REASON_MAX) < REASON_MAX,
		       "a reason without an end");
	}
}

static void as_statement(const char *path)
{
	struct problems problems = { 0 };
	struct policy *policy = NULL;
	int err = policy_load(&policy, path, catalog, &problems);

	outcome(err, policy, &problems);
	if (policy) {
		policy_lint(policy, &problems);
		judge_all(policy);
		problems_clear(&problems);
	}
	policy_free(&policy);
}

static void as_catalog(const uint8_t *data, size_t size)
{
	static const char one[] = "categories:\n  - {id: mail, title: Mail, dpv: \"pd:Email\"}\n";
	static const char none[] = "sources: []\n";
	const struct source *found[SOURCE_MATCH_MAX];
	struct source_query q = {
		.kind = SOURCE_FILE, .paths = { "/etc/x/y" }, .path_count = 1, .exe = ""
	};

	for (int half = 0; half < 2; half++) {
		struct problems problems = { 0 };
		struct catalog *c = NULL;
		int err;

		write_file(categories, half ? (const void *)one : data,
			   half ? sizeof(one) - 1 : size);
		write_file(sources, half ? data : (const void *)none,
			   half ? size : sizeof(none) - 1);
		err = catalog_load(&c, dir, NULL, &problems);
		outcome(err, c, &problems);
		if (c)
			catalog_match(c, &q, found);
		catalog_free(&c);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct problems problems = { 0 };
	char path[64];
	AUTO_FD int fd = memfd_create("statement", MFD_CLOEXEC);

	/* Everybody may write to a new memfd. piaudit refuses a statement with that mode. */
	demand(fd >= 0 && !fchmod(fd, 0600) && write(fd, data, size) == (ssize_t)size,
	       "cannot write");
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	as_statement(path);
	policy_test(path, good, &problems);
	problems_clear(&problems);
	as_catalog(data, size);
	return 0;
}
