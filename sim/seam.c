/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/seam.h"

#include "base/assert.h"
#include "host/clock.h"
#include "host/worker.h"

#include <stdlib.h>

struct host_worker {
    struct host_worker *next;
    host_on_job *on_job;
    void *context;
    int64_t due_ns;
    uint64_t ticket; /* of the kick, 0 = nothing to do */
};

/* The one world of this process. */
static struct {
    struct sim_disk *disk;
    struct host_worker *workers;
    struct prng prng;
    int64_t monotonic_ns;
    int64_t wall_offset_ns;
    int64_t least_ns;
    int64_t most_ns;
    uint64_t ticket;
    bool running; /* inside a job */
} world;

void sim_seam_begin(int64_t wall_ns, uint64_t seed)
{
    world.monotonic_ns = 1000000000;
    world.wall_offset_ns = wall_ns - world.monotonic_ns;
    world.least_ns = 0;
    world.most_ns = 0;
    prng_init(&world.prng, seed);
}

void sim_seam_use_disk(struct sim_disk *disk)
{
    world.disk = disk;
}

struct host_disk *host_disk_posix(void)
{
    ASSERT(world.disk != NULL);
    return &world.disk->base;
}

void sim_clock_advance(int64_t ns)
{
    ASSERT(ns >= 0);
    world.monotonic_ns += ns;
}

void sim_clock_jump(int64_t ns)
{
    world.wall_offset_ns += ns;
}

int64_t host_clock_monotonic_ns(void)
{
    return world.monotonic_ns++;
}

int64_t host_clock_wall_ns(void)
{
    return world.monotonic_ns++ + world.wall_offset_ns;
}

void host_clock_sleep_until(int64_t until_ns)
{
    if (until_ns > world.monotonic_ns) {
        world.monotonic_ns = until_ns;
    }
}

void sim_workers_set_latency(int64_t least_ns, int64_t most_ns)
{
    world.least_ns = least_ns;
    world.most_ns = most_ns;
}

enum status host_worker_open(host_on_job *on_job, void *context, struct host_worker **out_worker)
{
    struct host_worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) {
        return STATUS_NO_MEMORY;
    }
    *worker = (struct host_worker){.next = world.workers, .on_job = on_job, .context = context};
    world.workers = worker;
    *out_worker = worker;
    return STATUS_OK;
}

void host_worker_kick(struct host_worker *worker)
{
    ASSERT(worker->ticket == 0);
    worker->ticket = ++world.ticket;
    worker->due_ns = world.monotonic_ns + prng_between(&world.prng, world.least_ns, world.most_ns);
}

static void run(struct host_worker *worker)
{
    bool inside = world.running;
    world.running = true;
    worker->on_job(worker->context);
    world.running = inside;
    worker->ticket = 0;
}

/* The job that was given first, of those given up to `ticket`, or null. */
static struct host_worker *oldest(uint64_t ticket)
{
    struct host_worker *found = NULL;
    for (struct host_worker *i = world.workers; i != NULL; i = i->next) {
        if (i->ticket != 0 && i->ticket <= ticket && (found == NULL || i->ticket < found->ticket)) {
            found = i;
        }
    }
    return found;
}

/* Who waits lets time pass. The log's writers need their order; a job that waits for another
 * worker's wants that one alone. */
void host_worker_wait(struct host_worker *worker)
{
    if (worker->ticket == 0) {
        return;
    }
    host_clock_sleep_until(worker->due_ns);
    while (!world.running && worker->ticket != 0) {
        run(oldest(worker->ticket));
    }
    if (worker->ticket != 0) {
        run(worker);
    }
}

void sim_workers_run(void)
{
    struct host_worker *worker = oldest(UINT64_MAX);
    while (worker != NULL && worker->due_ns <= world.monotonic_ns) {
        run(worker);
        worker = oldest(UINT64_MAX);
    }
}

void host_worker_yield(void)
{
}

void host_worker_give_way(void)
{
}

void host_worker_close(struct host_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    host_worker_wait(worker);
    struct host_worker **link = &world.workers;
    while (*link != worker) {
        link = &(*link)->next;
    }
    *link = worker->next;
    free(worker);
}
