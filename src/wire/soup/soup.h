/* SPDX-License-Identifier: Apache-2.0
 *
 * SoupBinTCP 3.00 (Nasdaq, "SoupBinTCP" version 3.00) packets as pure code: what a session of OUCH,
 * of ITCH over TCP and of the native protocol is carried in.
 *
 *    0        2      3
 *    | length | type | payload |      length: big-endian, counts type and payload
 *
 *   server  A login accepted: session 10, sequence 20    J login rejected: reason 1
 *           S sequenced data    H heartbeat    Z end of session
 *   client  L login: user 6, password 10, requested session 10, requested sequence 20
 *           U unsequenced data  R heartbeat    O logout
 *   both    + debug text; the native protocol's server sends U for what is in no stream
 *
 * Sequence numbers count S packets from 1; they are not in the packets. H and R are sent after one
 * second without anything else; a peer that sends nothing for 15 seconds is taken for dead.
 *
 * Owner: the caller. Threads: any. Memory: views into the caller's bytes. Errors: AGAIN when bytes
 * are missing, INVALID when they are no packet: the framing is lost and the connection is to be
 * cut. Order of calls: soup_next on what was received, until AGAIN.
 */
#ifndef DOJIMA_WIRE_SOUP_SOUP_H
#define DOJIMA_WIRE_SOUP_SOUP_H

#include "base/bytes.h"
#include "base/status.h"

#include <stdbool.h>

#define SOUP_HEADER_BYTES      3
#define SOUP_PAYLOAD_BYTES_MAX 4096 /* of a packet we send or accept; the format allows 65,534 */
#define SOUP_PACKET_BYTES_MAX  (SOUP_HEADER_BYTES + SOUP_PAYLOAD_BYTES_MAX)

#define SOUP_USERNAME_BYTES 6
#define SOUP_PASSWORD_BYTES 10
#define SOUP_SESSION_BYTES  10
#define SOUP_SEQUENCE_BYTES 20

#define SOUP_LOGIN_BYTES    (SOUP_HEADER_BYTES + 46)
#define SOUP_ACCEPTED_BYTES (SOUP_HEADER_BYTES + 30)
#define SOUP_REJECTED_BYTES (SOUP_HEADER_BYTES + 1)

#define SOUP_HEARTBEAT_S 1  /* silence after which a heartbeat is sent */
#define SOUP_TIMEOUT_S   15 /* silence after which the peer is taken for dead */

enum soup_type {
    SOUP_DEBUG = '+',
    SOUP_LOGIN_ACCEPTED = 'A',
    SOUP_LOGIN_REJECTED = 'J',
    SOUP_SEQUENCED = 'S',
    SOUP_SERVER_HEARTBEAT = 'H',
    SOUP_END_OF_SESSION = 'Z',
    SOUP_LOGIN = 'L',
    SOUP_UNSEQUENCED = 'U',
    SOUP_CLIENT_HEARTBEAT = 'R',
    SOUP_LOGOUT = 'O',
};

enum soup_reject {
    SOUP_NOT_AUTHORIZED = 'A',
    SOUP_SESSION_NOT_AVAILABLE = 'S',
};

/* One packet inside the caller's bytes. */
struct soup_packet {
    const uint8_t *payload;
    uint32_t payload_bytes;
    uint32_t bytes; /* of the whole packet: where the next one begins */
    uint8_t type;   /* enum soup_type */
};

/* Texts end with NUL here, without their blanks. */
struct soup_login {
    uint64_t sequence; /* first message wanted, from 1; 0 = only what is new */
    char username[SOUP_USERNAME_BYTES + 1];
    char password[SOUP_PASSWORD_BYTES + 1];
    char session[SOUP_SESSION_BYTES + 1]; /* empty = the current one */
};

struct soup_accepted {
    uint64_t sequence; /* of the next S packet */
    char session[SOUP_SESSION_BYTES + 1];
};

/* True for a type that a client (a server) may send. */
bool soup_from_client(uint8_t type);
bool soup_from_server(uint8_t type);

/* First packet of `bytes`. AGAIN: incomplete. INVALID: an unknown type, a length of 0 or above
 * SOUP_PAYLOAD_BYTES_MAX + 1, or not the one length that a type of fixed length has; this is told
 * as soon as the three bytes of the header are there. */
MUST_USE enum status soup_next(const uint8_t *bytes, size_t count, struct soup_packet *out_packet);

/* Content of an L, an A or a J packet. INVALID if a number is none or a text holds control bytes.
 */
MUST_USE enum status soup_decode_login(const struct soup_packet *packet,
                                       struct soup_login *out_login);
MUST_USE enum status soup_decode_accepted(const struct soup_packet *packet,
                                          struct soup_accepted *out_accepted);
MUST_USE enum status soup_decode_rejected(const struct soup_packet *packet, uint8_t *out_reason);

/* Each writes one packet and returns its bytes. `out` has room for them. */
size_t soup_encode_login(const struct soup_login *login, uint8_t *out);
size_t soup_encode_accepted(const struct soup_accepted *accepted, uint8_t *out);
size_t soup_encode_rejected(enum soup_reject reason, uint8_t *out);
size_t soup_encode_empty(enum soup_type type, uint8_t *out); /* H, R, Z or O */
size_t soup_encode_debug(const char *text, uint8_t *out);    /* at most SOUP_PAYLOAD_BYTES_MAX */

/* Header of an S or U packet whose payload the caller writes (or has written) behind it. */
static ALWAYS_INLINE void soup_encode_header(enum soup_type type, size_t payload_bytes,
                                             uint8_t *out)
{
    bytes_store_be16(out, (uint16_t)(payload_bytes + 1));
    out[2] = (uint8_t)type;
}

#endif
