/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: every kick runs the job exactly once, and the owner sees what the job wrote.
 * Method: many kicks back to back; kicks of a worker that has gone to sleep, and waits long enough
 * for the owner to sleep (the clock decides there, not the result).
 */
#include "host/worker.h"

#include "host/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

struct counter {
    uint64_t jobs;
    int64_t pause_ns;
};

static void count_job(void *context)
{
    struct counter *counter = context;
    if (counter->pause_ns > 0) {
        host_clock_sleep_until(host_clock_monotonic_ns() + counter->pause_ns);
    }
    counter->jobs++;
}

static void runs_each_kick_once(void **state)
{
    (void)state;
    struct counter counter = {0};
    struct host_worker *worker = NULL;
    assert_int_equal(host_worker_open(count_job, &counter, &worker), STATUS_OK);
    for (uint64_t i = 1; i <= 20000; i++) {
        host_worker_kick(worker);
        host_worker_wait(worker);
        assert_int_equal(counter.jobs, i);
    }
    host_worker_close(worker);
}

static void works_when_both_sides_sleep(void **state)
{
    (void)state;
    struct counter counter = {.pause_ns = 300000};
    struct host_worker *worker = NULL;
    assert_int_equal(host_worker_open(count_job, &counter, &worker), STATUS_OK);
    for (uint64_t i = 1; i <= 50; i++) {
        host_clock_sleep_until(host_clock_monotonic_ns() + 200000);
        host_worker_kick(worker);
        host_worker_wait(worker);
        assert_int_equal(counter.jobs, i);
    }
    host_worker_kick(worker);
    host_worker_close(worker);
    assert_int_equal(counter.jobs, 51);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_each_kick_once),
        cmocka_unit_test(works_when_both_sides_sleep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
