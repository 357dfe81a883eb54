/* SPDX-License-Identifier: Apache-2.0
 *
 * World failures as values. 0 is OK; every function that returns one is MUST_USE, gives its outputs
 * last as `out_*` and leaves them untouched on failure.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: these are the errors. Order of calls: any.
 */
#ifndef DOJIMA_BASE_STATUS_H
#define DOJIMA_BASE_STATUS_H

#include "base/compiler.h"

enum status {
#define STATUS(name, number, exit_code, sentence) STATUS_##name = number,
#include "schema/status.def"
#undef STATUS
};

/* The name without its prefix ("DAMAGED"), for ever valid. */
const char *status_name(enum status status);

/* One plain sentence, without a full stop. */
const char *status_sentence(enum status status);

/* The exit code that a command ends with (docs/reference/exit-codes.md). */
int status_exit_code(enum status status);

#endif
