/* SPDX-License-Identifier: Apache-2.0
 *
 * The outcome of a check: a reject code with the limit that was broken and the value that broke it.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: these are business refusals. Order of calls:
 * any.
 */
#ifndef DOJIMA_ENGINE_REFUSAL_H
#define DOJIMA_ENGINE_REFUSAL_H

#include "wire/native/domain.h"

struct refusal {
    enum reject code; /* REJECT_NONE = passed */
    int64_t limit;
    int64_t value;
};

static ALWAYS_INLINE struct refusal refusal_none(void)
{
    return (struct refusal){.code = REJECT_NONE};
}

static ALWAYS_INLINE struct refusal refuse(enum reject code, int64_t limit, int64_t value)
{
    return (struct refusal){.code = code, .limit = limit, .value = value};
}

#endif
