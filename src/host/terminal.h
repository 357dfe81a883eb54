/* SPDX-License-Identifier: Apache-2.0
 *
 * What those who print need to know about where it goes.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_HOST_TERMINAL_H
#define DOJIMA_HOST_TERMINAL_H

#include <stdbool.h>

/* `descriptor` is a terminal that can redraw a line (not TERM=dumb). */
bool host_terminal_is(int descriptor);

/* Its width in characters; 80 when it is not known. */
int host_terminal_columns(int descriptor);

/* `descriptor` is a pipe or a socket that nobody reads any more. */
bool host_terminal_reader_gone(int descriptor);

#endif
