/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/session/sessions.h"

#include "base/planted.h"
#include "engine/book/order.h"

void sessions_init(struct sessions *sessions, struct arena *arena, uint32_t max_sessions)
{
    *sessions = (struct sessions){.max_sessions = max_sessions, .look_ns = UINT64_MAX};
    sessions->table = arena_take(arena, max_sessions, sizeof *sessions->table);
    for (uint32_t i = 0; sessions->table != NULL && i < max_sessions; i++) {
        sessions->table[i].first_order = POOL_NONE;
        sessions->table[i].last_order = POOL_NONE;
    }
}

static void wind_up(struct sessions *sessions, struct session *session, uint64_t now_ns)
{
    session->dead_man_due_ns = 0;
    if (session->dead_man_ms != 0) {
        session->dead_man_due_ns = now_ns + (uint64_t)session->dead_man_ms * 1000000;
        if (session->dead_man_due_ns < sessions->look_ns) {
            sessions->look_ns = session->dead_man_due_ns;
        }
    }
}

static struct refusal take_from(struct rate *rate, uint64_t now_ns, uint32_t *out_budget)
{
    uint64_t wait_ns = 0;
    if (UNLIKELY(!rate_take(rate, now_ns, out_budget, &wait_ns))) {
        *out_budget = 0;
        return refuse(REJECT_RATE_LIMITED, (int64_t)((wait_ns + 999) / 1000), 0);
    }
    return refusal_none();
}

static struct refusal take_token(struct session *session, const struct command_header *header,
                                 uint64_t now_ns, uint32_t *out_budget)
{
    struct rate *rate = NULL;
    switch (header->id) {
    case COMMAND_NEW_ORDER:
    case COMMAND_REPLACE:
        rate = &session->orders;
        break;
    case COMMAND_CANCEL:
    case COMMAND_REDUCE:
    case COMMAND_MASS_CANCEL:
    case COMMAND_RESOLVE:
        rate = &session->cancels;
        break;
    default:
        return refusal_none();
    }
    return take_from(rate, now_ns, out_budget);
}

/* The same bucket for every session, so only its level is kept. */
static COLD struct refusal take_admin_token(struct session *session, uint64_t now_ns,
                                            uint32_t *out_budget)
{
    struct rate rate = {.full_at_ns = session->admin_full_at_ns};
    rate_set(&rate, ADMIN_PER_S, ADMIN_BURST, now_ns);
    struct refusal refusal = take_from(&rate, now_ns, out_budget);
    session->admin_full_at_ns = rate.full_at_ns;
    return refusal;
}

struct refusal sessions_admit(struct sessions *sessions, const struct command_header *header,
                              uint64_t now_ns, uint32_t *out_budget)
{
    if (header->session == 0) {
        return refusal_none();
    }
    if (sessions_find(sessions, header->session) == NULL) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, header->session);
    }
    struct session *session = &sessions->table[header->session - 1];
    if ((header->incarnation != session->incarnation && !PLANTED(ANY_INCARNATION)) ||
        session->closed != 0) {
        return refuse(REJECT_STALE_INCARNATION, session->incarnation, header->incarnation);
    }
    if (UNLIKELY(header->id == COMMAND_SESSION_ADMIN)) {
        return take_admin_token(session, now_ns, out_budget);
    }
    if (header->input_sequence <= session->last_input_sequence && !PLANTED(APPLY_TWICE)) {
        return refuse(REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST, (int64_t)session->last_input_sequence,
                      (int64_t)header->input_sequence);
    }
    session->last_input_sequence = header->input_sequence;
    if (session->timed == 0) {
        return refusal_none();
    }
    wind_up(sessions, session, now_ns);
    return take_token(session, header, now_ns, out_budget);
}

/* The number of the first field of a logon outside its range, or 0. */
static unsigned logon_field(const struct command_logon *logon)
{
    const uint32_t pairs[2][2] = {{logon->orders_per_s, logon->orders_burst},
                                  {logon->cancels_per_s, logon->cancels_burst}};
    for (unsigned i = 0; i < 2; i++) {
        if (pairs[i][0] > RATE_MOST) {
            return 3 + 2 * i;
        }
        if (pairs[i][1] > RATE_MOST || (pairs[i][0] != 0 && pairs[i][1] == 0)) {
            return 4 + 2 * i;
        }
    }
    return 0;
}

struct refusal sessions_logon(struct sessions *sessions, const struct command *command,
                              uint64_t now_ns)
{
    const struct command_header *header = &command->header;
    const struct command_logon *logon = &command->logon;
    if (header->session == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    if (header->session > sessions->max_sessions) {
        return refuse(REJECT_TABLE_FULL, sessions->max_sessions, header->session);
    }
    struct session *session = &sessions->table[header->session - 1];
    if (header->incarnation <= session->incarnation) {
        return refuse(REJECT_INCARNATION_NOT_ABOVE_LAST, session->incarnation, header->incarnation);
    }
    unsigned field = logon_field(logon);
    if (field != 0) {
        return refuse(REJECT_INVALID_FIELD, 0, field);
    }
    sessions->opened += session->incarnation == 0;
    session->incarnation = header->incarnation;
    session->last_input_sequence = header->input_sequence;
    session->participant = logon->participant;
    session->user = logon->user;
    session->closed = 0;
    session->cancel_on_disconnect = logon->cancel_on_disconnect;
    session->dead_man_ms = 0;
    session->dead_man_due_ns = 0;
    session->reserve_event = 0; /* nobody knows what the incarnation before used of it */
    session->reserve_count = 0;
    rate_set(&session->orders, logon->orders_per_s, logon->orders_burst, now_ns);
    rate_set(&session->cancels, logon->cancels_per_s, logon->cancels_burst, now_ns);
    sessions_note_timed(session);
    return refusal_none();
}

struct refusal sessions_block(struct sessions *sessions, uint64_t session, bool blocked)
{
    if (session > sessions->max_sessions || sessions_find(sessions, (uint32_t)session) == NULL) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, (int64_t)session);
    }
    sessions->table[session - 1].blocked = blocked;
    return refusal_none();
}

struct refusal sessions_set_dead_man(struct sessions *sessions, uint32_t session,
                                     uint32_t timeout_ms, uint64_t now_ns)
{
    if (session == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    if (timeout_ms != 0 && timeout_ms < DEAD_MAN_LEAST_MS) {
        return refuse(REJECT_INVALID_FIELD, 0, 1);
    }
    sessions->table[session - 1].dead_man_ms = timeout_ms;
    wind_up(sessions, &sessions->table[session - 1], now_ns);
    sessions_note_timed(&sessions->table[session - 1]);
    return refusal_none();
}
