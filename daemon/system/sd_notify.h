/* SPDX-License-Identifier: Apache-2.0 */
/* sd_notify.h - what the service tells its manager, systemd: nothing where nobody listens (no NOTIFY_SOCKET). */
#ifndef PIAUDIT_SD_NOTIFY_H
#define PIAUDIT_SD_NOTIFY_H

#include <stdint.h>

/* 0, also where nobody listens, or -errno. */
int sd_notify_ready(void); /* started, or done with reloading */
int sd_notify_reloading(void);
int sd_notify_stopping(void);

/* One line for people, shown by systemctl status. Nothing is sent where it is the one before. */
int sd_notify_status(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Still at work: to be called each turn of the main loop; tells it twice in a period (WATCHDOG_USEC). CLOCK_MONOTONIC. */
void sd_notify_watchdog(uint64_t now_ns);

#endif
