/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The one piece of thread state in base: an abort without the sequence number cannot be replayed
 * to. */
static _Thread_local uint64_t sequence_now;

void assert_at_sequence(uint64_t sequence)
{
    sequence_now = sequence;
}

void assert_fail(const char *file, int line, const char *expression)
{
    fprintf(stderr, "bug: %s:%d: assertion failed: %s (command sequence %" PRIu64 ")\n", file, line,
            expression, sequence_now);
    abort();
}
