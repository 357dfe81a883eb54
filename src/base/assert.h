/* SPDX-License-Identifier: Apache-2.0
 *
 * Assertions that stay on in release. A failed one is a bug: it prints the place, the expression
 * and the sequence number being applied, then aborts; a supervisor restarts and replays.
 *
 * Owner: nobody. Threads: the sequence is per thread. Memory: none. Errors: abort.
 * Order of calls: whoever applies commands calls assert_at_sequence before each.
 */
#ifndef DOJIMA_BASE_ASSERT_H
#define DOJIMA_BASE_ASSERT_H

#include "base/compiler.h"

#define ASSERT(expression)                                                                         \
    (LIKELY(expression) ? (void)0 : assert_fail(__FILE__, __LINE__, #expression))

NO_RETURN COLD void assert_fail(const char *file, int line, const char *expression);

/* Names the command sequence that later failures of this thread report; 0 = none. */
void assert_at_sequence(uint64_t sequence);

#endif
