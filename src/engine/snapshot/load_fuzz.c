/* SPDX-License-Identifier: Apache-2.0
 *
 * Whatever bytes come, engine_load refuses them or leaves an engine whose every invariant holds and
 * whose canonical bytes load again.
 */
#include "base/assert.h"
#include "engine/engine.h"

#include <stdlib.h>

#define STATE_BYTES_MAX (1u << 20)

struct copy {
    uint8_t bytes[STATE_BYTES_MAX];
    size_t count;
};

static void keep(void *context, const uint8_t *bytes, size_t count)
{
    struct copy *copy = context;
    ASSERT(count <= sizeof copy->bytes - copy->count);
    memcpy(copy->bytes + copy->count, bytes, count);
    copy->count += count;
}

static struct engine *fresh_engine(struct arena *arena, void **memory, size_t *bytes)
{
    struct command_genesis limits = engine_limits_small();
    limits.max_orders = 64;
    limits.max_levels = 32;
    limits.max_recent_names = 96;
    limits.resend_window_s = 60;
    struct engine *engine;
    if (*memory == NULL) {
        arena_init_measure(arena);
        enum status status = engine_init(arena, &limits, &engine);
        ASSERT(status == STATUS_OK);
        *bytes = arena->used;
        *memory = aligned_alloc(64, *bytes);
        ASSERT(*memory != NULL);
    }
    arena_init(arena, *memory, *bytes);
    enum status status = engine_init(arena, &limits, &engine);
    ASSERT(status == STATUS_OK);
    return engine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void *memory;
    static size_t bytes;
    static struct copy first;
    static struct copy second;
    struct arena arena;
    struct events events = {0};
    struct engine *engine = fresh_engine(&arena, &memory, &bytes);
    if (engine_load(engine, data, size, &events) != STATUS_OK) {
        return 0;
    }
    engine_check(engine);
    first.count = 0;
    engine_walk(engine, keep, &first);
    engine = fresh_engine(&arena, &memory, &bytes);
    enum status status = engine_load(engine, first.bytes, first.count, &events);
    ASSERT(status == STATUS_OK);
    second.count = 0;
    engine_walk(engine, keep, &second);
    ASSERT(first.count == second.count && memcmp(first.bytes, second.bytes, first.count) == 0);
    return 0;
}
