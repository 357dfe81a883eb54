/* SPDX-License-Identifier: Apache-2.0
 *
 * The native protocol of clients: the commands and events of schema/ in the frame of SBE 1.0
 * (Simple Binary Encoding, FIX Trading Community), so that any SBE tool can read it with
 * docs/reference/dojima-sbe.xml. It travels as payload of SoupBinTCP packets: commands in U, events
 * in S. Little-endian throughout.
 *
 *    0 u16 blockLength   2 u16 templateId   4 u16 schemaId   6 u16 version
 *
 *   command: templateId = enum command_id           event: templateId = 1000 + enum event_id
 *    8 u64 input sequence                            8 u64 event sequence
 *   16 u32 valid for (us, 0 = as the venue says)    16 u64 time (ns UTC)
 *   20 body: fixed fields, then texts               24 u32 remaining budget
 *                                                   28 body
 *   not sequenced: templateId = 2000
 *    8 u64 input sequence   16 u32 retry after (us)   20 u16 code (enum reject)
 *
 * The block is prefix and fixed fields; the texts behind it are SBE variable data with a one-byte
 * length, which is how bodies stand in the log. `version` is that of the message in the log.
 *
 * Owner: the caller. Threads: any. Memory: the caller's buffers. Errors: TRUNCATED, INVALID;
 * UNSUPPORTED for another schema, an unknown template or version. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_SBE_H
#define DOJIMA_WIRE_NATIVE_SBE_H

#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"
#include "wire/native/sbe_frame.h"

#define SBE_COMMAND_AT        (SBE_HEADER_BYTES + SBE_COMMAND_PREFIX_BYTES) /* of the body */
#define SBE_EVENT_AT          (SBE_HEADER_BYTES + SBE_EVENT_PREFIX_BYTES)
#define SBE_COMMAND_BYTES_MAX (SBE_COMMAND_AT + COMMAND_BODY_BYTES_MAX)
#define SBE_EVENT_BYTES_MAX   (SBE_EVENT_AT + EVENT_BODY_BYTES_MAX)

/* A budget that nothing limits. */
#define SBE_BUDGET_UNLIMITED UINT32_MAX

enum sbe_family {
    SBE_COMMAND = 1,
    SBE_EVENT = 2,
    SBE_NOT_SEQUENCED = 3,
};

/* The eight bytes before every message. */
struct sbe_header {
    uint16_t block_bytes;
    uint16_t template_id;
    uint16_t version;
    uint8_t id; /* enum command_id or enum event_id, 0 for not sequenced */
    enum sbe_family family;
};

/* A command that was refused at the door: it is in no log and its number may be used again. */
struct sbe_not_sequenced {
    uint64_t input_sequence;
    uint32_t retry_after_us; /* 0 = at once */
    uint16_t code;           /* enum reject */
};

/* Checks schema, template, version and blockLength; `bytes` are those of the whole message. */
MUST_USE enum status sbe_header_decode(const uint8_t *in, size_t bytes,
                                       struct sbe_header *out_header);

/* Uses id, input_sequence and valid_for_us of the header; returns the bytes written, at most
 * SBE_COMMAND_BYTES_MAX. */
size_t sbe_command_encode(uint8_t *out, const struct command *in);

/* Sets id, version, input_sequence and valid_for_us of the header, the rest of it to 0. */
MUST_USE enum status sbe_command_decode(const uint8_t *in, size_t bytes, struct command *out);

/* Uses id, sequence and time of the header; returns the bytes written, at most SBE_EVENT_BYTES_MAX.
 */
size_t sbe_event_encode(uint8_t *out, const struct event *in, uint32_t remaining_budget);

/* Sets id, version, sequence and time of the header, its cause to 0. */
MUST_USE enum status sbe_event_decode(const uint8_t *in, size_t bytes, struct event *out,
                                      uint32_t *out_remaining_budget);

/* The same frame around an event as it stands in the log (event header and body), which is not
 * decoded: what a relay of streams uses. Returns the bytes written. The record is one that the
 * engine wrote: an unknown kind is a bug. */
size_t sbe_event_wrap(uint8_t *out, const uint8_t *record, size_t record_bytes,
                      const struct event_header *header, uint32_t remaining_budget);

size_t sbe_not_sequenced_encode(uint8_t *out, const struct sbe_not_sequenced *in);
MUST_USE enum status sbe_not_sequenced_decode(const uint8_t *in, size_t bytes,
                                              struct sbe_not_sequenced *out);

#endif
