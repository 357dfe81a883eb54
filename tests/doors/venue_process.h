/* SPDX-License-Identifier: Apache-2.0
 *
 * `dojima run` as a process, or several: the engine's and one or two gateways'. They can be killed
 * like a machine that loses its power and started again on the same data and ports, and a gateway
 * can be stopped in the middle of whatever it does.
 *
 * Owner: a test. Threads: one. Memory: in place. Errors: false, said on standard error.
 * Order of calls: venue_process_prepare once, then start, kill or stop, in turn.
 */
#ifndef DOJIMA_TESTS_DOORS_VENUE_PROCESS_H
#define DOJIMA_TESTS_DOORS_VENUE_PROCESS_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define VENUE_PROCESS_PATH_BYTES   256
#define VENUE_PROCESS_GATEWAYS_MAX 2

struct venue_process_gateway {
    pid_t process;      /* 0: not apart, or not running */
    int64_t started_ns; /* when */
    char ouch[32];      /* addresses */
    char native[32];
};

struct venue_process {
    const char *binary;
    const char *const *settings;   /* more of "key=value", null-ended; null: none */
    unsigned gateway_count;        /* processes apart; 0: one inside the engine's */
    unsigned sessions_per_account; /* 0: 1 */
    const char *data_above;        /* directory in which the data is; null: in ours */
    bool has_feed;                 /* the engine's process has that role too: over TCP alone */
    pid_t engine;
    struct venue_process_gateway gateways[VENUE_PROCESS_GATEWAYS_MAX];
    char feed[32];                            /* address of its stream */
    char directory[VENUE_PROCESS_PATH_BYTES]; /* of everything, ours */
    char data[VENUE_PROCESS_PATH_BYTES + 8];
};

struct venue_process_session {
    unsigned number;
    char name[7];
    char password[11];
};

/* A directory of its own, free ports, and an identity store with `count` sessions whose rates do
 * not bind; every second one keeps its orders when it is cut. */
MUST_USE bool venue_process_prepare(struct venue_process *venue,
                                    struct venue_process_session *out_sessions, size_t count);
MUST_USE bool venue_process_start(struct venue_process *venue);
MUST_USE bool venue_process_start_gateway(struct venue_process *venue, unsigned index);

/* SIGKILL. */
void venue_process_kill(struct venue_process *venue);
void venue_process_kill_gateway(struct venue_process *venue, unsigned index);

/* SIGSTOP and SIGCONT. False: there is no such process. */
MUST_USE bool venue_process_freeze_gateway(struct venue_process *venue, unsigned index);
MUST_USE bool venue_process_thaw_gateway(struct venue_process *venue, unsigned index);

/* SIGTERM, and waits; false: it did not end well. */
MUST_USE bool venue_process_stop(struct venue_process *venue);

/* False: the venue ended by itself. A gateway that found no engine yet, or lost it, ends by itself:
 * it is started again, as a supervisor would. */
MUST_USE bool venue_process_lives(struct venue_process *venue);

/* Runs the binary with up to four arguments and gives its standard output; -1: it cannot be run. */
MUST_USE int venue_process_read(const struct venue_process *venue, const char *const *arguments,
                                pid_t *out_process);
/* Its exit code. */
int venue_process_wait(pid_t process);

/* Removes the directory. */
void venue_process_remove(struct venue_process *venue);

#endif
