/* SPDX-License-Identifier: Apache-2.0
 *
 * What entering an order and changing one have in common: their checks, the match, the place in the
 * book. Private to engine/.
 *
 * Owner: new_order.c and change_order.c. Threads: one. Memory: the engine's. Errors: refusals.
 * Order of calls: order_check_account first, it fills in the rest of the check; then any.
 */
#ifndef DOJIMA_ENGINE_ORDERS_H
#define DOJIMA_ENGINE_ORDERS_H

#include "engine/match/match.h"
#include "engine/state.h"

/* What the checks of an order find out. */
struct order_check {
    const struct account *account;
    const struct command_list_instrument *terms;
    uint32_t user;
    uint32_t self_trade_group; /* of a new order */
    uint8_t session_blocked;
    uint8_t tagged;      /* a new order leaves with its session */
    int64_t price_units; /* as it counts, after a slide */
};

#define TRY(check)                                                                                 \
    do {                                                                                           \
        struct refusal try_refusal = (check);                                                      \
        if (UNLIKELY(try_refusal.code != REJECT_NONE)) {                                           \
            return try_refusal;                                                                    \
        }                                                                                          \
    } while (0)

/* Finds the account; the command's session must be one of its participant. */
struct refusal order_check_account(struct apply *apply, uint64_t number, struct order_check *check);

/* What stops orders that may trade, not what takes back: kill switches, then the phase. */
COLD struct refusal order_check_stops(const struct engine *engine, const struct order_check *check,
                                      uint32_t instrument);

static ALWAYS_INLINE bool order_is_stopped(const struct engine *engine,
                                           const struct order_check *check, uint32_t instrument)
{
    return (check->session_blocked | check->account->blocks) != 0 ||
           !reference_is_open(&engine->reference, instrument);
}

/* Post-only: refuses, slides check->price_units, or leaves it. */
struct refusal order_check_post_only(const struct engine *engine, enum side side, unsigned mode,
                                     struct order_check *check);

/* Whether there is room for a level at check->price_units. */
struct refusal order_check_level(const struct engine *engine, enum side side,
                                 const struct order_check *check);

/* The mode of a self-trade group; 0 is none. */
static ALWAYS_INLINE enum self_trade order_group_mode(const struct engine *engine, uint32_t group)
{
    return group - 1 < engine->genesis.max_accounts
               ? (enum self_trade)engine->group_modes[group - 1]
               : SELF_TRADE_NONE;
}

/* Trades, and forgets the makers that were filled; where the taker meets its own group, that is
 * prevented. False if the command's events ran out while there was still a counterpart. */
bool order_trade(struct apply *apply, struct taker *taker);

void order_put_cancelled(struct apply *apply, const struct taker *taker, enum reason reason);

void order_put_reduced(struct apply *apply, uint32_t index, int64_t lots, enum reason reason);

/* Puts an order whose slot is filled in at the back of its price. */
void order_rest(struct apply *apply, uint32_t index, uint32_t instrument, enum side side,
                int64_t price_units);

/* Takes an order that is out of the book out of names, lists and timers, and gives its slot back.
 */
void order_forget(struct engine *engine, uint32_t index);

#endif
