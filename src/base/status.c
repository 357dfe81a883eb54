/* SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

const char *status_name(enum status status)
{
    switch (status) {
#define STATUS(name, number, exit_code, sentence)                                                  \
    case STATUS_##name:                                                                            \
        return #name;
#include "schema/status.def"
#undef STATUS
    }
    return "UNKNOWN";
}

const char *status_sentence(enum status status)
{
    switch (status) {
#define STATUS(name, number, exit_code, sentence)                                                  \
    case STATUS_##name:                                                                            \
        return sentence;
#include "schema/status.def"
#undef STATUS
    }
    return "unknown status";
}

int status_exit_code(enum status status)
{
    switch (status) {
#define STATUS(name, number, exit_code, sentence)                                                  \
    case STATUS_##name:                                                                            \
        return exit_code;
#include "schema/status.def"
#undef STATUS
    }
    return 1;
}
