/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/finding.h"

#include <stdarg.h>
#include <stdio.h>

void sim_find(struct finding_log *log, const char *checker, const char *format, ...)
{
    if (log->checker != NULL) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(log->detail, sizeof log->detail, format, arguments);
    va_end(arguments);
    log->checker = checker;
}
