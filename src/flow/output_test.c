/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: what is written is what is read, plain and as gzip, and a full disk is told of. Method:
 * write, read back with flow/input.h; a device that is always full.
 */
#include "flow/output.h"

#include "flow/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WORDS 40000u

static void round_trip(bool gzip)
{
    char path[] = "/tmp/dojima-output-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    struct output *output = NULL;
    assert_int_equal(output_open(path, gzip, &output), STATUS_OK);
    for (uint32_t i = 0; i < WORDS; i++) {
        assert_int_equal(output_write(output, &i, sizeof i), STATUS_OK);
    }
    assert_int_equal(output_close(output), STATUS_OK);
    struct input input;
    assert_int_equal(input_open_file(path, &input), STATUS_OK);
    assert_int_equal(input.packing, gzip ? INPUT_GZIP : INPUT_PLAIN);
    for (uint32_t i = 0; i < WORDS; i++) {
        uint32_t word;
        assert_true(input_want(&input, sizeof word) >= sizeof word);
        memcpy(&word, input_at(&input), sizeof word);
        assert_int_equal(word, i);
        input_skip(&input, sizeof word);
    }
    assert_int_equal(input_want(&input, 1), 0);
    assert_int_equal(input.status, STATUS_OK);
    input_close(&input);
    remove(path);
}

static void plain_bytes_come_back(void **state)
{
    (void)state;
    round_trip(false);
}

static void gzip_bytes_come_back(void **state)
{
    (void)state;
    round_trip(true);
}

static void a_full_disk_is_told_of(void **state)
{
    (void)state;
    for (int gzip = 0; gzip <= 1; gzip++) {
        struct output *output = NULL;
        assert_int_equal(output_open("/dev/full", gzip == 1, &output), STATUS_OK);
        enum status written = output_write(output, "x", 1);
        enum status closed = output_close(output);
        assert_true(written == STATUS_IO || closed == STATUS_IO);
    }
    struct output *output = NULL;
    assert_int_equal(output_open("no/such/folder/x", false, &output), STATUS_IO);
}

static void the_name_says_gzip(void **state)
{
    (void)state;
    assert_true(output_wants_gzip("day.itch.gz"));
    assert_false(output_wants_gzip("day.itch"));
    assert_false(output_wants_gzip(".gz"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_bytes_come_back),
        cmocka_unit_test(gzip_bytes_come_back),
        cmocka_unit_test(a_full_disk_is_told_of),
        cmocka_unit_test(the_name_says_gzip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
