/* SPDX-License-Identifier: Apache-2.0 */
#include "explain/follow.h"

#include "base/assert.h"
#include "wire/native/event_codec.h"
#include "wire/native/text36.h"

#include <stdlib.h>

#define LIST_FIRST      16u
#define COMMANDS_A_LOOK 4096u /* between two looks at the caller */

void follow_begin(struct story *story)
{
    story->account = 0;
    story->name = (struct text36){0};
    story->named = false;
}

bool command_names(const struct command *command, const struct order_name *name)
{
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        return command->new_order.account == name->account &&
               text36_equal(&command->new_order.client_order_id, &name->name);
    case COMMAND_CANCEL:
        return command->cancel.account == name->account &&
               text36_equal(&command->cancel.client_order_id, &name->name);
    case COMMAND_REDUCE:
        return command->reduce.account == name->account &&
               text36_equal(&command->reduce.client_order_id, &name->name);
    case COMMAND_REPLACE:
        return command->replace.account == name->account &&
               (text36_equal(&command->replace.client_order_id, &name->name) ||
                text36_equal(&command->replace.new_client_order_id, &name->name));
    case COMMAND_RESOLVE:
        return command->resolve.account == name->account &&
               text36_equal(&command->resolve.client_order_id, &name->name);
    default:
        return false;
    }
}

uint32_t command_participant(const struct engine *engine, const struct command *command)
{
    struct engine_session session;
    if (engine_session(engine, command->header.session, &session)) {
        return session.participant;
    }
    uint64_t number = 0;
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        number = command->new_order.account;
        break;
    case COMMAND_CANCEL:
        number = command->cancel.account;
        break;
    case COMMAND_REDUCE:
        number = command->reduce.account;
        break;
    case COMMAND_REPLACE:
        number = command->replace.account;
        break;
    case COMMAND_RESOLVE:
        number = command->resolve.account;
        break;
    default:
        break;
    }
    struct engine_account account;
    return engine_account(engine, number, &account) ? account.participant : 0;
}

bool follow_named(const struct story *story, const struct command *command)
{
    struct order_name name = {story->account, story->name};
    return story->named && command_names(command, &name) &&
           (story->operator_view ||
            command_participant(story->past->now.engine, command) == story->accepted.participant);
}

uint64_t event_order_id(const struct story *story, const struct event *event)
{
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        return event->header.sequence << 16 | story->past->genesis.shard;
    case EVENT_RESTED:
        return event->rested.order_id;
    case EVENT_REDUCED:
        return event->reduced.order_id;
    case EVENT_REMOVED:
        return event->removed.order_id;
    case EVENT_REPLACED:
        return event->replaced.order_id;
    case EVENT_TRADE:
        return event->trade.taker_order_id;
    case EVENT_PREVENTED:
        return event->prevented.taker_order_id;
    case EVENT_CANCELLED:
        return event->cancelled.order_id;
    default:
        return 0;
    }
}

/* A NEW_ORDER that names a known order is about it only if it was taken for that one; a REPLACE
 * that asks for its name, only if it came again. */
static bool answers(const struct story *story, const struct command *command,
                    const struct event *event)
{
    bool refused = event->header.id == EVENT_REJECTED;
    bool again = event->header.id == EVENT_REPLAYED;
    switch (command->header.id) {
    case COMMAND_NEW_ORDER:
        return again || (refused && event->rejected.code == REJECT_DUPLICATE_ORDER_ID);
    case COMMAND_REPLACE:
        return again || (refused && text36_equal(&command->replace.client_order_id, &story->name));
    default:
        return refused || event->header.id == EVENT_RESOLVED;
    }
}

bool follow_event(struct story *story, const struct command *command, bool named,
                  const struct event *event)
{
    uint64_t order_id = event_order_id(story, event);
    if (order_id == 0) {
        return named && answers(story, command, event);
    }
    bool own =
        order_id == story->order_id ||
        (event->header.id == EVENT_TRADE && event->trade.maker_order_id == story->order_id) ||
        (event->header.id == EVENT_PREVENTED && event->prevented.maker_order_id == story->order_id);
    if (event->header.id == EVENT_ACCEPTED && own) {
        story->accepted = event->accepted;
        story->account = event->accepted.account;
        story->name = event->accepted.client_order_id;
        story->named = true;
    } else if (event->header.id == EVENT_REPLACED && own) {
        story->name = event->replaced.client_order_id;
        story->named = true;
    } else if (named &&
               (event->header.id == EVENT_ACCEPTED || event->header.id == EVENT_REPLACED)) {
        story->named = false; /* another order has the name from here on */
    }
    return own;
}

bool list_grow(void **list, size_t count, size_t *capacity, size_t bytes)
{
    if (count < *capacity) {
        return true;
    }
    size_t larger = *capacity == 0 ? LIST_FIRST : 2 * *capacity;
    void *grown = realloc(*list, larger * bytes);
    if (grown == NULL) {
        return false;
    }
    *list = grown;
    *capacity = larger;
    return true;
}

void story_decode(const struct past *past, const struct event_record *record, uint64_t sequence,
                  struct event *out_event)
{
    *out_event = (struct event){0};
    enum status status = event_header_decode(record->bytes, record->count, &out_event->header);
    if (status == STATUS_OK) {
        status = event_body_decode(record->bytes + EVENT_HEADER_BYTES,
                                   record->count - EVENT_HEADER_BYTES, out_event);
    }
    ASSERT(status == STATUS_OK); /* the engine wrote it a moment ago */
    out_event->header.sequence = sequence;
    out_event->header.time_ns = engine_time_ns(past->now.engine);
}

uint64_t story_events_before(const struct past *past)
{
    return past->now.events.sequence - past->now.events.count;
}

enum status story_progress(const struct story *story)
{
    uint64_t last = story->past->last_sequence;
    uint64_t done = story->passes_done * last + story->past->sequence;
    bool look = story->past->sequence % COMMANDS_A_LOOK == 0;
    return !look || story->on_progress == NULL || story->on_progress(story->context, done, 3 * last)
               ? STATUS_OK
               : STATUS_INTERRUPTED;
}
