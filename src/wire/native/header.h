/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands before the body of every command and event in a log, and its bytes. Sequence and time
 * belong to the log: they come from its poll, not from these bytes.
 *
 *   command header, 36 bytes                       event header, 12 bytes
 *    0 u8  id           1 u8  version               0 u8  id      1 u8 version   2 u16 zero
 *    2 u16 source       4 u32 session               4 u64 cause (command sequence)
 *    8 u64 source sequence
 *   16 u32 source index 20 u32 incarnation
 *   24 u64 input sequence
 *   32 u32 valid for (us after the command's time, 0 = for ever)
 *
 * Owner: nobody. Threads: any. Memory: the caller's buffers. Errors: TRUNCATED, INVALID.
 * Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_HEADER_H
#define DOJIMA_WIRE_NATIVE_HEADER_H

#include "base/bytes.h"
#include "base/status.h"

#define COMMAND_HEADER_BYTES 36
#define EVENT_HEADER_BYTES   12

struct command_header {
    uint64_t sequence;        /* from the log: dense, from 1 */
    uint64_t time_ns;         /* from the log */
    uint64_t source_sequence; /* place in the source's own numbering, 0 = none */
    uint64_t input_sequence;  /* of the session, 0 = administrative */
    uint32_t source_index;    /* which command of that place, from 0 */
    uint32_t session;         /* 0 = the operator */
    uint32_t incarnation;     /* of the session */
    uint32_t valid_for_us;    /* after time_ns, 0 = for ever */
    uint16_t source;          /* which importer or shard, 0 = none */
    uint8_t id;               /* enum command_id */
    uint8_t version;
};

struct event_header {
    uint64_t sequence; /* from the log: dense, from 1 */
    uint64_t time_ns;  /* from the log: engine time of the cause */
    uint64_t cause;    /* command sequence */
    uint8_t id;        /* enum event_id */
    uint8_t version;
};

static ALWAYS_INLINE void command_header_encode(uint8_t *out, const struct command_header *in)
{
    out[0] = in->id;
    out[1] = in->version;
    bytes_store_le16(out + 2, in->source);
    bytes_store_le32(out + 4, in->session);
    bytes_store_le64(out + 8, in->source_sequence);
    bytes_store_le32(out + 16, in->source_index);
    bytes_store_le32(out + 20, in->incarnation);
    bytes_store_le64(out + 24, in->input_sequence);
    bytes_store_le32(out + 32, in->valid_for_us);
}

/* Leaves sequence and time alone: the log gives them. */
MUST_USE static ALWAYS_INLINE enum status command_header_decode(const uint8_t *in, size_t bytes,
                                                                struct command_header *out)
{
    if (bytes < COMMAND_HEADER_BYTES) {
        return STATUS_TRUNCATED;
    }
    out->id = in[0];
    out->version = in[1];
    out->source = bytes_load_le16(in + 2);
    out->session = bytes_load_le32(in + 4);
    out->source_sequence = bytes_load_le64(in + 8);
    out->source_index = bytes_load_le32(in + 16);
    out->incarnation = bytes_load_le32(in + 20);
    out->input_sequence = bytes_load_le64(in + 24);
    out->valid_for_us = bytes_load_le32(in + 32);
    return STATUS_OK;
}

static ALWAYS_INLINE void event_header_encode(uint8_t *out, uint8_t id, uint8_t version,
                                              uint64_t cause)
{
    bytes_store_le32(out, (uint32_t)id | (uint32_t)version << 8);
    bytes_store_le64(out + 4, cause);
}

MUST_USE static ALWAYS_INLINE enum status event_header_decode(const uint8_t *in, size_t bytes,
                                                              struct event_header *out)
{
    if (bytes < EVENT_HEADER_BYTES) {
        return STATUS_TRUNCATED;
    }
    if (in[2] != 0 || in[3] != 0) {
        return STATUS_INVALID;
    }
    out->id = in[0];
    out->version = in[1];
    out->cause = bytes_load_le64(in + 4);
    return STATUS_OK;
}

#endif
