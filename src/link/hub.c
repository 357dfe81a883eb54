/* SPDX-License-Identifier: Apache-2.0 */
#include "link/hub.h"

#include "base/assert.h"
#include "base/hash.h"
#include "base/planted.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>

#define SLOTS_FIRST 64u

struct subscription {
    struct subscription *next_of_key;
    struct subscription *next_of_port;
    struct hub_port *port;
    struct stream_key key;
    uint64_t next;
    bool live;
    bool gone; /* ended inside a callback: freed by the next tick */
};

/* Subscriptions of one key. An empty slot has no first. */
struct slot {
    struct stream_key key;
    struct subscription *first;
    const struct hub_port *opener; /* whose LOGON had the highest incarnation first */
    uint32_t incarnation;          /* that one, 0 = none yet */
    bool used;
};

struct hub_port {
    struct port port;
    struct hub *hub;
    struct hub_port *next;
    struct subscription *first;
    bool lost;
};

struct hub {
    struct stream *stream;
    hub_on_submit *on_submit;
    hub_on_busy *on_busy;
    void *context;
    struct hub_port *ports;
    struct slot *slots; /* open addressing; keys stay once seen */
    size_t slot_count;  /* a power of two */
    size_t used;
    size_t behind; /* subscriptions not live yet */
    bool any_gone;
};

static struct slot *slot_of(struct slot *slots, size_t count, struct stream_key key)
{
    size_t at = (size_t)hash_mix64(key.id * 8 + key.kind) & (count - 1);
    while (slots[at].used && (slots[at].key.id != key.id || slots[at].key.kind != key.kind)) {
        at = (at + 1) & (count - 1);
    }
    return &slots[at];
}

static enum status slots_grow(struct hub *hub)
{
    size_t count = hub->slot_count * 2;
    struct slot *slots = calloc(count, sizeof *slots);
    if (slots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < hub->slot_count; i++) {
        if (hub->slots[i].used) {
            *slot_of(slots, count, hub->slots[i].key) = hub->slots[i];
        }
    }
    free(hub->slots);
    hub->slots = slots;
    hub->slot_count = count;
    return STATUS_OK;
}

static struct subscription *find(const struct hub_port *port, struct stream_key key)
{
    for (struct subscription *i = port->first; i != NULL; i = i->next_of_port) {
        if (!i->gone && i->key.id == key.id && i->key.kind == key.kind) {
            return i;
        }
    }
    return NULL;
}

static enum status hub_port_submit(struct port *base, const struct command *command)
{
    struct hub_port *port = (struct hub_port *)base;
    if (port->lost) {
        return STATUS_IO;
    }
    struct port_refusal refusal = {.code = REJECT_NONE};
    struct slot *slot =
        slot_of(port->hub->slots, port->hub->slot_count,
                (struct stream_key){.id = command->header.session, .kind = STREAM_SESSION});
    struct slot before = *slot;
    /* Of two LOGONs with one incarnation the first is the one that the engine takes: the order in
     * which they come here is that of the log. */
    if (slot->used && command->header.id == COMMAND_LOGON &&
        command->header.incarnation > slot->incarnation) {
        slot->opener = port;
        slot->incarnation = command->header.incarnation;
    }
    enum status status = port->hub->on_submit(port->hub->context, command, &refusal);
    if (status == STATUS_FULL) {
        slot->opener = before.opener;
        slot->incarnation = before.incarnation;
        base->handler.on_refused(base->context, command->header.session,
                                 command->header.input_sequence, refusal);
        return STATUS_OK;
    }
    return status;
}

static enum status hub_port_subscribe(struct port *base, struct stream_key key, uint64_t from)
{
    struct hub_port *port = (struct hub_port *)base;
    struct hub *hub = port->hub;
    ASSERT(from >= 1 && find(port, key) == NULL);
    if (port->lost) {
        return STATUS_IO;
    }
    if (hub->used * 2 >= hub->slot_count) {
        enum status status = slots_grow(hub);
        if (status != STATUS_OK) {
            return status;
        }
    }
    struct subscription *subscription = calloc(1, sizeof *subscription);
    if (subscription == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct slot *slot = slot_of(hub->slots, hub->slot_count, key);
    hub->used += !slot->used;
    slot->used = true;
    slot->key = key;
    *subscription = (struct subscription){.next_of_key = slot->first,
                                          .next_of_port = port->first,
                                          .port = port,
                                          .key = key,
                                          .next = from};
    slot->first = subscription;
    port->first = subscription;
    hub->behind++;
    return STATUS_OK;
}

static void end(struct hub *hub, struct subscription *subscription)
{
    subscription->gone = true;
    hub->any_gone = true;
    if (!subscription->live) {
        hub->behind--;
    }
}

static void hub_port_unsubscribe(struct port *base, struct stream_key key)
{
    struct hub_port *port = (struct hub_port *)base;
    struct subscription *subscription = find(port, key);
    if (subscription != NULL) {
        end(port->hub, subscription);
    }
}

static enum status hub_port_tick(struct port *base)
{
    return ((struct hub_port *)base)->lost ? STATUS_IO : STATUS_OK;
}

/* Frees what ended. Not called while a list is walked. */
static void sweep(struct hub *hub)
{
    if (!hub->any_gone) {
        return;
    }
    for (size_t i = 0; i < hub->slot_count; i++) {
        struct subscription **link = &hub->slots[i].first;
        while (*link != NULL) {
            if ((*link)->gone) {
                *link = (*link)->next_of_key;
            } else {
                link = &(*link)->next_of_key;
            }
        }
    }
    for (struct hub_port *port = hub->ports; port != NULL; port = port->next) {
        struct subscription **link = &port->first;
        while (*link != NULL) {
            struct subscription *subscription = *link;
            if (subscription->gone) {
                *link = subscription->next_of_port;
                free(subscription);
            } else {
                link = &subscription->next_of_port;
            }
        }
    }
    hub->any_gone = false;
}

static void hub_port_close(struct port *base)
{
    struct hub_port *port = (struct hub_port *)base;
    struct hub *hub = port->hub;
    for (struct subscription *i = port->first; i != NULL; i = i->next_of_port) {
        if (!i->gone) {
            end(hub, i);
        }
    }
    sweep(hub);
    for (size_t i = 0; i < hub->slot_count; i++) {
        if (hub->slots[i].opener == port) {
            hub->slots[i].opener = NULL;
        }
    }
    struct hub_port **link = &hub->ports;
    while (*link != port) {
        link = &(*link)->next;
    }
    *link = port->next;
    free(port);
}

static bool hub_port_busy(const struct port *base)
{
    const struct hub *hub = ((const struct hub_port *)base)->hub;
    return hub->on_busy != NULL && hub->on_busy(hub->context);
}

static const struct port_ops hub_port_ops = {
    .submit = hub_port_submit,
    .subscribe = hub_port_subscribe,
    .unsubscribe = hub_port_unsubscribe,
    .tick = hub_port_tick,
    .close = hub_port_close,
    .busy = hub_port_busy,
};

enum status hub_port_open(struct hub *hub, const struct port_handler *handler, void *context,
                          struct port **out_port)
{
    struct hub_port *port = calloc(1, sizeof *port);
    if (port == NULL) {
        return STATUS_NO_MEMORY;
    }
    *port = (struct hub_port){
        .port = {.ops = &hub_port_ops, .handler = *handler, .context = context},
        .hub = hub,
        .next = hub->ports,
    };
    hub->ports = port;
    *out_port = &port->port;
    return STATUS_OK;
}

/* The incarnation that a SESSION_OPENED tells, else 0. */
static uint32_t opened_incarnation(const struct stream_entry *entry)
{
    struct event event;
    bool opened = entry->number == 0 && entry->count > EVENT_HEADER_BYTES &&
                  event_header_decode(entry->bytes, entry->count, &event.header) == STATUS_OK &&
                  event.header.id == EVENT_SESSION_OPENED &&
                  event_body_decode(entry->bytes + EVENT_HEADER_BYTES,
                                    entry->count - EVENT_HEADER_BYTES, &event) == STATUS_OK;
    return opened ? event.session_opened.incarnation : 0;
}

void hub_entry(struct hub *hub, const struct stream_entry *entry)
{
    const struct slot *slot = slot_of(hub->slots, hub->slot_count, entry->key);
    uint32_t incarnation = opened_incarnation(entry);
    struct stream_entry yours = *entry;
    yours.side = STREAM_YOURS;
    for (struct subscription *i = slot->first; i != NULL; i = i->next_of_key) {
        if (!i->live || i->gone) {
            continue;
        }
        if (entry->number != 0) {
            ASSERT(entry->number == i->next);
            i->next++;
        }
        if (PLANTED(ENTRY_DROPPED) && entry->number % 64 == 63) {
            continue;
        }
        bool is_yours =
            incarnation != 0 && slot->incarnation == incarnation && slot->opener == i->port;
        i->port->port.handler.on_entry(i->port->port.context, is_yours ? &yours : entry);
    }
}

/* An entry of a stream_read, for one subscription. */
static bool on_read(void *context, const struct stream_entry *entry)
{
    const struct subscription *subscription = context;
    struct port *port = &subscription->port->port;
    port->handler.on_entry(port->context, entry);
    return !subscription->gone;
}

static enum status catch_up(struct hub *hub, struct subscription *subscription)
{
    uint64_t next = subscription->next;
    struct stream_range range = {
        .key = subscription->key, .from = subscription->next, .max = HUB_READ_ENTRIES};
    enum status status = stream_read(hub->stream, &range, on_read, subscription, &next);
    if (status != STATUS_OK || subscription->gone) {
        return status;
    }
    subscription->next = next;
    uint64_t last = stream_last(hub->stream, subscription->key);
    if (next > last) {
        /* Numbers above the last that were asked for do not exist yet: the next one comes first. */
        subscription->next = last + 1;
        subscription->live = true;
        hub->behind--;
        struct port *port = &subscription->port->port;
        port->handler.on_live(port->context, subscription->key, last);
    }
    return STATUS_OK;
}

enum status hub_tick(struct hub *hub)
{
    enum status status = STATUS_OK;
    for (struct hub_port *port = hub->ports; port != NULL && hub->behind > 0; port = port->next) {
        for (struct subscription *i = port->first; i != NULL && status == STATUS_OK;
             i = i->next_of_port) {
            if (!i->live && !i->gone) {
                status = catch_up(hub, i);
            }
        }
    }
    sweep(hub);
    return status;
}

void hub_set_busy(struct hub *hub, hub_on_busy *on_busy)
{
    hub->on_busy = on_busy;
}

bool hub_behind(const struct hub *hub)
{
    return hub->behind > 0;
}

void hub_lost(struct hub *hub)
{
    for (struct hub_port *port = hub->ports; port != NULL; port = port->next) {
        if (!port->lost) {
            port->lost = true;
            port->port.handler.on_lost(port->port.context);
        }
    }
}

enum status hub_open(struct stream *stream, hub_on_submit *on_submit, void *context,
                     struct hub **out_hub)
{
    struct hub *hub = calloc(1, sizeof *hub);
    struct slot *slots = calloc(SLOTS_FIRST, sizeof *slots);
    if (hub == NULL || slots == NULL) {
        free(hub);
        free(slots);
        return STATUS_NO_MEMORY;
    }
    *hub = (struct hub){.stream = stream,
                        .on_submit = on_submit,
                        .context = context,
                        .slots = slots,
                        .slot_count = SLOTS_FIRST};
    *out_hub = hub;
    return STATUS_OK;
}

void hub_close(struct hub *hub)
{
    if (hub == NULL) {
        return;
    }
    ASSERT(hub->ports == NULL);
    free(hub->slots);
    free(hub);
}
