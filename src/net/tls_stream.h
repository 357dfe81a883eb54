/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS over one socket, inside the room: the handshake step by step, then records. The socket stays
 * the caller's and never blocks.
 *
 * Owner: the connection. Threads: one at a time: the handshake's, then the loop's. Memory:
 * OpenSSL's. Errors: AGAIN (the other side must do something first; *_wants_write tells which way),
 * END, IO; INVALID: a name that no certificate can have. Order of calls: tls_stream_open,
 * tls_stream_handshake until not AGAIN, read and write, tls_stream_end, close.
 */
#ifndef DOJIMA_NET_TLS_STREAM_H
#define DOJIMA_NET_TLS_STREAM_H

#include "net/tls.h"

#include <stdint.h>

struct tls_stream;

/* `name`, of a client's, is what the certificate must be for; null: whatever is trusted. */
MUST_USE enum status tls_stream_open(struct net_tls *tls, int socket, const char *name,
                                     struct tls_stream **out_stream);
/* IO: `reason` says why, for people. */
MUST_USE enum status tls_stream_handshake(struct tls_stream *stream, char reason[NET_REASON_BYTES]);
bool tls_stream_wants_write(const struct tls_stream *stream);
MUST_USE enum status tls_stream_read(struct tls_stream *stream, void *bytes, size_t capacity,
                                     size_t *out_count);
MUST_USE enum status tls_stream_write(struct tls_stream *stream, const void *bytes, size_t count,
                                      size_t *out_count);
/* Says goodbye if it can be said at once: the peer knows that nothing was cut off. Null is
 * accepted. */
void tls_stream_end(struct tls_stream *stream);
/* Null is accepted. */
void tls_stream_close(struct tls_stream *stream);

#endif
