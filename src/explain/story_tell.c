/* SPDX-License-Identifier: Apache-2.0
 *
 * The second half: the state around each command that was found.
 */
#include "explain/follow.h"

#include "wire/native/event_codec.h"
#include "wire/native/text36.h"

/* The order as it rests under its present name; false if it does not. */
static bool find_own(const struct story *story, struct engine_order *out_order)
{
    return story->order_id != 0 && story->named &&
           engine_find(story->past->now.engine, story->account, &story->name, out_order) &&
           out_order->order_id == story->order_id;
}

static void look_before(const struct story *story, struct step *step)
{
    struct engine_order order;
    step->rests = find_own(story, &order);
    if (step->rests) {
        step->open_before = order.remaining;
        step->rests =
            engine_queue(story->past->now.engine, story->account, &story->name, &step->before);
    }
}

static void look_after(const struct story *story, struct step *step)
{
    struct engine_order order;
    step->rests_now = find_own(story, &order);
    if (step->rests_now) {
        step->open_after = order.remaining;
        step->rests_now =
            engine_queue(story->past->now.engine, story->account, &story->name, &step->after);
    }
}

static bool is_order_command(unsigned id)
{
    return id == COMMAND_NEW_ORDER || id == COMMAND_CANCEL || id == COMMAND_REDUCE ||
           id == COMMAND_REPLACE || id == COMMAND_RESOLVE;
}

/* Of a foreign command the own view keeps when it was, and of the operator's what it was. */
static void hide_command(struct step *step)
{
    const struct command_header *header = &step->command.header;
    bool of_operator = header->session == 0 && !is_order_command(header->id);
    step->command = (struct command){.header = {.sequence = header->sequence,
                                                .time_ns = header->time_ns,
                                                .id = of_operator ? header->id : 0}};
}

static bool is_own_account(const struct story *story, uint64_t number)
{
    struct engine_account account;
    return engine_account(story->past->now.engine, number, &account) &&
           account.participant == story->accepted.participant;
}

/* Takes what is another participant's out of a trade. */
static void hide_counterparty(const struct story *story, struct event *event)
{
    struct event_trade *trade = &event->trade;
    if (!is_own_account(story, trade->maker_account)) {
        trade->maker_order_id = 0;
        trade->maker_reference = 0;
        trade->maker_account = 0;
        trade->maker_session = 0;
        trade->maker_remaining.lots = 0;
    }
    if (!is_own_account(story, trade->taker_account)) {
        trade->taker_order_id = 0;
        trade->taker_account = 0;
        trade->taker_session = 0;
        trade->taker_remaining.lots = 0;
    }
}

bool story_hides(const struct story *story, const struct event *event)
{
    return !story->operator_view && event->header.id == EVENT_TRADE &&
           (event->trade.maker_order_id == 0 || event->trade.taker_order_id == 0);
}

static enum status add_event(struct story *story, const struct event *event)
{
    void *list = story->events;
    if (!list_grow(&list, story->event_count, &story->event_capacity, sizeof *story->events)) {
        return STATUS_NO_MEMORY;
    }
    story->events = list;
    struct event *added = &story->events[story->event_count++];
    *added = *event;
    if (event->header.id == EVENT_TRADE && !story->operator_view) {
        hide_counterparty(story, added);
    }
    return STATUS_OK;
}

/* In the story of a command the own view holds no orders (whose they are is not looked up) and no
 * answers to others. */
static bool is_told(const struct story *story, const struct event *event)
{
    bool of_other = event->header.id == EVENT_MASS_CANCELLED &&
                    event->mass_cancelled.participant != story->accepted.participant;
    return story->operator_view || (event_order_id(story, event) == 0 && !of_other);
}

/* The events of the command just applied that belong into the step; *out_rejected: its refusal. */
static enum status read_events(struct story *story, struct step *step, struct event *out_rejected,
                               bool *out_rested)
{
    const struct past *past = story->past;
    uint64_t sequence = story_events_before(past);
    struct event_record record;
    step->event_first = story->event_count;
    for (size_t at = 0; event_next(&past->now.events, &at, &record);) {
        struct event event;
        story_decode(past, &record, ++sequence, &event);
        bool in = follow_event(story, &past->command, step->named, &event);
        if (story->order_id == 0) {
            in = is_told(story, &event);
            step->events_hidden += !in;
        }
        if (event.header.id == EVENT_REJECTED) {
            *out_rejected = event;
        }
        if (in) {
            *out_rested = *out_rested || event.header.id == EVENT_RESTED;
            if (event.header.id == EVENT_TRADE) {
                story->filled.lots += event.trade.quantity.lots;
            }
            enum status status = add_event(story, &event);
            if (status != STATUS_OK) {
                return status;
            }
        }
    }
    step->event_count = story->event_count - step->event_first;
    return STATUS_OK;
}

struct ahead_walk {
    struct story *story;
    struct step *step;
    enum status status;
};

static bool on_ahead(void *context, const struct engine_resting *order)
{
    struct ahead_walk *walk = context;
    struct story *story = walk->story;
    bool own = order->participant == story->accepted.participant;
    if ((!own && !story->operator_view) || walk->step->ahead_count >= story->ahead_max) {
        walk->step->ahead_hidden++;
        return true;
    }
    void *list = story->ahead;
    if (!list_grow(&list, story->ahead_count, &story->ahead_capacity, sizeof *story->ahead)) {
        walk->status = STATUS_NO_MEMORY;
        return false;
    }
    story->ahead = list;
    story->ahead[story->ahead_count++] =
        (struct ahead){.order_id = order->order.order_id,
                       .account = order->order.account,
                       .open = order->order.remaining,
                       .client_order_id = order->order.client_order_id};
    walk->step->ahead_count++;
    return true;
}

static enum status add_step(struct story *story, struct step **out_step)
{
    void *list = story->steps;
    if (!list_grow(&list, story->step_count, &story->step_capacity, sizeof *story->steps)) {
        return STATUS_NO_MEMORY;
    }
    story->steps = list;
    *out_step = &story->steps[story->step_count++];
    **out_step = (struct step){0};
    return STATUS_OK;
}

static void note_sender(const struct story *story, struct step *step, uint32_t participant)
{
    step->foreign = participant != story->accepted.participant;
    if (step->foreign && !story->operator_view) {
        hide_command(step);
    }
}

static enum status tell_step(struct story *story, bool named)
{
    struct past *past = story->past;
    struct step *step;
    const struct engine *moment;
    enum status status = add_step(story, &step);
    if (status != STATUS_OK) {
        return status;
    }
    step->command = past->command;
    step->named = named;
    look_before(story, step);
    if (named) {
        status = past_moment(past, &moment);
        if (status != STATUS_OK) {
            return status;
        }
        checks_read(moment, &past->command, &step->checks);
    }
    past_apply(past);
    struct event rejected = {0};
    bool rested = false;
    step->engine_time_ns = engine_time_ns(past->now.engine);
    uint32_t participant = command_participant(past->now.engine, &past->command);
    if (story->order_id == 0) {
        story->accepted.participant = participant; /* who asks is who sent it */
    }
    status = read_events(story, step, &rejected, &rested);
    if (status != STATUS_OK) {
        return status;
    }
    bool refused = rejected.header.id == EVENT_REJECTED;
    if (named && !checks_conclude(&step->checks, refused ? &rejected.rejected : NULL)) {
        return STATUS_MISMATCH;
    }
    note_sender(story, step, participant);
    look_after(story, step);
    step->ahead_first = story->ahead_count;
    if (rested && step->rests_now) {
        struct ahead_walk walk = {story, step, STATUS_OK};
        engine_each_ahead(past->now.engine, story->account, &story->name, on_ahead, &walk);
        status = walk.status;
    }
    return status;
}

static void note_terms(struct story *story)
{
    uint32_t instrument =
        story->order_id != 0 ? story->accepted.instrument : story->steps[0].checks.instrument;
    const struct command_list_instrument *terms =
        engine_instrument(story->past->now.engine, instrument);
    story->has_terms = terms != NULL;
    if (terms != NULL) {
        story->terms = *terms;
    }
}

enum status story_tell(struct story *story)
{
    struct past *past = story->past;
    size_t at = 0;
    follow_begin(story);
    enum status status = past_restart(past);
    while (status == STATUS_OK && at < story->place_count) {
        status = past_next(past);
        if (status != STATUS_OK) {
            break;
        }
        if (past->command.header.sequence == story->places[at].sequence) {
            status = tell_step(story, story->places[at].named);
            at++;
        } else {
            past_apply(past);
            status = story_progress(story);
        }
    }
    if (status == STATUS_OK) {
        const struct step *last = &story->steps[story->step_count - 1];
        story->live = last->rests_now;
        story->open = last->open_after;
        note_terms(story);
    }
    return status;
}
