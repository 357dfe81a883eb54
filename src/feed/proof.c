/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/proof.h"

#include <inttypes.h>
#include <string.h>

#define DIGITS_MAX 20u

void feed_proof_encode(const struct feed_proof *proof, struct text *out)
{
    text_add(out, "{\"session\":");
    text_add_json(out, proof->session, strnlen(proof->session, MOLDUDP64_SESSION_BYTES));
    text_format(
        out, ",\"sequence\":\"%" PRIu64 "\",\"orders\":%" PRIu64 ",\"hash\":\"%016" PRIx64 "\"}\n",
        proof->sequence, proof->orders, proof->hash);
}

struct reading {
    const char *at;
    const char *end;
};

/* Exactly `expected` comes. */
static bool take(struct reading *reading, const char *expected)
{
    size_t count = strlen(expected);
    if ((size_t)(reading->end - reading->at) < count || memcmp(reading->at, expected, count) != 0) {
        return false;
    }
    reading->at += count;
    return true;
}

static int digit_of(char c, unsigned base)
{
    int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    return digit < (int)base ? digit : -1;
}

/* One to twenty digits that fit 64 bits. */
static bool take_number(struct reading *reading, unsigned base, uint64_t *out_number)
{
    uint64_t number = 0;
    unsigned digits = 0;
    for (; reading->at < reading->end && digits <= DIGITS_MAX; digits++, reading->at++) {
        int digit = digit_of(*reading->at, base);
        if (digit < 0) {
            break;
        }
        if (__builtin_mul_overflow(number, base, &number) ||
            __builtin_add_overflow(number, (uint64_t)digit, &number)) {
            return false;
        }
    }
    *out_number = number;
    return digits > 0 && digits <= DIGITS_MAX;
}

/* What a session's name may be on the wire: printable, without what JSON escapes. */
static bool take_session(struct reading *reading, struct feed_proof *proof)
{
    size_t count = 0;
    while (reading->at < reading->end && *reading->at != '"') {
        char c = *reading->at++;
        if (c < ' ' || c > '~' || c == '\\' || count == MOLDUDP64_SESSION_BYTES) {
            return false;
        }
        proof->session[count++] = c;
    }
    return true;
}

enum status feed_proof_decode(const char *bytes, size_t count, struct feed_proof *out_proof)
{
    struct reading reading = {.at = bytes, .end = bytes + count};
    struct feed_proof proof = {0};
    const char *hash = NULL;
    bool good = take(&reading, "{\"session\":\"") && take_session(&reading, &proof) &&
                take(&reading, "\",\"sequence\":\"") &&
                take_number(&reading, 10, &proof.sequence) && take(&reading, "\",\"orders\":") &&
                take_number(&reading, 10, &proof.orders) && take(&reading, ",\"hash\":\"");
    if (good) {
        hash = reading.at;
        good = take_number(&reading, 16, &proof.hash) && reading.at - hash == 16 &&
               take(&reading, "\"}\n") && reading.at == reading.end;
    }
    if (!good) {
        return STATUS_INVALID;
    }
    *out_proof = proof;
    return STATUS_OK;
}
