/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/power_server.h"

#include "base/assert.h"
#include "base/prng.h"

#include <errno.h>
#include <linux/fuse.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define TRANSFER_BYTES (128u << 10)
#define CACHE_BYTES    (UINT64_C(8) << 20) /* the disk writes back by itself beyond that */
#define VALID_SECONDS  3600u

/* One write that was not flushed, with its bytes as they were. */
struct write_back {
    uint64_t offset;
    uint32_t count;
    uint8_t *bytes;
};

struct server {
    struct power_disk *disk;
    struct power_shared *shared;
    int channel;
    struct write_back *pending;
    size_t pending_count;
    size_t pending_capacity;
    uint64_t pending_bytes;
    struct prng prng;
    ALIGNED(4096) uint8_t bytes[TRANSFER_BYTES + 4096];
};

/* -- the cache ----------------------------------------------------------------------------- */

static void remember(struct server *server, uint64_t offset, const uint8_t *bytes, uint32_t count)
{
    if (server->pending_count == server->pending_capacity) {
        server->pending_capacity =
            server->pending_capacity == 0 ? 256 : server->pending_capacity * 2;
        server->pending =
            realloc(server->pending, server->pending_capacity * sizeof *server->pending);
        ASSERT(server->pending != NULL);
    }
    uint8_t *copy = malloc(count);
    ASSERT(copy != NULL);
    memcpy(copy, bytes, count);
    server->pending[server->pending_count++] =
        (struct write_back){.offset = offset, .count = count, .bytes = copy};
    server->pending_bytes += count;
}

/* The oldest writes reach the disk. */
static void write_back(struct server *server, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct write_back *write = &server->pending[i];
        memcpy(server->disk->durable + write->offset, write->bytes, write->count);
        server->pending_bytes -= write->count;
        free(write->bytes);
    }
    server->pending_count -= count;
    memmove(server->pending, server->pending + count,
            server->pending_count * sizeof *server->pending);
}

/* Some sectors of one write, or all. */
static void keep(struct server *server, const struct write_back *write, bool torn)
{
    for (uint32_t at = 0; at < write->count; at += POWER_SECTOR) {
        uint32_t count = write->count - at < POWER_SECTOR ? write->count - at : POWER_SECTOR;
        if (!torn || prng_chance(&server->prng, 1, 2)) {
            memcpy(server->disk->durable + write->offset + at, write->bytes + at, count);
        }
    }
}

/* From here on there is no answer, until somebody kills us. */
static NO_RETURN void lose_power(struct server *server)
{
    enum power_fate fate = (enum power_fate)prng_below(&server->prng, POWER_FATES);
    for (size_t i = 0; i < server->pending_count; i++) {
        if (fate == POWER_KEPT || fate == POWER_TORN ||
            (fate == POWER_SOME && prng_chance(&server->prng, 1, 2))) {
            keep(server, &server->pending[i], fate == POWER_TORN);
        }
    }
    server->shared->pending_bytes = server->pending_bytes;
    server->shared->fate = fate;
    server->shared->dark = true;
    for (;;) {
        pause();
    }
}

/* Whether this write or flush is the one at which the power goes. */
static bool is_last(struct server *server)
{
    uint64_t number = ++server->shared->requests;
    uint64_t cut_at = server->shared->cut_at;
    return cut_at != 0 && number >= cut_at;
}

/* -- the kernel's requests ----------------------------------------------------------------- */

static void answer(struct server *server, uint64_t unique, int error, const void *body,
                   size_t count)
{
    struct fuse_out_header header = {(uint32_t)(sizeof header + count), -error, unique};
    struct iovec parts[2] = {{&header, sizeof header}, {(void *)(uintptr_t)body, count}};
    if (writev(server->channel, parts, count == 0 ? 1 : 2) < 0 && errno != ENOENT) {
        _exit(1);
    }
}

static void take_init(struct server *server, uint64_t unique, const struct fuse_init_in *in)
{
    struct fuse_init_out out = {.major = FUSE_KERNEL_VERSION,
                                .minor = in->minor < 31 ? in->minor : 31,
                                .max_readahead = in->max_readahead,
                                .flags = in->flags &
                                         (FUSE_ASYNC_READ | FUSE_BIG_WRITES | FUSE_MAX_PAGES),
                                .max_background = 16,
                                .congestion_threshold = 12,
                                .max_write = TRANSFER_BYTES,
                                .time_gran = 1,
                                .max_pages = TRANSFER_BYTES / 4096};
    answer(server, unique, 0, &out, sizeof out);
}

static void take_getattr(struct server *server, uint64_t unique)
{
    struct fuse_attr_out out = {.attr_valid = VALID_SECONDS,
                                .attr = {.ino = 1,
                                         .size = POWER_DISK_BYTES,
                                         .blocks = POWER_DISK_BYTES / 512,
                                         .mode = S_IFREG | 0600,
                                         .nlink = 1,
                                         .blksize = 4096}};
    answer(server, unique, 0, &out, sizeof out);
}

static bool is_inside(uint64_t offset, uint64_t count)
{
    return offset <= POWER_DISK_BYTES && count <= POWER_DISK_BYTES - offset;
}

static void take_read(struct server *server, uint64_t unique, const struct fuse_read_in *in)
{
    uint64_t offset = in->offset < POWER_DISK_BYTES ? in->offset : POWER_DISK_BYTES;
    uint64_t left = POWER_DISK_BYTES - offset;
    size_t count = in->size < left ? in->size : (size_t)left;
    answer(server, unique, 0, server->disk->cached + offset, count);
}

static void take_write(struct server *server, uint64_t unique, const struct fuse_write_in *in)
{
    const uint8_t *bytes = (const uint8_t *)(in + 1);
    if (!is_inside(in->offset, in->size)) {
        answer(server, unique, ENOSPC, NULL, 0);
        return;
    }
    remember(server, in->offset, bytes, in->size);
    if (is_last(server)) {
        lose_power(server);
    }
    server->shared->writes++;
    memcpy(server->disk->cached + in->offset, bytes, in->size);
    if (server->pending_bytes > CACHE_BYTES) {
        write_back(server, server->pending_count / 2);
    }
    struct fuse_write_out out = {.size = in->size};
    answer(server, unique, 0, &out, sizeof out);
}

static void take_flush(struct server *server, uint64_t unique)
{
    if (is_last(server)) {
        lose_power(server);
    }
    server->shared->flushes++;
    write_back(server, server->pending_count);
    answer(server, unique, 0, NULL, 0);
}

static void take(struct server *server, const struct fuse_in_header *header)
{
    const void *body = header + 1;
    struct fuse_open_out opened = {.open_flags = FOPEN_KEEP_CACHE};
    switch (header->opcode) {
    case FUSE_INIT:
        take_init(server, header->unique, body);
        break;
    case FUSE_GETATTR:
        take_getattr(server, header->unique);
        break;
    case FUSE_OPEN:
        answer(server, header->unique, 0, &opened, sizeof opened);
        break;
    case FUSE_READ:
        take_read(server, header->unique, body);
        break;
    case FUSE_WRITE:
        take_write(server, header->unique, body);
        break;
    case FUSE_FSYNC:
        take_flush(server, header->unique);
        break;
    case FUSE_FLUSH: /* of a descriptor that is closed: no flush of a disk */
    case FUSE_RELEASE:
    case FUSE_ACCESS:
        answer(server, header->unique, 0, NULL, 0);
        break;
    case FUSE_FORGET:
    case FUSE_BATCH_FORGET:
    case FUSE_INTERRUPT:
        break; /* these have no answer */
    default:
        answer(server, header->unique, ENOSYS, NULL, 0);
        break;
    }
}

void power_serve(struct power_disk *disk, int channel)
{
    struct server *server = aligned_alloc(_Alignof(struct server), sizeof *server);
    ASSERT(server != NULL);
    memset(server, 0, sizeof *server);
    server->disk = disk;
    server->shared = disk->shared;
    server->channel = channel;
    prng_init(&server->prng, disk->seed * 1000 + disk->losses);
    memcpy(disk->cached, disk->durable, POWER_DISK_BYTES);
    for (;;) {
        ssize_t got = read(channel, server->bytes, sizeof server->bytes);
        if (got >= (ssize_t)sizeof(struct fuse_in_header)) {
            const void *message = server->bytes;
            take(server, message);
        } else if (got < 0 && errno != EINTR && errno != EAGAIN && errno != ENOENT) {
            _exit(errno == ENODEV ? 0 : 1);
        }
    }
}
