/* SPDX-License-Identifier: Apache-2.0 */
/* test_sha256.c - digests of texts, fed byte by byte. */
#include "daemon/util/sha256.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void digests_are_those_of_the_standard(void **state)
{
	static const struct {
		const char *text, *digest;
	} cases[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char text[SHA256_TEXT_MAX];
	struct sha256 h;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		sha256_begin(&h);
		for (const char *c = cases[i].text; *c; c++)
			sha256_add(&h, c, 1);
		sha256_text(&h, text);
		assert_string_equal(text, cases[i].digest);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
