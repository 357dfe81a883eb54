/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "config/toml.h"

#include <string.h>

static void on_problem(void *context, struct toml_place place, const char *message)
{
    ASSERT(place.line >= 1 && place.column >= 1 && strlen(message) < 4096);
    (*(size_t *)context)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct toml document;
    size_t problems = 0;
    enum status status = toml_parse((const char *)bytes, count, on_problem, &problems, &document);
    ASSERT((status == STATUS_OK) == (problems == 0));
    for (uint32_t i = 1; i < document.count; i++) {
        const struct toml_node *node = &document.nodes[i];
        ASSERT(node->parent < i && strlen(node->key) + strlen(node->text) <= count);
    }
    toml_deinit(&document);
    return 0;
}
