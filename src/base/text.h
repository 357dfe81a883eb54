/* SPDX-License-Identifier: Apache-2.0
 *
 * A bounded text writer: describe functions, reports and error messages are built in a caller's
 * buffer, always NUL-terminated, never overrun; what did not fit is cut and remembered.
 *
 * Owner: the caller. Threads: one a writer. Memory: the caller's buffer. Errors: `truncated`.
 * Order of calls: text_init, then any.
 */
#ifndef DOJIMA_BASE_TEXT_H
#define DOJIMA_BASE_TEXT_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *bytes;
    size_t capacity; /* bytes, the NUL included */
    size_t length;   /* bytes, without the NUL */
    bool truncated;
};

/* `capacity` is at least 1. */
void text_init(struct text *text, char *bytes, size_t capacity);
void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t count);
void text_add_number(struct text *text, uint64_t number);
void text_format(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);

/* `string` as a JSON string with its quotes; control bytes and bytes above 0x7e as \u00xx. */
void text_add_json(struct text *text, const char *bytes, size_t count);

#endif
