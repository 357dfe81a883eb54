/* SPDX-License-Identifier: Apache-2.0
 *
 * A client's connection: its socket, its SoupBinTCP machine, its slot. What it says in messages is
 * the session's affair.
 */
#include "gateway/state.h"

#include "base/assert.h"
#include "base/text.h"
#include "wire/soup/signature.h"

_Static_assert(SIGNATURE_CHALLENGE_BYTES == IDENTITY_CHALLENGE_BYTES &&
                   SIGNATURE_BYTES == IDENTITY_SIGNATURE_BYTES,
               "one size on the wire and in the store");

uint8_t *gateway_connection_begin(struct gateway_connection *connection, size_t payload_bytes_max)
{
    uint8_t *at = net_reserve(connection->net, SOUP_HEADER_BYTES + payload_bytes_max);
    connection->reserved = at;
    return at == NULL ? NULL : at + SOUP_HEADER_BYTES;
}

void gateway_connection_finish(struct gateway_connection *connection, enum soup_type type,
                               size_t payload_bytes)
{
    ASSERT(connection->reserved != NULL);
    soup_encode_header(type, payload_bytes, connection->reserved);
    net_commit(connection->net, SOUP_HEADER_BYTES + payload_bytes);
    connection->reserved = NULL;
    soup_session_sent(&connection->soup, connection->gateway->now_ns);
}

bool gateway_connection_has_room(const struct gateway_connection *connection)
{
    return net_waiting(connection->net) <= connection->gateway->options.limits.out_bytes_max / 2;
}

void gateway_connection_debug(struct gateway_connection *connection, const void *text, size_t count)
{
    uint8_t *at = gateway_connection_begin(connection, count);
    if (at != NULL) {
        memcpy(at, text, count);
        gateway_connection_finish(connection, SOUP_DEBUG, count);
    }
}

void gateway_connection_tell(struct gateway_connection *connection, const char *text)
{
    gateway_connection_debug(connection, text, strlen(text));
}

static void send_empty(struct gateway_connection *connection, enum soup_type type)
{
    if (gateway_connection_begin(connection, 0) != NULL) {
        gateway_connection_finish(connection, type, 0);
    }
}

/* No more of it is read; the socket goes once it has taken what waits. */
static void end(struct gateway_connection *connection, const char *reason)
{
    connection->soup.state = SOUP_STATE_OVER;
    connection->ending = true;
    net_end(connection->net, reason);
}

void gateway_connection_cut(struct gateway_connection *connection, const char *reason,
                            enum session_end session_end)
{
    if (connection->ending) {
        return;
    }
    gateway_session_leave(connection, session_end);
    gateway_connection_tell(connection, reason);
    end(connection, reason);
}

void gateway_connection_forget(struct gateway_connection *connection)
{
    static enum context_kind nobody = CONTEXT_NOBODY;
    struct net_connection *net = connection->net;
    gateway_connection_cut(connection, "the venue stops", SESSION_END_CUT);
    connection->net = NULL;
    net_set_context(net, &nobody);
}

void gateway_connection_goodbye(struct gateway_connection *connection)
{
    if (connection->ending) {
        return;
    }
    connection->farewell = connection->session != NULL;
    gateway_session_leave(connection, SESSION_END_CUT);
    send_empty(connection, SOUP_END_OF_SESSION);
    end(connection, "end of session");
}

void gateway_connection_reject(struct gateway_connection *connection, enum soup_reject reason)
{
    connection->gateway->counts.logins_rejected++;
    gateway_session_leave(connection, SESSION_END_CUT);
    uint8_t packet[SOUP_REJECTED_BYTES];
    size_t count = soup_encode_rejected(reason, packet);
    uint8_t *at = gateway_connection_begin(connection, count - SOUP_HEADER_BYTES);
    if (at != NULL) {
        memcpy(at, packet + SOUP_HEADER_BYTES, count - SOUP_HEADER_BYTES);
        gateway_connection_finish(connection, SOUP_LOGIN_REJECTED, count - SOUP_HEADER_BYTES);
    }
    end(connection, "the login was refused");
}

/* The name that a SoupBinTCP session has: the session's number, for as long as the log. */
static void session_name(const struct identity_session *identity, char *out_name)
{
    struct text text;
    text_init(&text, out_name, SOUP_SESSION_BYTES + 1);
    text_format(&text, "%u", identity->session);
}

bool gateway_connection_accept(struct gateway_connection *connection, uint64_t first_number)
{
    struct soup_accepted accepted = {.sequence = first_number};
    session_name(connection->session->identity, accepted.session);
    uint8_t packet[SOUP_ACCEPTED_BYTES];
    size_t count = soup_encode_accepted(&accepted, packet);
    uint8_t *at = gateway_connection_begin(connection, count - SOUP_HEADER_BYTES);
    if (at == NULL) {
        gateway_connection_cut(connection, "no room for the answer to a login", SESSION_END_CUT);
        return false;
    }
    memcpy(at, packet + SOUP_HEADER_BYTES, count - SOUP_HEADER_BYTES);
    gateway_connection_finish(connection, SOUP_LOGIN_ACCEPTED, count - SOUP_HEADER_BYTES);
    soup_session_opened(&connection->soup, connection->gateway->now_ns);
    return true;
}

static uint64_t index_of(const struct gateway_connection *connection)
{
    return (uint64_t)(connection - connection->gateway->connections);
}

static struct gateway_connection *take_slot(struct gateway *gateway)
{
    for (uint32_t i = 0; i < gateway->options.limits.connections_max; i++) {
        if (gateway->connections[i].net == NULL) {
            return &gateway->connections[i];
        }
    }
    return NULL;
}

static void on_opened(void *context, struct net_connection *net)
{
    struct gateway_listener *listener = context;
    if (listener->kind != CONTEXT_LISTENER) {
        net_cut(net, "the gateway is gone");
        return;
    }
    struct gateway *gateway = listener->gateway;
    struct gateway_connection *connection = gateway->stopping ? NULL : take_slot(gateway);
    if (connection == NULL || gateway->lost) {
        net_cut(net, "the gateway takes no more connections");
        return;
    }
    gateway->now_ns = gateway_now(gateway);
    uint64_t uses = (connection->tag >> 32) + 1;
    *connection = (struct gateway_connection){
        .kind = CONTEXT_CONNECTION, .gateway = gateway, .listener = listener, .net = net};
    connection->tag = uses << 32 | index_of(connection);
    const struct gateway_limits *limits = &gateway->options.limits;
    struct soup_session_limits soup = {.login_timeout_ns = limits->login_timeout_ns,
                                       .heartbeat_ns = limits->heartbeat_ns,
                                       .silence_ns = limits->silence_ns};
    soup_session_init(&connection->soup, &soup, gateway->now_ns);
    gateway->counts.connections++;
    gateway->counts.connections_ever++;
    net_set_context(net, connection);
}

/* A blank password asks to sign instead; a name that does not exist is challenged all the same. */
static void send_challenge(struct gateway_connection *connection)
{
    char text[SIGNATURE_CHALLENGE_TEXT_BYTES];
    identity_challenge(connection->challenge);
    signature_challenge_encode(connection->challenge, text);
    connection->challenged = true;
    gateway_connection_debug(connection, text, sizeof text);
}

/* The checks that need no password are made after it, so that they tell nothing to a stranger. */
static void start_check(struct gateway_connection *connection)
{
    const struct soup_login *login = &connection->login;
    if (login->password[0] == '\0') {
        send_challenge(connection);
        return;
    }
    enum status status = identity_verify_start(
        connection->gateway->options.identity, login->username, strlen(login->username),
        login->password, strlen(login->password), connection->tag);
    if (status != STATUS_OK) {
        gateway_connection_reject(connection, SOUP_SESSION_NOT_AVAILABLE);
    }
}

/* The one answer to a challenge; other debug packets say nothing to us. */
static void take_signature(struct gateway_connection *connection, const struct soup_action *action)
{
    uint8_t signature[IDENTITY_SIGNATURE_BYTES];
    if (!connection->challenged || connection->soup.state != SOUP_STATE_CHECKING) {
        return;
    }
    connection->challenged = false;
    struct identity_signed_logon logon = {.name = connection->login.username,
                                          .name_count = strlen(connection->login.username),
                                          .challenge = connection->challenge,
                                          .signature = signature};
    if (!signature_decode((const char *)action->payload, action->payload_bytes, signature) ||
        identity_verify_signature_start(connection->gateway->options.identity, &logon,
                                        connection->tag) != STATUS_OK) {
        gateway_connection_reject(connection, SOUP_NOT_AUTHORIZED);
    }
}

static bool door_is_right(const struct gateway_connection *connection,
                          const struct identity_session *identity)
{
    unsigned wanted =
        connection->listener->protocol == GATEWAY_OUCH ? IDENTITY_OUCH : IDENTITY_NATIVE;
    char name[SOUP_SESSION_BYTES + 1];
    session_name(identity, name);
    return (identity->protocols & wanted) != 0 &&
           (connection->login.session[0] == '\0' || strcmp(connection->login.session, name) == 0);
}

void gateway_connection_checked(struct gateway *gateway, const struct identity_result *result)
{
    uint64_t index = result->tag & UINT32_MAX;
    if (index >= gateway->options.limits.connections_max) {
        return;
    }
    struct gateway_connection *connection = &gateway->connections[index];
    if (connection->net == NULL || connection->tag != result->tag ||
        connection->soup.state != SOUP_STATE_CHECKING) {
        return; /* the connection did not wait for its answer */
    }
    bool granted = result->verdict == IDENTITY_GRANTED;
    soup_session_checked(&connection->soup, granted);
    if (!granted) {
        gateway_connection_reject(connection, SOUP_NOT_AUTHORIZED);
    } else if (!door_is_right(connection, result->session)) {
        gateway_connection_reject(connection, SOUP_SESSION_NOT_AVAILABLE);
    } else {
        gateway_session_take(connection, result->session);
    }
}

static void act(struct gateway_connection *connection, const struct soup_action *action)
{
    switch (action->kind) {
    case SOUP_ACTION_LOGIN:
        connection->login = action->login;
        start_check(connection);
        memset(connection->login.password, 0, sizeof connection->login.password);
        break;
    case SOUP_ACTION_MESSAGE:
        gateway_session_message(connection, action->payload, action->payload_bytes);
        break;
    case SOUP_ACTION_HEARTBEAT:
        send_empty(connection, SOUP_SERVER_HEARTBEAT);
        break;
    case SOUP_ACTION_LOGOUT:
        gateway_session_leave(connection, SESSION_END_LOGGED_OUT);
        end(connection, "the client logged out");
        break;
    case SOUP_ACTION_CUT:
        gateway_connection_cut(connection, action->reason,
                               action->silent ? SESSION_END_SILENT : SESSION_END_CUT);
        break;
    case SOUP_ACTION_DEBUG:
        take_signature(connection, action);
        break;
    case SOUP_ACTION_NONE:
        break;
    }
}

static size_t on_bytes(void *context, struct net_connection *net, const uint8_t *bytes,
                       size_t count)
{
    (void)net;
    struct gateway_connection *connection = context;
    struct gateway *gateway = connection->gateway;
    size_t at = 0;
    size_t consumed = 1;
    gateway->now_ns = gateway_now(gateway);
    while (at < count && consumed > 0) {
        struct soup_action action = soup_session_read(&connection->soup, gateway->now_ns,
                                                      bytes + at, count - at, &consumed);
        at += consumed;
        act(connection, &action);
    }
    return at;
}

static void on_closed(void *context, struct net_connection *net, const char *reason)
{
    (void)net;
    (void)reason;
    const enum context_kind *kind = context;
    if (*kind != CONTEXT_CONNECTION) {
        return; /* it never became one of ours, or is so no longer */
    }
    struct gateway_connection *connection = context;
    struct gateway *gateway = connection->gateway;
    gateway->now_ns = gateway_now(gateway);
    connection->ending = true;
    gateway_session_leave(connection, SESSION_END_DISCONNECTED);
    gateway->counts.connections--;
    connection->net = NULL;
}

static const struct net_handler net_handler = {
    .on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed};

enum status gateway_connection_listen(struct gateway_listener *listener, const char *address,
                                      struct net_tls *tls, uint16_t *out_number)
{
    struct gateway *gateway = listener->gateway;
    struct net_options options = {
        .address = address,
        .tls = tls,
        .handler = net_handler,
        .context = listener,
        .out_bytes_max = gateway->options.limits.out_bytes_max,
        .connections_max = gateway->options.limits.connections_max,
    };
    enum status status = net_listen(gateway->options.loop, &options, &listener->net);
    if (status == STATUS_OK && out_number != NULL) {
        *out_number = net_listener_port(listener->net);
    }
    return status;
}

void gateway_connection_unlisten(struct gateway_listener *listener)
{
    net_listener_abandon(listener->net);
    net_listener_close(listener->net);
    listener->net = NULL;
}

const char *gateway_connection_peer(const struct gateway_connection *connection)
{
    return net_peer(connection->net);
}

/* A client that takes nothing while messages wait for it is cut; one that is slow is not. */
static void watch_stall(struct gateway_connection *connection, int64_t now_ns)
{
    size_t waiting = net_waiting(connection->net);
    bool stalled = connection->session != NULL && connection->session->resume && waiting > 0 &&
                   waiting >= connection->waiting;
    if (!stalled) {
        connection->stalled_ns = now_ns;
    } else if (now_ns - connection->stalled_ns >= connection->gateway->options.limits.stall_ns) {
        connection->gateway->counts.cut_slow++;
        gateway_connection_cut(connection, "the client did not take its messages", SESSION_END_CUT);
    }
    connection->waiting = waiting;
}

void gateway_connection_tick(struct gateway_connection *connection, int64_t now_ns)
{
    if (connection->ending) {
        return;
    }
    struct soup_action action = soup_session_tick(&connection->soup, now_ns);
    act(connection, &action);
    if (!connection->ending) {
        watch_stall(connection, now_ns);
    }
}
