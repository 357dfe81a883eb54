/* SPDX-License-Identifier: Apache-2.0
 *
 * One line of `dojima order`, as arguments, typed or in a script:
 *
 *   buy 100 RICE 10.25 [ioc|fok|gtc] [post-only]      also: enter buy ...; price "market"
 *   replace 7 200 10.30 [ioc|fok|gtc]
 *   cancel 7     mass-cancel [RICE]     resolve 7     wait     quit
 *
 * Owner: the command. Threads: one. Memory: in place. Errors: false and a sentence.
 * Order of calls: any.
 */
#ifndef DOJIMA_APPS_ORDER_LINE_H
#define DOJIMA_APPS_ORDER_LINE_H

#include "base/status.h"
#include "client/dojima.h"

#define ORDER_WORDS_MAX    16
#define ORDER_REASON_BYTES 160

enum order_verb {
    ORDER_NOTHING = 0, /* an empty line, or a # comment */
    ORDER_ENTER = 1,
    ORDER_REPLACE = 2,
    ORDER_CANCEL = 3,
    ORDER_MASS_CANCEL = 4,
    ORDER_RESOLVE = 5,
    ORDER_WAIT = 6, /* until everything before it is answered */
    ORDER_QUIT = 7,
    ORDER_WATCH = 8,   /* shows what comes, without end */
    ORDER_HISTORY = 9, /* shows what is there */
};

struct order_line {
    enum order_verb verb;
    struct dojima_order order;
    struct dojima_change change;
    uint32_t reference;
};

/* What a line may mean by its numbers. */
struct order_terms {
    unsigned decimals; /* of a price */
    bool native;       /* instruments by number, not symbol */
};

MUST_USE bool order_line_parse(const char *const *words, size_t count,
                               const struct order_terms *terms, struct order_line *out_line,
                               char reason[ORDER_REASON_BYTES]);

/* The same from a line of text, which is cut up. */
MUST_USE bool order_line_read(char *text, const struct order_terms *terms,
                              struct order_line *out_line, char reason[ORDER_REASON_BYTES]);

/* One event as a line for people or as a JSON object. */
void order_show(const struct dojima_event *event, const struct order_terms *terms, bool json);

#endif
