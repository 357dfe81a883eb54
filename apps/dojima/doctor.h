/* SPDX-License-Identifier: Apache-2.0
 *
 * The list that `dojima doctor` fills: one finding a check, with a remedy for what is not well.
 *
 * Owner: the command. Threads: one. Memory: in place. Errors: a check that cannot be made is a
 * finding too. Order of calls: zeroed is empty; doctor_find from each check.
 */
#ifndef DOJIMA_APPS_DOCTOR_H
#define DOJIMA_APPS_DOCTOR_H

#include "config/config.h"

#define DOCTOR_FINDINGS_MAX 32
#define DOCTOR_TEXT_BYTES   200

enum doctor_grade { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };

struct doctor_finding {
    const char *check; /* "disk.commit" */
    enum doctor_grade grade;
    char found[DOCTOR_TEXT_BYTES];
    char remedy[DOCTOR_TEXT_BYTES]; /* "" = none needed */
};

struct doctor {
    const struct config *config;
    struct doctor_finding findings[DOCTOR_FINDINGS_MAX];
    size_t count;
    /* the disk's figures, for --json */
    uint64_t commit_p50_ns;
    uint64_t commit_p99_ns;
    uint64_t commit_count;
};

/* The remedy of a check that is well is not kept. */
PRINTF_LIKE(5, 6)
void doctor_find(struct doctor *doctor, const char *check, enum doctor_grade grade,
                 const char *remedy, const char *format, ...);

void doctor_check_clock(struct doctor *doctor);
void doctor_check_machine(struct doctor *doctor);
void doctor_check_disk(struct doctor *doctor);
void doctor_check_ports(struct doctor *doctor);

#endif
