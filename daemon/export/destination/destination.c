/* SPDX-License-Identifier: Apache-2.0 */
/* destination.c - the keys of one destination, and the checks across keys. */
#include <errno.h>
#include <string.h>

#include <piaudit/auto.h>

#include "encoding.h"
#include "http_body.h"
#include "policy/suggest.h"
#include "settings_private.h"

const char *const destination_type_word[TO_MAX] = {
	[TO_FILE] = "file",
	[TO_SYSLOG] = "syslog",
	[TO_HTTP] = "http",
	[TO_KAFKA] = "kafka",
};

static int dest_unknown(struct reader *r, const struct schema_field *f,
			const struct yaml_node *value, struct suggest *g)
{
	return problem_error(r->problems, schema_place(r, value), "unknown %s \"%.60s\"%s", f->key,
			     value->text, suggest_fix(g, "piaudit list formats"));
}

static int set_encoder(struct reader *r, const struct schema_field *f,
		       const struct yaml_node *value, void *object)
{
	struct destination *d = object;
	struct suggest g;

	d->encoder = encoding_find(value->text);
	suggest_start(&g, value->text);
	for (size_t i = 0; encoding_name(i); i++)
		suggest_offer(&g, encoding_name(i));
	return d->encoder ? 0 : dest_unknown(r, f, value, &g);
}

static int set_body(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	struct destination *d = object;
	struct suggest g;

	d->body = http_body_find(value->text);
	suggest_start(&g, value->text);
	for (size_t i = 0; i < http_body_count; i++)
		suggest_offer(&g, http_bodies[i].name);
	return d->body ? 0 : dest_unknown(r, f, value, &g);
}

static int set_type(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		    void *object)
{
	struct schema_field word = *f;

	word.words = destination_type_word;
	word.word_count = TO_MAX;
	return schema_word(r, &word, value, object);
}

static int dest_set_profile(struct reader *r, const struct schema_field *f,
			    const struct yaml_node *value, void *object)
{
	struct schema_field word = *f;

	word.words = encoding_profiles;
	word.word_count = encoding_profile_count;
	return schema_word(r, &word, value, object);
}

#define PART(name)                                                                            \
	{                                                                                     \
#name, YAML_TEXT, false, offsetof(struct pattern_of_body, name), schema_text, \
			NULL, 0                                                               \
	}

static int set_template(struct reader *r, const struct schema_field *f,
			const struct yaml_node *value, void *object)
{
	static const struct schema_field parts[] = { PART(head), PART(item), PART(between),
						     PART(tail) };
	static const struct schema schema = { "a template", parts, ARRAY_SIZE(parts), NULL };

	return schema_read(r, &schema, value, (char *)object + f->at, NULL);
}

static int set_pairs(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	struct pairs *pairs = (struct pairs *)(void *)((char *)object + f->at);
	int err = 0;

	pairs->list = arena_alloc(r->arena, value->count + 1, sizeof(*pairs->list));
	if (!pairs->list)
		return -ENOMEM;
	for (const struct yaml_node *k = value->first; k; k = k->next) {
		struct pair *pair = &pairs->list[pairs->count++];

		if (k->value->kind != YAML_TEXT || strpbrk(k->value->text, "\r\n")) {
			err = problem_error(r->problems, schema_place(r, k->value),
					    "\"%.60s\" must be a text on one line", k->text);
			continue;
		}
		pair->name = arena_dup(r->arena, k->text, strlen(k->text));
		pair->value = arena_dup(r->arena, k->value->text, strlen(k->value->text));
		if (!pair->name || !pair->value)
			return -ENOMEM;
	}
	return err;
}

static int set_proxy(struct reader *r, const struct schema_field *f, const struct yaml_node *value,
		     void *object)
{
	static const char *const begin[] = { "http://", "https://", "socks5://", "socks5h://" };
	bool fits = !strcmp(value->text, PROXY_ENVIRONMENT);

	for (size_t i = 0; i < ARRAY_SIZE(begin); i++)
		fits |= !strncmp(value->text, begin[i], strlen(begin[i]));
	if (!fits)
		return problem_error(
			r->problems, schema_place(r, value),
			"invalid proxy \"%.80s\": use http://HOST:PORT, https://HOST:PORT, "
			"socks5://HOST:PORT, socks5h://HOST:PORT or " PROXY_ENVIRONMENT,
			value->text);
	return schema_text(r, f, value, object);
}

#define KEY(name, kind, set, ...)    CONFIG_KEY(destination, name, kind, false, set, __VA_ARGS__)
#define NEEDED(name, kind, set, ...) CONFIG_KEY(destination, name, kind, true, set, __VA_ARGS__)
static const struct config_row rows[] = {
	NEEDED(name, YAML_TEXT, schema_id, "id", NULL, NULL, NULL,
	       "name of its state files: a new name begins with the oldest finding"),
	NEEDED(type, YAML_TEXT, set_type, "file, syslog, http or kafka", NULL, NULL, NULL,
	       "piaudit-export-kafka sends to kafka, piaudit-export to the others"),
	NEEDED(to, YAML_TEXT, schema_text, "address", NULL, NULL, NULL,
	       "a path; udp://, tcp:// or tls://HOST:PORT; a URL; HOST:PORT[,HOST:PORT...]"),
	KEY(encoder, YAML_TEXT, set_encoder, "encoding", NULL, NULL, NULL,
	    "default: the encoding of the body, else syslog for syslog, and json for the others"),
	KEY(profile, YAML_TEXT, dest_set_profile, "full, pseudonymous or minimal", "full", NULL,
	    NULL, "the fields of a finding that leave this machine: they are personal data too"),
	KEY(body, YAML_TEXT, set_body, "body", NULL, NULL, NULL,
	    "http: lines, elastic, splunk, loki, clickhouse, otlp or gelf (default: lines)"),
	KEY(template, YAML_MAP, set_template, "map", NULL, NULL, NULL,
	    "http: head, item, between and tail of a body, instead of those of the kind"),
	KEY(into, YAML_TEXT, schema_text, "name", NULL, NULL, NULL,
	    "the index of elastic, the table of clickhouse, the topic of kafka"),
	KEY(ca, YAML_TEXT, config_set_path, "path", NULL, NULL, NULL,
	    "PEM: authorities for the receiver's certificate (default: those of the system)"),
	KEY(certificate, YAML_TEXT, config_set_path, "path", NULL, NULL, NULL,
	    "PEM: the certificate of piaudit-export, if the receiver requests one"),
	KEY(key, YAML_TEXT, config_set_path, "path", NULL, NULL, NULL, "PEM: its private key"),
	KEY(authorization, YAML_TEXT, schema_text, "path", NULL, NULL, NULL,
	    "http: a file with the header's value; a name without a path is a systemd credential"),
	KEY(proxy, YAML_TEXT, set_proxy, "URL or environment", NULL, NULL, NULL,
	    "http: http://, https:// or socks5h://HOST:PORT; environment: use http_proxy and "
	    "similar variables (default: no proxy, the variables are ignored)"),
	KEY(headers, YAML_MAP, set_pairs, "map", NULL, NULL, NULL, "http: additional headers"),
	KEY(properties, YAML_MAP, set_pairs, "map", NULL, NULL, NULL,
	    "kafka: properties of librdkafka, for example for TLS and SASL"),
	KEY(pen, YAML_TEXT, config_set_number, "number", "32473", "1", "4294967295",
	    "syslog: private enterprise number of structured data"),
	KEY(facility, YAML_TEXT, config_set_number, "number", "10", "0", "23",
	    "syslog: the facility; 10 is authpriv"),
	KEY(limit, YAML_TEXT, config_set_size, "size", "8K", "480", "1M",
	    "syslog: the longest message that the receiver accepts"),
	KEY(file_bytes, YAML_TEXT, config_set_size, "size", "64M", "64K", "64G",
	    "file: at this size the file is rotated"),
	KEY(files, YAML_TEXT, config_set_number, "number", "8", "1", "1000",
	    "file: files that are kept, including the current one"),
	KEY(batch, YAML_TEXT, config_set_number, "number", "500", "1", "10000",
	    "findings that are sent together, at most"),
	KEY(batch_bytes, YAML_TEXT, config_set_size, "size", "1M", "64K", "16M",
	    "their bytes, at most: the memory of a destination"),
	KEY(linger, YAML_TEXT, config_set_time, "time", "1s", "0", "10m",
	    "how long a finding waits for others, to be sent together"),
	KEY(rate, YAML_TEXT, config_set_number, "number", "0", "0", "1000000",
	    "findings per second, at most; 0: no limit, but 1000 over udp"),
	KEY(timeout, YAML_TEXT, config_set_time, "time", "30s", "1s", "10m",
	    "how long to wait for the receiver"),
	KEY(retry_least, YAML_TEXT, config_set_time, "time", "1s", "10ms", "1h",
	    "the first wait after a failure; each later wait can be twice as long"),
	KEY(retry_most, YAML_TEXT, config_set_time, "time", "5m", "10ms", "1d",
	    "the longest wait, unless the receiver requests more"),
	KEY(dead_bytes, YAML_TEXT, config_set_size, "size", "16M", "64K", "1G",
	    "refused findings that are kept, in NAME.dead of the state folder"),
};
const struct config_table destination_table = { "a destination", rows, ARRAY_SIZE(rows),
						"piaudit-export --keys" };
_Static_assert(ARRAY_SIZE(rows) <= SCHEMA_ROWS_MAX, "more keys than schema_read takes");

/* The beginnings that an address can have, and their text for the error message. */
static const struct {
	const char *begin[3], *said;
} address[TO_MAX] = {
	[TO_FILE] = { { "/" }, "an absolute path, for example /var/lib/piaudit-export/findings" },
	[TO_SYSLOG] = { { "udp://", "tcp://", "tls://" },
			"udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT" },
	[TO_HTTP] = { { "https://", "http://" }, "https://HOST:PORT/... or http://HOST:PORT/..." },
	[TO_KAFKA] = { { "" }, "HOST:PORT" },
};

static bool address_fits(const struct destination *d)
{
	for (size_t i = 0; i < ARRAY_SIZE(address[0].begin); i++) {
		const char *begin = address[d->type].begin[i];

		if (begin && !strncmp(d->to, begin, strlen(begin)))
			return true;
	}
	return false;
}

static const char *encoder_for(const struct destination *d)
{
	if (d->type == TO_SYSLOG)
		return "syslog";
	return d->body && d->body->encoder ? d->body->encoder : "json";
}

static int dest_complete(struct reader *r, const struct yaml_node *at, struct destination *d)
{
	struct place place = schema_place(r, at);
	int err = 0;

	if (!address_fits(d))
		err = problem_error(r->problems, place,
				    "invalid address \"%.80s\" for type %s: use %s", d->to,
				    destination_type_word[d->type], address[d->type].said);
	if (d->type == TO_HTTP && !d->body)
		d->body = http_body_find("lines");
	if (!d->encoder)
		d->encoder = encoding_find(encoder_for(d));
	if (!d->into && d->body && d->body->into)
		d->into = d->body->into;
	if (!d->into && d->type == TO_KAFKA)
		err = problem_error(
			r->problems, place,
			"key \"into\" is missing in a destination of type kafka; add the topic");
	if (!d->certificate != !d->key)
		err = problem_error(r->problems, place,
				    "key \"%s\" is missing, but \"%s\" is there; add it",
				    d->key ? "certificate" : "key", d->key ? "key" : "certificate");
	if (d->retry_most < d->retry_least)
		d->retry_most = d->retry_least;
	return err;
}

/* @first: the node of the first destination; @at: that of the last one that was read. */
static int check_name(struct reader *r, const struct yaml_node *first, const struct yaml_node *at,
		      const struct settings *s)
{
	const struct destination *last = &s->list[s->count - 1];

	for (size_t i = 0; i + 1 < s->count && last->name; i++, first = first->next)
		if (s->list[i].name && !strcmp(s->list[i].name, last->name))
			return problem_error(
				r->problems, schema_place(r, at),
				"duplicate destination \"%s\", first in line %d; keep one",
				last->name, first->line);
	return 0;
}

int settings_destinations(struct reader *r, const struct schema_field *f,
			  const struct yaml_node *value, void *object)
{
	struct settings *s = object;
	struct config_table table = destination_table;
	struct reader inner = *r;
	int err = 0;

	(void)f;
	inner.context = &table;
	s->list = arena_alloc(r->arena, value->count + 1, sizeof(*s->list));
	if (!s->list)
		return -ENOMEM;
	for (const struct yaml_node *n = value->first; n && err != -ENOMEM; n = n->next) {
		struct destination *d = &s->list[s->count++];
		int wrong = config_table_read(&inner, n, d);

		wrong = wrong ?: dest_complete(&inner, n, d);
		wrong = check_name(&inner, value->first, n, s) ?: wrong;
		err = wrong ?: err;
	}
	return err;
}
