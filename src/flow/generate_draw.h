/* SPDX-License-Identifier: Apache-2.0
 *
 * What the generator draws at random: all of it from integer tables, so that a seed gives the same
 * day with every compiler.
 *
 * Owner: the generator. Threads: one. Memory: the popularity table. Errors: NO_MEMORY.
 * Order of calls: draw_popularity_init before draw_instrument, draw_popularity_deinit.
 */
#ifndef DOJIMA_FLOW_GENERATE_DRAW_H
#define DOJIMA_FLOW_GENERATE_DRAW_H

#include "base/prng.h"
#include "base/status.h"

/* Walker's alias table over instruments: one draw, one or two look-ups. */
struct draw_popularity {
    uint32_t *thresholds; /* of 2^32: below it the column itself, else its alias */
    uint32_t *aliases;
    uint32_t count;
};

/* Zipf-like with exponent 1: the k-th most popular of `count` has weight 1/k; which instrument has
 * which rank is shuffled. */
MUST_USE enum status draw_popularity_init(struct draw_popularity *popularity, uint32_t count,
                                          struct prng *prng);
void draw_popularity_deinit(struct draw_popularity *popularity);
uint32_t draw_instrument(const struct draw_popularity *popularity, struct prng *prng);

/* Shares of a new order: median to 90th percentile 100, 99th 400, mean near 100. */
uint32_t draw_quantity(struct prng *prng);

/* Distance of a new order from the middle in 10^-4 dollars: 50% 450, 75% 1,100, 90% 13,600, 99%
 * 1,090,000. */
uint32_t draw_distance(struct prng *prng);

/* First price of an instrument in 10^-4 dollars: between 2 and 2,000 dollars, median 40. */
uint32_t draw_first_price(struct prng *prng);

/* Exponential waiting time with that mean (piecewise linear between the powers of two). */
uint64_t draw_gap_ns(struct prng *prng, uint64_t mean_ns);

#endif
