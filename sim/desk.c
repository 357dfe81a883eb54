/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/desk.h"

#include "base/assert.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

#define LL(number)   ((unsigned long long)(number))
#define MIDDLE       INT64_C(1000000) /* 10^-4 */
#define TICK         INT64_C(100)
#define UNANSWERED   12u
#define RESTARTS_OF  4000u /* one turn in so many */
#define RECONNECT_MS 2u

static uint64_t hash_of(const struct dojima_event *event)
{
    uint64_t hash = hash_mix64(event->number + event->count);
    for (size_t i = 0; i < event->count; i++) {
        hash = (hash ^ event->bytes[i]) * 0x100000001b3u;
    }
    return hash_mix64(hash);
}

static struct desk_order *order_of(struct desk *desk, uint32_t reference)
{
    return reference > 0 && reference < DESK_ORDERS_MAX ? &desk->orders[reference] : NULL;
}

/* Each number once, whoever heard it. */
static void fold(struct desk *desk, const struct dojima_event *event)
{
    struct desk_order *order = order_of(desk, event->reference);
    if (order == NULL || !order->entered) {
        return;
    }
    if (event->kind == DOJIMA_ACCEPTED) {
        if (order->accepted) {
            sim_find(desk->findings, "desk doubled", "%s: number %llu accepts %u a second time",
                     desk->key->name, LL(event->number), event->reference);
        }
        order->accepted = true;
    } else if (event->kind == DOJIMA_EXECUTED) {
        order->open -= event->quantity;
        if (order->open < 0) {
            sim_find(desk->findings, "desk fills", "%s: number %llu fills %u beyond its quantity",
                     desk->key->name, LL(event->number), event->reference);
        }
    }
}

static void on_event(void *context, struct dojima_session *session,
                     const struct dojima_event *event)
{
    struct desk *desk = context;
    (void)session;
    uint64_t hash = hash_of(event);
    desk->events++;
    if (event->number != desk->next) {
        sim_find(desk->findings, "desk dense", "%s heard number %llu and waited for %llu",
                 desk->key->name, LL(event->number), LL(desk->next));
        return;
    }
    desk->next++;
    if (event->number <= desk->count) {
        if (desk->hashes[event->number - 1] != hash) {
            sim_find(desk->findings, "desk same", "%s: number %llu is another message now",
                     desk->key->name, LL(event->number));
        }
        return;
    }
    if (desk->count == desk->capacity) {
        desk->capacity = desk->capacity == 0 ? 256 : 2 * desk->capacity;
        desk->hashes = realloc(desk->hashes, desk->capacity * sizeof *desk->hashes);
        ASSERT(desk->hashes != NULL);
    }
    desk->hashes[desk->count++] = hash;
    fold(desk, event);
}

static bool sign(void *context, const uint8_t challenge[DOJIMA_CHALLENGE_BYTES],
                 uint8_t out_signature[DOJIMA_SIGNATURE_BYTES])
{
    const struct desk *desk = context;
    uint8_t bytes[IDENTITY_LOGON_BYTES];
    identity_logon_bytes(desk->key->name, strlen(desk->key->name), challenge, bytes);
    identity_sign(desk->key->seed, bytes, sizeof bytes, out_signature);
    return true;
}

static void begin(struct desk *desk)
{
    bool ouch = desk->protocol == DOJIMA_OUCH;
    struct dojima_session_options options = {
        .address = ouch ? DESK_OUCH_DOOR : DESK_NATIVE_DOOR,
        .protocol = desk->protocol,
        .username = desk->key->name,
        .sign = sign,
        .next_number = 1,
        .plain = true,
        .reconnect_ms = RECONNECT_MS,
        .handler = {.on_event = on_event},
        .context = desk,
    };
    desk->next = 1;
    ASSERT(dojima_client_open(&desk->client) == DOJIMA_OK);
    ASSERT(dojima_session_open(desk->client, &options, &desk->session) == DOJIMA_OK);
}

void desk_open(struct desk *desk, enum dojima_protocol protocol, const struct desk_key *key,
               uint64_t seed, struct finding_log *findings)
{
    *desk = (struct desk){.findings = findings, .key = key, .protocol = protocol, .eagerness = 40};
    prng_init(&desk->prng, seed);
    begin(desk);
}

static void enter(struct desk *desk)
{
    struct dojima_order order = {
        .price = MIDDLE + TICK * prng_between(&desk->prng, -8, 8),
        .quantity = prng_between(&desk->prng, 1, 40),
        .reference = desk->newest + 1,
        .instrument = 1,
        .symbol = "RICE",
        .side = prng_chance(&desk->prng, 1, 2) ? DOJIMA_BUY : DOJIMA_SELL,
        .time_in_force = prng_chance(&desk->prng, 1, 4) ? DOJIMA_IOC : DOJIMA_DAY,
    };
    uint32_t reference = 0;
    if (desk->newest + 1 < DESK_ORDERS_MAX &&
        dojima_enter(desk->session, &order, &reference) == DOJIMA_OK) {
        desk->newest = reference;
        desk->orders[reference] = (struct desk_order){.open = order.quantity, .entered = true};
        desk->sent++;
    }
}

static void act(struct desk *desk)
{
    bool ready = dojima_session_state(desk->session) == DOJIMA_STATE_LIVE &&
                 desk->next > desk->count && dojima_session_unanswered(desk->session) < UNANSWERED;
    if (desk->quiet || !ready || !prng_chance(&desk->prng, 1, desk->eagerness)) {
        return;
    }
    if (desk->newest > 0 && prng_chance(&desk->prng, 1, 3)) {
        uint32_t reference = (uint32_t)prng_between(&desk->prng, 1, desk->newest);
        desk->sent += dojima_cancel(desk->session, reference) == DOJIMA_OK;
    } else {
        enter(desk);
    }
}

void desk_tick(struct desk *desk)
{
    dojima_client_tick(desk->client, 0);
    if (dojima_session_state(desk->session) >= DOJIMA_STATE_OVER) {
        sim_find(desk->findings, "desk dense", "%s: the venue has ended the session",
                 desk->key->name);
        return;
    }
    act(desk);
    /* Only with nothing unanswered: a new process does not know what the old one had sent. */
    if (!desk->quiet && desk_is_idle(desk) && prng_chance(&desk->prng, 1, RESTARTS_OF)) {
        dojima_client_close(desk->client);
        begin(desk);
        desk->restarts++;
    }
}

bool desk_is_idle(const struct desk *desk)
{
    return dojima_session_state(desk->session) == DOJIMA_STATE_LIVE && desk->next > desk->count &&
           dojima_session_unanswered(desk->session) == 0;
}

void desk_close(struct desk *desk)
{
    dojima_client_close(desk->client);
    free(desk->hashes);
    *desk = (struct desk){0};
}
