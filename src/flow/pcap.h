/* SPDX-License-Identifier: Apache-2.0
 *
 * ITCH out of MoldUDP64 packets out of a classic pcap capture (libpcap file format, both byte
 * orders, microseconds and nanoseconds): Ethernet with any VLAN tags, IPv4, UDP.
 *
 *   record header 16 | Ethernet 14 + 4 a tag | IPv4 20.. | UDP 8 | MoldUDP64 20 | length, message |
 * ...
 *
 * Messages are given once: what a second line of the same session repeats is passed over by its
 * sequence and counted, what is missing is counted too.
 *
 * Owner: the reader. Threads: one. Memory: none. Errors: UNSUPPORTED (pcapng, other link layers, IP
 * fragments, too many sessions), TRUNCATED (a packet the capture cut), INVALID.
 * Order of calls: pcap_open, pcap_next until END.
 */
#ifndef DOJIMA_FLOW_PCAP_H
#define DOJIMA_FLOW_PCAP_H

#include "flow/source.h"

#define PCAP_SESSIONS_MAX 16

struct pcap_session {
    char name[10];
    uint64_t next_sequence;
};

struct pcap {
    bool swapped;        /* the file's byte order is big-endian */
    size_t packet_bytes; /* of the record being given out, its header included; 0 = none */
    size_t block_at;     /* offset in the record of the next message block */
    uint32_t blocks;     /* message blocks left in it */
    size_t session_count;
    struct pcap_session sessions[PCAP_SESSIONS_MAX];
};

/* Reads the file header. */
MUST_USE enum status pcap_open(struct pcap *pcap, struct flow_source *source);

MUST_USE enum status pcap_next(struct pcap *pcap, struct flow_source *source,
                               struct flow_message *out_message);

bool pcap_looks_like(const uint8_t *bytes, size_t count);
bool pcapng_looks_like(const uint8_t *bytes, size_t count);

#endif
