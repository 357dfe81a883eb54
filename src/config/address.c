/* SPDX-License-Identifier: Apache-2.0 */
#include "config/address.h"

#include "base/bytes.h"

#define GROUPS 8u

/* A whole number of at most `digits` digits without leading zeros; steps behind it. */
static bool take_decimal(const char **at, unsigned digits, unsigned highest, unsigned *out_number)
{
    const char *start = *at;
    unsigned number = 0;
    while (**at >= '0' && **at <= '9' && (size_t)(*at - start) < digits) {
        number = number * 10 + (unsigned)(**at - '0');
        (*at)++;
    }
    bool padded = *at - start > 1 && *start == '0';
    if (*at == start || padded || number > highest) {
        return false;
    }
    *out_number = number;
    return true;
}

static bool take_four(const char **at, uint8_t *out_bytes)
{
    for (int i = 0; i < 4; i++) {
        unsigned number;
        if ((i > 0 && *(*at)++ != '.') || !take_decimal(at, 3, 255, &number)) {
            return false;
        }
        out_bytes[i] = (uint8_t)number;
    }
    return true;
}

static int hex_value(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    if (character >= 'a' && character <= 'f') {
        return character - 'a' + 10;
    }
    return character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
}

/* Up to the ']': groups of four digits, at most one "::", an IPv4 tail at the place of two groups.
 */
static bool take_six(const char **at, uint8_t *out_bytes)
{
    uint16_t groups[GROUPS] = {0};
    unsigned count = 0;
    unsigned gap = GROUPS + 1; /* groups before the "::" */
    if ((*at)[0] == ':' && (*at)[1] == ':') {
        gap = 0;
        *at += 2;
    }
    while (**at != ']') {
        const char *start = *at;
        uint8_t four[4];
        if (count <= GROUPS - 2 && take_four(at, four) && **at == ']') {
            groups[count++] = bytes_load_be16(four);
            groups[count++] = bytes_load_be16(four + 2);
            break;
        }
        *at = start;
        unsigned value = 0;
        while (hex_value(**at) >= 0 && *at - start < 4) {
            value = value << 4 | (unsigned)hex_value(*(*at)++);
        }
        if (*at == start || count == GROUPS) {
            return false;
        }
        groups[count++] = (uint16_t)value;
        if ((*at)[0] == ':' && (*at)[1] == ':' && gap > GROUPS) {
            gap = count;
            *at += 2;
        } else if ((*at)[0] == ':' && (*at)[1] != ']' && (*at)[1] != ':') {
            (*at)++;
        } else if (**at != ']') {
            return false;
        }
    }
    if (gap > GROUPS ? count != GROUPS : count >= GROUPS) {
        return false;
    }
    unsigned before = gap > GROUPS ? count : gap;
    memset(out_bytes, 0, 16);
    for (unsigned i = 0; i < count; i++) {
        unsigned place = i < before ? i : GROUPS - count + i;
        bytes_store_be16(out_bytes + (size_t)2 * place, groups[i]);
    }
    return true;
}

static bool is_loopback_six(const uint8_t *bytes)
{
    static const uint8_t one[16] = {[15] = 1};
    return memcmp(bytes, one, sizeof one) == 0;
}

bool config_address_parse(const char *text, struct config_address *out_address)
{
    struct config_address address = {0};
    const char *at = text;
    unsigned port;
    address.six = *at == '[';
    if (address.six) {
        at++;
        if (!take_six(&at, address.bytes) || *at++ != ']') {
            return false;
        }
    } else if (!take_four(&at, address.bytes)) {
        return false;
    }
    if (*at++ != ':' || !take_decimal(&at, 5, 65535, &port) || *at != '\0') {
        return false;
    }
    address.port = (uint16_t)port;
    address.loopback = address.six ? is_loopback_six(address.bytes) : address.bytes[0] == 127;
    address.multicast =
        address.six ? address.bytes[0] == 0xff : address.bytes[0] >= 224 && address.bytes[0] < 240;
    *out_address = address;
    return true;
}
