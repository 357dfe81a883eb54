/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/ouch/order_name.h"

#include "base/text.h"

#define NUMBER_DIGITS 10u /* of the largest 32-bit number */

static size_t unpadded(const char client_id[OUCH_CLIENT_ID_BYTES])
{
    size_t count = OUCH_CLIENT_ID_BYTES;
    while (count > 0 && client_id[count - 1] == ' ') {
        count--;
    }
    return count;
}

bool order_name_legal(const char client_id[OUCH_CLIENT_ID_BYTES])
{
    size_t count = unpadded(client_id);
    for (size_t i = 0; i < count; i++) {
        if (client_id[i] < 0x21 || client_id[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

/* Two numbers, two points and the client's id fit a text of the wire whatever they are. */
_Static_assert(NUMBER_DIGITS * 2 + 2 + OUCH_CLIENT_ID_BYTES <= TEXT36_BYTES_MAX,
               "a name would be cut");

/* Once a message of every client: no formatted printing here. */
struct text36 order_name_encode(const struct order_name *name)
{
    char bytes[TEXT36_BYTES_MAX + 1];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_add_number(&text, name->session);
    text_add_bytes(&text, ".", 1);
    text_add_number(&text, name->user_ref_num);
    size_t count = unpadded(name->client_id);
    if (count > 0) {
        text_add_bytes(&text, ".", 1);
        text_add_bytes(&text, name->client_id, count);
    }
    return text36_from(bytes);
}

/* Reads a decimal number without leading zeros (but "0"); false if there is none or it is too
 * large.
 */
static bool take_number(const struct text36 *text, size_t *at, uint32_t *out_number)
{
    uint64_t number = 0;
    size_t start = *at;
    while (*at < text->count && text->bytes[*at] >= '0' && text->bytes[*at] <= '9') {
        number = number * 10 + (uint64_t)(text->bytes[*at] - '0');
        if (number > UINT32_MAX) {
            return false;
        }
        (*at)++;
    }
    if (*at == start || (text->bytes[start] == '0' && *at - start > 1)) {
        return false;
    }
    *out_number = (uint32_t)number;
    return true;
}

bool order_name_decode(const struct text36 *text, struct order_name *out_name)
{
    struct order_name name;
    memset(name.client_id, ' ', sizeof name.client_id);
    size_t at = 0;
    if (!take_number(text, &at, &name.session) || at >= text->count || text->bytes[at] != '.') {
        return false;
    }
    at++;
    if (!take_number(text, &at, &name.user_ref_num)) {
        return false;
    }
    if (at < text->count) {
        size_t count = (size_t)text->count - at - 1;
        if (text->bytes[at] != '.' || count == 0 || count > OUCH_CLIENT_ID_BYTES) {
            return false;
        }
        memcpy(name.client_id, text->bytes + at + 1, count);
        if (!order_name_legal(name.client_id)) {
            return false;
        }
    }
    *out_name = name;
    return true;
}
