/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/itch/itch.h"

#include "base/assert.h"

static const uint8_t length_of[256] = {
#define ITCH_MESSAGE(name, letter, bytes) [letter] = (bytes),
#define ITCH_NUMBER(bits, field, offset)
#define ITCH_TEXT(field, offset, length)
#define ITCH_END(name)
#include "wire/itch/itch.def"
#undef ITCH_MESSAGE
#undef ITCH_NUMBER
#undef ITCH_TEXT
#undef ITCH_END
};

size_t itch_length(uint8_t letter)
{
    return length_of[letter];
}

size_t itch_text_length(const char *text, size_t bytes)
{
    while (bytes > 0 && text[bytes - 1] == ' ') {
        bytes--;
    }
    return bytes;
}

void itch_text_set(char *out_text, size_t bytes, const char *string)
{
    size_t length = strlen(string);
    ASSERT(length <= bytes);
    memcpy(out_text, string, length);
    memset(out_text + length, ' ', bytes - length);
}
