/* SPDX-License-Identifier: Apache-2.0
 *
 * What the two halves of the twin share: refusals, emitting events, leaving the book.
 *
 * Owner: the twin. Threads: one. Memory: the twin's. Errors: none. Order of calls: inside
 * twin_apply.
 */
#ifndef DOJIMA_TESTS_ENGINE_TWIN_STEPS_H
#define DOJIMA_TESTS_ENGINE_TWIN_STEPS_H

#include "tests/engine/twin.h"

/* REJECT_NONE if the command passed. */
struct twin_refusal {
    enum reject code;
    int64_t limit;
    int64_t value;
};

static inline struct twin_refusal refuse(enum reject code, int64_t limit, int64_t value)
{
    return (struct twin_refusal){code, limit, value};
}

static inline struct twin_refusal pass(void)
{
    return (struct twin_refusal){REJECT_NONE, 0, 0};
}

/* The next event of the command being applied, its body still zero. */
struct event *twin_emit(struct twin *twin, enum event_id id, uint8_t version);
#define TWIN_EMIT(twin, UPPER) twin_emit((twin), EVENT_##UPPER, EVENT_##UPPER##_VERSION)

/* True once, if this is the fault that the twin is to make. */
bool twin_makes_fault(struct twin *twin, enum twin_fault fault);

void twin_list_insert(struct twin_list *list, size_t index, struct twin_order *order);
void twin_list_remove(struct twin_list *list, const struct twin_order *order);

/* Takes an order out of book, timers and account. */
void twin_unlink(struct twin *twin, struct twin_order *order);

/* REMOVED, and the order is gone. */
void twin_remove(struct twin *twin, struct twin_order *order, enum reason reason);

static inline struct twin_walk twin_walk_begin(void)
{
    return (struct twin_walk){.instrument = 1, .side = SIDE_BUY};
}

/* The first order that a walk over the books has not passed; null if there is none. */
struct twin_order *twin_next_of_walk(const struct twin *twin, const struct twin_walk *walk);

/* Sessions and what leaves many at a time (twin_sessions.c). */
struct twin_refusal twin_check_session(struct twin *twin);
struct twin_refusal twin_logon(struct twin *twin);
struct twin_refusal twin_session_lost(struct twin *twin);
struct twin_refusal twin_set_dead_man(struct twin *twin);
struct twin_refusal twin_session_admin(struct twin *twin);
struct twin_refusal twin_mass_cancel(struct twin *twin);
void twin_sweep_before(struct twin *twin);
void twin_sweep_behind(struct twin *twin);

/* Names that are remembered (twin_names.c). `out_done`: it was told its first result. */
struct twin_refusal twin_check_name(struct twin *twin, uint64_t account, const struct text36 *name,
                                    bool *out_done);
void twin_note_name(struct twin *twin, uint64_t account, const struct text36 *name,
                    enum reject code);
/* The order that lived under the name is gone, or has another name. */
void twin_name_ends(struct twin *twin, uint64_t account, const struct text36 *name);
struct twin_refusal twin_resolve(struct twin *twin);

/* The account, and whether the command's session may use it. */
struct twin_refusal twin_check_account(const struct twin *twin, uint64_t number,
                                       struct twin_account **out_account);

/* An order on its way into the book, with what the events tell of it. */
struct twin_incoming {
    struct twin_order order;
    struct twin_instrument *instrument;
};

static inline enum side twin_opposite(enum side side)
{
    return side == SIDE_BUY ? SIDE_SELL : SIDE_BUY;
}

/* True if an order of `side` with this limit price trades against one at `price`. */
static inline bool twin_reaches(enum side side, int64_t limit, int64_t price)
{
    return side == SIDE_BUY ? limit >= price : limit <= price;
}

static inline bool twin_is_multiple(int64_t value, int64_t unit)
{
    return value % unit == 0;
}

/* What NEW_ORDER and REPLACE both check, by the numbers of the rules (twin_orders.c). A slide
 * changes in->order.price. */
struct twin_refusal twin_check_blocks(const struct twin *twin, const struct twin_account *account);
struct twin_refusal twin_check_phase(const struct twin_instrument *instrument);
struct twin_refusal twin_check_quantity(const struct command_list_instrument *terms,
                                        int64_t quantity);
struct twin_refusal twin_check_price(const struct command_list_instrument *terms, int64_t price,
                                     int64_t quantity);
struct twin_refusal twin_check_risk(const struct twin_account *account,
                                    const struct twin_incoming *in, int64_t quantity);
struct twin_refusal twin_check_post_only(struct twin *twin, struct twin_incoming *in);
struct twin_refusal twin_check_level(const struct twin *twin, const struct twin_incoming *in);

/* REDUCED, of an order that is smaller already (twin_changes.c). */
void twin_emit_reduced(struct twin *twin, const struct twin_order *order, int64_t quantity,
                       enum reason reason);

/* The match (twin_match.c). True if a fill-or-kill order may match. */
bool twin_fills(struct twin *twin, const struct twin_incoming *in, int64_t quantity);
void twin_match_and_rest(struct twin *twin, struct twin_incoming *in);

/* The rules of the order commands. */
struct twin_refusal twin_new_order(struct twin *twin);
struct twin_refusal twin_cancel(struct twin *twin);
struct twin_refusal twin_reduce(struct twin *twin);
struct twin_refusal twin_replace(struct twin *twin);

#endif
