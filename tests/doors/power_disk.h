/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk that loses its power: a device with a volatile write cache, under a real file system of
 * this kernel. A process answers a FUSE mount of one file, a loop device lies over it, ext4 over
 * that: so every write and every flush that the kernel sends to the device passes here.
 *
 *     venue -> ext4 and its page cache -> loop device -> FUSE file -> cache, durable (this)
 *
 * What was written and not flushed is in the cache. At the loss nothing is answered any more, so
 * nobody can have been told of anything that came later, and what is left is what was flushed and,
 * of what was not, by chance: nothing, all, some of the writes, some of the sectors. That is what a
 * disk may do; whatever only the page cache has is gone.
 *
 * Owner: a test, in a mount namespace of its own: what it mounts goes away with its processes,
 * however they end. Threads: one, and a process. Memory: twice the disk's size, touched as used.
 * Errors: false, said on standard error. Order of calls: power_disk_open, then in turn
 * power_disk_start, power_disk_cut_after, power_disk_end; power_disk_close.
 */
#ifndef DOJIMA_TESTS_DOORS_POWER_DISK_H
#define DOJIMA_TESTS_DOORS_POWER_DISK_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define POWER_DISK_BYTES  (UINT64_C(256) << 20)
#define POWER_SECTOR      512u
#define POWER_PATH_BYTES  256
#define POWER_WHERE_BYTES (POWER_PATH_BYTES + 16)

/* What becomes of what was written and not flushed. */
enum power_fate {
    POWER_LOST = 0,
    POWER_KEPT = 1,
    POWER_SOME = 2, /* of the writes */
    POWER_TORN = 3, /* some sectors of each */
    POWER_FATES = 4,
};

struct power_shared;

struct power_disk {
    struct power_shared *shared; /* with the process that answers */
    uint8_t *durable;            /* the disk as the loss of power leaves it */
    uint8_t *cached;             /* as it is read */
    char directory[POWER_PATH_BYTES];
    char file[POWER_WHERE_BYTES];  /* the device, as a file */
    char where[POWER_WHERE_BYTES]; /* its file system is mounted there */
    pid_t server;
    uint64_t seed;
    uint64_t losses;
};

struct power_counts {
    uint64_t writes;
    uint64_t flushes;
    enum power_fate fate; /* of the last loss */
    uint64_t pending;     /* bytes that were not flushed at the last loss */
};

/* What this machine lacks to have such a disk, by name; null: nothing. Enters a mount namespace. */
MUST_USE const char *power_disk_lacks(void);

/* A new file system; its files are below `directory`, which exists. */
MUST_USE bool power_disk_open(struct power_disk *disk, const char *directory, uint64_t seed);
/* Mounts it at `where`: as it was when its power was lost. */
MUST_USE bool power_disk_start(struct power_disk *disk);
/* The power goes instead of, or amid, the `count`th write or flush from now. */
void power_disk_cut_after(struct power_disk *disk, uint64_t count);
MUST_USE bool power_disk_is_dark(const struct power_disk *disk);
/* After a loss: every write that still waits fails, and nothing is mounted any more. Whoever used
 * it has been killed before. Without a loss: a clean unmount. */
MUST_USE bool power_disk_end(struct power_disk *disk);
void power_disk_count(const struct power_disk *disk, struct power_counts *out_counts);
/* After a loss: what is left, as a file. */
MUST_USE bool power_disk_copy(const struct power_disk *disk, const char *path);
void power_disk_close(struct power_disk *disk);

/* The image in a file, on a loop device, at `where`. */
MUST_USE bool power_image_mount(const char *path, const char *where);
/* Waits for processes that are just ending. */
MUST_USE bool power_unmount(const char *where);
/* Runs a program by its name, silently; its exit code, or -1. */
int power_program(const char *const *arguments);

#endif
