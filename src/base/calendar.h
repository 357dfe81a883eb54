/* SPDX-License-Identifier: Apache-2.0
 *
 * Days of the proleptic Gregorian calendar in UTC, as trading days are written: yyyymmdd.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_BASE_CALENDAR_H
#define DOJIMA_BASE_CALENDAR_H

#include "base/compiler.h"

#include <stdint.h>

#define CALENDAR_NS_PER_DAY UINT64_C(86400000000000)

/* Nanoseconds from 1970 to the midnight that begins `day` (yyyymmdd); 0 for no date or one before
 * 1970. */
uint64_t calendar_midnight_ns(uint32_t day);

/* The day, yyyymmdd, in which a time falls: ns from 1970. */
uint32_t calendar_day(uint64_t time_ns);

#endif
