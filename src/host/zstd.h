/* SPDX-License-Identifier: Apache-2.0
 *
 * zstd, from libzstd: frames written and read as a whole, and streams read piece by piece.
 *
 * Owner: the caller closes what it opened. Threads: one an object. Memory: libzstd's, at open and
 * at the first use. Errors: NO_MEMORY; DAMAGED for bytes that are no frame, or one of another size.
 * Order of calls: open, any, close.
 */
#ifndef DOJIMA_HOST_ZSTD_H
#define DOJIMA_HOST_ZSTD_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct host_unzstd;

MUST_USE enum status host_unzstd_open(struct host_unzstd **out_unzstd);

/* One whole frame that gives exactly `count` bytes. */
MUST_USE enum status host_unzstd_frame(struct host_unzstd *unzstd, const void *packed,
                                       size_t packed_count, void *out_bytes, size_t count);

/* A step through a stream of frames. */
struct host_unzstd_step {
    const uint8_t *packed;
    size_t packed_count;
    size_t packed_used; /* on return: taken of it */
    uint8_t *bytes;
    size_t capacity;
    size_t count;       /* on return: bytes given */
    bool inside;        /* on return: in the middle of a frame */
    const char *reason; /* after a failure */
};
MUST_USE enum status host_unzstd_step(struct host_unzstd *unzstd, struct host_unzstd_step *step);

/* Null is accepted. */
void host_unzstd_close(struct host_unzstd *unzstd);

/* Room for a frame of `count` bytes, whatever they are. */
size_t host_zstd_most(size_t count);

struct host_zstd;

MUST_USE enum status host_zstd_open(int level, struct host_zstd **out_zstd);
/* `capacity` is host_zstd_most(count) or more. */
MUST_USE enum status host_zstd_frame(struct host_zstd *zstd, const void *bytes, size_t count,
                                     void *out_packed, size_t capacity, size_t *out_count);
/* Null is accepted. */
void host_zstd_close(struct host_zstd *zstd);

#endif
