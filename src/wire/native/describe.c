/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/native/describe.h"

#include <inttypes.h>

void describe_price(struct price price, struct text *out)
{
    if (price.units == PRICE_NONE) {
        text_add(out, "null");
    } else {
        text_format(out, "%" PRId64, price.units);
    }
}

void describe_bytes32(const struct bytes32 *bytes, struct text *out)
{
    for (size_t i = 0; i < sizeof bytes->bytes; i++) {
        text_format(out, "%02x", bytes->bytes[i]);
    }
}

void command_header_describe_text(const struct command_header *in, const char *name,
                                  struct text *out)
{
    text_format(out, "c%" PRIu64 " %" PRIu64 " %s", in->sequence, in->time_ns,
                name_or_number(name));
    if (in->session != 0) {
        text_format(out, " session=%" PRIu32 "/%" PRIu32 " input=%" PRIu64, in->session,
                    in->incarnation, in->input_sequence);
    }
    if (in->source != 0) {
        text_format(out, " source=%u/%" PRIu64 "/%" PRIu32, in->source, in->source_sequence,
                    in->source_index);
    }
    if (in->valid_for_us != 0) {
        text_format(out, " valid_for_us=%" PRIu32, in->valid_for_us);
    }
    text_add(out, " ");
}

void command_header_describe_json(const struct command_header *in, const char *name,
                                  struct text *out)
{
    text_format(out,
                "{\"sequence\":%" PRIu64 ",\"time_ns\":%" PRIu64
                ",\"command\":\"%s\",\"session\":%" PRIu32 ",\"incarnation\":%" PRIu32
                ",\"input_sequence\":%" PRIu64 ",\"source\":%u,\"source_sequence\":%" PRIu64
                ",\"source_index\":%" PRIu32 ",\"valid_for_us\":%" PRIu32,
                in->sequence, in->time_ns, name_or_number(name), in->session, in->incarnation,
                in->input_sequence, in->source, in->source_sequence, in->source_index,
                in->valid_for_us);
}

void event_header_describe_text(const struct event_header *in, const char *name, struct text *out)
{
    text_format(out, "e%" PRIu64 " (c%" PRIu64 ") %" PRIu64 " %s ", in->sequence, in->cause,
                in->time_ns, name_or_number(name));
}

void event_header_describe_json(const struct event_header *in, const char *name, struct text *out)
{
    text_format(out,
                "{\"sequence\":%" PRIu64 ",\"cause\":%" PRIu64 ",\"time_ns\":%" PRIu64
                ",\"event\":\"%s\"",
                in->sequence, in->cause, in->time_ns, name_or_number(name));
}
