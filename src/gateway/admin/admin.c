/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/admin/admin.h"

#include "gateway/admin/answer.h"
#include "net/net.h"

#include <stdlib.h>

#define ADMIN_CONNECTIONS_MAX 16u
#define ADMIN_LINE_BYTES_MAX  4096u

static bool is_allowed(const struct net_connection *connection)
{
    uint32_t user;
    return net_peer_user(connection, &user) == STATUS_OK && (user == 0 || user == host_user());
}

static void on_opened(void *context, struct net_connection *connection)
{
    (void)context;
    if (!is_allowed(connection)) {
        net_cut(connection, "only root and the venue's own user may use this socket");
    }
}

static void answer_line(struct admin *admin, struct net_connection *connection, const uint8_t *line,
                        size_t count)
{
    char *answer = answer_to(admin, (const char *)line, count);
    bool sent = answer != NULL && net_send(connection, answer, strlen(answer)) &&
                net_send(connection, "\n", 1);
    free(answer);
    if (!sent) {
        net_cut(connection, "there is no room for the answer");
    }
    if (admin->shutdown) {
        admin->shutdown = false;
        net_flush(connection);
        admin->options.on_shutdown(admin->options.context);
    }
}

static size_t on_bytes(void *context, struct net_connection *connection, const uint8_t *bytes,
                       size_t count)
{
    struct admin *admin = context;
    size_t at = 0;
    for (;;) {
        const uint8_t *end = memchr(bytes + at, '\n', count - at);
        if (end == NULL) {
            break;
        }
        size_t line = (size_t)(end - (bytes + at));
        answer_line(admin, connection, bytes + at, line);
        at += line + 1;
    }
    if (count - at > ADMIN_LINE_BYTES_MAX) {
        net_cut(connection, "the line is too long");
        return count;
    }
    return at;
}

static void on_closed(void *context, struct net_connection *connection, const char *reason)
{
    (void)context;
    (void)connection;
    (void)reason;
}

static void on_entry(void *context, const struct stream_entry *entry)
{
    struct admin *admin = context;
    struct event event;
    uint8_t id = entry->count < EVENT_HEADER_BYTES ? 0 : entry->bytes[0];
    if ((id != EVENT_INSTRUMENT_LISTED && id != EVENT_PHASE) ||
        event_header_decode(entry->bytes, entry->count, &event.header) != STATUS_OK ||
        event_body_decode(entry->bytes + EVENT_HEADER_BYTES, entry->count - EVENT_HEADER_BYTES,
                          &event) != STATUS_OK) {
        return;
    }
    if (directory_apply(&admin->directory, &event) != STATUS_OK) {
        admin->failure = STATUS_NO_MEMORY;
    }
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    (void)context;
    (void)key;
    (void)last_number;
}

static void on_refused(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    (void)session;
    (void)input_sequence;
    struct admin *admin = context;
    admin->refused = true;
    admin->refused_code = refusal.code;
    admin->refused_count++;
    admin->retry_after_us = refusal.retry_after_us;
}

static void on_lost(void *context)
{
    struct admin *admin = context;
    admin->failure = STATUS_IO;
}

enum status admin_open(const struct admin_options *options, struct admin **out_admin)
{
    struct admin *admin = calloc(1, sizeof *admin);
    if (admin == NULL) {
        return STATUS_NO_MEMORY;
    }
    admin->options = *options;
    struct net_options net = {
        .address = options->address,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = admin,
        .connections_max = ADMIN_CONNECTIONS_MAX,
    };
    options->port->handler = (struct port_handler){
        .on_entry = on_entry, .on_live = on_live, .on_refused = on_refused, .on_lost = on_lost};
    options->port->context = admin;
    struct stream_key everyone = {.id = STREAM_PUBLIC_GROUP, .kind = STREAM_PUBLIC};
    enum status status = net_listen(options->loop, &net, &admin->listener);
    if (status == STATUS_OK) {
        status = port_subscribe(options->port, everyone, 1);
        if (status != STATUS_OK) {
            net_listener_close(admin->listener);
        }
    }
    if (status != STATUS_OK) {
        free(admin);
        return status;
    }
    *out_admin = admin;
    return STATUS_OK;
}

enum status admin_tick(struct admin *admin)
{
    if (admin->failure == STATUS_OK) {
        admin->failure = port_tick(admin->options.port);
    }
    return admin->failure;
}

void admin_close(struct admin *admin)
{
    if (admin == NULL) {
        return;
    }
    net_listener_close(admin->listener);
    port_close(admin->options.port);
    directory_deinit(&admin->directory);
    free(admin);
}
