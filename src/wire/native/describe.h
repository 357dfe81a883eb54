/* SPDX-License-Identifier: Apache-2.0
 *
 * Pieces that the generated describe functions share.
 *
 * Owner: nobody. Threads: any. Memory: the caller's text. Errors: the text is cut. Order of calls:
 * any.
 */
#ifndef DOJIMA_WIRE_NATIVE_DESCRIBE_H
#define DOJIMA_WIRE_NATIVE_DESCRIBE_H

#include "base/text.h"
#include "wire/native/domain.h"
#include "wire/native/header.h"

/* "?" for a value outside its set. */
static inline const char *name_or_number(const char *name)
{
    return name != NULL ? name : "?";
}

/* Price units, or none / null. */
void describe_price(struct price price, struct text *out);
void describe_bytes32(const struct bytes32 *bytes, struct text *out);

/* The start of a line, or of an object that the caller closes. `name` may be null. */
void command_header_describe_text(const struct command_header *in, const char *name,
                                  struct text *out);
void command_header_describe_json(const struct command_header *in, const char *name,
                                  struct text *out);
void event_header_describe_text(const struct event_header *in, const char *name, struct text *out);
void event_header_describe_json(const struct event_header *in, const char *name, struct text *out);

#endif
