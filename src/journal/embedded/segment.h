/* SPDX-License-Identifier: Apache-2.0
 *
 * Segment files: their names, their birth, and reading them by pages.
 *
 * Owner: the caller. Threads: one a reader. Memory: the reader's buffer, at init.
 * A compacted segment (dense.h) is read as the file it was made of.
 * Errors: those of the disk; TRUNCATED when a read passes the limit; DAMAGED only of a compacted
 * one, whose blocks cannot be unpacked: else that is for whoever looks at the bytes.
 * Order of calls: pages_init, {pages_open, pages_get..., }..., pages_deinit.
 */
#ifndef DOJIMA_JOURNAL_EMBEDDED_SEGMENT_H
#define DOJIMA_JOURNAL_EMBEDDED_SEGMENT_H

#include "host/disk.h"
#include "journal/embedded/format.h"

/* Where a log lives. */
struct segment_place {
    struct host_disk *disk;
    const char *directory;
};

/* "DIRECTORY/00000001.segment", and with ".new" while it is being made. */
MUST_USE enum status segment_path(const struct segment_place *place, uint32_t number, bool new_file,
                                  char out_path[HOST_PATH_BYTES_MAX]);

/* The numbers of the segment files, or of those left half made, ascending, malloc'd. */
MUST_USE enum status segment_list(const struct segment_place *place, bool new_files,
                                  uint32_t **out_numbers, size_t *out_count);

struct segment_birth {
    struct segment_header header;
    bool write_zeros; /* allocate and write every block now, so that a later sync is one write */
    bool sync;        /* contents, then name, on stable storage before this returns */
    bool direct;
    bool map; /* writes to it are copies, if the disk can */
    /* Null: zeros are written as fast as it goes. Else in pieces with pauses, for those who want
     * the same processor, until it is true. */
    const _Atomic bool *hurry;
};

/* For a file of full size that is written through the page cache; slow. */
void segment_map(struct host_file *file);

/* The first half, which needs nothing of the log's state and takes long: the file under its .new
 * name, of full size, written with zeros and synced if so asked. */
MUST_USE enum status segment_prepare(const struct segment_place *place,
                                     const struct segment_birth *birth,
                                     struct host_file **out_file);

/* The second half: writes the header, gives the file its name. */
MUST_USE enum status segment_finish(const struct segment_place *place,
                                    const struct segment_birth *birth, struct host_file *file);

/* Takes the .new file of that number away; OK when there is none. */
MUST_USE enum status segment_remove_new(const struct segment_place *place, uint32_t number);

MUST_USE enum status segment_remove(const struct segment_place *place, uint32_t number);

/* Writes zeros over [from, to), whole pages; `hurry` as in segment_birth. */
MUST_USE enum status segment_zero(struct host_file *file, uint64_t from, uint64_t to,
                                  const _Atomic bool *hurry);

struct dense;

struct pages {
    struct host_file *file;
    struct dense *dense; /* the file is a compacted one: read through it; else null */
    uint8_t *buffer;
    size_t capacity;
    uint64_t offset; /* in the file, of buffer[0] */
    size_t count;    /* bytes of the buffer that are read */
    uint64_t limit;  /* nothing at or above is read: the file's end, or what is being written */
};

MUST_USE enum status pages_init(struct pages *pages);
MUST_USE enum status pages_open(struct pages *pages, const struct segment_place *place,
                                uint32_t number, bool direct);
MUST_USE enum status pages_open_file(struct pages *pages, struct host_disk *disk, const char *path,
                                     bool direct);
/* `count` bytes at `offset` (a page), valid until the next get. Reads up to `ahead` bytes more. */
MUST_USE enum status pages_get(struct pages *pages, uint64_t offset, size_t count, size_t ahead,
                               const uint8_t **out_bytes);
void pages_close(struct pages *pages);
void pages_deinit(struct pages *pages);

#endif
