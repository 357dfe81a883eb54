/* SPDX-License-Identifier: Apache-2.0
 *
 * From what was written to a value of the list's type, and back to text.
 *
 * Owner: the caller. Threads: any. Memory: a value's text stays the writer's. Errors: false, with a
 * message that says what is expected. Order of calls: any.
 */
#ifndef DOJIMA_CONFIG_VALUE_H
#define DOJIMA_CONFIG_VALUE_H

#include "config/config.h"
#include "config/toml.h"

struct config_value {
    const char *text; /* of every type that is written as one; else "" */
    int64_t number;   /* as config_number; WORD: index, WORDS: bits, FLAG: 0 or 1 */
};

/* A node of a file; the elements of an ARRAY are the nodes behind it whose parent it is. */
MUST_USE bool config_value_of_node(const struct config_spec *spec, const struct toml *document,
                                   uint32_t node, struct config_value *out_value,
                                   struct text *message);

/* Plain text, as in the environment and in flags. */
MUST_USE bool config_value_of_text(const struct config_spec *spec, const char *text,
                                   struct config_value *out_value, struct text *message);

/* As a file would state it. */
void config_value_describe(const struct config_spec *spec, const struct config_value *value,
                           struct text *text);

/* A decimal text in units of 10^-scale; false: not one, more decimals, or too large. */
MUST_USE bool config_decimal(const char *text, unsigned scale, int64_t *out_units);

#endif
