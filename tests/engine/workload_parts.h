/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the workload share.
 *
 * Owner: the workload. Threads: one. Memory: none. Errors: none. Order of calls: inside
 * workload_next.
 */
#ifndef DOJIMA_TESTS_ENGINE_WORKLOAD_PARTS_H
#define DOJIMA_TESTS_ENGINE_WORKLOAD_PARTS_H

#include "tests/engine/workload.h"

/* The commands that open the venue: true while there is one for this sequence. */
bool workload_opening(const struct workload *workload, uint64_t sequence, struct command *out);

/* Reference data in the middle of the day: mostly refused, now and then something new. */
void workload_reference(struct workload *workload, struct command *out);

/* Sessions that end, mass cancels, dead man's timers, phases, kill switches. */
void workload_control(struct workload *workload, struct command *out);

/* What a gateway says for its session. */
void workload_admin(struct workload *workload, struct command *out);

/* Now and then while something is halted, blocked or under way, so that it does not stay so. */
bool workload_wants_control(struct workload *workload);

/* A command of a short while ago comes again, or its name under another body, or somebody asks what
 * became of it. False if there is none yet. */
bool workload_again(struct workload *workload, struct command *out);

/* The command is given: it may come again. */
void workload_keep(struct workload *workload, const struct command *command);

/* Puts one bad value into a good command. */
void workload_spoil(struct workload *workload, struct command *command);

/* A live order, or null if none was found quickly. */
const struct twin_order *workload_pick_order(struct workload *workload);

/* Speaks for `account`: a session of its participant, or the operator. */
void workload_address(struct workload *workload, uint64_t account, struct command_header *out);

/* A name not used before, or one of a few thousand that come again. */
struct text36 workload_name(struct workload *workload);

static inline bool workload_chance(struct workload *workload, uint64_t percent)
{
    return prng_chance(&workload->prng, percent, 100);
}

#endif
