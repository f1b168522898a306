/* SPDX-License-Identifier: Apache-2.0 */
/* to_http.c - posts bodies over HTTP. http_answer.c reads the answers. */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <piaudit/auto.h>

#include "daemon/encode/encode.h"
#include "daemon/export/destination/http_answer.h"
#include "daemon/export/destination/transport.h"
#include "daemon/util/clock.h"
#include "daemon/util/log.h"

#define ANSWER_MAX (4u << 20)   /* bytes; the answer to 10,000 items has 1 MiB */
#define HEADER_MAX 4096         /* bytes; an OAuth token takes half of it */
#define ASK_NS     500000000ull /* ns between two requests for an acknowledgement */
#define SHOWN      120          /* bytes of an answer that are quoted in an error */

struct to_http {
	struct transport base;
	CURL *curl;
	char *url;
	/* Texts of the template, else of the kind, else of the encoder */
	struct pattern_of_body as;
	char channel[40]; /* identifies our acknowledgements to Splunk */
	char *answer;     /* ANSWER_MAX + 1 bytes */
	size_t answered;
};

static const char *to_http_or_else(const char *first, const char *second, const char *third)
{
	return first ?: second ?: third;
}

/* An address without a path gets the path of the kind. */
static int make_url(struct to_http *t)
{
	const struct destination *to = t->base.to;
	const char *authority = strstr(to->to, "://") + 3;
	const char *path = authority + strcspn(authority, "/?");
	struct http_blanks blanks = { .to = to };
	size_t len = 0;
	FILE *out = open_memstream(&t->url, &len);

	if (!out)
		return -ENOMEM;
	fprintf(out, "%.*s", (int)(path - to->to), to->to);
	http_fill(!*path || !strcmp(path, "/") ? to->body->path : path, &blanks, out);
	return fclose(out) ? -ENOMEM : 0;
}

static void make_channel(struct to_http *t)
{
	unsigned char r[16] = { 0 };
	size_t len = 0;

	if (getrandom(r, sizeof(r), 0) < 0)
		memcpy(r, &t, sizeof(t));
	for (size_t i = 0; i < sizeof(r); i++)
		len += (size_t)snprintf(t->channel + len, sizeof(t->channel) - len, "%s%02x",
					i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", r[i]);
}

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
	struct to_http *t = context;
	size_t len = size * count;

	if (len > ANSWER_MAX - t->answered)
		return 0;
	memcpy(t->answer + t->answered, bytes, len);
	t->answered += len;
	return len;
}

/* Aborts a request when the program must end. Its items are sent again. */
static int ask_to_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	const struct to_http *t = context;
	struct pollfd stop = { .fd = t->base.site->stop, .events = POLLIN };

	(void)(a + b + c + d);
	return poll(&stop, 1, 0) > 0;
}

static int to_http_set_up(struct to_http *t)
{
	const struct destination *to = t->base.to;
	CURL *c = t->curl;
	CURLcode err = CURLE_OK;

#define SET(option, value) err = err ?: curl_easy_setopt(c, option, value)
	SET(CURLOPT_URL, t->url);
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_USERAGENT, "piaudit-export/" PIA_VERSION);
	SET(CURLOPT_TIMEOUT_MS, (long)(to->timeout / 1000000));
	SET(CURLOPT_WRITEFUNCTION, take_answer);
	SET(CURLOPT_WRITEDATA, t);
	SET(CURLOPT_NOPROGRESS, 0L);
	SET(CURLOPT_XFERINFOFUNCTION, ask_to_stop);
	SET(CURLOPT_XFERINFODATA, t);
	/* "": no proxy. NULL: libcurl reads the environment, which only the settings may allow. */
	SET(CURLOPT_PROXY, !to->proxy                              ? ""
			   : !strcmp(to->proxy, PROXY_ENVIRONMENT) ? NULL
								   : to->proxy);
	SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (to->ca)
		SET(CURLOPT_CAINFO, to->ca);
	if (to->certificate) {
		SET(CURLOPT_SSLCERT, to->certificate);
		SET(CURLOPT_SSLKEY, to->key);
	}
#undef SET
	if (!err)
		return 0;
	return log_err(0, "destination %s: invalid HTTP settings: %s", to->name,
		       curl_easy_strerror(err)),
	       -EINVAL;
}

static void http_close(struct transport *base)
{
	struct to_http *t = (struct to_http *)base;

	curl_easy_cleanup(t->curl);
	free(t->url);
	free(t->answer);
	free(t);
}

static int http_open(struct transport **out, const struct destination *to,
		     const struct state_dir *site)
{
	extern const struct transport_ops transport_http;
	const struct encoder *e = to->encoder;
	const struct http_body *b = to->body;
	struct to_http *t = calloc(1, sizeof(*t));
	int err;

	if (!t)
		return -ENOMEM;
	t->base = (struct transport){
		.ops = &transport_http, .to = to, .site = site, .most = b->one ? 1 : to->batch
	};
	t->as.head = to_http_or_else(to->template.head, b->as.head, e->head);
	t->as.item = to_http_or_else(to->template.item, b->as.item, "");
	t->as.between = to_http_or_else(to->template.between, b->as.between, e->between);
	t->as.tail = to_http_or_else(to->template.tail, b->as.tail, e->tail);
	make_channel(t);
	t->curl = curl_easy_init();
	t->answer = malloc(ANSWER_MAX + 1);
	err = t->curl && t->answer ? make_url(t) : -ENOMEM;
	err = err ?: to_http_set_up(t);
	if (err)
		http_close(&t->base);
	else
		*out = &t->base;
	return err;
}

static void http_render(struct transport *base, const struct event *e, const struct item *record,
			FILE *out)
{
	const struct to_http *t = (const struct to_http *)base;
	const struct http_blanks blanks = {
		.to = base->to, .event = e, .record = record->text, .id = record->id
	};

	http_fill(t->as.item, &blanks, out);
}

/* Without a header a request is another one, so it is not sent. */
static int to_http_add_line(struct transport *t, struct curl_slist **headers, const char *line)
{
	struct curl_slist *grown = curl_slist_append(*headers, line);

	if (!grown)
		return transport_fail(t, -ENOMEM, "no memory for a header");
	*headers = grown;
	return 0;
}

/* The value is read from its file for each request, because tokens change. */
static int add_authorization(struct transport *t, struct curl_slist **headers)
{
	const char *name = t->to->authorization, *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[PATH_MAX], value[HEADER_MAX], line[HEADER_MAX + 32];
	AUTO_FD int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%s%s%s", *name == '/' ? "" : folder ?: ".",
		 *name == '/' ? "" : "/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, value, sizeof(value) - 1);
	if (n < 0)
		return transport_fail(t, -errno, "authorization %s: %s", path, strerror(errno));
	value[n] = '\0';
	value[strcspn(value, "\r\n")] = '\0';
	/* libcurl leaves out a header without a value. */
	if (!*value)
		return transport_fail(t, -EINVAL, "%s: empty", path);
	snprintf(line, sizeof(line), "Authorization: %s", value);
	return to_http_add_line(t, headers, line);
}

static int to_http_add(struct transport *t, struct curl_slist **headers, const char *name,
		       const char *value)
{
	char line[HEADER_MAX];

	snprintf(line, sizeof(line), "%s: %s", name, value);
	return to_http_add_line(t, headers, line);
}

static int make_headers(struct to_http *t, struct curl_slist **headers)
{
	const struct destination *to = t->base.to;
	const char *media = to->body->media ?: to->encoder->media;
	int err = to_http_add(&t->base, headers, "Content-Type", media);

	/* no round trip before each body */
	err = err ?: to_http_add_line(&t->base, headers, "Expect:");
	if (!err && to->body->acks)
		err = to_http_add(&t->base, headers, "X-Splunk-Request-Channel", t->channel);
	for (size_t i = 0; i < to->headers.count && !err; i++)
		err = to_http_add(&t->base, headers, to->headers.list[i].name,
				  to->headers.list[i].value);
	if (err)
		return err;
	return to->authorization ? add_authorization(&t->base, headers) : 0;
}

/* Each option of a request replaces the option of the request before it. */
static CURLcode set_request(struct to_http *t, const char *url, struct curl_slist *headers,
			    const char *body, size_t len)
{
	CURLcode err = curl_easy_setopt(t->curl, CURLOPT_URL, url);

	err = err ?: curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, headers);
	err = err ?: curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body);
	return err ?: curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)len);
}

/* 0: there is an answer, with any status. */
static int post(struct to_http *t, const char *url, const char *body, size_t len)
{
	struct curl_slist *headers = NULL;
	char said[CURL_ERROR_SIZE] = "";
	int err = make_headers(t, &headers);
	CURLcode code;

	if (!err) {
		t->answered = 0;
		curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, said);
		code = set_request(t, url, headers, body, len) ?: curl_easy_perform(t->curl);
		curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, NULL);
		t->answer[t->answered] = '\0';
		if (code)
			err = transport_fail(&t->base, -EIO, "%s",
					     *said ? said : curl_easy_strerror(code));
	}
	curl_slist_free_all(headers);
	return err;
}

static int to_http_refused(struct to_http *t, const struct http_answer *a)
{
	curl_off_t after = 0;
	int err = -EAGAIN;

	curl_easy_getinfo(t->curl, CURLINFO_RETRY_AFTER, &after);
	t->base.retry_after = after > 0 ? (uint64_t)after * 1000000000 : 0;
	if (a->status == 400 || a->status == 413 || a->status == 422)
		err = -EMSGSIZE;
	return transport_fail(&t->base, err, "HTTP %ld: %.*s", a->status, SHOWN, a->text);
}

static struct http_answer answer_of(const struct to_http *t)
{
	struct http_answer a = { .text = t->answer, .len = t->answered };

	curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &a.status);
	return a;
}

/* Splunk has received the batch, and acknowledges later that it has stored it. */
static int wait_for_ack(struct to_http *t, uint64_t id)
{
	uint64_t until = clock_ns(CLOCK_MONOTONIC) + t->base.to->timeout;
	struct pollfd stop = { .fd = t->base.site->stop, .events = POLLIN };
	char url[2048], body[64];
	size_t len = strlen(t->url);

	while (len && t->url[len - 1] != '/')
		len--;
	snprintf(url, sizeof(url), "%.*sack?channel=%s", (int)len, t->url, t->channel);
	snprintf(body, sizeof(body), "{\"acks\":[%llu]}", (unsigned long long)id);
	do {
		struct http_answer a;
		int err = post(t, url, body, strlen(body));

		if (err)
			return err;
		a = answer_of(t);
		if (a.status != 200)
			return to_http_refused(t, &a), -EAGAIN;
		err = http_acked(&a, id);
		if (err)
			return err < 0 ? transport_fail(&t->base, err,
							"invalid answer about acknowledgements: "
							"%.*s",
							SHOWN, a.text)
				       : 0;
	} while (poll(&stop, 1, ASK_NS / 1000000) == 0 && clock_ns(CLOCK_MONOTONIC) < until);
	return transport_fail(&t->base, -ETIMEDOUT,
			      "the receiver did not acknowledge the records in time");
}

static int conclude(struct to_http *t, struct item **list, size_t count)
{
	struct http_answer a = answer_of(t);
	const struct http_body *body = t->base.to->body;
	uint64_t ack;
	bool acks;
	int err;

	if (a.status < 200 || a.status >= 300)
		return to_http_refused(t, &a);
	acks = body->acks && http_ack_id(&a, &ack);
	err = body->read ? body->read(&a, list, count) : 0;
	if (err)
		return transport_fail(&t->base, err, "HTTP %ld with an invalid answer: %.*s",
				      a.status, SHOWN, a.text);
	err = acks ? wait_for_ack(t, ack) : 0;
	for (size_t i = 0; i < count && (err || !body->read); i++)
		list[i]->fate = err ? ITEM_OPEN : ITEM_THERE;
	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		if (list[i]->fate == ITEM_OPEN)
			transport_fail(&t->base, 0, "the receiver did not accept all records");
	return 0;
}

static int http_send(struct transport *base, struct item **list, size_t count)
{
	struct to_http *t = (struct to_http *)base;
	AUTO_FREE char *body = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&body, &len);
	int err;

	if (!out)
		return -ENOMEM;
	fputs(t->as.head, out);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? t->as.between : "", out);
		fwrite(list[i]->text, 1, list[i]->len, out);
	}
	fputs(t->as.tail, out);
	if (fclose(out))
		return -ENOMEM;
	err = post(t, t->url, body, len);
	return err ?: conclude(t, list, count);
}

extern const struct transport_ops transport_http;
const struct transport_ops transport_http = { .type = TO_HTTP,
					      .open = http_open,
					      .render = http_render,
					      .send = http_send,
					      .close = http_close };
