/* SPDX-License-Identifier: Apache-2.0
 *
 * A token bucket on engine time, in integers: one token comes every interval, at most `burst` wait.
 * What is kept is the moment at which the bucket would be full again, so nothing is refilled and
 * nothing is lost to rounding; the interval is rounded up, so a rate is never exceeded.
 *
 *   tokens now = burst - (full_at - now) / interval, rounded down
 *
 * Owner: a session. Threads: one. Memory: in place. Errors: none. Order of calls: rate_set, then
 * any.
 */
#ifndef DOJIMA_ENGINE_SESSION_RATE_H
#define DOJIMA_ENGINE_SESSION_RATE_H

#include "base/compiler.h"

#include <stdbool.h>

#define RATE_MOST      1000000u /* of per_s and of burst: products stay far below 64 bits */
#define RATE_UNLIMITED UINT32_MAX

struct rate {
    uint64_t full_at_ns;
    uint32_t interval_ns; /* between two tokens, 0 = no limit */
    uint32_t burst;
};

/* What was used up before stays so, but never more than the new bucket holds. */
static inline void rate_set(struct rate *rate, uint32_t per_s, uint32_t burst, uint64_t now_ns)
{
    rate->interval_ns = per_s == 0 ? 0 : (1000000000u + per_s - 1) / per_s;
    rate->burst = per_s == 0 ? 0 : burst;
    uint64_t empty_ns = now_ns + (uint64_t)rate->interval_ns * rate->burst;
    if (rate->full_at_ns > empty_ns) {
        rate->full_at_ns = empty_ns;
    }
}

/* Takes a token; *out_left is then how many there are. If there is none: false, and *out_wait_ns
 * is the time until there is one. */
static inline bool rate_take(struct rate *rate, uint64_t now_ns, uint32_t *out_left,
                             uint64_t *out_wait_ns)
{
    if (rate->interval_ns == 0) {
        *out_left = RATE_UNLIMITED;
        return true;
    }
    uint64_t empty_ns = now_ns + (uint64_t)rate->interval_ns * rate->burst;
    uint64_t full_at_ns =
        (rate->full_at_ns > now_ns ? rate->full_at_ns : now_ns) + rate->interval_ns;
    if (UNLIKELY(full_at_ns > empty_ns)) {
        *out_wait_ns = full_at_ns - empty_ns;
        return false;
    }
    rate->full_at_ns = full_at_ns;
    *out_left = (uint32_t)((empty_ns - full_at_ns) / rate->interval_ns);
    return true;
}

#endif
