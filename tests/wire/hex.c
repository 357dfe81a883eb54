/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/hex.h"

#include <string.h>

static unsigned hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit != '\0' ? strchr(digits, digit) : NULL;
    return at != NULL ? (unsigned)(at - digits) : 16;
}

size_t hex_decode(const char *hex, uint8_t *out)
{
    size_t count = 0;
    for (; hex_digit(hex[0]) < 16 && hex_digit(hex[1]) < 16; hex += 2) {
        out[count++] = (uint8_t)(hex_digit(hex[0]) << 4 | hex_digit(hex[1]));
    }
    return count;
}
