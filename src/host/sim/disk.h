/* SPDX-License-Identifier: Apache-2.0
 *
 * A disk in memory that crashes on demand, the twin of posix/disk.c. It keeps apart what a machine
 * would find after a power cut and what programs see now: writes reach stable storage by a sync of
 * their file, names by a sync of their directory. One seed gives one behaviour.
 *
 *     write_at ──► current image ─────────────────────► reads
 *         └──────► pending writes ── sync ──► durable image
 *                        └── crash: lost, kept, a random subset, torn ──► what a restart finds
 *
 * Owner: the caller. Threads: one. Memory: malloc; files are kept until deinit.
 * Errors: those of host/disk.h; IO for everything while the disk is down.
 * Order of calls: sim_disk_init, any, sim_disk_deinit after all files are closed.
 */
#ifndef DOJIMA_HOST_SIM_DISK_H
#define DOJIMA_HOST_SIM_DISK_H

#include "base/prng.h"
#include "host/disk.h"

#define SIM_SECTOR_BYTES 512u

/* What happens at a crash to what was not synced. */
enum sim_crash {
    SIM_CRASH_LOST,      /* nothing of it arrived */
    SIM_CRASH_KEPT,      /* all of it arrived */
    SIM_CRASH_REORDERED, /* a random subset of its sectors, in random order */
    SIM_CRASH_TORN,      /* all but the last write; of that a beginning, then a garbled sector */
};
#define SIM_CRASH_COUNT 4

struct sim_file;
struct sim_name_change;

struct sim_disk {
    struct host_disk base;
    struct prng prng;
    struct sim_file *files; /* newest first */
    struct sim_name_change *changes;
    size_t change_count;
    size_t change_capacity;
    char **locks; /* paths held */
    size_t lock_count;
    uint64_t generation; /* of open files: a crash makes them stale */
    uint64_t calls;      /* that changed or synced something, since init */
    uint64_t writes;     /* number of the newest write */
    bool down;

    /* The plan; 0 = never. Both count as `calls` does, the first call is 1. */
    uint64_t crash_at_call;
    enum sim_crash crash;
    bool crash_is_kill; /* the process dies there, the machine goes on */
    uint64_t
        error_at_call; /* that call fails without effect; a failed sync loses what was pending */
    enum status error;
    bool short_write;        /* a write that fails so leaves its beginning */
    uint64_t misdirect_at;   /* that write goes to another page of its file, and is said done */
    uint64_t reads;          /* since init */
    uint64_t error_at_read;  /* that read fails with IO */
    uint64_t capacity_bytes; /* of all files together; a write beyond it: NO_SPACE; 0 = no end */
};

void sim_disk_init(struct sim_disk *disk, uint64_t seed);
void sim_disk_deinit(struct sim_disk *disk);

/* Power off now: open files are dead, locks are gone, every call fails until the restart. */
void sim_disk_crash(struct sim_disk *disk, enum sim_crash crash);
void sim_disk_restart(struct sim_disk *disk);

/* The process is killed, the machine goes on: open files are dead and locks gone until the restart,
 * what was written is still pending. */
void sim_disk_kill(struct sim_disk *disk);

/* `copy` is a fresh disk: it gets the files of `disk` as they are now, pending writes included. */
void sim_disk_copy(const struct sim_disk *disk, struct sim_disk *copy);

/* Plants a file with these bytes, on stable storage; replaces one of that name. */
MUST_USE enum status sim_disk_put(struct sim_disk *disk, const char *path, const void *bytes,
                                  size_t count);

/* Size of a file in bytes; 0 when there is none. */
size_t sim_disk_file_bytes(const struct sim_disk *disk, const char *path);

/* Turns one bit over, on the disk and in the cache. */
void sim_disk_flip(struct sim_disk *disk, const char *path, uint64_t bit);

#endif
