/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/input.h"

#include "base/assert.h"
#include "host/zstd.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PACKED_BYTES ((size_t)64 << 10)

struct input_gzip {
    z_stream stream;
    bool between; /* after a member: another one, zero padding or the end may follow */
};

struct input_zstd {
    struct host_unzstd *stream;
    bool inside; /* a frame has begun and not ended */
};

static void fail(struct input *input, enum status status, const char *reason)
{
    input->status = status;
    input->reason = reason;
    input->ended = true;
}

static enum status source_read(struct input *input, uint8_t *bytes, size_t capacity, size_t *count)
{
    *count = 0;
    if (input->source_ended) {
        return STATUS_OK;
    }
    if (input->memory != NULL) {
        size_t left = input->memory_bytes - input->memory_at;
        *count = left < capacity ? left : capacity;
        memcpy(bytes, input->memory + input->memory_at, *count);
        input->memory_at += *count;
    } else {
        enum status status = host_stream_read(&input->stream, bytes, capacity, count);
        if (status != STATUS_OK) {
            return status;
        }
    }
    input->source_ended = *count == 0;
    input->source_read += *count;
    return STATUS_OK;
}

/* Makes sure that compressed bytes wait, unless the source has ended; false on a failure. */
static bool packed_refill(struct input *input)
{
    if (input->packed_begin < input->packed_end) {
        return true;
    }
    size_t count = 0;
    if (source_read(input, input->packed, PACKED_BYTES, &count) != STATUS_OK) {
        fail(input, STATUS_IO, "the file cannot be read");
        return false;
    }
    input->packed_begin = 0;
    input->packed_end = count;
    return true;
}

/* RFC 1952: members follow each other; zero bytes after the last are padding of tapes and blocks.
 */
static void gzip_next_member(struct input *input)
{
    while (packed_refill(input)) {
        if (input->packed_begin == input->packed_end) {
            input->ended = true;
            return;
        }
        uint8_t byte = input->packed[input->packed_begin];
        if (byte == 0x1f) {
            input->gzip->between = false;
            (void)inflateReset(&input->gzip->stream);
            return;
        }
        if (byte != 0) {
            fail(input, STATUS_INVALID, "bytes after the gzip data that are not gzip");
            return;
        }
        input->packed_begin++;
    }
}

static void gzip_fill(struct input *input)
{
    if (input->gzip->between) {
        gzip_next_member(input);
        return;
    }
    if (!packed_refill(input)) {
        return;
    }
    z_stream *stream = &input->gzip->stream;
    size_t waiting = input->packed_end - input->packed_begin;
    size_t room = INPUT_WINDOW_BYTES - input->end;
    stream->next_in = input->packed + input->packed_begin;
    stream->avail_in = (uInt)waiting;
    stream->next_out = input->window + input->end;
    stream->avail_out = (uInt)room;
    int result = inflate(stream, Z_NO_FLUSH);
    input->packed_begin += waiting - stream->avail_in;
    input->end += room - stream->avail_out;
    if (result == Z_STREAM_END) {
        input->gzip->between = true;
    } else if (waiting == 0 && stream->avail_out == room) {
        fail(input, STATUS_TRUNCATED, "the gzip data ends in the middle");
    } else if (result == Z_MEM_ERROR) {
        fail(input, STATUS_NO_MEMORY, "no memory to decompress");
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
        fail(input, STATUS_INVALID, "the gzip data is damaged");
    }
}

static void zstd_fill(struct input *input)
{
    if (!packed_refill(input)) {
        return;
    }
    bool waiting = input->packed_begin < input->packed_end;
    if (!waiting && !input->zstd->inside) {
        input->ended = true;
        return;
    }
    /* Called without input too: the decoder may still hold output that did not fit the window. */
    struct host_unzstd_step step = {.packed = input->packed + input->packed_begin,
                                    .packed_count = input->packed_end - input->packed_begin,
                                    .bytes = input->window + input->end,
                                    .capacity = INPUT_WINDOW_BYTES - input->end};
    enum status status = host_unzstd_step(input->zstd->stream, &step);
    input->packed_begin += step.packed_used;
    input->end += step.count;
    if (status != STATUS_OK) {
        fail(input, STATUS_INVALID, step.reason);
        return;
    }
    input->zstd->inside = step.inside;
    if (!waiting && step.count == 0) {
        fail(input, STATUS_TRUNCATED, "the zstd data ends in the middle of a frame");
    }
}

static void plain_fill(struct input *input)
{
    size_t count = 0;
    enum status status =
        source_read(input, input->window + input->end, INPUT_WINDOW_BYTES - input->end, &count);
    if (status != STATUS_OK) {
        fail(input, STATUS_IO, "the file cannot be read");
        return;
    }
    input->end += count;
    input->ended = count == 0;
}

size_t input_fill(struct input *input, size_t count)
{
    ASSERT(count <= INPUT_WINDOW_BYTES / 2);
    if (input->ended) {
        return input->end - input->begin;
    }
    /* What is left moves to the front: at most half a window, once for every half window read. */
    size_t left = input->end - input->begin;
    memmove(input->window, input->window + input->begin, left);
    input->base += input->begin;
    input->begin = 0;
    input->end = left;
    while (input->end < count && !input->ended) {
        switch (input->packing) {
        case INPUT_PLAIN:
            plain_fill(input);
            break;
        case INPUT_GZIP:
            gzip_fill(input);
            break;
        case INPUT_ZSTD:
            zstd_fill(input);
            break;
        }
    }
    return input->end;
}

/* RFC 1952 section 2.3.1, RFC 8878 sections 3.1.1 and 3.1.2 (skippable frames may come first). */
static enum input_packing packing_of(const uint8_t *bytes, size_t count)
{
    if (count >= 3 && bytes[0] == 0x1f && bytes[1] == 0x8b && bytes[2] == 8) {
        return INPUT_GZIP;
    }
    if (count >= 4 && bytes[1] == 0xb5 && bytes[0] == 0x28 && bytes[2] == 0x2f &&
        bytes[3] == 0xfd) {
        return INPUT_ZSTD;
    }
    if (count >= 4 && (bytes[0] & 0xf0) == 0x50 && bytes[1] == 0x2a && bytes[2] == 0x4d &&
        bytes[3] == 0x18) {
        return INPUT_ZSTD;
    }
    return INPUT_PLAIN;
}

static enum status start(struct input *input)
{
    input->window = malloc(INPUT_WINDOW_BYTES);
    input->packed = malloc(PACKED_BYTES);
    if (input->window == NULL || input->packed == NULL) {
        return STATUS_NO_MEMORY;
    }
    /* A pipe may give a byte at a time: the first piece must be enough to know the packing. */
    while (input->packed_end < 4 && !input->source_ended) {
        size_t count = 0;
        enum status status = source_read(input, input->packed + input->packed_end,
                                         PACKED_BYTES - input->packed_end, &count);
        if (status != STATUS_OK) {
            return status;
        }
        input->packed_end += count;
    }
    input->packing = packing_of(input->packed, input->packed_end);
    if (input->packing == INPUT_PLAIN) {
        memcpy(input->window, input->packed, input->packed_end);
        input->end = input->packed_end;
        input->packed_end = 0;
    } else if (input->packing == INPUT_GZIP) {
        input->gzip = calloc(1, sizeof *input->gzip);
        if (input->gzip == NULL || inflateInit2(&input->gzip->stream, 15 + 16) != Z_OK) {
            return STATUS_NO_MEMORY;
        }
    } else {
        input->zstd = calloc(1, sizeof *input->zstd);
        return input->zstd == NULL ? STATUS_NO_MEMORY : host_unzstd_open(&input->zstd->stream);
    }
    return STATUS_OK;
}

enum status input_open_file(const char *path, struct input *out_input)
{
    struct input input = {.stream = {.descriptor = -1}};
    enum status status = host_stream_open(path, &input.stream);
    if (status != STATUS_OK) {
        return status;
    }
    input.source_bytes = input.stream.bytes;
    status = start(&input);
    if (status != STATUS_OK) {
        input_close(&input);
        return status;
    }
    *out_input = input;
    return STATUS_OK;
}

enum status input_open_memory(const uint8_t *bytes, size_t count, struct input *out_input)
{
    static const uint8_t nothing[1];
    struct input input = {.stream = {.descriptor = -1}};
    input.memory = count > 0 ? bytes : nothing;
    input.memory_bytes = count;
    input.source_bytes = count;
    enum status status = start(&input);
    if (status != STATUS_OK) {
        input_close(&input);
        return status;
    }
    *out_input = input;
    return STATUS_OK;
}

void input_close(struct input *input)
{
    if (input->gzip != NULL) {
        (void)inflateEnd(&input->gzip->stream);
        free(input->gzip);
    }
    if (input->zstd != NULL) {
        host_unzstd_close(input->zstd->stream);
        free(input->zstd);
    }
    free(input->window);
    free(input->packed);
    if (input->memory == NULL) {
        host_stream_close(&input->stream);
    }
    *input = (struct input){.stream = {.descriptor = -1}};
}

uint64_t input_source_position(const struct input *input)
{
    size_t waiting = input->packing == INPUT_PLAIN ? input->end - input->begin
                                                   : input->packed_end - input->packed_begin;
    return input->source_read - waiting;
}
