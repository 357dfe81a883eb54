/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/generate_draw.h"

#include "base/compiler.h"

#include <stdbool.h>
#include <stdlib.h>

/* A quantile function: straight lines between points, the last at 65,536. */
struct quantile {
    uint32_t at; /* of 65,536 */
    uint32_t value;
};

static uint32_t draw(struct prng *prng, const struct quantile *table)
{
    uint64_t random = prng_next(prng);
    uint32_t at = (uint32_t)(random & 0xffff);
    while (at >= table[1].at) {
        table++;
    }
    uint32_t width = table[1].at - table[0].at;
    uint64_t position = (uint64_t)(at - table[0].at) << 16 | (random >> 16 & 0xffff);
    uint64_t rise = table[1].value - table[0].value;
    return table[0].value + (uint32_t)(rise * position / ((uint64_t)width << 16));
}

#define PERCENT(tenths) ((tenths)*65536u / 1000u)

uint32_t draw_quantity(struct prng *prng)
{
    static const struct quantile odd_lots[] = {{0, 1}, {65536, 100}};
    static const struct quantile round_lots[] = {{0, 2}, {PERCENT(900), 5}, {65536, 21}};
    uint64_t kind = prng_below(prng, 1000);
    if (kind < 400) {
        return draw(prng, odd_lots);
    }
    return kind < 900 ? 100 : draw(prng, round_lots) * 100;
}

uint32_t draw_distance(struct prng *prng)
{
    /* Between the known percentiles of the tail the points lie on a straight line of logarithms. */
    static const struct quantile distances[] = {
        {0, 50},
        {PERCENT(250), 200},
        {PERCENT(500), 450},
        {PERCENT(750), 1100},
        {PERCENT(800), 2540},
        {PERCENT(850), 5880},
        {PERCENT(900), 13600},
        {PERCENT(920), 36100},
        {PERCENT(945), 121800},
        {PERCENT(970), 410000},
        {PERCENT(990), 1090000},
        {65536, 3000000},
    };
    return draw(prng, distances);
}

uint32_t draw_first_price(struct prng *prng)
{
    static const struct quantile prices[] = {{0, 20000},
                                             {PERCENT(100), 50000},
                                             {PERCENT(250), 150000},
                                             {PERCENT(500), 400000},
                                             {PERCENT(750), 900000},
                                             {PERCENT(900), 2000000},
                                             {PERCENT(990), 8000000},
                                             {65536, 20000000}};
    return draw(prng, prices);
}

/* -log2 of a uniform number: the leading zeros and, straight between them, the next bits. Its mean
 * is exactly 3/2 by this rule, so dividing by that keeps the mean. */
uint64_t draw_gap_ns(struct prng *prng, uint64_t mean_ns)
{
    uint64_t random = prng_next(prng) | 1u << 12;
    uint32_t zeros = (uint32_t)__builtin_clzll(random);
    uint64_t mantissa = random << zeros << 1 >> 48;
    uint64_t length = ((uint64_t)zeros + 1) * 65536 - mantissa;
    return (uint64_t)((uint128)mean_ns * length * 2 / (3 * 65536u));
}

static void shuffle(uint32_t *values, uint32_t count, struct prng *prng)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t other = (uint32_t)prng_below(prng, i);
        uint32_t kept = values[i - 1];
        values[i - 1] = values[other];
        values[other] = kept;
    }
}

/* Vose's construction with whole numbers: weights are scaled so that their mean is exactly `share`.
 */
static void fill_alias_table(struct draw_popularity *popularity, uint64_t *weights,
                             uint32_t *columns)
{
    uint32_t count = popularity->count;
    uint64_t share = 0;
    for (uint32_t i = 0; i < count; i++) {
        share += weights[i];
    }
    uint32_t small = 0;
    uint32_t large = count;
    for (uint32_t i = 0; i < count; i++) {
        weights[i] *= count;
        if (weights[i] < share) {
            columns[small++] = i;
        } else {
            columns[--large] = i;
        }
    }
    while (small > 0 && large < count) {
        uint32_t poor = columns[--small];
        uint32_t rich = columns[large];
        popularity->thresholds[poor] = (uint32_t)(((uint128)weights[poor] << 32) / share);
        popularity->aliases[poor] = rich;
        weights[rich] -= share - weights[poor];
        if (weights[rich] < share) {
            large++;
            columns[small++] = rich;
        }
    }
    while (small > 0) {
        popularity->thresholds[columns[--small]] = UINT32_MAX;
    }
    while (large < count) {
        popularity->thresholds[columns[large++]] = UINT32_MAX;
    }
}

enum status draw_popularity_init(struct draw_popularity *popularity, uint32_t count,
                                 struct prng *prng)
{
    *popularity = (struct draw_popularity){.count = count};
    popularity->thresholds = calloc(count, sizeof *popularity->thresholds);
    popularity->aliases = calloc(count, sizeof *popularity->aliases);
    uint64_t *weights = calloc(count, sizeof *weights);
    uint32_t *columns = calloc(count, sizeof *columns);
    bool enough = popularity->thresholds != NULL && popularity->aliases != NULL &&
                  weights != NULL && columns != NULL;
    if (enough) {
        for (uint32_t i = 0; i < count; i++) {
            columns[i] = i;
        }
        shuffle(columns, count, prng);
        for (uint32_t i = 0; i < count; i++) {
            weights[columns[i]] = (UINT64_C(1) << 40) / (i + 1);
            popularity->aliases[i] = i;
        }
        fill_alias_table(popularity, weights, columns);
    } else {
        draw_popularity_deinit(popularity);
    }
    free(weights);
    free(columns);
    return enough ? STATUS_OK : STATUS_NO_MEMORY;
}

void draw_popularity_deinit(struct draw_popularity *popularity)
{
    free(popularity->thresholds);
    free(popularity->aliases);
    *popularity = (struct draw_popularity){0};
}

uint32_t draw_instrument(const struct draw_popularity *popularity, struct prng *prng)
{
    uint64_t random = prng_next(prng);
    uint32_t column = (uint32_t)(((random >> 32) * popularity->count) >> 32);
    return (uint32_t)random < popularity->thresholds[column] ? column : popularity->aliases[column];
}
