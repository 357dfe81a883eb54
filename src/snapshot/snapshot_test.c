/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what was written is read back; every changed bit, every shorter and longer file is found; a
 * crash at any call leaves the snapshots that were there and no half-made one under a finished
 * name; the oldest go. Method: small snapshots on the simulated disk, each bit of one turned over,
 * a crash at each of its calls with each fate of what was not synced, an error at each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host/sim/disk.h"
#include "snapshot/format.h"

#include <stdlib.h>
#include <string.h>

#define DIRECTORY "data"

static struct snapshot_head head_at(uint64_t sequence)
{
    struct snapshot_head head = {
        .genesis = {.shard = 3, .logic_version = 1, .max_orders = 77, .resend_window_s = 5},
        .commands = {.sequence = sequence, .batch_first_sequence = sequence, .batch_count = 2},
        .events = {.sequence = 2 * sequence,
                   .batch_first_sequence = 1,
                   .batch_count = (uint32_t)(2 * sequence)},
        .time_ns = 12345 + sequence,
        .event_hash = 0xabcdef,
        .replay_per_s = 1000000,
        .logic_version = 1,
    };
    memset(head.commands.chain, 0x11, sizeof head.commands.chain);
    memset(head.events.chain, 0x22, sizeof head.events.chain);
    return head;
}

static uint8_t byte_at(uint64_t sequence, size_t i)
{
    return (uint8_t)(sequence * 7 + i * 13 + i / 251 + 1);
}

/* In pieces that fit nothing. */
static void add(struct snapshot_writer *writer, uint64_t sequence, size_t count)
{
    uint8_t piece[1009];
    for (size_t at = 0; at < count;) {
        size_t part = count - at < sizeof piece ? count - at : sizeof piece;
        for (size_t i = 0; i < part; i++) {
            piece[i] = byte_at(sequence, at + i);
        }
        snapshot_add(writer, piece, part);
        at += part;
    }
}

static enum status make(struct sim_disk *disk, uint64_t sequence, size_t state, size_t streams)
{
    struct snapshot_folder folder = {&disk->base, DIRECTORY};
    struct snapshot_writer *writer;
    enum status status = snapshot_begin(&folder, sequence, &writer);
    if (status != STATUS_OK) {
        return status;
    }
    add(writer, sequence, state);
    snapshot_add_streams(writer);
    add(writer, sequence + 1, streams);
    struct snapshot_head head = head_at(sequence);
    status = snapshot_finish(writer, &head);
    if (status == STATUS_OK) {
        assert_int_equal(head.state_bytes, state);
        assert_int_equal(head.streams_bytes, streams);
    }
    return status;
}

static void init(struct sim_disk *disk)
{
    sim_disk_init(disk, 1);
    assert_int_equal(disk->base.ops->make_directory(&disk->base, DIRECTORY), STATUS_OK);
    assert_int_equal(disk->base.ops->sync_directory(&disk->base, "."), STATUS_OK);
}

static void expect_image(const struct snapshot_image *image, uint64_t sequence, size_t state,
                         size_t streams)
{
    struct snapshot_head expected = head_at(sequence);
    assert_int_equal(image->head.state_bytes, state);
    assert_int_equal(image->head.streams_bytes, streams);
    assert_memory_equal(&image->head.genesis, &expected.genesis, sizeof expected.genesis);
    assert_memory_equal(&image->head.commands, &expected.commands, sizeof expected.commands);
    assert_memory_equal(&image->head.events, &expected.events, sizeof expected.events);
    assert_int_equal(image->head.time_ns, expected.time_ns);
    assert_int_equal(image->head.event_hash, expected.event_hash);
    assert_int_equal(image->head.replay_per_s, expected.replay_per_s);
    assert_int_equal(image->head.logic_version, expected.logic_version);
    const uint8_t *bytes = image->state.bytes;
    for (size_t i = 0; i < state; i++) {
        assert_int_equal(bytes[i], byte_at(sequence, i));
    }
    bytes = image->streams.bytes;
    for (size_t i = 0; i < streams; i++) {
        assert_int_equal(bytes[i], byte_at(sequence + 1, i));
    }
}

static void what_was_written_is_read_back(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,     1,     SNAPSHOT_BLOCK_BYTES - 1, SNAPSHOT_BLOCK_BYTES,
                                   20000, 70000, (1u << 20) + 17,          (3u << 20)};
    for (size_t i = 0; i < ARRAY_COUNT(sizes); i++) {
        struct sim_disk disk;
        init(&disk);
        size_t streams = sizes[ARRAY_COUNT(sizes) - 1 - i];
        assert_int_equal(make(&disk, 9, sizes[i], streams), STATUS_OK);
        struct snapshot_folder folder = {&disk.base, DIRECTORY};
        for (unsigned hashes = 0; hashes < 2; hashes++) {
            struct snapshot_image image;
            assert_int_equal(snapshot_read(&folder, 9, hashes != 0, &image), STATUS_OK);
            expect_image(&image, 9, sizes[i], streams);
            snapshot_image_close(&image);
        }
        sim_disk_deinit(&disk);
    }
}

static void the_newest_are_kept(void **state)
{
    (void)state;
    struct sim_disk disk;
    init(&disk);
    struct snapshot_folder folder = {&disk.base, DIRECTORY};
    uint64_t sequences[8];
    size_t count = 9;
    assert_int_equal(snapshot_list(&folder, sequences, 8, &count), STATUS_OK);
    assert_int_equal(count, 0);
    static const uint64_t made[] = {5, 100, 20, 3};
    for (size_t i = 0; i < ARRAY_COUNT(made); i++) {
        assert_int_equal(make(&disk, made[i], 10, 10), STATUS_OK);
    }
    assert_int_equal(sim_disk_put(&disk, DIRECTORY "/snapshots/notes.snapshot", "x", 1), STATUS_OK);
    assert_int_equal(snapshot_list(&folder, sequences, 8, &count), STATUS_OK);
    assert_int_equal(count, 4);
    assert_int_equal(sequences[0], 100);
    assert_int_equal(sequences[3], 3);
    assert_int_equal(snapshot_drop_old(&folder, SNAPSHOT_KEPT), STATUS_OK);
    assert_int_equal(snapshot_list(&folder, sequences, 8, &count), STATUS_OK);
    assert_int_equal(count, 2);
    assert_int_equal(sequences[1], 20);
    sim_disk_deinit(&disk);
}

static void two_makers_are_one_too_many(void **state)
{
    (void)state;
    struct sim_disk disk;
    init(&disk);
    struct snapshot_folder folder = {&disk.base, DIRECTORY};
    struct snapshot_writer *first;
    struct snapshot_writer *second;
    assert_int_equal(snapshot_begin(&folder, 7, &first), STATUS_OK);
    assert_int_equal(snapshot_begin(&folder, 8, &second), STATUS_BUSY);
    snapshot_abandon(first);
    assert_int_equal(make(&disk, 8, 1, 1), STATUS_OK);
    sim_disk_deinit(&disk);
}

/* Turns every `step`th bit of a small snapshot over, and back. */
static void flip_bits(struct sim_disk *disk, uint64_t number, uint64_t step)
{
    struct snapshot_folder folder = {&disk->base, DIRECTORY};
    struct snapshot_image image;
    char path[HOST_PATH_BYTES_MAX];
    assert_int_equal(snapshot_path(&folder, number, false, path), STATUS_OK);
    uint64_t bits = sim_disk_file_bytes(disk, path) * 8;
    for (uint64_t bit = 0; bit < bits; bit += step) {
        sim_disk_flip(disk, path, bit);
        if (snapshot_read(&folder, number, false, &image) != STATUS_DAMAGED) {
            fail_msg("bit %llu was not found", (unsigned long long)bit);
        }
        sim_disk_flip(disk, path, bit);
    }
    assert_int_equal(snapshot_read(&folder, number, true, &image), STATUS_OK);
    snapshot_image_close(&image);
}

static void every_bit_and_every_length_counts(void **state)
{
    (void)state;
    struct sim_disk disk;
    init(&disk);
    assert_int_equal(make(&disk, 8, 300, 0), STATUS_OK);
    assert_int_equal(make(&disk, 9, 300, 200), STATUS_OK);
    struct snapshot_folder folder = {&disk.base, DIRECTORY};
    struct snapshot_image image;
    char path[HOST_PATH_BYTES_MAX];
    flip_bits(&disk, 8, 1);
    flip_bits(&disk, 9, 61);
    assert_int_equal(snapshot_path(&folder, 9, false, path), STATUS_OK);
    size_t bytes = sim_disk_file_bytes(&disk, path);
    assert_int_equal(bytes, 2 * SNAPSHOT_PAGE_BYTES + 2 * SNAPSHOT_BLOCK_BYTES);
    struct host_file *file;
    for (size_t less = 1; less <= bytes; less += less < 10 ? 1 : 999) {
        assert_int_equal(disk.base.ops->open(&disk.base, path, HOST_OPEN_WRITE, &file), STATUS_OK);
        assert_int_equal(file->ops->resize(file, bytes - less), STATUS_OK);
        file->ops->close(file);
        assert_int_equal(snapshot_read(&folder, 9, false, &image), STATUS_DAMAGED);
    }
    /* Under another number it is another file. */
    assert_int_equal(make(&disk, 10, 300, 200), STATUS_OK);
    char other[HOST_PATH_BYTES_MAX];
    assert_int_equal(snapshot_path(&folder, 10, false, path), STATUS_OK);
    assert_int_equal(snapshot_path(&folder, 11, false, other), STATUS_OK);
    assert_int_equal(disk.base.ops->rename(&disk.base, path, other), STATUS_OK);
    assert_int_equal(snapshot_read(&folder, 11, false, &image), STATUS_DAMAGED);
    assert_int_equal(snapshot_read(&folder, 12, false, &image), STATUS_NOT_FOUND);
    sim_disk_deinit(&disk);
}

/* The one before is there and whole; the new one is whole or not there at all. */
static void expect_consistent(struct sim_disk *disk, bool finished)
{
    struct snapshot_folder folder = {&disk->base, DIRECTORY};
    uint64_t sequences[8];
    size_t count = 0;
    struct snapshot_image image;
    assert_int_equal(snapshot_list(&folder, sequences, 8, &count), STATUS_OK);
    assert_true(count == 1 || count == 2);
    assert_true(!finished || count == 2);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(sequences[i], count - i);
        assert_int_equal(snapshot_read(&folder, sequences[i], true, &image), STATUS_OK);
        snapshot_image_close(&image);
    }
}

static void a_crash_at_any_call_leaves_whole_ones(void **state)
{
    (void)state;
    unsigned crashes = 0;
    for (int fate = 0; fate < SIM_CRASH_COUNT; fate++) {
        bool finished = false;
        for (uint64_t call = 1; !finished; call++) {
            struct sim_disk disk;
            init(&disk);
            assert_int_equal(make(&disk, 1, 40000, 900), STATUS_OK);
            disk.crash = (enum sim_crash)fate;
            disk.crash_at_call = disk.calls + call;
            finished = make(&disk, 2, 40000, 900) == STATUS_OK && !disk.down;
            if (disk.down) {
                sim_disk_restart(&disk);
                crashes++;
            }
            disk.crash_at_call = 0;
            expect_consistent(&disk, finished);
            assert_int_equal(make(&disk, 3, 100, 100), STATUS_OK);
            sim_disk_deinit(&disk);
        }
    }
    assert_true(crashes > 20);
}

static void an_error_at_any_call_leaves_no_half_made_one(void **state)
{
    (void)state;
    unsigned errors = 0;
    bool finished = false;
    for (uint64_t call = 1; !finished; call++) {
        struct sim_disk disk;
        init(&disk);
        assert_int_equal(make(&disk, 1, 40000, 900), STATUS_OK);
        disk.error = STATUS_NO_SPACE;
        disk.error_at_call = disk.calls + call;
        enum status status = make(&disk, 2, 40000, 900);
        finished = status == STATUS_OK && disk.calls < disk.error_at_call;
        errors += status != STATUS_OK;
        disk.error_at_call = 0;
        expect_consistent(&disk, finished);
        sim_disk_deinit(&disk);
    }
    assert_true(errors > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_back),
        cmocka_unit_test(the_newest_are_kept),
        cmocka_unit_test(two_makers_are_one_too_many),
        cmocka_unit_test(every_bit_and_every_length_counts),
        cmocka_unit_test(a_crash_at_any_call_leaves_whole_ones),
        cmocka_unit_test(an_error_at_any_call_leaves_no_half_made_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
