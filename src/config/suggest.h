/* SPDX-License-Identifier: Apache-2.0
 *
 * What was probably meant by an unknown word: the nearest known one by edit distance.
 *
 * Owner: the caller. Threads: one. Memory: in place. Errors: none; `best` stays null when nothing
 * is near. Order of calls: suggest_init, suggest_try..., read `best`.
 */
#ifndef DOJIMA_CONFIG_SUGGEST_H
#define DOJIMA_CONFIG_SUGGEST_H

#include "base/compiler.h"

#include <stddef.h>

#define SUGGEST_BYTES_MAX 64u /* of a word; longer ones are never near */

struct suggest {
    const char *word;
    const char *best;
    size_t distance; /* of the best; what is further is no suggestion */
};

void suggest_init(struct suggest *suggest, const char *word);
/* `candidate` must outlive the reading of `best`. */
void suggest_try(struct suggest *suggest, const char *candidate);

/* Insertions, deletions, changes and swaps of neighbours that make one of the other; SIZE_MAX when
 * either is too long. */
size_t suggest_distance(const char *one, const char *other);

#endif
