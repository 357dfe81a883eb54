/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads lines "soup|mold HEX" (payload of a TCP segment, of a UDP packet) from standard input and
 * writes one line a message: "soup TYPE", "ouch JSON", "itch JSON" or "session SEQUENCE COUNT".
 * Ends with 1 at the first byte that does not decode.
 */
#include "wire/hex.h"

#include "wire/itch/describe.h"
#include "wire/itch/moldudp64.h"
#include "wire/ouch/describe.h"
#include "wire/soup/soup.h"

#include <inttypes.h>
#include <stdio.h>

#define LINE_BYTES 70000

static enum status describe_soup(const uint8_t *bytes, size_t count)
{
    size_t at = 0;
    while (at < count) {
        struct soup_packet packet;
        enum status status = soup_next(bytes + at, count - at, &packet);
        if (status != STATUS_OK) {
            return status;
        }
        printf("soup %c\n", packet.type);
        if (packet.type == SOUP_SEQUENCED || packet.type == SOUP_UNSEQUENCED) {
            char line[4096];
            struct text json;
            text_init(&json, line, sizeof line);
            status = ouch_describe(packet.type == SOUP_UNSEQUENCED ? OUCH_IN : OUCH_OUT,
                                   packet.payload, packet.payload_bytes, FIELDS_FOR_JSON, &json);
            if (status != STATUS_OK) {
                return status;
            }
            printf("ouch %s\n", line);
        }
        at += packet.bytes;
    }
    return STATUS_OK;
}

static enum status describe_mold(const uint8_t *bytes, size_t count)
{
    struct moldudp64_header header;
    enum status status = moldudp64_decode(bytes, count, &header);
    if (status != STATUS_OK) {
        return status;
    }
    printf("%.10s %" PRIu64 " %u\n", header.session, header.sequence, header.count);
    size_t at = MOLDUDP64_HEADER_BYTES;
    while (at < count) {
        size_t length = bytes_load_be16(bytes + at);
        char line[1024];
        struct text json;
        text_init(&json, line, sizeof line);
        status = itch_describe(bytes + at + 2, length, FIELDS_FOR_JSON, &json);
        if (status != STATUS_OK) {
            return status;
        }
        printf("itch %s\n", line);
        at += 2 + length;
    }
    return STATUS_OK;
}

int main(void)
{
    static char line[2 * LINE_BYTES];
    static uint8_t bytes[LINE_BYTES];
    while (fgets(line, sizeof line, stdin) != NULL) {
        size_t count = hex_decode(line + 5, bytes);
        enum status status =
            line[0] == 's' ? describe_soup(bytes, count) : describe_mold(bytes, count);
        if (status != STATUS_OK) {
            fprintf(stderr, "describe_lines: %s: %s", status_sentence(status), line);
            return 1;
        }
    }
    return 0;
}
