/* SPDX-License-Identifier: Apache-2.0
 *
 * A window that slides over the input, decompressed on the way: the decoders ask for so many bytes
 * in one piece and step over them. A file or a block of memory; plain, gzip (many members) or zstd
 * (many frames).
 *
 *   file or memory ─► packed (64 KiB, only when compressed) ─► window (1 MiB) ─► decoder
 *
 * Owner: the reader. Threads: one. Memory: the two buffers and the decompressor's own (zstd: at
 * most 128 MiB of history, what a frame asks for above that is refused). Errors: `status`, with a
 * sentence in `reason`; what was decompressed before it can still be read. Order of calls:
 * input_open_*, input_want and input_skip, input_close.
 */
#ifndef DOJIMA_FLOW_INPUT_H
#define DOJIMA_FLOW_INPUT_H

#include "base/status.h"
#include "host/stream.h"

#include <stdbool.h>
#include <stddef.h>

#define INPUT_WINDOW_BYTES ((size_t)1 << 20)

enum input_packing {
    INPUT_PLAIN,
    INPUT_GZIP,
    INPUT_ZSTD,
};

struct input_gzip;
struct input_zstd;

struct input {
    uint8_t *window; /* INPUT_WINDOW_BYTES */
    size_t begin;    /* first byte not yet stepped over */
    size_t end;      /* bytes of the window that are filled */
    uint64_t base;   /* decompressed offset of window[0] */
    bool ended;      /* nothing comes after `end` */
    enum status status;
    const char *reason;
    enum input_packing packing;

    struct host_stream stream; /* the file, or */
    const uint8_t *memory;     /* these bytes */
    size_t memory_bytes;
    size_t memory_at;
    uint64_t source_read;  /* bytes taken from the file or memory */
    uint64_t source_bytes; /* 0 = not known */
    bool source_ended;

    uint8_t *packed; /* compressed bytes waiting */
    size_t packed_begin;
    size_t packed_end;
    struct input_gzip *gzip;
    struct input_zstd *zstd;
};

/* Looks at the first bytes to know the packing. On failure there is nothing to close. */
MUST_USE enum status input_open_file(const char *path, struct input *out_input);
MUST_USE enum status input_open_memory(const uint8_t *bytes, size_t count, struct input *out_input);
void input_close(struct input *input);

/* Bytes of the file as it lies on disk that have been used so far. */
uint64_t input_source_position(const struct input *input);

size_t input_fill(struct input *input, size_t count);

/* How many bytes can be read at input_at: at least `count`, fewer only at the end or at a failure.
 * `count` is at most INPUT_WINDOW_BYTES / 2. The bytes stay where they are until the next call. */
static inline size_t input_want(struct input *input, size_t count)
{
    size_t have = input->end - input->begin;
    return LIKELY(have >= count) ? have : input_fill(input, count);
}

static inline const uint8_t *input_at(const struct input *input)
{
    return input->window + input->begin;
}

static inline uint64_t input_offset(const struct input *input)
{
    return input->base + input->begin;
}

static inline void input_skip(struct input *input, size_t count)
{
    input->begin += count;
}

#endif
