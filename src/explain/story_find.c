/* SPDX-License-Identifier: Apache-2.0
 *
 * The first half: which order or command is meant, and which commands touched it.
 */
#include "explain/follow.h"

#include "wire/native/event_codec.h"
#include "wire/native/text36.h"

#include <stdlib.h>

void story_init(struct story *story, struct past *past, const struct subject *subject)
{
    *story = (struct story){.past = past, .subject = *subject};
}

void story_deinit(struct story *story)
{
    free(story->candidates);
    free(story->places);
    free(story->steps);
    free(story->events);
    free(story->ahead);
    *story = (struct story){0};
}

static enum status add_candidate(struct story *story, uint64_t order_id, enum reject code)
{
    if (story->candidate_count > 0 && order_id != 0 &&
        story->candidates[story->candidate_count - 1].order_id == order_id) {
        return STATUS_OK; /* the same order under the same name again */
    }
    void *list = story->candidates;
    if (!list_grow(&list, story->candidate_count, &story->candidate_capacity,
                   sizeof *story->candidates)) {
        return STATUS_NO_MEMORY;
    }
    story->candidates = list;
    const struct command_header *header = &story->past->command.header;
    story->candidates[story->candidate_count++] =
        (struct candidate){.order_id = order_id,
                           .sequence = header->sequence,
                           .time_ns = engine_time_ns(story->past->now.engine),
                           .command = header->id,
                           .code = code};
    return STATUS_OK;
}

static enum status add_place(struct story *story, bool named)
{
    void *list = story->places;
    if (!list_grow(&list, story->place_count, &story->place_capacity, sizeof *story->places)) {
        return STATUS_NO_MEMORY;
    }
    story->places = list;
    story->places[story->place_count++] =
        (struct step_place){story->past->command.header.sequence, named};
    return STATUS_OK;
}

/* What a command did, in one word: for those that name an order. */
struct outcome {
    uint64_t order_id; /* it entered or named */
    bool enters;       /* the order has the name from here on */
    enum reject code;
    bool again; /* its first result stands */
};

/* The command's own events are its last ones. */
static struct outcome outcome_of(const struct story *story, const struct order_name *name)
{
    const struct past *past = story->past;
    struct outcome outcome = {0};
    uint64_t sequence = story_events_before(past);
    struct event_record record;
    for (size_t at = 0; event_next(&past->now.events, &at, &record);) {
        struct event event;
        story_decode(past, &record, ++sequence, &event);
        switch (event.header.id) {
        case EVENT_ACCEPTED:
            outcome.order_id = event_order_id(story, &event);
            outcome.enters = true;
            break;
        case EVENT_REPLACED:
            outcome.order_id = event.replaced.order_id;
            outcome.enters =
                name == NULL || text36_equal(&event.replaced.client_order_id, &name->name);
            break;
        case EVENT_REMOVED:
            outcome.order_id = event.removed.reason == REASON_REQUESTED ? event.removed.order_id
                                                                        : outcome.order_id;
            break;
        case EVENT_REDUCED: /* by a prevention it is another order */
            outcome.order_id = event.reduced.reason != REASON_SELF_TRADE ? event.reduced.order_id
                                                                         : outcome.order_id;
            break;
        case EVENT_REJECTED:
            outcome.code = (enum reject)event.rejected.code;
            break;
        case EVENT_REPLAYED:
            outcome.again = true;
            break;
        default:
            break;
        }
    }
    return outcome;
}

/* Whether the order that a command is about follows from its own events. */
static bool is_about_an_order(const struct command *command)
{
    return command->header.id == COMMAND_NEW_ORDER || command->header.id == COMMAND_REPLACE ||
           command->header.id == COMMAND_CANCEL || command->header.id == COMMAND_REDUCE;
}

/* An order, or what never became one, under the name that is looked for. */
static enum status look_for_name(struct story *story)
{
    const struct command *command = &story->past->command;
    struct order_name name = {story->subject.account, story->subject.name};
    if (!command_names(command, &name)) {
        return STATUS_OK;
    }
    struct outcome outcome = outcome_of(story, &name);
    if (outcome.enters) {
        return add_candidate(story, outcome.order_id, REJECT_NONE);
    }
    bool known =
        story->candidate_count > 0 && story->candidates[story->candidate_count - 1].order_id != 0;
    bool of_it = outcome.order_id != 0 || outcome.again ||
                 command->header.id != COMMAND_NEW_ORDER ||
                 outcome.code == REJECT_DUPLICATE_ORDER_ID;
    return known && of_it ? STATUS_OK : add_candidate(story, 0, outcome.code);
}

/* The order id or command sequence that is looked for; END when nothing more can come. */
static enum status look_for_number(struct story *story)
{
    const struct past *past = story->past;
    const struct subject *subject = &story->subject;
    uint64_t event = subject->number >> 16;
    enum status status = STATUS_OK;
    bool may_be_order = subject->kind != SUBJECT_COMMAND && event != 0 &&
                        (subject->number & 0xffff) == past->genesis.shard;
    bool may_be_command = subject->kind != SUBJECT_ORDER;
    if (may_be_order && event > story_events_before(past) && event <= past->now.events.sequence) {
        struct outcome outcome = outcome_of(story, NULL);
        if (outcome.enters && outcome.order_id == subject->number) {
            status = add_candidate(story, outcome.order_id, REJECT_NONE);
        }
    }
    if (may_be_command && past->sequence == subject->number) {
        struct outcome outcome = outcome_of(story, NULL);
        uint64_t order_id =
            is_about_an_order(&past->command) && outcome.code == REJECT_NONE ? outcome.order_id : 0;
        status = add_candidate(story, order_id, outcome.code);
        story->asked_sequence = subject->number;
    }
    bool more = (may_be_order && past->now.events.sequence < event) ||
                (may_be_command && past->sequence < subject->number);
    return status != STATUS_OK ? status : more ? STATUS_OK : STATUS_END;
}

static enum status look(struct story *story)
{
    struct past *past = story->past;
    enum status status = past_restart(past);
    while (status == STATUS_OK && (status = past_next(past)) == STATUS_OK) {
        past_apply(past);
        status =
            story->subject.kind == SUBJECT_NAME ? look_for_name(story) : look_for_number(story);
        if (status == STATUS_OK) {
            status = story_progress(story);
        }
    }
    story->passes_done++;
    return status == STATUS_END ? STATUS_OK : status;
}

/* The commands that touched or named the order. */
static enum status collect(struct story *story)
{
    struct past *past = story->past;
    follow_begin(story);
    enum status status = past_restart(past);
    while (status == STATUS_OK && (status = past_next(past)) == STATUS_OK) {
        bool named = follow_named(story, &past->command);
        bool touched = false;
        bool entered = false;
        past_apply(past);
        uint64_t sequence = story_events_before(past);
        struct event_record record;
        for (size_t at = 0; event_next(&past->now.events, &at, &record);) {
            struct event event;
            story_decode(past, &record, ++sequence, &event);
            if (follow_event(story, &past->command, named, &event)) {
                touched = true;
                entered = entered || event.header.id == EVENT_ACCEPTED;
            }
        }
        status = touched ? add_place(story, named || entered) : STATUS_OK;
        if (status == STATUS_OK) {
            status = story_progress(story);
        }
    }
    story->passes_done++;
    return status == STATUS_END ? STATUS_OK : status;
}

enum status story_find(struct story *story)
{
    enum status status = look(story);
    if (status != STATUS_OK) {
        return status;
    }
    if (story->candidate_count == 0) {
        return STATUS_NOT_FOUND;
    }
    if (story->candidate_count > 1) {
        return STATUS_OK;
    }
    const struct candidate *only = &story->candidates[0];
    story->order_id = only->order_id;
    if (only->order_id != 0) {
        return collect(story);
    }
    story->asked_sequence = only->sequence;
    void *list = story->places;
    if (!list_grow(&list, 0, &story->place_capacity, sizeof *story->places)) {
        return STATUS_NO_MEMORY;
    }
    story->places = list;
    story->places[story->place_count++] = (struct step_place){only->sequence, true};
    return STATUS_OK;
}
