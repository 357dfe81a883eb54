/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/snapshot_make.h"

#include "apps/dojima/progress.h"
#include "host/clock.h"
#include "host/process.h"
#include "host/signal.h"
#include "stream/stream.h"
#include "wire/native/event_codec.h"

#include <stdio.h>
#include <string.h>

#define PIECE        4096u /* commands between looks for a signal */
#define OPENINGS_MAX 5     /* beside a writer a log may look damaged that was only being written */
#define PAUSE_NS     50000000

struct making {
    struct shard shard;
    struct stream *stream;
    struct host_block streams; /* of the snapshot it began from: the stream's */
    struct snapshot_made made;
    uint64_t last; /* command to stand behind */
    double used_s; /* of the processor, for the replay: a start does not give way as this does */
    bool quiet;
    bool may_pass; /* events of the last commands may be missing: try less then */
};

/* What is being written while it is read may look like damage, once: damage stays. */
static enum status open_beside(struct making *making, const char *directory)
{
    struct shard_options options = {
        .directory = directory, .mode = SHARD_BESIDE, .snapshots = true};
    enum status status = STATUS_DAMAGED;
    for (int i = 0; i < OPENINGS_MAX && status == STATUS_DAMAGED; i++) {
        if (i > 0) {
            host_clock_sleep_until(host_clock_monotonic_ns() + PAUSE_NS);
        }
        status = shard_open(&making->shard, &options);
    }
    return status;
}

/* The cause of the last event: all events of the commands before it are logged. 0: no event. */
static enum status cause_of_last_event(struct shard *shard, uint64_t *out_cause)
{
    uint64_t sequence = shard->events->next_sequence - 1;
    if (sequence == 0) {
        *out_cause = 0;
        return STATUS_OK;
    }
    struct journal_cursor cursor = journal_cursor_at(sequence);
    struct journal_entry entry;
    struct event_header header;
    size_t count = 0;
    enum status status = journal_poll(shard->events, &cursor, &entry, 1, &count);
    if (status == STATUS_OK) {
        status = count == 0 ? STATUS_DAMAGED
                            : event_header_decode(entry.body, entry.body_bytes, &header);
    }
    journal_cursor_close(shard->events, &cursor);
    if (status == STATUS_OK) {
        *out_cause = header.cause;
    }
    return status;
}

/* A log that was closed by its seal has every event; of any other the last command's events may be
 * logged in part. */
static enum status choose_last(struct making *making, bool cautious)
{
    struct shard *shard = &making->shard;
    uint64_t cause = 0;
    enum status status = cause_of_last_event(shard, &cause);
    making->may_pass = !cautious && shard->commands_report.sealed && shard->events_report.sealed;
    making->last = making->may_pass ? shard->commands->next_sequence - 1 : cause - (cause > 0);
    return status;
}

static enum status replay(struct making *making)
{
    struct progress progress;
    struct sequencer *sequencer = making->shard.sequencer;
    struct sequencer_counts counts;
    int64_t begin_ns = host_clock_monotonic_ns();
    int64_t used_ns = host_process_used_ns();
    sequencer_count(sequencer, &counts);
    making->made.from = counts.commands;
    if (!making->quiet) {
        progress_begin(&progress, "snapshot");
    }
    enum status status = STATUS_OK;
    while (status == STATUS_OK && counts.commands < making->last) {
        uint64_t left = making->last - counts.commands;
        status = sequencer_recover_some(sequencer, left < PIECE ? left : PIECE);
        sequencer_count(sequencer, &counts);
        if (!making->quiet) {
            progress_show(&progress, counts.commands, making->last, counts.commands);
        }
        if (status == STATUS_OK && host_signal_stop() != 0) {
            status = STATUS_INTERRUPTED;
        }
    }
    if (!making->quiet) {
        progress_end(&progress);
    }
    making->made.replay_s = (double)(host_clock_monotonic_ns() - begin_ns) / 1e9;
    making->used_s = (double)(host_process_used_ns() - used_ns) / 1e9;
    making->made.replayed = counts.commands - making->made.from;
    if (status == STATUS_OK && counts.events > counts.events_logged) {
        status = STATUS_AGAIN;
    }
    return status == STATUS_END ? STATUS_OK : status;
}

static void release_block(void *context)
{
    host_block_close(context);
}

static enum status fold_streams(struct making *making)
{
    struct shard *shard = &making->shard;
    struct stream_options options = {.events = shard->events, .shard = shard->genesis.shard};
    enum status status = stream_open(&options, &making->stream);
    if (status == STATUS_OK && shard->streams.bytes != NULL) {
        making->streams = shard->streams;
        shard->streams = (struct host_block){0};
        struct stream_image image = {.bytes = making->streams.bytes,
                                     .count = (size_t)shard->base.streams_bytes,
                                     .release = release_block,
                                     .context = &making->streams};
        status = stream_load(making->stream, &image);
    }
    return status == STATUS_OK
               ? stream_catch_up_to(making->stream, engine_event_sequence(shard->engine))
               : status;
}

static enum status place_of(struct journal *journal, uint64_t sequence,
                            struct snapshot_place *out_place)
{
    struct journal_cursor cursor = journal_cursor_at(sequence);
    struct journal_batch batch;
    enum status status = journal_poll_batch(journal, &cursor, &batch);
    journal_cursor_close(journal, &cursor);
    if (status == STATUS_OK) {
        *out_place = (struct snapshot_place){sequence, batch.first_sequence, batch.count, {0}};
        memcpy(out_place->chain, batch.chain, sizeof out_place->chain);
    }
    return status;
}

static enum status head_of(const struct making *making, struct snapshot_head *out_head)
{
    const struct shard *shard = &making->shard;
    const struct snapshot_made *made = &making->made;
    struct sequencer_counts counts;
    sequencer_count(shard->sequencer, &counts);
    struct snapshot_head head = {
        .genesis = shard->genesis,
        .time_ns = engine_time_ns(shard->engine),
        .event_hash = counts.event_hash,
        .replay_per_s = made->replayed >= PIECE && making->used_s > 0
                            ? (uint64_t)((double)made->replayed / making->used_s)
                            : shard->base.replay_per_s,
        .logic_version = engine_logic(shard->engine),
    };
    enum status status = place_of(shard->commands, counts.commands, &head.commands);
    if (status == STATUS_OK && counts.events > 0) {
        status = place_of(shard->events, counts.events, &head.events);
    }
    if (status == STATUS_OK) {
        *out_head = head;
    }
    return status;
}

static void on_bytes(void *context, const uint8_t *bytes, size_t count)
{
    if (host_signal_stop() == 0) {
        snapshot_add(context, bytes, count);
    }
}

static enum status write_snapshot(struct making *making)
{
    struct shard *shard = &making->shard;
    struct snapshot_folder folder = {host_disk_posix(), shard->options.directory};
    struct snapshot_writer *writer;
    struct snapshot_head head;
    enum status status = head_of(making, &head);
    /* A snapshot proves what it stands on. */
    if (status == STATUS_OK) {
        status = journal_embedded_make_durable(shard->commands);
    }
    if (status == STATUS_OK) {
        status = journal_embedded_make_durable(shard->events);
    }
    if (status == STATUS_OK) {
        status = snapshot_begin(&folder, head.commands.sequence, &writer);
    }
    if (status != STATUS_OK) {
        return status;
    }
    engine_walk(shard->engine, on_bytes, writer);
    snapshot_add_streams(writer);
    stream_save(making->stream, on_bytes, writer);
    if (host_signal_stop() != 0) {
        snapshot_abandon(writer);
        return STATUS_INTERRUPTED;
    }
    status = snapshot_finish(writer, &head);
    if (status == STATUS_OK) {
        making->made.head = head;
        status = snapshot_drop_old(&folder, SNAPSHOT_KEPT);
    }
    return status;
}

static enum status explain(struct making *making, enum status status, const char *what,
                           char reason[SHARD_REASON_BYTES])
{
    struct shard *shard = &making->shard;
    if (shard->fault.status != STATUS_OK) {
        shard_fault(shard);
    }
    if (shard->reason[0] != '\0') {
        snprintf(reason, SHARD_REASON_BYTES, "%s", shard->reason);
    } else if (status != STATUS_INTERRUPTED && status != STATUS_AGAIN) {
        snprintf(reason, SHARD_REASON_BYTES, "%s: %s", what,
                 status == STATUS_BUSY ? "another process makes one just now"
                                       : status_sentence(status));
    }
    return status;
}

/* AGAIN: the last command's events are not all logged. */
static enum status make(struct making *making, bool cautious, char reason[SHARD_REASON_BYTES])
{
    struct shard *shard = &making->shard;
    enum status status = choose_last(making, cautious);
    if (status != STATUS_OK) {
        return explain(making, status, "the last event cannot be read", reason);
    }
    if (shard->empty || making->last == 0) {
        making->made.nothing_new = true;
        return STATUS_OK;
    }
    status = shard_start(shard);
    if (status != STATUS_OK) {
        return explain(making, status, "the log cannot be opened", reason);
    }
    if (shard->base.commands.sequence >= making->last) {
        making->made.nothing_new = true;
        making->made.head = shard->base;
        making->made.from = shard->base.commands.sequence;
        return STATUS_OK;
    }
    status = replay(making);
    if (status != STATUS_OK) {
        return explain(making, status, "the log cannot be replayed", reason);
    }
    int64_t begin_ns = host_clock_monotonic_ns();
    status = fold_streams(making);
    if (status != STATUS_OK) {
        return explain(making, status, "the events log cannot be read", reason);
    }
    status = write_snapshot(making);
    making->made.write_s = (double)(host_clock_monotonic_ns() - begin_ns) / 1e9;
    return status == STATUS_OK ? STATUS_OK
                               : explain(making, status, "the snapshot cannot be written", reason);
}

enum status snapshot_make(const char *directory, bool quiet, struct snapshot_made *out_made,
                          char reason[SHARD_REASON_BYTES])
{
    enum status status = STATUS_AGAIN;
    reason[0] = '\0';
    for (unsigned attempt = 0; attempt < 2 && status == STATUS_AGAIN; attempt++) {
        struct making making = {.quiet = quiet};
        status = open_beside(&making, directory);
        if (status != STATUS_OK) {
            return explain(&making, status, "the logs cannot be opened", reason);
        }
        status = make(&making, attempt > 0, reason);
        stream_close(making.stream);
        enum status closed = shard_close(&making.shard, false);
        (void)closed; /* only read */
        *out_made = making.made;
    }
    return status;
}
