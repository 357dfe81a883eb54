/* SPDX-License-Identifier: Apache-2.0
 *
 * The client on its loop: connections, what is not answered yet, and the calls of the application.
 */
#include "client/dojima.h"

#include "base/hash.h"
#include "client/messages.h"
#include "client/soup_client.h"
#include "host/clock.h"
#include "net/net.h"
#include "wire/soup/signature.h"

#include <stdlib.h>

#define PENDING_FIRST ((size_t)16)
#define MS_NS         INT64_C(1000000)

/* A request whose answer has not come. */
struct pending {
    uint64_t input_sequence; /* native */
    uint32_t reference;
    uint8_t kind; /* enum intent_kind */
    uint8_t count;
    uint8_t bytes[MESSAGES_INTENT_BYTES_MAX];
};

_Static_assert(DOJIMA_CHALLENGE_BYTES == SIGNATURE_CHALLENGE_BYTES &&
                   DOJIMA_SIGNATURE_BYTES == SIGNATURE_BYTES,
               "one size for applications and on the wire");
_Static_assert(MESSAGES_INTENT_BYTES_MAX <= UINT8_MAX, "its length is one byte");

struct dojima_session {
    struct dojima_client *client;
    struct dojima_session *next;
    struct soup_client soup;
    struct messages messages;
    const struct messages_ops *ops;
    struct net_connection *net; /* null: none */
    struct net_tls *tls;        /* null: plain */
    struct dojima_handler handler;
    void *context;
    bool (*sign)(void *context, const uint8_t *challenge, uint8_t *out_signature); /* or null */
    struct pending *pending; /* first_pending on, pending_count of them, in the order of sending */
    size_t first_pending;
    size_t pending_count;
    size_t pending_capacity;
    uint64_t input_sequence; /* native: of the last message of this connection */
    uint32_t highest;        /* reference seen or sent */
    bool keep;               /* what is unanswered is sent again */
    bool logging_out;
    char address[HOST_ADDRESS_TEXT_BYTES];
    char server_name[64];
};

struct dojima_client {
    struct net_loop *loop;
    struct dojima_session *sessions;
};

const char *dojima_result_sentence(enum dojima_result result)
{
    static const char *const sentences[] = {
        [DOJIMA_OK] = "no failure",
        [DOJIMA_NOT_LIVE] = "the session is not logged on now",
        [DOJIMA_FULL] = "too much waits for the socket",
        [DOJIMA_INVALID] = "a field is out of its range, or this protocol cannot say it",
        [DOJIMA_NO_MEMORY] = "the memory asked for is not to be had",
        [DOJIMA_NETWORK] = "the address is none, or cannot be reached from here",
        [DOJIMA_CONFIGURATION] =
            "the certificate cannot be read, or plain TCP was asked for on another machine",
    };
    return (size_t)result < ARRAY_COUNT(sentences) ? sentences[result] : "no such result";
}

const char *dojima_event_name(enum dojima_event_kind kind)
{
    static const char *const names[] = {
        [DOJIMA_ACCEPTED] = "accepted",
        [DOJIMA_REJECTED] = "rejected",
        [DOJIMA_REPLACED] = "replaced",
        [DOJIMA_EXECUTED] = "executed",
        [DOJIMA_CANCELLED] = "cancelled",
        [DOJIMA_REFUSED_CHANGE] = "refused_change",
        [DOJIMA_MASS_CANCELLED] = "mass_cancelled",
        [DOJIMA_RESOLVED] = "resolved",
        [DOJIMA_QUERIED] = "queried",
        [DOJIMA_OTHER] = "other",
        [DOJIMA_NOTED] = "noted",
    };
    return (size_t)kind < ARRAY_COUNT(names) && names[kind] != NULL ? names[kind] : "?";
}

static enum dojima_result result_of(enum status status)
{
    switch (status) {
    case STATUS_OK:
        return DOJIMA_OK;
    case STATUS_NO_MEMORY:
        return DOJIMA_NO_MEMORY;
    case STATUS_CONFIG:
    case STATUS_DENIED:
        return DOJIMA_CONFIGURATION;
    case STATUS_NOT_FOUND:
    case STATUS_EXISTS:
    case STATUS_INVALID:
    case STATUS_TRUNCATED:
    case STATUS_UNSUPPORTED:
    case STATUS_OVERFLOW:
    case STATUS_FULL:
    case STATUS_IO:
    case STATUS_NO_SPACE:
    case STATUS_BUSY:
    case STATUS_DAMAGED:
    case STATUS_MISMATCH:
    case STATUS_END:
    case STATUS_AGAIN:
    case STATUS_INTERRUPTED:
    case STATUS_USAGE:
    case STATUS_NO_FILES:
    default:
        return DOJIMA_NETWORK;
    }
}

/* -- what is not answered ------------------------------------------------------------------- */

static struct pending *pending_at(struct dojima_session *session, size_t index)
{
    return &session->pending[session->first_pending + index];
}

static enum status pending_room(struct dojima_session *session)
{
    if (session->first_pending + session->pending_count < session->pending_capacity) {
        return STATUS_OK;
    }
    if (session->first_pending > session->pending_capacity / 2) {
        memmove(session->pending, pending_at(session, 0),
                session->pending_count * sizeof *session->pending);
        session->first_pending = 0;
        return STATUS_OK;
    }
    size_t capacity =
        session->pending_capacity == 0 ? PENDING_FIRST : session->pending_capacity * 2;
    struct pending *larger = realloc(session->pending, capacity * sizeof *larger);
    if (larger == NULL) {
        return STATUS_NO_MEMORY;
    }
    session->pending = larger;
    session->pending_capacity = capacity;
    return STATUS_OK;
}

static void pending_drop(struct dojima_session *session, size_t index)
{
    if (index > 0) {
        memmove(pending_at(session, 1), pending_at(session, 0), index * sizeof *session->pending);
    }
    session->first_pending++;
    session->pending_count--;
}

static bool answers(const struct dojima_event *event, const struct pending *pending)
{
    bool named = event->reference == pending->reference;
    switch ((enum intent_kind)pending->kind) {
    case INTENT_ENTER:
        return named && (event->kind == DOJIMA_ACCEPTED || event->kind == DOJIMA_REJECTED ||
                         event->kind == DOJIMA_RESOLVED);
    case INTENT_REPLACE:
        return named && (event->kind == DOJIMA_REPLACED || event->kind == DOJIMA_REJECTED ||
                         event->kind == DOJIMA_REFUSED_CHANGE || event->kind == DOJIMA_RESOLVED);
    case INTENT_CANCEL:
        return named && (event->kind == DOJIMA_CANCELLED || event->kind == DOJIMA_REFUSED_CHANGE);
    case INTENT_MASS_CANCEL:
        return named && (event->kind == DOJIMA_MASS_CANCELLED || event->kind == DOJIMA_REJECTED);
    case INTENT_RESOLVE:
        return named && event->kind == DOJIMA_RESOLVED;
    case INTENT_QUERY:
        /* OUCH tells no name: the first answer is that of the first question. */
        return event->kind == DOJIMA_QUERIED && (named || pending->reference == 0);
    }
    return false;
}

static void settle(struct dojima_session *session, const struct dojima_event *event)
{
    for (size_t i = 0; i < session->pending_count; i++) {
        if (answers(event, pending_at(session, i))) {
            pending_drop(session, i);
            return;
        }
    }
}

/* -- out ----------------------------------------------------------------------------------- */

static bool put(struct dojima_session *session, enum soup_type type, const void *bytes,
                size_t count)
{
    uint8_t *at = net_reserve(session->net, SOUP_HEADER_BYTES + count);
    if (at == NULL) {
        return false;
    }
    soup_encode_header(type, count, at);
    if (count > 0) {
        memcpy(at + SOUP_HEADER_BYTES, bytes, count);
    }
    net_commit(session->net, SOUP_HEADER_BYTES + count);
    soup_client_sent(&session->soup, host_clock_monotonic_ns());
    return true;
}

/* Native: the next input sequence, written into the message; taken back when it does not go. */
static bool put_numbered(struct dojima_session *session, uint8_t *bytes, size_t count)
{
    if (session->ops->number != NULL) {
        session->ops->number(bytes, session->input_sequence + 1);
    }
    if (!put(session, SOUP_UNSEQUENCED, bytes, count)) {
        return false;
    }
    session->input_sequence++;
    return true;
}

/* Everything unanswered once more, in its order, before anything new. */
static void send_again(struct dojima_session *session)
{
    for (size_t i = 0; i < session->pending_count; i++) {
        struct pending *pending = pending_at(session, i);
        if (!put_numbered(session, pending->bytes, pending->count)) {
            net_cut(session->net, "what is to be sent again does not fit into the socket's buffer");
            return;
        }
        pending->input_sequence = session->input_sequence;
    }
}

static enum dojima_result send_intent(struct dojima_session *session, const struct intent *intent)
{
    if (session->soup.state != SOUP_CLIENT_LIVE || session->logging_out || session->net == NULL) {
        return DOJIMA_NOT_LIVE;
    }
    enum status status = session->keep ? pending_room(session) : STATUS_OK;
    if (status != STATUS_OK) {
        return DOJIMA_NO_MEMORY;
    }
    struct pending pending = {.kind = (uint8_t)intent->kind, .reference = intent->reference};
    size_t count;
    if (session->ops->encode(&session->messages, intent, pending.bytes, &count) != STATUS_OK) {
        return DOJIMA_INVALID;
    }
    pending.count = (uint8_t)count;
    if (!put_numbered(session, pending.bytes, count)) {
        return DOJIMA_FULL;
    }
    pending.input_sequence = session->input_sequence;
    if (session->keep) {
        *pending_at(session, session->pending_count++) = pending;
    }
    return DOJIMA_OK;
}

/* False: it is not above every one before. */
static bool take_reference(const struct dojima_session *session, uint32_t wanted, uint32_t *out)
{
    *out = wanted == 0 ? session->highest + 1 : wanted;
    return *out > session->highest;
}

/* A request that uses a reference up. */
static enum dojima_result send_new(struct dojima_session *session, struct intent *intent,
                                   uint32_t wanted, uint32_t *out_reference)
{
    if (!take_reference(session, wanted, &intent->reference)) {
        return DOJIMA_INVALID;
    }
    enum dojima_result result = send_intent(session, intent);
    if (result == DOJIMA_OK) {
        session->highest = intent->reference;
        if (out_reference != NULL) {
            *out_reference = intent->reference;
        }
    }
    return result;
}

enum dojima_result dojima_enter(struct dojima_session *session, const struct dojima_order *order,
                                uint32_t *out_reference)
{
    struct intent intent = {.kind = INTENT_ENTER, .order = *order};
    return send_new(session, &intent, order->reference, out_reference);
}

enum dojima_result dojima_replace(struct dojima_session *session,
                                  const struct dojima_change *change, uint32_t *out_reference)
{
    struct intent intent = {.kind = INTENT_REPLACE, .change = *change};
    return send_new(session, &intent, change->reference, out_reference);
}

enum dojima_result dojima_cancel(struct dojima_session *session, uint32_t reference)
{
    struct intent intent = {.kind = INTENT_CANCEL, .reference = reference};
    return send_intent(session, &intent);
}

enum dojima_result dojima_mass_cancel(struct dojima_session *session, uint32_t instrument,
                                      const char *symbol)
{
    struct intent intent = {.kind = INTENT_MASS_CANCEL, .order.instrument = instrument};
    size_t count = symbol == NULL ? 0 : strlen(symbol);
    if (count >= sizeof intent.order.symbol) {
        return DOJIMA_INVALID;
    }
    if (count > 0) {
        memcpy(intent.order.symbol, symbol, count);
    }
    return send_new(session, &intent, 0, NULL);
}

enum dojima_result dojima_resolve(struct dojima_session *session, uint32_t reference)
{
    struct intent intent = {.kind = INTENT_RESOLVE, .reference = reference};
    return send_intent(session, &intent);
}

/* Native: by a name that no other question has, whatever the past of the session. */
enum dojima_result dojima_query(struct dojima_session *session)
{
    struct intent intent = {.kind = INTENT_QUERY};
    if (!session->ops->reference_rises) {
        intent.reference = (uint32_t)hash_mix64((uint64_t)host_clock_monotonic_ns()) | 1u;
    }
    return send_intent(session, &intent);
}

enum dojima_result dojima_send(struct dojima_session *session, const void *bytes, size_t count)
{
    if (count == 0 || count > SOUP_PAYLOAD_BYTES_MAX) {
        return DOJIMA_INVALID;
    }
    if (session->soup.state != SOUP_CLIENT_LIVE || session->logging_out || session->net == NULL) {
        return DOJIMA_NOT_LIVE;
    }
    return put(session, SOUP_UNSEQUENCED, bytes, count) ? DOJIMA_OK : DOJIMA_FULL;
}

/* -- in ------------------------------------------------------------------------------------ */

/* A question's reference is no order's: OUCH answers with the next free one, native with what was
 * asked. */
static void learn_reference(struct dojima_session *session, const struct dojima_event *event)
{
    uint32_t used = event->reference;
    if (event->kind == DOJIMA_QUERIED) {
        used = session->ops->reference_rises && used > 0 ? used - 1 : 0;
    }
    session->highest = used > session->highest ? used : session->highest;
}

static void take_message(struct dojima_session *session, const struct soup_client_action *action)
{
    struct dojima_event event;
    enum status status =
        session->ops->decode(&session->messages, action->payload, action->payload_bytes, &event);
    if (status != STATUS_OK) {
        /* It has its number, so the stream goes on behind it. */
        event = (struct dojima_event){.kind = DOJIMA_OTHER, .remaining = -1};
    }
    event.number = action->number;
    event.bytes = action->payload;
    event.count = action->payload_bytes;
    settle(session, &event);
    learn_reference(session, &event);
    if (event.kind == DOJIMA_QUERIED) {
        event.reference = session->highest + 1;
    }
    if (session->handler.on_event != NULL) {
        session->handler.on_event(session->context, session, &event);
    }
}

/* Whether it was the challenge to a login without password; it is answered then. */
static bool take_challenge(struct dojima_session *session, const struct soup_client_action *action)
{
    uint8_t challenge[SIGNATURE_CHALLENGE_BYTES];
    uint8_t signature[SIGNATURE_BYTES];
    char text[SIGNATURE_TEXT_BYTES];
    if (session->sign == NULL || session->soup.state != SOUP_CLIENT_LOGGING_ON ||
        !signature_challenge_decode((const char *)action->payload, action->payload_bytes,
                                    challenge)) {
        return false;
    }
    if (!session->sign(session->context, challenge, signature)) {
        net_cut(session->net, "the venue's challenge could not be signed");
        return true;
    }
    signature_encode(signature, text);
    if (!put(session, SOUP_DEBUG, text, sizeof text)) {
        net_cut(session->net, "no room for the signature");
    }
    return true;
}

static void take_unnumbered(struct dojima_session *session, const struct soup_client_action *action)
{
    struct refusal refusal;
    if (take_challenge(session, action)) {
        return;
    }
    if (!session->ops->refused(action->payload, action->payload_bytes, &refusal)) {
        return; /* words for people */
    }
    uint32_t reference = refusal.reference;
    for (size_t i = 0; i < session->pending_count; i++) {
        const struct pending *pending = pending_at(session, i);
        bool named = refusal.input_sequence != 0 ? pending->input_sequence == refusal.input_sequence
                                                 : pending->reference == refusal.reference;
        if (named) {
            reference = pending->reference;
            pending_drop(session, i);
            break;
        }
    }
    if (session->handler.on_not_sequenced != NULL) {
        session->handler.on_not_sequenced(session->context, session, reference,
                                          refusal.retry_after_us, refusal.kind);
    }
}

static void act(struct dojima_session *session, const struct soup_client_action *action)
{
    switch (action->kind) {
    case CLIENT_OPENED:
        session->messages.session = (uint32_t)strtoul(session->soup.session, NULL, 10);
        session->input_sequence = 0;
        send_again(session);
        if (session->handler.on_live != NULL) {
            session->handler.on_live(session->context, session, action->number);
        }
        break;
    case CLIENT_MESSAGE:
        take_message(session, action);
        break;
    case CLIENT_UNNUMBERED:
        take_unnumbered(session, action);
        break;
    case CLIENT_HEARTBEAT:
        if (session->net != NULL) {
            (void)put(session, SOUP_CLIENT_HEARTBEAT, NULL, 0);
        }
        break;
    case CLIENT_CUT:
        if (session->net != NULL) {
            net_cut(session->net, action->reason);
        }
        break;
    case CLIENT_NOTHING:
        break;
    }
}

static void on_opened(void *context, struct net_connection *net)
{
    struct dojima_session *session = context;
    uint8_t login[SOUP_LOGIN_BYTES];
    size_t count = soup_client_connected(&session->soup, host_clock_monotonic_ns(), login);
    if (!net_send(net, login, count)) {
        net_cut(net, "no room for the login");
    }
}

static size_t on_bytes(void *context, struct net_connection *net, const uint8_t *bytes,
                       size_t count)
{
    (void)net;
    struct dojima_session *session = context;
    int64_t now_ns = host_clock_monotonic_ns();
    size_t at = 0;
    size_t used = 1;
    while (at < count && used > 0) {
        struct soup_client_action action =
            soup_client_read(&session->soup, now_ns, bytes + at, count - at, &used);
        at += used;
        act(session, &action);
        if (action.kind == CLIENT_CUT) {
            break;
        }
    }
    return at;
}

static void on_closed(void *context, struct net_connection *net, const char *reason)
{
    (void)net;
    struct dojima_session *session = context;
    session->net = NULL;
    if (session->logging_out) {
        soup_client_finish(&session->soup);
    }
    soup_client_lost(&session->soup, host_clock_monotonic_ns());
    if (session->handler.on_down != NULL) {
        session->handler.on_down(session->context, session, reason,
                                 soup_client_is_over(&session->soup));
    }
}

static enum status connect_now(struct dojima_session *session, int64_t now_ns)
{
    struct net_options options = {
        .address = session->address,
        .tls = session->tls,
        .tls_name = session->server_name[0] == '\0' ? NULL : session->server_name,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = session,
    };
    soup_client_connecting(&session->soup, now_ns);
    return net_connect(session->client->loop, &options, &session->net);
}

/* -- life ---------------------------------------------------------------------------------- */

enum dojima_result dojima_client_open(struct dojima_client **out_client)
{
    struct dojima_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        return DOJIMA_NO_MEMORY;
    }
    enum status status = net_loop_open(&client->loop);
    if (status != STATUS_OK) {
        free(client);
        return result_of(status);
    }
    *out_client = client;
    return DOJIMA_OK;
}

static void session_tick(struct dojima_session *session, int64_t now_ns)
{
    if (soup_client_due(&session->soup, now_ns)) {
        enum status status = connect_now(session, now_ns);
        if (status != STATUS_OK) {
            session->net = NULL;
            soup_client_lost(&session->soup, now_ns);
            if (session->handler.on_down != NULL) {
                session->handler.on_down(session->context, session, status_sentence(status),
                                         soup_client_is_over(&session->soup));
            }
        }
        return;
    }
    struct soup_client_action action = soup_client_tick(&session->soup, now_ns);
    act(session, &action);
}

void dojima_client_tick(struct dojima_client *client, int64_t wait_ns)
{
    net_loop_tick(client->loop, wait_ns);
    int64_t now_ns = host_clock_monotonic_ns();
    for (struct dojima_session *session = client->sessions; session != NULL;
         session = session->next) {
        session_tick(session, now_ns);
    }
}

static void session_free(struct dojima_session *session)
{
    net_tls_close(session->tls);
    messages_deinit(&session->messages);
    free(session->pending);
    explicit_bzero(&session->soup.login, sizeof session->soup.login);
    free(session);
}

void dojima_client_close(struct dojima_client *client)
{
    if (client == NULL) {
        return;
    }
    for (struct dojima_session *session = client->sessions; session != NULL;
         session = session->next) {
        session->handler = (struct dojima_handler){0};
        session->logging_out = true;
    }
    net_loop_close(client->loop);
    while (client->sessions != NULL) {
        struct dojima_session *session = client->sessions;
        client->sessions = session->next;
        session_free(session);
    }
    free(client);
}

static bool copy(char *out, size_t capacity, const char *text)
{
    size_t count = text == NULL ? 0 : strlen(text);
    if (count >= capacity) {
        return false;
    }
    if (count > 0) {
        memcpy(out, text, count);
    }
    out[count] = '\0';
    return true;
}

/* Texts of the options and the first state; false: something does not fit. */
static bool session_init(struct dojima_session *session,
                         const struct dojima_session_options *options)
{
    struct soup_login login = {0};
    if (!copy(session->address, sizeof session->address, options->address) ||
        !copy(session->server_name, sizeof session->server_name, options->server_name) ||
        !copy(login.username, sizeof login.username, options->username) ||
        !copy(login.password, sizeof login.password, options->password) ||
        !copy(session->messages.username, sizeof session->messages.username, options->username) ||
        session->address[0] == '\0' || login.username[0] == '\0') {
        return false;
    }
    soup_client_init(&session->soup, &login, options->next_number,
                     (int64_t)options->reconnect_ms * MS_NS);
    session->ops = options->protocol == DOJIMA_OUCH ? &ouch_messages : &native_messages;
    session->handler = options->handler;
    session->context = options->context;
    session->sign = options->sign;
    session->keep = !options->forget;
    return options->protocol == DOJIMA_OUCH || options->protocol == DOJIMA_NATIVE;
}

enum dojima_result dojima_session_open(struct dojima_client *client,
                                       const struct dojima_session_options *options,
                                       struct dojima_session **out_session)
{
    struct dojima_session *session = calloc(1, sizeof *session);
    if (session == NULL) {
        return DOJIMA_NO_MEMORY;
    }
    struct host_address address;
    enum status status = session_init(session, options) ? STATUS_OK : STATUS_INVALID;
    if (status != STATUS_OK) {
        session_free(session);
        return DOJIMA_INVALID;
    }
    session->client = client;
    status = host_address_parse(session->address, &address);
    if (status == STATUS_OK && !options->plain) {
        char reason[NET_REASON_BYTES];
        status = net_tls_open_client(options->trusted, &session->tls, reason);
    } else if (status == STATUS_OK && !host_address_is_loopback(&address)) {
        status = STATUS_DENIED;
    }
    if (status != STATUS_OK) {
        session_free(session);
        return result_of(status);
    }
    session->next = client->sessions;
    client->sessions = session;
    *out_session = session;
    return DOJIMA_OK;
}

void dojima_session_log_out(struct dojima_session *session)
{
    session->logging_out = true;
    if (session->net == NULL) {
        soup_client_finish(&session->soup);
        return;
    }
    if (session->soup.state == SOUP_CLIENT_LIVE) {
        (void)put(session, SOUP_LOGOUT, NULL, 0);
    }
    net_end(session->net, "logged out");
}

void dojima_session_break(struct dojima_session *session)
{
    if (session->net != NULL) {
        net_cut(session->net, "broken by its owner");
    }
}

enum dojima_state dojima_session_state(const struct dojima_session *session)
{
    return (enum dojima_state)session->soup.state;
}

const char *dojima_session_name(const struct dojima_session *session)
{
    return session->messages.username;
}

uint64_t dojima_session_next_number(const struct dojima_session *session)
{
    return session->soup.next_number;
}

uint32_t dojima_session_next_reference(const struct dojima_session *session)
{
    return session->highest + 1;
}

size_t dojima_session_unanswered(const struct dojima_session *session)
{
    return session->pending_count;
}

size_t dojima_session_waiting(const struct dojima_session *session)
{
    return session->net == NULL ? 0 : net_waiting(session->net);
}

void dojima_session_flush(struct dojima_session *session)
{
    if (session->net != NULL) {
        net_flush(session->net);
    }
}
