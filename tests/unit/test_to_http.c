/* SPDX-License-Identifier: Apache-2.0 */
/* test_to_http.c - a request is sent with all of its parts, or not at all. Without libcurl: no test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#if __has_include(<curl/curl.h>)

#define CURL_DISABLE_TYPECHECK
#include "daemon/export/destination/transport.c"
#include "daemon/export/to/to_http.c"

#define HEADERS 5 /* of a request to the destination below */

/* libcurl: the number of the call that fails, and the headers of a request. */
static unsigned int fails_at, calls, requests, headers_sent;
static const struct curl_slist *headers_set;

static bool call_fails(void)
{
	return ++calls == fails_at;
}

struct curl_slist *curl_slist_append(struct curl_slist *list, const char *text)
{
	struct curl_slist *item = call_fails() ? NULL : calloc(1, sizeof(*item)), *last = list;

	if (!item)
		return NULL;
	item->data = strdup(text);
	while (last && last->next)
		last = last->next;
	if (last)
		last->next = item;
	return list ?: item;
}

void curl_slist_free_all(struct curl_slist *list)
{
	while (list) {
		struct curl_slist *next = list->next;

		free(list->data);
		free(list);
		list = next;
	}
}

CURL *curl_easy_init(void)
{
	return &calls;
}

void curl_easy_cleanup(CURL *curl)
{
	(void)curl;
}

CURLcode(curl_easy_setopt)(CURL *curl, CURLoption option, ...)
{
	va_list args;

	(void)curl;
	va_start(args, option);
	if (option == CURLOPT_HTTPHEADER)
		headers_set = va_arg(args, struct curl_slist *);
	va_end(args);
	if (option == CURLOPT_ERRORBUFFER)
		return CURLE_OK;
	return call_fails() ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

CURLcode curl_easy_perform(CURL *curl)
{
	(void)curl;
	requests++;
	headers_sent = 0;
	for (const struct curl_slist *h = headers_set; h; h = h->next)
		headers_sent++;
	return CURLE_OK;
}

CURLcode(curl_easy_getinfo)(CURL *curl, CURLINFO info, ...)
{
	(void)curl;
	(void)info;
	return CURLE_OK;
}

const char *curl_easy_strerror(CURLcode code)
{
	(void)code;
	return "out of memory";
}

/* The parts of the exporter that come after a request. */
void http_fill(const char *pattern, const struct http_blanks *blanks, FILE *out)
{
	(void)blanks;
	fputs(pattern, out);
}

bool http_ack_id(const struct http_answer *a, uint64_t *id)
{
	(void)a;
	(void)id;
	return false;
}

int http_acked(const struct http_answer *a, uint64_t id)
{
	(void)a;
	(void)id;
	return 0;
}

static const struct http_body splunk = {
	.name = "splunk", .path = "/services", .media = "application/json", .acks = true
};
static char token[] = "/tmp/test_to_http.XXXXXX";
static struct pair extra = { "X-Extra", "1" };
static struct destination destination = { .name = "d",
					  .to = "https://h.example/",
					  .authorization = token,
					  .headers = { &extra, 1 },
					  .batch = 1 };
static struct state_dir site = { .stop = -1 };
static struct to_http *to;

static void write_token(const char *text)
{
	AUTO_FILE FILE *f = fopen(token, "w");

	assert_non_null(f);
	fputs(text, f);
}

static int begin(void **state)
{
	struct transport *t = NULL;
	int fd = mkstemp(token);

	(void)state;
	if (fd < 0)
		return -1;
	close(fd);
	destination.encoder = encoder_find("json");
	destination.body = &splunk;
	fails_at = calls = 0;
	if (http_open(&t, &destination, &site))
		return -1;
	to = (struct to_http *)t;
	return 0;
}

static int end(void **state)
{
	(void)state;
	http_close(&to->base);
	return unlink(token);
}

/* Each call of libcurl that makes the request fails once. */
static void a_request_without_all_of_its_parts_is_not_sent(void **state)
{
	unsigned int all;

	(void)state;
	write_token("Bearer x\n");
	requests = calls = fails_at = 0;
	assert_int_equal(post(to, to->url, "{}", 2), 0);
	assert_int_equal(requests, 1);
	assert_int_equal(headers_sent, HEADERS);
	all = calls;
	assert_true(all > HEADERS);
	for (unsigned int at = 1; at <= all; at++) {
		requests = calls = 0;
		fails_at = at;
		if (!post(to, to->url, "{}", 2) || requests)
			fail_msg("call %u of %u failed, and the request was sent", at, all);
	}
}

/* libcurl leaves out a header that has no value. */
static void an_empty_token_is_an_error(void **state)
{
	(void)state;
	fails_at = requests = 0;
	write_token("\n");
	assert_int_equal(post(to, to->url, "{}", 2), -EINVAL);
	assert_int_equal(requests, 0);
	assert_non_null(strstr(to->base.why, token));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_without_all_of_its_parts_is_not_sent),
		cmocka_unit_test(an_empty_token_is_an_error),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

#else

int main(void)
{
	return 0;
}

#endif
