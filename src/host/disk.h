/* SPDX-License-Identifier: Apache-2.0
 *
 * The disk as the log needs it: files read and written at offsets, made durable by an explicit
 * sync; names made durable by a sync of their directory. Two worlds behind it, the operating system
 * (posix) and the simulated one (sim/disk.h); both live in one test binary, hence a table and not
 * the linker (docs/adr/0005-disk-is-a-table.md).
 *
 * Owner: who opens a file or lock closes it, also after a failure. Threads: a file one at a time,
 * different files freely (posix); sim: one. Memory: a small object per open file.
 * Errors: IO, NO_SPACE, NO_FILES, NOT_FOUND, EXISTS, DENIED, BUSY, INVALID (to open what is no
 * regular file: a directory, a pipe, a device; never waits for it). What a failed write or sync
 * left on the disk is unknown; nobody may go on with that file. Order of calls: open, any, close.
 */
#ifndef DOJIMA_HOST_DISK_H
#define DOJIMA_HOST_DISK_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define HOST_PATH_BYTES_MAX 4096u
#define HOST_NAME_BYTES_MAX 256u
#define HOST_DISK_PAGE_BYTES                                                                       \
    4096u /* unit of direct reads and writes: offset, count and address                            \
           */

enum host_open {
    HOST_OPEN_READ = 0,
    HOST_OPEN_WRITE = 1,  /* and read */
    HOST_OPEN_CREATE = 2, /* and write; EXISTS when the name is taken */
    HOST_OPEN_DIRECT = 4, /* pass by the page cache if this file system can: see host_file.direct */
};

struct host_file;
struct host_disk;

struct host_file_ops {
    /* Fewer bytes than asked only at the end of the file. */
    enum status (*read_at)(struct host_file *file, uint64_t offset, void *bytes, size_t count,
                           size_t *out_count);
    enum status (*write_at)(struct host_file *file, uint64_t offset, const void *bytes,
                            size_t count);
    enum status (*sync)(struct host_file *file);
    enum status (*resize)(struct host_file *file, uint64_t bytes);
    enum status (*size)(struct host_file *file, uint64_t *out_bytes);
    /* From now on a write inside the present size is a copy into the page cache, without a call:
     * nothing is sooner or later on the disk for it, and a killed process leaves it there. What
     * cannot be written back is told by sync; what cannot be read back ends the process. Null: this
     * disk cannot; a failure: writes are as before. Slow, a page at a time: not for an order's
     * thread, nor is the close afterwards. Not with resize. */
    enum status (*map)(struct host_file *file);
    /* What was written goes to the disk and out of memory, though not as safely as after a sync:
     * for a file that is complete and seldom read, or whose cached bytes are in doubt. Slow. Ends a
     * map. Null: this disk keeps nothing in memory. */
    enum status (*let_go)(struct host_file *file);
    void (*close)(struct host_file *file);
};

struct host_file {
    const struct host_file_ops *ops;
    bool direct;
};

/* One name found in a directory; false stops the listing. */
typedef bool host_on_name(void *context, const char *name);

struct host_disk_ops {
    /* `flags` is a sum of enum host_open. */
    enum status (*open)(struct host_disk *disk, const char *path, unsigned flags,
                        struct host_file **out_file);
    enum status (*list)(struct host_disk *disk, const char *path, host_on_name *on_name,
                        void *context);
    /* OK when it exists already; the parent must exist. */
    enum status (*make_directory)(struct host_disk *disk, const char *path);
    enum status (*sync_directory)(struct host_disk *disk, const char *path);
    enum status (*rename)(struct host_disk *disk, const char *from, const char *to);
    enum status (*remove)(struct host_disk *disk, const char *path);
    /* Bytes that this process could still write to the file system of `path`. */
    enum status (*space)(struct host_disk *disk, const char *path, uint64_t *out_free_bytes);
    /* Exclusive, gone with the process; closed like a file. */
    enum status (*lock)(struct host_disk *disk, const char *path, struct host_file **out_lock);
};

struct host_disk {
    const struct host_disk_ops *ops;
};

/* The operating system's; never closed. */
struct host_disk *host_disk_posix(void);

#endif
