/* SPDX-License-Identifier: Apache-2.0
 *
 * Many lives, each in a process of its own, so that a broken assertion ends one of them and is a
 * finding like any other.
 *
 * Owner: main. Threads: one; a child at a time. Memory: none. Errors: exit codes 0, 1 (something
 * was found), 2. Order of calls: swarm.
 */
#ifndef DOJIMA_APPS_SIM_SWARM_H
#define DOJIMA_APPS_SIM_SWARM_H

#include <stdbool.h>
#include <stdint.h>

enum swarm_mode {
    SWARM_LIVES = 0,   /* the seeds asked for */
    SWARM_CRASHES = 1, /* one life, crashed at every call to the disk with each fate */
    SWARM_ERRORS = 2,  /* one life, every call and every read failing in turn */
    SWARM_BUGS = 3,    /* every planted bug in turn, and the table */
};

struct swarm_options {
    enum swarm_mode mode;
    uint64_t first; /* seed */
    uint64_t count;
    uint64_t commands; /* 0 = by the seed */
    uint64_t bug;      /* planted, 0 = none */
    const char *history;
    bool many; /* a progress line, and a summary at the end */
    bool json;
};

/* The exit code. */
int swarm(const struct swarm_options *options);

#endif
