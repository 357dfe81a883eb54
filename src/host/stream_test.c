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
        cmocka_unit_test(bytes_in_order),
        cmocka_unit_test(paths_that_are_none),
        cmocka_unit_test(the_file_beside),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
