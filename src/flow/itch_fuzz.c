/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/fuzz_drain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct flow_options prefixed = {.format = FLOW_FORMAT_ITCH};
    const struct flow_options unprefixed = {.format = FLOW_FORMAT_ITCH_UNPREFIXED};
    fuzz_drain(bytes, count, &prefixed);
    fuzz_drain(bytes, count, &unprefixed);
    return 0;
}
