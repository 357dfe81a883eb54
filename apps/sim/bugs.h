/* SPDX-License-Identifier: Apache-2.0
 *
 * The planted bugs (base/planted.h) by number, for the program that tests the simulator.
 *
 * Owner: nobody. Threads: one. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_APPS_SIM_BUGS_H
#define DOJIMA_APPS_SIM_BUGS_H

#include "base/planted.h"

#include <stdbool.h>
#include <stdint.h>

/* From here on this process has that bug, 0 = none. False: this build has none of them. */
bool bugs_choose(uint64_t number);

/* "SKIP_SYNC", and what is wrong; `number` from 1. */
const char *bugs_name(unsigned number);
const char *bugs_meaning(unsigned number);

#endif
