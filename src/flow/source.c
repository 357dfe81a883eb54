/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/source.h"

#include <stdarg.h>
#include <stdio.h>

enum status source_refuse(struct flow_source *source, enum status status, enum source_place place,
                          uint64_t position, const char *format, ...)
{
    struct flow_error *error = &source->error;
    if (error->status != STATUS_OK) {
        return error->status;
    }
    error->status = status;
    error->at_line = place == SOURCE_LINE;
    error->position = position;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error->reason, sizeof error->reason, format, arguments);
    va_end(arguments);
    return status;
}

enum status source_cut_off(struct flow_source *source, enum source_place place, uint64_t position,
                           const char *unit)
{
    const struct input *input = &source->input;
    if (input->status != STATUS_OK) {
        return source_refuse(source, input->status, place, position, "%s", input->reason);
    }
    return source_refuse(source, STATUS_TRUNCATED, place, position,
                         "the file ends in the middle of %s", unit);
}
