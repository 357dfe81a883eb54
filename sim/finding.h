/* SPDX-License-Identifier: Apache-2.0
 *
 * What a checker found wrong in a run. The first finding stands: what comes later may be its
 * consequence.
 *
 * Owner: the run. Threads: one. Memory: in place. Errors: none. Order of calls: zeroed is none.
 */
#ifndef DOJIMA_SIM_FINDING_H
#define DOJIMA_SIM_FINDING_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>

struct finding_log {
    const char *checker; /* null: all is well */
    char detail[240];
};

/* `checker` is a word for ever valid. */
void sim_find(struct finding_log *log, const char *checker, const char *format, ...)
    PRINTF_LIKE(3, 4);

static inline bool sim_found(const struct finding_log *log)
{
    return log->checker != NULL;
}

#endif
