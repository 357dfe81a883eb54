/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "identity/store.h"

#include <stdlib.h>
#include <string.h>

/* Whatever is in a store: refused with a line, or what we write of it reads back to the same. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct identity identity = {0};
    struct identity_fault fault = {0};
    secret_start();
    enum status status = store_parse(&identity, (const char *)bytes, count, &fault);
    if (status == STATUS_OK) {
        char *written;
        size_t written_count;
        ASSERT(store_format(&identity, &written, &written_count) == STATUS_OK);
        struct identity again = {0};
        char *rewritten;
        size_t rewritten_count;
        ASSERT(store_parse(&again, written, written_count, &fault) == STATUS_OK);
        ASSERT(store_format(&again, &rewritten, &rewritten_count) == STATUS_OK);
        ASSERT(written_count == rewritten_count && memcmp(written, rewritten, written_count) == 0);
        store_deinit(&again);
        free(written);
        free(rewritten);
    } else {
        ASSERT(fault.line > 0 && fault.reason[0] != '\0');
    }
    store_deinit(&identity);
    return 0;
}
