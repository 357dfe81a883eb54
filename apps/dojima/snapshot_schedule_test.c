/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a snapshot is due when replaying what came after the last one would take half of the
 * restart goal, or the interval is over and anything came; not again at once after a failure.
 * Method: plans by hand, the clock as a number.
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
    assert_false(snapshot_is_due(&plan, 399999, now));
    assert_true(snapshot_is_due(&plan, 400000, now));
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
    plan.failed = true;
    assert_false(snapshot_is_due(&plan, 90000000, 159 * SECOND_NS));
    assert_true(snapshot_is_due(&plan, 90000000, 160 * SECOND_NS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_of_the_goal_is_for_replay),
        cmocka_unit_test(the_interval_needs_something_new),
        cmocka_unit_test(a_failure_is_not_tried_again_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
