/* SPDX-License-Identifier: Apache-2.0
 *
 * One thread that does one job at a time for its owner: the log's writer, the maker of the next
 * segment. With three processors or more it spins a little before it sleeps, so that a steady
 * stream of jobs costs no wake-up; the owner, who has nothing else to do, always does.
 *
 * Owner: one thread at a time, which alone kicks and waits. Threads: the job runs on the worker;
 * what the owner wrote before the kick is seen by the job, what the job wrote is seen after
 * host_worker_wait.
 * Memory: one object and a thread stack. Errors: NO_MEMORY.
 * Order of calls: open, {kick, wait}..., close (which waits).
 */
#ifndef DOJIMA_HOST_WORKER_H
#define DOJIMA_HOST_WORKER_H

#include "base/status.h"

struct host_worker;

typedef void host_on_job(void *context);

MUST_USE enum status host_worker_open(host_on_job *on_job, void *context,
                                      struct host_worker **out_worker);
/* Starts the job once; it must not be running. */
void host_worker_kick(struct host_worker *worker);
void host_worker_wait(struct host_worker *worker);
/* Lets whoever waits for this processor have it first. */
void host_worker_yield(void);
/* Called in a job: from then on this worker has a tenth of the processor that an order's thread
 * wants as well, and all of one that nobody wants. For jobs that compute for long and can wait. */
void host_worker_give_way(void);
/* Null is accepted. */
void host_worker_close(struct host_worker *worker);

#endif
