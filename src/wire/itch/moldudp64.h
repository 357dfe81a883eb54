/* SPDX-License-Identifier: Apache-2.0
 *
 * MoldUDP64 1.00 downstream packets (Nasdaq, "MoldUDP64 Protocol Specification"): a 20-byte header,
 * then `count` message blocks, each two bytes of big-endian length and that many bytes.
 *
 *    0        10         18     20
 *    | session | sequence | count | length message | length message | ...
 *
 * Owner: the caller. Threads: any. Memory: none. Errors: INVALID when the blocks do not fill the
 * packet exactly. Order of calls: decode the header, then the blocks by their lengths.
 */
#ifndef DOJIMA_WIRE_ITCH_MOLDUDP64_H
#define DOJIMA_WIRE_ITCH_MOLDUDP64_H

#include "base/bytes.h"
#include "base/status.h"

#define MOLDUDP64_HEADER_BYTES   20
#define MOLDUDP64_SESSION_BYTES  10
#define MOLDUDP64_END_OF_SESSION 0xffff

struct moldudp64_header {
    char session[MOLDUDP64_SESSION_BYTES];
    uint64_t sequence; /* of the first message, or of the next one when there is none */
    uint16_t count;    /* 0 = heartbeat, MOLDUDP64_END_OF_SESSION */
};

/* Checks that the blocks tile the packet: afterwards each can be read without a bound. */
MUST_USE enum status moldudp64_decode(const uint8_t *packet, size_t bytes,
                                      struct moldudp64_header *out_header);

/* A request for `count` messages from `sequence` on: a header and nothing behind it. */
MUST_USE enum status moldudp64_decode_range(const uint8_t *packet, size_t bytes,
                                            struct moldudp64_header *out_header);

/* Writes MOLDUDP64_HEADER_BYTES bytes: of a packet whose blocks follow, or a request. */
void moldudp64_encode(const struct moldudp64_header *header, uint8_t *out_packet);

#endif
