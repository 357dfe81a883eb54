/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/compaction.h"
#include "apps/dojima/options.h"
#include "apps/dojima/snapshot_make.h"
#include "base/text.h"
#include "host/process.h"
#include "host/signal.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_DIRECTORY "dojima-data"
#define LIST_MAX          64u

enum snapshot_option {
    SNAPSHOT_DATA,
    SNAPSHOT_LIST,
    SNAPSHOT_VERIFY,
    SNAPSHOT_JSON,
    SNAPSHOT_QUIET,
    SNAPSHOT_COMPACT,
};

const struct option_spec snapshot_options[] = {
    [SNAPSHOT_DATA] = {"data", "DIR", "the data directory (dojima-data)", NULL},
    [SNAPSHOT_LIST] = {"list", NULL, "show the snapshots that are there, make none", NULL},
    [SNAPSHOT_VERIFY] = {"verify", NULL, "with --list: read them whole, with both SHA-256", NULL},
    [SNAPSHOT_JSON] = {"json", NULL, "one JSON object on standard output", NULL},
    [SNAPSHOT_QUIET] = {"quiet", NULL, "no progress line", NULL},
    [SNAPSHOT_COMPACT] = {"compact", NULL, "afterwards, as `log compact` up to the snapshot", NULL},
    {NULL, NULL, NULL, NULL},
};

const char snapshot_details[] =
    "Makes a snapshot of the state behind the last command whose events are logged, so that a\n"
    "start replays only what came after it. A venue may run meanwhile: the logs are read only, at\n"
    "the lowest priority. The newest two are kept. `dojima run` does this by itself\n"
    "(snapshot.make, snapshot.interval, snapshot.restart_goal).\n"
    "Exit code 1: the log is damaged, or does not give the events that it holds.\n";

struct snapshot_job {
    const char *directory;
    bool list;
    bool verify;
    bool json;
    bool quiet;
    bool compact;
};

static void hex(const uint8_t *bytes, char out_digits[2 * HOST_DIGEST_BYTES + 1])
{
    for (size_t i = 0; i < HOST_DIGEST_BYTES; i++) {
        snprintf(out_digits + 2 * i, 3, "%02x", bytes[i]);
    }
}

static void print_head_json(const struct snapshot_head *head)
{
    char digits[2 * HOST_DIGEST_BYTES + 1];
    hex(head->state_hash, digits);
    printf("\"command\": %llu, \"event\": %llu, \"state_bytes\": %llu, \"stream_bytes\": %llu, "
           "\"replay_per_s\": %llu, \"state_hash\": \"%s\"",
           (unsigned long long)head->commands.sequence, (unsigned long long)head->events.sequence,
           (unsigned long long)head->state_bytes, (unsigned long long)head->streams_bytes,
           (unsigned long long)head->replay_per_s, digits);
}

static int tell_made(const struct snapshot_job *job, const struct snapshot_made *made)
{
    unsigned long long command = made->head.commands.sequence;
    if (job->json) {
        printf("{\"made\": %s, ", made->nothing_new ? "false" : "true");
        print_head_json(&made->head);
        printf(", \"from_command\": %llu, \"replayed\": %llu, \"replay_s\": %.3f, \"write_s\": "
               "%.3f}\n",
               (unsigned long long)made->from, (unsigned long long)made->replayed, made->replay_s,
               made->write_s);
    } else if (made->nothing_new && command == 0) {
        printf("%s: there is nothing to keep yet\n", job->directory);
    } else if (made->nothing_new) {
        printf("%s: the snapshot behind command %llu is the newest there can be\n", job->directory,
               command);
    } else {
        printf("%s: snapshot behind command %llu, event %llu: %.1f MB; %llu commands replayed from "
               "%llu in %.2f s, written in %.2f s\n",
               job->directory, command, (unsigned long long)made->head.events.sequence,
               (double)(made->head.state_bytes + made->head.streams_bytes) / 1e6,
               (unsigned long long)made->replayed, (unsigned long long)made->from, made->replay_s,
               made->write_s);
    }
    return EXIT_OK;
}

/* Up to the snapshot both logs are durable. */
static enum status compact(const struct snapshot_job *job, const struct snapshot_head *head,
                           char reason[SHARD_REASON_BYTES])
{
    struct compaction compaction = {.directory = job->directory,
                                    .commands_sequence = head->commands.sequence,
                                    .events_sequence = head->events.sequence,
                                    .quiet = job->quiet};
    enum status status = compaction_run(&compaction);
    snprintf(reason, SHARD_REASON_BYTES, "%s", compaction.reason);
    return status;
}

static int make(const struct snapshot_job *job)
{
    struct snapshot_made made;
    char reason[SHARD_REASON_BYTES];
    host_process_give_way();
    enum status status = snapshot_make(job->directory, job->quiet, &made, reason);
    if (status == STATUS_OK && job->compact) {
        status = compact(job, &made.head, reason);
    }
    if (status == STATUS_OK) {
        return tell_made(job, &made);
    }
    if (reason[0] != '\0') {
        complain("%s", reason);
    }
    return status_exit_code(status);
}

static enum status read_one(const struct snapshot_job *job, const struct snapshot_folder *folder,
                            uint64_t sequence, struct snapshot_head *out_head)
{
    if (!job->verify) {
        return snapshot_read_head(folder, sequence, out_head);
    }
    struct snapshot_image image;
    enum status status = snapshot_read(folder, sequence, true, &image);
    if (status == STATUS_OK) {
        *out_head = image.head;
        snapshot_image_close(&image);
    }
    return status;
}

static void print_one(const struct snapshot_job *job, uint64_t sequence, enum status status,
                      const struct snapshot_head *head)
{
    if (job->json) {
        printf("{\"ok\": %s, ", status == STATUS_OK ? "true" : "false");
        if (status == STATUS_OK) {
            print_head_json(head);
        } else {
            printf("\"command\": %llu, \"status\": \"%s\"", (unsigned long long)sequence,
                   status_name(status));
        }
        printf("}");
        return;
    }
    if (status != STATUS_OK) {
        printf("%20llu  BAD: %s\n", (unsigned long long)sequence, status_sentence(status));
        return;
    }
    char digits[2 * HOST_DIGEST_BYTES + 1];
    hex(head->state_hash, digits);
    printf("%20llu  %20llu  %10.1f  %.16s\n", (unsigned long long)sequence,
           (unsigned long long)head->events.sequence,
           (double)(head->state_bytes + head->streams_bytes) / 1e6, digits);
}

static int list(const struct snapshot_job *job)
{
    struct snapshot_folder folder = {host_disk_posix(), job->directory};
    uint64_t sequences[LIST_MAX];
    size_t count = 0;
    enum status status = snapshot_list(&folder, sequences, LIST_MAX, &count);
    if (status != STATUS_OK) {
        complain("the snapshots in %s cannot be read: %s", job->directory, status_sentence(status));
        return status_exit_code(status);
    }
    int code = EXIT_OK;
    fputs(job->json ? "{\"snapshots\": [" : "", stdout);
    if (!job->json && count > 0) {
        printf("%20s  %20s  %10s  %s\n", "command", "event", "MB", "state hash");
    }
    for (size_t i = 0; i < count; i++) {
        struct snapshot_head head = {0};
        status = read_one(job, &folder, sequences[i], &head);
        fputs(job->json && i > 0 ? ", " : "", stdout);
        print_one(job, sequences[i], status, &head);
        code = status == STATUS_OK ? code : EXIT_CHECK_FAILED;
    }
    fputs(job->json ? "]}\n" : count == 0 ? "there is no snapshot\n" : "", stdout);
    return code;
}

int run_snapshot(const struct app_command *command, int argc, char **argv)
{
    struct snapshot_job job = {.directory = DEFAULT_DIRECTORY};
    struct options options;
    options_begin(&options, command, argc, argv);
    for (int index = options_next(&options); index != OPTIONS_END; index = options_next(&options)) {
        if (index < 0) {
            return index == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
        }
        if (index == SNAPSHOT_DATA) {
            job.directory = options.value;
        }
        job.list = job.list || index == SNAPSHOT_LIST;
        job.verify = job.verify || index == SNAPSHOT_VERIFY;
        job.compact = job.compact || index == SNAPSHOT_COMPACT;
        job.quiet = job.quiet || index == SNAPSHOT_QUIET;
        job.json = job.json || index == SNAPSHOT_JSON;
    }
    if (options_argument_count(&options) != 0) {
        complain("snapshot takes no argument '%s': name the data directory with --data",
                 options_argument(&options, 0));
        return EXIT_BAD_INPUT;
    }
    if (job.verify && !job.list) {
        complain("--verify goes with --list");
        return EXIT_BAD_INPUT;
    }
    host_signal_catch_stop();
    return job.list ? list(&job) : make(&job);
}
