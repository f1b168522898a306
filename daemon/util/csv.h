/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h - writes a line of comma-separated values (RFC 4180) that is harmless in a spreadsheet. */
#ifndef PIAUDIT_CSV_H
#define PIAUDIT_CSV_H

#include <stdio.h>

/*
 * @texts: NULL-terminated. A text that a spreadsheet would read as a formula gets an apostrophe
 * before it. -EIO.
 */
int csv_row(FILE *out, const char *const *texts);

#endif
