/* SPDX-License-Identifier: Apache-2.0
 *
 * For tests: a simulated disk that several threads may use at once. Its calls are made one at a
 * time, writes and syncs after a pause drawn from the seed, so that two of them come to the disk in
 * either order; and one write can be held at its door.
 *
 * Owner: the caller, on one thread. Threads: the files' any. Memory: an object per open file.
 * Errors: those of the simulated disk. Order of calls: busy_disk_init, any; the simulated disk goes
 * last.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_BUSY_DISK_H
#define DOJIMA_JOURNAL_EMBEDDED_BUSY_DISK_H

#include "base/assert.h"
#include "base/hash.h"
#include "host/clock.h"
#include "host/sim/disk.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct busy_disk {
    struct host_disk base;
    struct sim_disk *sim;
    pthread_mutex_t one;
    uint64_t seed;
    _Atomic uint64_t calls;
    _Atomic uint64_t syncs;
    _Atomic uint64_t held_offset; /* a write there waits; 0: none does */
    _Atomic int held_status;      /* what it returns afterwards instead of being made; OK: made */
};

struct busy_file {
    struct host_file base;
    struct busy_disk *disk;
    struct host_file *file;
};

static inline struct busy_file *busy_file_of(struct host_file *file)
{
    return (struct busy_file *)(void *)file;
}

static inline struct busy_disk *busy_disk_of(struct host_disk *disk)
{
    return (struct busy_disk *)(void *)disk;
}

static inline void busy_pause(struct busy_disk *disk)
{
    uint64_t dice = hash_mix64(disk->seed ^ atomic_fetch_add(&disk->calls, 1));
    if (dice % 4 != 0) {
        host_clock_sleep_until(host_clock_monotonic_ns() + (int64_t)(dice >> 32) % 60000);
    }
}

static inline enum status busy_read_at(struct host_file *base, uint64_t offset, void *bytes,
                                       size_t count, size_t *out_count)
{
    struct busy_file *file = busy_file_of(base);
    pthread_mutex_lock(&file->disk->one);
    enum status status = file->file->ops->read_at(file->file, offset, bytes, count, out_count);
    pthread_mutex_unlock(&file->disk->one);
    return status;
}

static inline enum status busy_write_at(struct host_file *base, uint64_t offset, const void *bytes,
                                        size_t count)
{
    struct busy_file *file = busy_file_of(base);
    struct busy_disk *disk = file->disk;
    busy_pause(disk);
    if (offset != 0 && offset == atomic_load(&disk->held_offset)) {
        while (atomic_load(&disk->held_offset) == offset) {
            host_clock_sleep_until(host_clock_monotonic_ns() + 50000);
        }
        if (atomic_load(&disk->held_status) != STATUS_OK) {
            return (enum status)atomic_load(&disk->held_status);
        }
    }
    pthread_mutex_lock(&disk->one);
    enum status status = file->file->ops->write_at(file->file, offset, bytes, count);
    pthread_mutex_unlock(&disk->one);
    return status;
}

static inline enum status busy_sync(struct host_file *base)
{
    struct busy_file *file = busy_file_of(base);
    busy_pause(file->disk);
    pthread_mutex_lock(&file->disk->one);
    enum status status = file->file->ops->sync(file->file);
    pthread_mutex_unlock(&file->disk->one);
    atomic_fetch_add(&file->disk->syncs, 1);
    return status;
}

static inline enum status busy_resize(struct host_file *base, uint64_t bytes)
{
    struct busy_file *file = busy_file_of(base);
    pthread_mutex_lock(&file->disk->one);
    enum status status = file->file->ops->resize(file->file, bytes);
    pthread_mutex_unlock(&file->disk->one);
    return status;
}

static inline enum status busy_size(struct host_file *base, uint64_t *out_bytes)
{
    struct busy_file *file = busy_file_of(base);
    pthread_mutex_lock(&file->disk->one);
    enum status status = file->file->ops->size(file->file, out_bytes);
    pthread_mutex_unlock(&file->disk->one);
    return status;
}

static inline void busy_close(struct host_file *base)
{
    struct busy_file *file = busy_file_of(base);
    pthread_mutex_lock(&file->disk->one);
    file->file->ops->close(file->file);
    pthread_mutex_unlock(&file->disk->one);
    free(file);
}

static const struct host_file_ops busy_file_ops = {
    .read_at = busy_read_at,
    .write_at = busy_write_at,
    .sync = busy_sync,
    .resize = busy_resize,
    .size = busy_size,
    .close = busy_close,
};

/* Takes the file that `status` is about; it says that it is direct, as two writers need it. */
static inline enum status busy_wrap(struct busy_disk *disk, enum status status,
                                    struct host_file *file, struct host_file **out_file)
{
    if (status != STATUS_OK) {
        return status;
    }
    struct busy_file *busy = calloc(1, sizeof *busy);
    ASSERT(busy != NULL);
    *busy = (struct busy_file){{&busy_file_ops, true}, disk, file};
    *out_file = &busy->base;
    return STATUS_OK;
}

static inline enum status busy_open(struct host_disk *base, const char *path, unsigned flags,
                                    struct host_file **out_file)
{
    struct busy_disk *disk = busy_disk_of(base);
    struct host_file *file = NULL;
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->open(&disk->sim->base, path, flags, &file);
    pthread_mutex_unlock(&disk->one);
    return busy_wrap(disk, status, file, out_file);
}

static inline enum status busy_lock(struct host_disk *base, const char *path,
                                    struct host_file **out_lock)
{
    struct busy_disk *disk = busy_disk_of(base);
    struct host_file *file = NULL;
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->lock(&disk->sim->base, path, &file);
    pthread_mutex_unlock(&disk->one);
    return busy_wrap(disk, status, file, out_lock);
}

static inline enum status busy_list(struct host_disk *base, const char *path, host_on_name *on_name,
                                    void *context)
{
    struct busy_disk *disk = busy_disk_of(base);
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->list(&disk->sim->base, path, on_name, context);
    pthread_mutex_unlock(&disk->one);
    return status;
}

static inline enum status busy_make_directory(struct host_disk *base, const char *path)
{
    struct busy_disk *disk = busy_disk_of(base);
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->make_directory(&disk->sim->base, path);
    pthread_mutex_unlock(&disk->one);
    return status;
}

static inline enum status busy_sync_directory(struct host_disk *base, const char *path)
{
    struct busy_disk *disk = busy_disk_of(base);
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->sync_directory(&disk->sim->base, path);
    pthread_mutex_unlock(&disk->one);
    return status;
}

static inline enum status busy_rename(struct host_disk *base, const char *from, const char *to)
{
    struct busy_disk *disk = busy_disk_of(base);
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->rename(&disk->sim->base, from, to);
    pthread_mutex_unlock(&disk->one);
    return status;
}

static inline enum status busy_remove(struct host_disk *base, const char *path)
{
    struct busy_disk *disk = busy_disk_of(base);
    pthread_mutex_lock(&disk->one);
    enum status status = disk->sim->base.ops->remove(&disk->sim->base, path);
    pthread_mutex_unlock(&disk->one);
    return status;
}

static const struct host_disk_ops busy_disk_ops = {
    .open = busy_open,
    .list = busy_list,
    .make_directory = busy_make_directory,
    .sync_directory = busy_sync_directory,
    .rename = busy_rename,
    .remove = busy_remove,
    .space = NULL, /* nobody asks it */
    .lock = busy_lock,
};

static inline void busy_disk_init(struct busy_disk *disk, struct sim_disk *sim, uint64_t seed)
{
    *disk = (struct busy_disk){.base.ops = &busy_disk_ops, .sim = sim, .seed = seed};
    pthread_mutex_init(&disk->one, NULL);
}

static inline void busy_disk_crash(struct busy_disk *disk, enum sim_crash crash)
{
    pthread_mutex_lock(&disk->one);
    sim_disk_crash(disk->sim, crash);
    pthread_mutex_unlock(&disk->one);
}

#endif
