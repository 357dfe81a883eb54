/* SPDX-License-Identifier: Apache-2.0
 *
 * A client that comes through the door: the C client of src/client, on the simulated network, at
 * the gateway that ships, in OUCH or in the native protocol. It enters, replaces and cancels; the
 * client logs on again and sends again what has no answer. Now and then the process behind it
 * starts anew and reads its session from the first number.
 *
 *   checker "desk dense"    events of a session come numbered 1, 2, 3 ...
 *   checker "desk same"     what is told again is what it was, byte for byte
 *   checker "desk doubled"  one reference, two orders
 *   checker "desk fills"    an order executes no more than it was entered for
 *
 * Owner: the run. Threads: one. Memory: malloc. Errors: findings.
 * Order of calls: desk_open, desk_tick often, desk_close.
 */
#ifndef DOJIMA_SIM_DESK_H
#define DOJIMA_SIM_DESK_H

#include "base/prng.h"
#include "client/dojima.h"
#include "identity/identity.h"
#include "sim/finding.h"

#define DESK_ORDERS_MAX  2048u
#define DESK_OUCH_DOOR   "127.0.0.1:9101"
#define DESK_NATIVE_DOOR "127.0.0.1:9102"

struct desk_key {
    char name[IDENTITY_NAME_BYTES + 1];
    uint8_t seed[IDENTITY_SEED_BYTES];
};

struct desk_order {
    int64_t open;
    bool entered;
    bool accepted;
};

struct desk {
    struct finding_log *findings;
    const struct desk_key *key;
    struct dojima_client *client;
    struct dojima_session *session;
    struct prng prng;
    uint64_t *hashes; /* of events, by number - 1 */
    uint64_t count;   /* highest number heard, ever */
    uint64_t capacity;
    uint64_t next;                             /* number expected by the present process */
    struct desk_order orders[DESK_ORDERS_MAX]; /* by reference */
    uint32_t newest;                           /* reference */
    enum dojima_protocol protocol;
    uint32_t eagerness; /* one turn in so many brings something new */
    bool quiet;
    uint64_t events;
    uint64_t restarts;
    uint64_t sent;
};

void desk_open(struct desk *desk, enum dojima_protocol protocol, const struct desk_key *key,
               uint64_t seed, struct finding_log *findings);
void desk_tick(struct desk *desk);
/* Logged on, and nothing is unanswered. */
bool desk_is_idle(const struct desk *desk);
void desk_close(struct desk *desk);

#endif
