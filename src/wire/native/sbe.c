/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/native/sbe.h"

#include "base/assert.h"

struct layout {
    uint16_t block_bytes; /* prefix and fixed fields */
    uint8_t version;      /* 0 = no such message */
};

/* What is written: the newest version of each message. */
static const struct layout command_layouts[256] = {
#define MESSAGE(name, NAME, id, version, meaning)                                                  \
    [id] = {SBE_COMMAND_PREFIX_BYTES + COMMAND_##NAME##_FIXED_BYTES, version},
#define FIELD(message, type, name, domain, meaning)
#include "schema/commands.def"
#undef MESSAGE
};

static const struct layout event_layouts[256] = {
#define MESSAGE(name, NAME, id, version, meaning)                                                  \
    [id] = {SBE_EVENT_PREFIX_BYTES + EVENT_##NAME##_FIXED_BYTES, version},
#include "schema/events.def"
#undef MESSAGE
#undef FIELD
};

static const struct layout not_sequenced_layout = {SBE_NOT_SEQUENCED_BYTES - SBE_HEADER_BYTES, 1};

static void header_encode(uint8_t *out, const struct layout *layout, unsigned template_id)
{
    ASSERT(layout->version != 0);
    bytes_store_le16(out, layout->block_bytes);
    bytes_store_le16(out + 2, (uint16_t)template_id);
    bytes_store_le16(out + 4, SBE_SCHEMA_ID);
    bytes_store_le16(out + 6, layout->version);
}

/* The block of what template and version name; fills family and id. False: there is none. */
static bool block_find(struct sbe_header *header, size_t *out_bytes)
{
    unsigned template_id = header->template_id;
    if (template_id < 256) {
        header->family = SBE_COMMAND;
        header->id = (uint8_t)template_id;
        *out_bytes = SBE_COMMAND_PREFIX_BYTES;
    } else if (template_id >= SBE_EVENT_TEMPLATE && template_id < SBE_EVENT_TEMPLATE + 256) {
        header->family = SBE_EVENT;
        header->id = (uint8_t)(template_id - SBE_EVENT_TEMPLATE);
        *out_bytes = SBE_EVENT_PREFIX_BYTES;
    } else {
        header->family = SBE_NOT_SEQUENCED;
        *out_bytes = not_sequenced_layout.block_bytes;
        return template_id == SBE_NOT_SEQUENCED_TEMPLATE &&
               header->version == not_sequenced_layout.version;
    }
    size_t fixed_bytes;
    bool found = header->family == SBE_COMMAND
                     ? command_fixed_bytes(header->id, header->version, &fixed_bytes)
                     : event_fixed_bytes(header->id, header->version, &fixed_bytes);
    *out_bytes += found ? fixed_bytes : 0;
    return found;
}

enum status sbe_header_decode(const uint8_t *in, size_t bytes, struct sbe_header *out_header)
{
    if (bytes < SBE_HEADER_BYTES) {
        return STATUS_TRUNCATED;
    }
    struct sbe_header header = {.block_bytes = bytes_load_le16(in),
                                .template_id = bytes_load_le16(in + 2),
                                .version = bytes_load_le16(in + 6)};
    size_t block_bytes;
    if (bytes_load_le16(in + 4) != SBE_SCHEMA_ID || !block_find(&header, &block_bytes)) {
        return STATUS_UNSUPPORTED;
    }
    if (header.block_bytes != block_bytes) {
        return STATUS_INVALID;
    }
    if (bytes - SBE_HEADER_BYTES < header.block_bytes) {
        return STATUS_TRUNCATED;
    }
    *out_header = header;
    return STATUS_OK;
}

size_t sbe_command_encode(uint8_t *out, const struct command *in)
{
    header_encode(out, &command_layouts[in->header.id], in->header.id);
    bytes_store_le64(out + 8, in->header.input_sequence);
    bytes_store_le32(out + 16, in->header.valid_for_us);
    return SBE_COMMAND_AT + command_body_encode(out + SBE_COMMAND_AT, in);
}

enum status sbe_command_decode(const uint8_t *in, size_t bytes, struct command *out)
{
    struct sbe_header header;
    enum status status = sbe_header_decode(in, bytes, &header);
    if (status != STATUS_OK) {
        return status;
    }
    if (header.family != SBE_COMMAND) {
        return STATUS_UNSUPPORTED;
    }
    struct command command = {.header = {.id = header.id,
                                         .version = (uint8_t)header.version,
                                         .input_sequence = bytes_load_le64(in + 8),
                                         .valid_for_us = bytes_load_le32(in + 16)}};
    status = command_body_decode(in + SBE_COMMAND_AT, bytes - SBE_COMMAND_AT, &command);
    if (status == STATUS_OK) {
        *out = command;
    }
    return status;
}

static void event_prefix_encode(uint8_t *out, const struct layout *layout,
                                const struct event_header *header, uint32_t remaining_budget)
{
    header_encode(out, layout, SBE_EVENT_TEMPLATE + header->id);
    bytes_store_le64(out + 8, header->sequence);
    bytes_store_le64(out + 16, header->time_ns);
    bytes_store_le32(out + 24, remaining_budget);
}

size_t sbe_event_encode(uint8_t *out, const struct event *in, uint32_t remaining_budget)
{
    event_prefix_encode(out, &event_layouts[in->header.id], &in->header, remaining_budget);
    return SBE_EVENT_AT + event_body_encode(out + SBE_EVENT_AT, in);
}

enum status sbe_event_decode(const uint8_t *in, size_t bytes, struct event *out,
                             uint32_t *out_remaining_budget)
{
    struct sbe_header header;
    enum status status = sbe_header_decode(in, bytes, &header);
    if (status != STATUS_OK) {
        return status;
    }
    if (header.family != SBE_EVENT) {
        return STATUS_UNSUPPORTED;
    }
    struct event event = {.header = {.id = header.id,
                                     .version = (uint8_t)header.version,
                                     .sequence = bytes_load_le64(in + 8),
                                     .time_ns = bytes_load_le64(in + 16)}};
    status = event_body_decode(in + SBE_EVENT_AT, bytes - SBE_EVENT_AT, &event);
    if (status == STATUS_OK) {
        *out = event;
        *out_remaining_budget = bytes_load_le32(in + 24);
    }
    return status;
}

size_t sbe_event_wrap(uint8_t *out, const uint8_t *record, size_t record_bytes,
                      const struct event_header *header, uint32_t remaining_budget)
{
    ASSERT(record_bytes >= EVENT_HEADER_BYTES && record[0] == header->id);
    size_t body_bytes = record_bytes - EVENT_HEADER_BYTES;
    ASSERT(body_bytes <= EVENT_BODY_BYTES_MAX);
    struct layout layout = event_layouts[header->id];
    if (UNLIKELY(record[1] != layout.version)) { /* of older rules */
        size_t fixed_bytes;
        bool found = event_fixed_bytes(header->id, record[1], &fixed_bytes);
        ASSERT(found);
        layout = (struct layout){(uint16_t)(SBE_EVENT_PREFIX_BYTES + fixed_bytes), record[1]};
    }
    event_prefix_encode(out, &layout, header, remaining_budget);
    memcpy(out + SBE_EVENT_AT, record + EVENT_HEADER_BYTES, body_bytes);
    return SBE_EVENT_AT + body_bytes;
}

size_t sbe_not_sequenced_encode(uint8_t *out, const struct sbe_not_sequenced *in)
{
    header_encode(out, &not_sequenced_layout, SBE_NOT_SEQUENCED_TEMPLATE);
    bytes_store_le64(out + 8, in->input_sequence);
    bytes_store_le32(out + 16, in->retry_after_us);
    bytes_store_le16(out + 20, in->code);
    return SBE_NOT_SEQUENCED_BYTES;
}

enum status sbe_not_sequenced_decode(const uint8_t *in, size_t bytes, struct sbe_not_sequenced *out)
{
    struct sbe_header header;
    enum status status = sbe_header_decode(in, bytes, &header);
    if (status != STATUS_OK) {
        return status;
    }
    if (header.family != SBE_NOT_SEQUENCED) {
        return STATUS_UNSUPPORTED;
    }
    if (bytes != SBE_NOT_SEQUENCED_BYTES) {
        return STATUS_INVALID;
    }
    out->input_sequence = bytes_load_le64(in + 8);
    out->retry_after_us = bytes_load_le32(in + 16);
    out->code = bytes_load_le16(in + 20);
    return STATUS_OK;
}
