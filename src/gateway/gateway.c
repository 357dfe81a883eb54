/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/gateway.h"

#include "base/text.h"
#include "gateway/state.h"

#include <stdlib.h>

#define SECOND_NS INT64_C(1000000000)

static void set_defaults(struct gateway_limits *limits)
{
    if (limits->connections_max == 0) {
        limits->connections_max = 1024;
    }
    if (limits->login_timeout_ns == 0) {
        limits->login_timeout_ns = 10 * SECOND_NS;
    }
    if (limits->heartbeat_ns == 0) {
        limits->heartbeat_ns = SOUP_HEARTBEAT_S * SECOND_NS;
    }
    if (limits->silence_ns == 0) {
        limits->silence_ns = SOUP_TIMEOUT_S * SECOND_NS;
    }
    if (limits->stall_ns == 0) {
        limits->stall_ns = 10 * SECOND_NS;
    }
    if (limits->out_bytes_max == 0) {
        limits->out_bytes_max = NET_OUT_BYTES_DEFAULT;
    }
    if (limits->valid_for_us == 0) {
        limits->valid_for_us = 10000000;
    }
}

enum status gateway_open(const struct gateway_options *options, struct gateway **out_gateway)
{
    struct gateway *gateway = calloc(1, sizeof *gateway);
    if (gateway == NULL) {
        return STATUS_NO_MEMORY;
    }
    gateway->options = *options;
    set_defaults(&gateway->options.limits);
    gateway->connections =
        calloc(gateway->options.limits.connections_max, sizeof *gateway->connections);
    if (gateway->connections == NULL) {
        free(gateway);
        return STATUS_NO_MEMORY;
    }
    gateway->port = options->port;
    gateway->port->handler = gateway_port_handler;
    gateway->port->context = gateway;
    gateway->timer_ns = gateway_now(gateway);
    struct stream_key everyone = {.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC};
    enum status status = port_subscribe(gateway->port, everyone, 1);
    if (status != STATUS_OK) {
        free(gateway->connections);
        free(gateway);
        return status;
    }
    *out_gateway = gateway;
    return STATUS_OK;
}

enum status gateway_listen(struct gateway *gateway, enum gateway_protocol protocol,
                           const char *address, struct net_tls *tls, uint16_t *out_number)
{
    if (gateway->listener_count == GATEWAY_LISTENERS_MAX) {
        return STATUS_FULL;
    }
    struct gateway_listener *listener = malloc(sizeof *listener);
    if (listener == NULL) {
        return STATUS_NO_MEMORY;
    }
    *listener = (struct gateway_listener){.gateway = gateway, .protocol = protocol};
    enum status status = gateway_connection_listen(listener, address, tls, out_number);
    if (status != STATUS_OK) {
        free(listener);
        return status;
    }
    gateway->listeners[gateway->listener_count++] = listener;
    return STATUS_OK;
}

static void each_connection(struct gateway *gateway,
                            void (*what)(struct gateway_connection *connection, int64_t now_ns),
                            int64_t now_ns)
{
    for (uint32_t i = 0; i < gateway->options.limits.connections_max; i++) {
        if (gateway->connections[i].net != NULL) {
            what(&gateway->connections[i], now_ns);
        }
    }
}

static void tell_lost(struct gateway_connection *connection, int64_t now_ns)
{
    (void)now_ns;
    gateway_connection_cut(connection, "the shard is gone; log on again later",
                           SESSION_END_GATEWAY_LOST);
}

static void say_goodbye(struct gateway_connection *connection, int64_t now_ns)
{
    if (now_ns >= connection->gateway->note_end_ns || !gateway_session_waits_for_note(connection)) {
        gateway_connection_goodbye(connection);
    }
}

enum status gateway_tick(struct gateway *gateway)
{
    struct identity_result result;
    int64_t now_ns = gateway_now(gateway);
    gateway->now_ns = now_ns;
    while (identity_verify_poll(gateway->options.identity, now_ns, &result)) {
        gateway_connection_checked(gateway, &result);
    }
    if (!gateway->lost && port_tick(gateway->port) != STATUS_OK) {
        gateway->lost = true;
    }
    if (gateway->lost) {
        each_connection(gateway, tell_lost, now_ns);
        return port_tick(gateway->port) == STATUS_END ? STATUS_END : STATUS_IO;
    }
    if (now_ns - gateway->timer_ns >= GATEWAY_TIMER_NS) {
        gateway->timer_ns = now_ns;
        each_connection(gateway, gateway_connection_tick, now_ns);
        for (struct gateway_session *i = gateway->sessions; i != NULL; i = i->next) {
            gateway_session_tick(i, now_ns);
        }
    }
    return gateway->failure;
}

bool gateway_stop(struct gateway *gateway, enum session_note note)
{
    int64_t now_ns = gateway_now(gateway);
    if (!gateway->stopping) {
        gateway->stopping = true;
        gateway->note_end_ns = now_ns + GATEWAY_NOTE_NS;
        for (uint32_t i = 0; i < gateway->listener_count; i++) {
            gateway_connection_unlisten(gateway->listeners[i]);
        }
        for (struct gateway_session *i = gateway->sessions; i != NULL; i = i->next) {
            gateway_session_note(i, note);
        }
    }
    each_connection(gateway, say_goodbye, now_ns);
    for (uint32_t i = 0; i < gateway->options.limits.connections_max; i++) {
        const struct gateway_connection *connection = &gateway->connections[i];
        if (connection->net != NULL && (connection->farewell || connection->session != NULL)) {
            return false;
        }
    }
    return true;
}

void gateway_count(const struct gateway *gateway, struct gateway_counts *out_counts)
{
    *out_counts = gateway->counts;
    out_counts->sessions_live = 0;
    for (const struct gateway_session *i = gateway->sessions; i != NULL; i = i->next) {
        out_counts->sessions_live += i->step == SESSION_LIVE;
    }
}

void gateway_sessions(const struct gateway *gateway, gateway_on_session *on_session, void *context)
{
    for (const struct gateway_session *i = gateway->sessions; i != NULL; i = i->next) {
        struct gateway_session_state state = {
            .session = i->identity->session,
            .incarnation = i->incarnation,
            .next_number = i->next_number,
            .input_sequence = i->input_sequence,
            .protocol = i->kind,
            .live = i->step == SESSION_LIVE,
        };
        memcpy(state.name, i->identity->name, sizeof state.name);
        if (i->connection != NULL) {
            struct text text;
            text_init(&text, state.peer, sizeof state.peer);
            text_add(&text, gateway_connection_peer(i->connection));
        }
        if (!on_session(context, &state)) {
            return;
        }
    }
}

static void drop(struct gateway_connection *connection, int64_t now_ns)
{
    (void)now_ns;
    gateway_connection_forget(connection);
}

void gateway_close(struct gateway *gateway)
{
    if (gateway == NULL) {
        return;
    }
    for (uint32_t i = 0; i < gateway->listener_count; i++) {
        gateway_connection_unlisten(gateway->listeners[i]);
    }
    each_connection(gateway, drop, 0);
    for (uint32_t i = 0; i < gateway->listener_count; i++) {
        free(gateway->listeners[i]);
    }
    port_close(gateway->port);
    struct gateway_session *session = gateway->sessions;
    while (session != NULL) {
        struct gateway_session *next = session->next;
        gateway_session_free(session);
        session = next;
    }
    directory_deinit(&gateway->directory);
    free(gateway->by_number);
    free(gateway->connections);
    free(gateway);
}
