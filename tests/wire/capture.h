/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a capture file that Wireshark reads: raw IPv4, TCP connections cut into segments wherever
 * it falls, and UDP packets.
 *
 * Owner: the caller. Threads: one. Memory: none. Errors: the program ends. Order of calls:
 * capture_open, any, capture_close.
 */
#ifndef DOJIMA_TESTS_WIRE_CAPTURE_H
#define DOJIMA_TESTS_WIRE_CAPTURE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CAPTURE_SEGMENT_BYTES_MAX 1400
#define CAPTURE_SEQUENCE_FIRST    1000 /* of every flow */

/* One direction of a connection. */
struct capture_flow {
    uint32_t sequence; /* of the next byte */
    uint32_t waiting;  /* bytes not yet in a segment */
    uint16_t from_port;
    uint16_t to_port;
    uint8_t segment[CAPTURE_SEGMENT_BYTES_MAX];
};

struct capture {
    FILE *file;
    uint32_t packets;
};

void capture_open(struct capture *capture, const char *path);
void capture_close(struct capture *capture);

/* `bytes` more of the flow, sent in segments of `segment_bytes`; capture_flush sends the rest. */
void capture_tcp(struct capture *capture, struct capture_flow *flow, const uint8_t *bytes,
                 size_t count, uint32_t segment_bytes);
void capture_flush(struct capture *capture, struct capture_flow *flow);

void capture_udp(struct capture *capture, uint16_t port, const uint8_t *bytes, size_t count);

#endif
