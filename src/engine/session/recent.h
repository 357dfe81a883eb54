/* SPDX-License-Identifier: Apache-2.0
 *
 * Client order ids that are remembered: those of live orders, and for a window of log time those
 * whose order is gone, was refused, or was fenced. An id is unique for so long; what comes again
 * under it is told its first result. Switched off with a capacity of 0.
 *
 *   slots ──► names: living ones, and the others in a queue by the time of their end
 *             oldest ──► ... ──► youngest      leaves when its window is over
 *
 * An entry whose window is over counts as gone, whether it still stands here or not: a few leave
 * with every one that comes, so that no command has to sweep many.
 *
 * Owner: the engine. Threads: one. Memory: tables in the arena. Errors: none; the caller asks
 * recent_full before. Order of calls: recent_init; recent_find, recent_add, recent_end.
 */
#ifndef DOJIMA_ENGINE_SESSION_RECENT_H
#define DOJIMA_ENGINE_SESSION_RECENT_H

#include "base/arena.h"
#include "base/hash.h"

#include <stdbool.h>

#define RECENT_NONE  UINT32_MAX
#define RECENT_LIVES UINT64_MAX

struct recent_name {
    struct hash128 key;
    uint64_t body_hash; /* of the command that brought it */
    uint64_t result;    /* sequence of the event << 16 | reject code; sequence 0 = fenced */
    uint64_t ended_ns;  /* log time of the order's end, RECENT_LIVES before */
};
_Static_assert(sizeof(struct recent_name) == 40, "a remembered id is 40 bytes");

struct recent_slot {
    uint32_t hash;
    uint32_t name; /* index + 1, 0 = empty */
};

struct recent {
    struct recent_name *names;
    uint32_t *next; /* towards the youngest; chains free places too */
    struct recent_slot *slots;
    uint32_t mask;
    uint32_t max; /* 0 = off */
    uint32_t count;
    uint32_t living;
    uint32_t free;
    uint32_t oldest;
    uint32_t youngest;
    uint64_t window_ns;
    struct recent_name coming; /* of the command being applied, until it has a result */
};

void recent_init(struct recent *recent, struct arena *arena, uint32_t max, uint32_t window_s);

static inline bool recent_is_over(const struct recent *recent, const struct recent_name *name,
                                  uint64_t now_ns)
{
    return name->ended_ns != RECENT_LIVES && now_ns - name->ended_ns >= recent->window_ns;
}

/* The entry of a key, or RECENT_NONE. */
uint32_t recent_find(const struct recent *recent, struct hash128 key, uint64_t now_ns);

/* Whether there is no room for one more. */
bool recent_full(const struct recent *recent, uint64_t now_ns);

/* The key is not there, and there is room. */
void recent_add(struct recent *recent, const struct recent_name *name, uint64_t now_ns);

/* The order of a living entry is gone. */
void recent_end(struct recent *recent, struct hash128 key, uint64_t now_ns);

#endif
