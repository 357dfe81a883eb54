/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/sim/bugs.h"

#include "base/assert.h"

static const char *const bugs[PLANTED_COUNT][2] = {
#define PLANTED_BUG(name, meaning) [PLANTED_##name] = {#name, meaning},
    PLANTED_BUGS(PLANTED_BUG)
#undef PLANTED_BUG
};

#ifdef DOJIMA_PLANTED
unsigned planted_bug;

bool bugs_choose(uint64_t number)
{
    planted_bug = (unsigned)number;
    return number < PLANTED_COUNT;
}
#else
bool bugs_choose(uint64_t number)
{
    return number == 0;
}
#endif

const char *bugs_name(unsigned number)
{
    ASSERT(number > 0 && number < PLANTED_COUNT);
    return bugs[number][0];
}

const char *bugs_meaning(unsigned number)
{
    ASSERT(number > 0 && number < PLANTED_COUNT);
    return bugs[number][1];
}
