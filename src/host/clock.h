/* SPDX-License-Identifier: Apache-2.0
 *
 * Time from the operating system. Log time is not read here: it is in the records.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_HOST_CLOCK_H
#define DOJIMA_HOST_CLOCK_H

#include <stdint.h>

/* Nanoseconds since an arbitrary start; never goes back. For durations and pacing. */
int64_t host_clock_monotonic_ns(void);

/* Nanoseconds UTC since 1970. May go back. */
int64_t host_clock_wall_ns(void);

/* Sleeps until the monotonic clock shows `until_ns`, or a signal arrives. */
void host_clock_sleep_until(int64_t until_ns);

#endif
