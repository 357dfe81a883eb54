/* SPDX-License-Identifier: Apache-2.0
 *
 * A session of the venue and the port: logon with the next incarnation, the fold of its stream,
 * replay and live delivery, commands and budgets.
 *
 *            gateway_session_take              all read: LOGON        its SESSION_OPENED
 *   ─► IDLE ──────────────► READING ──────────────► LOGGING_ON ──────────────► LIVE
 *        ▲                      │                        │                       │
 *        └──────────────────────┴──── gateway_session_leave: SESSION_LOST ───────────────┘
 */
#include "gateway/native/native_session.h"
#include "gateway/ouch/ouch_session.h"
#include "gateway/state.h"

#include "base/assert.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>

#define RATE_MAX            1000000u /* what a LOGON may name */
#define SESSION_NUMBERS_MAX (1u << 20)
/* SESSION_ADMIN takes no input sequence: by this one its refusals are known. */
#define ADMIN_INPUT UINT64_MAX

static struct stream_key key_of(const struct gateway_session *session)
{
    return (struct stream_key){.id = session->identity->session, .kind = STREAM_SESSION};
}

static struct gateway_session *find(const struct gateway *gateway, uint64_t number)
{
    return number < gateway->by_number_count ? gateway->by_number[number] : NULL;
}

static void fail(struct gateway *gateway, enum status status)
{
    if (status == STATUS_IO) {
        gateway->lost = true;
    } else if (gateway->failure == STATUS_OK) {
        gateway->failure = status;
    }
}

static void unsubscribe(struct gateway *gateway, struct gateway_session *session)
{
    if (session->subscribed) {
        port_unsubscribe(gateway->port, key_of(session));
        session->subscribed = false;
    }
}

/* Entries of the past are to be seen before a logon. Else it is enough to know where they end. */
static bool folds(const struct gateway_session *session)
{
    return session->protocol->apply != NULL;
}

/* Entries from `from` on; when the port is full the timer tries again. */
static void subscribe(struct gateway *gateway, struct gateway_session *session, uint64_t from)
{
    unsubscribe(gateway, session);
    session->read_through = false;
    enum status status = port_subscribe(gateway->port, key_of(session), from);
    session->subscribed = status == STATUS_OK;
    session->resume = status == STATUS_FULL;
    if (status != STATUS_OK && status != STATUS_FULL) {
        fail(gateway, status);
    }
}

/* What a logon needs of the stream: all that the fold has not seen, or its end. */
static void catch_up(struct gateway *gateway, struct gateway_session *session)
{
    subscribe(gateway, session, folds(session) ? session->next_number : PORT_FROM_END);
}

static struct command command_of(const struct gateway_session *session, uint8_t id, uint8_t version)
{
    return (struct command){.header = {.id = id,
                                       .version = version,
                                       .session = session->identity->session,
                                       .incarnation = session->incarnation}};
}

static uint32_t rate(uint32_t value)
{
    return value < RATE_MAX ? value : RATE_MAX;
}

/* The LOGON was not sequenced: everything is as it was before it. */
static void take_logon_back(struct gateway_session *session, int64_t retry_ns)
{
    session->incarnation = session->before_incarnation;
    session->input_sequence = session->before_input;
    session->open = session->before_open;
    session->step = SESSION_READING;
    session->retry_ns = retry_ns;
}

static void log_on(struct gateway *gateway, struct gateway_session *session)
{
    const struct identity_session *identity = session->identity;
    uint32_t highest =
        session->last_seen > session->incarnation ? session->last_seen : session->incarnation;
    session->before_incarnation = session->incarnation;
    session->before_input = session->input_sequence;
    session->before_open = session->open;
    session->incarnation = highest + 1;
    session->input_sequence = 0;
    session->open = true;
    session->step = SESSION_LOGGING_ON; /* before the submit: a refusal may come from inside it */
    struct command command = command_of(session, COMMAND_LOGON, COMMAND_LOGON_VERSION);
    command.logon = (struct command_logon){
        .participant = identity->participant,
        .user = identity->user,
        .orders_per_s = rate(identity->orders.per_second),
        .orders_burst = rate(identity->orders.burst),
        .cancels_per_s = rate(identity->cancels.per_second),
        .cancels_burst = rate(identity->cancels.burst),
        .cancel_on_disconnect = identity->cancel_on_disconnect,
    };
    enum status status = port_submit(gateway->port, &command);
    if (status == STATUS_FULL) {
        take_logon_back(session, gateway_now(gateway) + GATEWAY_RETRY_NS);
    } else if (status != STATUS_OK) {
        fail(gateway, status);
    }
}

static void log_on_if_ready(struct gateway *gateway, struct gateway_session *session)
{
    if (session->step == SESSION_READING && session->read_through &&
        (gateway->directory_live || !session->protocol->uses_directory) && !gateway->lost &&
        gateway_now(gateway) >= session->retry_ns) {
        log_on(gateway, session);
    }
}

static void tell_end(struct gateway *gateway, struct gateway_session *session)
{
    session->end_owed = false;
    session->open = false;
    session->end_input = ++session->input_sequence;
    struct command command =
        command_of(session, COMMAND_SESSION_LOST, COMMAND_SESSION_LOST_VERSION);
    command.header.input_sequence = session->end_input;
    command.session_lost.reason = session->end_reason;
    enum status status = port_submit(gateway->port, &command);
    if (status == STATUS_FULL) {
        session->end_owed = true;
        session->retry_ns = gateway_now(gateway) + GATEWAY_RETRY_NS;
    } else if (status != STATUS_OK) {
        fail(gateway, status);
    }
}

static void tell_note(struct gateway *gateway, struct gateway_session *session)
{
    session->note_owed = false;
    struct command command =
        command_of(session, COMMAND_SESSION_ADMIN, COMMAND_SESSION_ADMIN_VERSION);
    command.header.input_sequence = ADMIN_INPUT;
    command.session_admin =
        (struct command_session_admin){.kind = ADMIN_KIND_NOTE, .note = session->note};
    enum status status = port_submit(gateway->port, &command);
    if (status == STATUS_FULL) {
        session->note_owed = true;
    } else if (status != STATUS_OK) {
        fail(gateway, status);
    }
}

void gateway_session_note(struct gateway_session *session, enum session_note note)
{
    if (session->step == SESSION_LIVE && !session->gateway->lost) {
        session->note = note;
        session->noted_number = 0;
        tell_note(session->gateway, session);
    }
}

bool gateway_session_waits_for_note(const struct gateway_connection *connection)
{
    const struct gateway_session *session = connection->session;
    return session != NULL && session->step == SESSION_LIVE && session->note != SESSION_NOTE_NONE &&
           (session->noted_number == 0 || connection->next_send <= session->noted_number);
}

/* The session's row, made at its first logon; null: no memory or no such number. */
static struct gateway_session *session_get(struct gateway *gateway,
                                           const struct identity_session *identity)
{
    uint32_t number = identity->session;
    if (number >= SESSION_NUMBERS_MAX) {
        return NULL;
    }
    if (number >= gateway->by_number_count) {
        uint32_t count = (number + 64) & ~63u;
        struct gateway_session **larger =
            realloc(gateway->by_number, count * sizeof(struct gateway_session *));
        if (larger == NULL) {
            return NULL;
        }
        for (uint32_t i = gateway->by_number_count; i < count; i++) {
            larger[i] = NULL;
        }
        gateway->by_number = larger;
        gateway->by_number_count = count;
    }
    if (gateway->by_number[number] == NULL) {
        struct gateway_session *session = calloc(1, sizeof *session);
        if (session == NULL) {
            return NULL;
        }
        session->gateway = gateway;
        session->identity = identity;
        session->next_number = 1;
        session->next = gateway->sessions;
        gateway->sessions = session;
        gateway->by_number[number] = session;
    }
    return gateway->by_number[number];
}

/* A fresh fold for this protocol, unless it has one. */
static enum status set_protocol(struct gateway_session *session, enum gateway_protocol kind)
{
    if (session->protocol != NULL && session->kind == kind) {
        return STATUS_OK;
    }
    const struct protocol_ops *protocol = kind == GATEWAY_OUCH ? &ouch_protocol : &native_protocol;
    struct protocol_who who = {.account = session->identity->account,
                               .session = session->identity->session,
                               .participant = session->identity->participant};
    void *state;
    enum status status = protocol->open(&who, &state);
    if (status != STATUS_OK) {
        return status;
    }
    if (session->protocol != NULL) {
        session->protocol->close(session->state);
    }
    session->protocol = protocol;
    session->kind = kind;
    session->state = state;
    session->next_number = 1;
    session->read_through = false;
    return STATUS_OK;
}

static void detach(struct gateway_session *session)
{
    struct gateway_connection *connection = session->connection;
    session->connection = NULL;
    if (connection != NULL) {
        connection->session = NULL;
    }
}

void gateway_session_take(struct gateway_connection *connection,
                          const struct identity_session *identity)
{
    struct gateway *gateway = connection->gateway;
    struct gateway_session *session = session_get(gateway, identity);
    if (session == NULL) {
        gateway_connection_reject(connection, SOUP_SESSION_NOT_AVAILABLE);
        return;
    }
    struct gateway_connection *before = session->connection;
    if (before != NULL) {
        detach(session);
        gateway_connection_cut(before, "another login took the session over", SESSION_END_CUT);
    }
    if (set_protocol(session, connection->listener->protocol) != STATUS_OK) {
        gateway_connection_reject(connection, SOUP_SESSION_NOT_AVAILABLE);
        return;
    }
    session->connection = connection;
    connection->session = session;
    session->step = SESSION_READING;
    session->end_owed = false;
    session->resume = false;
    session->retry_ns = 0;
    if (session->subscribed && session->read_through) {
        log_on_if_ready(gateway, session); /* taken over while it was live: nothing to catch up */
    } else {
        catch_up(gateway, session);
    }
}

void gateway_session_leave(struct gateway_connection *connection, enum session_end end)
{
    struct gateway *gateway = connection->gateway;
    struct gateway_session *session = connection->session;
    if (session == NULL) {
        return;
    }
    detach(session);
    session->step = SESSION_IDLE;
    session->resume = false;
    unsubscribe(gateway, session);
    if (session->open && !gateway->lost) {
        session->end_reason = end;
        if (gateway->in_entry) {
            session->end_owed = true; /* by the next look at the session */
            session->retry_ns = 0;
        } else {
            tell_end(gateway, session);
        }
    }
}

/* Somebody else speaks for the session from here: nothing of ours is to be sent for it. */
static void fence(struct gateway *gateway, struct gateway_session *session, const char *reason)
{
    struct gateway_connection *connection = session->connection;
    detach(session);
    session->step = SESSION_IDLE;
    session->open = false;
    session->resume = false;
    unsubscribe(gateway, session);
    if (connection != NULL) {
        gateway_connection_cut(connection, reason, SESSION_END_CUT);
    }
}

/* Our incarnation stands in the log, and with it everything that older ones had sequenced. */
static void session_opened(struct gateway *gateway, struct gateway_session *session)
{
    struct gateway_connection *connection = session->connection;
    int64_t now_ns = gateway_now(gateway);
    uint64_t first = connection->login.sequence;
    session->protocol->fenced(session->state);
    bucket_init(&session->orders, session->identity->orders.per_second,
                session->identity->orders.burst, now_ns);
    bucket_init(&session->cancels, session->identity->cancels.per_second,
                session->identity->cancels.burst, now_ns);
    session->step = SESSION_LIVE;
    if (first == 0) {
        first = session->next_number;
    }
    if (first > session->next_number) {
        gateway_session_leave(connection, SESSION_END_CUT);
        gateway_connection_reject(connection, SOUP_SESSION_NOT_AVAILABLE);
        return;
    }
    connection->next_send = first;
    if (!gateway_connection_accept(connection, first)) {
        return;
    }
    gateway->counts.logins_accepted++;
    if (first < session->next_number) {
        subscribe(gateway, session, first);
    }
}

/* SESSION_OPENED and SESSION_CLOSED, which stand outside the numbers. */
static void take_control(struct gateway *gateway, struct gateway_session *session,
                         const struct event *event, bool ours)
{
    if (event->header.id == EVENT_SESSION_OPENED) {
        uint32_t incarnation = event->session_opened.incarnation;
        if (incarnation > session->last_seen) {
            session->last_seen = incarnation;
        }
        bool logging_on = session->step == SESSION_LOGGING_ON;
        if (logging_on && incarnation == session->incarnation && ours) {
            session_opened(gateway, session);
        } else if ((logging_on && incarnation == session->incarnation) ||
                   (session->step >= SESSION_LOGGING_ON && incarnation > session->incarnation)) {
            /* The same incarnation, of another gateway that was first: our LOGON is refused. */
            fence(gateway, session, "the session was opened elsewhere");
        }
    } else if (event->header.id == EVENT_SESSION_CLOSED &&
               event->session_closed.incarnation == session->incarnation &&
               session->step == SESSION_LIVE) {
        fence(gateway, session, "the venue closed the session");
    }
}

static void deliver(struct gateway *gateway, struct gateway_session *session,
                    const struct stream_entry *entry, const struct event *event)
{
    struct gateway_connection *connection = session->connection;
    if (session->step != SESSION_LIVE || session->resume ||
        entry->number != connection->next_send) {
        return;
    }
    uint8_t *at = gateway_connection_begin(connection, PROTOCOL_MESSAGE_BYTES_MAX);
    if (at == NULL) {
        session->resume = true;
        return;
    }
    size_t count = session->protocol->encode(session->state, &gateway->directory, entry, event, at);
    ASSERT(count <= PROTOCOL_MESSAGE_BYTES_MAX);
    gateway_connection_finish(connection, SOUP_SEQUENCED, count);
    connection->next_send++;
    gateway->counts.messages++;
}

static bool decode_event(const struct stream_entry *entry, struct event *out_event)
{
    if (event_header_decode(entry->bytes, entry->count, &out_event->header) != STATUS_OK) {
        return false;
    }
    out_event->header.sequence = entry->event_sequence;
    out_event->header.time_ns = entry->time_ns;
    return event_body_decode(entry->bytes + EVENT_HEADER_BYTES, entry->count - EVENT_HEADER_BYTES,
                             out_event) == STATUS_OK;
}

static void take_public(struct gateway *gateway, const struct stream_entry *entry)
{
    uint8_t id = entry->count == 0 ? 0 : entry->bytes[0];
    struct event event;
    if ((id == EVENT_INSTRUMENT_LISTED || id == EVENT_PHASE) && decode_event(entry, &event)) {
        enum status status = directory_apply(&gateway->directory, &event);
        if (status != STATUS_OK) {
            fail(gateway, status);
        }
    }
}

static void take_private(struct gateway *gateway, const struct stream_entry *entry)
{
    struct event event;
    struct gateway_session *session = find(gateway, entry->key.id);
    if (session == NULL || !session->subscribed) {
        return;
    }
    if (!decode_event(entry, &event)) {
        fail(gateway, STATUS_DAMAGED);
        return;
    }
    if (entry->number == 0) {
        take_control(gateway, session, &event, entry->side == STREAM_YOURS);
        return;
    }
    /* Numbers are dense: whoever has nothing to fold knows from one that those before it exist. */
    bool is_next = folds(session) ? entry->number == session->next_number
                                  : entry->number >= session->next_number;
    if (is_next) {
        enum status status =
            folds(session) ? session->protocol->apply(session->state, entry, &event) : STATUS_OK;
        if (status != STATUS_OK) {
            fail(gateway, status);
            return;
        }
        session->next_number = entry->number + 1;
        if (event.header.id == EVENT_SESSION_NOTED &&
            event.session_noted.incarnation == session->incarnation) {
            session->noted_number = entry->number;
        }
    }
    if (session->connection != NULL) {
        deliver(gateway, session, entry, &event);
    }
}

static void on_entry(void *context, const struct stream_entry *entry)
{
    struct gateway *gateway = context;
    gateway->in_entry = true;
    if (entry->key.kind == STREAM_PUBLIC) {
        take_public(gateway, entry);
    } else {
        take_private(gateway, entry);
    }
    gateway->in_entry = false;
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    struct gateway *gateway = context;
    if (key.kind == STREAM_PUBLIC) {
        gateway->directory_live = true; /* waiting sessions go on at the next tick */
        return;
    }
    struct gateway_session *session = find(gateway, key.id);
    if (session == NULL || !session->subscribed) {
        return;
    }
    if (!folds(session) && last_number >= session->next_number) {
        session->next_number = last_number + 1;
    }
    /* One that stands above what was seen was said to a subscription of before. */
    if (last_number < session->next_number) {
        session->read_through = true;
        log_on_if_ready(gateway, session);
    }
}

static void refuse(struct gateway *gateway, struct gateway_session *session,
                   const struct protocol_refusal *refusal)
{
    /* Straight into the socket's buffer: under overload most of what is sent are refusals. */
    struct gateway_connection *connection = session->connection;
    uint8_t *at = connection == NULL
                      ? NULL
                      : gateway_connection_begin(connection, PROTOCOL_MESSAGE_BYTES_MAX);
    size_t count =
        session->protocol->refused(session->state, refusal, at == NULL ? gateway->unsent : at);
    gateway->counts.not_sequenced++;
    if (at != NULL) {
        gateway_connection_finish(connection, SOUP_DEBUG, count);
    }
}

static void on_refused(void *context, uint32_t number, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    struct gateway *gateway = context;
    struct gateway_session *session = find(gateway, number);
    if (session == NULL) {
        return;
    }
    int64_t wait_ns = (int64_t)refusal.retry_after_us * 1000;
    int64_t retry_ns = gateway->now_ns + (wait_ns > GATEWAY_RETRY_NS ? wait_ns : GATEWAY_RETRY_NS);
    if (input_sequence == ADMIN_INPUT) {
        session->note_owed = true;
    } else if (input_sequence == 0) {
        if (session->step == SESSION_LOGGING_ON) {
            take_logon_back(session, retry_ns);
        }
    } else if (session->step == SESSION_IDLE) {
        if (input_sequence == session->end_input) {
            session->end_owed = true;
            session->retry_ns = retry_ns;
        }
    } else if (session->step == SESSION_LIVE) {
        struct protocol_refusal told = {.input_sequence = input_sequence,
                                        .retry_after_us = refusal.retry_after_us,
                                        .code = refusal.code};
        if (input_sequence == session->input_sequence) {
            session->input_sequence--;
        }
        refuse(gateway, session, &told);
    }
}

static void on_lost(void *context)
{
    struct gateway *gateway = context;
    gateway->lost = true; /* connections are told by the next tick */
}

const struct port_handler gateway_port_handler = {
    .on_entry = on_entry,
    .on_live = on_live,
    .on_refused = on_refused,
    .on_lost = on_lost,
};

static struct bucket *bucket_of(struct gateway_session *session, uint8_t id)
{
    switch (id) {
    case COMMAND_CANCEL:
    case COMMAND_REDUCE:
    case COMMAND_MASS_CANCEL:
    case COMMAND_RESOLVE:
    case COMMAND_SET_DEAD_MAN:
        return &session->cancels;
    default:
        return &session->orders;
    }
}

static uint32_t microseconds(int64_t ns)
{
    int64_t us = ns / 1000 + (ns % 1000 != 0);
    return us > UINT32_MAX ? UINT32_MAX : (uint32_t)us;
}

static void submit(struct gateway *gateway, struct gateway_session *session,
                   struct protocol_intent *intent)
{
    struct command_header *header = &intent->command.header;
    header->session = session->identity->session;
    header->incarnation = session->incarnation;
    if (header->input_sequence == 0) {
        header->input_sequence = session->input_sequence + 1;
    }
    if (header->valid_for_us == 0) {
        header->valid_for_us = gateway->options.limits.valid_for_us;
    }
    session->input_sequence = header->input_sequence;
    enum status status =
        session->protocol->submitted(session->state, intent, header->input_sequence);
    if (status != STATUS_OK) {
        fail(gateway, status);
        return;
    }
    gateway->counts.commands++;
    status = port_submit(gateway->port, &intent->command);
    if (status == STATUS_FULL) {
        struct port_refusal full = {.retry_after_us = GATEWAY_RETRY_NS / 1000, .code = REJECT_NONE};
        on_refused(gateway, header->session, header->input_sequence, full);
    } else if (status != STATUS_OK) {
        fail(gateway, status);
    }
}

void gateway_session_message(struct gateway_connection *connection, const uint8_t *bytes,
                             size_t count)
{
    struct gateway *gateway = connection->gateway;
    struct gateway_session *session = connection->session;
    struct protocol_intent intent;
    ASSERT(session != NULL && session->step == SESSION_LIVE);
    if (session->protocol->new_order != NULL && port_busy(gateway->port)) {
        struct protocol_refusal busy = {
            .reference = session->protocol->new_order(session->state, bytes, count),
            .retry_after_us = GATEWAY_RETRY_NS / 1000};
        if (busy.reference != 0) {
            refuse(gateway, session, &busy);
            return;
        }
    }
    enum protocol_outcome outcome =
        session->protocol->decode(session->state, &gateway->directory, bytes, count, &intent);
    struct protocol_refusal refusal = {.reference = intent.reference, .code = intent.code};
    switch (outcome) {
    case PROTOCOL_REPEAT:
        return;
    case PROTOCOL_WRONG:
        gateway_connection_tell(connection, intent.reason);
        return;
    case PROTOCOL_DENIED:
        refuse(gateway, session, &refusal);
        return;
    case PROTOCOL_COMMAND:
        break;
    }
    uint64_t input_sequence = intent.command.header.input_sequence;
    if (input_sequence != 0 && input_sequence <= session->input_sequence) {
        refusal.code = REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST;
        refuse(gateway, session, &refusal);
        return;
    }
    struct bucket *bucket = bucket_of(session, intent.command.header.id);
    if (!bucket_take(bucket, 1, gateway->now_ns)) {
        refusal.code = REJECT_RATE_LIMITED;
        refusal.retry_after_us = microseconds(bucket_retry_after_ns(bucket));
        refuse(gateway, session, &refusal);
        return;
    }
    submit(gateway, session, &intent);
}

void gateway_session_tick(struct gateway_session *session, int64_t now_ns)
{
    struct gateway_connection *connection = session->connection;
    if (connection == NULL) {
        if (session->end_owed && now_ns >= session->retry_ns) {
            tell_end(session->gateway, session);
        }
        return;
    }
    struct gateway *gateway = session->gateway;
    if (session->note_owed && session->step == SESSION_LIVE) {
        tell_note(gateway, session);
    }
    if (session->resume) {
        if (session->step != SESSION_LIVE) {
            catch_up(gateway, session);
        } else if (gateway_connection_has_room(connection)) {
            subscribe(gateway, session, connection->next_send);
        }
    }
    log_on_if_ready(gateway, session);
}

void gateway_session_free(struct gateway_session *session)
{
    if (session->protocol != NULL) {
        session->protocol->close(session->state);
    }
    free(session);
}
