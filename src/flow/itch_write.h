/* SPDX-License-Identifier: Apache-2.0
 *
 * Flow messages written as ITCH 5.0 with the two-byte length before each, as day files have it.
 * Written and read again a message is the same.
 *
 * Owner: the caller. Threads: any. Memory: none. Errors: UNSUPPORTED (a kind ITCH has no message
 * for), OVERFLOW (a price, instrument or symbol that does not fit). Order of calls: any.
 */
#ifndef DOJIMA_FLOW_ITCH_WRITE_H
#define DOJIMA_FLOW_ITCH_WRITE_H

#include "flow/reader.h"

#define ITCH_WRITE_BYTES_MAX 52

/* Writes at most ITCH_WRITE_BYTES_MAX bytes: S, R, H, A, E, C, X, D, U or P by the message's kind.
 */
MUST_USE enum status itch_write(const struct flow_message *message, uint8_t *out_bytes,
                                size_t *out_count);

#endif
