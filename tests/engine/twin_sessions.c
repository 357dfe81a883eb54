/* SPDX-License-Identifier: Apache-2.0
 *
 * "Sessions" and "Sweeps" of the rules.
 */
#include "base/assert.h"
#include "tests/engine/twin_steps.h"

#include <string.h>

static uint64_t empty_at(const struct twin *twin, const struct twin_rate *rate)
{
    return twin->time_ns + rate->burst * rate->interval_ns;
}

static struct twin_refusal take_token(struct twin *twin, struct twin_rate *rate)
{
    if (rate->interval_ns == 0) {
        return pass();
    }
    uint64_t full = rate->full_at_ns;
    if (full < twin->time_ns) {
        full = twin->time_ns;
    }
    full += rate->interval_ns;
    if (full > empty_at(twin, rate)) {
        uint64_t wait_ns = full - empty_at(twin, rate);
        twin->budget = 0;
        return refuse(REJECT_RATE_LIMITED, (int64_t)(wait_ns / 1000 + (wait_ns % 1000 != 0)), 0);
    }
    twin->budget = (uint32_t)((empty_at(twin, rate) - full) / rate->interval_ns);
    if (!twin_makes_fault(twin, TWIN_FAULT_TOKEN_FREE)) {
        rate->full_at_ns = full;
    }
    return pass();
}

static void wind_up(const struct twin *twin, struct twin_session *session)
{
    session->dead_man_due_ns = 0;
    if (session->dead_man_ms != 0) {
        session->dead_man_due_ns = twin->time_ns + session->dead_man_ms * UINT64_C(1000000);
    }
}

/* Rule 4. */
struct twin_refusal twin_check_session(struct twin *twin)
{
    const struct command_header *header = &twin->command->header;
    if (header->id == COMMAND_GENESIS || header->id == COMMAND_LOGON || header->session == 0) {
        return pass();
    }
    struct twin_session *session = twin_find_session(twin, header->session);
    if (session == NULL || session->incarnation == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, header->session);
    }
    if (header->incarnation != session->incarnation || session->closed) {
        return refuse(REJECT_STALE_INCARNATION, session->incarnation, header->incarnation);
    }
    if (header->id == COMMAND_SESSION_ADMIN) {
        session->admin.interval_ns = 100000000;
        session->admin.burst = 20;
        return take_token(twin, &session->admin);
    }
    if (header->input_sequence <= session->input_sequence) {
        return refuse(REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST, (int64_t)session->input_sequence,
                      (int64_t)header->input_sequence);
    }
    if (!twin_makes_fault(twin, TWIN_FAULT_INPUT_SEQUENCE_STAYS)) {
        session->input_sequence = header->input_sequence;
    }
    wind_up(twin, session);
    switch (header->id) {
    case COMMAND_NEW_ORDER:
    case COMMAND_REPLACE:
        return take_token(twin, &session->orders);
    case COMMAND_CANCEL:
    case COMMAND_REDUCE:
    case COMMAND_MASS_CANCEL:
    case COMMAND_RESOLVE:
        return take_token(twin, &session->cancels);
    default:
        return pass();
    }
}

/* 0 if the rate may be so. */
static unsigned wrong_rate(uint32_t per_s, uint32_t burst)
{
    if (per_s > 1000000) {
        return 1;
    }
    return burst > 1000000 || (per_s > 0 && burst == 0) ? 2 : 0;
}

static void set_rate(const struct twin *twin, struct twin_rate *rate, uint32_t per_s,
                     uint32_t burst)
{
    rate->interval_ns = per_s == 0 ? 0 : 1000000000 / per_s + (1000000000 % per_s != 0);
    rate->burst = burst;
    if (rate->full_at_ns > empty_at(twin, rate)) {
        rate->full_at_ns = empty_at(twin, rate);
    }
}

static struct twin_order *first_tagged(const struct twin_list *list, uint32_t session,
                                       struct twin_order *first)
{
    for (size_t i = 0; i < list->count; i++) {
        struct twin_order *order = list->at[i];
        if (order->session == session && order->tagged &&
            (first == NULL || order->order_id < first->order_id)) {
            first = order;
        }
    }
    return first;
}

/* The tagged order of a session with the lowest id; null if there is none. */
static struct twin_order *next_to_leave(const struct twin *twin, uint32_t session)
{
    struct twin_order *first = NULL;
    for (size_t i = 0; i < twin->account_count; i++) {
        first = first_tagged(&twin->accounts[i].orders, session, first);
    }
    return first;
}

static uint32_t count_tagged(const struct twin *twin, uint32_t session, uint64_t *out_highest_id)
{
    uint32_t count = 0;
    *out_highest_id = 0;
    for (size_t i = 0; i < twin->account_count; i++) {
        const struct twin_list *list = &twin->accounts[i].orders;
        for (size_t o = 0; o < list->count; o++) {
            const struct twin_order *order = list->at[o];
            if (order->session == session && order->tagged) {
                count++;
                if (order->order_id > *out_highest_id) {
                    *out_highest_id = order->order_id;
                }
            }
        }
    }
    return count;
}

static void begin_sweep(struct twin *twin, uint32_t number, enum reason reason)
{
    uint64_t highest_id = 0;
    if (count_tagged(twin, number, &highest_id) > 0) {
        twin->sessions[number].sweep_until = highest_id;
        twin->sessions[number].sweep_reason = reason;
    }
}

/* False if there was no room for all. */
static bool sweep_session(struct twin *twin, uint32_t number, size_t events_max)
{
    struct twin_session *session = &twin->sessions[number];
    for (;;) {
        struct twin_order *order = next_to_leave(twin, number);
        if (order == NULL || order->order_id > session->sweep_until) {
            break;
        }
        if (twin_makes_fault(twin, TWIN_FAULT_TAG_FORGOTTEN)) {
            order->tagged = false;
            continue;
        }
        if (twin->event_count >= events_max) {
            return false;
        }
        twin_remove(twin, order, session->sweep_reason);
    }
    session->sweep_until = 0;
    return true;
}

static bool mass_cancel_takes(const struct twin_mass_cancel *mass, const struct twin *twin,
                              const struct twin_order *order)
{
    const struct twin_account *account = twin_find_account(twin, order->account);
    return order->session != 0 && order->order_id / 65536 <= mass->before_event &&
           (mass->participant == 0 || account->terms.participant == mass->participant) &&
           (mass->asked.account == 0 || order->account == mass->asked.account) &&
           (mass->asked.orders_of == 0 || order->session == mass->asked.orders_of);
}

static bool inside_walk(const struct twin_mass_cancel *mass, const struct twin_order *order)
{
    return (mass->asked.instrument == 0 || order->instrument == mass->asked.instrument) &&
           (mass->asked.side == 0 || order->side == mass->asked.side);
}

/* The next order of the instrument and side that were asked for. */
static struct twin_order *next_of_mass_cancel(const struct twin *twin,
                                              const struct twin_mass_cancel *mass)
{
    struct twin_walk walk = mass->walk;
    for (;;) {
        struct twin_order *order = twin_next_of_walk(twin, &walk);
        if (order == NULL || inside_walk(mass, order)) {
            return order;
        }
        walk = (struct twin_walk){order->instrument, order->side, order->price, order->reference};
    }
}

/* False if the slice is full before the end. */
static bool walk_mass_cancel(struct twin *twin, struct twin_mass_cancel *mass, size_t events_max,
                             uint64_t *looks)
{
    for (;;) {
        struct twin_order *order = next_of_mass_cancel(twin, mass);
        if (order == NULL) {
            mass->walk.instrument = UINT32_MAX; /* what comes now is behind the walk */
            return true;
        }
        if (order->instrument != mass->walk.instrument || order->side != mass->walk.side) {
            mass->walk = (struct twin_walk){.instrument = order->instrument, .side = order->side};
        }
        bool leaves = mass_cancel_takes(mass, twin, order);
        if (leaves && twin_makes_fault(twin, TWIN_FAULT_MASS_CANCEL_SHORT)) {
            leaves = false;
        }
        if (*looks == 0 || (leaves && twin->event_count >= events_max)) {
            return false;
        }
        --*looks;
        mass->walk =
            (struct twin_walk){order->instrument, order->side, order->price, order->reference};
        if (leaves) {
            twin_remove(twin, order, REASON_MASS_CANCEL);
            mass->orders++;
        }
    }
}

static void emit_mass_cancelled(struct twin *twin, const struct twin_mass_cancel *mass)
{
    struct event_mass_cancelled *out = &TWIN_EMIT(twin, MASS_CANCELLED)->mass_cancelled;
    out->account = mass->asked.account;
    out->tag = mass->asked.tag;
    out->asked_by = mass->asked_by;
    out->participant = mass->participant;
    out->instrument = mass->asked.instrument;
    out->session = mass->asked.orders_of;
    out->orders = mass->orders;
    out->side = mass->asked.side;
}

static void sweeps_go_on(struct twin *twin, size_t events_max, uint64_t looks)
{
    for (uint32_t i = 1; i <= twin->limits.max_sessions; i++) {
        if (twin->sessions[i].sweep_until != 0 && !sweep_session(twin, i, events_max)) {
            return;
        }
    }
    while (twin->mass_cancel_count > 0) {
        if (!walk_mass_cancel(twin, &twin->mass_cancels[0], events_max, &looks) ||
            twin->event_count >= events_max) {
            return;
        }
        emit_mass_cancelled(twin, &twin->mass_cancels[0]);
        twin->mass_cancel_count--;
        memmove(&twin->mass_cancels[0], &twin->mass_cancels[1],
                twin->mass_cancel_count * sizeof twin->mass_cancels[0]);
    }
}

void twin_sweep_before(struct twin *twin)
{
    for (uint32_t i = 1; i <= twin->limits.max_sessions; i++) {
        struct twin_session *session = &twin->sessions[i];
        if (session->dead_man_due_ns == 0 || session->dead_man_due_ns > twin->time_ns) {
            continue;
        }
        uint64_t highest_id = 0;
        session->dead_man_due_ns = 0;
        if (count_tagged(twin, i, &highest_id) > 0 &&
            twin_makes_fault(twin, TWIN_FAULT_DEAD_MAN_SLEEPS)) {
            continue;
        }
        begin_sweep(twin, i, REASON_DEAD_MAN);
    }
    uint32_t most = twin->limits.max_timers_per_command;
    sweeps_go_on(twin, most, 4 * (uint64_t)most);
}

void twin_sweep_behind(struct twin *twin)
{
    uint32_t most = twin->limits.max_events_per_command;
    sweeps_go_on(twin, most, 4 * (uint64_t)most);
}

struct twin_refusal twin_logon(struct twin *twin)
{
    const struct command_header *header = &twin->command->header;
    const struct command_logon *in = &twin->command->logon;
    if (header->session == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    struct twin_session *session = twin_find_session(twin, header->session);
    if (session == NULL) {
        return refuse(REJECT_TABLE_FULL, twin->limits.max_sessions, header->session);
    }
    if (header->incarnation <= session->incarnation) {
        return refuse(REJECT_INCARNATION_NOT_ABOVE_LAST, session->incarnation, header->incarnation);
    }
    unsigned orders_wrong = wrong_rate(in->orders_per_s, in->orders_burst);
    unsigned cancels_wrong = wrong_rate(in->cancels_per_s, in->cancels_burst);
    if (orders_wrong != 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 2 + orders_wrong);
    }
    if (cancels_wrong != 0) {
        return refuse(REJECT_INVALID_FIELD, 0, 4 + cancels_wrong);
    }
    bool was_open = session->incarnation != 0 && !session->closed;
    session->incarnation = header->incarnation;
    session->participant = in->participant;
    session->user = in->user;
    session->input_sequence = header->input_sequence;
    session->closed = false;
    session->tags = in->cancel_on_disconnect == 1;
    session->dead_man_ms = 0;
    session->dead_man_due_ns = 0;
    session->reserve = 0;
    set_rate(twin, &session->orders, in->orders_per_s, in->orders_burst);
    set_rate(twin, &session->cancels, in->cancels_per_s, in->cancels_burst);
    struct event_session_opened *out = &TWIN_EMIT(twin, SESSION_OPENED)->session_opened;
    out->session = header->session;
    out->incarnation = header->incarnation;
    out->participant = in->participant;
    out->user = in->user;
    if (was_open) {
        begin_sweep(twin, header->session, REASON_DISCONNECTED);
    }
    twin_sweep_behind(twin);
    return pass();
}

struct twin_refusal twin_session_lost(struct twin *twin)
{
    uint32_t number = twin->command->header.session;
    if (number == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    uint64_t highest_id = 0;
    struct twin_session *session = &twin->sessions[number];
    struct event_session_closed *out = &TWIN_EMIT(twin, SESSION_CLOSED)->session_closed;
    out->session = number;
    out->incarnation = session->incarnation;
    out->orders = count_tagged(twin, number, &highest_id);
    out->reason = twin->command->session_lost.reason;
    session->closed = true;
    session->dead_man_ms = 0;
    session->dead_man_due_ns = 0;
    begin_sweep(twin, number, REASON_DISCONNECTED);
    twin_sweep_behind(twin);
    return pass();
}

struct twin_refusal twin_set_dead_man(struct twin *twin)
{
    uint32_t number = twin->command->header.session;
    uint32_t timeout_ms = twin->command->set_dead_man.timeout_ms;
    if (number == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    if (timeout_ms >= 1 && timeout_ms <= 9) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    twin->sessions[number].dead_man_ms = timeout_ms;
    wind_up(twin, &twin->sessions[number]);
    struct event_dead_man_set *out = &TWIN_EMIT(twin, DEAD_MAN_SET)->dead_man_set;
    out->session = number;
    out->timeout_ms = timeout_ms;
    return pass();
}

struct twin_refusal twin_session_admin(struct twin *twin)
{
    const struct command_session_admin *in = &twin->command->session_admin;
    uint32_t number = twin->command->header.session;
    uint32_t incarnation = twin->command->header.incarnation;
    if (number == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    struct twin_session *session = &twin->sessions[number];
    if (in->kind == ADMIN_KIND_NOTE) {
        if (in->note == SESSION_NOTE_NONE) {
            return refuse(REJECT_INVALID_FIELD, 0, 2);
        }
        if (in->count > 0) {
            return refuse(REJECT_INVALID_FIELD, 0, 3);
        }
        struct event_session_noted *out = &TWIN_EMIT(twin, SESSION_NOTED)->session_noted;
        out->session = number;
        out->incarnation = incarnation;
        out->note = in->note;
        return pass();
    }
    if (in->note != SESSION_NOTE_NONE) {
        return refuse(REJECT_INVALID_FIELD, 0, 2);
    }
    if (in->kind == ADMIN_KIND_RESERVE) {
        if (in->count == 0 || in->count > 6) {
            return refuse(REJECT_INVALID_FIELD, 0, 3);
        }
        if (session->reserve > 0) {
            return refuse(REJECT_RESERVE_HELD, session->reserve, 0);
        }
        for (session->reserve = 0; session->reserve < in->count;) {
            struct event *event = TWIN_EMIT(twin, SESSION_RESERVED);
            if (session->reserve == 0) {
                session->reserve_event = event->header.sequence;
            }
            session->reserve++;
            event->session_reserved.session = number;
            event->session_reserved.incarnation = incarnation;
            event->session_reserved.place = (uint8_t)session->reserve;
            event->session_reserved.count = in->count;
        }
        return pass();
    }
    if (session->reserve == 0 || in->count > session->reserve) {
        return refuse(REJECT_RESERVE_TOO_SMALL, session->reserve, in->count);
    }
    struct event_session_filled *out = &TWIN_EMIT(twin, SESSION_FILLED)->session_filled;
    out->first_event = session->reserve_event;
    out->session = number;
    out->incarnation = incarnation;
    out->used = in->count;
    out->unused = (uint8_t)(session->reserve - in->count);
    if (!twin_makes_fault(twin, TWIN_FAULT_RESERVE_STAYS)) {
        session->reserve = 0;
    }
    return pass();
}

struct twin_refusal twin_mass_cancel(struct twin *twin)
{
    const struct command_mass_cancel *in = &twin->command->mass_cancel;
    uint32_t sender = twin->command->header.session;
    uint32_t participant = sender == 0 ? in->participant : twin->sessions[sender].participant;
    if (in->side > 2) {
        return refuse(REJECT_INVALID_FIELD, 0, 6);
    }
    if (in->participant != 0 && in->participant != participant) {
        return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, in->participant, participant);
    }
    if (in->account != 0) {
        const struct twin_account *account = twin_find_account(twin, in->account);
        if (account == NULL) {
            return refuse(REJECT_UNKNOWN_ACCOUNT, 0, (int64_t)in->account);
        }
        if (sender != 0 && account->terms.participant != participant) {
            return refuse(REJECT_ACCOUNT_NOT_OF_PARTICIPANT, account->terms.participant,
                          participant);
        }
    }
    if (in->instrument != 0 && twin_find_instrument(twin, in->instrument) == NULL) {
        return refuse(REJECT_UNKNOWN_INSTRUMENT, 0, in->instrument);
    }
    for (size_t i = 0; i < twin->mass_cancel_count; i++) {
        if (twin->mass_cancels[i].asked_by == sender) {
            return refuse(REJECT_MASS_CANCEL_UNDER_WAY, (int64_t)twin->mass_cancels[i].asked.tag,
                          0);
        }
    }
    twin->mass_cancels[twin->mass_cancel_count] =
        (struct twin_mass_cancel){.asked = *in,
                                  .asked_by = sender,
                                  .participant = participant,
                                  .before_event = twin->event_sequence,
                                  .walk = {.instrument = 1, .side = SIDE_BUY}};
    twin->mass_cancel_count++;
    twin_sweep_behind(twin);
    return pass();
}
