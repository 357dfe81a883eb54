/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a stream gives a file's bytes and its size, names what is wrong with a path, and finds the
 * right file beside another. Method: small files in a fresh folder.
 */
#include "host/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const names[] = {"day1.mbo.dbn.zst", "day1.definition.dbn.zst",
                                    "day2.definition.dbn", "day1.definition.txt"};

static char folder[64];

static const char *path_of(const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/dojima_stream_XXXXXX");
    if (mkdtemp(folder) == NULL) {
        return 1;
    }
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        FILE *file = fopen(path_of(names[i]), "wb");
        if (file == NULL || fputs("0123456789", file) < 0 || fclose(file) != 0) {
            return 1;
        }
    }
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        (void)unlink(path_of(names[i]));
    }
    return rmdir(folder);
}

static void bytes_in_order(void **state)
{
    (void)state;
    struct host_stream stream;
    assert_int_equal(host_stream_open(path_of(names[0]), &stream), STATUS_OK);
    assert_int_equal(stream.bytes, 10);
    uint8_t bytes[16];
    size_t count = 0;
    assert_int_equal(host_stream_read(&stream, bytes, 4, &count), STATUS_OK);
    assert_int_equal(count, 4);
    assert_int_equal(host_stream_read(&stream, bytes + 4, 12, &count), STATUS_OK);
    assert_int_equal(count, 6);
    assert_memory_equal(bytes, "0123456789", 10);
    assert_int_equal(host_stream_read(&stream, bytes, 4, &count), STATUS_OK);
    assert_int_equal(count, 0);
    host_stream_close(&stream);
    host_stream_close(&stream);
}

static void paths_that_are_none(void **state)
{
    (void)state;
    struct host_stream stream;
    assert_int_equal(host_stream_open(path_of("none"), &stream), STATUS_NOT_FOUND);
    assert_int_equal(host_stream_open(folder, &stream), STATUS_INVALID);
}

static void what_is_at_a_path(void **state)
{
    (void)state;
    char link_path[256];
    char other[256];
    (void)snprintf(link_path, sizeof link_path, "%s", path_of("link"));
    (void)snprintf(other, sizeof other, "%s", path_of(names[1]));
    assert_int_equal(symlink(names[0], link_path), 0);
    assert_string_equal(host_stream_what(path_of(names[0])), "a regular file");
    assert_string_equal(host_stream_what(link_path), "a regular file");
    assert_string_equal(host_stream_what(folder), "a directory");
    assert_string_equal(host_stream_what("/dev/null"), "a device");
    assert_string_equal(host_stream_what(path_of("none")), "nothing");
    assert_true(host_stream_same(path_of(names[0]), link_path));
    assert_false(host_stream_same(other, link_path));
    assert_false(host_stream_same(path_of("none"), path_of("none")));
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(symlink("nowhere", link_path), 0);
    assert_string_equal(host_stream_what(link_path), "a link to nothing");
    assert_int_equal(unlink(link_path), 0);
    assert_int_equal(mkfifo(link_path, 0600), 0);
    assert_string_equal(host_stream_what(link_path), "a named pipe");
    assert_int_equal(unlink(link_path), 0);
}

static void one_maker_at_a_time(void **state)
{
    (void)state;
    struct host_stream first;
    struct host_stream second;
    char path[256];
    char renamed[256];
    (void)snprintf(path, sizeof path, "%s", path_of("part"));
    (void)snprintf(renamed, sizeof renamed, "%s", path_of("whole"));
    FILE *stale = fopen(path, "wb");
    assert_non_null(stale);
    assert_true(fputs("what a killed process left", stale) >= 0);
    assert_int_equal(fclose(stale), 0);
    assert_int_equal(host_stream_create(path, &first), STATUS_OK);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 0);
    assert_int_equal(host_stream_create(path, &second), STATUS_BUSY);
    assert_int_equal(rename(path, renamed), 0);
    assert_int_equal(host_stream_create(path, &second), STATUS_OK);
    host_stream_close(&first);
    host_stream_close(&second);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(renamed), 0);
    assert_int_equal(host_stream_create(folder, &first), STATUS_INVALID);
    assert_int_equal(host_stream_create(path_of("none/part"), &first), STATUS_NOT_FOUND);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_int_equal(host_stream_create(path, &first), STATUS_INVALID);
    assert_int_equal(unlink(path), 0);
}

static void the_file_beside(void **state)
{
    (void)state;
    char found[256];
    assert_int_equal(host_stream_find_beside(path_of("day1.mbo.dbn.zst"), "definition", ".dbn.zst",
                                             ".dbn", found, sizeof found),
                     STATUS_OK);
    assert_string_equal(found, path_of("day1.definition.dbn.zst"));
    assert_int_equal(host_stream_find_beside(path_of("day2.mbo.dbn"), "definition", ".dbn.zst",
                                             ".dbn", found, sizeof found),
                     STATUS_OK);
    assert_string_equal(found, path_of("day2.definition.dbn"));
    assert_int_equal(
        host_stream_find_beside(path_of("x"), "trades", ".dbn.zst", ".dbn", found, sizeof found),
        STATUS_NOT_FOUND);
    assert_int_equal(
        host_stream_find_beside(path_of("x"), "definition", ".dbn.zst", ".dbn", found, 8),
        STATUS_OVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_in_order),    cmocka_unit_test(paths_that_are_none),
        cmocka_unit_test(what_is_at_a_path), cmocka_unit_test(one_maker_at_a_time),
        cmocka_unit_test(the_file_beside),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
