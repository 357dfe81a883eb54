/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/blank.h"

#include "base/assert.h"

#include <string.h>

size_t blank_length(const char *text, size_t bytes)
{
    while (bytes > 0 && text[bytes - 1] == ' ') {
        bytes--;
    }
    return bytes;
}

void blank_set(char *out_text, size_t bytes, const char *string, size_t length)
{
    ASSERT(length <= bytes);
    memcpy(out_text, string, length);
    memset(out_text + length, ' ', bytes - length);
}

enum status blank_number(const char *text, size_t bytes, uint64_t *out_value)
{
    size_t at = 0;
    size_t end = blank_length(text, bytes);
    while (at < end && text[at] == ' ') {
        at++;
    }
    uint64_t value = 0;
    for (; at < end; at++) {
        if (text[at] < '0' || text[at] > '9') {
            return STATUS_INVALID;
        }
        uint64_t digit = (uint64_t)(text[at] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return STATUS_INVALID;
        }
        value = value * 10 + digit;
    }
    *out_value = value;
    return STATUS_OK;
}

void blank_number_set(char *out_text, size_t bytes, uint64_t value)
{
    size_t at = bytes;
    do {
        ASSERT(at > 0);
        out_text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    memset(out_text, ' ', at);
}
