/* SPDX-License-Identifier: Apache-2.0
 *
 * SESSION_ADMIN: what takes numbers of a session without being an answer to it
 * (docs/reference/engine-rules.md, "Sessions").
 */
#include "engine/state.h"

/* The number of the first field that does not fit the kind, or 0. */
static unsigned wrong_field(const struct command_session_admin *in)
{
    if ((in->note != SESSION_NOTE_NONE) != (in->kind == ADMIN_KIND_NOTE)) {
        return 2;
    }
    switch (in->kind) {
    case ADMIN_KIND_NOTE:
        return in->count == 0 ? 0 : 3;
    case ADMIN_KIND_RESERVE:
        return in->count >= 1 && in->count <= RESERVE_MOST ? 0 : 3;
    case ADMIN_KIND_FILL:
        break;
    }
    return 0;
}

static void put_noted(struct apply *apply)
{
    const struct command *command = apply->command;
    EVENT_PUT(apply->events, SESSION_NOTED, session_noted,
              (&(struct event_session_noted){.session = command->header.session,
                                             .incarnation = command->header.incarnation,
                                             .note = command->session_admin.note}),
              command->header.sequence);
}

static struct refusal reserve(struct apply *apply, struct session *session)
{
    const struct command *command = apply->command;
    uint8_t count = command->session_admin.count;
    if (session->reserve_count != 0) {
        return refuse(REJECT_RESERVE_HELD, session->reserve_count, 0);
    }
    session->reserve_event = apply->events->sequence + 1;
    session->reserve_count = count;
    for (uint8_t place = 1; place <= count; place++) {
        EVENT_PUT(apply->events, SESSION_RESERVED, session_reserved,
                  (&(struct event_session_reserved){.session = command->header.session,
                                                    .incarnation = command->header.incarnation,
                                                    .place = place,
                                                    .count = count}),
                  command->header.sequence);
    }
    return refusal_none();
}

static struct refusal fill(struct apply *apply, struct session *session)
{
    const struct command *command = apply->command;
    uint8_t used = command->session_admin.count;
    if (session->reserve_count == 0 || used > session->reserve_count) {
        return refuse(REJECT_RESERVE_TOO_SMALL, session->reserve_count, used);
    }
    EVENT_PUT(apply->events, SESSION_FILLED, session_filled,
              (&(struct event_session_filled){.first_event = session->reserve_event,
                                              .session = command->header.session,
                                              .incarnation = command->header.incarnation,
                                              .used = used,
                                              .unused = (uint8_t)(session->reserve_count - used)}),
              command->header.sequence);
    session->reserve_event = 0;
    session->reserve_count = 0;
    return refusal_none();
}

struct refusal apply_session_admin(struct apply *apply)
{
    const struct command *command = apply->command;
    if (command->header.session == 0) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, 0);
    }
    unsigned field = wrong_field(&command->session_admin);
    if (field != 0) {
        return refuse(REJECT_INVALID_FIELD, 0, field);
    }
    struct session *session = &apply->engine->sessions.table[command->header.session - 1];
    switch (command->session_admin.kind) {
    case ADMIN_KIND_NOTE:
        put_noted(apply);
        break;
    case ADMIN_KIND_RESERVE:
        return reserve(apply, session);
    case ADMIN_KIND_FILL:
        return fill(apply, session);
    }
    return refusal_none();
}
