/* SPDX-License-Identifier: Apache-2.0
 *
 * What a command has to say to the person who called it.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_APPS_COMPLAIN_H
#define DOJIMA_APPS_COMPLAIN_H

#include "base/compiler.h"

/* "dojima: ..." on standard error, with a line end. */
PRINTF_LIKE(1, 2) void complain(const char *format, ...);

#endif
