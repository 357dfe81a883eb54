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

bool text36_valid(const struct text36 *text)
{
    return text->count > 0 && text->count <= TEXT36_BYTES_MAX &&
           printable_then_zero(text->bytes, text->count, sizeof text->bytes);
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
