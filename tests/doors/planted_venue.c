/* SPDX-License-Identifier: Apache-2.0
 *
 * The venue with one bug of base/planted.h in it, which the build names: what a test must see.
 */
#include "base/planted.h"

#define PLANTED_NAME_OF(name) PLANTED_##name
#define PLANTED_NAME(name)    PLANTED_NAME_OF(name)

unsigned planted_bug = PLANTED_NAME(PLANTED_BUG_HERE);
