/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/reserve.h"

#include "apps/dojima/complain.h"

static bool look(struct reserve *reserve, int64_t now_ns)
{
    uint64_t free_bytes;
    enum reserve_state before = reserve->state;
    reserve->looked_ns = now_ns;
    if (reserve->disk->ops->space(reserve->disk, reserve->directory, &free_bytes) != STATUS_OK) {
        return false;
    }
    reserve->segments = free_bytes / reserve->pair_bytes;
    reserve->state = reserve->segments >= RESERVE_SEGMENTS ? RESERVE_WHOLE
                     : reserve->segments > 0               ? RESERVE_LOW
                                                           : RESERVE_GONE;
    return reserve->state != before;
}

void reserve_open(struct reserve *reserve, struct host_disk *disk, const char *directory,
                  uint64_t segment_bytes, int64_t now_ns)
{
    *reserve =
        (struct reserve){.disk = disk, .directory = directory, .pair_bytes = 2 * segment_bytes};
    (void)look(reserve, now_ns);
}

bool reserve_look(struct reserve *reserve, int64_t now_ns)
{
    return now_ns - reserve->looked_ns >= RESERVE_LOOK_NS && look(reserve, now_ns);
}

void reserve_tell(const struct reserve *reserve)
{
    switch (reserve->state) {
    case RESERVE_WHOLE:
        complain("%s has room again: new orders are taken", reserve->directory);
        break;
    case RESERVE_LOW:
        complain("%s has room for %llu more segment of each log, %u are kept in reserve: new "
                 "orders are refused (LOG_NEARLY_FULL), cancels pass; make room on this disk",
                 reserve->directory, (unsigned long long)reserve->segments, RESERVE_SEGMENTS);
        break;
    case RESERVE_GONE:
        complain("%s has no room for another segment of each log (%llu MiB): the venue stops and "
                 "seals its log; make room on this disk, then start it again",
                 reserve->directory, (unsigned long long)(reserve->pair_bytes >> 20));
        break;
    }
}
