/* SPDX-License-Identifier: Apache-2.0
 *
 * The naive twin of the engine: docs/reference/engine-rules.md written down in the most obvious
 * way, sorted lists and linear searches only, without a look at the engine. The oracle of
 * random_test: where the two differ, one of them has read the page wrongly.
 *
 * Owner: a test. Threads: one. Memory: the heap, freely. Errors: aborts when memory is out.
 * Order of calls: twin_init, twin_apply with the commands that the engine gets, twin_deinit.
 */
#ifndef DOJIMA_TESTS_ENGINE_TWIN_H
#define DOJIMA_TESTS_ENGINE_TWIN_H

#include "wire/native/command.h"
#include "wire/native/event.h"

#include <stddef.h>

/* Deliberate mistakes, each made once: they prove that the comparison can fail. */
enum twin_fault {
    TWIN_FAULT_NONE,
    TWIN_FAULT_QUEUE_SWAPPED,        /* two orders of one price change places */
    TWIN_FAULT_TIMER_LATE,           /* a due order leaves one command too late */
    TWIN_FAULT_SLIDE_TWO_TICKS,      /* a post-only order slides one tick too far */
    TWIN_FAULT_PLACE_KEPT,           /* a replacement that grows keeps its place */
    TWIN_FAULT_INPUT_SEQUENCE_STAYS, /* an input sequence is not used up */
    TWIN_FAULT_TOKEN_FREE,           /* a token is not taken */
    TWIN_FAULT_TAG_FORGOTTEN,        /* an order stays when its session ends */
    TWIN_FAULT_MASS_CANCEL_SHORT,    /* a mass cancel overlooks an order */
    TWIN_FAULT_NAME_FORGOTTEN,       /* a name is free too early */
    TWIN_FAULT_DEAD_MAN_SLEEPS,      /* a dead man's timer does not fire */
    TWIN_FAULT_RESERVE_STAYS,        /* a reserve is held after it was given back */
    TWIN_FAULT_SELF_TRADE,           /* orders of one group trade */
    TWIN_FAULT_COUNT,
};

/* An order in the book. */
struct twin_order {
    uint64_t order_id;
    uint64_t reference;
    uint64_t account;
    uint64_t expire_time; /* ns, 0 = never */
    int64_t price;        /* price units */
    int64_t total;        /* lots, what was executed included */
    int64_t remaining;    /* lots, open */
    uint32_t instrument;
    uint32_t session; /* that entered it */
    uint32_t participant;
    uint32_t self_trade_group; /* 0 = none */
    enum side side;
    enum order_type order_type;
    enum time_in_force time_in_force;
    enum post_only post_only; /* as entered */
    bool tagged;              /* leaves with its session */
    struct text36 name;
};

/* Where a walk over the books goes on: behind an order of this side, or at its beginning. */
struct twin_walk {
    uint32_t instrument;
    enum side side;
    int64_t price;      /* of the last order looked at */
    uint64_t reference; /* the same, 0 = none on this side */
};

struct twin_list {
    struct twin_order **at;
    size_t count;
    size_t capacity;
};

struct twin_asset {
    bool listed;
    uint8_t scale;
};

struct twin_instrument {
    bool listed;
    enum phase phase;
    struct command_list_instrument terms;
    struct twin_list buys;  /* best price first, then the order of the queue */
    struct twin_list sells; /* the same */
};

struct twin_account {
    struct command_open_account terms;
    bool blocked;
    bool participant_blocked;
    struct twin_list orders; /* live, in no particular order */
};

struct twin_rate {
    uint64_t full_at_ns;
    uint64_t interval_ns; /* 0 = no limit */
    uint64_t burst;
};

struct twin_session {
    uint32_t incarnation; /* 0 = never opened */
    uint32_t participant;
    uint32_t user;
    uint64_t input_sequence; /* last one used */
    bool closed;
    bool blocked;
    bool tags; /* orders that do not say */
    struct twin_rate orders;
    struct twin_rate cancels;
    uint32_t dead_man_ms; /* 0 = off */
    uint64_t dead_man_due_ns;
    struct twin_rate admin;
    uint64_t reserve_event; /* its first */
    uint32_t reserve;       /* numbers held */
    uint64_t sweep_until;   /* order id, 0 = no sweep */
    enum reason sweep_reason;
};

struct twin_mass_cancel {
    struct command_mass_cancel asked;
    uint32_t asked_by;
    uint32_t participant;
    uint64_t before_event; /* orders of a later sequence stay */
    uint32_t orders;
    struct twin_walk walk;
};

/* A name that is remembered. */
struct twin_name {
    uint64_t account;
    struct text36 name;
    struct command first; /* that brought it */
    uint64_t event_sequence;
    enum reject code;
    bool living;
    uint64_t ended_ns;
};

struct twin {
    bool opened;
    struct command_genesis limits;
    uint64_t time_ns;
    uint64_t event_sequence;
    struct twin_asset *assets;           /* by number */
    struct twin_instrument *instruments; /* by number */
    struct twin_session *sessions;       /* by number */
    struct twin_account *accounts;       /* in the order of opening */
    size_t account_count;
    enum self_trade *groups; /* modes, by number */
    struct twin_list timers; /* GTD orders by (expiry, order id) */
    unsigned logic;          /* the rules that apply */
    uint32_t day_ended;      /* yyyymmdd, 0 = none */
    struct twin_walk walk;
    uint32_t day_expired;                  /* orders over the slices so far */
    struct twin_mass_cancel *mass_cancels; /* first come, first served */
    size_t mass_cancel_count;
    struct twin_name *names;
    size_t name_count;
    bool name_is_kept;     /* an order leaves its place, not its name */
    bool name_is_new;      /* the command's result is to be remembered */
    uint32_t budget;       /* of the command being applied */
    enum twin_fault fault; /* to be made at the next chance */

    const struct command *command; /* being applied */
    struct event *events;          /* what it caused */
    size_t event_count;
};

/* Zeroed and half-built twins may be deinitialised. */
void twin_init(struct twin *twin, const struct command_genesis *limits);
void twin_deinit(struct twin *twin);

/* Afterwards twin->events holds exactly the events of this command. */
void twin_apply(struct twin *twin, const struct command *command);

/* Null if there is none. */
struct twin_instrument *twin_find_instrument(const struct twin *twin, uint32_t instrument);
struct twin_account *twin_find_account(const struct twin *twin, uint64_t account);
struct twin_session *twin_find_session(const struct twin *twin, uint32_t session);
struct twin_order *twin_find_order(const struct twin_account *account, const struct text36 *name);

struct twin_list *twin_side(struct twin_instrument *instrument, enum side side);
size_t twin_count_orders(const struct twin *twin);
size_t twin_count_levels(const struct twin *twin);
size_t twin_count_side_levels(const struct twin_list *side);

#endif
