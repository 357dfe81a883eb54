/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/soup_reader.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

static void over(struct soup_reader *reader, const char *reason)
{
    if (reader->state == SOUP_READER_OVER) {
        return;
    }
    reader->state = SOUP_READER_OVER;
    (void)snprintf(reader->reason, sizeof reader->reason, "%s", reason);
    if (reader->connection != NULL) {
        net_cut(reader->connection, reason);
    }
}

static void on_opened(void *context, struct net_connection *connection)
{
    struct soup_reader *reader = context;
    struct soup_login login = {.sequence = reader->options.from};
    uint8_t packet[SOUP_LOGIN_BYTES];
    (void)snprintf(login.username, sizeof login.username, "%s", reader->options.user);
    (void)snprintf(login.password, sizeof login.password, "%s", reader->options.password);
    if (!net_send(connection, packet, soup_encode_login(&login, packet))) {
        over(reader, "the login could not be sent");
        return;
    }
    reader->sent_ns = reader->now_ns;
    reader->state = SOUP_READER_LOGGING_ON;
}

static void on_accepted(struct soup_reader *reader, const struct soup_packet *packet)
{
    struct soup_accepted accepted;
    if (soup_decode_accepted(packet, &accepted) != STATUS_OK ||
        accepted.sequence > UINT64_MAX / 2) {
        over(reader, "the venue's answer to the login is not valid");
        return;
    }
    if (accepted.sequence != reader->options.from) {
        over(reader, "the venue does not have the sequence asked for");
        return;
    }
    reader->next = accepted.sequence;
    reader->connections++;
    memcpy(reader->session, accepted.session, sizeof reader->session);
    reader->state = SOUP_READER_READS;
}

static void on_sequenced(struct soup_reader *reader, const struct soup_packet *packet)
{
    if (reader->state != SOUP_READER_READS) {
        over(reader, "the venue sent messages before it accepted the login");
        return;
    }
    enum status status = reader->options.on_message(reader->options.context, reader->next,
                                                    packet->payload, packet->payload_bytes);
    if (status == STATUS_OK) {
        reader->next++;
    } else {
        reader->failed = status;
        over(reader, status_sentence(status));
    }
}

static void on_packet(struct soup_reader *reader, const struct soup_packet *packet)
{
    switch (packet->type) {
    case SOUP_LOGIN_ACCEPTED:
        on_accepted(reader, packet);
        break;
    case SOUP_LOGIN_REJECTED:
        over(reader, "the venue refused the login");
        break;
    case SOUP_SEQUENCED:
        on_sequenced(reader, packet);
        break;
    case SOUP_END_OF_SESSION:
        reader->session_ended = true;
        over(reader, "the session has ended");
        break;
    case SOUP_DEBUG:
        (void)snprintf(reader->said, sizeof reader->said, "%.*s", (int)packet->payload_bytes,
                       (const char *)packet->payload);
        break;
    default:
        break;
    }
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    struct soup_reader *reader = context;
    (void)connection;
    size_t at = 0;
    reader->heard_ns = reader->now_ns;
    while (reader->state != SOUP_READER_OVER) {
        struct soup_packet packet;
        enum status status = soup_next(bytes + at, count - at, &packet);
        if (status == STATUS_AGAIN) {
            return at;
        }
        if (status != STATUS_OK || !soup_from_server(packet.type)) {
            over(reader, "the venue sent what is no SoupBinTCP");
            break;
        }
        at += packet.bytes;
        on_packet(reader, &packet);
    }
    return count;
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    struct soup_reader *reader = context;
    (void)connection;
    reader->connection = NULL;
    over(reader, reader->said[0] != '\0' ? reader->said : reason);
}

enum status soup_reader_open(struct soup_reader *reader, const struct soup_reader_options *options,
                             int64_t now_ns)
{
    *reader = (struct soup_reader){.options = *options,
                                   .state = SOUP_READER_CONNECTING,
                                   .next = options->from,
                                   .sent_ns = now_ns,
                                   .heard_ns = now_ns,
                                   .now_ns = now_ns};
    struct net_options net = {
        .address = options->address,
        .tls = options->tls,
        .tls_name = options->tls_name,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = reader,
    };
    enum status status = net_connect(options->loop, &net, &reader->connection);
    if (status != STATUS_OK) {
        *reader = (struct soup_reader){0};
    }
    return status;
}

void soup_reader_tick(struct soup_reader *reader, int64_t now_ns)
{
    reader->now_ns = now_ns;
    if (reader->state == SOUP_READER_CLOSED || reader->state == SOUP_READER_OVER) {
        return;
    }
    if (now_ns - reader->heard_ns > SOUP_TIMEOUT_S * SECOND_NS) {
        over(reader, "the venue was silent for 15 seconds");
        return;
    }
    if (reader->state == SOUP_READER_READS && now_ns - reader->sent_ns >= SECOND_NS) {
        uint8_t packet[SOUP_HEADER_BYTES];
        bool sent =
            net_send(reader->connection, packet, soup_encode_empty(SOUP_CLIENT_HEARTBEAT, packet));
        (void)sent; /* if not, the connection is going and on_closed says so */
        reader->sent_ns = now_ns;
    }
}

void soup_reader_close(struct soup_reader *reader)
{
    if (reader->connection != NULL) {
        over(reader, "the listener closed it");
        net_cut(reader->connection, "the listener closed it");
    }
    while (reader->connection != NULL) {
        net_loop_tick(reader->options.loop, 1000000);
    }
    reader->state = SOUP_READER_CLOSED;
}
