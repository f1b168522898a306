/* SPDX-License-Identifier: Apache-2.0 */
/* catalog_fixture.h - a small catalog with a source of every kind. */
#ifndef PIAUDIT_CATALOG_FIXTURE_H
#define PIAUDIT_CATALOG_FIXTURE_H

#include "policy_fixture.h"

#include "policy/catalog.h"

static const char good_categories[] =
	"categories:\n"
	"  - {id: device, title: Device}\n"
	"  - {id: mac, title: MAC, parent: device, dpv: \"pd:MACAddress\"}\n"
	"  - {id: disk, title: Disk serial, parent: serial, dpv_broader: \"pd:UID\"}\n"
	"  - {id: serial, title: Serial, parent: device}\n"
	"  - {id: mail, title: Mail}\n"
	"  - {id: av, title: Picture}\n"
	"  - {id: fame, title: Fame, not_observable: known to others only}\n";

static const char good_sources[] =
	"sources:\n"
	"  - {id: machine_id, category: serial, kind: file, path: [/etc/machine-id, /var/lib/dbus/machine-id]}\n"
	"  - {id: sysfs_mac, category: mac, kind: file, path: /sys/class/net/*/address}\n"
	"  - {id: mail_store, category: mail, kind: file, path: \"~/.mail/**\", own: [/usr/bin/mailer, /opt/**/mail]}\n"
	"  - {id: mail_deep, category: mail, kind: file, path: \"**/Mail/*.eml\"}\n"
	"  - {id: mail_list, category: mail, kind: directory, path: \"~/.mail\"}\n"
	"  - {id: any_disk, category: disk, kind: file, path: \"/*/*/serial?\"}\n"
	"  - {id: environ, category: device, kind: process, path: /proc/*/environ}\n"
	"  - {id: camera, category: av, kind: device, device: char, major: 81, minor: [0, 63]}\n"
	"  - {id: hid, category: device, kind: device, device: char, path: /dev/hidraw*}\n"
	"  - {id: disk_node, category: disk, kind: device, device: block, major: 8}\n"
	"  - {id: hwaddr, category: mac, kind: ioctl, number: 0x8927, request: SIOCGIFHWADDR}\n"
	"  - {id: ethtool, category: mac, kind: ioctl, number: 0x8946, sub: 0x20}\n"
	"  - {id: getlink, category: mac, kind: netlink, protocol: 0, message: 18, grade: direct, dump: true}\n"
	"  - {id: getaddr, category: device, kind: netlink, protocol: 0, message: 22, length_min: 8, length_max: 16}\n"
	"  - {id: uname, category: device, kind: call, call: uname, grade: ambient}\n"
	"  - {id: link_news, category: mac, kind: call, call: subscribe, protocol: 0, groups: 0x11}\n"
	"  - {id: gpsd, category: device, also: [mail, av], kind: connect, port: 2947}\n"
	"  - {id: bus, category: serial, kind: connect, path: /run/bus}\n"
	"  - {id: twin, category: av, kind: file, path: /etc/twin}\n";

/* Loads a catalog from two texts; returns the result of catalog_load(). */
static inline int load_texts(struct catalog **out, const char *categories, const char *sources,
			     struct problems *p)
{
	static const char *const homes[] = { "/root",    "/home/eve",      "/srv/[x]/",
					     "relative", "/home/[corp]/*", NULL };
	char path[128];

	fixture_file(path, "categories.yaml", categories);
	fixture_file(path, "sources.yaml", sources);
	return catalog_load(out, fixture_dir, homes, p);
}

static inline struct catalog *good(void)
{
	struct catalog *catalog = NULL;
	struct problems p = { 0 };
	int err = load_texts(&catalog, good_categories, good_sources, &p);

	for (size_t i = 0; i < p.count; i++)
		print_error("  %s\n", p.list[i].text);
	assert_int_equal(err, 0);
	assert_int_equal(p.errors, 0);
	return catalog;
}

#endif
