/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/fuzz_drain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct flow_options options = {
        .format = FLOW_FORMAT_DBN, .tick = 250000000, .live_orders_max = 64};
    const struct flow_options defined = {.format = FLOW_FORMAT_DBN};
    fuzz_drain(bytes, count, &options);
    fuzz_drain(bytes, count, &defined);
    return 0;
}
