/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever bytes come, stream_load refuses them or gives streams that can be saved, and what was
 * saved loads again with the same numbers.
 */
#include "base/assert.h"
#include "stream/stream.h"

#include <string.h>

#define BYTES_MAX (1u << 16)

struct copy {
    uint8_t bytes[BYTES_MAX];
    size_t count;
};

static void keep(void *context, const uint8_t *bytes, size_t count)
{
    struct copy *copy = context;
    ASSERT(count <= sizeof copy->bytes - copy->count);
    memcpy(copy->bytes + copy->count, bytes, count);
    copy->count += count;
}

static struct stream *load(const uint8_t *bytes, size_t count)
{
    struct stream_options options = {.shard = 1};
    struct stream *stream;
    enum status status = stream_open(&options, &stream);
    ASSERT(status == STATUS_OK);
    if (stream_load(stream, &(struct stream_image){.bytes = bytes, .count = count}) != STATUS_OK) {
        stream_close(stream);
        return NULL;
    }
    return stream;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct copy first;
    first.count = 0;
    if (size > sizeof first.bytes) {
        return 0;
    }
    struct stream *stream = load(data, size);
    if (stream == NULL) {
        return 0;
    }
    stream_save(stream, keep, &first);
    ASSERT(first.count == size);
    struct stream *again = load(first.bytes, first.count);
    ASSERT(again != NULL && stream_event_sequence(again) == stream_event_sequence(stream));
    for (uint64_t id = 1; id <= 4; id++) {
        struct stream_key key = {.id = id, .kind = STREAM_PUBLIC};
        ASSERT(stream_last(again, key) == stream_last(stream, key));
    }
    stream_close(again);
    stream_close(stream);
    return 0;
}
