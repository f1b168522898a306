/* SPDX-License-Identifier: Apache-2.0 */
/* test_yaml.c - malformed files get one clear line each. */
#include "policy_fixture.h"

#include <sys/stat.h>

#include "../../policy/yaml.c"

/*
 * Reads @len bytes as a file. Returns the result of yaml_read(); the tree lives until the arena is
 * freed.
 */
static int read_bytes(const void *bytes, size_t len, struct arena *arena,
		      const struct yaml_node **root, struct problems *problems)
{
	char path[128];

	fixture_bytes(path, "x.yaml", bytes, len);
	return yaml_read(root, path, YAML_STATEMENT_MAX, arena, problems);
}

/* The file has one problem, with the text @want, and no tree is returned. */
static void refused(const void *bytes, size_t len, const char *want, int line)
{
	const struct yaml_node *root = NULL;
	struct problems p = { 0 };
	struct arena arena = { 0 };

	assert_int_equal(read_bytes(bytes, len, &arena, &root, &p), -EINVAL);
	assert_null(root);
	fixture_problem(&p, want, line);
	assert_int_equal(p.errors, 1);
	assert_int_equal(p.count, 1);
	assert_null(strchr(p.list[0].text, '\n'));
	problems_clear(&p);
	arena_free(&arena);
}

static void nodes_know_their_place(void **state)
{
	static const char text[] = "# first\na: 1\nb:\n  - x\n  - {c: \"d e\"}\n";
	const struct yaml_node *root = NULL, *b;
	struct problems p = { 0 };
	struct arena arena = { 0 };

	(void)state;
	assert_int_equal(read_bytes(text, strlen(text), &arena, &root, &p), 0);
	assert_int_equal(p.errors, 0);
	assert_int_equal(root->kind, YAML_MAP);
	assert_int_equal(root->count, 2);
	assert_string_equal(root->first->text, "a");
	assert_int_equal(root->first->value->line, 2);
	assert_int_equal(root->first->value->column, 4);
	b = root->first->next->value;
	assert_int_equal(b->kind, YAML_LIST);
	assert_int_equal(b->count, 2);
	assert_int_equal(b->last->line, 5);
	assert_int_equal(b->last->column, 5);
	assert_string_equal(b->last->first->value->text, "d e");
	arena_free(&arena);
}

static void bad_text_is_one_line_at_its_place(void **state)
{
	static const struct {
		int line;
		const char *text, *want;
	} cases[] = {
		{ __LINE__, "", "x.yaml:1:1: error: the file is empty" },
		{ __LINE__, "# only a comment\n\n", "x.yaml:1:1: error: the file is empty" },
		{ __LINE__, "a: [1, 2\n",
		  "x.yaml:2:1: error: not valid YAML: did not find expected ',' or ']'" },
		{ __LINE__, "a: [1, 2\n", "the file may be cut off" },
		{ __LINE__, "a: \"open\n",
		  "error: not valid YAML: found unexpected end of stream" },
		{ __LINE__, "a:\n\t- b\n",
		  "x.yaml:2:1: error: not valid YAML: found character that cannot start any token" },
		{ __LINE__, "a:\n\t- b\n", "indent with spaces, not tabs" },
		{ __LINE__, "a: 1\n b: 2\n",
		  "x.yaml:2:3: error: not valid YAML: mapping values are not allowed" },
		{ __LINE__, "a: 1\nb: 2\na: 3\n",
		  "x.yaml:3:1: error: duplicate key \"a\", first in line 1; keep one" },
		{ __LINE__, "a: &x 1\n",
		  "x.yaml:1:4: error: anchors (&name) and aliases (*name) are not allowed" },
		{ __LINE__, "a: &x [1]\n", "x.yaml:1:4: error: anchors" },
		{ __LINE__, "a: &x {b: 1}\n", "x.yaml:1:4: error: anchors" },
		{ __LINE__, "b: 1\na: *x\n", "x.yaml:2:4: error: anchors" },
		{ __LINE__, "a: !!binary aGk=\n",
		  "x.yaml:1:4: error: tags (!name) are not allowed" },
		{ __LINE__, "a: !x [1]\n", "x.yaml:1:4: error: tags" },
		{ __LINE__, "a: 1\n---\nb: 2\n", "x.yaml:2:1: error: a second document" },
		{ __LINE__, "[1]: 2\n",
		  "x.yaml:1:1: error: a key must be a text, but this is a list" },
		{ __LINE__, "a: \"x\\0y\"\n",
		  "x.yaml:1:4: error: the text contains a NUL character" },
		{ __LINE__, "a: 1\nb: \x01\n", "x.yaml:2:4: error: not a text file (byte 0x01)" },
		{ __LINE__, "a: \xff\xfe\n", "x.yaml:1:4: error: not a text file (byte 0xff)" },
		{ __LINE__, "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]\n",
		  "x.yaml:1:17: error: lists and maps are nested too deep; use at most 16 levels" },
		{ __LINE__, "a: {b: 1, b: \"\\e[31m\"}\n", "duplicate key \"b\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		refused(cases[i].text, strlen(cases[i].text), cases[i].want, cases[i].line);
}

static void control_codes_never_reach_a_problem(void **state)
{
	static const char text[] = "\"\\e[31mred\\x85\": 1\n\"\\e[31mred\\x85\": 2\n";
	const struct yaml_node *root = NULL;
	struct problems p = { 0 };
	struct arena arena = { 0 };

	(void)state;
	assert_int_equal(read_bytes(text, strlen(text), &arena, &root, &p), -EINVAL);
	fixture_problem(&p, "key \"?[31mred?", __LINE__);
	assert_null(strchr(p.list[0].text, '\x1b'));
	assert_null(strstr(p.list[0].text, "\xc2\x85"));
	problems_clear(&p);
	arena_free(&arena);
}

static void binary_files_are_refused(void **state)
{
	static const char elf[] = "\x7f"
				  "ELF\x02\x01\x01\0\0\0",
			  utf16[] = "\xff\xfe"
				    "a\0:\0 \0b\0";

	(void)state;
	refused(elf, sizeof(elf), "x.yaml:1:8: error: not a text file (byte 0x00)", __LINE__);
	refused(utf16, sizeof(utf16), "error: not a text file (byte 0x00)", __LINE__);
	refused("\0\0\0", 3, "x.yaml:1:1: error: not a text file (byte 0x00); use YAML in UTF-8",
		__LINE__);
}

/* After a fault that leaves the structure readable, the faults behind it are reported too. */
static void reading_continues_after_a_fault(void **state)
{
	static const char text[] = "a: 1\na: 2\nb: &x 1\nc: !t [1]\nd: *x\n*x : *x\nd: 3\n";
	static const char *const want[] = {
		"x.yaml:2:1: error: duplicate key \"a\", first in line 1",
		"x.yaml:3:4: error: anchors",
		"x.yaml:4:4: error: tags",
		"x.yaml:5:4: error: anchors",
		"x.yaml:6:1: error: anchors",
		"x.yaml:6:6: error: anchors",
		"x.yaml:7:1: error: duplicate key \"d\", first in line 5",
	};
	const struct yaml_node *root = NULL;
	struct problems p = { 0 };
	struct arena arena = { 0 };

	(void)state;
	assert_int_equal(read_bytes(text, strlen(text), &arena, &root, &p), -EINVAL);
	assert_null(root);
	assert_int_equal(p.errors, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		fixture_problem(&p, want[i], (int)i);
	problems_clear(&p);
	arena_free(&arena);
}

/* A file that doubles itself with every line is refused. No alias is expanded. */
static void an_alias_bomb_is_refused(void **state)
{
	const struct yaml_node *root = NULL;
	struct problems p = { 0 };
	struct arena arena = { 0 };
	char text[2048];
	size_t len = (size_t)snprintf(text, sizeof(text), "a0: &a0 [x, x]\n");

	(void)state;
	for (int i = 1; i < 30; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "a%d: &a%d [*a%d, *a%d]\n",
					i, i, i - 1, i - 1);
	assert_int_equal(read_bytes(text, len, &arena, &root, &p), -EINVAL);
	assert_null(root);
	fixture_problem(&p, "x.yaml:1:5: error: anchors", __LINE__);
	assert_int_equal(p.errors, 30 + 2 * 29); /* each anchor and each alias once */
	problems_clear(&p);
	arena_free(&arena);
}

static void ten_megabytes_are_refused_unread(void **state)
{
	const size_t len = 10u << 20;
	AUTO_FREE char *text = malloc(len);

	(void)state;
	assert_non_null(text);
	memset(text, 'a', len);
	refused(text, len, "x.yaml: error: the file has 10485760 bytes; use at most 1048576",
		__LINE__);
}

static void many_keys_are_refused(void **state)
{
	AUTO_FREE char *text = malloc(64u << 10);
	size_t len = 0;

	(void)state;
	assert_non_null(text);
	for (int i = 0; i < 2000; i++)
		len += (size_t)snprintf(text + len, 32, "k%d: v\n", i);
	refused(text, len, "x.yaml:1025:1: error: too many keys in one map; use at most 1024",
		__LINE__);
}

/* Every beginning of a good file is valid, or is refused with one line: no crash, and no leak. */
static void a_file_cut_anywhere_is_safe(void **state)
{
	static const char text[] =
		"statement: {id: \"x\", title: 'y'}\ngroups:\n  a: [b, c]\nlist:\n  - {d: {e: 1}}\n";

	(void)state;
	for (size_t len = 0; len < strlen(text); len++) {
		const struct yaml_node *root = NULL;
		struct problems p = { 0 };
		struct arena arena = { 0 };
		int err = read_bytes(text, len, &arena, &root, &p);

		assert_true(err == 0 || err == -EINVAL);
		assert_int_equal(p.errors, err ? 1 : 0);
		assert_true(err ? !root : !!root);
		problems_clear(&p);
		arena_free(&arena);
	}
}

static void missing_and_special_files_are_refused(void **state)
{
	static const struct {
		int line;
		const char *path;
		int err;
		const char *want;
	} cases[] = {
		{ __LINE__, "/nonexistent/x.yaml", -ENOENT,
		  "/nonexistent/x.yaml: error: cannot be read: No such file" },
		{ __LINE__, "/dev/zero", -EINVAL, "/dev/zero: error: not a regular file" },
		{ __LINE__, "/", -EINVAL, "/: error: not a regular file" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct yaml_node *root = NULL;
		struct problems p = { 0 };
		struct arena arena = { 0 };

		assert_int_equal(yaml_read(&root, cases[i].path, YAML_STATEMENT_MAX, &arena, &p),
				 cases[i].err);
		fixture_problem(&p, cases[i].want, cases[i].line);
		assert_int_equal(p.errors, 1);
		problems_clear(&p);
		arena_free(&arena);
	}
}

static void a_byte_order_mark_is_skipped(void **state)
{
	static const char marked[] = "\xef\xbb\xbf"
				     "a: 1\nb: 2\n";
	const struct yaml_node *root = NULL;
	struct problems p = { 0 };
	struct arena arena = { 0 };
	char path[128];

	(void)state;
	fixture_file(path, "x.yaml", marked);
	assert_int_equal(yaml_read(&root, path, YAML_STATEMENT_MAX, &arena, &p), 0);
	assert_int_equal(root->count, 2);
	assert_string_equal(root->first->text, "a");
	assert_int_equal(root->first->column, 1);
	arena_free(&arena);
	refused("\xef\xbb\xbf", 3, "x.yaml:1:1: error: the file is empty", __LINE__);
}

/* A user who may write the file can change the verdict. */
static void a_file_that_others_may_write_is_refused(void **state)
{
	static const struct {
		int line;
		mode_t mode;
		uid_t owner;
		const char *want; /* NULL: the file is read */
	} cases[] = {
		{ __LINE__, 0666, 0,
		  "x.yaml: error: users other than its owner can write to it (mode 0666)" },
		{ __LINE__, 0620, 0, "can write to it (mode 0620); run chmod go-w on it" },
		{ __LINE__, 0602, 0, "can write to it (mode 0602); run chmod go-w on it" },
		{ __LINE__, 0644, 0, NULL },
		{ __LINE__, 0444, 0, NULL },
		{ __LINE__, 0600, 54321, "its owner is user 54321, not root or you" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct yaml_node *root = NULL;
		struct problems p = { 0 };
		struct arena arena = { 0 };
		char path[128];

		if (cases[i].owner && geteuid())
			continue;
		fixture_file(path, "x.yaml", "a: 1\n");
		assert_int_equal(chmod(path, cases[i].mode), 0);
		if (cases[i].owner)
			assert_int_equal(chown(path, cases[i].owner, 0), 0);
		assert_int_equal(yaml_read(&root, path, YAML_STATEMENT_MAX, &arena, &p),
				 cases[i].want ? -EINVAL : 0);
		if (cases[i].want)
			fixture_problem(&p, cases[i].want, cases[i].line);
		problems_clear(&p);
		arena_free(&arena);
		unlink(path);
	}
}

static void problems_beyond_the_bound_are_counted(void **state)
{
	struct problems p = { 0 };

	(void)state;
	for (int i = 0; i < PROBLEM_MAX + 7; i++)
		assert_int_equal(problem_error(&p, (struct place){ "f", i + 1, 2 }, "e%d", i),
				 -EINVAL);
	problem_warning(&p, (struct place){ "f", 0, 0 }, "w");
	assert_int_equal(p.count, PROBLEM_MAX);
	assert_int_equal(p.errors, PROBLEM_MAX + 7);
	assert_int_equal(p.warnings, 1);
	assert_string_equal(p.list[1].text, "f:2:2: error: e1");
	problems_clear(&p);
	assert_int_equal(p.errors + p.count, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_know_their_place),
		cmocka_unit_test(bad_text_is_one_line_at_its_place),
		cmocka_unit_test(control_codes_never_reach_a_problem),
		cmocka_unit_test(binary_files_are_refused),
		cmocka_unit_test(reading_continues_after_a_fault),
		cmocka_unit_test(an_alias_bomb_is_refused),
		cmocka_unit_test(ten_megabytes_are_refused_unread),
		cmocka_unit_test(many_keys_are_refused),
		cmocka_unit_test(a_file_cut_anywhere_is_safe),
		cmocka_unit_test(missing_and_special_files_are_refused),
		cmocka_unit_test(a_byte_order_mark_is_skipped),
		cmocka_unit_test(a_file_that_others_may_write_is_refused),
		cmocka_unit_test(problems_beyond_the_bound_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, fixture_end);
}
