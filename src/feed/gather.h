/* SPDX-License-Identifier: Apache-2.0
 *
 * When what is new leaves: at once after a pause or once there is a packet full of it, else when
 * some time has passed since the last. Each send to a line or a reader costs as much as several
 * orders; a stream of small turns must not pay it in each of them.
 *
 * Owner: the feed. Threads: any. Memory: none. Errors: none.
 */
#ifndef DOJIMA_FEED_GATHER_H
#define DOJIMA_FEED_GATHER_H

#include "feed/history.h"

#define GATHER_NS       100000
#define GATHER_MESSAGES 32u /* about a packet full */

/* True: what the cursor has before it waits for more. `sent_ns`: when something last left. */
static inline bool gather_waits(const struct history *history, const struct history_cursor *cursor,
                                int64_t sent_ns, int64_t now_ns)
{
    return now_ns - sent_ns < GATHER_NS && history->last + 1 - cursor->next < GATHER_MESSAGES;
}

#endif
