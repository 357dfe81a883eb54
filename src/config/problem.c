/* SPDX-License-Identifier: Apache-2.0 */
#include "config/layers.h"

#include <string.h>

/* A line is shown up to here; a caret behind it is left out. */
#define SHOWN_BYTES_MAX 160u

static const struct config_source *source_of(const struct config *config, const char *name)
{
    for (const struct config_source *at = config->sources; at != NULL; at = at->next) {
        if (at->name == name) {
            return at;
        }
    }
    return NULL;
}

static const char *find_line(const struct config_source *source, unsigned line, size_t *out_count)
{
    const char *at = source->bytes;
    const char *end = source->bytes + source->count;
    for (unsigned i = 1; i < line && at < end; i++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        at = line_end == NULL ? end : line_end + 1;
    }
    const char *line_end = memchr(at, '\n', (size_t)(end - at));
    size_t count = (size_t)((line_end == NULL ? end : line_end) - at);
    *out_count = count > 0 && at[count - 1] == '\r' ? count - 1 : count;
    return at;
}

/* Nothing but printable bytes and tabs reaches a terminal. */
static void show_line(struct text *text, const char *line, size_t count)
{
    text_add(text, "  ");
    for (size_t i = 0; i < count; i++) {
        bool plain = line[i] == '\t' || ((uint8_t)line[i] >= 0x20 && line[i] != 0x7f);
        text_add_bytes(text, plain ? &line[i] : "?", 1);
    }
    text_add(text, "\n");
}

/* Tabs are repeated, so that the caret stands under its character however wide they are. */
static void show_caret(struct text *text, const char *line, size_t count, unsigned column)
{
    unsigned passed = 1;
    text_add(text, "  ");
    for (size_t i = 0; i < count && passed < column; i++) {
        bool starts = i + 1 >= count || ((uint8_t)line[i + 1] & 0xc0) != 0x80;
        if (starts) {
            text_add(text, line[i] == '\t' ? "\t" : " ");
            passed++;
        }
    }
    text_add(text, "^\n");
}

void config_problem(struct config *config, const struct config_origin *origin, const char *message)
{
    config->problem_count++;
    if (config->problem_count > CONFIG_PROBLEMS_MAX) {
        return;
    }
    struct text *text = &config->problems;
    if (origin->layer == CONFIG_LAYER_DEFAULT) {
        text_format(text, "the built-in settings: %s\n", message);
        return;
    }
    if (origin->line == 0) {
        text_format(text, "%s%s: %s\n",
                    origin->layer == CONFIG_LAYER_ENVIRONMENT ? "environment variable " : "",
                    origin->source, message);
        return;
    }
    text_format(text, "%s:%u:%u: %s\n", origin->source, origin->line, origin->column, message);
    const struct config_source *source = source_of(config, origin->source);
    if (source == NULL) {
        return;
    }
    size_t count;
    const char *line = find_line(source, origin->line, &count);
    size_t shown = count < SHOWN_BYTES_MAX ? count : SHOWN_BYTES_MAX;
    while (shown < count && shown > 0 && ((uint8_t)line[shown] & 0xc0) == 0x80) {
        shown--;
    }
    show_line(text, line, shown);
    if (origin->column <= SHOWN_BYTES_MAX) {
        show_caret(text, line, shown, origin->column);
    }
}

size_t config_problem_count(const struct config *config)
{
    return config->problem_count;
}

const char *config_problems(const struct config *config)
{
    return config->problem_bytes;
}
