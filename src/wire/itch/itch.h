/* SPDX-License-Identifier: Apache-2.0
 *
 * Nasdaq TotalView-ITCH 5.0: one struct a message, itch_encode_<name> and itch_decode_<name>
 * between it and its bytes. The layouts are in itch.def and nowhere else.
 *
 * Owner: the caller. Threads: any. Memory: none. Errors: none here: the caller finds the length by
 * itch_length and checks its bounds first; values are passed as they stand on the wire.
 * Order of calls: any.
 */
#ifndef DOJIMA_WIRE_ITCH_ITCH_H
#define DOJIMA_WIRE_ITCH_ITCH_H

#include "base/bytes.h"

#define ITCH_PRICE_SCALE  4  /* decimals of a price */
#define ITCH_LENGTH_MAX   50 /* bytes of the longest message */
#define ITCH_HEADER_BYTES 11

struct itch_header {
    uint64_t time_ns; /* since midnight, 48 bits on the wire */
    uint16_t locate;  /* the instrument, 0 = none */
    uint16_t tracking;
};

#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    struct itch_##name {                                                                           \
        struct itch_header header;
#define ITCH_NUMBER(bits, field, offset) uint##bits##_t field;
#define ITCH_TEXT(field, offset, length) char field[length];
#define ITCH_END(name)                                                                             \
    }                                                                                              \
    ;
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END

/* ITCH_<name>_BYTES and ITCH_<name>_LETTER. */
enum itch_size {
#define ITCH_MESSAGE(name, letter, bytes) ITCH_##name##_BYTES = bytes,
#define ITCH_NUMBER(bits, field, offset)
#define ITCH_TEXT(field, offset, length)
#define ITCH_END(name)
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
};
enum itch_letter {
#define ITCH_MESSAGE(name, letter, bytes) ITCH_##name##_LETTER = letter,
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END
};

static ALWAYS_INLINE void itch_decode_header(const uint8_t *at, struct itch_header *out_header)
{
    out_header->locate = bytes_load_be16(at + 1);
    out_header->tracking = bytes_load_be16(at + 3);
    out_header->time_ns = bytes_load_be48(at + 5);
}

static ALWAYS_INLINE void itch_encode_header(uint8_t *at, uint8_t letter,
                                             const struct itch_header *header)
{
    at[0] = letter;
    bytes_store_be16(at + 1, header->locate);
    bytes_store_be16(at + 3, header->tracking);
    bytes_store_be48(at + 5, header->time_ns);
}

/* `at` has ITCH_<name>_BYTES readable bytes, the letter already looked at. */
#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    static inline void itch_decode_##name(const uint8_t *at, struct itch_##name *out_message)      \
    {                                                                                              \
        itch_decode_header(at, &out_message->header);
#define ITCH_NUMBER(bits, field, offset) out_message->field = bytes_load_be##bits(at + (offset));
#define ITCH_TEXT(field, offset, length) memcpy(out_message->field, at + (offset), length);
#define ITCH_END(name)                   }
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT

/* Writes ITCH_<name>_BYTES bytes and returns that number. */
#define ITCH_MESSAGE(name, letter, bytes)                                                          \
    static inline size_t itch_encode_##name(const struct itch_##name *message, uint8_t *at)        \
    {                                                                                              \
        itch_encode_header(at, letter, &message->header);
#define ITCH_NUMBER(bits, field, offset) bytes_store_be##bits(at + (offset), message->field);
#define ITCH_TEXT(field, offset, length) memcpy(at + (offset), message->field, length);
#undef ITCH_END
#define ITCH_END(name)                                                                             \
    return ITCH_##name##_BYTES;                                                                    \
    }
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END

/* Bytes of a message by its letter; 0 = no such message in version 5.0. */
size_t itch_length(uint8_t letter);

/* Length of `text` without the blanks at its end. */
size_t itch_text_length(const char *text, size_t bytes);

/* `string` blank-padded to `bytes`; what does not fit is the caller's bug (it is asserted). */
void itch_text_set(char *out_text, size_t bytes, const char *string);

#endif
