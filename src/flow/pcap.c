/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/pcap.h"

#include "flow/itch.h"
#include "wire/itch/moldudp64.h"

#define FILE_HEADER_BYTES   24
#define RECORD_HEADER_BYTES 16
#define PACKET_BYTES_MAX    262144 /* the largest snapshot length of libpcap */
#define MAGIC_MICROSECONDS  0xa1b2c3d4u
#define MAGIC_NANOSECONDS   0xa1b23c4du
#define MAGIC_PCAPNG        0x0a0d0d0au
#define LINK_ETHERNET       1
#define ETHERNET_BYTES      14
#define ETHERTYPE_IPV4      0x0800
#define ETHERTYPE_VLAN      0x8100
#define ETHERTYPE_QINQ      0x88a8
#define IP_PROTOCOL_UDP     17
#define UDP_HEADER_BYTES    8

static uint32_t load32(const struct pcap *pcap, const uint8_t *at)
{
    return pcap->swapped ? bytes_load_be32(at) : bytes_load_le32(at);
}

bool pcap_looks_like(const uint8_t *bytes, size_t count)
{
    if (count < 4) {
        return false;
    }
    uint32_t little = bytes_load_le32(bytes);
    uint32_t big = bytes_load_be32(bytes);
    return little == MAGIC_MICROSECONDS || little == MAGIC_NANOSECONDS ||
           big == MAGIC_MICROSECONDS || big == MAGIC_NANOSECONDS;
}

bool pcapng_looks_like(const uint8_t *bytes, size_t count)
{
    return count >= 4 && bytes_load_le32(bytes) == MAGIC_PCAPNG;
}

enum status pcap_open(struct pcap *pcap, struct flow_source *source)
{
    struct input *input = &source->input;
    if (input_want(input, FILE_HEADER_BYTES) < FILE_HEADER_BYTES) {
        return source_cut_off(source, SOURCE_BYTE, 0, "the capture's header");
    }
    const uint8_t *at = input_at(input);
    if (!pcap_looks_like(at, FILE_HEADER_BYTES)) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, 0, "not a pcap file");
    }
    uint32_t big = bytes_load_be32(at);
    pcap->swapped = big == MAGIC_MICROSECONDS || big == MAGIC_NANOSECONDS;
    uint32_t link = load32(pcap, at + 20) & 0x0fffffff; /* the top bits tell of a checksum length */
    if (link != LINK_ETHERNET) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, 20,
                             "link layer %u: only Ethernet (1) is read", link);
    }
    input_skip(input, FILE_HEADER_BYTES);
    return STATUS_OK;
}

struct frame {
    const uint8_t *bytes; /* of the record, its header included */
    size_t captured;      /* end of what is there */
    size_t original;      /* end of what was on the wire */
    uint64_t offset;      /* of the record in the file */
};

struct payload {
    size_t begin; /* offset in the record; 0 = not a UDP packet */
    size_t end;
};

/* A packet that is ours but not whole cannot be read in part: its messages would be missing. */
static enum status cut_or_invalid(struct flow_source *source, const struct frame *frame,
                                  const char *what)
{
    bool cut = frame->captured < frame->original;
    return source_refuse(
        source, cut ? STATUS_TRUNCATED : STATUS_INVALID, SOURCE_BYTE, frame->offset,
        cut ? "the capture cut this packet short (in its %s): capture whole packets"
            : "the %s of this packet does not fit in it",
        what);
}

static enum status find_udp(struct flow_source *source, const struct frame *frame, size_t ip,
                            struct payload *out_payload)
{
    const uint8_t *at = frame->bytes + ip;
    size_t left = frame->captured - ip;
    if (left < 20) {
        return cut_or_invalid(source, frame, "IP header");
    }
    size_t header = (size_t)(at[0] & 15) * 4;
    size_t total = bytes_load_be16(at + 2);
    if (at[0] >> 4 != 4 || header < 20 || total < header) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, frame->offset + ip,
                             "an IPv4 header that is not one");
    }
    if (at[9] != IP_PROTOCOL_UDP) {
        return STATUS_OK;
    }
    if ((bytes_load_be16(at + 6) & 0x3fff) != 0) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE, frame->offset + ip,
                             "a fragment of an IP packet");
    }
    if (left < total) {
        return cut_or_invalid(source, frame, "IP packet");
    }
    size_t udp = bytes_load_be16(at + header + 4);
    if (total - header < UDP_HEADER_BYTES || udp < UDP_HEADER_BYTES || udp > total - header) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, frame->offset + ip + header,
                             "a UDP length that does not fit its packet");
    }
    out_payload->begin = ip + header + UDP_HEADER_BYTES;
    out_payload->end = ip + header + udp;
    return STATUS_OK;
}

/* Leaves out_payload->begin at 0 for frames that carry no UDP over IPv4. */
static enum status find_payload(struct flow_source *source, const struct frame *frame,
                                struct payload *out_payload)
{
    size_t at = RECORD_HEADER_BYTES + ETHERNET_BYTES;
    if (frame->captured < at) {
        return cut_or_invalid(source, frame, "Ethernet header");
    }
    uint16_t type = bytes_load_be16(frame->bytes + at - 2);
    while (type == ETHERTYPE_VLAN || type == ETHERTYPE_QINQ) {
        at += 4;
        if (frame->captured < at) {
            return cut_or_invalid(source, frame, "VLAN tag");
        }
        type = bytes_load_be16(frame->bytes + at - 2);
    }
    return type == ETHERTYPE_IPV4 ? find_udp(source, frame, at, out_payload) : STATUS_OK;
}

static struct pcap_session *session_of(struct pcap *pcap, const struct moldudp64_header *header)
{
    for (size_t i = 0; i < pcap->session_count; i++) {
        if (memcmp(pcap->sessions[i].name, header->session, MOLDUDP64_SESSION_BYTES) == 0) {
            return &pcap->sessions[i];
        }
    }
    if (pcap->session_count == PCAP_SESSIONS_MAX) {
        return NULL;
    }
    struct pcap_session *session = &pcap->sessions[pcap->session_count++];
    memcpy(session->name, header->session, MOLDUDP64_SESSION_BYTES);
    session->next_sequence = header->sequence; /* a capture may begin anywhere */
    return session;
}

/* Takes the packet's messages that have not been seen; those a second line repeats are stepped
 * over. */
static enum status take_blocks(struct pcap *pcap, struct flow_source *source,
                               const struct frame *frame, const struct payload *payload)
{
    struct moldudp64_header header;
    const uint8_t *packet = frame->bytes + payload->begin;
    if (moldudp64_decode(packet, payload->end - payload->begin, &header) != STATUS_OK) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, frame->offset + payload->begin,
                             "a UDP packet that is not MoldUDP64");
    }
    if (header.count == 0 || header.count == MOLDUDP64_END_OF_SESSION) {
        return STATUS_OK;
    }
    struct pcap_session *session = session_of(pcap, &header);
    if (session == NULL) {
        return source_refuse(source, STATUS_UNSUPPORTED, SOURCE_BYTE,
                             frame->offset + payload->begin, "more than %d MoldUDP64 sessions",
                             PCAP_SESSIONS_MAX);
    }
    uint32_t blocks = header.count;
    size_t at = payload->begin + MOLDUDP64_HEADER_BYTES;
    if (header.sequence > session->next_sequence) {
        source->progress.messages_missed += header.sequence - session->next_sequence;
    }
    uint64_t sequence = header.sequence;
    for (; blocks > 0 && sequence < session->next_sequence; blocks--, sequence++) {
        at += 2u + bytes_load_be16(frame->bytes + at);
        source->progress.messages_repeated++;
    }
    if (blocks > 0) {
        session->next_sequence = sequence + blocks;
    }
    pcap->blocks = blocks;
    pcap->block_at = at;
    return STATUS_OK;
}

static enum status next_packet(struct pcap *pcap, struct flow_source *source)
{
    struct input *input = &source->input;
    uint64_t offset = input_offset(input);
    size_t have = input_want(input, RECORD_HEADER_BYTES);
    if (have == 0 && input->status == STATUS_OK) {
        return STATUS_END;
    }
    if (have < RECORD_HEADER_BYTES) {
        return source_cut_off(source, SOURCE_BYTE, offset, "a packet's record header");
    }
    size_t captured = load32(pcap, input_at(input) + 8);
    size_t original = load32(pcap, input_at(input) + 12);
    if (captured > PACKET_BYTES_MAX) {
        return source_refuse(source, STATUS_INVALID, SOURCE_BYTE, offset + 8,
                             "a packet of %zu bytes", captured);
    }
    size_t whole = RECORD_HEADER_BYTES + captured;
    if (input_want(input, whole) < whole) {
        return source_cut_off(source, SOURCE_BYTE, offset, "a packet");
    }
    struct frame frame = {input_at(input), whole, RECORD_HEADER_BYTES + original, offset};
    struct payload payload = {0, 0};
    enum status status = find_payload(source, &frame, &payload);
    if (status == STATUS_OK && payload.begin == 0) {
        source->progress.packets_ignored++;
    } else if (status == STATUS_OK) {
        status = take_blocks(pcap, source, &frame, &payload);
    }
    pcap->packet_bytes = whole;
    return status;
}

enum status pcap_next(struct pcap *pcap, struct flow_source *source,
                      struct flow_message *out_message)
{
    while (pcap->blocks == 0) {
        input_skip(&source->input, pcap->packet_bytes);
        pcap->packet_bytes = 0;
        enum status status = next_packet(pcap, source);
        if (status != STATUS_OK) {
            return status;
        }
    }
    const uint8_t *block = input_at(&source->input) + pcap->block_at;
    size_t length = bytes_load_be16(block);
    uint64_t offset = input_offset(&source->input) + pcap->block_at + 2;
    pcap->block_at += 2 + length;
    pcap->blocks--;
    return itch_decode(source, block + 2, length, offset, out_message);
}
