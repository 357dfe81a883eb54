/* SPDX-License-Identifier: Apache-2.0 */
#include "stream/stream.h"

#include "base/assert.h"
#include "base/planted.h"
#include "stream/state.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>
#include <string.h>

#define PENDING_FIRST ((size_t)1 << 16)

/* A public event kept back until the private ones of its command are out. Its bytes follow. */
struct pending {
    uint64_t event_sequence;
    uint64_t time_ns;
    uint64_t order_id;           /* of RESTED and REMOVED, else 0 */
    uint64_t reference;          /* of REMOVED(REPLACED), else 0 */
    uint64_t replaced_reference; /* of RESTED */
    uint32_t count;
    uint32_t step;  /* from this header to the next */
    uint32_t group; /* id of its public stream */
};

/* An event on its way through stream_apply. */
struct applied {
    struct stream *stream;
    const struct event *event;
    uint64_t event_sequence;
    uint64_t time_ns;
    const uint8_t *bytes;
    uint32_t count;
};

static void tell(struct stream *stream, const struct stream_entry *entry)
{
    if (stream->options.on_entry != NULL) {
        stream->telling = true;
        bool more = stream->options.on_entry(stream->options.context, entry);
        (void)more; /* nobody can stop the log */
        stream->telling = false;
    }
}

static struct stream_entry entry_of(const struct applied *applied, enum stream_side side)
{
    return (struct stream_entry){
        .event_sequence = applied->event_sequence,
        .time_ns = applied->time_ns,
        .bytes = applied->bytes,
        .count = applied->count,
        .side = side,
    };
}

static enum status give(const struct applied *applied, enum stream_kind kind, uint64_t id,
                        enum stream_side side)
{
    if (id == 0 || (PLANTED(NUMBER_LOST) && side == STREAM_TAKER && kind == STREAM_SESSION &&
                    applied->event_sequence % 8 == 0)) {
        return STATUS_OK;
    }
    struct stream *stream = applied->stream;
    struct number_list *list;
    struct stream_key key = {.id = id, .kind = kind};
    enum status status = numbers_get(&stream->numbers, key, &list);
    if (status == STATUS_OK) {
        status = numbers_append(
            list, (struct number){.event_sequence = applied->event_sequence, .side = side});
    }
    if (status == STATUS_OK) {
        struct stream_entry entry = entry_of(applied, side);
        entry.key = key;
        entry.number = list->last;
        tell(stream, &entry);
    }
    return status;
}

static enum status give_owner(const struct applied *applied, const struct owner *owner,
                              enum stream_side side)
{
    enum status status = give(applied, STREAM_SESSION, owner->session, side);
    if (status == STATUS_OK) {
        status = give(applied, STREAM_ACCOUNT, owner->account, side);
    }
    return status == STATUS_OK ? give(applied, STREAM_PARTICIPANT, owner->participant, side)
                               : status;
}

/* For the owner of a live order; `gone`: it is live no longer. An order that is not known belongs
 * to a log whose start was dropped. */
static enum status give_order(const struct applied *applied, uint64_t order_id,
                              enum stream_side side, bool gone)
{
    const struct owner *found = owners_find(&applied->stream->orders, order_id);
    if (found == NULL) {
        return STATUS_OK;
    }
    struct owner owner = *found;
    if (gone) {
        owners_remove(&applied->stream->orders, order_id);
    }
    return give_owner(applied, &owner, side);
}

static uint32_t participant_of(const struct owners *owners, uint64_t number)
{
    const struct owner *owner = owners_find(owners, number);
    return owner == NULL ? 0 : owner->participant;
}

/* Who sent it is told, and the account's owner if that is the same participant: a stranger's
 * refusals are not an account's history. A sender that was fenced does not speak for the session.
 */
static enum status apply_rejected(const struct applied *applied)
{
    const struct event_rejected *rejected = &applied->event->rejected;
    if (rejected->code == REJECT_UNKNOWN_SESSION || rejected->code == REJECT_STALE_INCARNATION ||
        rejected->code == REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST) {
        return STATUS_OK;
    }
    uint32_t sender = participant_of(&applied->stream->sessions, rejected->session);
    uint32_t holder = participant_of(&applied->stream->accounts, rejected->account);
    struct owner owner = {.session = rejected->session, .participant = sender};
    if (holder != 0 && (rejected->session == 0 || holder == sender)) {
        owner.account = rejected->account;
        owner.participant = holder;
    }
    return give_owner(applied, &owner, STREAM_WHOLE);
}

static enum status apply_accepted(const struct applied *applied)
{
    const struct event_accepted *accepted = &applied->event->accepted;
    struct owner owner = {
        .order_id = applied->event_sequence << 16 | applied->stream->options.shard,
        .account = accepted->account,
        .session = accepted->session,
        .participant = accepted->participant,
    };
    enum status status = owners_add(&applied->stream->orders, &owner);
    return status == STATUS_OK ? give_owner(applied, &owner, STREAM_WHOLE) : status;
}

static enum status apply_trade(const struct applied *applied)
{
    const struct event_trade *trade = &applied->event->trade;
    enum status status =
        give_order(applied, trade->maker_order_id, STREAM_MAKER, trade->maker_remaining.lots == 0);
    return status == STATUS_OK ? give_order(applied, trade->taker_order_id, STREAM_TAKER,
                                            trade->taker_remaining.lots == 0)
                               : status;
}

/* Who lost quantity by it is told. */
static enum status apply_prevented(const struct applied *applied)
{
    const struct event_prevented *prevented = &applied->event->prevented;
    enum status status = STATUS_OK;
    if (prevented->maker_cancelled.lots > 0) {
        status = give_order(applied, prevented->maker_order_id, STREAM_MAKER,
                            prevented->maker_remaining.lots == 0);
    }
    if (status == STATUS_OK && prevented->taker_cancelled.lots > 0) {
        status = give_order(applied, prevented->taker_order_id, STREAM_TAKER,
                            prevented->taker_remaining.lots == 0);
    }
    return status;
}

/* REPLACED and PREVENTED tell the owner what REDUCED and REMOVED then tell of the book alone. */
static bool is_told(enum reason reason)
{
    return reason == REASON_REPLACED || reason == REASON_SELF_TRADE;
}

/* Live only, and outside the numbers. */
static void tell_control(const struct applied *applied, uint32_t session)
{
    struct stream_entry entry = entry_of(applied, STREAM_WHOLE);
    entry.key = (struct stream_key){.id = session, .kind = STREAM_SESSION};
    tell(applied->stream, &entry);
}

static enum status apply_session_opened(const struct applied *applied)
{
    const struct event_session_opened *opened = &applied->event->session_opened;
    struct owner owner = {.order_id = opened->session, .participant = opened->participant};
    struct number_list *list;
    enum status status = owners_add(&applied->stream->sessions, &owner);
    if (status == STATUS_OK) {
        status =
            numbers_get(&applied->stream->numbers,
                        (struct stream_key){.id = opened->session, .kind = STREAM_SESSION}, &list);
    }
    if (status == STATUS_OK) {
        list->opened_event = applied->event_sequence;
        list->opened_after = list->last;
        tell_control(applied, opened->session);
    }
    return status;
}

static enum status apply_private(const struct applied *applied)
{
    const struct event *event = applied->event;
    switch ((enum event_id)event->header.id) {
    case EVENT_ACCOUNT_OPENED:
        return owners_add(&applied->stream->accounts,
                          &(struct owner){.order_id = event->account_opened.account,
                                          .participant = event->account_opened.participant});
    case EVENT_SESSION_OPENED:
        return apply_session_opened(applied);
    case EVENT_SESSION_CLOSED:
        tell_control(applied, event->session_closed.session);
        return STATUS_OK;
    case EVENT_REJECTED:
        return apply_rejected(applied);
    case EVENT_ACCEPTED:
        return apply_accepted(applied);
    case EVENT_TRADE:
        return apply_trade(applied);
    case EVENT_PREVENTED:
        return apply_prevented(applied);
    case EVENT_REDUCED:
        return is_told(event->reduced.reason)
                   ? STATUS_OK
                   : give_order(applied, event->reduced.order_id, STREAM_WHOLE, false);
    case EVENT_REMOVED:
        return is_told(event->removed.reason)
                   ? STATUS_OK
                   : give_order(applied, event->removed.order_id, STREAM_WHOLE, true);
    case EVENT_REPLACED:
        return give_order(applied, event->replaced.order_id, STREAM_WHOLE, false);
    case EVENT_CANCELLED:
        return give_order(applied, event->cancelled.order_id, STREAM_WHOLE, true);
    case EVENT_MASS_CANCELLED:
        return give(applied, STREAM_SESSION, event->mass_cancelled.asked_by, STREAM_WHOLE);
    case EVENT_DEAD_MAN_SET:
        return give(applied, STREAM_SESSION, event->dead_man_set.session, STREAM_WHOLE);
    case EVENT_REPLAYED:
        return give(applied, STREAM_SESSION, event->replayed.session, STREAM_WHOLE);
    case EVENT_RESOLVED:
        return give(applied, STREAM_SESSION, event->resolved.session, STREAM_WHOLE);
    case EVENT_SESSION_NOTED:
        return give(applied, STREAM_SESSION, event->session_noted.session, STREAM_WHOLE);
    case EVENT_SESSION_RESERVED:
        return give(applied, STREAM_SESSION, event->session_reserved.session, STREAM_WHOLE);
    case EVENT_SESSION_FILLED:
        return give(applied, STREAM_SESSION, event->session_filled.session, STREAM_WHOLE);
    case EVENT_VENUE_OPENED:
    case EVENT_ASSET_LISTED:
    case EVENT_INSTRUMENT_LISTED:
    case EVENT_DAY_ENDED:
    case EVENT_SOURCE_OPENED:
    case EVENT_RESTED:
    case EVENT_PHASE:
    case EVENT_BLOCK_SET:
    case EVENT_GROUP_SET:
    case EVENT_LOGIC_CHANGED:
        break;
    }
    return STATUS_OK;
}

static enum status pending_reserve(struct stream *stream, size_t bytes)
{
    if (stream->pending_capacity - stream->pending_used >= bytes) {
        return STATUS_OK;
    }
    size_t capacity = stream->pending_capacity * 2 + bytes;
    uint8_t *pending = realloc(stream->pending, capacity);
    if (pending == NULL) {
        return STATUS_NO_MEMORY;
    }
    stream->pending = pending;
    stream->pending_capacity = capacity;
    return STATUS_OK;
}

/* The last event kept back, if it is the REMOVED that `rested` follows at once. */
static bool takes_over(const struct stream *stream, const struct applied *applied,
                       struct pending *out_last)
{
    if (applied->event->header.id != EVENT_RESTED || stream->pending_used == 0) {
        return false;
    }
    memcpy(out_last, stream->pending + stream->pending_last, sizeof *out_last);
    return out_last->reference != 0 && out_last->order_id == applied->event->rested.order_id &&
           out_last->event_sequence + 1 == applied->event_sequence;
}

static enum status keep_back(struct stream *stream, const struct applied *applied, uint32_t group)
{
    const struct event *event = applied->event;
    struct pending next = {
        .event_sequence = applied->event_sequence,
        .time_ns = applied->time_ns,
        .count = applied->count,
        .step = (uint32_t)bytes_align_up(sizeof next + applied->count, 8),
        .group = group,
    };
    if (event->header.id == EVENT_REMOVED && event->removed.reason == REASON_REPLACED) {
        next.order_id = event->removed.order_id;
        next.reference = event->removed.reference;
    }
    struct pending last;
    if (takes_over(stream, applied, &last)) {
        next.replaced_reference = last.reference;
        stream->pending_used = stream->pending_last;
    }
    enum status status = pending_reserve(stream, next.step);
    if (status == STATUS_OK) {
        stream->pending_last = stream->pending_used;
        memcpy(stream->pending + stream->pending_used, &next, sizeof next);
        memcpy(stream->pending + stream->pending_used + sizeof next, applied->bytes,
               applied->count);
        stream->pending_used += next.step;
    }
    return status;
}

static enum status keep_back_all(struct stream *stream, const struct applied *applied)
{
    enum status status = keep_back(stream, applied, STREAM_PUBLIC_GROUP);
    return status == STATUS_OK ? keep_back(stream, applied, STREAM_OTHERS_GROUP) : status;
}

static enum status keep_back_instrument(struct stream *stream, const struct applied *applied,
                                        uint32_t instrument)
{
    uint32_t group = participant_of(&stream->groups, instrument);
    return keep_back(stream, applied, group == 0 ? STREAM_PUBLIC_GROUP : group);
}

static enum status list_instrument(struct stream *stream, const struct applied *applied)
{
    const struct event_instrument_listed *listed = &applied->event->instrument_listed;
    uint32_t group = listed->itch != 0 ? STREAM_PUBLIC_GROUP : STREAM_OTHERS_GROUP;
    enum status status = owners_add(
        &stream->groups, &(struct owner){.order_id = listed->instrument, .participant = group});
    return status == STATUS_OK ? keep_back(stream, applied, group) : status;
}

/* What everyone may see of an event, if anything. */
static enum status apply_public(struct stream *stream, const struct applied *applied)
{
    const struct event *event = applied->event;
    switch (event->header.id) {
    case EVENT_INSTRUMENT_LISTED:
        return list_instrument(stream, applied);
    case EVENT_DAY_ENDED:
        return keep_back_all(stream, applied);
    case EVENT_PHASE:
        return event->phase.instrument == 0
                   ? keep_back_all(stream, applied)
                   : keep_back_instrument(stream, applied, event->phase.instrument);
    case EVENT_RESTED:
        return keep_back_instrument(stream, applied, event->rested.instrument);
    case EVENT_REDUCED:
        return keep_back_instrument(stream, applied, event->reduced.instrument);
    case EVENT_REMOVED:
        return keep_back_instrument(stream, applied, event->removed.instrument);
    case EVENT_TRADE:
        return keep_back_instrument(stream, applied, event->trade.instrument);
    default:
        return STATUS_OK;
    }
}

static enum status give_public(struct stream *stream, const struct pending *next,
                               const uint8_t *bytes)
{
    struct stream_key key = {.id = next->group, .kind = STREAM_PUBLIC};
    struct number_list *list;
    enum status status = numbers_get(&stream->numbers, key, &list);
    if (status == STATUS_OK) {
        status = numbers_append(list, (struct number){.event_sequence = next->event_sequence,
                                                      .replaces = next->replaced_reference != 0});
    }
    if (status == STATUS_OK) {
        struct stream_entry entry = {
            .key = key,
            .number = list->last,
            .event_sequence = next->event_sequence,
            .time_ns = next->time_ns,
            .bytes = bytes,
            .count = next->count,
            .replaced_reference = next->replaced_reference,
        };
        tell(stream, &entry);
    }
    return status;
}

enum status stream_settle(struct stream *stream)
{
    ASSERT(!stream->telling);
    enum status status = STATUS_OK;
    for (size_t at = 0; at < stream->pending_used && status == STATUS_OK;) {
        struct pending next;
        memcpy(&next, stream->pending + at, sizeof next);
        status = give_public(stream, &next, stream->pending + at + sizeof next);
        at += next.step;
    }
    stream->pending_used = 0;
    return status;
}

enum status stream_apply(struct stream *stream, uint64_t event_sequence, uint64_t time_ns,
                         const uint8_t *bytes, size_t count)
{
    ASSERT(!stream->telling);
    struct event event;
    enum status status = stream_event_decode(bytes, count, &event);
    if (status != STATUS_OK || event_sequence <= stream->event_sequence) {
        return STATUS_INVALID;
    }
    if (event.header.cause != stream->cause) {
        status = stream_settle(stream);
        stream->cause = event.header.cause;
    }
    stream->event_sequence = event_sequence;
    struct applied applied = {stream, &event, event_sequence, time_ns, bytes, (uint32_t)count};
    if (status == STATUS_OK) {
        status = apply_private(&applied);
    }
    status = status == STATUS_OK ? apply_public(stream, &applied) : status;
    return PLANTED(PUBLIC_FIRST) && status == STATUS_OK ? stream_settle(stream) : status;
}

enum status stream_catch_up_to(struct stream *stream, uint64_t event_sequence)
{
    struct journal_cursor cursor = journal_cursor_at(stream->event_sequence + 1);
    struct journal_entry entries[STREAM_POLL_ENTRIES];
    size_t count = 0;
    enum status status = STATUS_OK;
    do {
        uint64_t left = event_sequence - stream->event_sequence;
        size_t most = left < STREAM_POLL_ENTRIES ? (size_t)left : STREAM_POLL_ENTRIES;
        count = 0;
        if (most > 0) {
            status = journal_poll(stream->options.events, &cursor, entries, most, &count);
        }
        for (size_t i = 0; i < count && status == STATUS_OK; i++) {
            status = stream_apply(stream, entries[i].sequence, (uint64_t)entries[i].time_ns,
                                  entries[i].body, entries[i].body_bytes);
        }
    } while (status == STATUS_OK && count > 0);
    journal_cursor_close(stream->options.events, &cursor);
    if (PLANTED(LAST_NOT_SETTLED)) {
        stream->pending_used = 0;
    }
    return status == STATUS_OK ? stream_settle(stream) : status;
}

enum status stream_catch_up(struct stream *stream)
{
    return stream_catch_up_to(stream, UINT64_MAX);
}

uint64_t stream_last(const struct stream *stream, struct stream_key key)
{
    const struct number_list *list = numbers_find(&stream->numbers, key);
    return list == NULL ? 0 : list->last;
}

uint64_t stream_event_sequence(const struct stream *stream)
{
    return stream->event_sequence;
}

enum status stream_open(const struct stream_options *options, struct stream **out_stream)
{
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL) {
        return STATUS_NO_MEMORY;
    }
    stream->options = *options;
    stream->pending = malloc(PENDING_FIRST);
    stream->pending_capacity = PENDING_FIRST;
    enum status status = stream->pending == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    if (status == STATUS_OK) {
        status = numbers_init(&stream->numbers);
    }
    if (status == STATUS_OK) {
        status = owners_init(&stream->orders, options->expected_orders);
    }
    if (status == STATUS_OK) {
        status = owners_init(&stream->accounts, 0);
    }
    if (status == STATUS_OK) {
        status = owners_init(&stream->sessions, 0);
    }
    if (status == STATUS_OK) {
        status = owners_init(&stream->groups, 0);
    }
    if (status != STATUS_OK) {
        stream_close(stream);
        return status;
    }
    *out_stream = stream;
    return STATUS_OK;
}

void stream_close(struct stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (stream->options.events != NULL) {
        journal_cursor_close(stream->options.events, &stream->reader.cursor);
    }
    numbers_deinit(&stream->numbers);
    owners_deinit(&stream->orders);
    owners_deinit(&stream->accounts);
    owners_deinit(&stream->sessions);
    owners_deinit(&stream->groups);
    free(stream->pending);
    free(stream->loaded);
    if (stream->image.release != NULL) {
        stream->image.release(stream->image.context);
    }
    free(stream);
}
