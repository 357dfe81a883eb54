/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading a file from its first byte to its last, in large pieces: input files of any size. The
 * journal's files, which are written and synced, are another word.
 *
 * Owner: the caller closes what it opened. Threads: one a stream. Memory: none.
 * Errors: NOT_FOUND, DENIED, IO, INVALID (a directory), BUSY. Order of calls: open, read..., close.
 */
#ifndef DOJIMA_HOST_STREAM_H
#define DOJIMA_HOST_STREAM_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct host_stream {
    int descriptor; /* -1 = closed */
    uint64_t bytes; /* size when opened; 0 = not known (a pipe) */
};

MUST_USE enum status host_stream_open(const char *path, struct host_stream *out_stream);

/* Fills up to `capacity` bytes; *out_count is 0 at the end of the file only. */
MUST_USE enum status host_stream_read(struct host_stream *stream, uint8_t *bytes, size_t capacity,
                                      size_t *out_count);

/* Makes the file and keeps every other process that calls this for the same path off it until the
 * stream is closed: they get BUSY. One that is there is emptied, so that what a killed process left
 * is in nobody's way. Its bytes are written by whoever opens the path next; renamed or removed, it
 * is another's to make. NOT_FOUND: no such folder; INVALID: what is there is no regular file. */
MUST_USE enum status host_stream_create(const char *path, struct host_stream *out_stream);

/* A stream that is closed or zeroed with descriptor -1 may be closed again. */
void host_stream_close(struct host_stream *stream);

/* Whether a new file may take this path: nothing is there yet, or a regular file. A directory, a
 * device or a pipe is not to be replaced by one. */
bool host_stream_may_replace(const char *path);

/* Whether both paths lead to one file, through links of any kind; false when one is not there. */
bool host_stream_same(const char *path, const char *other);

/* What is at the path, links followed: "a directory", "a named pipe", "a regular file",
 * "nothing"...
 */
const char *host_stream_what(const char *path);

/* The file in the folder of `path` whose name contains `word` and ends in one of the two suffixes;
 * among several, the one that shares the longest beginning with the name of `path`, then the first
 * by byte order. NOT_FOUND if there is none, OVERFLOW if its path does not fit. */
MUST_USE enum status host_stream_find_beside(const char *path, const char *word, const char *suffix,
                                             const char *other_suffix, char *out_path,
                                             size_t capacity);

#endif
