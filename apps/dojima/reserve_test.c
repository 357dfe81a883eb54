/* SPDX-License-Identifier: Apache-2.0
 *
 * What the reserve says of a simulated disk that fills up and is emptied again, at each border.
 */
#include "apps/dojima/reserve.h"

#include "host/sim/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define SEGMENT ((uint64_t)65536)

/* All but `left` bytes of the disk are taken. */
static void leave(struct sim_disk *disk, uint64_t left)
{
    static uint8_t bytes[16 * SEGMENT];
    disk->capacity_bytes = sizeof bytes;
    assert_int_equal(sim_disk_put(disk, "d/other", bytes, sizeof bytes - left), STATUS_OK);
}

static void each_border(void **state)
{
    (void)state;
    static const struct {
        uint64_t left;
        enum reserve_state state;
    } steps[] = {
        {16 * SEGMENT, RESERVE_WHOLE},
        {4 * SEGMENT, RESERVE_WHOLE},
        {4 * SEGMENT - 1, RESERVE_LOW},
        {2 * SEGMENT, RESERVE_LOW},
        {4 * SEGMENT, RESERVE_WHOLE},
        {2 * SEGMENT - 1, RESERVE_GONE},
        {0, RESERVE_GONE},
        {2 * SEGMENT, RESERVE_LOW},
    };
    struct sim_disk disk;
    struct reserve reserve;
    int64_t now_ns = 5;
    sim_disk_init(&disk, 1);
    leave(&disk, steps[0].left);
    reserve_open(&reserve, &disk.base, "d", SEGMENT, now_ns);
    assert_int_equal(reserve.state, RESERVE_WHOLE);
    assert_int_equal(reserve.segments, 8);
    for (size_t i = 1; i < sizeof steps / sizeof steps[0]; i++) {
        leave(&disk, steps[i].left);
        assert_false(reserve_look(&reserve, now_ns + RESERVE_LOOK_NS - 1)); /* not so soon */
        assert_int_equal(reserve.state, steps[i - 1].state);
        now_ns += RESERVE_LOOK_NS;
        assert_int_equal(reserve_look(&reserve, now_ns), steps[i].state != steps[i - 1].state);
        assert_int_equal(reserve.state, steps[i].state);
    }
    /* A disk that does not tell changes nothing. */
    leave(&disk, 16 * SEGMENT);
    sim_disk_crash(&disk, SIM_CRASH_KEPT);
    assert_false(reserve_look(&reserve, now_ns + RESERVE_LOOK_NS));
    assert_int_equal(reserve.state, RESERVE_LOW);
    sim_disk_deinit(&disk);
}

static void a_disk_without_end(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct reserve reserve;
    sim_disk_init(&disk, 1);
    reserve_open(&reserve, &disk.base, "d", SEGMENT, 0);
    assert_int_equal(reserve.state, RESERVE_WHOLE);
    sim_disk_deinit(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_border),
        cmocka_unit_test(a_disk_without_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
