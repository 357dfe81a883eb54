/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/load.h"

#include "apps/dojima/options.h"
#include "base/assert.h"
#include "host/clock.h"
#include "host/signal.h"
#include "host/worker.h"

#include <stdlib.h>
#include <string.h>

#define SECOND_NS      INT64_C(1000000000)
#define LOGON_NS       (30 * SECOND_NS)
#define DRAIN_NS       (5 * SECOND_NS)
#define TICK_NS        INT64_C(1000000)
#define RESTING_WANTED 256u /* orders a session leaves in the book */
#define RESTING_MAX    LOAD_SLOTS
#define PRICE_MIDDLE   INT64_C(1000000)
#define PRICE_STEP     INT64_C(100)
#define PRICE_STEPS    50
#define REFERENCE_TICK UINT64_C(20000) /* ns; see first_reference */
#define SLOT_MASK      (LOAD_SLOTS - 1)

/* When the request of a reference was due; 0 = none under way, negative = before the measuring. */
struct load_slot {
    int64_t order_ns;
    int64_t cancel_ns;
    bool rests; /* the order is to be cancelled one day, once the venue has taken it */
};

struct load_session {
    struct load *load;
    struct dojima_session *session;
    struct load_slot *slots;
    uint32_t resting[RESTING_MAX]; /* a ring of references */
    uint32_t rest_first;
    uint32_t rest_count;
    uint32_t next_reference;
    uint64_t under_way;
    bool ready; /* its next reference is known */
    bool final;
    char reason[96];
};

struct load {
    struct load_options options;
    struct dojima_client *client;
    struct load_session *sessions;
    struct load_result *result;
    struct prng prng;
    int64_t begin_ns; /* of the measuring */
    int64_t end_ns;
    bool sending;
};

static bool in_time(const struct load *load, int64_t due_ns)
{
    return due_ns >= load->begin_ns && due_ns < load->end_ns;
}

/* The slot's time, taken out; 0: nothing of this kind was under way. */
static int64_t take_time(int64_t *time_ns)
{
    int64_t due_ns = *time_ns;
    *time_ns = 0;
    return due_ns;
}

static void answered(struct load_session *session, struct histogram *histogram, uint64_t *count,
                     int64_t *time_ns)
{
    struct load *load = session->load;
    int64_t due_ns = take_time(time_ns);
    if (due_ns == 0) {
        return;
    }
    session->under_way--;
    if (in_time(load, due_ns)) {
        histogram_record(histogram, (uint64_t)(host_clock_monotonic_ns() - due_ns));
        (*count)++;
    }
}

/* As a trader would: only what the venue has taken is cancelled later. */
static void keep_resting(struct load_session *session, uint32_t reference, struct load_slot *slot)
{
    if (slot->rests && session->rest_count < RESTING_MAX) {
        session->resting[(session->rest_first + session->rest_count) % RESTING_MAX] = reference;
        session->rest_count++;
    }
    slot->rests = false;
}

static void send_one(struct load_session *session, int64_t due_ns);

static void refill(struct load_session *session)
{
    struct load *load = session->load;
    while (load->sending && load->options.rate == 0 && session->ready &&
           session->under_way < load->options.window) {
        uint64_t before = session->under_way;
        send_one(session, host_clock_monotonic_ns());
        if (session->under_way == before) {
            break; /* the socket is full */
        }
    }
}

static void on_event(void *context, struct dojima_session *client, const struct dojima_event *event)
{
    (void)client;
    struct load_session *session = context;
    struct load *load = session->load;
    struct load_result *result = load->result;
    struct load_slot *slot = &session->slots[event->reference & SLOT_MASK];
    switch (event->kind) {
    case DOJIMA_ACCEPTED:
        keep_resting(session, event->reference, slot);
        answered(session, &result->orders, &result->accepted, &slot->order_ns);
        break;
    case DOJIMA_REJECTED:
        answered(session, &result->orders, &result->rejected, &slot->order_ns);
        break;
    case DOJIMA_CANCELLED:
        answered(session, &result->cancels, &result->cancelled, &slot->cancel_ns);
        break;
    case DOJIMA_REFUSED_CHANGE:
        answered(session, &result->cancels, &result->change_refused, &slot->cancel_ns);
        break;
    case DOJIMA_EXECUTED:
        result->fills += load->sending;
        break;
    case DOJIMA_QUERIED:
        if (!session->ready) {
            session->next_reference = event->reference;
            session->ready = true;
        }
        break;
    case DOJIMA_REPLACED:
    case DOJIMA_MASS_CANCELLED:
    case DOJIMA_RESOLVED:
    case DOJIMA_OTHER:
    case DOJIMA_NOTED:
        break;
    }
    refill(session);
}

static void on_not_sequenced(void *context, struct dojima_session *client, uint32_t reference,
                             uint32_t retry_after_us, const char *kind)
{
    (void)client;
    (void)retry_after_us;
    (void)kind;
    struct load_session *session = context;
    struct load_result *result = session->load->result;
    struct load_slot *slot = &session->slots[reference & SLOT_MASK];
    bool cancel = slot->order_ns == 0 && slot->cancel_ns != 0;
    uint64_t before = result->not_sequenced;
    answered(session, &result->refused, &result->not_sequenced,
             cancel ? &slot->cancel_ns : &slot->order_ns);
    result->cancels_not_sequenced += cancel && result->not_sequenced > before;
    refill(session);
}

/* The native protocol does not tell which references are free. One every 20 us of the clock is
 * ahead of every earlier run that sent fewer than 50,000 a second in a session. */
static uint32_t first_reference(void)
{
    uint64_t ticks = (uint64_t)host_clock_wall_ns() / REFERENCE_TICK;
    return 1 + (uint32_t)(ticks & INT32_MAX);
}

static void on_live(void *context, struct dojima_session *client, uint64_t next_number)
{
    (void)next_number;
    struct load_session *session = context;
    if (session->ready) {
        return;
    }
    if (session->load->options.session.protocol == DOJIMA_OUCH) {
        (void)dojima_query(client);
    } else {
        session->next_reference = first_reference();
        session->ready = true;
    }
}

static void on_down(void *context, struct dojima_session *client, const char *reason, bool final)
{
    (void)client;
    struct load_session *session = context;
    session->load->result->downs += session->load->sending;
    session->final = final;
    size_t count = strlen(reason);
    count = count < sizeof session->reason ? count : sizeof session->reason - 1;
    memcpy(session->reason, reason, count);
    session->reason[count] = '\0';
}

/* -- sending --------------------------------------------------------------------------------- */

static enum dojima_result send_order(struct load_session *session, bool takes)
{
    struct load *load = session->load;
    struct prng *prng = &load->prng;
    const struct load_symbol *symbol =
        &load->options.symbols[prng_below(prng, load->options.symbol_count)];
    bool buy = prng_chance(prng, 1, 2);
    int64_t distance = (1 + (int64_t)prng_below(prng, PRICE_STEPS)) * PRICE_STEP;
    struct dojima_order order = {
        .price = buy != takes ? PRICE_MIDDLE - distance : PRICE_MIDDLE + distance,
        .quantity = 1 + (int64_t)prng_below(prng, takes ? 20 : 100),
        .reference = session->next_reference,
        .instrument = symbol->instrument,
        .side = buy ? DOJIMA_BUY : DOJIMA_SELL,
        .time_in_force = takes ? DOJIMA_IOC : DOJIMA_DAY,
        .cancel_on_disconnect = true,
    };
    memcpy(order.symbol, symbol->symbol, sizeof order.symbol);
    return dojima_enter(session->session, &order, NULL);
}

static bool send_cancel(struct load_session *session, int64_t due_ns)
{
    uint32_t reference = session->resting[session->rest_first];
    if (dojima_cancel(session->session, reference) != DOJIMA_OK) {
        return false;
    }
    session->rest_first = (session->rest_first + 1) % RESTING_MAX;
    session->rest_count--;
    session->slots[reference & SLOT_MASK].cancel_ns = due_ns;
    return true;
}

static bool send_new(struct load_session *session, bool takes, int64_t due_ns)
{
    uint32_t reference = session->next_reference;
    if (send_order(session, takes) != DOJIMA_OK) {
        return false;
    }
    session->next_reference++;
    session->slots[reference & SLOT_MASK] = (struct load_slot){.order_ns = due_ns, .rests = !takes};
    return true;
}

/* By the mix, as long as there is something to cancel and room for what rests. */
static void send_one(struct load_session *session, int64_t due_ns)
{
    struct load *load = session->load;
    uint64_t draw = prng_below(&load->prng, 100);
    const unsigned *mix = load->options.mix;
    bool cancel = draw >= mix[0] && draw < mix[0] + mix[1];
    if (session->rest_count >= RESTING_WANTED) {
        cancel = true;
    } else if (session->rest_count == 0) {
        cancel = false;
    }
    bool takes = draw >= mix[0] + mix[1];
    bool sent = cancel ? send_cancel(session, due_ns) : send_new(session, takes, due_ns);
    if (!sent) {
        load->result->not_sent += load->options.rate > 0 && in_time(load, due_ns);
        return;
    }
    session->under_way++;
    if (in_time(load, due_ns)) {
        load->result->sent++;
        histogram_record(&load->result->late, (uint64_t)(host_clock_monotonic_ns() - due_ns));
    }
}

/* -- the two loops --------------------------------------------------------------------------- */

static void run_open(struct load *load, int64_t start_ns)
{
    const struct load_options *options = &load->options;
    uint64_t next = 0;
    int64_t due_ns = start_ns;
    while (host_signal_stop() == 0 && due_ns < load->end_ns) {
        int64_t now_ns = host_clock_monotonic_ns();
        uint64_t first = next;
        while (due_ns <= now_ns && due_ns < load->end_ns && next - first < 4096) {
            struct load_session *session = &load->sessions[next % options->session_count];
            if (session->under_way < LOAD_SLOTS / 2) {
                send_one(session, due_ns);
            } else {
                load->result->not_sent += in_time(load, due_ns);
            }
            next++;
            due_ns = start_ns + (int64_t)((uint128)next * (uint64_t)SECOND_NS / options->rate);
        }
        for (uint64_t i = first; i < next && i < first + options->session_count; i++) {
            dojima_session_flush(load->sessions[i % options->session_count].session);
        }
        /* It polls: a core that slept wakes late. Whoever else wants this core has it first, as the
         * log's writers of a venue on the same machine. */
        dojima_client_tick(load->client, 0);
        host_worker_yield();
    }
}

static void run_closed(struct load *load)
{
    while (host_signal_stop() == 0 && host_clock_monotonic_ns() < load->end_ns) {
        for (unsigned i = 0; i < load->options.session_count; i++) {
            refill(&load->sessions[i]);
        }
        dojima_client_tick(load->client, 0);
        host_worker_yield();
    }
}

static uint64_t under_way(const struct load *load)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < load->options.session_count; i++) {
        count += load->sessions[i].under_way;
    }
    return count;
}

int load_measure(struct load *load, struct load_result *out_result)
{
    memset(out_result, 0, sizeof *out_result);
    load->result = out_result;
    int64_t start_ns = host_clock_monotonic_ns();
    load->begin_ns = start_ns + (int64_t)load->options.warmup_seconds * SECOND_NS;
    load->end_ns = load->begin_ns + (int64_t)load->options.seconds * SECOND_NS;
    load->sending = true;
    if (load->options.rate > 0) {
        run_open(load, start_ns);
    } else {
        run_closed(load);
    }
    load->sending = false;
    int64_t stopped_ns = host_clock_monotonic_ns();
    stopped_ns = stopped_ns < load->end_ns ? stopped_ns : load->end_ns;
    out_result->elapsed_s = (double)(stopped_ns - load->begin_ns) / 1e9;
    int64_t drain_ns = host_clock_monotonic_ns() + DRAIN_NS;
    while (under_way(load) > 0 && host_clock_monotonic_ns() < drain_ns) {
        dojima_client_tick(load->client, TICK_NS);
    }
    out_result->unanswered = under_way(load);
    if (host_signal_stop() != 0 && out_result->elapsed_s <= 0) {
        return EXIT_INTERRUPTED;
    }
    return EXIT_OK;
}

/* -- start ----------------------------------------------------------------------------------- */

/* "NAME PASSWORD" at `line`, cut up; false: something else. */
static bool read_credential(char *line, const char **out_name, const char **out_password)
{
    line[strcspn(line, "#\r\n")] = '\0';
    char *name = line + strspn(line, " \t");
    char *password = name + strcspn(name, " \t");
    if (*password == '\0') {
        return false;
    }
    *password++ = '\0';
    password += strspn(password, " \t");
    password[strcspn(password, " \t")] = '\0';
    *out_name = name;
    *out_password = password;
    return *password != '\0';
}

static int open_one(struct load *load, struct load_session *session, const char *name,
                    const char *password)
{
    struct dojima_session_options options = load->options.session;
    options.username = name;
    options.password = password;
    options.forget = true;
    options.reconnect_ms = 100;
    options.context = session;
    options.handler = (struct dojima_handler){.on_live = on_live,
                                              .on_event = on_event,
                                              .on_not_sequenced = on_not_sequenced,
                                              .on_down = on_down};
    session->load = load;
    session->slots = calloc(LOAD_SLOTS, sizeof *session->slots);
    if (session->slots == NULL) {
        complain("no memory for %u sessions", load->options.session_count);
        return EXIT_CONFIGURATION;
    }
    enum dojima_result result = dojima_session_open(load->client, &options, &session->session);
    if (result != DOJIMA_OK) {
        complain("session %s at %s: %s", name, options.address, dojima_result_sentence(result));
        return result == DOJIMA_CONFIGURATION ? EXIT_CONFIGURATION : EXIT_BAD_INPUT;
    }
    return EXIT_OK;
}

static int open_sessions(struct load *load)
{
    char line[256];
    FILE *file = fopen(load->options.credentials, "r");
    if (file == NULL) {
        complain("%s cannot be read: it holds a session's NAME and PASSWORD a line",
                 load->options.credentials);
        return EXIT_BAD_INPUT;
    }
    unsigned count = 0;
    int code = EXIT_OK;
    while (code == EXIT_OK && count < load->options.session_count &&
           fgets(line, sizeof line, file) != NULL) {
        const char *name;
        const char *password;
        if (read_credential(line, &name, &password)) {
            code = open_one(load, &load->sessions[count++], name, password);
        }
    }
    (void)fclose(file);
    explicit_bzero(line, sizeof line);
    if (code == EXIT_OK && count < load->options.session_count) {
        complain("%s has %u sessions, %u are wanted: `dojima identity add-session` makes more",
                 load->options.credentials, count, load->options.session_count);
        code = EXIT_BAD_INPUT;
    }
    return code;
}

static int log_on(struct load *load)
{
    int64_t end_ns = host_clock_monotonic_ns() + LOGON_NS;
    unsigned ready = 0;
    while (ready < load->options.session_count) {
        dojima_client_tick(load->client, TICK_NS);
        ready = 0;
        for (unsigned i = 0; i < load->options.session_count; i++) {
            const struct load_session *session = &load->sessions[i];
            ready += session->ready;
            if (session->final) {
                complain("%s: %s", dojima_session_name(session->session), session->reason);
                return dojima_session_state(session->session) == DOJIMA_STATE_REFUSED
                           ? EXIT_AUTHENTICATION
                           : EXIT_NO_CONNECTION;
            }
        }
        if (host_signal_stop() != 0) {
            return EXIT_INTERRUPTED;
        }
        if (host_clock_monotonic_ns() > end_ns) {
            complain("%u of %u sessions logged on at %s within %d s: %s", ready,
                     load->options.session_count, load->options.session.address,
                     (int)(LOGON_NS / SECOND_NS), load->sessions[0].reason);
            return EXIT_NO_CONNECTION;
        }
    }
    return EXIT_OK;
}

int load_open(const struct load_options *options, struct load **out_load)
{
    static struct load_result before; /* what is told before the measuring begins */
    struct load *load = calloc(1, sizeof *load);
    ASSERT(load != NULL);
    load->options = *options;
    load->result = &before;
    prng_init(&load->prng, options->seed);
    load->sessions = calloc(options->session_count, sizeof *load->sessions);
    ASSERT(load->sessions != NULL);
    int code = EXIT_OK;
    if (dojima_client_open(&load->client) != DOJIMA_OK) {
        complain("the network cannot be used");
        code = EXIT_CONFIGURATION;
    }
    if (code == EXIT_OK) {
        code = open_sessions(load);
    }
    if (code == EXIT_OK) {
        code = log_on(load);
    }
    if (code != EXIT_OK) {
        load_close(load);
        return code;
    }
    *out_load = load;
    return EXIT_OK;
}

void load_close(struct load *load)
{
    for (unsigned i = 0; load->client != NULL && i < load->options.session_count; i++) {
        if (load->sessions[i].session != NULL) {
            dojima_session_log_out(load->sessions[i].session);
        }
    }
    for (int i = 0; load->client != NULL && i < 100; i++) {
        dojima_client_tick(load->client, TICK_NS);
    }
    dojima_client_close(load->client);
    for (unsigned i = 0; i < load->options.session_count; i++) {
        free(load->sessions[i].slots);
    }
    free(load->sessions);
    free(load);
}
