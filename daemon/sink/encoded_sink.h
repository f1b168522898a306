/* SPDX-License-Identifier: Apache-2.0 */
/* encoded_sink.h - every encoding as a sink; own JSON differs in the summary only. */
#ifndef PIAUDIT_ENCODED_SINK_H
#define PIAUDIT_ENCODED_SINK_H

#include "sink.h"

int encoded_sink_access(struct sink *sink, const struct access *a);
int encoded_sink_loss(struct sink *sink, const struct loss *loss, uint64_t from, uint64_t until);
int encoded_sink_status(struct sink *sink, const struct status *status);

#endif
