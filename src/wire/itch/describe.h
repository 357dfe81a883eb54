/* SPDX-License-Identifier: Apache-2.0
 *
 * An ITCH message as one line of text or one JSON object (wire/fields.h says how values look).
 *
 * Owner: nobody. Threads: any. Memory: the caller's text. Errors: UNSUPPORTED: no such letter;
 * TRUNCATED or INVALID: not its length; nothing is written then. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_ITCH_DESCRIBE_H
#define DOJIMA_WIRE_ITCH_DESCRIBE_H

#include "base/status.h"
#include "base/text.h"
#include "wire/fields.h"

MUST_USE enum status itch_describe(const uint8_t *at, size_t bytes, enum fields_style style,
                                   struct text *out);

#endif
