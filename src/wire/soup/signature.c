/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/soup/signature.h"

#include <string.h>

#define WORD_BYTES 10u
static const char challenge_word[WORD_BYTES + 1] = "challenge ";
static const char signature_word[WORD_BYTES + 1] = "signature ";

static void encode(const char *word, const uint8_t *bytes, size_t count, char *out_text)
{
    static const char digits[] = "0123456789abcdef";
    memcpy(out_text, word, WORD_BYTES);
    for (size_t i = 0; i < count; i++) {
        out_text[WORD_BYTES + 2 * i] = digits[bytes[i] >> 4];
        out_text[WORD_BYTES + 2 * i + 1] = digits[bytes[i] & 15];
    }
}

/* Value of a hexadecimal digit, 16 if it is none. */
static unsigned digit_of(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return (unsigned)(digit - '0');
    }
    if (digit >= 'a' && digit <= 'f') {
        return (unsigned)(digit - 'a') + 10;
    }
    return digit >= 'A' && digit <= 'F' ? (unsigned)(digit - 'A') + 10 : 16;
}

static bool decode(const char *word, const char *text, size_t text_count, uint8_t *out_bytes,
                   size_t count)
{
    if (text_count != WORD_BYTES + 2 * count || memcmp(text, word, WORD_BYTES) != 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned high = digit_of(text[WORD_BYTES + 2 * i]);
        unsigned low = digit_of(text[WORD_BYTES + 2 * i + 1]);
        if (high > 15 || low > 15) {
            return false;
        }
        out_bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void signature_challenge_encode(const uint8_t challenge[SIGNATURE_CHALLENGE_BYTES],
                                char out_text[SIGNATURE_CHALLENGE_TEXT_BYTES])
{
    encode(challenge_word, challenge, SIGNATURE_CHALLENGE_BYTES, out_text);
}

bool signature_challenge_decode(const char *text, size_t count,
                                uint8_t out_challenge[SIGNATURE_CHALLENGE_BYTES])
{
    return decode(challenge_word, text, count, out_challenge, SIGNATURE_CHALLENGE_BYTES);
}

void signature_encode(const uint8_t signature[SIGNATURE_BYTES], char out_text[SIGNATURE_TEXT_BYTES])
{
    encode(signature_word, signature, SIGNATURE_BYTES, out_text);
}

bool signature_decode(const char *text, size_t count, uint8_t out_signature[SIGNATURE_BYTES])
{
    return decode(signature_word, text, count, out_signature, SIGNATURE_BYTES);
}
