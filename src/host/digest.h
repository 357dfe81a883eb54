/* SPDX-License-Identifier: Apache-2.0
 *
 * SHA-256, from libcrypto: the chain over the log's records.
 *
 * Owner: the caller closes what it opened. Threads: one a digest. Memory: libcrypto's, at open.
 * Errors: NO_MEMORY at open; a failure of libcrypto after that is a bug.
 * Order of calls: open, then begin, add..., end, as often as wanted; close.
 */
#ifndef DOJIMA_HOST_DIGEST_H
#define DOJIMA_HOST_DIGEST_H

#include "base/status.h"

#include <stddef.h>

#define HOST_DIGEST_BYTES 32u

struct host_digest;

MUST_USE enum status host_digest_open(struct host_digest **out_digest);
void host_digest_begin(struct host_digest *digest);
void host_digest_add(struct host_digest *digest, const void *bytes, size_t count);
void host_digest_end(struct host_digest *digest, uint8_t out_value[HOST_DIGEST_BYTES]);
/* Null is accepted. */
void host_digest_close(struct host_digest *digest);

#endif
