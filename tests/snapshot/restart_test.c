/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a start from a snapshot is a start from the beginning of the log, wherever the snapshot
 * stands: same state, same events, same numbers in every stream. Damaged snapshots fall back to the
 * older one, then to the log. Method: the engine's own seeded workload through a shard on disk,
 * with snapshots made beside it at random places, some from older ones, and restarts at random
 * places, clean and not; after each the state hash is the one before, and every stream is read and
 * compared with one made from all events. At the end the log is replayed from its beginning.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "apps/dojima/shard.h"
#include "apps/dojima/snapshot_make.h"
#include "host/disk.h"
#include "stream/stream.h"
#include "tests/engine/workload.h"
#include "wire/native/command_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COMMANDS 5000u

struct stage {
    char directory[64];
    struct shard shard;
    struct twin twin;
    struct workload workload;
    struct prng prng;
    unsigned restarts;
    unsigned from_snapshots;
    unsigned made;
};

static bool on_name(void *context, const char *name)
{
    char path[HOST_PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/%s", (const char *)context, name);
    (void)remove(path);
    return true;
}

static void remove_all(const char *directory)
{
    static const char *const parts[] = {"/commands", "/events", "/snapshots", ""};
    struct host_disk *disk = host_disk_posix();
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        char path[128];
        snprintf(path, sizeof path, "%s%s", directory, parts[i]);
        if (disk->ops->list(disk, path, on_name, path) == STATUS_OK) {
            (void)remove(path);
        }
    }
}

static enum status start(struct stage *stage, bool snapshots)
{
    struct shard_options options = {
        .directory = stage->directory,
        .mode = SHARD_RESUME,
        .ack = JOURNAL_ACK_MEMORY,
        .at_once = true,
        .segment_bytes = 128 * 1024,
        .batch_bytes = 16 * 1024,
        .genesis = stage->workload.profile->limits,
        .snapshots = snapshots,
    };
    enum status status = shard_open(&stage->shard, &options);
    if (status == STATUS_OK) {
        status = shard_start(&stage->shard);
    }
    if (status == STATUS_OK && !stage->shard.empty) {
        status = sequencer_recover(stage->shard.sequencer);
    }
    return status;
}

static void stage_open(struct stage *stage, uint64_t seed)
{
    *stage = (struct stage){.restarts = 0};
    const struct workload_profile *profile = workload_profile_of(seed);
    twin_init(&stage->twin, &profile->limits);
    workload_init(&stage->workload, seed, &stage->twin);
    prng_init(&stage->prng, seed + 1000);
    snprintf(stage->directory, sizeof stage->directory, "/tmp/dojima-restart-XXXXXX");
    assert_non_null(mkdtemp(stage->directory));
    assert_int_equal(start(stage, true), STATUS_OK);
}

static void stage_close(struct stage *stage)
{
    assert_int_equal(shard_close(&stage->shard, true), STATUS_OK);
    twin_deinit(&stage->twin);
    remove_all(stage->directory);
}

/* The workload also makes values that no decoder would have let in: they cannot be logged. */
static bool can_be_logged(const struct command *command)
{
    uint8_t bytes[COMMAND_BODY_BYTES_MAX + 2 * sizeof(struct text36)]; /* names too long for it */
    struct command again = *command;
    again.header.version = (uint8_t)command_version_at(again.header.id, LOGIC_NEWEST);
    return command_body_decode(bytes, command_body_encode(bytes, command), &again) == STATUS_OK;
}

static void run(struct stage *stage, uint64_t commands)
{
    for (uint64_t i = 0; i < commands; i++) {
        struct command command;
        workload_next(&stage->workload, &command);
        if (!can_be_logged(&command)) {
            stage->workload.sequence--;
            continue;
        }
        assert_int_equal(sequencer_submit(stage->shard.sequencer, &command), STATUS_OK);
        twin_apply(&stage->twin, &command);
        if (prng_chance(&stage->prng, 1, 40)) {
            assert_int_equal(sequencer_tick(stage->shard.sequencer, UINT64_MAX), STATUS_OK);
        }
    }
}

static void make_snapshot(struct stage *stage)
{
    struct snapshot_made made;
    char reason[SHARD_REASON_BYTES];
    enum status status = snapshot_make(stage->directory, true, &made, reason);
    if (status != STATUS_OK) {
        fail_msg("no snapshot: %s", reason);
    }
    stage->made += !made.nothing_new;
}

/* Of one range, one number for all that can be seen. */
static bool on_read(void *context, const struct stream_entry *entry)
{
    uint64_t *hash = context;
    *hash = *hash * 31 + entry->number;
    *hash = *hash * 31 + entry->event_sequence;
    *hash = *hash * 31 + entry->replaced_reference;
    *hash = *hash * 31 + (uint64_t)entry->side;
    *hash = *hash * 31 + entry->bytes[entry->count - 1];
    return true;
}

static uint64_t hash_of(struct stream *stream, struct stream_key key)
{
    uint64_t hash = stream_last(stream, key);
    uint64_t next = 0;
    struct stream_range range = {.key = key, .from = 1, .max = UINT64_MAX};
    assert_int_equal(stream_read(stream, &range, on_read, &hash, &next), STATUS_OK);
    return hash * 31 + next;
}

static void compare_streams(struct shard *shard)
{
    struct stream_options options = {.events = shard->events, .shard = shard->genesis.shard};
    struct stream *whole;
    struct stream *loaded;
    assert_int_equal(stream_open(&options, &whole), STATUS_OK);
    assert_int_equal(stream_catch_up(whole), STATUS_OK);
    assert_int_equal(stream_open(&options, &loaded), STATUS_OK);
    struct stream_image image = {.bytes = shard->streams.bytes,
                                 .count = (size_t)shard->base.streams_bytes};
    assert_int_equal(stream_load(loaded, &image), STATUS_OK);
    assert_int_equal(stream_event_sequence(loaded), shard->base.events.sequence);
    assert_int_equal(stream_catch_up(loaded), STATUS_OK);
    uint64_t entries = 0;
    for (enum stream_kind kind = STREAM_PUBLIC; kind <= STREAM_PARTICIPANT; kind++) {
        for (uint64_t id = 1; id <= 300; id++) {
            struct stream_key key = {.kind = kind, .id = id};
            entries += stream_last(whole, key);
            assert_int_equal(hash_of(whole, key), hash_of(loaded, key));
        }
    }
    assert_true(entries > 0);
    stream_close(whole);
    stream_close(loaded);
}

/* The state that is there is there again. */
static void restart(struct stage *stage)
{
    char before[SHARD_HASH_DIGITS + 1];
    char after[SHARD_HASH_DIGITS + 1];
    struct sequencer_counts counts;
    struct sequencer_counts again;
    assert_int_equal(sequencer_flush(stage->shard.sequencer), STATUS_OK);
    assert_int_equal(shard_state_hash(&stage->shard, before), STATUS_OK);
    sequencer_count(stage->shard.sequencer, &counts);
    assert_int_equal(shard_close(&stage->shard, prng_chance(&stage->prng, 1, 2)), STATUS_OK);
    if (prng_chance(&stage->prng, 1, 3)) {
        make_snapshot(stage);
    }
    assert_int_equal(start(stage, true), STATUS_OK);
    assert_int_equal(shard_state_hash(&stage->shard, after), STATUS_OK);
    assert_string_equal(before, after);
    sequencer_count(stage->shard.sequencer, &again);
    assert_int_equal(again.commands, counts.commands);
    assert_int_equal(again.events, counts.events);
    assert_int_equal(again.event_hash, counts.event_hash);
    stage->restarts++;
    if (stage->shard.base.commands.sequence != 0) {
        stage->from_snapshots++;
        assert_int_equal(again.events_compared,
                         again.events_logged - stage->shard.base.events.sequence);
        compare_streams(&stage->shard);
    }
}

static void a_start_from_a_snapshot_is_one_from_the_beginning(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        struct stage stage;
        stage_open(&stage, seed);
        while (stage.workload.sequence < COMMANDS) {
            run(&stage, (uint64_t)prng_between(&stage.prng, 1, 400));
            if (prng_chance(&stage.prng, 1, 3)) {
                make_snapshot(&stage);
            }
            if (prng_chance(&stage.prng, 1, 2)) {
                restart(&stage);
            }
        }
        assert_true(stage.made >= 4 && stage.from_snapshots >= 3);
        char from_snapshot[SHARD_HASH_DIGITS + 1];
        char from_genesis[SHARD_HASH_DIGITS + 1];
        restart(&stage);
        assert_int_equal(shard_state_hash(&stage.shard, from_snapshot), STATUS_OK);
        assert_int_equal(shard_close(&stage.shard, true), STATUS_OK);
        assert_int_equal(start(&stage, false), STATUS_OK);
        assert_int_equal(stage.shard.base.commands.sequence, 0);
        assert_int_equal(shard_state_hash(&stage.shard, from_genesis), STATUS_OK);
        assert_string_equal(from_snapshot, from_genesis);
        stage_close(&stage);
    }
}

static void flip(const char *path, long offset)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    int byte = fgetc(file);
    assert_int_equal(fseek(file, offset, SEEK_SET), 0);
    assert_int_equal(fputc(byte ^ 0x10, file), byte ^ 0x10);
    assert_int_equal(fclose(file), 0);
}

static void a_damaged_one_falls_back(void **state)
{
    (void)state;
    struct stage stage;
    uint64_t sequences[4];
    size_t count = 0;
    stage_open(&stage, 3);
    run(&stage, 900);
    assert_int_equal(sequencer_flush(stage.shard.sequencer), STATUS_OK);
    make_snapshot(&stage);
    run(&stage, 900);
    assert_int_equal(sequencer_flush(stage.shard.sequencer), STATUS_OK);
    make_snapshot(&stage);
    run(&stage, 200);
    restart(&stage);
    struct snapshot_folder folder = {host_disk_posix(), stage.directory};
    assert_int_equal(snapshot_list(&folder, sequences, 4, &count), STATUS_OK);
    assert_true(count == 2);
    assert_int_equal(stage.shard.base.commands.sequence, sequences[0]);
    /* In the head; in the state; in the streams: the one before it, and then none. */
    static const long places[] = {100, 4096 + 500, 4096 + 16384 + 500};
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        char newest[128];
        char older[128];
        snprintf(newest, sizeof newest, "%s/snapshots/%020llu.snapshot", stage.directory,
                 (unsigned long long)sequences[0]);
        snprintf(older, sizeof older, "%s/snapshots/%020llu.snapshot", stage.directory,
                 (unsigned long long)sequences[1]);
        char before[SHARD_HASH_DIGITS + 1];
        char after[SHARD_HASH_DIGITS + 1];
        assert_int_equal(shard_state_hash(&stage.shard, before), STATUS_OK);
        for (uint64_t expected = sequences[1];; expected = 0) {
            assert_int_equal(shard_close(&stage.shard, true), STATUS_OK);
            flip(expected == 0 ? older : newest, places[i]);
            assert_int_equal(start(&stage, true), STATUS_OK);
            assert_int_equal(stage.shard.base.commands.sequence, expected);
            assert_int_equal(shard_state_hash(&stage.shard, after), STATUS_OK);
            assert_string_equal(before, after);
            if (expected == 0) {
                break;
            }
        }
        flip(newest, places[i]);
        flip(older, places[i]);
    }
    stage_close(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_from_a_snapshot_is_one_from_the_beginning),
        cmocka_unit_test(a_damaged_one_falls_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
