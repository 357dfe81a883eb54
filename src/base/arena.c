/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include "base/assert.h"
#include "base/bytes.h"

#include <string.h>

#define CACHE_LINE_BYTES 64

void arena_init(struct arena *arena, void *bytes, size_t capacity)
{
    ASSERT(((uintptr_t)bytes & (CACHE_LINE_BYTES - 1)) == 0);
    *arena = (struct arena){.bytes = bytes, .capacity = capacity};
}

void arena_init_zeroed(struct arena *arena, void *bytes, size_t capacity)
{
    arena_init(arena, bytes, capacity);
    arena->zeroed = true;
}

void arena_init_measure(struct arena *arena)
{
    *arena = (struct arena){.capacity = SIZE_MAX};
}

void *arena_take(struct arena *arena, size_t count, size_t bytes)
{
    ASSERT(!arena->sealed);
    size_t total;
    ASSERT(!__builtin_mul_overflow(count, bytes, &total));
    total = bytes_align_up(total, CACHE_LINE_BYTES);
    ASSERT(total <= arena->capacity - arena->used);
    size_t at = arena->used;
    arena->used += total;
    if (arena->bytes == NULL) {
        return NULL;
    }
    if (!arena->zeroed) {
        memset(arena->bytes + at, 0, total);
    }
    return arena->bytes + at;
}

void arena_seal(struct arena *arena)
{
    arena->sealed = true;
}
