/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/native/text36.h"

#include "base/assert.h"

static bool printable_then_zero(const char *bytes, size_t count, size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] < 0x21 || bytes[i] > 0x7e) {
            return false;
        }
    }
    for (size_t i = count; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Eight bytes at a time, because every order's name passes here: a byte is printable if neither
 * subtracting 0x21 nor adding 1 reaches its top bit, and neither has it already. */
static bool words_printable(uint64_t word)
{
    const uint64_t tops = 0x8080808080808080u;
    uint64_t below = (word - 0x2121212121212121u) & ~word;
    uint64_t above = (word + 0x0101010101010101u) | word;
    return ((below | above) & tops) == 0;
}

bool text36_valid(const struct text36 *text)
{
    uint32_t count = text->count;
    if (count - 1 >= TEXT36_BYTES_MAX) {
        return false;
    }
    uint64_t words[sizeof *text / 8]; /* the count is the first byte */
    memcpy(words, text, sizeof words);
    uint32_t last = count / 8;
    uint64_t used = ~UINT64_C(0) >> (56 - count % 8 * 8);
    uint64_t rest = words[last] & ~used;
    words[last] |= 0x2121212121212121u & ~used;
    words[0] = (words[0] & ~UINT64_C(0xff)) | 0x21;
    for (uint32_t i = 0; i <= last; i++) {
        if (!words_printable(words[i])) {
            return false;
        }
    }
    for (uint32_t i = last + 1; i < ARRAY_COUNT(words); i++) {
        rest |= words[i];
    }
    return rest == 0;
}

bool chars16_valid(const struct chars16 *chars)
{
    size_t count = strnlen(chars->bytes, sizeof chars->bytes);
    return count > 0 && printable_then_zero(chars->bytes, count, sizeof chars->bytes);
}

struct text36 text36_from(const char *string)
{
    size_t count = strlen(string);
    ASSERT(count <= TEXT36_BYTES_MAX);
    struct text36 text = {.count = (uint8_t)count};
    memcpy(text.bytes, string, count);
    return text;
}

struct text36 text36_from_number(uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    struct text36 text = {.count = (uint8_t)(sizeof digits - at)};
    memcpy(text.bytes, digits + at, text.count);
    return text;
}

struct chars16 chars16_from(const char *string)
{
    struct chars16 chars = {{0}};
    size_t count = strlen(string);
    ASSERT(count <= sizeof chars.bytes);
    memcpy(chars.bytes, string, count);
    return chars;
}
