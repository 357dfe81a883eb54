/* SPDX-License-Identifier: Apache-2.0
 *
 * The Ed25519 key of a session, for those that log on by signature: read from the file that
 * `dojima identity make-key` prints.
 *
 * Owner: the command. Threads: one. Memory: the caller's; the caller wipes it. Errors: false, and
 * the user was told. Order of calls: order_key_read, then any.
 */
#ifndef DOJIMA_ORDER_KEY_H
#define DOJIMA_ORDER_KEY_H

#include <stdbool.h>
#include <stdint.h>

struct order_key {
    uint8_t seed[32];
};

/* A file that nobody but its owner may read: a line "seed " and 64 hexadecimal digits, or the
 * digits alone. */
bool order_key_read(struct order_key *key, const char *path);

/* 32 bytes of challenge, 64 of signature. */
void order_key_sign(const struct order_key *key, const char *name, const uint8_t *challenge,
                    uint8_t *out_signature);

#endif
