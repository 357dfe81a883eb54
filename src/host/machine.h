/* SPDX-License-Identifier: Apache-2.0
 *
 * What the machine is like that a venue is to run on: questions that only the operating system
 * answers.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: NOT_FOUND when the system does not tell; IO.
 * Order of calls: any.
 */
#ifndef DOJIMA_HOST_MACHINE_H
#define DOJIMA_HOST_MACHINE_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define HOST_UNLIMITED UINT64_MAX

struct host_limits {
    uint64_t open_files; /* of this process, now */
    uint64_t open_files_most;
    uint64_t locked_bytes;
};

MUST_USE enum status host_machine_limits(struct host_limits *out_limits);

/* How many more files this process may open, counted up to `most`. */
unsigned host_machine_free_files(unsigned most);

/* Processors this process may run on. */
unsigned host_machine_processors(void);

/* Binds the calling thread to that processor, and keeps every worker that is opened later off it,
 * for as long as the process lives. NOT_FOUND: this process may not run there; INVALID: it may run
 * nowhere else, so the workers would have no place. */
MUST_USE enum status host_machine_take_processor(unsigned number);
/* A new worker's first call: it leaves the processor that was taken, if one was. */
void host_machine_leave_processor(void);

/* Whether the kernel's clock is disciplined, and by how much it may be wrong. */
MUST_USE enum status host_machine_clock(bool *out_synchronised, int64_t *out_error_ns);

/* Bytes that a file below `path` may still take. */
MUST_USE enum status host_machine_free_bytes(const char *path, uint64_t *out_bytes);

/* The first line of a small file of the kernel's, such as a governor's name. */
MUST_USE enum status host_machine_fact(const char *path, char *out_line, size_t capacity);

#endif
