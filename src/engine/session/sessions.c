/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/session/sessions.h"

void sessions_init(struct sessions *sessions, struct arena *arena, uint32_t max_sessions)
{
    sessions->table = arena_take(arena, max_sessions, sizeof *sessions->table);
    sessions->max_sessions = max_sessions;
    sessions->opened = 0;
}

struct refusal sessions_admit(struct sessions *sessions, const struct command_header *header)
{
    if (header->session == 0) {
        return refusal_none();
    }
    if (sessions_find(sessions, header->session) == NULL) {
        return refuse(REJECT_UNKNOWN_SESSION, 0, header->session);
    }
    struct session *session = &sessions->table[header->session - 1];
    if (header->incarnation != session->incarnation) {
        return refuse(REJECT_STALE_INCARNATION, session->incarnation, header->incarnation);
    }
    if (header->input_sequence <= session->last_input_sequence) {
        return refuse(REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST, (int64_t)session->last_input_sequence,
                      (int64_t)header->input_sequence);
    }
    session->last_input_sequence = header->input_sequence;
    return refusal_none();
}

struct refusal sessions_logon(struct sessions *sessions, const struct command *command)
{
    const struct command_header *header = &command->header;
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
    sessions->opened += session->incarnation == 0;
    *session = (struct session){.incarnation = header->incarnation,
                                .last_input_sequence = header->input_sequence,
                                .participant = command->logon.participant,
                                .user = command->logon.user};
    return refusal_none();
}
