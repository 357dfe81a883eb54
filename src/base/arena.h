/* SPDX-License-Identifier: Apache-2.0
 *
 * One block of memory, handed out while starting, then sealed: an allocation after that is a bug.
 * Everything the engine owns lives in one arena, so its size is known before the first command.
 *
 * Owner: whoever opened the block (host/memory.h). Threads: one. Memory: the caller's block.
 * Errors: arena_take asserts that the block is large enough: capacities are computed, not guessed.
 * Order of calls: arena_init, arena_take..., arena_seal.
 */
#ifndef DOJIMA_BASE_ARENA_H
#define DOJIMA_BASE_ARENA_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

struct arena {
    uint8_t *bytes; /* null while only measuring: arena_take then returns null and counts */
    size_t capacity;
    size_t used;
    bool zeroed; /* the block holds zeros: it need not be written */
    bool sealed;
};

void arena_init(struct arena *arena, void *bytes, size_t capacity);

/* The same over a block that holds zeros, as fresh pages do: it is not written. */
void arena_init_zeroed(struct arena *arena, void *bytes, size_t capacity);

/* An arena without memory: the same start-up code run on it gives the size to ask for in `used`. */
void arena_init_measure(struct arena *arena);

/* `count` objects of `bytes` each, zeroed, aligned to a cache line. Null only while measuring. */
void *arena_take(struct arena *arena, size_t count, size_t bytes);

void arena_seal(struct arena *arena);

#endif
