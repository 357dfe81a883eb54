/* SPDX-License-Identifier: Apache-2.0
 *
 * What a seat hears: each event against what it sent and what is known of the name. Private to
 * seat.c.
 *
 * Owner: seat.c. Threads: one. Memory: none. Errors: names->wrong. Order of calls: any.
 */
#ifndef DOJIMA_TESTS_DOORS_SEAT_HEAR_H
#define DOJIMA_TESTS_DOORS_SEAT_HEAR_H

#include "doors/seat.h"

/* A message of its stream. */
void seat_hear(struct seat *seat, uint64_t number, const uint8_t *bytes, size_t count);

/* One outside the stream: NOT SEQUENCED, or words for people. */
void seat_hear_refusal(struct seat *seat, const uint8_t *bytes, size_t count);

#endif
