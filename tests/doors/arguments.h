/* SPDX-License-Identifier: Apache-2.0
 *
 * The command line of a test program: options and where their values go.
 *
 * Owner: nobody. Threads: any. Memory: none; texts stay the command line's. Errors: false.
 * Order of calls: any.
 */
#ifndef DOJIMA_TESTS_DOORS_ARGUMENTS_H
#define DOJIMA_TESTS_DOORS_ARGUMENTS_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An option and the one place, of the three, that takes it: a flag has no value behind it. */
struct argument {
    const char *option;
    const char **text;
    uint64_t *number;
    bool *flag;
};

/* False: an option that is not among them, a missing value, or a number that is none. */
MUST_USE bool arguments_take(const struct argument *arguments, size_t count, int argc, char **argv);

#endif
