/* SPDX-License-Identifier: Apache-2.0
 *
 * What a gateway process and a shard say to each other over their Unix socket. Little-endian:
 *
 *   u32 bytes that follow   u8 kind   body
 *
 *   1 HELLO        u32 version, u16 shard of the one who speaks; a gateway says 65535
 *   2 SUBMIT       command header and body as in the log (wire/native)
 *   3 SUBSCRIBE    u8 stream kind, u64 id, u64 from
 *   4 UNSUBSCRIBE  u8 stream kind, u64 id
 *   5 ENTRY        u8 stream kind, u8 side, u64 id, u64 number, u64 event sequence, u64 time,
 *                  u64 replaced reference, event header and body as in the log
 *   6 LIVE         u8 stream kind, u64 id, u64 last number
 *   7 REFUSED      u32 session, u64 input sequence, u32 retry after (us), u16 reject code, 0 = none
 *   8 ENDED        nothing: the shard has drained and stops
 *
 * 1 goes both ways, 2 to 4 to the shard, 5 to 8 to the gateway.
 *
 * Owner: nobody. Threads: any. Memory: the caller's buffers; a decoded frame points into the bytes.
 * Errors: AGAIN (not whole yet), INVALID. Order of calls: any.
 */
#ifndef DOJIMA_LINK_FRAME_H
#define DOJIMA_LINK_FRAME_H

#include "stream/stream.h"
#include "wire/native/command.h"

/* Rises with the newest layout of a command that a gateway sends, too. */
#define FRAME_VERSION       4u
#define FRAME_SHARD_UNKNOWN 65535u
#define FRAME_PREFIX_BYTES  5u
/* Longest record of a log and the longest fixed part before it. */
#define FRAME_BYTES_MAX (FRAME_PREFIX_BYTES + 42u + JOURNAL_BODY_BYTES_MAX)

enum frame_kind {
    FRAME_HELLO = 1,
    FRAME_SUBMIT = 2,
    FRAME_SUBSCRIBE = 3,
    FRAME_UNSUBSCRIBE = 4,
    FRAME_ENTRY = 5,
    FRAME_LIVE = 6,
    FRAME_REFUSED = 7,
    FRAME_ENDED = 8,
};

struct frame {
    enum frame_kind kind;
    struct stream_key key;     /* SUBSCRIBE, UNSUBSCRIBE, LIVE */
    uint64_t number;           /* from, or last */
    uint64_t input_sequence;   /* REFUSED */
    uint32_t session;          /* REFUSED */
    uint32_t retry_after_us;   /* REFUSED */
    enum reject code;          /* REFUSED */
    uint32_t version;          /* HELLO */
    uint16_t shard;            /* HELLO */
    struct command command;    /* SUBMIT */
    struct stream_entry entry; /* ENTRY */
};

/* The first frame of `bytes`; *out_used is its length. AGAIN: more bytes are needed. */
MUST_USE enum status frame_decode(const uint8_t *bytes, size_t count, struct frame *out_frame,
                                  size_t *out_used);

/* Gives each whole frame of `bytes` to `take` until one is not OK; returns how many bytes were
 * used. *out_status: OK, what is left is the beginning of a frame; else what `take` said, or
 * INVALID. */
typedef enum status frame_take(void *context, const struct frame *frame);
size_t frame_each(const uint8_t *bytes, size_t count, frame_take *take, void *context,
                  enum status *out_status);

/* Writes a whole frame at `out`, which has FRAME_BYTES_MAX; returns its length. An entry's bytes
 * must be a record of the log. */
size_t frame_encode(uint8_t *out, const struct frame *frame);

#endif
