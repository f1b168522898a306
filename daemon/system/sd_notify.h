/* SPDX-License-Identifier: Apache-2.0 */
/* sd_notify.h - messages of the service to systemd. Without NOTIFY_SOCKET nothing is sent. */
#ifndef PIAUDIT_SD_NOTIFY_H
#define PIAUDIT_SD_NOTIFY_H

#include <stdint.h>

/* All return 0 (also without NOTIFY_SOCKET), or -errno. */
int sd_notify_ready(void); /* started, or finished reloading */
int sd_notify_reloading(void);
int sd_notify_stopping(void);

/* One line for people, shown by systemctl status. The same line is not sent twice in a row. */
int sd_notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Call it in each turn of the main loop. Sends a keep-alive twice in a period (WATCHDOG_USEC).
 * CLOCK_MONOTONIC.
 */
void sd_notify_watchdog(uint64_t now_ns);

#endif
