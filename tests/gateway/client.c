/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/client.h"
#include "wire/soup/signature.h"

#include <stdio.h>
#include <stdlib.h>

static void take_sequenced(struct client *client, const struct soup_packet *packet)
{
    assert_true(client->expected >= 1 && client->expected <= client->count + 1);
    assert_true(client->expected <= CLIENT_MESSAGES_MAX);
    struct client_message *message = &client->messages[client->expected - 1];
    assert_true(packet->payload_bytes <= sizeof message->bytes);
    if (client->expected <= client->count) { /* told again: it must be what it was */
        assert_int_equal(message->count, packet->payload_bytes);
        assert_memory_equal(message->bytes, packet->payload, packet->payload_bytes);
    } else {
        memcpy(message->bytes, packet->payload, packet->payload_bytes);
        message->count = packet->payload_bytes;
        client->count++;
    }
    client->expected++;
}

static void answer_challenge(struct client *client)
{
    uint8_t challenge[IDENTITY_CHALLENGE_BYTES];
    uint8_t bytes[IDENTITY_LOGON_BYTES];
    uint8_t signature[IDENTITY_SIGNATURE_BYTES];
    _Static_assert(SOUP_HEADER_BYTES + SIGNATURE_TEXT_BYTES <= sizeof client->answer, "fits");
    if (client->seed == NULL ||
        !signature_challenge_decode(client->debug, client->debug_count, challenge)) {
        return;
    }
    if (!client->replay) {
        identity_logon_bytes(client->credential.name, strlen(client->credential.name), challenge,
                             bytes);
        identity_sign(client->seed, bytes, sizeof bytes, signature);
        soup_encode_header(SOUP_DEBUG, SIGNATURE_TEXT_BYTES, client->answer);
        signature_encode(signature, (char *)client->answer + SOUP_HEADER_BYTES);
        client->answer_count = SOUP_HEADER_BYTES + SIGNATURE_TEXT_BYTES;
    }
    assert_true(net_send(client->net, client->answer, client->answer_count));
}

static void take_packet(struct client *client, const struct soup_packet *packet)
{
    struct soup_accepted accepted;
    switch (packet->type) {
    case SOUP_LOGIN_ACCEPTED:
        assert_int_equal(soup_decode_accepted(packet, &accepted), STATUS_OK);
        client->accepted_sequence = accepted.sequence;
        client->expected = accepted.sequence;
        memcpy(client->session, accepted.session, sizeof accepted.session);
        client->live = true;
        client->logins++;
        break;
    case SOUP_LOGIN_REJECTED:
        client->rejected = packet->payload[0];
        break;
    case SOUP_SEQUENCED:
        take_sequenced(client, packet);
        break;
    case SOUP_SERVER_HEARTBEAT:
        client->heartbeats++;
        break;
    case SOUP_END_OF_SESSION:
        client->ended = true;
        break;
    case SOUP_DEBUG:
        client->debug_count = packet->payload_bytes < sizeof client->debug - 1
                                  ? packet->payload_bytes
                                  : sizeof client->debug - 1;
        memcpy(client->debug, packet->payload, client->debug_count);
        client->debug[client->debug_count] = '\0';
        answer_challenge(client);
        break;
    default:
        fail_msg("a packet of type %c", packet->type);
    }
}

static size_t on_bytes(void *context, struct net_connection *net, const uint8_t *bytes,
                       size_t count)
{
    struct client *client = context;
    size_t at = 0;
    size_t allowed = client->cut_after_in - client->in < count
                         ? (size_t)(client->cut_after_in - client->in)
                         : count;
    struct soup_packet packet;
    while (soup_next(bytes + at, allowed - at, &packet) == STATUS_OK) {
        assert_true(soup_from_server(packet.type));
        take_packet(client, &packet);
        at += packet.bytes;
    }
    client->in += at;
    if (client->in + (allowed - at) >= client->cut_after_in) {
        client->net = NULL;
        client->live = false;
        net_cut(net, "cut by the test");
    }
    return at;
}

static void send_bytes(struct client *client, const uint8_t *bytes, size_t count)
{
    uint64_t left = client->cut_after_out - client->out;
    size_t allowed = left < count ? (size_t)left : count;
    assert_true(net_send(client->net, bytes, allowed));
    client->out += allowed;
    if (client->out >= client->cut_after_out) {
        struct net_connection *net = client->net;
        net_flush(net);
        client->net = NULL;
        client->live = false;
        net_cut(net, "cut by the test");
    }
}

static void on_opened(void *context, struct net_connection *net)
{
    struct client *client = context;
    struct soup_login login = {.sequence = client->expected};
    uint8_t packet[SOUP_LOGIN_BYTES];
    assert_ptr_equal(client->net, net);
    if (client->silent) {
        return;
    }
    memcpy(login.username, client->credential.name, sizeof client->credential.name);
    if (client->seed == NULL) {
        memcpy(login.password, client->credential.password, sizeof client->credential.password);
    }
    send_bytes(client, packet, soup_encode_login(&login, packet));
}

static void on_closed(void *context, struct net_connection *net, const char *reason)
{
    struct client *client = context;
    (void)reason;
    if (client->net == net) {
        client->net = NULL;
        client->live = false;
    }
}

void client_init(struct client *client, struct world *world, size_t credential)
{
    *client = (struct client){.world = world, .credential = world->credentials[credential]};
    client->messages = calloc(CLIENT_MESSAGES_MAX, sizeof *client->messages);
    assert_non_null(client->messages);
    client->cut_after_in = CLIENT_NO_CUT;
    client->cut_after_out = CLIENT_NO_CUT;
}

void client_connect(struct client *client, uint16_t port, uint64_t sequence)
{
    char address[32];
    snprintf(address, sizeof address, "127.0.0.1:%u", port);
    struct net_options options = {
        .address = address,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = client,
    };
    assert_null(client->net);
    client->expected = sequence;
    client->in = 0;
    client->out = 0;
    client->rejected = 0;
    client->ended = false;
    client->debug[0] = '\0';
    assert_int_equal(net_connect(client->world->loop, &options, &client->net), STATUS_OK);
}

static bool is_live(void *context)
{
    struct client *client = context;
    return client->live;
}

void client_log_on(struct client *client, uint16_t port, uint64_t sequence)
{
    client_connect(client, port, sequence);
    world_until(client->world, is_live, client);
}

bool client_send(struct client *client, const uint8_t *payload, size_t count)
{
    uint8_t packet[SOUP_PACKET_BYTES_MAX];
    if (client->net == NULL) {
        return false;
    }
    soup_encode_header(SOUP_UNSEQUENCED, count, packet);
    memcpy(packet + SOUP_HEADER_BYTES, payload, count);
    send_bytes(client, packet, SOUP_HEADER_BYTES + count);
    return client->net != NULL;
}

void client_send_packet(struct client *client, enum soup_type type)
{
    uint8_t packet[SOUP_HEADER_BYTES];
    send_bytes(client, packet, soup_encode_empty(type, packet));
}

struct wanted {
    struct client *client;
    uint64_t count;
};

static bool has_count(void *context)
{
    const struct wanted *wanted = context;
    return wanted->client->count >= wanted->count;
}

void client_wait(struct client *client, uint64_t count)
{
    struct wanted wanted = {client, count};
    world_until(client->world, has_count, &wanted);
}

static bool is_closed(void *context)
{
    struct client *client = context;
    return client->net == NULL;
}

void client_wait_closed(struct client *client)
{
    world_until(client->world, is_closed, client);
}

void client_cut(struct client *client)
{
    if (client->net != NULL) {
        struct net_connection *net = client->net;
        client->net = NULL;
        client->live = false;
        net_cut(net, "cut by the test");
    }
}

void client_deinit(struct client *client)
{
    client_cut(client);
    world_turn(client->world);
    free(client->messages);
}

bool client_enter(struct client *client, uint32_t user_ref_num, char side, uint32_t quantity,
                  uint64_t price)
{
    struct ouch_enter_order message = {.user_ref_num = user_ref_num,
                                       .side = (uint8_t)side,
                                       .quantity = quantity,
                                       .price = price,
                                       .time_in_force = '0',
                                       .display = 'Y',
                                       .capacity = 'P',
                                       .sweep = 'N',
                                       .cross_type = 'N'};
    uint8_t bytes[OUCH_LENGTH_MAX];
    memcpy(message.symbol, "RICE    ", sizeof message.symbol);
    memcpy(message.client_order_id, "c1            ", sizeof message.client_order_id);
    return client_send(client, bytes, ouch_encode_enter_order(&message, bytes));
}

bool client_replace(struct client *client, uint32_t original, uint32_t user_ref_num,
                    uint32_t quantity, uint64_t price)
{
    struct ouch_replace_order message = {.orig_user_ref_num = original,
                                         .user_ref_num = user_ref_num,
                                         .quantity = quantity,
                                         .price = price,
                                         .time_in_force = '0',
                                         .display = 'Y',
                                         .sweep = 'N'};
    uint8_t bytes[OUCH_LENGTH_MAX];
    memcpy(message.client_order_id, "c2            ", sizeof message.client_order_id);
    return client_send(client, bytes, ouch_encode_replace_order(&message, bytes));
}

bool client_cancel(struct client *client, uint32_t user_ref_num, uint32_t quantity)
{
    struct ouch_cancel_order message = {.user_ref_num = user_ref_num, .quantity = quantity};
    uint8_t bytes[OUCH_LENGTH_MAX];
    return client_send(client, bytes, ouch_encode_cancel_order(&message, bytes));
}
