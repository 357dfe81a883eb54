/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture.h"

#include "base/assert.h"
#include "base/bytes.h"

#include <stdlib.h>

#define LINK_TYPE_RAW 101
#define IP_BYTES      20
#define TCP_BYTES     20
#define UDP_BYTES     8
#define PROTOCOL_TCP  6
#define PROTOCOL_UDP  17

static void write_bytes(struct capture *capture, const void *bytes, size_t count)
{
    if (fwrite(bytes, 1, count, capture->file) != count) {
        perror("capture");
        exit(1);
    }
}

void capture_open(struct capture *capture, const char *path)
{
    capture->packets = 0;
    capture->file = fopen(path, "wbe");
    if (capture->file == NULL) {
        perror(path);
        exit(1);
    }
    uint8_t head[24] = {0};
    bytes_store_le32(head, 0xa1b2c3d4);
    bytes_store_le16(head + 4, 2);
    bytes_store_le16(head + 6, 4);
    bytes_store_le32(head + 16, 65535);
    bytes_store_le32(head + 20, LINK_TYPE_RAW);
    write_bytes(capture, head, sizeof head);
}

void capture_close(struct capture *capture)
{
    if (fclose(capture->file) != 0) {
        perror("capture");
        exit(1);
    }
}

/* A TCP or UDP header. */
struct head {
    uint32_t to; /* address */
    uint8_t protocol;
    uint8_t count; /* bytes */
    uint8_t bytes[TCP_BYTES];
};

static void ip_packet(struct capture *capture, const struct head *head, const uint8_t *bytes,
                      size_t count)
{
    size_t total = IP_BYTES + head->count + count;
    uint8_t record[16] = {0};
    bytes_store_le32(record, 1700000000);
    bytes_store_le32(record + 4, capture->packets++);
    bytes_store_le32(record + 8, (uint32_t)total);
    bytes_store_le32(record + 12, (uint32_t)total);
    write_bytes(capture, record, sizeof record);
    uint8_t ip[IP_BYTES] = {0x45};
    bytes_store_be16(ip + 2, (uint16_t)total);
    bytes_store_be16(ip + 4, (uint16_t)capture->packets);
    ip[8] = 64;
    ip[9] = head->protocol;
    bytes_store_be32(ip + 12, 0x7f000001);
    bytes_store_be32(ip + 16, head->to);
    write_bytes(capture, ip, sizeof ip);
    write_bytes(capture, head->bytes, head->count);
    write_bytes(capture, bytes, count);
}

void capture_flush(struct capture *capture, struct capture_flow *flow)
{
    if (flow->waiting == 0) {
        return;
    }
    struct head head = {.to = 0x7f000001, .protocol = PROTOCOL_TCP, .count = TCP_BYTES};
    uint8_t *tcp = head.bytes;
    bytes_store_be16(tcp, flow->from_port);
    bytes_store_be16(tcp + 2, flow->to_port);
    bytes_store_be32(tcp + 4, flow->sequence);
    bytes_store_be32(tcp + 8, CAPTURE_SEQUENCE_FIRST);
    tcp[12] = TCP_BYTES / 4 << 4;
    tcp[13] = 0x18; /* ACK and PSH */
    bytes_store_be16(tcp + 14, 0xffff);
    ip_packet(capture, &head, flow->segment, flow->waiting);
    flow->sequence += flow->waiting;
    flow->waiting = 0;
}

void capture_tcp(struct capture *capture, struct capture_flow *flow, const uint8_t *bytes,
                 size_t count, uint32_t segment_bytes)
{
    ASSERT(segment_bytes > 0 && segment_bytes <= CAPTURE_SEGMENT_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        flow->segment[flow->waiting++] = bytes[i];
        if (flow->waiting == segment_bytes) {
            capture_flush(capture, flow);
        }
    }
}

void capture_udp(struct capture *capture, uint16_t port, const uint8_t *bytes, size_t count)
{
    struct head head = {.to = 0xe9360c6f, .protocol = PROTOCOL_UDP, .count = UDP_BYTES};
    uint8_t *udp = head.bytes;
    bytes_store_be16(udp, port);
    bytes_store_be16(udp + 2, port);
    bytes_store_be16(udp + 4, (uint16_t)(UDP_BYTES + count));
    ip_packet(capture, &head, bytes, count);
}
