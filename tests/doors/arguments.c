/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/arguments.h"

#include <stdlib.h>
#include <string.h>

static const struct argument *find(const struct argument *arguments, size_t count,
                                   const char *option)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(arguments[i].option, option) == 0) {
            return &arguments[i];
        }
    }
    return NULL;
}

static bool take_value(const struct argument *argument, const char *value)
{
    if (argument->text != NULL) {
        *argument->text = value;
        return true;
    }
    char *end;
    *argument->number = strtoull(value, &end, 10);
    return *value >= '0' && *value <= '9' && *end == '\0';
}

bool arguments_take(const struct argument *arguments, size_t count, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const struct argument *argument = find(arguments, count, argv[i]);
        if (argument == NULL) {
            return false;
        }
        if (argument->flag != NULL) {
            *argument->flag = true;
            continue;
        }
        i++;
        if (i == argc || !take_value(argument, argv[i])) {
            return false;
        }
    }
    return true;
}
