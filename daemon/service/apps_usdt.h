/* SPDX-License-Identifier: Apache-2.0 */
/* apps_usdt.h - the scenario marks of programs that have not started yet. */
#ifndef PIAUDIT_APPS_USDT_H
#define PIAUDIT_APPS_USDT_H

struct app;
struct probes;

/*
 * Attaches to the marks in the files that can be @app's executables, so that the first mark of the
 * first process is seen. Other files are attached when they are run, or opened as a library.
 */
void apps_usdt_scan(struct probes *probes, const struct app *app);

#endif
