/* SPDX-License-Identifier: Apache-2.0
 *
 * Fields of fixed width padded with blanks, as OUCH, ITCH and SoupBinTCP write text
 * (left-justified) and numbers (right-justified decimal digits).
 *
 * Owner: the caller. Threads: any. Memory: the caller's bytes. Errors: INVALID for what is no
 * number; a text that does not fit is the caller's bug. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_BLANK_H
#define DOJIMA_WIRE_BLANK_H

#include "base/status.h"

#include <stddef.h>

/* Length of `text` without the blanks at its end. */
size_t blank_length(const char *text, size_t bytes);

/* `string`, `length` bytes of it, blank-padded on the right to `bytes`. */
void blank_set(char *out_text, size_t bytes, const char *string, size_t length);

/* Decimal digits with blanks before (and, as some peers write it, after) them; all blank is 0.
 * INVALID if there is anything else, or more than 64 bits. */
MUST_USE enum status blank_number(const char *text, size_t bytes, uint64_t *out_value);

/* `value` in decimal digits, blank-padded on the left to `bytes`, which it fits. */
void blank_number_set(char *out_text, size_t bytes, uint64_t value);

#endif
