/* SPDX-License-Identifier: Apache-2.0
 *
 * What each client sent and heard, as JSON lines, for a judge that shares no code with the venue
 * (tests/sim/judge.py). docs/reference/simulator.md describes the lines.
 *
 * Owner: a seat. Threads: one. Memory: none. Errors: none: the file's owner looks at it in the end.
 * Order of calls: any; nothing is written while seat->history is null.
 */
#ifndef DOJIMA_SIM_HISTORY_H
#define DOJIMA_SIM_HISTORY_H

#include "sim/seat.h"
#include "wire/native/event.h"

void history_sent(const struct seat *seat, const struct command *command);
void history_heard(const struct seat *seat, const struct stream_entry *entry,
                   const struct event *event);
/* What the seat believes at the end. */
void history_end(const struct seat *seat);

#endif
