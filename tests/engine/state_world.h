/* SPDX-License-Identifier: Apache-2.0
 *
 * A small world made of a few commands, with every fact of the engine's state under one name, so
 * that a test can change one of them and leave all others as they were.
 *
 *   setting up   three assets, three instruments, three accounts, two sessions (one opened twice)
 *   one order    entered, replaced (it loses its place), perhaps partly executed
 *   around it    refusals, which move the event sequence, and ticks, which do not
 *   at the end   END_OF_DAY: whole, or one slice that leaves the walk in the middle
 *
 * Owner: state_hash_test. Threads: one. Memory: none. Errors: none.
 * Order of calls: world_plain, changes, world_script.
 */
#ifndef DOJIMA_TESTS_ENGINE_STATE_WORLD_H
#define DOJIMA_TESTS_ENGINE_STATE_WORLD_H

#include "wire/native/command.h"

#include <stddef.h>

#define SCRIPT_COMMANDS_MAX 80
#define WORLD_EXTRA_MAX     12

struct script {
    struct command commands[SCRIPT_COMMANDS_MAX];
    size_t count;
    uint64_t time_ns;
};

/* DAY orders that END_OF_DAY leaves half done. */
enum world_walk {
    WORLD_WALK_WHOLE,
    WORLD_WALK_NONE,        /* no END_OF_DAY at all */
    WORLD_WALK_STOPS_EARLY, /* on the first instrument, seven gone */
    WORLD_WALK_STOPS_LATER, /* on the second instrument, seven gone */
    WORLD_WALK_FEWER,       /* on the first instrument, six gone and one expired */
};

struct world {
    struct command_genesis genesis;
    struct command_list_asset asset;           /* not used by an instrument */
    struct command_list_instrument instrument; /* without orders */
    struct command_open_account account;       /* without orders */
    struct command_logon logon;                /* of a session that sends nothing */
    uint32_t logon_session;
    uint32_t logon_incarnation;
    uint64_t logon_input_sequence;
    uint64_t last_input_sequence; /* of the session that entered the order */
    uint32_t first_user;          /* the session's when it entered the order */
    struct command_new_order order;
    uint32_t order_session;
    bool executes; /* four lots of it */
    unsigned refusals_before;
    unsigned refusals_between; /* its entry and its replacement */
    unsigned refusals_after;
    unsigned ticks;
    bool last_is_refused; /* else a tick */
    uint64_t last_time_ns;
    uint32_t trading_day;
    enum world_walk walk;
    enum side walk_side;
    int64_t walk_price;
    struct command extra[WORLD_EXTRA_MAX]; /* before the last; time_ns is added to the script's */
    size_t extra_count;
    bool walk_later; /* the last order that is gone came one event later */
};

struct world_change {
    const char *fact;
    void (*prepare)(struct world *world); /* for both worlds */
    void (*change)(struct world *world);  /* for the other one */
    bool alone;                           /* nothing else follows from this fact */
};

extern const struct world_change world_changes[];
extern const size_t world_change_count;

struct world world_plain(void);
/* One command more; its header speaks for the session that sends nothing else, or the operator. */
struct command *world_add(struct world *world, enum command_id id, bool operator_sends);

void world_script(const struct world *world, struct script *out);

#endif
