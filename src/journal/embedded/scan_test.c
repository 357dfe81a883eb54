/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: verify finds every single-bit flip of a sealed log from its first byte to its seal, and
 * names the sequence and place; opening refuses what is proven durable and cuts what is not.
 * Method: logs on the simulated disk, of several segments, sealed. One bit of every byte in turn,
 * and 1,000 random bits (seeded); then misplaced, missing and stale pages and files. Where a flip
 * lies is known from the batch headers read before it.
 */
#include "base/prng.h"
#include "host/sim/disk.h"
#include "journal/embedded/embedded.h"
#include "journal/embedded/format.h"
#include "journal/pattern.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DIRECTORY   "log"
#define BATCHES_MAX 512u

struct world {
    struct sim_disk disk;
    struct journal_options options;
    struct journal_batch batches[BATCHES_MAX];
    size_t batch_count;
    uint32_t segments;
    uint64_t last_sequence;
    uint64_t seal_offset; /* in the last segment */
};

static void segment_name(uint32_t number, char out_name[32])
{
    snprintf(out_name, 32, DIRECTORY "/%08" PRIu32 ".segment", number);
}

static uint64_t end_of(const struct journal_batch *batch)
{
    return batch->offset + batch_disk_bytes(batch->records_bytes);
}

static struct journal *open_log(struct world *world)
{
    struct journal_report report;
    struct journal *journal = NULL;
    assert_int_equal(
        journal_embedded_open(&world->disk.base, DIRECTORY, &world->options, &report, &journal),
        STATUS_OK);
    return journal;
}

static void learn_batches(struct world *world, struct journal *journal)
{
    struct journal_cursor cursor = journal_cursor_at(1);
    world->batch_count = 0;
    while (journal_poll_batch(journal, &cursor, &world->batches[world->batch_count]) == STATUS_OK) {
        assert_true(++world->batch_count < BATCHES_MAX);
    }
    journal_cursor_close(journal, &cursor);
    struct journal_stat stat;
    journal_stat(journal, &stat);
    world->segments = stat.segments;
    world->last_sequence = stat.next_sequence - 1;
}

/* `batches` batches of up to `batch_records` records, closed by a seal or not. */
static struct world *begin_world(uint32_t segment_bytes, uint32_t batches, uint64_t batch_records,
                                 bool seal)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    sim_disk_init(&world->disk, 3);
    world->options = (struct journal_options){
        .kind = JOURNAL_COMMANDS, .shard = 3, .segment_bytes = segment_bytes};
    struct journal *journal = open_log(world);
    for (uint32_t i = 0; i < batches; i++) {
        for (uint64_t k = 0; k < batch_records && pattern_append(journal); k++) {
        }
        assert_int_equal(pattern_commit(journal), STATUS_OK);
    }
    learn_batches(world, journal);
    assert_int_equal(journal_close(journal, seal), STATUS_OK);
    world->seal_offset = end_of(&world->batches[world->batch_count - 1]);
    return world;
}

static void end_world(struct world *world)
{
    sim_disk_deinit(&world->disk);
    free(world);
}

/* The sequence that damage at this place must be reported under: that of the batch it is in, or of
 * the next one when it is in a file header or a gap. */
static uint64_t expected_sequence(const struct world *world, uint32_t segment, uint64_t offset)
{
    for (size_t i = 0; i < world->batch_count; i++) {
        const struct journal_batch *batch = &world->batches[i];
        bool behind =
            segment < batch->segment || (segment == batch->segment && offset < end_of(batch));
        if (behind) {
            return batch->first_sequence;
        }
    }
    return world->last_sequence + 1;
}

static void check_flip(struct world *world, uint32_t segment, uint64_t bit, bool starts)
{
    char name[32];
    segment_name(segment, name);
    sim_disk_flip(&world->disk, name, bit);
    struct journal_report report;
    enum status status = journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report);
    if (status != STATUS_DAMAGED) {
        print_error("segment %" PRIu32 ", bit %" PRIu64 ": not found\n", segment, bit);
    }
    assert_int_equal(status, STATUS_DAMAGED);
    assert_int_equal(report.bad_segment, segment);
    assert_true(report.bad_offset <= bit / 8);
    assert_non_null(report.reason);
    assert_int_equal(report.bad_sequence, expected_sequence(world, segment, bit / 8));
    bool in_log = segment < world->segments || bit / 8 < world->seal_offset;
    struct journal *journal = NULL;
    if (in_log && starts) {
        /* The seal proves everything before it. */
        assert_int_equal(report.found, STATUS_DAMAGED);
        assert_int_equal(
            journal_embedded_open(&world->disk.base, DIRECTORY, &world->options, &report, &journal),
            STATUS_DAMAGED);
        assert_int_equal(report.found, STATUS_DAMAGED);
    }
    sim_disk_flip(&world->disk, name, bit);
}

/* Of a log of 64 KiB each bit, once; a start meets one of each byte. Under sanitizers one byte in
 * DOJIMA_TEST_SCALE. */
static void a_flip_of_every_bit_is_found(void **state)
{
    (void)state;
    const char *scale_text = getenv("DOJIMA_TEST_SCALE");
    uint64_t step = scale_text != NULL ? strtoull(scale_text, NULL, 10) : 1;
    assert_in_range(step, 1, 1000);
    struct world *world = begin_world(16 * 1024, 10, 8, true);
    assert_int_equal(world->segments, 4);
    struct journal_report report;
    assert_int_equal(
        journal_embedded_verify(&world->disk.base, DIRECTORY, world->last_sequence, &report),
        STATUS_OK);
    assert_true(report.sealed);
    assert_int_equal(report.proven_sequence, world->last_sequence);
    uint64_t flips = 0;
    for (uint32_t segment = 1; segment <= world->segments; segment++) {
        char name[32];
        segment_name(segment, name);
        size_t bytes = sim_disk_file_bytes(&world->disk, name);
        assert_int_equal(bytes, 16 * 1024);
        for (uint64_t byte = 0; byte < bytes; byte += step) {
            uint64_t opened = hash_mix64(byte + segment) % 8;
            for (uint64_t bit = 0; bit < 8; bit++) {
                check_flip(world, segment, byte * 8 + bit, bit == opened);
                flips++;
            }
        }
    }
    print_message("  %" PRIu64 " flips\n", flips);
    assert_int_equal(
        journal_embedded_verify(&world->disk.base, DIRECTORY, world->last_sequence, &report),
        STATUS_OK);
    end_world(world);
}

static void a_thousand_random_flips_are_found(void **state)
{
    (void)state;
    struct world *world = begin_world(64 * 1024, 60, 40, true);
    assert_true(world->segments >= 4);
    struct prng prng;
    prng_init(&prng, 20260401);
    for (int i = 0; i < 1000; i++) {
        uint32_t segment = 1 + (uint32_t)prng_below(&prng, world->segments);
        /* From the first byte of the log to the end of its seal. */
        uint64_t bytes =
            segment < world->segments ? 64 * 1024u : world->seal_offset + FORMAT_PAGE_BYTES;
        check_flip(world, segment, prng_below(&prng, bytes * 8), true);
    }
    end_world(world);
}

/* Read-only, a damaged log is read up to the damage. */
static void reading_ends_at_the_damage(void **state)
{
    (void)state;
    struct world *world = begin_world(64 * 1024, 40, 30, true);
    const struct journal_batch *bad = &world->batches[world->batch_count / 2];
    char name[32];
    segment_name(bad->segment, name);
    sim_disk_flip(&world->disk, name, (bad->offset + 200) * 8);
    struct journal_options options = world->options;
    options.read_only = true;
    struct journal_report report;
    struct journal *journal = NULL;
    assert_int_equal(
        journal_embedded_open(&world->disk.base, DIRECTORY, &options, &report, &journal),
        STATUS_OK);
    assert_int_equal(report.found, STATUS_DAMAGED);
    assert_int_equal(report.bad_sequence, bad->first_sequence);
    assert_int_equal(report.bad_offset, bad->offset);
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entries[16];
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        size_t count = 0;
        status = journal_poll(journal, &cursor, entries, ARRAY_COUNT(entries), &count);
        for (size_t i = 0; status == STATUS_OK && i < count; i++) {
            assert_true(pattern_matches(&entries[i]));
        }
    }
    assert_int_equal(status, STATUS_DAMAGED);
    assert_int_equal(cursor.next_sequence, bad->first_sequence);
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    end_world(world);
}

/* Damage done while the log is open: every poll checks what it reads. */
static void polling_finds_damage_done_later(void **state)
{
    (void)state;
    struct world *world = begin_world(64 * 1024, 40, 30, true);
    struct journal *journal = open_log(world);
    const struct journal_batch *bad = &world->batches[world->batch_count / 2];
    char name[32];
    segment_name(bad->segment, name);
    sim_disk_flip(&world->disk, name, (bad->offset + 300) * 8 + 1);
    struct journal_cursor cursor = journal_cursor_at(bad->first_sequence - 1);
    struct journal_entry entry;
    size_t count = 0;
    assert_int_equal(journal_poll(journal, &cursor, &entry, 1, &count), STATUS_OK);
    assert_int_equal(journal_poll(journal, &cursor, &entry, 1, &count), STATUS_DAMAGED);
    assert_int_equal(cursor.next_sequence, bad->first_sequence);
    journal_cursor_close(journal, &cursor);
    assert_int_equal(journal_close(journal, false), STATUS_OK);
    end_world(world);
}

static void copy_page(struct world *world, uint32_t from_segment, uint64_t from,
                      uint32_t to_segment, uint64_t to)
{
    uint8_t page[FORMAT_PAGE_BYTES];
    size_t count = 0;
    char name[32];
    struct host_file *file = NULL;
    struct host_disk *disk = &world->disk.base;
    segment_name(from_segment, name);
    assert_int_equal(disk->ops->open(disk, name, 0, &file), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, from, page, sizeof page, &count), STATUS_OK);
    file->ops->close(file);
    segment_name(to_segment, name);
    assert_int_equal(disk->ops->open(disk, name, HOST_OPEN_WRITE, &file), STATUS_OK);
    assert_int_equal(file->ops->write_at(file, to, page, sizeof page), STATUS_OK);
    file->ops->close(file);
}

static void assert_verify_damaged_at(struct world *world, uint64_t sequence)
{
    struct journal_report report;
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report),
                     STATUS_DAMAGED);
    assert_int_equal(report.found, STATUS_DAMAGED);
    assert_int_equal(report.bad_sequence, sequence);
}

static void pages_in_the_wrong_place_are_found(void **state)
{
    (void)state;
    /* One record a batch: every batch is a page, so whole batches can be misplaced. */
    struct world *world = begin_world(32 * 1024, 20, 1, true);
    const struct journal_batch *one = &world->batches[2];
    const struct journal_batch *other = &world->batches[4];
    copy_page(world, other->segment, other->offset, one->segment, one->offset);
    assert_verify_damaged_at(world, one->first_sequence);
    end_world(world);

    /* The same slot of another segment. */
    world = begin_world(32 * 1024, 20, 1, true);
    copy_page(world, 2, FORMAT_PAGE_BYTES, 1, FORMAT_PAGE_BYTES);
    assert_verify_damaged_at(world, 1);
    end_world(world);

    /* A write that never arrived: the page is still zero, as the last one of the file is. */
    world = begin_world(32 * 1024, 3, 1, true);
    copy_page(world, 1, 7 * FORMAT_PAGE_BYTES, 1, world->batches[1].offset);
    assert_verify_damaged_at(world, world->batches[1].first_sequence);
    end_world(world);
}

static uint64_t first_of_segment(const struct world *world, uint32_t segment)
{
    return expected_sequence(world, segment, 0);
}

static void missing_segments_are_found(void **state)
{
    (void)state;
    struct world *world = begin_world(32 * 1024, 30, 1, true);
    assert_true(world->segments >= 4);
    char name[32];
    segment_name(2, name);
    assert_int_equal(world->disk.base.ops->remove(&world->disk.base, name), STATUS_OK);
    struct journal_report report;
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report),
                     STATUS_DAMAGED);
    assert_int_equal(report.found, STATUS_DAMAGED);
    assert_int_equal(report.bad_segment, 3);
    assert_int_equal(report.bad_sequence, first_of_segment(world, 2));
    assert_int_equal(report.missing_last_sequence, first_of_segment(world, 3) - 1);
    end_world(world);

    /* The first one: the journal takes it for a log whose beginning was dropped, and says from
     * where it is. Whoever drops nothing looks at that. */
    world = begin_world(32 * 1024, 30, 1, true);
    segment_name(1, name);
    assert_int_equal(world->disk.base.ops->remove(&world->disk.base, name), STATUS_OK);
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report), STATUS_OK);
    assert_int_equal(report.first_sequence, first_of_segment(world, 2));
    end_world(world);

    /* The last one: only what is known from elsewhere can tell. */
    world = begin_world(32 * 1024, 30, 1, false);
    segment_name(world->segments, name);
    assert_int_equal(world->disk.base.ops->remove(&world->disk.base, name), STATUS_OK);
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report), STATUS_OK);
    assert_int_equal(
        journal_embedded_verify(&world->disk.base, DIRECTORY, world->last_sequence, &report),
        STATUS_DAMAGED);
    assert_int_equal(report.bad_sequence, first_of_segment(world, world->segments));
    assert_int_equal(report.missing_last_sequence, world->last_sequence);
    end_world(world);
}

/* The last batch of a log without a seal: nothing proves it, unless the caller does. */
static void an_unproven_tail_is_cut_and_a_proven_one_is_not(void **state)
{
    (void)state;
    struct world *world = begin_world(64 * 1024, 10, 5, false);
    const struct journal_batch *last = &world->batches[world->batch_count - 1];
    char name[32];
    segment_name(last->segment, name);
    sim_disk_flip(&world->disk, name, (last->offset + 140) * 8);
    struct journal_options options = world->options;
    struct journal_report report;
    struct journal *journal = NULL;
    options.proven_sequence = last->first_sequence;
    assert_int_equal(
        journal_embedded_open(&world->disk.base, DIRECTORY, &options, &report, &journal),
        STATUS_DAMAGED);
    assert_int_equal(report.bad_sequence, last->first_sequence);
    options.proven_sequence = last->first_sequence - 1;
    assert_int_equal(
        journal_embedded_open(&world->disk.base, DIRECTORY, &options, &report, &journal),
        STATUS_OK);
    assert_int_equal(report.found, STATUS_TRUNCATED);
    assert_int_equal(report.bad_sequence, last->first_sequence);
    assert_int_equal(report.cut_last_sequence, world->last_sequence);
    assert_int_equal(report.bad_offset, last->offset);
    assert_true(report.bad_end_offset > last->offset);
    assert_int_equal(journal->next_sequence, last->first_sequence);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report), STATUS_OK);
    end_world(world);
}

/* Bytes behind the seal are no part of the log, but somebody wrote them. */
static void bytes_behind_the_seal_are_reported(void **state)
{
    (void)state;
    struct world *world = begin_world(64 * 1024, 4, 5, true);
    char name[32];
    segment_name(1, name);
    sim_disk_flip(&world->disk, name, 60 * 1024 * 8);
    struct journal_report report;
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report),
                     STATUS_DAMAGED);
    assert_int_equal(report.found, STATUS_TRUNCATED);
    assert_int_equal(report.nonzero_bytes, 1);
    assert_int_equal(report.bad_sequence, world->last_sequence + 1);
    struct journal *journal = NULL;
    assert_int_equal(
        journal_embedded_open(&world->disk.base, DIRECTORY, &world->options, &report, &journal),
        STATUS_OK);
    assert_int_equal(report.nonzero_bytes, 1);
    assert_int_equal(journal->next_sequence, world->last_sequence + 1);
    assert_int_equal(journal_close(journal, true), STATUS_OK);
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report), STATUS_OK);
    end_world(world);
}

/* The unused slots before a segment that holds one batch only: no header claims what comes next to
 * be durable, and still nothing there may be taken for a torn tail, or a durable batch would be
 * cut. */
static void damage_in_a_gap_never_cuts_the_segment_behind_it(void **state)
{
    (void)state;
    /* Two slots a batch, three in a segment. */
    struct world *world = begin_world(16 * 1024, 2, 40, false);
    const struct journal_batch *last = &world->batches[world->batch_count - 1];
    const struct journal_batch *before = last - 1;
    assert_int_equal(last->segment, 2);
    assert_int_equal(before->segment, 1);
    assert_true(end_of(before) < 16 * 1024);
    sim_disk_flip(&world->disk, DIRECTORY "/00000001.segment", end_of(before) * 8 + 5);
    struct journal_report report;
    struct journal *journal = NULL;
    assert_int_equal(
        journal_embedded_open(&world->disk.base, DIRECTORY, &world->options, &report, &journal),
        STATUS_DAMAGED);
    assert_int_equal(report.bad_sequence, last->first_sequence);
    assert_verify_damaged_at(world, last->first_sequence);
    end_world(world);
}

/* A file header is safe before its file is used, so a bad one was not torn, even if no header
 * behind it claims the only batch there to be durable. */
static void damage_in_a_file_header_never_cuts_its_batches(void **state)
{
    (void)state;
    for (uint32_t segment = 1; segment <= 2; segment++) {
        struct world *world = begin_world(16 * 1024, segment, 40, false);
        assert_int_equal(world->segments, segment);
        char name[32];
        segment_name(segment, name);
        sim_disk_flip(&world->disk, name, 4000 * 8);
        uint64_t sequence = world->batches[segment - 1].first_sequence;
        struct journal_report report;
        struct journal *journal = NULL;
        assert_int_equal(
            journal_embedded_open(&world->disk.base, DIRECTORY, &world->options, &report, &journal),
            STATUS_DAMAGED);
        assert_int_equal(report.bad_sequence, sequence);
        assert_int_equal(report.bad_segment, segment);
        assert_verify_damaged_at(world, sequence);
        end_world(world);
    }
}

typedef void on_header(struct batch_header *header);

static void change_hash(struct batch_header *header)
{
    header->note.running_hash ^= 1;
}

static void change_slot(struct batch_header *header)
{
    header->slot++;
}

static void change_segment(struct batch_header *header)
{
    header->segment++;
}

static void change_first(struct batch_header *header)
{
    header->first_sequence++;
}

static void change_shard(struct batch_header *header)
{
    header->shard++;
}

/* Rewrites the header of batch 2 with every CRC right; returns its first sequence. */
static uint64_t forge(struct world *world, on_header *change)
{
    const struct journal_batch *victim = &world->batches[2];
    struct host_disk *disk = &world->disk.base;
    struct host_file *file = NULL;
    uint8_t page[FORMAT_PAGE_BYTES];
    char name[32];
    size_t count = 0;
    segment_name(victim->segment, name);
    assert_int_equal(disk->ops->open(disk, name, HOST_OPEN_WRITE, &file), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, victim->offset, page, sizeof page, &count),
                     STATUS_OK);
    struct batch_header header;
    assert_int_equal(batch_header_decode(page, &header), STATUS_OK);
    change(&header);
    batch_header_encode(&header, page);
    assert_int_equal(file->ops->write_at(file, victim->offset, page, sizeof page), STATUS_OK);
    file->ops->close(file);
    return victim->first_sequence;
}

/* Somebody who can write the disk can make every CRC fit; the chain still tells. */
static void a_rewritten_batch_breaks_the_chain(void **state)
{
    (void)state;
    struct world *world = begin_world(64 * 1024, 6, 1, true);
    uint64_t sequence = forge(world, change_hash);
    struct journal_report report;
    assert_int_equal(journal_embedded_verify(&world->disk.base, DIRECTORY, 0, &report),
                     STATUS_DAMAGED);
    assert_int_equal(report.bad_sequence, sequence);
    assert_string_equal(report.reason, "the SHA-256 chain is broken");
    end_world(world);
}

/* A sound batch that names another place: a write that went astray. Opening does not need the chain
 * to see it. */
static void a_batch_of_another_place_is_refused(void **state)
{
    (void)state;
    static on_header *const changes[] = {change_slot, change_segment, change_first, change_shard};
    for (size_t i = 0; i < ARRAY_COUNT(changes); i++) {
        struct world *world = begin_world(64 * 1024, 6, 1, true);
        uint64_t sequence = forge(world, changes[i]);
        struct journal_report report;
        struct journal *journal = NULL;
        assert_int_equal(
            journal_embedded_open(&world->disk.base, DIRECTORY, &world->options, &report, &journal),
            STATUS_DAMAGED);
        assert_int_equal(report.bad_sequence, sequence);
        assert_verify_damaged_at(world, sequence);
        end_world(world);
    }
}

/* Encode, then decode, is the identity. */
static void headers_survive_encoding(void **state)
{
    (void)state;
    struct prng prng;
    prng_init(&prng, 11);
    for (int i = 0; i < 1000; i++) {
        uint8_t page[FORMAT_PAGE_BYTES];
        uint8_t again[FORMAT_PAGE_BYTES];
        struct segment_header segment = {
            .first_sequence = 1 + prng_next(&prng) / 4,
            .durable_sequence = prng_below(&prng, 2),
            .number = 1 + (uint32_t)prng_below(&prng, 99999999),
            .segment_bytes = FORMAT_PAGE_BYTES * (4 + (uint32_t)prng_below(&prng, 1000)),
            .shard = (uint16_t)prng_next(&prng),
            .kind = (uint8_t)(1 + prng_below(&prng, 2)),
        };
        segment.durable_sequence %= segment.first_sequence;
        struct segment_header segment_again;
        segment_header_encode(&segment, page);
        assert_int_equal(segment_header_decode(page, &segment_again), STATUS_OK);
        segment_header_encode(&segment_again, again);
        assert_memory_equal(page, again, sizeof page);
        assert_int_equal(segment_again.first_sequence, segment.first_sequence);
        uint32_t count = (uint32_t)prng_below(&prng, 1000);
        struct batch_header batch = {
            .first_sequence = 1 + prng_next(&prng) / 4,
            .note = {prng_next(&prng), prng_next(&prng)},
            .count = count,
            .records_bytes = count * 24,
            .body_crc = (uint32_t)prng_next(&prng),
            .segment = (uint32_t)prng_next(&prng),
            .slot = (uint32_t)prng_next(&prng),
            .shard = segment.shard,
            .kind = segment.kind,
            .seal = count == 0,
        };
        struct batch_header batch_again;
        batch_header_encode(&batch, page);
        assert_int_equal(batch_header_decode(page, &batch_again), STATUS_OK);
        batch_header_encode(&batch_again, again);
        assert_memory_equal(page, again, FORMAT_BATCH_HEADER_BYTES);
        assert_int_equal(batch_again.note.running_hash, batch.note.running_hash);
        assert_int_equal(batch_again.note.proven_sequence, batch.note.proven_sequence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flip_of_every_bit_is_found),
        cmocka_unit_test(a_thousand_random_flips_are_found),
        cmocka_unit_test(reading_ends_at_the_damage),
        cmocka_unit_test(polling_finds_damage_done_later),
        cmocka_unit_test(pages_in_the_wrong_place_are_found),
        cmocka_unit_test(missing_segments_are_found),
        cmocka_unit_test(an_unproven_tail_is_cut_and_a_proven_one_is_not),
        cmocka_unit_test(bytes_behind_the_seal_are_reported),
        cmocka_unit_test(damage_in_a_gap_never_cuts_the_segment_behind_it),
        cmocka_unit_test(damage_in_a_file_header_never_cuts_its_batches),
        cmocka_unit_test(a_rewritten_batch_breaks_the_chain),
        cmocka_unit_test(a_batch_of_another_place_is_refused),
        cmocka_unit_test(headers_survive_encoding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
