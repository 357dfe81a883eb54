/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/itch/moldudp64.h"

static struct moldudp64_header header_of(const uint8_t *packet)
{
    struct moldudp64_header header = {.sequence = bytes_load_be64(packet + 10),
                                      .count = bytes_load_be16(packet + 18)};
    memcpy(header.session, packet, MOLDUDP64_SESSION_BYTES);
    return header;
}

enum status moldudp64_decode_range(const uint8_t *packet, size_t bytes,
                                   struct moldudp64_header *out_header)
{
    if (bytes != MOLDUDP64_HEADER_BYTES) {
        return STATUS_INVALID;
    }
    *out_header = header_of(packet);
    return STATUS_OK;
}

enum status moldudp64_decode(const uint8_t *packet, size_t bytes,
                             struct moldudp64_header *out_header)
{
    if (bytes < MOLDUDP64_HEADER_BYTES) {
        return STATUS_INVALID;
    }
    struct moldudp64_header header = header_of(packet);
    size_t blocks = header.count == MOLDUDP64_END_OF_SESSION ? 0 : header.count;
    size_t at = MOLDUDP64_HEADER_BYTES;
    for (; blocks > 0; blocks--) {
        if (bytes - at < 2) {
            return STATUS_INVALID;
        }
        size_t length = bytes_load_be16(packet + at);
        at += 2;
        if (bytes - at < length) {
            return STATUS_INVALID;
        }
        at += length;
    }
    if (at != bytes) {
        return STATUS_INVALID;
    }
    *out_header = header;
    return STATUS_OK;
}

void moldudp64_encode(const struct moldudp64_header *header, uint8_t *out_packet)
{
    memcpy(out_packet, header->session, MOLDUDP64_SESSION_BYTES);
    bytes_store_be64(out_packet + 10, header->sequence);
    bytes_store_be16(out_packet + 18, header->count);
}
