/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/trader.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNANSWERED_MAX 8
#define RECENT         32
#define PRICE_MIDDLE   INT64_C(1000000)
#define PRICE_TICK     INT64_C(100)

static void wrong(struct trader *trader, const char *what, uint64_t number, uint64_t reference)
{
    if (trader->wrong[0] == '\0') {
        snprintf(trader->wrong, sizeof trader->wrong,
                 "%s at event %" PRIu64 ", order %" PRIu64 ", last event %" PRIu64, what, number,
                 reference, trader->last_event);
    }
}

enum trader_outcome trader_outcome(const struct trader *trader, uint32_t reference)
{
    return reference < trader->outcome_capacity ? (enum trader_outcome)trader->outcomes[reference]
                                                : TRADER_UNUSED;
}

static void set_outcome(struct trader *trader, uint32_t reference, enum trader_outcome outcome)
{
    if (reference >= trader->outcome_capacity) {
        size_t capacity = ((size_t)reference + 1) * 2;
        trader->outcomes = realloc(trader->outcomes, capacity);
        ASSERT(trader->outcomes != NULL);
        memset(trader->outcomes + trader->outcome_capacity, 0, capacity - trader->outcome_capacity);
        trader->outcome_capacity = capacity;
    }
    trader->outcomes[reference] = (uint8_t)outcome;
}

static void add_fill(struct trader *trader, const struct dojima_event *event)
{
    if (trader->fill_count == trader->fill_capacity) {
        trader->fill_capacity = trader->fill_capacity == 0 ? 256 : trader->fill_capacity * 2;
        trader->fills = realloc(trader->fills, trader->fill_capacity * sizeof *trader->fills);
        ASSERT(trader->fills != NULL);
    }
    trader->fills[trader->fill_count++] = (struct fill){.match = event->match,
                                                        .quantity = event->quantity,
                                                        .price = event->price,
                                                        .reference = event->reference,
                                                        .maker = event->maker};
}

/* What was sent has one outcome. */
static void decide(struct trader *trader, const struct dojima_event *event,
                   enum trader_outcome before, enum trader_outcome outcome)
{
    if (trader_outcome(trader, event->reference) != before) {
        wrong(trader, "a second outcome, or one of what was never sent", event->number,
              event->reference);
    }
    set_outcome(trader, event->reference, outcome);
}

static void on_event(void *context, struct dojima_session *session,
                     const struct dojima_event *event)
{
    (void)session;
    struct trader *trader = context;
    if (event->number != trader->last_event + 1) {
        wrong(trader, "a number out of its turn", event->number, event->reference);
    }
    trader->last_event = event->number;
    switch (event->kind) {
    case DOJIMA_ACCEPTED:
        trader->accepted++;
        decide(trader, event, TRADER_SENT, TRADER_ACCEPTED);
        break;
    case DOJIMA_REJECTED:
        decide(trader, event, TRADER_SENT, TRADER_REJECTED);
        break;
    case DOJIMA_REPLACED:
        decide(trader, event, TRADER_REPLACEMENT, TRADER_REPLACED);
        break;
    case DOJIMA_EXECUTED:
        if (trader_outcome(trader, event->reference) != TRADER_ACCEPTED &&
            trader_outcome(trader, event->reference) != TRADER_REPLACED) {
            wrong(trader, "a fill of what was not accepted", event->number, event->reference);
        }
        add_fill(trader, event);
        break;
    case DOJIMA_QUERIED:
        trader->queried = true;
        break;
    case DOJIMA_CANCELLED:
    case DOJIMA_REFUSED_CHANGE:
    case DOJIMA_MASS_CANCELLED:
    case DOJIMA_RESOLVED:
        break;
    case DOJIMA_OTHER:
        /* OUCH has no message for a replace that was sent again and refused the first time. */
        if (trader->native) {
            wrong(trader, "a message that the client does not know", event->number, 0);
        }
        break;
    }
}

static void on_live(void *context, struct dojima_session *session, uint64_t next_number)
{
    (void)session;
    struct trader *trader = context;
    trader->lives++;
    if (next_number != trader->last_event + 1) {
        wrong(trader, "a logon at another number", next_number, 0);
    }
}

static void on_down(void *context, struct dojima_session *session, const char *reason, bool final)
{
    (void)session;
    struct trader *trader = context;
    trader->downs++;
    if (final) {
        wrong(trader, reason, trader->last_event, 0);
    }
}

static void on_not_sequenced(void *context, struct dojima_session *session, uint32_t reference,
                             uint32_t retry_after_us, const char *kind)
{
    (void)session;
    (void)retry_after_us;
    (void)kind;
    struct trader *trader = context;
    trader->not_sequenced++;
    enum trader_outcome outcome = trader_outcome(trader, reference);
    if (outcome == TRADER_SENT || outcome == TRADER_REPLACEMENT) {
        set_outcome(trader, reference, TRADER_NOT_SEQUENCED);
    }
}

static void enter(struct trader *trader)
{
    struct prng *prng = &trader->prng;
    struct dojima_order order = {
        .price = PRICE_MIDDLE + prng_between(prng, -5, 5) * PRICE_TICK,
        .quantity = prng_between(prng, 1, 100),
        .reference = ++trader->highest,
        .instrument = 1 + (uint32_t)prng_below(prng, 2),
        .side = prng_chance(prng, 1, 2) ? DOJIMA_BUY : DOJIMA_SELL,
        .time_in_force = prng_chance(prng, 1, 4) ? DOJIMA_IOC : DOJIMA_DAY,
    };
    snprintf(order.symbol, sizeof order.symbol, "%s", order.instrument == 1 ? "RICE" : "SILK");
    set_outcome(trader, order.reference, TRADER_SENT);
    if (dojima_enter(trader->session, &order, NULL) != DOJIMA_OK) {
        set_outcome(trader, order.reference, TRADER_UNUSED);
        return;
    }
    trader->sent++;
}

static uint32_t recent(struct trader *trader)
{
    uint64_t span = trader->highest < RECENT ? trader->highest : RECENT;
    return trader->highest - (uint32_t)prng_below(&trader->prng, span);
}

static void replace(struct trader *trader)
{
    struct prng *prng = &trader->prng;
    struct dojima_change change = {
        .price = PRICE_MIDDLE + prng_between(prng, -5, 5) * PRICE_TICK,
        .quantity = prng_between(prng, 1, 150),
        .original = recent(trader),
        .time_in_force = DOJIMA_DAY,
    };
    change.reference = ++trader->highest;
    set_outcome(trader, change.reference, TRADER_REPLACEMENT);
    if (dojima_replace(trader->session, &change, NULL) != DOJIMA_OK) {
        set_outcome(trader, change.reference, TRADER_UNUSED);
        return;
    }
    trader->sent++;
}

void trader_act(struct trader *trader)
{
    if (dojima_session_state(trader->session) != DOJIMA_STATE_LIVE ||
        dojima_session_unanswered(trader->session) >= UNANSWERED_MAX) {
        return;
    }
    uint64_t draw = prng_below(&trader->prng, 100);
    if (draw < 70 || trader->highest == 0) {
        enter(trader);
    } else if (draw < 85) {
        replace(trader);
    } else if (dojima_cancel(trader->session, recent(trader)) == DOJIMA_OK) {
        trader->sent++;
    }
}

void trader_open(struct trader *trader, struct dojima_client *client,
                 const struct dojima_session_options *options, uint64_t seed)
{
    *trader = (struct trader){.native = options->protocol == DOJIMA_NATIVE};
    prng_init(&trader->prng, seed);
    snprintf(trader->name, sizeof trader->name, "%s", options->username);
    struct dojima_session_options mine = *options;
    mine.context = trader;
    mine.handler = (struct dojima_handler){.on_live = on_live,
                                           .on_event = on_event,
                                           .on_not_sequenced = on_not_sequenced,
                                           .on_down = on_down};
    enum dojima_result result = dojima_session_open(client, &mine, &trader->session);
    ASSERT(result == DOJIMA_OK);
}

void trader_close(struct trader *trader)
{
    free(trader->outcomes);
    free(trader->fills);
}
