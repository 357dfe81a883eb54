/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions as engine state: numbers only. An incarnation is raised by LOGON; commands of another
 * incarnation, or whose input sequence was used, are refused, so a zombie gateway can do nothing.
 *
 * Owner: the engine. Threads: one. Memory: a table in the arena, by session number.
 * Errors: reject codes. Order of calls: sessions_init, then any.
 */
#ifndef DOJIMA_ENGINE_SESSION_SESSIONS_H
#define DOJIMA_ENGINE_SESSION_SESSIONS_H

#include "base/arena.h"
#include "engine/refusal.h"
#include "wire/native/command.h"

struct session {
    uint64_t last_input_sequence;
    uint32_t incarnation; /* 0 = never opened */
    uint32_t participant;
    uint32_t user;
    uint32_t zero;
};

struct sessions {
    struct session *table; /* by number - 1 */
    uint32_t max_sessions;
    uint32_t opened; /* sessions with an incarnation */
};

void sessions_init(struct sessions *sessions, struct arena *arena, uint32_t max_sessions);

/* The opened session of that number, or null. */
static inline const struct session *sessions_find(const struct sessions *sessions, uint32_t session)
{
    if (session == 0 || session > sessions->max_sessions ||
        sessions->table[session - 1].incarnation == 0) {
        return NULL;
    }
    return &sessions->table[session - 1];
}

/* Checks the header of a command that is not a LOGON and uses its input sequence up. */
struct refusal sessions_admit(struct sessions *sessions, const struct command_header *header);

/* Opens or reopens the header's session. */
struct refusal sessions_logon(struct sessions *sessions, const struct command *command);

#endif
