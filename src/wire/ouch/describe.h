/* SPDX-License-Identifier: Apache-2.0
 *
 * An OUCH message as one line of text or one JSON object (wire/fields.h says how values look); the
 * appendage follows the fields, tags by name, as `appendage` in JSON.
 *
 * Owner: nobody. Threads: any. Memory: the caller's text. Errors: those of ouch_check; nothing is
 * written then. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_OUCH_DESCRIBE_H
#define DOJIMA_WIRE_OUCH_DESCRIBE_H

#include "wire/fields.h"
#include "wire/ouch/ouch.h"

MUST_USE enum status ouch_describe(enum ouch_direction direction, const uint8_t *at, size_t bytes,
                                   enum fields_style style, struct text *out);

#endif
