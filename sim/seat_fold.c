/* SPDX-License-Identifier: Apache-2.0
 *
 * What a seat hears: its stream folded into live orders and the fates of names, every contradiction
 * a finding.
 */
#include "base/assert.h"
#include "sim/history.h"
#include "sim/seat.h"
#include "wire/native/event_codec.h"

#include <string.h>

#define LL(number) ((unsigned long long)(number))

static void find(struct seat *seat, const char *checker, const struct event *event,
                 const char *what)
{
    sim_find(seat->findings, checker, "session %u, event %llu: %s", seat->session,
             LL(event->header.sequence), what);
}

void seat_answered(struct seat *seat, uint8_t id, const struct text36 *name)
{
    for (size_t i = 0; i < seat->pending_count; i++) {
        const struct command *command = &seat->pending[i].command;
        const struct text36 *asked = NULL;
        switch (command->header.id) {
        case COMMAND_NEW_ORDER:
            asked = &command->new_order.client_order_id;
            break;
        case COMMAND_CANCEL:
            asked = &command->cancel.client_order_id;
            break;
        case COMMAND_REDUCE:
            asked = &command->reduce.client_order_id;
            break;
        case COMMAND_REPLACE:
            asked = &command->replace.new_client_order_id;
            break;
        case COMMAND_RESOLVE:
            asked = &command->resolve.client_order_id;
            break;
        default:
            break;
        }
        bool same = command->header.id == id &&
                    (name == NULL || (asked != NULL && memcmp(asked, name, sizeof *name) == 0));
        if (same) {
            seat->pending[i] = seat->pending[--seat->pending_count];
            return;
        }
    }
}

/* A name's first result; told again it must be the same one. */
static void settle(struct seat *seat, const struct event *event, const struct text36 *text,
                   enum name_fate fate)
{
    struct seat_name *name = seat_name_of(seat, text);
    if (name == NULL) {
        return; /* of another session of the account */
    }
    uint64_t sequence = event->header.sequence;
    if (name->fate == NAME_CLOSED) {
        find(seat, "fenced", event, "a name that was fenced has got a result");
    } else if (name->fate == NAME_IN && name->event_sequence != sequence) {
        find(seat, "doubled", event, "a name is entered a second time");
    }
    *name = (struct seat_name){sequence, fate};
}

/* REPLAYED and RESOLVED tell what was: `sequence` 0 = never seen. */
static void recall(struct seat *seat, const struct event *event, const struct text36 *text,
                   uint64_t sequence)
{
    struct seat_name *name = seat_name_of(seat, text);
    if (name == NULL) {
        return;
    }
    if (sequence == 0) {
        if (name->fate == NAME_IN) {
            find(seat, "resend", event, "an order that was accepted is told as never seen");
        }
        seat->counts.fenced += name->fate != NAME_CLOSED;
        *name = (struct seat_name){0, NAME_CLOSED};
    } else if (name->fate == NAME_CLOSED ||
               (name->fate != NAME_UNKNOWN && name->event_sequence != sequence)) {
        find(seat, "resend", event, "a result is told again, and it is another one");
    }
}

static struct seat_order *find_live(struct seat *seat, uint64_t order_id)
{
    for (size_t i = 0; i < seat->live_count; i++) {
        if (seat->live[i].order_id == order_id) {
            return &seat->live[i];
        }
    }
    return NULL;
}

static void drop(struct seat *seat, struct seat_order *order)
{
    *order = seat->live[--seat->live_count];
}

static void accepted(struct seat *seat, const struct event *event)
{
    const struct event_accepted *in = &event->accepted;
    seat->counts.accepted++;
    settle(seat, event, &in->client_order_id, NAME_IN);
    seat_answered(seat, COMMAND_NEW_ORDER, &in->client_order_id);
    if (seat->live_count == SEAT_LIVE_MAX) {
        return;
    }
    seat->live[seat->live_count++] = (struct seat_order){
        .name = in->client_order_id,
        .order_id = event->header.sequence << 16,
        .open = in->quantity.lots,
        .total = in->quantity.lots,
        .instrument = in->instrument,
        .side = in->side,
    };
}

static void rejected(struct seat *seat, const struct event *event)
{
    const struct event_rejected *in = &event->rejected;
    bool replace = in->command == COMMAND_REPLACE;
    const struct text36 *name = replace ? &in->new_client_order_id : &in->client_order_id;
    bool names_none = in->command == COMMAND_MASS_CANCEL;
    seat->counts.rejected++;
    seat_answered(seat, in->command, names_none ? NULL : name);
    struct seat_name *known = seat_name_of(seat, name);
    bool brings = in->command == COMMAND_NEW_ORDER || replace;
    if (brings && known != NULL && known->fate == NAME_UNKNOWN) {
        /* Some refusals come before the name is remembered: no result to be told again. */
        *known = (struct seat_name){event->header.sequence, NAME_OUT};
    }
}

static void replaced(struct seat *seat, const struct event *event)
{
    const struct event_replaced *in = &event->replaced;
    settle(seat, event, &in->client_order_id, NAME_IN);
    seat_answered(seat, COMMAND_REPLACE, &in->client_order_id);
    struct seat_order *order = find_live(seat, in->order_id);
    if (order != NULL) {
        int64_t executed = order->total - order->open;
        if (in->quantity.lots - executed != in->remaining.lots) {
            find(seat, "own view", event, "REPLACED: total, executed and open do not add up");
        }
        order->name = in->client_order_id;
        order->total = in->quantity.lots;
        order->open = in->remaining.lots;
    }
}

/* `lots` leave, `left` are open then. */
static void less(struct seat *seat, const struct event *event, uint64_t order_id, int64_t lots,
                 int64_t left)
{
    struct seat_order *order = find_live(seat, order_id);
    if (order == NULL) {
        return;
    }
    if (order->open - lots != left) {
        find(seat, "own view", event, "what is open is not what it was less what went");
    }
    order->open = left;
    if (left == 0) {
        drop(seat, order);
    }
}

/* The answer to a CANCEL or a REDUCE names the order, not the name it was asked by. */
static void gone(struct seat *seat, const struct event *event, uint64_t order_id, int64_t lots,
                 enum reason reason)
{
    const struct seat_order *order = find_live(seat, order_id);
    if (order == NULL) {
        return;
    }
    struct text36 name = order->name;
    if (reason == REASON_REQUESTED) {
        size_t before = seat->pending_count;
        seat_answered(seat, COMMAND_CANCEL, &name);
        if (seat->pending_count == before) {
            seat_answered(seat, COMMAND_REDUCE, &name);
        }
    }
    less(seat, event, order_id, lots, 0);
}

static void reduced(struct seat *seat, const struct event *event)
{
    const struct event_reduced *in = &event->reduced;
    struct seat_order *order = find_live(seat, in->order_id);
    if (order == NULL) {
        return;
    }
    struct text36 name = order->name;
    order->total -= in->quantity.lots;
    less(seat, event, in->order_id, in->quantity.lots, in->remaining.lots);
    seat_answered(seat, COMMAND_REDUCE, &name);
}

static void traded(struct seat *seat, const struct stream_entry *entry, const struct event *event)
{
    const struct event_trade *in = &event->trade;
    bool maker = entry->side == STREAM_MAKER;
    seat->counts.fills++;
    less(seat, event, maker ? in->maker_order_id : in->taker_order_id, in->quantity.lots,
         maker ? in->maker_remaining.lots : in->taker_remaining.lots);
}

/* Two orders of one group met, and this one lost what it lost; its total, too. */
static void prevented(struct seat *seat, const struct stream_entry *entry,
                      const struct event *event)
{
    const struct event_prevented *in = &event->prevented;
    bool maker = entry->side == STREAM_MAKER;
    uint64_t order_id = maker ? in->maker_order_id : in->taker_order_id;
    int64_t lots = maker ? in->maker_cancelled.lots : in->taker_cancelled.lots;
    struct seat_order *order = find_live(seat, order_id);
    if (in->self_trade_group != seat->participant) {
        find(seat, "own view", event, "a prevention in a group that is not this participant's");
    }
    if (order != NULL && lots > 0) {
        order->total -= lots;
        less(seat, event, order_id, lots,
             maker ? in->maker_remaining.lots : in->taker_remaining.lots);
    }
}

static void fold(struct seat *seat, const struct stream_entry *entry, const struct event *event)
{
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        accepted(seat, event);
        break;
    case EVENT_REJECTED:
        rejected(seat, event);
        break;
    case EVENT_REPLACED:
        replaced(seat, event);
        break;
    case EVENT_REDUCED:
        reduced(seat, event);
        break;
    case EVENT_REMOVED:
        gone(seat, event, event->removed.order_id, event->removed.quantity.lots,
             event->removed.reason);
        break;
    case EVENT_CANCELLED:
        gone(seat, event, event->cancelled.order_id, event->cancelled.quantity.lots,
             event->cancelled.reason);
        break;
    case EVENT_TRADE:
        traded(seat, entry, event);
        break;
    case EVENT_PREVENTED:
        prevented(seat, entry, event);
        break;
    case EVENT_REPLAYED:
        recall(seat, event, &event->replayed.client_order_id, event->replayed.event_sequence);
        seat_answered(seat, event->replayed.command, &event->replayed.client_order_id);
        break;
    case EVENT_RESOLVED:
        seat->counts.resolved++;
        recall(seat, event, &event->resolved.client_order_id, event->resolved.event_sequence);
        seat_answered(seat, COMMAND_RESOLVE, &event->resolved.client_order_id);
        break;
    case EVENT_MASS_CANCELLED:
        seat_answered(seat, COMMAND_MASS_CANCEL, NULL);
        break;
    default:
        break;
    }
}

void seat_hear(struct seat *seat, const struct stream_entry *entry)
{
    struct event event;
    enum status status = event_header_decode(entry->bytes, entry->count, &event.header);
    if (status == STATUS_OK) {
        status = event_body_decode(entry->bytes + EVENT_HEADER_BYTES,
                                   entry->count - EVENT_HEADER_BYTES, &event);
    }
    if (status != STATUS_OK) {
        sim_find(seat->findings, "own view", "session %u: an entry is no event", seat->session);
        return;
    }
    event.header.sequence = entry->event_sequence;
    event.header.time_ns = entry->time_ns;
    if (entry->number == 0) {
        if (event.header.id == EVENT_SESSION_OPENED &&
            event.session_opened.incarnation > seat->incarnation) {
            seat->incarnation = event.session_opened.incarnation;
        }
        return;
    }
    if (entry->number != seat->next_number) {
        sim_find(seat->findings, "dense", "session %u heard number %llu and waited for %llu",
                 seat->session, LL(entry->number), LL(seat->next_number));
        return;
    }
    seat->next_number++;
    if (entry->number > seat->folded) {
        seat->folded = entry->number;
        history_heard(seat, entry, &event);
        fold(seat, entry, &event);
    }
}
