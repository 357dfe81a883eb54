/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a snapshot is due when replaying what came after the last one would take half of what
 * loading leaves of the restart goal, or the interval is over and anything came; not again at once
 * after a failure, and not before the last one is no more than its share of a processor. A goal
 * that is missed is told once. Method: plans by hand, the clock as a number.
 */
#include "apps/dojima/snapshot_schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define SECOND_NS INT64_C(1000000000)

static struct snapshot_plan plan_of(uint64_t rate, uint64_t last)
{
    return (struct snapshot_plan){.restart_goal_ns = 4 * SECOND_NS,
                                  .interval_ns = 3600 * SECOND_NS,
                                  .processor_share = 5,
                                  .replay_per_s = rate,
                                  .last_command = last,
                                  .last_ns = 100 * SECOND_NS};
}

static void half_of_the_goal_is_for_replay(void **state)
{
    (void)state;
    struct snapshot_plan plan = plan_of(1000000, 5000000);
    int64_t now = 101 * SECOND_NS;
    assert_false(snapshot_is_due(&plan, 5000000, now));
    assert_false(snapshot_is_due(&plan, 6999999, now));
    assert_true(snapshot_is_due(&plan, 7000000, now));
    plan.replay_per_s = 2000000;
    assert_false(snapshot_is_due(&plan, 7000000, now));
    assert_true(snapshot_is_due(&plan, 9000000, now));
    plan = plan_of(0, 0);
    assert_false(snapshot_is_due(&plan, 1999999, now));
    assert_true(snapshot_is_due(&plan, 2000000, now));
}

static void loading_leaves_less_for_replay(void **state)
{
    (void)state;
    struct snapshot_plan plan = plan_of(1000000, 0);
    plan.load_ns = 2 * SECOND_NS;
    assert_false(snapshot_is_due(&plan, 999999, 101 * SECOND_NS));
    assert_true(snapshot_is_due(&plan, 1000000, 101 * SECOND_NS));
    plan.load_ns = 9 * SECOND_NS;
    assert_false(snapshot_is_due(&plan, 499999, 101 * SECOND_NS));
    assert_true(snapshot_is_due(&plan, 500000, 101 * SECOND_NS));
    snapshot_note_try(&plan, false, SECOND_NS, 101 * SECOND_NS);
    assert_true(snapshot_misses_goal(&plan, 1, 102 * SECOND_NS));
}

static void the_interval_needs_something_new(void **state)
{
    (void)state;
    struct snapshot_plan plan = plan_of(1000000, 50);
    assert_false(snapshot_is_due(&plan, 51, 3699 * SECOND_NS));
    assert_true(snapshot_is_due(&plan, 51, 3700 * SECOND_NS));
    assert_false(snapshot_is_due(&plan, 50, 9999 * SECOND_NS));
    assert_false(snapshot_is_due(&plan, 49, 9999 * SECOND_NS));
}

static void a_failure_is_not_tried_again_at_once(void **state)
{
    (void)state;
    struct snapshot_plan plan = plan_of(1000000, 0);
    snapshot_note_try(&plan, true, SECOND_NS, 100 * SECOND_NS);
    assert_false(snapshot_is_due(&plan, 90000000, 160 * SECOND_NS - 1));
    assert_true(snapshot_is_due(&plan, 90000000, 160 * SECOND_NS));
    snapshot_note_try(&plan, true, 10 * SECOND_NS, 200 * SECOND_NS);
    assert_false(snapshot_is_due(&plan, 90000000, 390 * SECOND_NS - 1));
    assert_true(snapshot_is_due(&plan, 90000000, 390 * SECOND_NS));
}

/* Made whenever they may be, whatever the goal asks: 5% of the time, not more. */
static void the_share_binds(void **state)
{
    (void)state;
    struct snapshot_plan plan = plan_of(1000000, 0);
    int64_t now_ns = 100 * SECOND_NS;
    int64_t used_ns = 0;
    for (unsigned i = 0; i < 50; i++) {
        while (!snapshot_is_due(&plan, 90000000, now_ns)) {
            now_ns += SECOND_NS / 10;
        }
        int64_t takes_ns = (1 + i % 7) * SECOND_NS / 2;
        now_ns += takes_ns;
        used_ns += takes_ns;
        snapshot_note_try(&plan, false, takes_ns, now_ns);
    }
    now_ns = plan.held_until_ns;
    assert_in_range(used_ns * 1000 / (now_ns - 100 * SECOND_NS), 45, 50);
    plan.processor_share = 100;
    snapshot_note_try(&plan, false, SECOND_NS, now_ns);
    assert_true(snapshot_is_due(&plan, 90000000, now_ns));
}

static void a_missed_goal_is_told_once(void **state)
{
    (void)state;
    struct snapshot_plan plan = plan_of(1000000, 1000000);
    assert_int_equal(snapshot_replay_ns(&plan, 4000000), 3 * SECOND_NS);
    assert_int_equal(snapshot_replay_ns(&plan, 999999), 0);
    int64_t now_ns = 100 * SECOND_NS;
    assert_false(snapshot_misses_goal(&plan, 9000000, now_ns)); /* one may be made just now */
    snapshot_note_try(&plan, false, SECOND_NS, now_ns);
    assert_false(snapshot_misses_goal(&plan, 4999999, now_ns));
    assert_true(snapshot_misses_goal(&plan, 5000000, now_ns));
    assert_false(snapshot_misses_goal(&plan, 9000000, now_ns));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_of_the_goal_is_for_replay),
        cmocka_unit_test(loading_leaves_less_for_replay),
        cmocka_unit_test(the_interval_needs_something_new),
        cmocka_unit_test(a_failure_is_not_tried_again_at_once),
        cmocka_unit_test(the_share_binds),
        cmocka_unit_test(a_missed_goal_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
