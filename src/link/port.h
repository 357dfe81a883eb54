/* SPDX-License-Identifier: Apache-2.0
 *
 * The wall between a gateway (or any reader outside) and a shard: commands go in, stream entries
 * come out, and nothing else passes. Two implementations: in the same process a port calls the
 * shard directly (local.h); in another process it speaks frames over a Unix socket (remote.h,
 * served by server.h). A gateway cannot tell them apart.
 *
 * A submitted command is not sequenced yet when submit returns. It is either sequenced, and then
 * its outcome appears in the session's stream, or refused at the door: on_refused, and its id is
 * unused. After on_lost nothing is known of the commands under way: their outcome is in the stream,
 * or they were never seen; a logon with a higher incarnation fences them.
 *
 * Owner: the gateway. Threads: one, that of the gateway's loop. Memory: bounded buffers, at open.
 * Errors: FULL: the port has no room now, nothing was sent, try after a tick. IO: the port is lost.
 * END (port_tick): lost too, but the shard drained, said so and stopped.
 * Order of calls: an open, then any, port_tick often, port_close.
 */
#ifndef DOJIMA_LINK_PORT_H
#define DOJIMA_LINK_PORT_H

#include "stream/stream.h"
#include "wire/native/command.h"

struct port;

/* Why a command was not sequenced. */
struct port_refusal {
    uint32_t retry_after_us;
    enum reject code; /* NONE: more came than can be done now; LOG_NEARLY_FULL; of the rules:
                         LOGIC_UNKNOWN, LOGIC_NOT_LATER, LATER_RULES */
};

struct port_handler {
    /* Entries of the streams subscribed to, each stream in the order of its numbers. */
    void (*on_entry)(void *context, const struct stream_entry *entry);
    /* A stream subscribed to has given all that was there when it was asked for: the rest is live.
     */
    void (*on_live)(void *context, struct stream_key key, uint64_t last_number);
    /* NOT SEQUENCED. */
    void (*on_refused)(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal);
    /* The shard is gone; every later call but port_close returns IO. */
    void (*on_lost)(void *context);
};

struct port_ops {
    enum status (*submit)(struct port *port, const struct command *command);
    enum status (*subscribe)(struct port *port, struct stream_key key, uint64_t from);
    void (*unsubscribe)(struct port *port, struct stream_key key);
    enum status (*tick)(struct port *port);
    void (*close)(struct port *port);
    /* May be null: never busy. */
    bool (*busy)(const struct port *port);
};

/* The part every implementation begins with. */
struct port {
    const struct port_ops *ops;
    struct port_handler handler;
    void *context;
};

/* The header's sequence and time are given later; session, incarnation and input_sequence are the
 * sender's. */
MUST_USE static inline enum status port_submit(struct port *port, const struct command *command)
{
    return port->ops->submit(port, command);
}

/* As `from`: nothing of what is there but the session's last SESSION_OPENED; on_live tells the last
 * number, and the entries behind it follow. */
#define PORT_FROM_END UINT64_MAX

/* Entries from number `from` (at least 1) on, first those that are there, then live ones. At most
 * one subscription a key and port. */
MUST_USE static inline enum status port_subscribe(struct port *port, struct stream_key key,
                                                  uint64_t from)
{
    return port->ops->subscribe(port, key, from);
}

static inline void port_unsubscribe(struct port *port, struct stream_key key)
{
    port->ops->unsubscribe(port, key);
}

/* True while new orders would be refused for load, so that they need not be made first. A shard in
 * another process says it by on_refused alone. */
static inline bool port_busy(const struct port *port)
{
    return port->ops->busy != NULL && port->ops->busy(port);
}

/* One duty cycle: callbacks are made from here (and, for a local port, from the shard's release).
 */
MUST_USE static inline enum status port_tick(struct port *port)
{
    return port->ops->tick(port);
}

/* Null is accepted. */
static inline void port_close(struct port *port)
{
    if (port != NULL) {
        port->ops->close(port);
    }
}

#endif
