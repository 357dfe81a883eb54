/* SPDX-License-Identifier: Apache-2.0 */
#include "link/frame.h"

#include "wire/native/command_codec.h"

#define HELLO_BYTES    6u
#define KEY_BYTES      9u
#define NUMBERED_BYTES (KEY_BYTES + 8u)
#define ENTRY_BYTES    42u
#define REFUSED_BYTES  18u
#define BODY_BYTES_MAX (FRAME_BYTES_MAX - FRAME_PREFIX_BYTES)

static enum status key_decode(const uint8_t *at, struct stream_key *out_key)
{
    if (at[0] < STREAM_PUBLIC || at[0] > STREAM_PARTICIPANT) {
        return STATUS_INVALID;
    }
    *out_key = (struct stream_key){.id = bytes_load_le64(at + 1), .kind = (enum stream_kind)at[0]};
    return STATUS_OK;
}

static void key_encode(uint8_t *at, struct stream_key key)
{
    at[0] = (uint8_t)key.kind;
    bytes_store_le64(at + 1, key.id);
}

static enum status submit_decode(const uint8_t *at, size_t count, struct command *out_command)
{
    *out_command = (struct command){0};
    enum status status = command_header_decode(at, count, &out_command->header);
    if (status == STATUS_OK) {
        status = command_body_decode(at + COMMAND_HEADER_BYTES, count - COMMAND_HEADER_BYTES,
                                     out_command);
    }
    return status == STATUS_OK ? STATUS_OK : STATUS_INVALID;
}

static enum status entry_decode(const uint8_t *at, size_t count, struct stream_entry *out_entry)
{
    if (count < ENTRY_BYTES + EVENT_HEADER_BYTES || at[0] < STREAM_PUBLIC ||
        at[0] > STREAM_PARTICIPANT || at[1] > STREAM_YOURS) {
        return STATUS_INVALID;
    }
    *out_entry = (struct stream_entry){
        .key = {.id = bytes_load_le64(at + 2), .kind = (enum stream_kind)at[0]},
        .side = (enum stream_side)at[1],
        .number = bytes_load_le64(at + 10),
        .event_sequence = bytes_load_le64(at + 18),
        .time_ns = bytes_load_le64(at + 26),
        .replaced_reference = bytes_load_le64(at + 34),
        .bytes = at + ENTRY_BYTES,
        .count = (uint32_t)(count - ENTRY_BYTES),
    };
    return STATUS_OK;
}

static enum status body_decode(const uint8_t *at, size_t count, struct frame *frame)
{
    switch (frame->kind) {
    case FRAME_HELLO:
        if (count != HELLO_BYTES) {
            return STATUS_INVALID;
        }
        frame->version = bytes_load_le32(at);
        frame->shard = bytes_load_le16(at + 4);
        return STATUS_OK;
    case FRAME_SUBMIT:
        return submit_decode(at, count, &frame->command);
    case FRAME_SUBSCRIBE:
    case FRAME_LIVE:
        if (count != NUMBERED_BYTES) {
            return STATUS_INVALID;
        }
        frame->number = bytes_load_le64(at + KEY_BYTES);
        if (frame->kind == FRAME_SUBSCRIBE && frame->number == 0) {
            return STATUS_INVALID;
        }
        return key_decode(at, &frame->key);
    case FRAME_UNSUBSCRIBE:
        return count == KEY_BYTES ? key_decode(at, &frame->key) : STATUS_INVALID;
    case FRAME_ENTRY:
        return entry_decode(at, count, &frame->entry);
    case FRAME_REFUSED:
        if (count != REFUSED_BYTES) {
            return STATUS_INVALID;
        }
        frame->session = bytes_load_le32(at);
        frame->input_sequence = bytes_load_le64(at + 4);
        frame->retry_after_us = bytes_load_le32(at + 12);
        frame->code = (enum reject)bytes_load_le16(at + 16);
        return reject_name(frame->code) != NULL ? STATUS_OK : STATUS_INVALID;
    case FRAME_ENDED:
        return count == 0 ? STATUS_OK : STATUS_INVALID;
    default:
        return STATUS_INVALID;
    }
}

enum status frame_decode(const uint8_t *bytes, size_t count, struct frame *out_frame,
                         size_t *out_used)
{
    if (count < FRAME_PREFIX_BYTES) {
        return STATUS_AGAIN;
    }
    uint32_t length = bytes_load_le32(bytes);
    if (length < 1 || length > 1 + BODY_BYTES_MAX || bytes[4] < FRAME_HELLO ||
        bytes[4] > FRAME_ENDED) {
        return STATUS_INVALID;
    }
    if (count - 4 < length) {
        return STATUS_AGAIN;
    }
    struct frame frame = {.kind = (enum frame_kind)bytes[4]};
    enum status status = body_decode(bytes + FRAME_PREFIX_BYTES, length - 1, &frame);
    if (status == STATUS_OK) {
        *out_frame = frame;
        *out_used = 4 + (size_t)length;
    }
    return status;
}

size_t frame_each(const uint8_t *bytes, size_t count, frame_take *take, void *context,
                  enum status *out_status)
{
    size_t at = 0;
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        struct frame frame;
        size_t used = 0;
        status = frame_decode(bytes + at, count - at, &frame, &used);
        if (status == STATUS_OK) {
            status = take(context, &frame);
            at += used;
        } else if (status == STATUS_AGAIN) {
            *out_status = STATUS_OK;
            return at;
        }
    }
    *out_status = status;
    return at;
}

static size_t entry_encode(uint8_t *at, const struct stream_entry *entry)
{
    at[0] = (uint8_t)entry->key.kind;
    at[1] = (uint8_t)entry->side;
    bytes_store_le64(at + 2, entry->key.id);
    bytes_store_le64(at + 10, entry->number);
    bytes_store_le64(at + 18, entry->event_sequence);
    bytes_store_le64(at + 26, entry->time_ns);
    bytes_store_le64(at + 34, entry->replaced_reference);
    memcpy(at + ENTRY_BYTES, entry->bytes, entry->count);
    return ENTRY_BYTES + entry->count;
}

size_t frame_encode(uint8_t *out, const struct frame *frame)
{
    uint8_t *at = out + FRAME_PREFIX_BYTES;
    size_t count = 0;
    switch (frame->kind) {
    case FRAME_HELLO:
        bytes_store_le32(at, frame->version);
        bytes_store_le16(at + 4, frame->shard);
        count = HELLO_BYTES;
        break;
    case FRAME_SUBMIT:
        command_header_encode(at, &frame->command.header);
        count =
            COMMAND_HEADER_BYTES + command_body_encode(at + COMMAND_HEADER_BYTES, &frame->command);
        break;
    case FRAME_SUBSCRIBE:
    case FRAME_LIVE:
        key_encode(at, frame->key);
        bytes_store_le64(at + KEY_BYTES, frame->number);
        count = NUMBERED_BYTES;
        break;
    case FRAME_UNSUBSCRIBE:
        key_encode(at, frame->key);
        count = KEY_BYTES;
        break;
    case FRAME_ENTRY:
        count = entry_encode(at, &frame->entry);
        break;
    case FRAME_REFUSED:
        bytes_store_le32(at, frame->session);
        bytes_store_le64(at + 4, frame->input_sequence);
        bytes_store_le32(at + 12, frame->retry_after_us);
        bytes_store_le16(at + 16, (uint16_t)frame->code);
        count = REFUSED_BYTES;
        break;
    case FRAME_ENDED:
        break;
    }
    bytes_store_le32(out, (uint32_t)(1 + count));
    out[4] = (uint8_t)frame->kind;
    return FRAME_PREFIX_BYTES + count;
}
