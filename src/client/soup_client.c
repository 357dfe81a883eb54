/* SPDX-License-Identifier: Apache-2.0 */
#include "client/soup_client.h"

#include "base/assert.h"
#include "base/hash.h"

/* Sessions wait differently because their names differ: an address would do as well, and make a
 * simulated client another one each time. */
static uint64_t name_number(const struct soup_login *login)
{
    uint64_t number = 0;
    for (size_t i = 0; i < sizeof login->username && login->username[i] != '\0'; i++) {
        number = number << 8 | (uint8_t)login->username[i];
    }
    return number;
}

void soup_client_init(struct soup_client *client, const struct soup_login *login,
                      uint64_t next_number, int64_t backoff_first_ns)
{
    *client = (struct soup_client){
        .backoff_first_ns = backoff_first_ns,
        .backoff_ns = backoff_first_ns,
        .next_number = next_number,
        .seed = hash_mix64(name_number(login) + next_number),
        .state = SOUP_CLIENT_WAITING,
        .login = *login,
    };
}

bool soup_client_due(const struct soup_client *client, int64_t now_ns)
{
    return client->state == SOUP_CLIENT_WAITING && now_ns >= client->due_ns;
}

void soup_client_connecting(struct soup_client *client, int64_t now_ns)
{
    ASSERT(client->state == SOUP_CLIENT_WAITING);
    client->state = SOUP_CLIENT_CONNECTING;
    client->began_ns = now_ns;
}

size_t soup_client_connected(struct soup_client *client, int64_t now_ns, uint8_t *out)
{
    ASSERT(client->state == SOUP_CLIENT_CONNECTING);
    client->state = SOUP_CLIENT_LOGGING_ON;
    client->heard_ns = now_ns;
    client->sent_ns = now_ns;
    client->login.sequence = client->next_number;
    return soup_encode_login(&client->login, out);
}

static struct soup_client_action cut(const char *reason)
{
    return (struct soup_client_action){.kind = CLIENT_CUT, .reason = reason};
}

static struct soup_client_action accepted(struct soup_client *client,
                                          const struct soup_packet *packet)
{
    struct soup_accepted answer;
    if (soup_decode_accepted(packet, &answer) != STATUS_OK || answer.sequence == 0) {
        return cut("the venue's answer to the login is none");
    }
    if (client->next_number != 0 && answer.sequence != client->next_number) {
        soup_client_finish(client);
        return cut("the venue does not go on at the number that was asked for");
    }
    client->next_number = answer.sequence;
    client->state = SOUP_CLIENT_LIVE;
    client->backoff_ns = client->backoff_first_ns;
    memcpy(client->session, answer.session, sizeof client->session);
    return (struct soup_client_action){.kind = CLIENT_OPENED, .number = answer.sequence};
}

static struct soup_client_action rejected(struct soup_client *client,
                                          const struct soup_packet *packet)
{
    uint8_t reason;
    if (soup_decode_rejected(packet, &reason) != STATUS_OK) {
        return cut("the venue's answer to the login is none");
    }
    if (reason == SOUP_NOT_AUTHORIZED) {
        client->state = SOUP_CLIENT_REFUSED;
        return cut(client->login.password[0] == '\0'
                       ? "the venue does not take this name and signature"
                       : "the venue does not take this name and password");
    }
    /* Not for ever: another number, or the venue is still starting. */
    return cut("the venue says that the session is not available");
}

static struct soup_client_action take(struct soup_client *client, const struct soup_packet *packet)
{
    struct soup_client_action action = {.payload = packet->payload,
                                        .payload_bytes = packet->payload_bytes};
    bool live = client->state == SOUP_CLIENT_LIVE;
    switch (packet->type) {
    case SOUP_LOGIN_ACCEPTED:
        return live ? cut("the venue accepted a second time") : accepted(client, packet);
    case SOUP_LOGIN_REJECTED:
        return live ? cut("the venue refused what it had accepted") : rejected(client, packet);
    case SOUP_SEQUENCED:
        if (!live) {
            return cut("the venue sent a message before it accepted the login");
        }
        action.kind = CLIENT_MESSAGE;
        action.number = client->next_number++;
        return action;
    case SOUP_UNSEQUENCED:
    case SOUP_DEBUG:
        action.kind = CLIENT_UNNUMBERED;
        return action;
    case SOUP_END_OF_SESSION:
        /* The venue is stopping; it may be back, with the same numbers. */
        return cut("the venue ended the session");
    default:
        return (struct soup_client_action){.kind = CLIENT_NOTHING};
    }
}

struct soup_client_action soup_client_read(struct soup_client *client, int64_t now_ns,
                                           const uint8_t *bytes, size_t count, size_t *out_used)
{
    struct soup_packet packet;
    *out_used = 0;
    if (client->state != SOUP_CLIENT_LOGGING_ON && client->state != SOUP_CLIENT_LIVE) {
        return (struct soup_client_action){.kind = CLIENT_NOTHING};
    }
    enum status status = soup_next(bytes, count, &packet);
    if (status == STATUS_AGAIN) {
        return (struct soup_client_action){.kind = CLIENT_NOTHING};
    }
    if (status != STATUS_OK ||
        (!soup_from_server(packet.type) && packet.type != SOUP_UNSEQUENCED)) {
        return cut("the venue sent what is no packet");
    }
    client->heard_ns = now_ns;
    *out_used = packet.bytes;
    return take(client, &packet);
}

void soup_client_sent(struct soup_client *client, int64_t now_ns)
{
    client->sent_ns = now_ns;
}

struct soup_client_action soup_client_tick(struct soup_client *client, int64_t now_ns)
{
    switch (client->state) {
    case SOUP_CLIENT_CONNECTING:
    case SOUP_CLIENT_LOGGING_ON:
        if (now_ns - client->began_ns >= SOUP_CLIENT_LOGIN_NS) {
            return cut("the venue did not answer the login");
        }
        break;
    case SOUP_CLIENT_LIVE:
        if (now_ns - client->heard_ns >= SOUP_TIMEOUT_S * SOUP_CLIENT_SECOND_NS) {
            return cut("the venue was silent for too long");
        }
        if (now_ns - client->sent_ns >= SOUP_HEARTBEAT_S * SOUP_CLIENT_SECOND_NS) {
            client->sent_ns = now_ns;
            return (struct soup_client_action){.kind = CLIENT_HEARTBEAT};
        }
        break;
    case SOUP_CLIENT_WAITING:
    case SOUP_CLIENT_OVER:
    case SOUP_CLIENT_REFUSED:
        break;
    }
    return (struct soup_client_action){.kind = CLIENT_NOTHING};
}

/* Half of the wait is fixed, half is drawn, so that clients of one dead venue do not come back in
 * step. */
void soup_client_lost(struct soup_client *client, int64_t now_ns)
{
    if (soup_client_is_over(client)) {
        return;
    }
    if (client->backoff_first_ns == 0) {
        client->state = SOUP_CLIENT_OVER;
        return;
    }
    client->seed = hash_mix64(client->seed + 1);
    int64_t half_ns = client->backoff_ns / 2;
    client->due_ns = now_ns + half_ns + (int64_t)(client->seed % (uint64_t)(half_ns + 1));
    client->state = SOUP_CLIENT_WAITING;
    int64_t most_ns = client->backoff_first_ns * SOUP_CLIENT_BACKOFF_FACTOR;
    client->backoff_ns = client->backoff_ns > most_ns / 2 ? most_ns : client->backoff_ns * 2;
}

void soup_client_finish(struct soup_client *client)
{
    if (client->state != SOUP_CLIENT_REFUSED) {
        client->state = SOUP_CLIENT_OVER;
    }
}
