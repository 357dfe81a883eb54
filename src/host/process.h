/* SPDX-License-Identifier: Apache-2.0
 *
 * Another process of this same program, for work that must not be felt by the trading loop.
 *
 * Owner: the caller. Threads: host_process_run waits, so it is called in a worker; end and id from
 * any. Memory: none. Errors: NO_MEMORY, NO_FILES, DENIED, IO. Order of calls: any.
 */
#ifndef DOJIMA_HOST_PROCESS_H
#define DOJIMA_HOST_PROCESS_H

#include "base/status.h"

#include <stdatomic.h>
#include <stdint.h>

struct host_process {
    _Atomic int id;  /* 0: not running */
    int64_t used_ns; /* of processors, by the one that ended last */
};

/* Starts this program with these arguments (the last one null; the first is the program's name),
 * with nothing open but standard error and nothing ignored, and waits for its end. *out_code is its
 * exit code, or 128 + the signal that ended it. */
MUST_USE enum status host_process_run(struct host_process *process, const char *const *arguments,
                                      int *out_code);

/* Ends it at once, if it runs. */
void host_process_end(struct host_process *process);

/* Time that this process was on a processor, all its threads together. */
int64_t host_process_used_ns(void);

/* This process gets the processor when nobody else wants it, and the disk too where the kernel's
 * scheduler knows that. As far as the system allows. */
void host_process_give_way(void);

#endif
