/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/seat_hear.h"

#include "base/assert.h"
#include "wire/native/sbe.h"

#include <inttypes.h>

static void wrong(const struct seat *seat, const char *what, const struct event *event,
                  uint64_t number)
{
    bool rejected = event->header.id == EVENT_REJECTED;
    names_wrong(&seat->seats->names,
                "seat %u at gateway %u: %s: event %" PRIu64 " of kind %u, name %" PRIu64
                ", reject %u of command %u",
                seat->index, seat->gateway, what, event->header.sequence,
                (unsigned)event->header.id, number, rejected ? event->rejected.code : 0u,
                rejected ? event->rejected.command : 0u);
}

/* A cancel is answered with the order, which may have another name by now. */
static bool fits(const struct names *names, const struct flight *flight, enum flight_what what,
                 uint64_t number)
{
    return flight->what == what &&
           (what == FLIGHT_CANCEL ? names_at(names, (uint32_t)flight->number)->first == number
                                  : flight->number == number);
}

/* One of those that were lost, which was sequenced after all. */
static bool settle_lost(struct seat *seat, enum flight_what what, uint64_t number)
{
    for (uint32_t i = 0; i < seat->lost_count; i++) {
        struct flight *flight = &seat->lost[i];
        if (!flight->settled && fits(&seat->seats->names, flight, what, number)) {
            flight->settled = true;
            return true;
        }
    }
    return false;
}

static bool settle(struct seat *seat, enum flight_what what, uint64_t number)
{
    const struct flight *flight = &seat->flights[seat->first];
    if (seat->step != SEAT_LIVE && what != FLIGHT_MARKER) {
        return settle_lost(seat, what, number);
    }
    if (seat->count == 0 || !fits(&seat->seats->names, flight, what, number)) {
        return false;
    }
    seat->first = (seat->first + 1) % SEAT_WINDOW;
    seat->count--;
    return true;
}

static void expect(struct seat *seat, const struct event *event, enum flight_what what,
                   uint64_t number)
{
    if (!settle(seat, what, number)) {
        wrong(seat, "an answer to nothing that is under way", event, number);
    }
}

/* The name in an event, checked; 0: said to be wrong. */
static uint32_t name_in(const struct seat *seat, const struct event *event,
                        const struct text36 *text)
{
    const struct names *names = &seat->seats->names;
    uint64_t number = names_number(text);
    if (number == 0 || number > names->highest || number % NAMES_ACCOUNTS != seat->account) {
        wrong(seat, "a name that was never sent", event, number);
        return 0;
    }
    if ((names_at(names, (uint32_t)number)->flags & NAMES_GHOST) != 0) {
        wrong(seat, "a command of a fenced sender took effect", event, number);
        return 0;
    }
    return (uint32_t)number;
}

static void take_accepted(struct seat *seat, const struct event *event)
{
    struct names *names = &seat->seats->names;
    const struct event_accepted *accepted = &event->accepted;
    uint32_t number = name_in(seat, event, &accepted->client_order_id);
    if (number == 0) {
        return;
    }
    struct command_new_order terms;
    names_terms(names, number, &terms);
    if (accepted->quantity.lots != terms.quantity.lots ||
        accepted->price.units != terms.price.units) {
        wrong(seat, "accepted with another body", event, number);
    }
    expect(seat, event, FLIGHT_ENTER, number);
    names_result(names, number, event->header.sequence, 0, true);
    names_set_order(names, event->header.sequence, number);
    names_at(names, number)->first = number;
    names_at(names, number)->owner = (uint8_t)seat->index;
}

static void take_replaced(struct seat *seat, const struct event *event)
{
    struct names *names = &seat->seats->names;
    uint32_t number = name_in(seat, event, &event->replaced.client_order_id);
    if (number == 0) {
        return;
    }
    expect(seat, event, FLIGHT_ENTER, number);
    names_result(names, number, event->header.sequence, 0, true);
    names_at(names, number)->first = names_of_order(names, event->replaced.order_id);
    names_at(names, number)->owner = (uint8_t)seat->index;
}

static void take_fenced(struct seat *seat, const struct event *event, uint32_t number)
{
    struct name *name = names_at(&seat->seats->names, number);
    if ((name->flags & NAMES_ASKED) == 0 || name->result != 0) {
        wrong(seat, "fenced, and nobody asked or it has a result", event, number);
    }
    name->flags |= NAMES_FENCED;
}

static void take_rejected_order(struct seat *seat, const struct event *event, uint32_t number)
{
    struct names *names = &seat->seats->names;
    const struct event_rejected *rejected = &event->rejected;
    if (rejected->code == REJECT_DUPLICATE_ORDER_ID) {
        expect(seat, event, FLIGHT_OTHER, number);
        if ((uint64_t)rejected->limit != names_at(names, number)->result) {
            wrong(seat, "another body was refused because of another result", event, number);
        }
        seat->seats->counts.other_bodies_refused++;
    } else if (rejected->code == REJECT_NAME_FENCED) {
        expect(seat, event, FLIGHT_ENTER, number);
        take_fenced(seat, event, number);
        seat->seats->counts.fenced++;
    } else {
        expect(seat, event, FLIGHT_ENTER, number);
        names_result(names, number, event->header.sequence, rejected->code, true);
    }
}

static void take_rejected(struct seat *seat, const struct event *event)
{
    const struct event_rejected *rejected = &event->rejected;
    if (rejected->command == COMMAND_LOGON) {
        return;
    }
    uint32_t number = name_in(seat, event, &rejected->client_order_id);
    if (number == 0) {
        return;
    }
    if (rejected->command == COMMAND_NEW_ORDER) {
        take_rejected_order(seat, event, number);
    } else if (rejected->command == COMMAND_REPLACE) {
        uint32_t next = name_in(seat, event, &rejected->new_client_order_id);
        if (next != 0) {
            take_rejected_order(seat, event, next);
        }
    } else if (rejected->command == COMMAND_CANCEL && rejected->code == REJECT_UNKNOWN_ORDER) {
        expect(seat, event, FLIGHT_CANCEL, names_at(&seat->seats->names, number)->first);
    } else {
        wrong(seat, "a refusal that nothing explains", event, rejected->code);
    }
}

static void take_replayed(struct seat *seat, const struct event *event)
{
    const struct event_replayed *replayed = &event->replayed;
    uint32_t number = name_in(seat, event, &replayed->client_order_id);
    if (number == 0) {
        return;
    }
    expect(seat, event, FLIGHT_ENTER, number);
    names_result(&seat->seats->names, number, replayed->event_sequence, replayed->code, false);
    seat->seats->counts.replayed++;
}

static void take_resolved(struct seat *seat, const struct event *event)
{
    const struct event_resolved *resolved = &event->resolved;
    uint64_t marker = names_number(&resolved->client_order_id);
    if (marker >= NAMES_MARKER) {
        /* One of an older life may come too. */
        if (marker == seat->marker) {
            expect(seat, event, FLIGHT_MARKER, marker);
            seat->step = SEAT_LIVE;
            seat->lost_first = 0;
        }
        return;
    }
    uint32_t number = name_in(seat, event, &resolved->client_order_id);
    if (number == 0) {
        return;
    }
    expect(seat, event, FLIGHT_RESOLVE, number);
    if (resolved->event_sequence == 0) {
        take_fenced(seat, event, number);
    } else {
        names_result(&seat->seats->names, number, resolved->event_sequence, resolved->code, false);
    }
}

/* A trade with oneself comes twice: the maker's side first. */
static void take_trade(struct seat *seat, const struct event *event)
{
    struct names *names = &seat->seats->names;
    const struct event_trade *trade = &event->trade;
    bool again = seat->last_sequence == event->header.sequence;
    bool both = trade->maker_session == trade->taker_session;
    bool maker = trade->maker_session == seat->session->number && !(again && both);
    uint32_t first = names_of_order(names, maker ? trade->maker_order_id : trade->taker_order_id);
    if (first == 0 || names_at(names, first)->owner != seat->index || (again && !both)) {
        wrong(seat, "a trade of an order that is none of ours, or told twice", event, first);
        return;
    }
    names_at(names, first)->executed += (uint32_t)trade->quantity.lots;
    seat->lots_told += (uint64_t)trade->quantity.lots;
    seat->fills++;
}

static void take_removed(struct seat *seat, const struct event *event)
{
    if (event->removed.reason == REASON_REQUESTED) {
        expect(seat, event, FLIGHT_CANCEL,
               names_of_order(&seat->seats->names, event->removed.order_id));
    }
}

void seat_hear(struct seat *seat, uint64_t number, const uint8_t *bytes, size_t count)
{
    struct event event;
    uint32_t budget;
    if (number != seat->next_number) {
        names_wrong(&seat->seats->names, "seat %u: number %" PRIu64 " instead of %" PRIu64,
                    seat->index, number, seat->next_number);
    }
    seat->next_number = number + 1;
    if (sbe_event_decode(bytes, count, &event, &budget) != STATUS_OK) {
        names_wrong(&seat->seats->names, "seat %u: message %" PRIu64 " is no event", seat->index,
                    number);
        return;
    }
    seat->seats->counts.heard++;
    switch (event.header.id) {
    case EVENT_ACCEPTED:
        take_accepted(seat, &event);
        break;
    case EVENT_REPLACED:
        take_replaced(seat, &event);
        break;
    case EVENT_REJECTED:
        take_rejected(seat, &event);
        break;
    case EVENT_REPLAYED:
        take_replayed(seat, &event);
        break;
    case EVENT_RESOLVED:
        take_resolved(seat, &event);
        break;
    case EVENT_TRADE:
        take_trade(seat, &event);
        break;
    case EVENT_REMOVED:
        take_removed(seat, &event);
        break;
    case EVENT_MASS_CANCELLED:
        expect(seat, &event, FLIGHT_MASS_CANCEL, 1);
        break;
    default: /* CANCELLED, REDUCED: the log has them too */
        break;
    }
    seat->last_sequence = event.header.sequence;
}

void seat_hear_refusal(struct seat *seat, const uint8_t *bytes, size_t count)
{
    struct sbe_not_sequenced refusal;
    if (sbe_not_sequenced_decode(bytes, count, &refusal) != STATUS_OK) {
        return;
    }
    seat->seats->counts.not_sequenced++;
    for (uint32_t i = 0; i < seat->count; i++) {
        struct flight *flight = &seat->flights[(seat->first + i) % SEAT_WINDOW];
        if (flight->input_sequence != refusal.input_sequence) {
            continue;
        }
        bool marker = flight->what == FLIGHT_MARKER;
        if (!marker) {
            ASSERT(seat->lost_count < SEAT_LOST_MAX);
            seat->lost[seat->lost_count++] = *flight;
        }
        for (; i + 1 < seat->count; i++) {
            seat->flights[(seat->first + i) % SEAT_WINDOW] =
                seat->flights[(seat->first + i + 1) % SEAT_WINDOW];
        }
        seat->count--;
        if (marker) {
            seat_mark(seat);
        }
        return;
    }
    names_wrong(&seat->seats->names, "seat %u: input %" PRIu64 " is not sequenced, and not ours",
                seat->index, refusal.input_sequence);
}
