/* SPDX-License-Identifier: Apache-2.0
 *
 * The thread that does TLS handshakes for one loop: takes a stream over a socket, gives it back
 * when it is ready or has failed. A handshake has ten seconds, two while more
 * than 256 are under way.
 *
 * Owner: the loop. Threads: handshaker_start and handshaker_done by the loop's; the work on a
 * thread of its own. Memory: fixed tables, at open. Errors: FULL: too many under way.
 * Order of calls: handshaker_open, any, handshaker_close (which ends those under way).
 */
#ifndef DOJIMA_NET_HANDSHAKER_H
#define DOJIMA_NET_HANDSHAKER_H

#include "net/tls_stream.h"

#define HANDSHAKES_MAX 1024u

struct handshake {
    struct tls_stream *stream;
    void *tag;
    int64_t deadline_ns;
    enum status status; /* when done: OK or IO */
    int socket;
    char reason[NET_REASON_BYTES];
};

struct handshaker;

/* `wake`: notified when something is done. */
MUST_USE enum status handshaker_open(int wake, struct handshaker **out_handshaker);
MUST_USE enum status handshaker_start(struct handshaker *handshaker, struct tls_stream *stream,
                                      int socket, void *tag);
/* One that is done; false: none now. */
bool handshaker_done(struct handshaker *handshaker, struct handshake *out_handshake);
/* Null is accepted. Streams and sockets under way are the caller's again. */
void handshaker_close(struct handshaker *handshaker);

#endif
