/* SPDX-License-Identifier: Apache-2.0
 *
 * Large blocks of memory from the operating system: huge pages advised, every page touched before
 * it is handed out, so that the trading loop never takes a page fault.
 *
 * Owner: the caller, who closes what it opened. Threads: any. Memory: address space and pages.
 * Errors: NO_MEMORY. Order of calls: open, close.
 */
#ifndef DOJIMA_HOST_MEMORY_H
#define DOJIMA_HOST_MEMORY_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

struct host_block {
    void *bytes;
    size_t count;
};

/* `touch` faults every page in now; aligned to 2 MiB. */
MUST_USE enum status host_block_open(size_t bytes, bool touch, struct host_block *out_block);
void host_block_close(struct host_block *block);

/* Bytes of memory the machine has; 0 = not known. To refuse what can never fit: an overcommitting
 * system would grant it and end the process later. */
uint64_t host_memory_bytes(void);

#endif
