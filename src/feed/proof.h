/* SPDX-License-Identifier: Apache-2.0
 *
 * One datagram of the side channel: the L3 hash of the visible book and the sequence at which it is
 * valid, as one line of JSON, so that any tool can read it.
 *
 *     {"session":"DOJIMA","sequence":"1234","orders":17,"hash":"00c0ffee00c0ffee"}
 *
 * Owner: nobody. Threads: any. Memory: the caller's. Errors: INVALID for anything but this form
 * (members in this order, no blanks). Order of calls: any.
 */
#ifndef DOJIMA_FEED_PROOF_H
#define DOJIMA_FEED_PROOF_H

#include "base/status.h"
#include "base/text.h"
#include "wire/itch/moldudp64.h"

#define FEED_PROOF_BYTES_MAX 160u

struct feed_proof {
    char session[MOLDUDP64_SESSION_BYTES + 1]; /* without blanks at its end */
    uint64_t sequence;                         /* of the last message in the book */
    uint64_t orders;                           /* visible ones */
    uint64_t hash;                             /* of feed/book.h */
};

/* The line, with its line end. */
void feed_proof_encode(const struct feed_proof *proof, struct text *out);

MUST_USE enum status feed_proof_decode(const char *bytes, size_t count,
                                       struct feed_proof *out_proof);

#endif
