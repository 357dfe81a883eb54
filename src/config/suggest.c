/* SPDX-License-Identifier: Apache-2.0 */
#include "config/suggest.h"

#include <string.h>

void suggest_init(struct suggest *suggest, const char *word)
{
    /* A third of the letters wrong is still the same word, more is another. */
    size_t count = strlen(word);
    *suggest = (struct suggest){.word = word, .distance = 2 + count / 5};
}

void suggest_try(struct suggest *suggest, const char *candidate)
{
    size_t distance = suggest_distance(suggest->word, candidate);
    if (distance < suggest->distance && distance < strlen(candidate)) {
        suggest->distance = distance;
        suggest->best = candidate;
    }
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

size_t suggest_distance(const char *one, const char *other)
{
    size_t rows = strlen(one);
    size_t columns = strlen(other);
    if (rows > SUGGEST_BYTES_MAX || columns > SUGGEST_BYTES_MAX) {
        return SIZE_MAX;
    }
    /* The last three lines of the table of distances between beginnings. */
    size_t lines[3][SUGGEST_BYTES_MAX + 1];
    for (size_t j = 0; j <= columns; j++) {
        lines[0][j] = j;
    }
    for (size_t i = 1; i <= rows; i++) {
        size_t *now = lines[i % 3];
        const size_t *before = lines[(i + 2) % 3];
        const size_t *twice_before = lines[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t changed = before[j - 1] + (one[i - 1] != other[j - 1]);
            now[j] = least(changed, least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
                now[j] = least(now[j], twice_before[j - 2] + 1);
            }
        }
    }
    return lines[rows % 3][columns];
}
