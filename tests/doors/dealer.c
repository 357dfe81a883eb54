/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/dealer.h"

#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNANSWERED_MAX 8
#define RECENT         32
#define PRICE_MIDDLE   INT64_C(1000000)
#define PRICE_TICK     INT64_C(100)

static void wrong(struct dealer *dealer, const char *what, uint64_t number, uint64_t reference)
{
    if (dealer->wrong[0] == '\0') {
        snprintf(dealer->wrong, sizeof dealer->wrong,
                 "%s at event %" PRIu64 ", order %" PRIu64 ", last event %" PRIu64, what, number,
                 reference, dealer->last_event);
    }
}

enum dealer_outcome dealer_outcome(const struct dealer *dealer, uint32_t reference)
{
    return reference < dealer->outcome_capacity ? (enum dealer_outcome)dealer->outcomes[reference]
                                                : DEALER_UNUSED;
}

static void set_outcome(struct dealer *dealer, uint32_t reference, enum dealer_outcome outcome)
{
    if (reference >= dealer->outcome_capacity) {
        size_t capacity = ((size_t)reference + 1) * 2;
        dealer->outcomes = realloc(dealer->outcomes, capacity);
        ASSERT(dealer->outcomes != NULL);
        memset(dealer->outcomes + dealer->outcome_capacity, 0, capacity - dealer->outcome_capacity);
        dealer->outcome_capacity = capacity;
    }
    dealer->outcomes[reference] = (uint8_t)outcome;
}

static void add_fill(struct dealer *dealer, const struct dojima_event *event)
{
    if (dealer->fill_count == dealer->fill_capacity) {
        dealer->fill_capacity = dealer->fill_capacity == 0 ? 256 : dealer->fill_capacity * 2;
        dealer->fills = realloc(dealer->fills, dealer->fill_capacity * sizeof *dealer->fills);
        ASSERT(dealer->fills != NULL);
    }
    dealer->fills[dealer->fill_count++] = (struct fill){.match = event->match,
                                                        .quantity = event->quantity,
                                                        .price = event->price,
                                                        .reference = event->reference,
                                                        .maker = event->maker};
}

/* What was sent has one outcome. */
static void decide(struct dealer *dealer, const struct dojima_event *event,
                   enum dealer_outcome before, enum dealer_outcome outcome)
{
    if (dealer_outcome(dealer, event->reference) != before) {
        wrong(dealer, "a second outcome, or one of what was never sent", event->number,
              event->reference);
    }
    set_outcome(dealer, event->reference, outcome);
}

static void on_event(void *context, struct dojima_session *session,
                     const struct dojima_event *event)
{
    (void)session;
    struct dealer *dealer = context;
    if (event->number != dealer->last_event + 1) {
        wrong(dealer, "a number out of its turn", event->number, event->reference);
    }
    dealer->last_event = event->number;
    switch (event->kind) {
    case DOJIMA_ACCEPTED:
        dealer->accepted++;
        decide(dealer, event, DEALER_SENT, DEALER_ACCEPTED);
        break;
    case DOJIMA_REJECTED:
        decide(dealer, event,
               dealer_outcome(dealer, event->reference) == DEALER_REPLACEMENT ? DEALER_REPLACEMENT
                                                                              : DEALER_SENT,
               DEALER_REJECTED);
        break;
    case DOJIMA_REPLACED:
        decide(dealer, event, DEALER_REPLACEMENT, DEALER_REPLACED);
        break;
    case DOJIMA_EXECUTED:
        if (dealer_outcome(dealer, event->reference) != DEALER_ACCEPTED &&
            dealer_outcome(dealer, event->reference) != DEALER_REPLACED) {
            wrong(dealer, "a fill of what was not accepted", event->number, event->reference);
        }
        add_fill(dealer, event);
        break;
    case DOJIMA_QUERIED:
        dealer->queried = true;
        break;
    case DOJIMA_CANCELLED:
    case DOJIMA_REFUSED_CHANGE:
    case DOJIMA_MASS_CANCELLED:
    case DOJIMA_RESOLVED:
    case DOJIMA_NOTED:
        break;
    case DOJIMA_OTHER:
        /* OUCH has no message for a replace that was sent again and refused the first time. */
        if (dealer->native) {
            wrong(dealer, "a message that the client does not know", event->number, 0);
        }
        break;
    }
}

static void on_live(void *context, struct dojima_session *session, uint64_t next_number)
{
    (void)session;
    struct dealer *dealer = context;
    dealer->lives++;
    if (next_number != dealer->last_event + 1) {
        wrong(dealer, "a logon at another number", next_number, 0);
    }
}

static void on_down(void *context, struct dojima_session *session, const char *reason, bool final)
{
    (void)session;
    struct dealer *dealer = context;
    dealer->downs++;
    if (final) {
        wrong(dealer, reason, dealer->last_event, 0);
    }
}

static void on_not_sequenced(void *context, struct dojima_session *session, uint32_t reference,
                             uint32_t retry_after_us, const char *kind)
{
    (void)session;
    (void)retry_after_us;
    (void)kind;
    struct dealer *dealer = context;
    dealer->not_sequenced++;
    enum dealer_outcome outcome = dealer_outcome(dealer, reference);
    if (outcome == DEALER_SENT || outcome == DEALER_REPLACEMENT) {
        set_outcome(dealer, reference, DEALER_NOT_SEQUENCED);
    }
}

static void enter(struct dealer *dealer)
{
    struct prng *prng = &dealer->prng;
    struct dojima_order order = {
        .price = PRICE_MIDDLE + prng_between(prng, -5, 5) * PRICE_TICK,
        .quantity = prng_between(prng, 1, 100),
        .reference = ++dealer->highest,
        .instrument = 1 + (uint32_t)prng_below(prng, 2),
        .side = prng_chance(prng, 1, 2) ? DOJIMA_BUY : DOJIMA_SELL,
        .time_in_force = prng_chance(prng, 1, 4) ? DOJIMA_IOC : DOJIMA_DAY,
    };
    snprintf(order.symbol, sizeof order.symbol, "%s", order.instrument == 1 ? "RICE" : "SILK");
    set_outcome(dealer, order.reference, DEALER_SENT);
    if (dojima_enter(dealer->session, &order, NULL) != DOJIMA_OK) {
        set_outcome(dealer, order.reference, DEALER_UNUSED);
        return;
    }
    dealer->sent++;
}

static uint32_t recent(struct dealer *dealer)
{
    uint64_t span = dealer->highest < RECENT ? dealer->highest : RECENT;
    return dealer->highest - (uint32_t)prng_below(&dealer->prng, span);
}

static void replace(struct dealer *dealer)
{
    struct prng *prng = &dealer->prng;
    struct dojima_change change = {
        .price = PRICE_MIDDLE + prng_between(prng, -5, 5) * PRICE_TICK,
        .quantity = prng_between(prng, 1, 150),
        .original = recent(dealer),
        .time_in_force = DOJIMA_DAY,
    };
    change.reference = ++dealer->highest;
    set_outcome(dealer, change.reference, DEALER_REPLACEMENT);
    if (dojima_replace(dealer->session, &change, NULL) != DOJIMA_OK) {
        set_outcome(dealer, change.reference, DEALER_UNUSED);
        return;
    }
    dealer->sent++;
}

void dealer_act(struct dealer *dealer)
{
    if (dojima_session_state(dealer->session) != DOJIMA_STATE_LIVE ||
        dojima_session_unanswered(dealer->session) >= UNANSWERED_MAX) {
        return;
    }
    uint64_t draw = prng_below(&dealer->prng, 100);
    if (draw < 70 || dealer->highest == 0) {
        enter(dealer);
    } else if (draw < 85) {
        replace(dealer);
    } else if (dojima_cancel(dealer->session, recent(dealer)) == DOJIMA_OK) {
        dealer->sent++;
    }
}

void dealer_open(struct dealer *dealer, struct dojima_client *client,
                 const struct dojima_session_options *options, uint64_t seed)
{
    *dealer = (struct dealer){.native = options->protocol == DOJIMA_NATIVE};
    prng_init(&dealer->prng, seed);
    snprintf(dealer->name, sizeof dealer->name, "%s", options->username);
    struct dojima_session_options mine = *options;
    mine.context = dealer;
    mine.handler = (struct dojima_handler){.on_live = on_live,
                                           .on_event = on_event,
                                           .on_not_sequenced = on_not_sequenced,
                                           .on_down = on_down};
    enum dojima_result result = dojima_session_open(client, &mine, &dealer->session);
    ASSERT(result == DOJIMA_OK);
}

void dealer_close(struct dealer *dealer)
{
    free(dealer->outcomes);
    free(dealer->fills);
}
