/* SPDX-License-Identifier: Apache-2.0
 *
 * The instruments as the public stream lists them: terms by number, number by symbol, and the phase
 * each is in. A fold, fed with every public entry.
 *
 * Owner: a gateway. Threads: one. Memory: malloc, by the number of instruments. Errors: NO_MEMORY.
 * Order of calls: zeroed, any, directory_deinit.
 */
#ifndef DOJIMA_GATEWAY_DIRECTORY_H
#define DOJIMA_GATEWAY_DIRECTORY_H

#include "base/status.h"
#include "wire/native/event.h"

#include <stddef.h>

#define DIRECTORY_SYMBOL_BYTES 8u /* of OUCH and ITCH, padded with blanks */

struct directory_row {
    struct event_instrument_listed terms;
    enum phase phase;
    enum phase_reason reason;
};

struct directory {
    struct directory_row *rows; /* in the order of their listing */
    uint32_t count;
    uint32_t capacity;
    uint32_t *by_symbol; /* row + 1, open addressing */
    uint32_t *by_number;
    uint32_t slots; /* of each table; a power of two, or 0 */
};

/* Any event; those that do not concern it change nothing. */
MUST_USE enum status directory_apply(struct directory *directory, const struct event *event);

/* Null if there is none. */
const struct directory_row *directory_get(const struct directory *directory, uint32_t instrument);

/* By symbol, zero-filled to 16 bytes; null if there is none. */
const struct directory_row *directory_find(const struct directory *directory,
                                           const struct chars16 *symbol);

/* The same by a symbol of 8 characters padded with blanks, among those that OUCH can express. */
const struct directory_row *directory_find_padded(const struct directory *directory,
                                                  const char symbol[DIRECTORY_SYMBOL_BYTES]);

/* The symbol padded with blanks; blanks alone for an unknown instrument. */
void directory_pad(const struct directory *directory, uint32_t instrument,
                   char out_symbol[DIRECTORY_SYMBOL_BYTES]);

void directory_deinit(struct directory *directory);

#endif
