/* SPDX-License-Identifier: Apache-2.0
 *
 * What every simulated venue is started with: a configuration of small limits and an identity store
 * of three participants, made once a process on a disk of its own.
 *
 * Owner: the program. Threads: one. Memory: malloc. Errors: a failure is a bug.
 * Order of calls: setup_open, any number of runs, setup_close.
 */
#ifndef DOJIMA_SIM_SETUP_H
#define DOJIMA_SIM_SETUP_H

#include "config/config.h"
#include "host/sim/disk.h"
#include "identity/identity.h"
#include "sim/desk.h"

#define SETUP_PARTICIPANTS 3u
#define SETUP_SESSIONS     6u /* two a participant */
#define SETUP_INSTRUMENTS  2u /* of those listed, that are traded */
#define SETUP_DATA         "venue"

#define SETUP_DESKS 4u /* sessions behind those of the seats, that come through the gateway */

struct setup {
    struct sim_disk disk; /* of the store */
    struct identity *identity;
    struct config *config;
    struct config *old_config; /* of a venue that began under an older release */
    struct desk_key keys[SETUP_DESKS];
};

void setup_open(struct setup *setup);
void setup_close(struct setup *setup);

/* Participant of a session; its account has the same number. */
static inline uint32_t setup_participant(uint32_t session)
{
    return (session + 1) / 2;
}

#endif
