/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: the real and the simulated disk mean the same by each call, and the simulated one forgets
 * at a crash what the real one may forget. Method: one list of tests on both disks; then, on the
 * simulated one, each fate of unsynced data, a crash and an error at a chosen call, and the same
 * seed twice.
 */
#include "host/sim/disk.h"

#include "base/bytes.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    struct host_disk *disk;
    char root[64];
};

static const char *path_of(const struct fixture *fixture, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", fixture->root, name);
    return path;
}

static struct host_file *open_file(const struct fixture *fixture, const char *name, unsigned flags)
{
    struct host_file *file = NULL;
    assert_int_equal(fixture->disk->ops->open(fixture->disk, path_of(fixture, name), flags, &file),
                     STATUS_OK);
    return file;
}

static bool count_name(void *context, const char *name)
{
    (void)name;
    ++*(int *)context;
    return true;
}

static int count_names(const struct fixture *fixture)
{
    int count = 0;
    assert_int_equal(fixture->disk->ops->list(fixture->disk, fixture->root, count_name, &count),
                     STATUS_OK);
    return count;
}

static void files_hold_what_is_written(const struct fixture *fixture)
{
    struct host_file *file = open_file(fixture, "a", HOST_OPEN_CREATE | HOST_OPEN_WRITE);
    uint8_t bytes[300];
    size_t count = 0;
    uint64_t size = 0;
    assert_int_equal(file->ops->write_at(file, 100, "hello", 5), STATUS_OK);
    assert_int_equal(file->ops->size(file, &size), STATUS_OK);
    assert_int_equal(size, 105);
    assert_int_equal(file->ops->read_at(file, 0, bytes, sizeof bytes, &count), STATUS_OK);
    assert_int_equal(count, 105);
    assert_int_equal(bytes[99], 0);
    assert_memory_equal(bytes + 100, "hello", 5);
    assert_int_equal(file->ops->read_at(file, 105, bytes, 1, &count), STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(file->ops->read_at(file, 9000, bytes, 1, &count), STATUS_OK);
    assert_int_equal(count, 0);
    assert_int_equal(file->ops->resize(file, 102), STATUS_OK);
    assert_int_equal(file->ops->resize(file, 110), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, 100, bytes, 10, &count), STATUS_OK);
    assert_int_equal(count, 10);
    assert_memory_equal(bytes, "he\0\0\0\0\0\0\0\0", 10);
    assert_int_equal(file->ops->sync(file), STATUS_OK);
    file->ops->close(file);
}

static void names_come_and_go(const struct fixture *fixture)
{
    struct host_disk *disk = fixture->disk;
    struct host_file *file = NULL;
    char from[128];
    snprintf(from, sizeof from, "%s", path_of(fixture, "from"));
    assert_int_equal(disk->ops->open(disk, from, HOST_OPEN_WRITE, &file), STATUS_NOT_FOUND);
    assert_int_equal(disk->ops->remove(disk, from), STATUS_NOT_FOUND);
    file = open_file(fixture, "from", HOST_OPEN_CREATE | HOST_OPEN_WRITE);
    assert_int_equal(file->ops->write_at(file, 0, "x", 1), STATUS_OK);
    struct host_file *second = NULL;
    assert_int_equal(disk->ops->open(disk, from, HOST_OPEN_CREATE | HOST_OPEN_WRITE, &second),
                     STATUS_EXISTS);
    assert_null(second);
    int before = count_names(fixture);
    assert_int_equal(disk->ops->rename(disk, from, path_of(fixture, "to")), STATUS_OK);
    assert_int_equal(count_names(fixture), before);
    assert_int_equal(disk->ops->open(disk, from, 0, &second), STATUS_NOT_FOUND);
    file->ops->close(file);
    file = open_file(fixture, "to", 0);
    uint8_t byte = 0;
    size_t count = 0;
    assert_int_equal(file->ops->read_at(file, 0, &byte, 1, &count), STATUS_OK);
    assert_int_equal(byte, 'x');
    file->ops->close(file);
    assert_int_equal(disk->ops->sync_directory(disk, fixture->root), STATUS_OK);
    assert_int_equal(disk->ops->make_directory(disk, fixture->root), STATUS_OK);
    assert_int_equal(disk->ops->remove(disk, path_of(fixture, "to")), STATUS_OK);
    assert_int_equal(count_names(fixture), before - 1);
}

static void a_lock_is_held_once(const struct fixture *fixture)
{
    struct host_disk *disk = fixture->disk;
    struct host_file *lock = NULL;
    struct host_file *second = NULL;
    assert_int_equal(disk->ops->lock(disk, path_of(fixture, "LOCK"), &lock), STATUS_OK);
    assert_int_equal(disk->ops->lock(disk, path_of(fixture, "LOCK"), &second), STATUS_BUSY);
    assert_null(second);
    lock->ops->close(lock);
    assert_int_equal(disk->ops->lock(disk, path_of(fixture, "LOCK"), &second), STATUS_OK);
    second->ops->close(second);
}

static void direct_files_hold_pages(const struct fixture *fixture)
{
    struct host_file *file =
        open_file(fixture, "d", HOST_OPEN_CREATE | HOST_OPEN_WRITE | HOST_OPEN_DIRECT);
    uint8_t *pages = aligned_alloc(HOST_DISK_PAGE_BYTES, (size_t)4 * HOST_DISK_PAGE_BYTES);
    assert_non_null(pages);
    memset(pages, 0x5a, (size_t)4 * HOST_DISK_PAGE_BYTES);
    size_t count = 0;
    assert_int_equal(file->ops->write_at(file, HOST_DISK_PAGE_BYTES, pages, HOST_DISK_PAGE_BYTES),
                     STATUS_OK);
    assert_int_equal(file->ops->sync(file), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, 0, pages, (size_t)4 * HOST_DISK_PAGE_BYTES, &count),
                     STATUS_OK);
    assert_int_equal(count, 2 * HOST_DISK_PAGE_BYTES);
    assert_int_equal(pages[0], 0);
    assert_int_equal(pages[HOST_DISK_PAGE_BYTES], 0x5a);
    free(pages);
    file->ops->close(file);
}

static void run_list(const struct fixture *fixture)
{
    files_hold_what_is_written(fixture);
    names_come_and_go(fixture);
    a_lock_is_held_once(fixture);
    direct_files_hold_pages(fixture);
}

static void the_list_on_posix(void **state)
{
    (void)state;
    struct fixture fixture = {.disk = host_disk_posix(), .root = "/tmp/dojima-disk-XXXXXX"};
    assert_non_null(mkdtemp(fixture.root));
    run_list(&fixture);
    static const char *const left[] = {"a", "d", "LOCK"};
    for (size_t i = 0; i < ARRAY_COUNT(left); i++) {
        assert_int_equal(unlink(path_of(&fixture, left[i])), 0);
    }
    assert_int_equal(rmdir(fixture.root), 0);
}

static void the_list_on_sim(void **state)
{
    (void)state;
    struct sim_disk sim;
    sim_disk_init(&sim, 1);
    struct fixture fixture = {.disk = &sim.base, .root = "root"};
    run_list(&fixture);
    sim_disk_deinit(&sim);
}

#define SECTORS 64u

/* A synced file of 1s, overwritten with 2s that are not synced, and a file whose name is not
 * synced. */
static void prepare(struct sim_disk *sim, uint64_t seed)
{
    static uint8_t bytes[SECTORS * SIM_SECTOR_BYTES];
    sim_disk_init(sim, seed);
    struct fixture fixture = {.disk = &sim->base, .root = "root"};
    struct host_file *file = open_file(&fixture, "file", HOST_OPEN_CREATE | HOST_OPEN_WRITE);
    memset(bytes, 1, sizeof bytes);
    assert_int_equal(file->ops->write_at(file, 0, bytes, sizeof bytes), STATUS_OK);
    assert_int_equal(file->ops->sync(file), STATUS_OK);
    assert_int_equal(sim->base.ops->sync_directory(&sim->base, "root"), STATUS_OK);
    struct host_file *named = open_file(&fixture, "named", HOST_OPEN_CREATE | HOST_OPEN_WRITE);
    memset(bytes, 2, sizeof bytes);
    assert_int_equal(file->ops->write_at(file, 0, bytes, sizeof bytes), STATUS_OK);
    named->ops->close(named);
    file->ops->close(file);
}

/* Sectors of the file by what they hold: 0 is anything but 1 and 2. */
static void count_sectors(struct sim_disk *sim, unsigned out_counts[3])
{
    static uint8_t bytes[SECTORS * SIM_SECTOR_BYTES];
    struct fixture fixture = {.disk = &sim->base, .root = "root"};
    struct host_file *file = open_file(&fixture, "file", 0);
    size_t count = 0;
    assert_int_equal(file->ops->read_at(file, 0, bytes, sizeof bytes, &count), STATUS_OK);
    assert_int_equal(count, sizeof bytes);
    file->ops->close(file);
    memset(out_counts, 0, 3 * sizeof *out_counts);
    for (size_t i = 0; i < SECTORS; i++) {
        const uint8_t *sector = bytes + i * SIM_SECTOR_BYTES;
        bool same = memcmp(sector, sector + 1, SIM_SECTOR_BYTES - 1) == 0;
        out_counts[same && (sector[0] == 1 || sector[0] == 2) ? sector[0] : 0]++;
    }
}

static void a_crash_has_the_fate_asked_for(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        for (int crash = 0; crash < SIM_CRASH_COUNT; crash++) {
            struct sim_disk sim;
            unsigned counts[3];
            prepare(&sim, seed);
            sim_disk_crash(&sim, (enum sim_crash)crash);
            struct host_file *file = NULL;
            assert_int_equal(sim.base.ops->open(&sim.base, "root/file", 0, &file), STATUS_IO);
            sim_disk_restart(&sim);
            count_sectors(&sim, counts);
            enum status named = sim.base.ops->open(&sim.base, "root/named", 0, &file);
            if (named == STATUS_OK) {
                file->ops->close(file);
            }
            switch ((enum sim_crash)crash) {
            case SIM_CRASH_LOST:
                assert_int_equal(counts[1], SECTORS);
                assert_int_equal(named, STATUS_NOT_FOUND);
                break;
            case SIM_CRASH_KEPT:
                assert_int_equal(counts[2], SECTORS);
                assert_int_equal(named, STATUS_OK);
                break;
            case SIM_CRASH_REORDERED:
                assert_int_equal(counts[0], 0);
                assert_in_range(counts[2], 1, SECTORS - 1);
                break;
            case SIM_CRASH_TORN:
                assert_int_equal(counts[0], 1);
                assert_int_equal(counts[0] + counts[1] + counts[2], SECTORS);
                break;
            }
            sim_disk_deinit(&sim);
        }
    }
}

static void one_seed_gives_one_behaviour(void **state)
{
    (void)state;
    unsigned first[3];
    unsigned second[3];
    struct sim_disk sim;
    for (int i = 0; i < 2; i++) {
        prepare(&sim, 99);
        sim_disk_crash(&sim, SIM_CRASH_REORDERED);
        sim_disk_restart(&sim);
        count_sectors(&sim, i == 0 ? first : second);
        sim_disk_deinit(&sim);
    }
    assert_memory_equal(first, second, sizeof first);
}

static void open_files_and_locks_die_in_a_crash(void **state)
{
    (void)state;
    struct sim_disk sim;
    sim_disk_init(&sim, 1);
    struct fixture fixture = {.disk = &sim.base, .root = "root"};
    struct host_file *file = open_file(&fixture, "f", HOST_OPEN_CREATE | HOST_OPEN_WRITE);
    struct host_file *lock = NULL;
    struct host_file *again = NULL;
    assert_int_equal(sim.base.ops->lock(&sim.base, "root/LOCK", &lock), STATUS_OK);
    sim_disk_crash(&sim, SIM_CRASH_KEPT);
    sim_disk_restart(&sim);
    assert_int_equal(file->ops->write_at(file, 0, "x", 1), STATUS_IO);
    assert_int_equal(file->ops->sync(file), STATUS_IO);
    assert_int_equal(sim.base.ops->lock(&sim.base, "root/LOCK", &again), STATUS_OK);
    lock->ops->close(lock); /* the old one: must not free the new */
    struct host_file *third = NULL;
    assert_int_equal(sim.base.ops->lock(&sim.base, "root/LOCK", &third), STATUS_BUSY);
    again->ops->close(again);
    file->ops->close(file);
    sim_disk_deinit(&sim);
}

static void a_failed_sync_loses_what_the_cache_still_shows(void **state)
{
    (void)state;
    struct sim_disk sim;
    unsigned counts[3];
    prepare(&sim, 5);
    struct fixture fixture = {.disk = &sim.base, .root = "root"};
    struct host_file *file = open_file(&fixture, "file", HOST_OPEN_WRITE);
    sim.error_at_call = sim.calls + 1;
    assert_int_equal(file->ops->sync(file), STATUS_IO);
    assert_int_equal(file->ops->sync(file), STATUS_OK); /* says so, as real ones do */
    count_sectors(&sim, counts);
    assert_int_equal(counts[2], SECTORS);
    file->ops->close(file);
    sim_disk_crash(&sim, SIM_CRASH_KEPT);
    sim_disk_restart(&sim);
    count_sectors(&sim, counts);
    assert_int_equal(counts[1], SECTORS);
    sim_disk_deinit(&sim);
}

/* The simulated disk has files alone. */
static void only_files_are_opened(void **state)
{
    (void)state;
    char folder[] = "/tmp/dojima_disk_XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/pipe", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    struct host_disk *disk = host_disk_posix();
    static const unsigned flags[] = {HOST_OPEN_READ, HOST_OPEN_WRITE,
                                     HOST_OPEN_READ | HOST_OPEN_DIRECT,
                                     HOST_OPEN_WRITE | HOST_OPEN_DIRECT};
    struct host_file *file = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(flags); i++) {
        assert_int_equal(disk->ops->open(disk, path, flags[i], &file), STATUS_INVALID);
        assert_int_equal(disk->ops->open(disk, folder, flags[i], &file), STATUS_INVALID);
        assert_int_equal(disk->ops->open(disk, "/dev/null", flags[i], &file), STATUS_INVALID);
    }
    assert_null(file);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

#define MAPPED_BYTES 16384

/* Writes 0, 1, 2 ... to the mapped file, some of it behind its present size, and dies at once. */
static void write_mapped_and_die(struct host_file *file)
{
    uint8_t bytes[MAPPED_BYTES + 512];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)i;
    }
    bool well =
        file->ops->resize(file, MAPPED_BYTES) == STATUS_OK && file->ops->map(file) == STATUS_OK &&
        file->ops->map(file) == STATUS_OK &&
        file->ops->write_at(file, 0, bytes, 100) == STATUS_OK &&
        file->ops->write_at(file, 100, bytes + 100, MAPPED_BYTES - 200) == STATUS_OK &&
        file->ops->write_at(file, MAPPED_BYTES - 100, bytes + MAPPED_BYTES - 100, 612) == STATUS_OK;
    (void)kill(getpid(), well ? SIGKILL : SIGTERM);
}

static void mapped_writes_outlive_the_process(void **state)
{
    (void)state;
    char folder[] = "/tmp/dojima_disk_XXXXXX";
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/mapped", folder);
    struct host_disk *disk = host_disk_posix();
    struct host_file *file = NULL;
    enum status status = disk->ops->open(disk, path, HOST_OPEN_WRITE | HOST_OPEN_CREATE, &file);
    assert_int_equal(status, STATUS_OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        write_mapped_and_die(file);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    assert_int_equal(WTERMSIG(how), SIGKILL);
    uint8_t bytes[MAPPED_BYTES + 1024];
    size_t count = 0;
    assert_int_equal(file->ops->read_at(file, 0, bytes, sizeof bytes, &count), STATUS_OK);
    assert_int_equal(count, MAPPED_BYTES + 512);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(bytes[i], (uint8_t)i);
    }
    assert_int_equal(file->ops->map(file), STATUS_OK);
    assert_int_equal(file->ops->sync(file), STATUS_OK);
    file->ops->close(file);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static struct host_file *made_file(struct sim_disk *disk, const char *path)
{
    struct host_file *file = NULL;
    assert_int_equal(
        disk->base.ops->open(&disk->base, path, HOST_OPEN_WRITE | HOST_OPEN_CREATE, &file),
        STATUS_OK);
    assert_int_equal(disk->base.ops->sync_directory(&disk->base, "d"), STATUS_OK);
    return file;
}

static void a_kill_leaves_the_cache_and_a_later_crash_takes_it(void **state)
{
    (void)state;
    struct sim_disk disk;
    uint8_t bytes[8];
    size_t count = 0;
    sim_disk_init(&disk, 1);
    struct host_file *file = made_file(&disk, "d/a");
    assert_int_equal(file->ops->write_at(file, 0, "once", 4), STATUS_OK);
    sim_disk_kill(&disk);
    assert_int_equal(file->ops->write_at(file, 4, "more", 4), STATUS_IO);
    file->ops->close(file);
    sim_disk_restart(&disk);
    struct sim_disk copy;
    sim_disk_init(&copy, 1);
    sim_disk_copy(&disk, &copy);
    assert_int_equal(disk.base.ops->open(&disk.base, "d/a", HOST_OPEN_READ, &file), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, 0, bytes, 8, &count), STATUS_OK);
    assert_int_equal(count, 4);
    file->ops->close(file);
    /* The copy has the pending write too, and goes its own way. */
    sim_disk_crash(&copy, SIM_CRASH_LOST);
    sim_disk_restart(&copy);
    assert_int_equal(sim_disk_file_bytes(&copy, "d/a"), 0);
    assert_int_equal(sim_disk_file_bytes(&disk, "d/a"), 4);
    sim_disk_crash(&disk, SIM_CRASH_KEPT);
    assert_int_equal(sim_disk_file_bytes(&disk, "d/a"), 4);
    sim_disk_deinit(&disk);
    sim_disk_deinit(&copy);
}

static void errors_come_where_they_were_asked_for(void **state)
{
    (void)state;
    struct sim_disk disk;
    uint8_t page[HOST_DISK_PAGE_BYTES] = {1};
    uint8_t got[8];
    size_t count = 0;
    sim_disk_init(&disk, 1);
    struct host_file *file = made_file(&disk, "d/a");
    assert_int_equal(file->ops->resize(file, 4 * sizeof page), STATUS_OK);
    disk.error_at_read = disk.reads + 2;
    assert_int_equal(file->ops->read_at(file, 0, got, 8, &count), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, 0, got, 8, &count), STATUS_IO);
    assert_int_equal(file->ops->read_at(file, 0, got, 8, &count), STATUS_OK);
    disk.capacity_bytes = 4 * sizeof page;
    assert_int_equal(file->ops->write_at(file, 3 * sizeof page, page, sizeof page), STATUS_OK);
    assert_int_equal(file->ops->write_at(file, 4 * sizeof page, page, 1), STATUS_NO_SPACE);
    assert_int_equal(file->ops->resize(file, 5 * sizeof page), STATUS_NO_SPACE);
    assert_int_equal(sim_disk_file_bytes(&disk, "d/a"), 4 * sizeof page);
    disk.misdirect_at = disk.calls + 1;
    assert_int_equal(file->ops->write_at(file, 0, page, sizeof page), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, 0, got, 8, &count), STATUS_OK);
    assert_int_equal(got[0], 0); /* said done, and somewhere else */
    file->ops->close(file);
    sim_disk_deinit(&disk);
}

static void after_a_failed_sync_a_direct_read_tells_the_truth(void **state)
{
    (void)state;
    struct sim_disk disk;
    uint8_t got[8] = {0};
    size_t count = 0;
    sim_disk_init(&disk, 1);
    struct host_file *file = made_file(&disk, "d/a");
    assert_int_equal(file->ops->write_at(file, 0, "sound", 5), STATUS_OK);
    assert_int_equal(file->ops->sync(file), STATUS_OK);
    assert_int_equal(file->ops->write_at(file, 0, "hoped", 5), STATUS_OK);
    disk.error_at_call = disk.calls + 1;
    assert_int_equal(file->ops->sync(file), STATUS_IO);
    assert_int_equal(file->ops->read_at(file, 0, got, 5, &count), STATUS_OK);
    assert_memory_equal(got, "hoped", 5);
    file->ops->close(file);
    assert_int_equal(disk.base.ops->open(&disk.base, "d/a", HOST_OPEN_DIRECT, &file), STATUS_OK);
    assert_int_equal(file->ops->read_at(file, 0, got, 5, &count), STATUS_OK);
    assert_memory_equal(got, "sound", 5);
    file->ops->close(file);
    sim_disk_deinit(&disk);
}

/* Bytes of the file that are in memory, in pages. */
static size_t pages_in_memory(const char *path, size_t bytes)
{
    unsigned char in_memory[MAPPED_BYTES / 4096] = {0};
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(descriptor >= 0);
    void *map = mmap(NULL, bytes, PROT_READ, MAP_SHARED, descriptor, 0);
    assert_true(map != MAP_FAILED);
    assert_int_equal(mincore(map, bytes, in_memory), 0);
    size_t count = 0;
    for (size_t i = 0; i < sizeof in_memory; i++) {
        count += in_memory[i] & 1u;
    }
    assert_int_equal(munmap(map, bytes), 0);
    close(descriptor);
    return count;
}

/* The bytes are the same, the memory is free, and the file goes on by calls. */
static void a_file_that_was_let_go(void **state)
{
    (void)state;
    char folder[] = "/var/tmp/dojima_disk_XXXXXX"; /* /tmp may be memory alone */
    assert_non_null(mkdtemp(folder));
    char path[64];
    (void)snprintf(path, sizeof path, "%s/mapped", folder);
    struct host_disk *disk = host_disk_posix();
    struct host_file *file = NULL;
    enum status status = disk->ops->open(disk, path, HOST_OPEN_WRITE | HOST_OPEN_CREATE, &file);
    assert_int_equal(status, STATUS_OK);
    uint8_t written[MAPPED_BYTES];
    memset(written, 7, sizeof written);
    assert_int_equal(file->ops->write_at(file, 0, written, sizeof written), STATUS_OK);
    assert_int_equal(file->ops->map(file), STATUS_OK);
    memset(written, 9, 5000);
    assert_int_equal(file->ops->write_at(file, 0, written, 5000), STATUS_OK);
    assert_int_equal(pages_in_memory(path, sizeof written), MAPPED_BYTES / 4096);
    assert_int_equal(file->ops->let_go(file), STATUS_OK);
    assert_int_equal(pages_in_memory(path, sizeof written), 0);
    written[6000] = 11;
    assert_int_equal(file->ops->write_at(file, 6000, written + 6000, 1), STATUS_OK);
    uint8_t bytes[MAPPED_BYTES];
    size_t count = 0;
    assert_int_equal(file->ops->read_at(file, 0, bytes, sizeof bytes, &count), STATUS_OK);
    assert_int_equal(count, sizeof bytes);
    assert_memory_equal(bytes, written, sizeof bytes);
    file->ops->close(file);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kill_leaves_the_cache_and_a_later_crash_takes_it),
        cmocka_unit_test(errors_come_where_they_were_asked_for),
        cmocka_unit_test(after_a_failed_sync_a_direct_read_tells_the_truth),
        cmocka_unit_test(the_list_on_posix),
        cmocka_unit_test(the_list_on_sim),
        cmocka_unit_test(a_crash_has_the_fate_asked_for),
        cmocka_unit_test(one_seed_gives_one_behaviour),
        cmocka_unit_test(open_files_and_locks_die_in_a_crash),
        cmocka_unit_test(a_failed_sync_loses_what_the_cache_still_shows),
        cmocka_unit_test(only_files_are_opened),
        cmocka_unit_test(mapped_writes_outlive_the_process),
        cmocka_unit_test(a_file_that_was_let_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
