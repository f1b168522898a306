/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.h - kinds of personal data (categories), and the places where Linux keeps it
 * (sources). */
#ifndef PIAUDIT_CATALOG_H
#define PIAUDIT_CATALOG_H

#include <piaudit/access.h>

#include "diagnostics.h"

#define SOURCE_ALSO_MAX  4          /* other categories that one source can mean */
#define SOURCE_MAJOR_ANY UINT32_MAX /* a driver whose major the kernel assigns: the name decides */

/* A node of the category tree. Declaring it covers all nodes below it. Owned by its catalog. */
struct category {
	const char *id;
	const char *title;
	const struct category *parent; /* NULL at the top */
	const char *dpv;               /* DPV term, "pd:MACAddress", or NULL */
	bool dpv_broader;              /* the term is broader than the category */
	bool observable;               /* a read on a Linux client can show it */
	const char *why;               /* the reason, if not observable */
	unsigned int index;            /* position in catalog order, from 0 */
	const char *file;
	int line;
};

enum source_kind {
	SOURCE_FILE,      /* a file opened for reading, by path or identity */
	SOURCE_DIRECTORY, /* a directory whose entries are listed, by path */
	SOURCE_PROCESS,   /* a file in /proc/PID of another process, by path */
	SOURCE_DEVICE,    /* a device node, by number; path narrows it by the kernel's own name */
	SOURCE_IOCTL,     /* by request number, and the request inside it */
	SOURCE_NETLINK,   /* by protocol and message type, and the command inside it */
	SOURCE_CALL,      /* a system call, enum pia_call */
	SOURCE_CONNECT,   /* a connection: port, or path of a unix socket */
	SOURCE_X11,       /* a request to a server, as its decoder names it: see daemon/desktop */
	SOURCE_WAYLAND,
	SOURCE_PULSEAUDIO,
	SOURCE_PIPEWIRE,
	SOURCE_DBUS, /* a call of a member, or a read of a property, on a message bus */
	SOURCE_KIND_MAX
};

/* Any of these names matches. An empty list matches every name. */
struct source_names {
	const char **list;
	unsigned int count;
};

/* One place from which a category can be read. Owned by its catalog. */
struct source {
	const char *id;
	const struct category *category;
	/* Other categories that it can mean: the scenario decides. */
	const struct category **also;
	unsigned int also_count, path_count, own_count;
	enum source_kind kind;
	enum grade grade;    /* of a read that succeeds */
	const char *request; /* the name that people use ("SIOCGIFHWADDR"), or NULL */
	const char **paths;  /* patterns, "~" already expanded; see catalog_match */
	const char **own;    /* patterns of executables that own this data */
	uint32_t number;     /* as in struct pia_event; of a device: 0 char, 1 block */
	uint32_t sub;        /* valid if has_sub */
	bool has_sub;
	int dump;                        /* netlink: 1 = only dumps, 0 = only others, -1 = both */
	uint32_t length_min, length_max; /* netlink: of the payload; call: any bit of min */
	uint32_t major, minor_min, minor_max; /* device; major may be SOURCE_MAJOR_ANY */
	struct source_names service, interface, member,
		property; /* dbus; paths are those of its objects */
	const char *file;
	int line;
};

struct catalog;

/*
 * Read categories.yaml and sources.yaml in @dir. @homes: home directories that "~" in a pattern
 * stands for, in addition to /root and /home/<any>; may be NULL. One that ends in a slash and a
 * star matches every directory there: for a domain, /home/DOMAIN/<any>. Every fault is added to
 * @problems, with file:line:col. Then the result is -EINVAL and *@out is untouched.
 */
int catalog_load(struct catalog **out, const char *dir, const char *const *homes,
		 struct problems *problems);
void catalog_free(struct catalog **catalog); /* NULL-safe, sets *catalog to NULL */

/* NULL past the end, and for an unknown id. */
size_t catalog_category_count(const struct catalog *catalog);
const struct category *catalog_category(const struct catalog *catalog, size_t i);
const struct category *catalog_category_find(const struct catalog *catalog, const char *id);
/* True if @c is @parent or below it. */
bool category_covers(const struct category *parent, const struct category *c);

size_t catalog_source_count(const struct catalog *catalog);
const struct source *catalog_source(const struct catalog *catalog, size_t i);
const struct source *catalog_source_find(const struct catalog *catalog, const char *id);

extern const char *const source_kind_word[SOURCE_KIND_MAX];

#endif
