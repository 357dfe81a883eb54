/* SPDX-License-Identifier: Apache-2.0
 *
 * Which commands and events are about an order. Private to explain/.
 *
 * Owner: story_find.c and story_tell.c, a pass each. Threads: one. Memory: none. Errors: none.
 * Order of calls: follow_begin with a pass; follow_named before a command, follow_event for each of
 * its events, follow_keeps behind them.
 */
#ifndef DOJIMA_EXPLAIN_FOLLOW_H
#define DOJIMA_EXPLAIN_FOLLOW_H

#include "explain/story.h"

/* An account's name for an order. */
struct order_name {
    uint64_t account;
    struct text36 name;
};

void follow_begin(struct story *story);

/* Whether a command names an order so; a REPLACE also by the name it asks for. */
bool command_names(const struct command *command, const struct order_name *name);

/* Whose command it is: 0 = the operator's own. */
uint32_t command_participant(const struct engine *engine, const struct command *command);

/* Whether the command, not applied yet, names the order as it is called now. In the own view
 * others, who are refused for it, are not its owner's business. */
bool follow_named(const struct story *story, const struct command *command);

/* Whether the event is about the order; the order's name follows. Of a command that names it its
 * own answers are, too. */
bool follow_event(struct story *story, const struct command *command, bool named,
                  const struct event *event);

/* The order id that an event is about, the taker's of a TRADE or PREVENTED; 0 = none. */
uint64_t event_order_id(const struct story *story, const struct event *event);

/* Makes room for one more at the end of a growing list; false: no memory. */
MUST_USE bool list_grow(void **list, size_t count, size_t *capacity, size_t bytes);

/* An event as the engine wrote it, with the sequence that the log gives it. */
void story_decode(const struct past *past, const struct event_record *record, uint64_t sequence,
                  struct event *out_event);

/* Before the first event of the command just applied. */
uint64_t story_events_before(const struct past *past);

MUST_USE enum status story_progress(const struct story *story);

#endif
