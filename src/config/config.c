/* SPDX-License-Identifier: Apache-2.0 */
#include "config/config.h"

#include "base/assert.h"
#include "config/layers.h"

#include <stdlib.h>
#include <string.h>

static const struct config_spec specs[CONFIG_KEY_COUNT] = {
#define SETTING(name, path, type, initial, lowest, highest, words, meaning)                        \
    [CONFIG_##name] = {                                                                            \
        path, initial, words, meaning, lowest, highest, CONFIG_TYPE_##type, CONFIG_TABLE_NONE},
#define COLUMN(table, name, path, type, initial, lowest, highest, words, meaning)                  \
    [CONFIG_##name] = {                                                                            \
        path, initial, words, meaning, lowest, highest, CONFIG_TYPE_##type, CONFIG_TABLE_##table},
#include "schema/config.def"
};

static const char *const table_names[CONFIG_TABLE_COUNT] = {
    "",
#define TABLE(name, path, meaning) [CONFIG_TABLE_##name] = path,
#include "schema/config.def"
};

const struct config_spec *config_spec(enum config_key key)
{
    ASSERT((unsigned)key < CONFIG_KEY_COUNT);
    return &specs[key];
}

const char *config_table_name(enum config_table table)
{
    ASSERT((unsigned)table < CONFIG_TABLE_COUNT);
    return table_names[table];
}

enum config_key config_first_column(enum config_table table)
{
    unsigned key = 0;
    while (specs[key].table != table) {
        key++;
        ASSERT(key < CONFIG_KEY_COUNT);
    }
    return (enum config_key)key;
}

size_t config_column_count(enum config_table table)
{
    size_t count = 0;
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        count += specs[key].table == table;
    }
    return count;
}

static void set_defaults(struct config *config)
{
    char message[1] = "";
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        struct text text;
        text_init(&text, message, sizeof message);
        struct config_cell *cell = &config->settings[key];
        cell->origin = (struct config_origin){.source = ""};
        if (specs[key].table == CONFIG_TABLE_NONE) {
            cell->given =
                config_value_of_text(&specs[key], specs[key].initial, &cell->value, &text);
            ASSERT(cell->given);
        }
    }
}

enum status config_open(struct config **out_config)
{
    struct config *config = calloc(1, sizeof *config);
    if (config == NULL) {
        return STATUS_NO_MEMORY;
    }
    text_init(&config->problems, config->problem_bytes, sizeof config->problem_bytes);
    set_defaults(config);
    enum status status = config_add_file(config, "", config_built_in, strlen(config_built_in));
    if (status != STATUS_OK) {
        config_close(config);
        return status;
    }
    ASSERT(config->problem_count == 0);
    *out_config = config;
    return STATUS_OK;
}

enum status config_finish(struct config *config)
{
    if (config->problem_count == 0) {
        config_check(config);
    }
    if (config->problem_count > CONFIG_PROBLEMS_MAX && !config->finished) {
        text_format(&config->problems, "and %zu problems more\n",
                    config->problem_count - CONFIG_PROBLEMS_MAX);
    }
    config->finished = true;
    return config->problem_count == 0 ? STATUS_OK : STATUS_CONFIG;
}

void config_close(struct config *config)
{
    if (config == NULL) {
        return;
    }
    for (struct config_source *source = config->sources; source != NULL;) {
        struct config_source *next = source->next;
        toml_deinit(&source->document);
        free(source->name);
        free(source->bytes);
        free(source);
        source = next;
    }
    for (size_t i = 0; i < CONFIG_TABLE_COUNT; i++) {
        free(config->rows[i].cells);
        free(config->rows[i].origins);
    }
    free(config);
}

/* -- lookups ------------------------------------------------------------------------------- */

static const struct config_cell *cell_of(const struct config *config, enum config_key key,
                                         size_t row)
{
    const struct config_spec *spec = config_spec(key);
    if (spec->table == CONFIG_TABLE_NONE) {
        return &config->settings[key];
    }
    ASSERT(row < config->rows[spec->table].count);
    size_t columns = config_column_count(spec->table);
    return &config->rows[spec->table]
                .cells[row * columns + (key - config_first_column(spec->table))];
}

static const struct config_cell *setting(const struct config *config, enum config_key key)
{
    ASSERT(config_spec(key)->table == CONFIG_TABLE_NONE);
    return &config->settings[key];
}

static bool is_text(enum config_type type)
{
    return type <= CONFIG_TYPE_WORD || type == CONFIG_TYPE_DECIMAL;
}

const char *config_text(const struct config *config, enum config_key key)
{
    ASSERT(is_text(config_spec(key)->type));
    return setting(config, key)->value.text;
}

int64_t config_number(const struct config *config, enum config_key key)
{
    enum config_type type = config_spec(key)->type;
    ASSERT(type >= CONFIG_TYPE_FLAG && type <= CONFIG_TYPE_DURATION);
    return setting(config, key)->value.number;
}

unsigned config_word(const struct config *config, enum config_key key)
{
    ASSERT(config_spec(key)->type == CONFIG_TYPE_WORD);
    return (unsigned)setting(config, key)->value.number;
}

unsigned config_words(const struct config *config, enum config_key key)
{
    ASSERT(config_spec(key)->type == CONFIG_TYPE_WORDS);
    return (unsigned)setting(config, key)->value.number;
}

bool config_flag(const struct config *config, enum config_key key)
{
    ASSERT(config_spec(key)->type == CONFIG_TYPE_FLAG);
    return setting(config, key)->value.number != 0;
}

size_t config_row_count(const struct config *config, enum config_table table)
{
    ASSERT(table > CONFIG_TABLE_NONE && table < CONFIG_TABLE_COUNT);
    return config->rows[table].count;
}

const char *config_text_at(const struct config *config, enum config_key column, size_t row)
{
    ASSERT(is_text(config_spec(column)->type));
    return cell_of(config, column, row)->value.text;
}

int64_t config_number_at(const struct config *config, enum config_key column, size_t row)
{
    enum config_type type = config_spec(column)->type;
    ASSERT(type >= CONFIG_TYPE_FLAG && type <= CONFIG_TYPE_DURATION);
    return cell_of(config, column, row)->value.number;
}

bool config_flag_at(const struct config *config, enum config_key column, size_t row)
{
    ASSERT(config_spec(column)->type == CONFIG_TYPE_FLAG);
    return cell_of(config, column, row)->value.number != 0;
}

enum status config_decimal_at(const struct config *config, enum config_key column, size_t row,
                              unsigned scale, int64_t *out_units)
{
    ASSERT(config_spec(column)->type == CONFIG_TYPE_DECIMAL);
    const char *text = cell_of(config, column, row)->value.text;
    return config_decimal(text, scale, out_units) ? STATUS_OK : STATUS_OVERFLOW;
}

struct config_origin config_origin(const struct config *config, enum config_key key, size_t row)
{
    return cell_of(config, key, row)->origin;
}

void config_describe(const struct config *config, enum config_key key, size_t row,
                     struct text *text)
{
    config_value_describe(config_spec(key), &cell_of(config, key, row)->value, text);
}
