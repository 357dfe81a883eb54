/* SPDX-License-Identifier: Apache-2.0 */
#include "host/worker.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/machine.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* DESIGN "Budget of the order path": spin 50 to 100 us, then sleep. A worker spins only where it
 * has processors enough: on two, beside a trading loop that never sleeps, it would take the only
 * other one from the worker that has something to do, and from everybody else. */
#define SPIN_NS         50000
#define SPIN_PROCESSORS 3u
#define GIVES_WAY       10 /* of nice: a weight of 110 beside 1,024 */

enum worker_state {
    WORKER_IDLE = 0,
    WORKER_BUSY = 1,
    WORKER_STOP = 2,
};

struct host_worker {
    _Atomic int state;
    _Atomic bool worker_sleeps;
    _Atomic bool owner_sleeps;
    host_on_job *on_job;
    void *context;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
};

/* Until the state is no longer `state`. A sleeper says so under the mutex before it looks again,
 * and who changes the state looks at that flag afterwards: both sequentially consistent, so one of
 * the two sees the other. */
static void wait_while(struct host_worker *worker, int state, int64_t spin_ns, _Atomic bool *sleeps)
{
    int64_t until_ns = host_clock_monotonic_ns() + spin_ns;
    while (atomic_load(&worker->state) == state) {
        for (int i = 0; i < 64 && atomic_load(&worker->state) == state; i++) {
            CPU_PAUSE();
        }
        if (host_clock_monotonic_ns() >= until_ns) {
            break;
        }
    }
    if (atomic_load(&worker->state) != state) {
        return;
    }
    pthread_mutex_lock(&worker->mutex);
    atomic_store(sleeps, true);
    while (atomic_load(&worker->state) == state) {
        pthread_cond_wait(&worker->changed, &worker->mutex);
    }
    atomic_store(sleeps, false);
    pthread_mutex_unlock(&worker->mutex);
}

static void change(struct host_worker *worker, int state, _Atomic bool *other_sleeps)
{
    atomic_store(&worker->state, state);
    if (atomic_load(other_sleeps)) {
        pthread_mutex_lock(&worker->mutex);
        pthread_cond_broadcast(&worker->changed);
        pthread_mutex_unlock(&worker->mutex);
    }
}

static void *worker_run(void *argument)
{
    struct host_worker *worker = argument;
    host_machine_leave_processor();
    int64_t spin_ns = host_machine_processors() >= SPIN_PROCESSORS ? SPIN_NS : 0;
    for (;;) {
        wait_while(worker, WORKER_IDLE, spin_ns, &worker->worker_sleeps);
        if (atomic_load(&worker->state) == WORKER_STOP) {
            return NULL;
        }
        worker->on_job(worker->context);
        change(worker, WORKER_IDLE, &worker->owner_sleeps);
    }
}

enum status host_worker_open(host_on_job *on_job, void *context, struct host_worker **out_worker)
{
    struct host_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        return STATUS_NO_MEMORY;
    }
    worker->on_job = on_job;
    worker->context = context;
    pthread_mutex_init(&worker->mutex, NULL);
    pthread_cond_init(&worker->changed, NULL);
    if (pthread_create(&worker->thread, NULL, worker_run, worker) != 0) {
        pthread_cond_destroy(&worker->changed);
        pthread_mutex_destroy(&worker->mutex);
        free(worker);
        return STATUS_NO_MEMORY;
    }
    *out_worker = worker;
    return STATUS_OK;
}

void host_worker_kick(struct host_worker *worker)
{
    ASSERT(atomic_load(&worker->state) == WORKER_IDLE);
    change(worker, WORKER_BUSY, &worker->worker_sleeps);
}

void host_worker_wait(struct host_worker *worker)
{
    wait_while(worker, WORKER_BUSY, SPIN_NS, &worker->owner_sleeps);
}

void host_worker_yield(void)
{
    sched_yield();
}

void host_worker_give_way(void)
{
    int failed = setpriority(PRIO_PROCESS, (id_t)gettid(), GIVES_WAY);
    (void)failed; /* it is as before then, and nothing is wrong */
}

void host_worker_close(struct host_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    host_worker_wait(worker);
    change(worker, WORKER_STOP, &worker->worker_sleeps);
    pthread_join(worker->thread, NULL);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->mutex);
    free(worker);
}
