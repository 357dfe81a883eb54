/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/settings.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define VALUE_BYTES 4200

enum config_option { CONFIG_OPTION_ORIGIN, CONFIG_OPTION_JSON };

const struct option_spec config_options[] = {
    [CONFIG_OPTION_ORIGIN] = {"origin", NULL, "show: where each value came from", NULL},
    [CONFIG_OPTION_JSON] = {"json", NULL, "one JSON object; times in ns, sizes in bytes", NULL},
    SETTINGS_OPTIONS,
    {NULL, NULL, NULL, NULL},
};

const char config_details[] =
    "check  reads the configuration as `dojima run` would and tells what is wrong with it, with\n"
    "       file, line and column; exit 3 if anything is.\n"
    "show   prints every setting as it holds, in a form that can be a file again.\n"
    "Later layers win: built-in, dojima.toml, conf.d/*.toml by name, environment, flags.\n"
    "ouch.listen is DOJIMA_OUCH__LISTEN in the environment and --set ouch.listen=... as a flag.\n"
    "All settings: docs/reference/config.md.\n";

struct config_job {
    struct settings settings;
    struct config *config;
    bool origin;
    bool json;
};

static bool is_setting(unsigned key)
{
    return config_spec((enum config_key)key)->table == CONFIG_TABLE_NONE;
}

static void describe_origin(const struct config_origin *origin, struct text *text)
{
    if (origin->layer == CONFIG_LAYER_DEFAULT) {
        text_add(text, "built in");
    } else if (origin->line != 0) {
        text_format(text, "%s:%u:%u", origin->source, origin->line, origin->column);
    } else {
        text_add(text, origin->source);
    }
}

/* -- text ---------------------------------------------------------------------------------- */

static void show_value(const struct config_job *job, enum config_key key, size_t row,
                       const char *name)
{
    char bytes[VALUE_BYTES];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "%s = ", name);
    config_describe(job->config, key, row, &text);
    if (job->origin) {
        struct config_origin origin = config_origin(job->config, key, row);
        text_format(&text, "%*s# ", text.length < 44 ? (int)(44 - text.length) : 1, "");
        describe_origin(&origin, &text);
    }
    printf("%s\n", bytes);
}

static void show_text(const struct config_job *job)
{
    char section[32] = "";
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        const char *path = config_spec((enum config_key)key)->path;
        size_t count = strcspn(path, ".");
        if (!is_setting(key) || count >= sizeof section) {
            continue;
        }
        if (strncmp(section, path, count) != 0 || section[count] != '\0') {
            printf("%s[%.*s]\n", section[0] == '\0' ? "" : "\n", (int)count, path);
            memcpy(section, path, count);
            section[count] = '\0';
        }
        show_value(job, (enum config_key)key, 0, path + count + 1);
    }
    for (unsigned table = 1; table < CONFIG_TABLE_COUNT; table++) {
        size_t rows = config_row_count(job->config, (enum config_table)table);
        for (size_t row = 0; row < rows; row++) {
            printf("\n[[%s]]\n", config_table_name((enum config_table)table));
            for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
                const struct config_spec *spec = config_spec((enum config_key)key);
                if (spec->table == (enum config_table)table) {
                    show_value(job, (enum config_key)key, row, spec->path);
                }
            }
        }
    }
}

/* -- JSON ---------------------------------------------------------------------------------- */

static json_t *json_words(const char *list, unsigned bits)
{
    json_t *array = json_array();
    for (unsigned index = 0; *list != '\0'; index++) {
        size_t count = strcspn(list, " ");
        if ((bits & 1u << index) != 0) {
            json_array_append_new(array, json_stringn(list, count));
        }
        list += count;
        list += strspn(list, " ");
    }
    return array;
}

/* A setting when `row` is null. */
static json_t *json_value(const struct config *config, enum config_key key, const size_t *row)
{
    const struct config_spec *spec = config_spec(key);
    switch (spec->type) {
    case CONFIG_TYPE_FLAG:
        return json_boolean(row == NULL ? config_flag(config, key)
                                        : config_flag_at(config, key, *row));
    case CONFIG_TYPE_COUNT:
    case CONFIG_TYPE_BYTES:
    case CONFIG_TYPE_DURATION:
        return json_integer(row == NULL ? config_number(config, key)
                                        : config_number_at(config, key, *row));
    case CONFIG_TYPE_WORDS:
        return json_words(spec->words, config_words(config, key));
    case CONFIG_TYPE_TEXT:
    case CONFIG_TYPE_PATH:
    case CONFIG_TYPE_ADDRESS:
    case CONFIG_TYPE_WORD:
    case CONFIG_TYPE_DECIMAL:
        break;
    }
    return json_string(row == NULL ? config_text(config, key) : config_text_at(config, key, *row));
}

static void json_put(const struct config_job *job, json_t *object, enum config_key key,
                     const size_t *row)
{
    json_t *value = json_value(job->config, key, row);
    if (job->origin) {
        char bytes[VALUE_BYTES];
        struct text text;
        text_init(&text, bytes, sizeof bytes);
        struct config_origin origin = config_origin(job->config, key, row == NULL ? 0 : *row);
        describe_origin(&origin, &text);
        value = json_pack("{s:o, s:s}", "value", value, "origin", bytes);
    }
    json_object_set_new(object, config_spec(key)->path, value);
}

static void print_json(json_t *object)
{
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(object);
}

static void show_json(const struct config_job *job)
{
    json_t *object = json_object();
    for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
        if (is_setting(key)) {
            json_put(job, object, (enum config_key)key, NULL);
        }
    }
    for (unsigned table = 1; table < CONFIG_TABLE_COUNT; table++) {
        json_t *rows = json_array();
        size_t count = config_row_count(job->config, (enum config_table)table);
        for (size_t row = 0; row < count; row++) {
            json_t *one = json_object();
            for (unsigned key = 0; key < CONFIG_KEY_COUNT; key++) {
                if (config_spec((enum config_key)key)->table == (enum config_table)table) {
                    json_put(job, one, (enum config_key)key, &row);
                }
            }
            json_array_append_new(rows, one);
        }
        json_object_set_new(object, config_table_name((enum config_table)table), rows);
    }
    print_json(object);
}

/* -- actions ------------------------------------------------------------------------------- */

static void tell_check(const struct config_job *job, bool good)
{
    if (job->json) {
        print_json(json_pack("{s:b, s:I, s:I, s:s}", "ok", good, "files",
                             (json_int_t)job->settings.file_count, "problem_count",
                             (json_int_t)config_problem_count(job->config), "problems",
                             config_problems(job->config)));
    } else if (good) {
        printf("the configuration is valid: %zu file%s read\n", job->settings.file_count,
               job->settings.file_count == 1 ? "" : "s");
    } else {
        fputs(config_problems(job->config), stderr);
    }
}

static int act(struct config_job *job, const char *action)
{
    bool check = strcmp(action, "check") == 0;
    if (!check && strcmp(action, "show") != 0) {
        complain("there is no '%s' of the configuration; say check or show", action);
        return EXIT_BAD_INPUT;
    }
    enum status status = settings_read(&job->settings, &job->config);
    if (job->config == NULL) {
        return status_exit_code(status);
    }
    if (check || status != STATUS_OK) {
        tell_check(job, status == STATUS_OK);
    } else if (job->json) {
        show_json(job);
    } else {
        show_text(job);
    }
    config_close(job->config);
    return status_exit_code(status);
}

int run_config(const struct app_command *command, int argc, char **argv)
{
    struct config_job job = {.config = NULL};
    struct options options;
    options_begin(&options, command, argc, argv);
    int next;
    while ((next = options_next(&options)) >= 0) {
        if (next == CONFIG_OPTION_ORIGIN) {
            job.origin = true;
        } else if (next == CONFIG_OPTION_JSON) {
            job.json = true;
        } else if (settings_take(&job.settings, &options) == SETTINGS_BAD) {
            return EXIT_BAD_INPUT;
        }
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    if (options_argument_count(&options) != 1) {
        complain("say what to do: `dojima config check` or `dojima config show`");
        return EXIT_BAD_INPUT;
    }
    return act(&job, options_argument(&options, 0));
}
