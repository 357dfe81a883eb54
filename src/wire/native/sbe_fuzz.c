/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a native message in its SBE frame: no crash, and what decodes encodes to the same
 * bytes again, or, from an older layout, to what decodes and encodes to the same bytes again.
 */
#include "base/assert.h"
#include "wire/native/sbe.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    uint8_t out[SBE_COMMAND_BYTES_MAX + SBE_EVENT_BYTES_MAX];
    size_t written = 0;
    struct command command;
    struct event event;
    struct sbe_not_sequenced refusal;
    uint32_t budget;
    if (sbe_command_decode(bytes, count, &command) == STATUS_OK) {
        written = sbe_command_encode(out, &command);
    } else if (sbe_event_decode(bytes, count, &event, &budget) == STATUS_OK) {
        written = sbe_event_encode(out, &event, budget);
    } else if (sbe_not_sequenced_decode(bytes, count, &refusal) == STATUS_OK) {
        written = sbe_not_sequenced_encode(out, &refusal);
    } else {
        return 0;
    }
    if (bytes_load_le16(bytes + 6) == bytes_load_le16(out + 6)) {
        ASSERT(written == count && memcmp(out, bytes, count) == 0);
    } else {
        ASSERT(bytes_load_le16(bytes + 6) < bytes_load_le16(out + 6) && written > count);
        LLVMFuzzerTestOneInput(out, written); /* the newest now */
    }
    return 0;
}
