/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/shard_snapshot.h"

#include "apps/dojima/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

PRINTF_LIKE(3, 4)
static enum status refuse(struct shard *shard, enum status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(shard->reason, sizeof shard->reason, format, arguments);
    va_end(arguments);
    return status;
}

static struct snapshot_folder folder_of(const struct shard *shard)
{
    return (struct snapshot_folder){host_disk_posix(), shard->options.directory};
}

/* What another try will not overcome: the one before it is taken. */
static bool is_bad(enum status status)
{
    return status == STATUS_DAMAGED || status == STATUS_UNSUPPORTED || status == STATUS_INVALID ||
           status == STATUS_TRUNCATED || status == STATUS_FULL || status == STATUS_NOT_FOUND;
}

static void pass_over(const struct shard *shard, uint64_t sequence, const char *why)
{
    complain("the snapshot behind command %llu in %s/snapshots %s: starting from an older one, or "
             "from the beginning of the log",
             (unsigned long long)sequence, shard->options.directory, why);
}

enum status shard_find_snapshots(struct shard *shard)
{
    struct snapshot_folder folder = folder_of(shard);
    uint64_t found[SHARD_SNAPSHOTS_MAX];
    size_t count = 0;
    enum status status = snapshot_list(&folder, found, SHARD_SNAPSHOTS_MAX, &count);
    if (status != STATUS_OK) {
        return refuse(shard, status, "the snapshots in %s/snapshots cannot be read: %s",
                      shard->options.directory, status_sentence(status));
    }
    for (size_t i = 0; i < count; i++) {
        struct snapshot_head head;
        status = snapshot_read_head(&folder, found[i], &head);
        if (status != STATUS_OK) {
            const char *why = is_bad(status) ? "is damaged" : "cannot be read";
            pass_over(shard, found[i],
                      status == STATUS_UNSUPPORTED ? "is of a later version" : why);
            continue;
        }
        if (shard->snapshot_count == 0) {
            shard->commands_proven = head.commands.sequence;
            shard->events_proven = head.events.sequence;
            shard->commands_trusted = head.commands.sequence;
            shard->events_trusted = head.events.sequence;
        }
        shard->snapshots[shard->snapshot_count++] = found[i];
    }
    return STATUS_OK;
}

/* The log reaches the place, and is the same one up to there. */
static enum status check_place(struct shard *shard, const char *log, struct journal *journal,
                               const struct snapshot_place *place)
{
    unsigned long long behind = shard->base.commands.sequence;
    if (place->sequence == 0) {
        return STATUS_OK;
    }
    if (place->sequence >= journal->next_sequence) {
        return refuse(
            shard, STATUS_DAMAGED,
            "the snapshot behind command %llu is ahead of the %s log in %s, which ends at "
            "%llu and not at %llu or later: durable records were lost",
            behind, log, shard->options.directory, (unsigned long long)journal->next_sequence - 1,
            (unsigned long long)place->sequence);
    }
    struct journal_cursor cursor = journal_cursor_at(place->sequence);
    struct journal_batch batch;
    enum status status = journal_poll_batch(journal, &cursor, &batch);
    journal_cursor_close(journal, &cursor);
    if (status != STATUS_OK) {
        return refuse(shard, status, "the %s log in %s cannot be read at sequence %llu: %s", log,
                      shard->options.directory, (unsigned long long)place->sequence,
                      status_sentence(status));
    }
    bool same = batch.first_sequence == place->batch_first_sequence &&
                batch.count == place->batch_count &&
                memcmp(batch.chain, place->chain, sizeof batch.chain) == 0;
    return same
               ? STATUS_OK
               : refuse(shard, STATUS_MISMATCH,
                        "the snapshot behind command %llu is not of this %s log: its chain differs "
                        "at sequence %llu; move it out of %s/snapshots",
                        behind, log, (unsigned long long)place->sequence, shard->options.directory);
}

static enum status check_log(struct shard *shard)
{
    const struct snapshot_head *base = &shard->base;
    if (memcmp(&base->genesis, &shard->genesis, sizeof base->genesis) != 0) {
        return refuse(shard, STATUS_MISMATCH,
                      "the snapshot behind command %llu is not of this log: its GENESIS differs; "
                      "move it out of %s/snapshots",
                      (unsigned long long)base->commands.sequence, shard->options.directory);
    }
    enum status status = check_place(shard, "commands", shard->commands, &base->commands);
    return status == STATUS_OK ? check_place(shard, "events", shard->events, &base->events)
                               : status;
}

static enum status load_engine(struct shard *shard, const struct snapshot_image *image)
{
    struct events events = {0};
    enum status status =
        engine_load(shard->engine, image->state.bytes, (size_t)image->head.state_bytes, &events);
    bool there = status == STATUS_OK &&
                 engine_command_sequence(shard->engine) == image->head.commands.sequence &&
                 engine_event_sequence(shard->engine) == image->head.events.sequence;
    return status == STATUS_OK && !there ? STATUS_INVALID : status;
}

/* Loads one. *out_bad: it is no good and was named; the engine is to be built anew, and the one
 * before it may be. Any other failure is of the log and ends the start. */
static enum status load_one(struct shard *shard, uint64_t sequence, bool *out_bad)
{
    struct snapshot_folder folder = folder_of(shard);
    struct snapshot_image image = {0};
    shard->base = (struct snapshot_head){0};
    enum status status = snapshot_read(&folder, sequence, false, &image);
    *out_bad = is_bad(status);
    if (*out_bad) {
        pass_over(shard, sequence, "is damaged");
    } else if (status != STATUS_OK) {
        return refuse(shard, status, "the snapshot behind command %llu cannot be read: %s",
                      (unsigned long long)sequence, status_sentence(status));
    }
    if (status != STATUS_OK) {
        return status;
    }
    shard->base = image.head;
    status = check_log(shard);
    if (status == STATUS_OK) {
        status = load_engine(shard, &image);
        *out_bad = status != STATUS_OK;
    }
    if (*out_bad) {
        pass_over(shard, sequence, "holds no state that this version can load");
    }
    if (status == STATUS_OK) {
        shard->streams = image.streams;
        image.streams = (struct host_block){0};
    }
    snapshot_image_close(&image);
    return status;
}

enum status shard_load_snapshot(struct shard *shard)
{
    for (size_t i = 0; i < shard->snapshot_count; i++) {
        bool bad = false;
        enum status status = load_one(shard, shard->snapshots[i], &bad);
        if (!bad) {
            return status;
        }
        shard->base = (struct snapshot_head){0};
        status = shard_build_engine(shard);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}
