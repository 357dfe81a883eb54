/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/seat.h"

#include "base/assert.h"
#include "host/clock.h"
#include "sim/history.h"
#include "wire/native/command_codec.h"
#include "wire/native/text36.h"

#include <stdlib.h>

#define MS INT64_C(1000000)

#define ANSWER_NS  (20 * MS) /* then it is sent again */
#define LOGON_NS   (20 * MS)
#define RETRY_NS   (2 * MS)
#define STALL_NS   (8 * MS)
#define LETTER_OLD 2 /* of a cut connection: one letter in so many arrives after all */

static struct stream_key key_of(const struct seat *seat)
{
    return (struct stream_key){.id = seat->session, .kind = STREAM_SESSION};
}

static int64_t latency(struct seat *seat)
{
    return prng_between(&seat->prng, 1000, seat->weather.latency_most_ns);
}

/* -- what the port says ----------------------------------------------------------------------- */

static void on_entry(void *context, const struct stream_entry *entry)
{
    struct seat *seat = context;
    ASSERT(entry->count <= MAIL_BYTES_MAX);
    struct letter *letter = mail_put(&seat->in, host_clock_monotonic_ns() + latency(seat), true);
    letter->kind = LETTER_ENTRY;
    letter->entry = *entry;
    memcpy(letter->bytes, entry->bytes, entry->count);
}

static void on_live(void *context, struct stream_key key, uint64_t last_number)
{
    struct seat *seat = context;
    (void)key;
    struct letter *letter = mail_put(&seat->in, host_clock_monotonic_ns() + latency(seat), true);
    letter->kind = LETTER_LIVE;
    letter->entry.number = last_number;
}

static void on_refused(void *context, uint32_t session, uint64_t input_sequence,
                       struct port_refusal refusal)
{
    struct seat *seat = context;
    (void)session;
    (void)refusal;
    struct letter *letter = mail_put(&seat->in, host_clock_monotonic_ns() + latency(seat), true);
    letter->kind = LETTER_REFUSED;
    letter->incarnation = seat->speaking;
    letter->input_sequence = input_sequence;
    /* Where commands were doubled, another copy may be in the log by right. */
    if (!seat->has_doubled && seat->refusal_count < SEAT_REFUSALS_MAX) {
        seat->refusals[seat->refusal_count++] =
            (struct seat_refusal){input_sequence, seat->session, seat->speaking};
    }
}

static void on_lost(void *context)
{
    (void)context;
}

/* -- the connection --------------------------------------------------------------------------- */

void seat_connect(struct seat *seat, struct hub *hub)
{
    static const struct port_handler handler = {on_entry, on_live, on_refused, on_lost};
    ASSERT(seat->port == NULL);
    seat->hub = hub;
    mail_clear(&seat->in);
    enum status status = hub_port_open(hub, &handler, seat, &seat->port);
    if (status == STATUS_OK) {
        status = port_subscribe(seat->port, key_of(seat), seat->next_number);
    }
    ASSERT(status == STATUS_OK);
}

void seat_leave(struct seat *seat)
{
    port_close(seat->port);
    seat->port = NULL;
    seat->hub = NULL;
    seat->logged_on = false;
    seat->logon_ns = 0;
    mail_clear(&seat->in);
    /* What was on its way may be lost, or come from a gateway that does not know that it is cut
     * off: under the old incarnation, which nobody may take any more. */
    size_t kept = 0;
    for (size_t i = 0; i < seat->out.count; i++) {
        if (prng_chance(&seat->prng, 1, LETTER_OLD)) {
            seat->out.letters[kept] = seat->out.letters[i];
            seat->out.letters[kept++].due_ns += prng_between(&seat->prng, 0, 30 * MS);
        }
    }
    seat->out.count = kept;
}

static void cut(struct seat *seat, int64_t now_ns)
{
    struct hub *hub = seat->hub;
    seat_leave(seat);
    seat->hub = hub;
    seat->counts.cuts++;
    seat->connect_ns = now_ns + prng_between(&seat->prng, 0, 5 * MS);
    if (prng_chance(&seat->prng, seat->weather.restarts, 1000)) {
        seat->next_number = 1; /* everything is told again, and must be the same */
    }
}

/* -- what is sent ----------------------------------------------------------------------------- */

static void post(struct seat *seat, const struct command *command, int64_t now_ns)
{
    const struct seat_weather *weather = &seat->weather;
    unsigned copies = prng_chance(&seat->prng, weather->doubled, 1000) ? 2 : 1;
    seat->has_doubled = seat->has_doubled || copies > 1;
    copies = prng_chance(&seat->prng, weather->lost, 1000) ? copies - 1 : copies;
    for (unsigned i = 0; i < copies; i++) {
        bool slow = i > 0 || prng_chance(&seat->prng, weather->swapped, 1000);
        int64_t due_ns = now_ns + latency(seat) + (slow ? prng_between(&seat->prng, 0, 3 * MS) : 0);
        struct letter *letter = mail_put(&seat->out, due_ns, !slow);
        letter->kind = LETTER_COMMAND;
        letter->command = *command;
    }
    history_sent(seat, command);
}

static void log_on(struct seat *seat, int64_t now_ns)
{
    struct command command = {.header = {.id = COMMAND_LOGON,
                                         .version = COMMAND_LOGON_VERSION,
                                         .session = seat->session,
                                         .incarnation = seat->incarnation + 1}};
    command.logon = (struct command_logon){.participant = seat->participant,
                                           .user = seat->session,
                                           .cancel_on_disconnect = seat->session % 3 == 0};
    seat->mine = seat->incarnation + 1;
    seat->input_sequence = 0;
    seat->logon_ns = now_ns;
    post(seat, &command, now_ns);
}

/* With the present incarnation and the next input sequence. */
static void send_now(struct seat *seat, struct seat_pending *pending, int64_t now_ns)
{
    struct command_header *header = &pending->command.header;
    header->session = seat->session;
    header->incarnation = seat->mine;
    header->input_sequence = ++seat->input_sequence;
    pending->sent_ns = now_ns;
    pending->again_ns = now_ns + ANSWER_NS;
    post(seat, &pending->command, now_ns);
}

void seat_ask(struct seat *seat, const struct command *command, int64_t now_ns)
{
    if (seat->pending_count == SEAT_PENDING_MAX) {
        return;
    }
    struct seat_pending *pending = &seat->pending[seat->pending_count++];
    *pending = (struct seat_pending){.command = *command};
    seat->counts.sent++;
    send_now(seat, pending, now_ns);
}

/* A new order without an answer is sent again as it was, or closed by a question. */
static void ask_instead(struct seat *seat, struct seat_pending *pending)
{
    if (pending->command.header.id != COMMAND_NEW_ORDER || prng_chance(&seat->prng, 6, 10)) {
        return;
    }
    struct command resolve = {
        .header = {.id = COMMAND_RESOLVE, .version = COMMAND_RESOLVE_VERSION}};
    resolve.resolve = (struct command_resolve){
        .account = seat->account, .client_order_id = pending->command.new_order.client_order_id};
    pending->command = resolve;
}

static void send_again(struct seat *seat, int64_t now_ns)
{
    for (size_t i = 0; i < seat->pending_count; i++) {
        struct seat_pending *pending = &seat->pending[i];
        if (now_ns >= pending->again_ns) {
            ask_instead(seat, pending);
            seat->counts.again++;
            send_now(seat, pending, now_ns);
        }
    }
}

static bool deliver(struct seat *seat, int64_t now_ns)
{
    struct letter letter;
    while (mail_take(&seat->out, now_ns, &letter)) {
        seat->speaking = letter.command.header.incarnation;
        enum status status = port_submit(seat->port, &letter.command);
        if (status != STATUS_OK) {
            return false; /* the venue has failed */
        }
    }
    return true;
}

/* -- what is heard ---------------------------------------------------------------------------- */

static void hear_refused(struct seat *seat, const struct letter *letter, int64_t now_ns)
{
    seat->counts.refused++;
    for (size_t i = 0; i < seat->pending_count; i++) {
        struct seat_pending *pending = &seat->pending[i];
        if (pending->command.header.incarnation == letter->incarnation &&
            pending->command.header.input_sequence == letter->input_sequence) {
            pending->again_ns = now_ns + RETRY_NS;
        }
    }
}

/* Everything without an answer is asked again soon. */
static void logged_on(struct seat *seat, int64_t now_ns)
{
    seat->logged_on = true;
    seat->logon_ns = 0;
    for (size_t i = 0; i < seat->pending_count; i++) {
        seat->pending[i].again_ns = now_ns + prng_between(&seat->prng, 0, RETRY_NS);
    }
}

static void listen(struct seat *seat, int64_t now_ns)
{
    struct letter letter;
    while (seat->port != NULL && mail_take(&seat->in, now_ns, &letter)) {
        switch (letter.kind) {
        case LETTER_ENTRY:
            seat_hear(seat, &letter.entry);
            break;
        case LETTER_LIVE:
            log_on(seat, now_ns);
            break;
        case LETTER_REFUSED:
            hear_refused(seat, &letter, now_ns);
            break;
        case LETTER_COMMAND:
            break;
        }
        bool was_opened = seat->logon_ns != 0 && seat->incarnation == seat->mine;
        if (was_opened) {
            logged_on(seat, now_ns);
        }
    }
}

bool seat_tick(struct seat *seat, int64_t now_ns)
{
    const struct seat_weather *weather = &seat->weather;
    if (seat->hub == NULL || now_ns < seat->stalled_ns) {
        return true;
    }
    if (seat->port == NULL) {
        if (now_ns >= seat->connect_ns) {
            seat_connect(seat, seat->hub);
        }
        return true;
    }
    if (!deliver(seat, now_ns)) {
        return false;
    }
    listen(seat, now_ns);
    if (seat->logon_ns != 0 && now_ns - seat->logon_ns > LOGON_NS) {
        log_on(seat, now_ns); /* lost on the way, or refused: with what is known by now */
    }
    if (seat->logged_on) {
        if (seat->incarnation != seat->mine) {
            cut(seat, now_ns); /* somebody else speaks for the session */
            return true;
        }
        send_again(seat, now_ns);
        if (!seat->quiet) {
            seat_act(seat, now_ns);
        }
    }
    if (prng_chance(&seat->prng, weather->cuts, 100000)) {
        cut(seat, now_ns);
    } else if (prng_chance(&seat->prng, weather->stalls, 100000)) {
        seat->stalled_ns = now_ns + prng_between(&seat->prng, 0, STALL_NS);
    }
    return true;
}

bool seat_is_idle(const struct seat *seat)
{
    return seat->logged_on && seat->pending_count == 0 && seat->in.count == 0;
}

/* -- names ------------------------------------------------------------------------------------ */

struct text36 seat_new_name(struct seat *seat)
{
    if (seat->name_count == seat->name_capacity) {
        seat->name_capacity = seat->name_capacity == 0 ? 128 : 2 * seat->name_capacity;
        seat->names = realloc(seat->names, seat->name_capacity * sizeof *seat->names);
        ASSERT(seat->names != NULL);
    }
    seat->names[seat->name_count++] = (struct seat_name){0};
    return seat_name_text(seat, seat->name_count);
}

struct text36 seat_name_text(const struct seat *seat, uint64_t number)
{
    char name[TEXT36_BYTES_MAX];
    snprintf(name, sizeof name, "s%u-%llu", seat->session, (unsigned long long)number);
    return text36_from(name);
}

struct seat_name *seat_name_of(struct seat *seat, const struct text36 *name)
{
    char text[TEXT36_BYTES_MAX + 1] = {0};
    memcpy(text, name->bytes, name->count);
    char *end = text;
    bool ours = text[0] == 's' && strtoul(text + 1, &end, 10) == seat->session && *end == '-';
    unsigned long long number = ours ? strtoull(end + 1, NULL, 10) : 0;
    return number >= 1 && number <= seat->name_count ? &seat->names[number - 1] : NULL;
}

void seat_init(struct seat *seat, uint32_t session, uint64_t seed, struct finding_log *findings)
{
    *seat = (struct seat){.findings = findings, .session = session, .next_number = 1};
    prng_init(&seat->prng, seed);
}

void seat_deinit(struct seat *seat)
{
    mail_deinit(&seat->in);
    mail_deinit(&seat->out);
    free(seat->names);
    *seat = (struct seat){0};
}
