/* SPDX-License-Identifier: Apache-2.0
 *
 * SIGINT, SIGTERM and SIGHUP as a flag that loops look at, so that a stop is always at a place of
 * our choice. The second signal has its default effect: a stop that hangs can be ended.
 *
 * Owner: the process. Threads: any may ask. Memory: one flag, the only global of the room: a signal
 * handler can reach nothing else. Errors: none.
 * Order of calls: host_signal_catch_stop once, at start.
 */
#ifndef DOJIMA_HOST_SIGNAL_H
#define DOJIMA_HOST_SIGNAL_H

#include <stdbool.h>

/* Also ignores SIGPIPE: a closed pipe is an error of the write. */
void host_signal_catch_stop(void);

/* Ends the process as SIGPIPE does, ignored or not. */
void host_signal_end_by_pipe(void);

/* The number of the signal that asked to stop, 0 = none yet. */
int host_signal_stop(void);

#endif
