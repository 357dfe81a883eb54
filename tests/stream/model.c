/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/stream/model.h"

#include "base/assert.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>
#include <string.h>

/* What model_event works on. */
struct step {
    struct model *model;
    struct model_entry entry; /* without stream and number */
    struct event event;
};

void model_list_add(struct model_list *list, const struct model_entry *entry)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity == 0 ? 1024 : list->capacity * 2;
        list->at = realloc(list->at, list->capacity * sizeof *list->at);
        ASSERT(list->at != NULL);
    }
    list->at[list->count++] = *entry;
}

uint64_t model_hash(const uint8_t *bytes, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++) {
        hash = hash * 1099511628211u + bytes[i];
    }
    return hash;
}

struct model_entry model_entry_of(const struct stream_entry *entry)
{
    return (struct model_entry){
        .id = entry->key.id,
        .number = entry->number,
        .event_sequence = entry->event_sequence,
        .time_ns = entry->time_ns,
        .replaced_reference = entry->replaced_reference,
        .hash = model_hash(entry->bytes, entry->count),
        .kind = entry->key.kind,
        .side = entry->side,
    };
}

static void give(const struct step *step, enum stream_kind kind, uint64_t id, enum stream_side side)
{
    if (id == 0) {
        return;
    }
    ASSERT(id < MODEL_IDS);
    struct model_entry entry = step->entry;
    entry.kind = kind;
    entry.id = id;
    entry.side = side;
    entry.number = ++step->model->last[kind][id];
    model_list_add(&step->model->entries, &entry);
}

static void control(const struct step *step, uint32_t session)
{
    struct model_entry entry = step->entry;
    entry.kind = STREAM_SESSION;
    entry.id = session;
    model_list_add(&step->model->entries, &entry);
}

static const struct model_owner *owner_of(const struct step *step, uint64_t order_id)
{
    uint64_t accepted = order_id >> 16;
    ASSERT(accepted != 0 && accepted <= step->entry.event_sequence);
    return &step->model->owners[accepted];
}

static void for_order(const struct step *step, uint64_t order_id, enum stream_side side)
{
    const struct model_owner *owner = owner_of(step, order_id);
    give(step, STREAM_SESSION, owner->session, side);
    give(step, STREAM_ACCOUNT, owner->account, side);
    give(step, STREAM_PARTICIPANT, owner->participant, side);
}

static void accepted(const struct step *step)
{
    struct model *model = step->model;
    const struct event_accepted *order = &step->event.accepted;
    size_t at = (size_t)step->entry.event_sequence;
    if (at >= model->owner_capacity) {
        model->owner_capacity = at * 2;
        model->owners = realloc(model->owners, model->owner_capacity * sizeof *model->owners);
        ASSERT(model->owners != NULL);
    }
    model->owners[at] = (struct model_owner){
        .account = order->account, .session = order->session, .participant = order->participant};
    for_order(step, at << 16, STREAM_WHOLE);
}

/* The engine says itself whose orders traded: the fold must have found the same. */
static void traded(const struct step *step)
{
    const struct event_trade *trade = &step->event.trade;
    const struct model_owner *maker = owner_of(step, trade->maker_order_id);
    const struct model_owner *taker = owner_of(step, trade->taker_order_id);
    ASSERT(maker->session == trade->maker_session && maker->account == trade->maker_account);
    ASSERT(taker->session == trade->taker_session && taker->account == trade->taker_account);
    step->model->both_sides += maker->session != 0 && maker->session == taker->session;
    for_order(step, trade->maker_order_id, STREAM_MAKER);
    for_order(step, trade->taker_order_id, STREAM_TAKER);
}

/* Each order that lost quantity, and no other. */
static void prevented(const struct step *step)
{
    const struct event_prevented *prevented = &step->event.prevented;
    ASSERT(owner_of(step, prevented->maker_order_id)->session == prevented->maker_session);
    ASSERT(owner_of(step, prevented->taker_order_id)->session == prevented->taker_session);
    if (prevented->maker_cancelled.lots != 0) {
        for_order(step, prevented->maker_order_id, STREAM_MAKER);
    }
    if (prevented->taker_cancelled.lots != 0) {
        for_order(step, prevented->taker_order_id, STREAM_TAKER);
    }
}

static void rejected(const struct step *step)
{
    struct model *model = step->model;
    const struct event_rejected *event = &step->event.rejected;
    if (event->code == REJECT_UNKNOWN_SESSION || event->code == REJECT_STALE_INCARNATION ||
        event->code == REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST) {
        return;
    }
    uint32_t holder = event->account < MODEL_IDS ? model->account_participant[event->account] : 0;
    if (event->session == 0) {
        give(step, STREAM_ACCOUNT, holder == 0 ? 0 : event->account, STREAM_WHOLE);
        give(step, STREAM_PARTICIPANT, holder, STREAM_WHOLE);
        return;
    }
    uint32_t sender = model->session_participant[event->session];
    give(step, STREAM_SESSION, event->session, STREAM_WHOLE);
    if (holder == sender) {
        give(step, STREAM_ACCOUNT, event->account, STREAM_WHOLE);
    }
    model->by_stranger += holder != 0 && holder != sender;
    give(step, STREAM_PARTICIPANT, sender, STREAM_WHOLE);
}

static void of_sessions(const struct step *step)
{
    const struct event *event = &step->event;
    struct model *model = step->model;
    switch (event->header.id) {
    case EVENT_ACCOUNT_OPENED:
        model->account_participant[event->account_opened.account] =
            event->account_opened.participant;
        break;
    case EVENT_SESSION_OPENED:
        model->session_participant[event->session_opened.session] =
            event->session_opened.participant;
        control(step, event->session_opened.session);
        break;
    case EVENT_SESSION_CLOSED:
        control(step, event->session_closed.session);
        break;
    case EVENT_MASS_CANCELLED:
        give(step, STREAM_SESSION, event->mass_cancelled.asked_by, STREAM_WHOLE);
        break;
    case EVENT_DEAD_MAN_SET:
        give(step, STREAM_SESSION, event->dead_man_set.session, STREAM_WHOLE);
        break;
    case EVENT_REPLAYED:
        give(step, STREAM_SESSION, event->replayed.session, STREAM_WHOLE);
        break;
    case EVENT_RESOLVED:
        give(step, STREAM_SESSION, event->resolved.session, STREAM_WHOLE);
        break;
    case EVENT_SESSION_NOTED:
        give(step, STREAM_SESSION, event->session_noted.session, STREAM_WHOLE);
        break;
    case EVENT_SESSION_RESERVED:
        give(step, STREAM_SESSION, event->session_reserved.session, STREAM_WHOLE);
        break;
    case EVENT_SESSION_FILLED:
        give(step, STREAM_SESSION, event->session_filled.session, STREAM_WHOLE);
        break;
    default:
        break;
    }
}

static void of_orders(const struct step *step)
{
    const struct event *event = &step->event;
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        accepted(step);
        break;
    case EVENT_REJECTED:
        rejected(step);
        break;
    case EVENT_TRADE:
        traded(step);
        break;
    case EVENT_PREVENTED:
        prevented(step);
        break;
    case EVENT_REPLACED:
        for_order(step, event->replaced.order_id, STREAM_WHOLE);
        break;
    case EVENT_CANCELLED:
        for_order(step, event->cancelled.order_id, STREAM_WHOLE);
        break;
    case EVENT_REDUCED:
        if (event->reduced.reason != REASON_REPLACED &&
            event->reduced.reason != REASON_SELF_TRADE) {
            for_order(step, event->reduced.order_id, STREAM_WHOLE);
        }
        break;
    case EVENT_REMOVED:
        if (event->removed.reason != REASON_REPLACED &&
            event->removed.reason != REASON_SELF_TRADE) {
            for_order(step, event->removed.order_id, STREAM_WHOLE);
        }
        break;
    default:
        break;
    }
}

/* Instrument 0: all of them, so everybody is told. */
static void keep_for(const struct step *step, const struct model_entry *entry, uint32_t instrument)
{
    for (uint32_t group = STREAM_PUBLIC_GROUP; group <= STREAM_OTHERS_GROUP; group++) {
        if (instrument == 0 || step->model->groups[instrument] == group) {
            struct model_entry kept = *entry;
            kept.kind = STREAM_PUBLIC;
            kept.id = group;
            model_list_add(&step->model->public_kept, &kept);
        }
    }
}

static void rested(const struct step *step)
{
    struct model *model = step->model;
    const struct event *before = &model->before;
    struct model_entry entry = step->entry;
    if (before->header.id == EVENT_REMOVED && before->header.cause == step->event.header.cause &&
        before->removed.reason == REASON_REPLACED &&
        before->removed.order_id == step->event.rested.order_id) {
        model->public_kept.count--;
        model->moved++;
        entry.replaced_reference = before->removed.reference;
    }
    keep_for(step, &entry, step->event.rested.instrument);
}

static void keep_public(const struct step *step)
{
    const struct event *event = &step->event;
    switch (event->header.id) {
    case EVENT_INSTRUMENT_LISTED:
        step->model->groups[event->instrument_listed.instrument] =
            event->instrument_listed.itch != 0 ? STREAM_PUBLIC_GROUP : STREAM_OTHERS_GROUP;
        keep_for(step, &step->entry, event->instrument_listed.instrument);
        break;
    case EVENT_PHASE:
        keep_for(step, &step->entry, event->phase.instrument);
        break;
    case EVENT_DAY_ENDED:
        keep_for(step, &step->entry, 0);
        break;
    case EVENT_RESTED:
        rested(step);
        break;
    case EVENT_REDUCED:
        keep_for(step, &step->entry, event->reduced.instrument);
        break;
    case EVENT_REMOVED:
        keep_for(step, &step->entry, event->removed.instrument);
        break;
    case EVENT_TRADE:
        keep_for(step, &step->entry, event->trade.instrument);
        break;
    default:
        break;
    }
}

void model_end(struct model *model)
{
    for (size_t i = 0; i < model->public_kept.count; i++) {
        struct model_entry entry = model->public_kept.at[i];
        entry.number = ++model->last[STREAM_PUBLIC][entry.id];
        model_list_add(&model->entries, &entry);
    }
    model->public_kept.count = 0;
}

void model_event(struct model *model, const struct journal_entry *record)
{
    struct step step = {
        .model = model,
        .entry = {.event_sequence = record->sequence,
                  .time_ns = (uint64_t)record->time_ns,
                  .hash = model_hash(record->body, record->body_bytes)},
    };
    struct event *event = &step.event;
    ASSERT(event_header_decode(record->body, record->body_bytes, &event->header) == STATUS_OK);
    ASSERT(event_body_decode(record->body + EVENT_HEADER_BYTES,
                             record->body_bytes - EVENT_HEADER_BYTES, event) == STATUS_OK);
    if (event->header.cause != model->cause) {
        model_end(model);
        model->cause = event->header.cause;
    }
    model->events[event->header.id]++;
    of_sessions(&step);
    of_orders(&step);
    keep_public(&step);
    model->before = *event;
}

void model_deinit(struct model *model)
{
    free(model->entries.at);
    free(model->public_kept.at);
    free(model->owners);
    *model = (struct model){0};
}
