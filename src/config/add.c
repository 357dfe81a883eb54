/* SPDX-License-Identifier: Apache-2.0
 *
 * The layers: how files, environment and flags become settings and rows.
 */
#include "config/layers.h"
#include "config/suggest.h"

#include "base/assert.h"

#include <stdlib.h>
#include <string.h>

#define PATH_BYTES    256u
#define MESSAGE_BYTES 400u

/* One file being taken in. */
struct taking {
    struct config *config;
    struct config_source *source;
    bool *dropped; /* by node: its table was refused, so nothing is said of what is in it */
    enum status status;
};

static enum status take_nodes(struct config *config, struct config_source *source);

static enum status open_source(struct config *config, enum config_layer layer, const char *name,
                               const char *bytes, size_t count, struct config_source **out_source)
{
    struct config_source *source = calloc(1, sizeof *source);
    if (source == NULL) {
        return STATUS_NO_MEMORY;
    }
    source->layer = layer;
    source->name = strdup(name);
    source->bytes = malloc(count + 1);
    source->count = count;
    if (source->name == NULL || source->bytes == NULL) {
        free(source->name);
        free(source->bytes);
        free(source);
        return STATUS_NO_MEMORY;
    }
    memcpy(source->bytes, bytes, count);
    source->bytes[count] = '\0';
    source->next = config->sources;
    config->sources = source;
    *out_source = source;
    return STATUS_OK;
}

static struct config_origin origin_at(const struct config_source *source, struct toml_place place)
{
    return (struct config_origin){
        .source = source->name, .line = place.line, .column = place.column, .layer = source->layer};
}

static void on_toml_problem(void *context, struct toml_place place, const char *message)
{
    struct taking *taking = context;
    struct config_origin origin = origin_at(taking->source, place);
    config_problem(taking->config, &origin, message);
}

enum status config_add_file(struct config *config, const char *name, const char *bytes,
                            size_t count)
{
    struct config_source *source;
    enum config_layer layer = bytes == config_built_in ? CONFIG_LAYER_DEFAULT : CONFIG_LAYER_FILE;
    enum status status = open_source(config, layer, name, bytes, count, &source);
    if (status != STATUS_OK) {
        return status;
    }
    struct taking taking = {.config = config, .source = source};
    status = toml_parse(source->bytes, count, on_toml_problem, &taking, &source->document);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    return status == STATUS_OVERFLOW ? STATUS_OK : take_nodes(config, source);
}

/* -- names --------------------------------------------------------------------------------- */

static int find_setting(const char *path)
{
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        const struct config_spec *spec = config_spec((enum config_key)key);
        if (spec->table == CONFIG_TABLE_NONE && strcmp(spec->path, path) == 0) {
            return (int)key;
        }
    }
    return -1;
}

static int find_column(enum config_table table, const char *name)
{
    unsigned first = config_first_column(table);
    for (unsigned i = 0; i < config_column_count(table); i++) {
        if (strcmp(config_spec((enum config_key)(first + i))->path, name) == 0) {
            return (int)(first + i);
        }
    }
    return -1;
}

static enum config_table find_table(const char *name)
{
    for (unsigned table = 1; table < CONFIG_TABLE_COUNT; table++) {
        if (strcmp(config_table_name((enum config_table)table), name) == 0) {
            return (enum config_table)table;
        }
    }
    return CONFIG_TABLE_NONE;
}

/* Whether settings lie below this path. */
static bool is_section(const char *path)
{
    size_t count = strlen(path);
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        const struct config_spec *spec = config_spec((enum config_key)key);
        if (spec->table == CONFIG_TABLE_NONE && strncmp(spec->path, path, count) == 0 &&
            spec->path[count] == '.') {
            return true;
        }
    }
    return false;
}

static bool is_file_top(const struct toml *document, uint32_t node)
{
    return document->nodes[node].kind == TOML_ROOT;
}

/* "ouch.listen"; within a row the path from the row on. */
static void path_of(const struct toml *document, uint32_t node, struct text *text)
{
    uint32_t chain[2 * TOML_PARTS_MAX]; /* a header's parts and a key's */
    size_t count = 0;
    while (!is_file_top(document, node) && document->nodes[node].kind != TOML_ROW) {
        ASSERT(count < ARRAY_COUNT(chain));
        chain[count++] = node;
        node = document->nodes[node].parent;
    }
    while (count-- > 0) {
        text_format(text, "%s%s", document->nodes[chain[count]].key, count > 0 ? "." : "");
    }
}

static void add_suggestion(const struct suggest *suggest, struct text *message)
{
    if (suggest->best != NULL) {
        text_format(message, "; did you mean '%s'?", suggest->best);
    }
}

/* A setting of another section with this last word, when it is the only one. */
static const char *elsewhere(const char *path)
{
    const char *dot = strrchr(path, '.');
    const char *word = dot == NULL ? path : dot + 1;
    const char *found = NULL;
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        const struct config_spec *spec = config_spec((enum config_key)key);
        const char *last = strchr(spec->path, '.');
        if (spec->table == CONFIG_TABLE_NONE && last != NULL && strcmp(last + 1, word) == 0) {
            if (found != NULL) {
                return NULL;
            }
            found = spec->path;
        }
    }
    return found;
}

static void say_unknown_setting(const char *path, struct text *message)
{
    struct suggest suggest;
    suggest_init(&suggest, path);
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        const struct config_spec *spec = config_spec((enum config_key)key);
        if (spec->table == CONFIG_TABLE_NONE) {
            suggest_try(&suggest, spec->path);
        }
    }
    if (suggest.best == NULL) {
        suggest.best = elsewhere(path);
    }
    text_format(message, "unknown key '%.100s'", path);
    add_suggestion(&suggest, message);
}

static void say_unknown_column(enum config_table table, const char *name, struct text *message)
{
    struct suggest suggest;
    suggest_init(&suggest, name);
    unsigned first = config_first_column(table);
    for (unsigned i = 0; i < config_column_count(table); i++) {
        suggest_try(&suggest, config_spec((enum config_key)(first + i))->path);
    }
    text_format(message, "unknown key '%.100s' of [[%s]]", name, config_table_name(table));
    add_suggestion(&suggest, message);
}

static void say_unknown_table(const char *path, struct text *message)
{
    char sections[CONFIG_KEY_COUNT][32];
    struct suggest suggest;
    suggest_init(&suggest, path);
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        const struct config_spec *spec = config_spec((enum config_key)key);
        size_t count = strcspn(spec->path, ".");
        if (spec->table == CONFIG_TABLE_NONE && count < sizeof sections[key]) {
            memcpy(sections[key], spec->path, count);
            sections[key][count] = '\0';
            suggest_try(&suggest, sections[key]);
        }
    }
    for (unsigned table = 1; table < CONFIG_TABLE_COUNT; table++) {
        suggest_try(&suggest, config_table_name((enum config_table)table));
    }
    text_format(message, "unknown table '%.100s'", path);
    add_suggestion(&suggest, message);
}

/* -- files --------------------------------------------------------------------------------- */

static void node_problem(struct taking *taking, uint32_t node, struct toml_place place,
                         const char *message)
{
    struct config_origin origin = origin_at(taking->source, place);
    config_problem(taking->config, &origin, message);
    taking->dropped[node] = true;
}

static enum status add_row(struct config *config, enum config_table table,
                           const struct config_origin *origin)
{
    struct config_rows *rows = &config->rows[table];
    size_t columns = config_column_count(table);
    if (rows->built_in && origin->layer != CONFIG_LAYER_DEFAULT) {
        rows->count = 0;
        rows->built_in = false;
    }
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity == 0 ? 8 : 2 * rows->capacity;
        struct config_cell *cells = realloc(rows->cells, capacity * columns * sizeof *cells);
        if (cells == NULL) {
            return STATUS_NO_MEMORY;
        }
        rows->cells = cells;
        struct config_origin *origins = realloc(rows->origins, capacity * sizeof *origins);
        if (origins == NULL) {
            return STATUS_NO_MEMORY;
        }
        rows->origins = origins;
        rows->capacity = capacity;
    }
    for (size_t i = 0; i < columns; i++) {
        const struct config_spec *spec =
            config_spec((enum config_key)(config_first_column(table) + i));
        struct config_cell *cell = &rows->cells[rows->count * columns + i];
        *cell = (struct config_cell){.origin = {.source = ""}, .value = {.text = ""}};
        char ignored[1];
        struct text text;
        text_init(&text, ignored, sizeof ignored);
        cell->given = spec->initial[0] != '\0' &&
                      config_value_of_text(spec, spec->initial, &cell->value, &text);
    }
    rows->built_in = origin->layer == CONFIG_LAYER_DEFAULT;
    rows->origins[rows->count++] = *origin;
    return STATUS_OK;
}

/* [ouch] and the tables that dotted keys make. */
static void take_table(struct taking *taking, uint32_t index, const char *path,
                       struct text *message)
{
    const struct toml *document = &taking->source->document;
    const struct toml_node *node = &document->nodes[index];
    if (is_section(path) && is_file_top(document, node->parent)) {
        return;
    }
    if (find_table(path) != CONFIG_TABLE_NONE) {
        text_format(message, "'%s' has rows: write [[%s]]", path, path);
    } else {
        say_unknown_table(path, message);
    }
    node_problem(taking, index, node->place, message->bytes);
}

static void take_rows(struct taking *taking, uint32_t index, const char *path, struct text *message)
{
    const struct toml *document = &taking->source->document;
    const struct toml_node *node = &document->nodes[index];
    if (is_file_top(document, node->parent) && find_table(path) != CONFIG_TABLE_NONE) {
        return;
    }
    if (is_section(path)) {
        text_format(message, "'%s' has no rows: write [%s]", path, path);
    } else {
        say_unknown_table(path, message);
    }
    node_problem(taking, index, node->place, message->bytes);
}

static void take_row(struct taking *taking, uint32_t index)
{
    const struct toml *document = &taking->source->document;
    const struct toml_node *node = &document->nodes[index];
    enum config_table table = find_table(document->nodes[node->parent].key);
    struct config_origin origin = origin_at(taking->source, node->place);
    if (taking->config->rows[table].count >= CONFIG_ROWS_MAX) {
        node_problem(taking, index, node->place, "there are more than 65,535 rows");
        return;
    }
    taking->status = add_row(taking->config, table, &origin);
}

static void take_value(struct taking *taking, uint32_t index, const char *path,
                       struct text *message)
{
    const struct toml *document = &taking->source->document;
    const struct toml_node *node = &document->nodes[index];
    const struct toml_node *parent = &document->nodes[node->parent];
    struct config_cell *cell;
    int key;
    if (parent->kind == TOML_ROW) {
        enum config_table table = find_table(document->nodes[parent->parent].key);
        key = find_column(table, path);
        if (key < 0) {
            say_unknown_column(table, path, message);
            node_problem(taking, index, node->place, message->bytes);
            return;
        }
        struct config_rows *rows = &taking->config->rows[table];
        size_t columns = config_column_count(table);
        cell = &rows->cells[(rows->count - 1) * columns + (size_t)key - config_first_column(table)];
    } else {
        key = find_setting(path);
        if (key < 0) {
            if (is_section(path)) {
                text_format(message, "'%s' is a table: write [%s]", path, path);
            } else {
                say_unknown_setting(path, message);
            }
            node_problem(taking, index, node->place, message->bytes);
            return;
        }
        cell = &taking->config->settings[key];
    }
    struct config_value value;
    const struct config_spec *spec = config_spec((enum config_key)key);
    text_format(message, "%s: ", spec->path);
    if (!config_value_of_node(spec, document, index, &value, message)) {
        node_problem(taking, index, node->value, message->bytes);
        return;
    }
    *cell = (struct config_cell){
        .value = value, .origin = origin_at(taking->source, node->value), .given = true};
}

static void take_node(struct taking *taking, uint32_t index)
{
    const struct toml *document = &taking->source->document;
    const struct toml_node *node = &document->nodes[index];
    if (taking->dropped[node->parent] || document->nodes[node->parent].kind == TOML_ARRAY) {
        taking->dropped[index] = taking->dropped[node->parent];
        return;
    }
    char path_bytes[PATH_BYTES];
    char message_bytes[MESSAGE_BYTES];
    struct text path;
    struct text message;
    text_init(&path, path_bytes, sizeof path_bytes);
    text_init(&message, message_bytes, sizeof message_bytes);
    path_of(document, index, &path);
    switch (node->kind) {
    case TOML_ROOT:
        break;
    case TOML_TABLE:
        take_table(taking, index, path_bytes, &message);
        break;
    case TOML_ROWS:
        take_rows(taking, index, path_bytes, &message);
        break;
    case TOML_ROW:
        take_row(taking, index);
        break;
    case TOML_TEXT:
    case TOML_NUMBER:
    case TOML_FLAG:
    case TOML_ARRAY:
        take_value(taking, index, path_bytes, &message);
        break;
    }
}

static enum status take_nodes(struct config *config, struct config_source *source)
{
    struct taking taking = {.config = config, .source = source};
    taking.dropped = calloc(source->document.count, sizeof *taking.dropped);
    if (taking.dropped == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (uint32_t i = 1; i < source->document.count && taking.status == STATUS_OK; i++) {
        take_node(&taking, i);
    }
    free(taking.dropped);
    return taking.status;
}

/* -- environment and flags ----------------------------------------------------------------- */

static enum status add_plain(struct config *config, enum config_layer layer, const char *name,
                             const char *path, const char *value)
{
    struct config_source *source;
    enum status status = open_source(config, layer, name, value, strlen(value), &source);
    if (status != STATUS_OK) {
        return status;
    }
    char bytes[MESSAGE_BYTES];
    struct text message;
    text_init(&message, bytes, sizeof bytes);
    struct config_origin origin = origin_at(source, (struct toml_place){0, 0});
    int key = find_setting(path);
    if (key < 0) {
        say_unknown_setting(path, &message);
        config_problem(config, &origin, bytes);
        return STATUS_OK;
    }
    struct config_cell cell = {.origin = origin, .given = true};
    text_format(&message, "%s: ", path);
    if (!config_value_of_text(config_spec((enum config_key)key), source->bytes, &cell.value,
                              &message)) {
        config_problem(config, &origin, bytes);
        return STATUS_OK;
    }
    config->settings[key] = cell;
    return STATUS_OK;
}

enum status config_add_flag(struct config *config, const char *flag, const char *path,
                            const char *value)
{
    return add_plain(config, CONFIG_LAYER_FLAG, flag, path, value);
}

/* DOJIMA_OUCH__LISTEN gives "ouch.listen"; false: not one of ours. */
static bool path_of_variable(const char *variable, size_t count, char *out_path)
{
    size_t prefix = strlen(CONFIG_ENVIRONMENT);
    if (count < prefix || count >= CONFIG_ENVIRONMENT_BYTES ||
        memcmp(variable, CONFIG_ENVIRONMENT, prefix) != 0) {
        return false;
    }
    size_t length = 0;
    bool parts = false;
    for (size_t i = prefix; i < count; i++) {
        char character = variable[i];
        if (character == '_' && i + 1 < count && variable[i + 1] == '_') {
            character = '.';
            parts = true;
            i++;
        } else if (character >= 'A' && character <= 'Z') {
            character = (char)(character - 'A' + 'a');
        }
        out_path[length++] = character;
    }
    out_path[length] = '\0';
    return parts;
}

enum status config_add_environment(struct config *config, char *const *environment)
{
    for (; *environment != NULL; environment++) {
        char path[CONFIG_ENVIRONMENT_BYTES];
        char name[CONFIG_ENVIRONMENT_BYTES];
        size_t count = strcspn(*environment, "=");
        if ((*environment)[count] != '=' || !path_of_variable(*environment, count, path)) {
            continue;
        }
        memcpy(name, *environment, count);
        name[count] = '\0';
        enum status status =
            add_plain(config, CONFIG_LAYER_ENVIRONMENT, name, path, *environment + count + 1);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}
