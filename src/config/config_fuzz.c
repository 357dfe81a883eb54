/* SPDX-License-Identifier: Apache-2.0 */
#include "base/assert.h"
#include "config/config.h"

#include <string.h>

/* Whatever a file says, it is either refused with a problem or gives values that can be read. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct config *config;
    if (config_open(&config) != STATUS_OK) {
        return 0;
    }
    enum status status = config_add_file(config, "fuzz.toml", (const char *)bytes, count);
    if (status == STATUS_OK) {
        status = config_finish(config);
    }
    ASSERT((status == STATUS_CONFIG) == (strlen(config_problems(config)) > 0));
    for (unsigned i = 0; i < CONFIG_KEY_COUNT && status == STATUS_OK; i++) {
        enum config_table table = config_spec((enum config_key)i)->table;
        size_t rows = table == CONFIG_TABLE_NONE ? 1 : config_row_count(config, table);
        for (size_t row = 0; row < rows; row++) {
            char line[4096];
            struct text text;
            text_init(&text, line, sizeof line);
            config_describe(config, (enum config_key)i, row, &text);
            ASSERT(text.length > 0);
        }
    }
    config_close(config);
    return 0;
}
