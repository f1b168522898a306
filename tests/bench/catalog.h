/* SPDX-License-Identifier: Apache-2.0 */
/* catalog.h - generates catalogs of any size; one row is the file that the worker opens. */
#ifndef PIAUDIT_BENCH_CATALOG_H
#define PIAUDIT_BENCH_CATALOG_H

struct catalog_plan {
	const char *dir;          /* is created */
	const char *categories;   /* the file to copy */
	const char *hit, *source; /* the file that matches, and the id of its row */
	const char *places;       /* folder of the paths of all other rows; some of the files are
				   * created */
	unsigned int sources;     /* at least 8 */
};

int catalog_write(const struct catalog_plan *plan); /* errors are printed on stderr */

#endif
