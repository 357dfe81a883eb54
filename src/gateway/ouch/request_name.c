/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/ouch/request_name.h"

#include "base/bytes.h"
#include "base/text.h"

#define DISABLES (UINT64_C(1) << 63)

struct text36 query_name_encode(uint32_t session, uint32_t next)
{
    char bytes[TEXT36_BYTES_MAX + 1];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "%u.Q%u", session, next);
    return text36_from(bytes);
}

/* The number behind "7.", then `letter`; *out_at is what stands behind its digits. */
static bool take_number(const struct text36 *text, char letter, size_t *out_at,
                        uint32_t *out_number)
{
    size_t at = 0;
    uint64_t number = 0;
    while (at < text->count && text->bytes[at] != '.') {
        at++;
    }
    if (at + 2 >= text->count || text->bytes[at + 1] != letter) {
        return false;
    }
    size_t first = at + 2;
    for (at = first; at < text->count && text->bytes[at] >= '0' && text->bytes[at] <= '9'; at++) {
        number = number * 10 + (uint64_t)(text->bytes[at] - '0');
        if (number > UINT32_MAX) {
            return false;
        }
    }
    *out_at = at;
    *out_number = (uint32_t)number;
    return at > first;
}

bool query_name_decode(const struct text36 *text, uint32_t *out_next)
{
    size_t at;
    uint32_t next;
    if (!take_number(text, 'Q', &at, &next) || at != text->count) {
        return false;
    }
    *out_next = next;
    return true;
}

struct text36 enable_name_encode(uint32_t session, const struct firm_request *request)
{
    char bytes[TEXT36_BYTES_MAX + 1];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "%u.E%u.%08x", session, request->user_ref_num,
                bytes_load_be32((const uint8_t *)request->firm));
    return text36_from(bytes);
}

static bool take_digit(char digit, uint32_t *firm)
{
    uint32_t value;
    if (digit >= '0' && digit <= '9') {
        value = (uint32_t)(digit - '0');
    } else if (digit >= 'a' && digit <= 'f') {
        value = (uint32_t)(digit - 'a') + 10;
    } else {
        return false;
    }
    *firm = *firm << 4 | value;
    return true;
}

bool enable_name_decode(const struct text36 *text, struct firm_request *out_request)
{
    size_t at;
    uint32_t firm = 0;
    struct firm_request request = {0};
    if (!take_number(text, 'E', &at, &request.user_ref_num) ||
        at + 1 + 2 * sizeof request.firm != text->count || text->bytes[at] != '.') {
        return false;
    }
    for (at++; at < text->count; at++) {
        if (!take_digit(text->bytes[at], &firm)) {
            return false;
        }
    }
    bytes_store_be32((uint8_t *)request.firm, firm);
    *out_request = request;
    return true;
}

uint64_t mass_cancel_tag_encode(const struct firm_request *request)
{
    uint64_t firm = bytes_load_be32((const uint8_t *)request->firm);
    uint64_t tag = (firm << 32 | request->user_ref_num) & ~DISABLES;
    return request->disables ? tag | DISABLES : tag;
}

struct firm_request mass_cancel_tag_decode(uint64_t tag)
{
    struct firm_request request = {.user_ref_num = (uint32_t)tag,
                                   .disables = (tag & DISABLES) != 0};
    bytes_store_be32((uint8_t *)request.firm, (uint32_t)((tag & ~DISABLES) >> 32));
    return request;
}
