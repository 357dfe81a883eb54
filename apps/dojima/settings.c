/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/settings.h"

#include "config/toml.h"
#include "host/disk.h"
#include "host/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".toml"

/* Names of conf.d, before they are sorted. */
struct folder {
    char *names[SETTINGS_FILES_MAX];
    size_t count;
    bool too_many;
    bool no_memory;
};

static enum status add_files(struct settings *settings, struct config *config);

static enum settings_taken take_set(struct settings_flag *flag, const char *value)
{
    const char *equals = strchr(value, '=');
    size_t count = equals == NULL ? 0 : (size_t)(equals - value);
    if (count == 0 || count >= sizeof flag->path_bytes) {
        complain("--set wants KEY=VALUE, such as run.idle=sleep, not '%s'", value);
        return SETTINGS_BAD;
    }
    memcpy(flag->path_bytes, value, count);
    flag->path_bytes[count] = '\0';
    flag->path = flag->path_bytes;
    flag->value = equals + 1;
    return SETTINGS_TAKEN;
}

enum settings_taken settings_take(struct settings *settings, const struct options *options)
{
    static const struct {
        const char *option;
        const char *flag;
        const char *path;
    } known[] = {{"data", "--data", "data.directory"},
                 {"ack", "--ack", "data.acknowledge"},
                 {"idle", "--idle", "run.idle"},
                 {"role", "--role", "run.roles"},
                 {"set", "--set", NULL}};
    const char *name = options->command->options[options->index].name;
    if (strcmp(name, "config") == 0) {
        settings->file = options->value;
        return SETTINGS_TAKEN;
    }
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (strcmp(name, known[i].option) != 0) {
            continue;
        }
        if (settings->flag_count == SETTINGS_FLAGS_MAX) {
            complain("at most %d settings fit on a command line; put them into a file",
                     SETTINGS_FLAGS_MAX);
            return SETTINGS_BAD;
        }
        struct settings_flag *flag = &settings->flags[settings->flag_count++];
        flag->flag = known[i].flag;
        if (known[i].path == NULL) {
            return take_set(flag, options->value);
        }
        flag->path = known[i].path;
        flag->value = options->value;
        return SETTINGS_TAKEN;
    }
    return SETTINGS_NOT_MINE;
}

enum status settings_read(struct settings *settings, struct config **out_config)
{
    struct config *config;
    enum status status = config_open(&config);
    if (status != STATUS_OK) {
        complain("the configuration cannot be read: %s", status_sentence(status));
        return status;
    }
    status = add_files(settings, config);
    if (status == STATUS_OK) {
        status = config_add_environment(config, environ);
    }
    for (size_t i = 0; i < settings->flag_count && status == STATUS_OK; i++) {
        const struct settings_flag *flag = &settings->flags[i];
        status = config_add_flag(config, flag->flag, flag->path, flag->value);
    }
    if (status != STATUS_OK) {
        config_close(config);
        return status;
    }
    status = config_finish(config);
    *out_config = config;
    return status;
}

enum status settings_load(struct settings *settings, struct config **out_config)
{
    struct config *config = NULL;
    enum status status = settings_read(settings, &config);
    if (status == STATUS_OK) {
        *out_config = config;
    } else if (config != NULL) {
        fputs(config_problems(config), stderr);
        config_close(config);
    }
    return status;
}

bool settings_path(const struct config *config, enum config_key key, char *out_path,
                   size_t capacity)
{
    const char *value = config_text(config, key);
    const char *directory = value[0] == '/' ? "" : config_text(config, CONFIG_DATA_DIRECTORY);
    const char *between = value[0] == '/' ? "" : "/";
    if (snprintf(out_path, capacity, "%s%s%s", directory, between, value) < (int)capacity) {
        return true;
    }
    complain("%s is too long behind data.directory: at most %zu bytes", config_spec(key)->path,
             capacity - 1);
    return false;
}

/* -- files --------------------------------------------------------------------------------- */

static enum status read_whole(const char *path, char **out_bytes, size_t *out_count)
{
    struct host_stream stream;
    enum status status = host_stream_open(path, &stream);
    if (status != STATUS_OK) {
        return status;
    }
    /* One byte more than may be there: the parser refuses what is larger. */
    size_t capacity = TOML_BYTES_MAX + 1;
    char *bytes = malloc(capacity);
    size_t count = 0;
    size_t got = 1;
    status = bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    while (status == STATUS_OK && got > 0 && count < capacity) {
        status = host_stream_read(&stream, (uint8_t *)bytes + count, capacity - count, &got);
        count += status == STATUS_OK ? got : 0;
    }
    host_stream_close(&stream);
    if (status != STATUS_OK) {
        free(bytes);
        return status;
    }
    *out_bytes = bytes;
    *out_count = count;
    return STATUS_OK;
}

static enum status add_file(struct settings *settings, struct config *config, const char *path)
{
    char *bytes;
    size_t count;
    enum status status = read_whole(path, &bytes, &count);
    if (status != STATUS_OK) {
        return status;
    }
    status = config_add_file(config, path, bytes, count);
    free(bytes);
    settings->file_count += status == STATUS_OK;
    return status;
}

static bool on_name(void *context, const char *name)
{
    struct folder *folder = context;
    size_t count = strlen(name);
    size_t suffix = strlen(SUFFIX);
    if (name[0] == '.' || count <= suffix || strcmp(name + count - suffix, SUFFIX) != 0) {
        return true;
    }
    if (folder->count == SETTINGS_FILES_MAX) {
        folder->too_many = true;
        return false;
    }
    folder->names[folder->count] = strdup(name);
    folder->no_memory = folder->names[folder->count] == NULL;
    folder->count += !folder->no_memory;
    return !folder->no_memory;
}

static int compare_names(const void *one, const void *other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static enum status add_folder_files(struct settings *settings, struct config *config,
                                    const char *path, struct folder *folder)
{
    qsort(folder->names, folder->count, sizeof folder->names[0], compare_names);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < folder->count && status == STATUS_OK; i++) {
        char file[HOST_PATH_BYTES_MAX];
        if (snprintf(file, sizeof file, "%s/%s", path, folder->names[i]) >= (int)sizeof file) {
            return STATUS_OVERFLOW;
        }
        status = add_file(settings, config, file);
        if (status != STATUS_OK) {
            complain("%s cannot be read: %s", file, status_sentence(status));
        }
    }
    return status;
}

/* conf.d beside the main file; none is fine. */
static enum status add_folder(struct settings *settings, struct config *config, const char *file)
{
    char path[HOST_PATH_BYTES_MAX];
    const char *slash = strrchr(file, '/');
    int before = slash == NULL ? 0 : (int)(slash - file + 1);
    if (snprintf(path, sizeof path, "%.*s%s", before, file, SETTINGS_FOLDER) >= (int)sizeof path) {
        complain("the path %s is too long", file);
        return STATUS_OVERFLOW;
    }
    struct folder folder = {0};
    struct host_disk *disk = host_disk_posix();
    enum status status = disk->ops->list(disk, path, on_name, &folder);
    if (status == STATUS_OK && folder.too_many) {
        complain("%s has more than %d files: join some", path, SETTINGS_FILES_MAX);
        status = STATUS_FULL;
    } else if (status == STATUS_OK && folder.no_memory) {
        status = STATUS_NO_MEMORY;
    } else if (status == STATUS_OK) {
        status = add_folder_files(settings, config, path, &folder);
    } else if (status != STATUS_NOT_FOUND) {
        complain("%s cannot be read: %s", path, status_sentence(status));
    }
    for (size_t i = 0; i < folder.count; i++) {
        free(folder.names[i]);
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status add_files(struct settings *settings, struct config *config)
{
    bool wanted = settings->file != NULL;
    const char *file = wanted ? settings->file : SETTINGS_FILE;
    enum status status = add_file(settings, config, file);
    if (status != STATUS_OK && (wanted || status != STATUS_NOT_FOUND)) {
        complain("%s cannot be read: %s", file, status_sentence(status));
        /* A configuration that is not there is one that is not valid, not an input. */
        return status == STATUS_NOT_FOUND ? STATUS_CONFIG : status;
    }
    return add_folder(settings, config, file);
}
