/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/fuzz_drain.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct flow_options options = {.format = FLOW_FORMAT_ITCH_PCAP};
    fuzz_drain(bytes, count, &options);
    return 0;
}
