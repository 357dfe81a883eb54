/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/replay_input.h"

#include "apps/dojima/options.h"
#include "host/disk.h"
#include "host/stream.h"

#include <stdio.h>
#include <string.h>

static enum status check_outputs(const struct replay_settings *settings);
static enum status check_kind(const struct replay_settings *settings);
static enum status check_options(const struct replay_settings *settings,
                                 const struct flow_description *description);

enum status replay_input_open(struct replay_settings *settings, struct flow_reader **out_reader)
{
    struct flow_error error = {.status = STATUS_OK};
    settings->flow_options.tick = settings->tick_e9;
    enum status status = check_kind(settings);
    if (status == STATUS_OK) {
        status = check_outputs(settings);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = flow_open(settings->path, &settings->flow_options, &error, out_reader);
    if (status != STATUS_OK) {
        char reason[512];
        flow_error_describe(&error, reason, sizeof reason);
        complain("%s: %s", settings->path, reason);
        /* To the user an input that may not be read is as bad as one that is not there. */
        return status == STATUS_DENIED ? STATUS_USAGE : status;
    }
    if (flow_progress(*out_reader)->bytes_total == 0) {
        complain("%s does not tell its size, and a replay reads its input more than once: save it "
                 "to a regular file",
                 settings->path);
        return STATUS_USAGE;
    }
    return check_options(settings, flow_describe(*out_reader));
}

/* To open a pipe may wait for ever, and what it gives cannot be read twice. What is not there or is
 * a directory is told by the reader. */
static enum status check_kind(const struct replay_settings *settings)
{
    static const char *const once[] = {"a named pipe", "a socket", "a device"};
    const char *what = host_stream_what(settings->path);
    for (size_t i = 0; i < ARRAY_COUNT(once); i++) {
        if (strcmp(what, once[i]) == 0) {
            complain("%s is %s, and a replay reads its input more than once: save it to a regular "
                     "file",
                     settings->path, what);
            return STATUS_USAGE;
        }
    }
    return STATUS_OK;
}

struct search {
    const char *directory;
    const char *path; /* looked for among the directory's files */
    bool found;
};

static bool on_name(void *context, const char *name)
{
    struct search *search = context;
    char path[HOST_PATH_BYTES_MAX + HOST_NAME_BYTES_MAX];
    snprintf(path, sizeof path, "%s/%s", search->directory, name);
    search->found = host_stream_same(path, search->path);
    return !search->found;
}

static bool is_of_log(const struct replay_settings *settings, const char *log, const char *path)
{
    char directory[HOST_PATH_BYTES_MAX];
    snprintf(directory, sizeof directory, "%s/%s", settings->shard_options.directory, log);
    struct search search = {directory, path, false};
    struct host_disk *disk = host_disk_posix();
    return disk->ops->list(disk, directory, on_name, &search) == STATUS_OK && search.found;
}

/* What is written must be none of the files that are read: opening it would empty it. */
static enum status check_outputs(const struct replay_settings *settings)
{
    const char *path = settings->differences_path;
    char beside[HOST_PATH_BYTES_MAX];
    const char *role = NULL;
    if (path == NULL) {
        return STATUS_OK;
    }
    if (host_stream_same(path, settings->path)) {
        role = "the input file itself";
    } else if (host_stream_find_beside(settings->path, "definition", ".dbn.zst", ".dbn", beside,
                                       sizeof beside) == STATUS_OK &&
               host_stream_same(path, beside)) {
        role = "the definition file beside the input";
    } else if (is_of_log(settings, "commands", path) || is_of_log(settings, "events", path)) {
        role = "a file of the log";
    }
    if (role != NULL) {
        complain("--differences %s is %s and would destroy it: name another file", path, role);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

static enum status check_options(const struct replay_settings *settings,
                                 const struct flow_description *description)
{
    if (settings->symbol != NULL && description->format != FLOW_FORMAT_LOBSTER) {
        complain("--instrument names the symbol of a LOBSTER file; %s is %s, which names its own",
                 settings->path, description->format_name);
        return STATUS_USAGE;
    }
    if (description->format != FLOW_FORMAT_DBN &&
        settings->tick_e9 % REPLAY_INPUT_TICK_UNITS_OF_4 != 0) {
        complain("--tick: prices of a %s file have four decimals", description->format_name);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}
