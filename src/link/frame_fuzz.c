/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes: refused, or a frame that encodes to the same bytes again; a command to one that
 * decodes.
 */
#include "base/assert.h"
#include "link/frame.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct frame frame;
    size_t used = 0;
    while (count > 0 && frame_decode(bytes, count, &frame, &used) == STATUS_OK) {
        uint8_t again[FRAME_BYTES_MAX];
        ASSERT(used <= count);
        size_t written = frame_encode(again, &frame);
        if (frame.kind == FRAME_SUBMIT) { /* an older layout comes out as the newest */
            struct frame newest;
            size_t newest_used = 0;
            ASSERT(written >= used);
            ASSERT(frame_decode(again, written, &newest, &newest_used) == STATUS_OK);
            ASSERT(newest_used == written);
        } else {
            ASSERT(written == used && memcmp(again, bytes, used) == 0);
        }
        bytes += used;
        count -= used;
    }
    return 0;
}
