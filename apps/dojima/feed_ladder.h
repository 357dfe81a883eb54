/* SPDX-License-Identifier: Apache-2.0
 *
 * The book of one instrument on a terminal, redrawn in its place: prices with the orders and shares
 * that rest there, the last trade, and how the feed is doing.
 *
 * Owner: `dojima feed listen`. Threads: one. Memory: in place. Errors: none.
 * Order of calls: zeroed, feed_ladder_draw some times a second, feed_ladder_end.
 */
#ifndef DOJIMA_APPS_FEED_LADDER_H
#define DOJIMA_APPS_FEED_LADDER_H

#include "feed/listener.h"

struct feed_ladder {
    const char *symbol; /* null: the instrument with most executions */
    unsigned lines;     /* drawn last time: the cursor goes up by so many */
};

void feed_ladder_draw(struct feed_ladder *ladder, const struct listener *listener);
/* Leaves what is drawn. */
void feed_ladder_end(struct feed_ladder *ladder);

#endif
