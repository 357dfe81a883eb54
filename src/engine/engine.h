/* SPDX-License-Identifier: Apache-2.0
 *
 * The deterministic state machine: apply(state, command) -> events. The rules it follows are in
 * docs/reference/engine-rules.md, in the order in which they are checked.
 *
 * Owner: the sequencer (or a tool with a private engine). Threads: one. Memory: one arena, sealed
 * after engine_init; nothing is allocated later. Errors: business refusals are events; a broken
 * invariant aborts. Order of calls: engine_init, then engine_apply with sequences 1, 2, 3, ...;
 * queries between.
 */
#ifndef DOJIMA_ENGINE_ENGINE_H
#define DOJIMA_ENGINE_ENGINE_H

#include "base/arena.h"
#include "base/status.h"
#include "engine/events.h"
#include "wire/native/command.h"

struct engine;

/* Limits for tools and tests: a few instruments, some thousand orders. */
struct command_genesis engine_limits_small(void);

/* Builds an empty engine for these limits; the same call on a measuring arena (base/arena.h) tells
 * the bytes it takes and leaves *out_engine null. CONFIG if a limit is zero or contradicts another;
 * UNSUPPORTED if this release does not know the rules. */
MUST_USE enum status engine_init(struct arena *arena, const struct command_genesis *genesis,
                                 struct engine **out_engine);

/* Applies one command: the first must be the GENESIS of engine_init, with sequence 1, each later
 * one the next sequence, each one that engine_understands. Appends its events to `events`, which
 * must have engine_event_bytes_max() free and always be the same object (it carries the event
 * sequence). */
void engine_apply(struct engine *engine, const struct command *command, struct events *events);

/* Asks for the memory that a command will need to be brought near; changes nothing. Stages 0 to 3
 * follow one another a few commands apart, each finding what the one before brought; the last a few
 * commands before engine_apply. ENGINE_PREFETCH_DISTANCE is how many commands ahead stage 0 stands,
 * the others at equal steps behind it. */
#define ENGINE_PREFETCH_STAGES   4u
#define ENGINE_PREFETCH_DISTANCE 12u
void engine_prefetch(const struct engine *engine, const struct command *command, unsigned stage);

/* Largest number of buffer bytes that one command can write. */
size_t engine_event_bytes_max(const struct engine *engine);

uint64_t engine_command_sequence(const struct engine *engine); /* last applied, 0 = none */
uint64_t engine_event_sequence(const struct engine *engine);   /* last emitted, 0 = none */
uint64_t engine_time_ns(const struct engine *engine);

/* The version of the rules that apply to the next command: schema/logic.def. What came with which:
 */
#define LOGIC_PROTECTION 2 /* MARKET with a protection price */
#define LOGIC_MINIMUM    2 /* IOC with a minimum quantity */
unsigned engine_logic(const struct engine *engine);

/* False for a LOGIC_VERSION above LOGIC_NEWEST: it must not be logged, as a later release would not
 * refuse it. */
bool engine_understands(const struct command *command);

/* The number of the first field that holds no value of its set, 0 = none: the same in every
 * release, whatever its enumerations have learned since. */
unsigned engine_invalid_field(const struct command *command);

/* When the engine has something to do on its own, so that a TICK is worth sending: 0 = at once
 * (orders are leaving in slices), UINT64_MAX = never. It may be too early, never too late. */
uint64_t engine_next_due_ns(const struct engine *engine);

struct engine_counts {
    uint64_t assets, instruments, accounts, sessions, orders, levels;
    uint64_t hot_bytes; /* touched by resting orders in pools, indexes and ladders */
};
void engine_count(const struct engine *engine, struct engine_counts *out_counts);

/* A copy of what a resting order is. */
struct engine_order {
    uint64_t order_id;
    uint64_t reference;
    uint64_t account;
    struct price price;
    struct quantity total;     /* what was executed included */
    struct quantity remaining; /* open */
    uint64_t expire_time;
    uint32_t instrument;
    uint32_t session;
    enum side side;
    enum time_in_force time_in_force;
    struct text36 client_order_id;
};

/* The head of the queue at the best price of a side; false if that side is empty. */
bool engine_head(const struct engine *engine, uint32_t instrument, enum side side,
                 struct engine_order *out_order);

/* The best price of a side, or PRICE_NONE. */
struct price engine_best(const struct engine *engine, uint32_t instrument, enum side side);

/* A live resting order by its name; false if there is none. */
bool engine_find(const struct engine *engine, uint64_t account,
                 const struct text36 *client_order_id, struct engine_order *out_order);

bool engine_knows_asset(const struct engine *engine, uint32_t asset);
bool engine_knows_account(const struct engine *engine, uint64_t account);

/* The terms of a listed instrument, or null. */
const struct command_list_instrument *engine_instrument(const struct engine *engine,
                                                        uint32_t instrument);

/* The trading day that ended last, yyyymmdd; 0 = none. */
uint32_t engine_day_ended(const struct engine *engine);

struct engine_level {
    struct price price;
    struct quantity quantity;
    uint32_t orders;
};

/* Up to `max` levels from the best; returns how many. */
size_t engine_levels(const struct engine *engine, uint32_t instrument, enum side side,
                     struct engine_level *out_levels, size_t max);

/* Canonical bytes of the whole state in canonical order, piece by piece: what is hashed and what a
 * snapshot holds. They depend on the facts alone, never on pool layout. */
typedef void on_engine_bytes(void *context, const uint8_t *bytes, size_t count);
void engine_walk(const struct engine *engine, on_engine_bytes *on_bytes, void *context);

/* Fills an engine fresh from engine_init with bytes that engine_walk gave; the order records may
 * stand in any order. INVALID, TRUNCATED, FULL or UNSUPPORTED (rules of a later release), and the
 * engine is then of no use. */
MUST_USE enum status engine_load(struct engine *engine, const uint8_t *bytes, size_t count,
                                 struct events *events);

/* Full check of every invariant of README.md; aborts on a broken one. O(state). */
void engine_check(const struct engine *engine);

#endif
