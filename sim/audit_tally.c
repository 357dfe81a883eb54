/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/audit.h"

#include "base/assert.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>

#define LL(number)  ((unsigned long long)(number))
#define POLL_RECORD 64u

/* An order by the events so far. */
struct tally {
    int64_t open;
    int64_t moved_open; /* of the REPLACED that has just taken its place away */
    bool known;
};

struct tallies {
    struct finding_log *findings;
    struct tally *orders; /* by the sequence of their ACCEPTED */
    uint64_t count;
    uint64_t sequence; /* of the event under way */
};

static struct tally *order_of(struct tallies *tallies, uint64_t order_id)
{
    uint64_t sequence = order_id >> 16;
    if (sequence >= tallies->count || !tallies->orders[sequence].known) {
        sim_find(tallies->findings, "conservation", "event %llu: an order that nobody entered",
                 LL(tallies->sequence));
        return NULL;
    }
    return &tallies->orders[sequence];
}

/* `lots` leave the order, `left` stay open. */
static void take(struct tallies *tallies, uint64_t order_id, int64_t lots, int64_t left)
{
    struct tally *order = order_of(tallies, order_id);
    if (order == NULL) {
        return;
    }
    if (lots <= 0 || left < 0 || order->open - lots != left) {
        sim_find(tallies->findings, "conservation",
                 "event %llu: %lld lots of %lld leave and %lld stay", LL(tallies->sequence),
                 (long long)lots, (long long)order->open, (long long)left);
    }
    order->open = left;
}

static void removed(struct tallies *tallies, const struct event_removed *in)
{
    struct tally *order = order_of(tallies, in->order_id);
    int64_t moved = order == NULL ? 0 : order->moved_open;
    take(tallies, in->order_id, in->quantity.lots, 0);
    if (order != NULL && in->reason == REASON_REPLACED) {
        order->open = moved;
        order->moved_open = 0;
    }
}

static void tally_event(struct tallies *tallies, const struct event *event)
{
    struct tally *order;
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        order = &tallies->orders[tallies->sequence];
        *order = (struct tally){.open = event->accepted.quantity.lots, .known = true};
        break;
    case EVENT_REPLACED:
        order = order_of(tallies, event->replaced.order_id);
        if (order != NULL && event->replaced.place == PLACE_LOST) {
            order->moved_open = event->replaced.remaining.lots;
        }
        break;
    case EVENT_RESTED:
        order = order_of(tallies, event->rested.order_id);
        if (order != NULL && order->open != event->rested.quantity.lots) {
            sim_find(tallies->findings, "conservation", "event %llu: not all that is open rests",
                     LL(tallies->sequence));
        }
        break;
    case EVENT_REDUCED:
        take(tallies, event->reduced.order_id, event->reduced.quantity.lots,
             event->reduced.remaining.lots);
        break;
    case EVENT_REMOVED:
        removed(tallies, &event->removed);
        break;
    case EVENT_CANCELLED:
        take(tallies, event->cancelled.order_id, event->cancelled.quantity.lots, 0);
        break;
    case EVENT_TRADE:
        take(tallies, event->trade.maker_order_id, event->trade.quantity.lots,
             event->trade.maker_remaining.lots);
        take(tallies, event->trade.taker_order_id, event->trade.quantity.lots,
             event->trade.taker_remaining.lots);
        break;
    case EVENT_PREVENTED: /* what the maker loses is told of the book behind it */
        if (event->prevented.taker_cancelled.lots > 0) {
            take(tallies, event->prevented.taker_order_id, event->prevented.taker_cancelled.lots,
                 event->prevented.taker_remaining.lots);
        }
        break;
    default:
        break;
    }
}

void audit_tally(struct journal *events, struct finding_log *findings)
{
    struct tallies tallies = {.findings = findings, .count = events->next_sequence};
    tallies.orders = calloc(tallies.count + 1, sizeof *tallies.orders);
    ASSERT(tallies.orders != NULL);
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entries[POLL_RECORD];
    size_t count = 1;
    while (count > 0 && !sim_found(findings)) {
        if (journal_poll(events, &cursor, entries, POLL_RECORD, &count) != STATUS_OK) {
            sim_find(findings, "conservation", "the events cannot be read");
            break;
        }
        for (size_t i = 0; i < count; i++) {
            struct event event;
            tallies.sequence = entries[i].sequence;
            if (event_header_decode(entries[i].body, entries[i].body_bytes, &event.header) ==
                    STATUS_OK &&
                event_body_decode(entries[i].body + EVENT_HEADER_BYTES,
                                  entries[i].body_bytes - EVENT_HEADER_BYTES,
                                  &event) == STATUS_OK) {
                tally_event(&tallies, &event);
            }
        }
    }
    journal_cursor_close(events, &cursor);
    free(tallies.orders);
}
