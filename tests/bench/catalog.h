/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.h - catalogs of any size, generated, in which one row is the file that the worker opens. */
#ifndef PIAUDIT_BENCH_CATALOG_H
#define PIAUDIT_BENCH_CATALOG_H

struct catalog_plan {
	const char *dir;          /* is made */
	const char *categories;   /* copied from there */
	const char *hit, *source; /* the file that matches, and the id of its row */
	const char *places;       /* folder in which the other rows look for files; some are made */
	unsigned int sources;     /* at least 8 */
};

int catalog_write(const struct catalog_plan *plan); /* said on stderr on failure */

#endif
