/* SPDX-License-Identifier: Apache-2.0
 *
 * Connections, and what is sent; what is heard: seat_hear.c.
 */
#include "doors/seat.h"

#include "base/assert.h"
#include "doors/seat_hear.h"
#include "host/clock.h"
#include "wire/native/sbe.h"
#include "wire/native/text36.h"

#include <stdlib.h>
#include <string.h>

#define MS_NS     INT64_C(1000000)
#define RETRY_NS  (20 * MS_NS)
#define LINGER_NS (2000 * MS_NS)
#define SWEEP_NS  (50 * MS_NS)
#define RECENT    64u

/* -- sending ------------------------------------------------------------------------------- */

static bool put(struct life *life, struct command *command)
{
    uint8_t *at = life->net == NULL
                      ? NULL
                      : net_reserve(life->net, SOUP_HEADER_BYTES + SBE_COMMAND_BYTES_MAX);
    if (at == NULL) {
        return false;
    }
    command->header.input_sequence = ++life->input_sequence;
    size_t count = sbe_command_encode(at + SOUP_HEADER_BYTES, command);
    soup_encode_header(SOUP_UNSEQUENCED, count, at);
    net_commit(life->net, SOUP_HEADER_BYTES + count);
    return true;
}

static bool send(struct seat *seat, struct command *command, enum flight_what what, uint64_t number)
{
    if (seat->life == NULL || seat->count == SEAT_WINDOW || !put(seat->life, command)) {
        return false;
    }
    seat->flights[(seat->first + seat->count++) % SEAT_WINDOW] = (struct flight){
        .number = number, .input_sequence = seat->life->input_sequence, .what = what};
    return true;
}

static struct command resolve_of(uint64_t number)
{
    struct command command = {.resolve.client_order_id = text36_from_number(number)};
    command.header.id = COMMAND_RESOLVE;
    return command;
}

void seat_mark(struct seat *seat)
{
    uint64_t number = NAMES_MARKER + ++seat->seats->markers;
    struct command command = resolve_of(number);
    if (send(seat, &command, FLIGHT_MARKER, number)) {
        seat->marker = number;
    }
}

void seat_mass_cancel(struct seat *seat)
{
    struct command command = {.mass_cancel.tag = 1};
    command.header.id = COMMAND_MASS_CANCEL;
    if (!send(seat, &command, FLIGHT_MASS_CANCEL, 1)) {
        names_wrong(&seat->seats->names, "seat %u: the mass cancel cannot be sent", seat->index);
    }
}

static bool send_name(struct seat *seat, uint32_t number, enum flight_what what)
{
    struct names *names = &seat->seats->names;
    struct command command;
    if (what == FLIGHT_RESOLVE) {
        command = resolve_of(number);
    } else {
        names_command(names, number, what == FLIGHT_OTHER, &command);
    }
    if (!send(seat, &command, what, number)) {
        return false;
    }
    seat->seats->counts.sent++;
    if (what == FLIGHT_RESOLVE) {
        names_at(names, number)->flags |= NAMES_ASKED;
        seat->seats->counts.resolves++;
    }
    return true;
}

static bool send_again(struct seat *seat, uint32_t number, enum flight_what what)
{
    struct seats_counts *counts = &seat->seats->counts;
    if (!send_name(seat, number, what)) {
        return false;
    }
    counts->resends++;
    counts->resends_elsewhere += names_at(&seat->seats->names, number)->gateway != seat->gateway;
    counts->other_bodies += what == FLIGHT_OTHER;
    return true;
}

/* What older lives sent and nobody answered, before anything new. */
static bool send_lost(struct seat *seat)
{
    struct flight *flight = &seat->lost[seat->lost_first];
    bool again =
        !flight->settled && (flight->what == FLIGHT_ENTER || flight->what == FLIGHT_RESOLVE);
    if (again && !send_again(seat, (uint32_t)flight->number, flight->what)) {
        return false;
    }
    seat->seats->counts.resends_lost += again;
    if (++seat->lost_first == seat->lost_count) {
        seat->lost_first = 0;
        seat->lost_count = 0;
    }
    return true;
}

/* An order of the account that this seat was told of; 0: none at hand. */
static uint32_t pick_own(struct seat *seat)
{
    struct names *names = &seat->seats->names;
    for (int i = 0; i < 4; i++) {
        uint32_t number = names_pick(names, seat->account, prng_next(&seat->seats->prng), RECENT);
        const struct name *name = names_at(names, number);
        if (number != 0 && name->first != 0 && name->owner == seat->index) {
            return number;
        }
    }
    return 0;
}

/* Soon after the first time or much later, through this seat whichever the first was. */
static bool resend(struct seat *seat)
{
    struct names *names = &seat->seats->names;
    struct prng *prng = &seat->seats->prng;
    uint32_t recent = prng_chance(prng, 1, 2) ? RECENT : 0;
    uint32_t number = names_pick(names, seat->account, prng_next(prng), recent);
    bool elsewhere = prng_chance(prng, 1, 2);
    for (int i = 0; elsewhere && i < 4 && names_at(names, number)->gateway == seat->gateway; i++) {
        number = names_pick(names, seat->account, prng_next(prng), i < 2 ? recent : 0);
    }
    const struct name *name = number == 0 ? NULL : names_at(names, number);
    if (name == NULL || (name->flags & NAMES_GHOST) != 0) {
        return false;
    }
    bool known = name->result != 0;
    /* A replace tells the order's owner alone: before the result is known, it alone may ask. */
    if ((name->flags & NAMES_REPLACE) != 0 && !known &&
        names_at(names, name->original)->owner != seat->index) {
        return false;
    }
    enum flight_what what = FLIGHT_ENTER;
    uint64_t draw = prng_below(prng, 100);
    if (draw < 8 && known) {
        what = FLIGHT_OTHER;
    } else if (draw < 14) {
        what = FLIGHT_RESOLVE;
    }
    return send_again(seat, number, what);
}

static bool send_new(struct seat *seat, uint32_t original, enum flight_what what)
{
    struct names *names = &seat->seats->names;
    uint32_t number = names_take(names, seat->account);
    struct name *name = names_at(names, number);
    name->original = original;
    name->flags = original != 0 ? NAMES_REPLACE : 0;
    name->gateway = (uint8_t)seat->gateway;
    bool sent = send_name(seat, number, what);
    if (!sent) {
        names_give_back(names, number);
    }
    return sent;
}

static bool fresh(struct seat *seat)
{
    uint64_t draw = prng_below(&seat->seats->prng, 1000);
    uint32_t own = draw < 300 ? pick_own(seat) : 0;
    if (draw < 150 && own != 0) {
        return send_new(seat, own, FLIGHT_ENTER);
    }
    if (own != 0) {
        struct command command = {.cancel.client_order_id = text36_from_number(own)};
        command.header.id = COMMAND_CANCEL;
        bool sent = send(seat, &command, FLIGHT_CANCEL, own);
        seat->seats->counts.sent += sent;
        return sent;
    }
    /* A few names are asked for before they are used. */
    return send_new(seat, 0, draw >= 997 ? FLIGHT_RESOLVE : FLIGHT_ENTER);
}

bool seat_act(struct seat *seat)
{
    struct seats *seats = seat->seats;
    if (seat->step != SEAT_LIVE || seat->count == SEAT_WINDOW) {
        return false;
    }
    if (seat->lost_count > 0) {
        return send_lost(seat);
    }
    const struct seats_counts *counts = &seats->counts;
    uint64_t at_will = counts->resends - counts->resends_lost;
    bool owed = at_will * 1000 + 2000 < counts->sent * (seats->share * 10 - 2);
    if ((owed || prng_chance(&seats->prng, seats->share, 100)) && resend(seat)) {
        return true;
    }
    return fresh(seat);
}

bool seat_is_settled(const struct seat *seat)
{
    return seat->step == SEAT_LIVE && seat->count == 0 && seat->lost_count == 0;
}

/* -- lives --------------------------------------------------------------------------------- */

static void free_life(struct life *life)
{
    struct life **link = &life->seat->seats->lives;
    while (*link != life) {
        link = &(*link)->next;
    }
    *link = life->next;
    free(life);
}

/* What is under way joins what was lost before. */
static void lose_flights(struct seat *seat)
{
    if (seat->lost_first > 0) {
        memmove(seat->lost, seat->lost + seat->lost_first,
                (seat->lost_count - seat->lost_first) * sizeof seat->lost[0]);
        seat->lost_count -= seat->lost_first;
        seat->lost_first = 0;
    }
    for (uint32_t i = 0; i < seat->count; i++) {
        const struct flight *flight = &seat->flights[(seat->first + i) % SEAT_WINDOW];
        if (flight->what == FLIGHT_MARKER) {
            continue;
        }
        ASSERT(seat->lost_count < SEAT_LOST_MAX);
        seat->lost[seat->lost_count++] = *flight;
    }
    seat->first = 0;
    seat->count = 0;
}

static void act(struct life *life, const struct soup_client_action *action)
{
    struct seat *seat = life->seat;
    bool current = seat->life == life;
    switch (action->kind) {
    case CLIENT_OPENED:
        if (current) {
            seat->step = SEAT_MARKING;
            seat_mark(seat);
        }
        break;
    case CLIENT_MESSAGE:
        if (current) {
            seat_hear(seat, action->number, action->payload, action->payload_bytes);
        }
        break;
    case CLIENT_UNNUMBERED:
        if (current) {
            seat_hear_refusal(seat, action->payload, action->payload_bytes);
        }
        break;
    case CLIENT_HEARTBEAT:
        if (life->net != NULL) {
            uint8_t packet[SOUP_HEADER_BYTES];
            bool sent =
                net_send(life->net, packet, soup_encode_empty(SOUP_CLIENT_HEARTBEAT, packet));
            (void)sent; /* a full socket needs none */
            soup_client_sent(&life->soup, host_clock_monotonic_ns());
        }
        break;
    case CLIENT_CUT:
        if (life->net != NULL) {
            net_cut(life->net, action->reason);
        }
        break;
    case CLIENT_NOTHING:
        break;
    }
}

static void on_opened(void *context, struct net_connection *net)
{
    struct life *life = context;
    uint8_t login[SOUP_LOGIN_BYTES];
    size_t count = soup_client_connected(&life->soup, host_clock_monotonic_ns(), login);
    if (!net_send(net, login, count)) {
        net_cut(net, "no room for the login");
    }
}

static size_t on_bytes(void *context, struct net_connection *net, const uint8_t *bytes,
                       size_t count)
{
    (void)net;
    struct life *life = context;
    int64_t now_ns = host_clock_monotonic_ns();
    size_t at = 0;
    size_t used = 1;
    while (at < count && used > 0) {
        struct soup_client_action action =
            soup_client_read(&life->soup, now_ns, bytes + at, count - at, &used);
        at += used;
        act(life, &action);
        if (action.kind == CLIENT_CUT) {
            break;
        }
    }
    return at;
}

static void on_closed(void *context, struct net_connection *net, const char *reason)
{
    (void)net;
    (void)reason;
    struct life *life = context;
    struct seat *seat = life->seat;
    life->net = NULL;
    if (seat->life == life) {
        seat->seats->counts.downs++;
        lose_flights(seat);
        seat->life = NULL;
        seat->step = SEAT_DOWN;
        seat->retry_ns = host_clock_monotonic_ns() + RETRY_NS;
    }
    free_life(life);
}

static void connect_seat(struct seat *seat)
{
    struct seats *seats = seat->seats;
    int64_t now_ns = host_clock_monotonic_ns();
    struct life *life = calloc(1, sizeof *life);
    ASSERT(life != NULL);
    while ((seats->frozen >> seat->gateway & 1u) != 0) {
        seat->gateway = (seat->gateway + 1) % seats->gateways;
    }
    *life = (struct life){.seat = seat, .next = seats->lives, .gateway = seat->gateway};
    struct soup_login login = {0};
    memcpy(login.username, seat->session->name, sizeof seat->session->name);
    memcpy(login.password, seat->session->password, sizeof seat->session->password);
    soup_client_init(&life->soup, &login, seat->next_number, 0);
    soup_client_connecting(&life->soup, now_ns);
    seats->lives = life;
    seat->life = life;
    seat->step = SEAT_LOGGING_ON;
    struct net_options options = {
        .address = seats->venue->gateways[seat->gateway].native,
        .handler = {.on_opened = on_opened, .on_bytes = on_bytes, .on_closed = on_closed},
        .context = life,
    };
    if (net_connect(seats->loop, &options, &life->net) != STATUS_OK) {
        seat->life = NULL;
        seat->step = SEAT_DOWN;
        seat->retry_ns = now_ns + RETRY_NS;
        free_life(life);
    }
}

void seat_move(struct seat *seat, unsigned gateway, bool cut)
{
    struct life *old = seat->life;
    lose_flights(seat);
    seat->life = NULL;
    seat->gateway = gateway;
    seat->seats->counts.moves++;
    if (old != NULL) {
        old->end_ns = host_clock_monotonic_ns() + LINGER_NS;
        if (cut) {
            net_cut(old->net, "moved");
        }
    }
    connect_seat(seat);
}

void seats_send_ghosts(struct seats *seats, unsigned gateway, unsigned count)
{
    struct names *names = &seats->names;
    for (struct life *life = seats->lives; life != NULL; life = life->next) {
        struct seat *seat = life->seat;
        if (seat->life == life || life->gateway != gateway || life->net == NULL ||
            life->soup.state != SOUP_CLIENT_LIVE) {
            continue;
        }
        for (unsigned i = 0; i < count; i++) {
            uint32_t number = names_take(names, seat->account);
            struct command command;
            names_at(names, number)->flags = NAMES_GHOST;
            names_command(names, number, false, &command);
            seats->counts.ghosts += put(life, &command);
        }
    }
}

static void sweep(struct seats *seats, int64_t now_ns)
{
    for (struct life *life = seats->lives; life != NULL; life = life->next) {
        if (life->net == NULL) {
            continue;
        }
        if (life->seat->life != life && now_ns > life->end_ns) {
            net_cut(life->net, "lingered long enough");
            continue;
        }
        struct soup_client_action action = soup_client_tick(&life->soup, now_ns);
        act(life, &action);
    }
    for (size_t i = 0; i < SEATS; i++) {
        if (seats->all[i].step == SEAT_DOWN && now_ns > seats->all[i].retry_ns) {
            connect_seat(&seats->all[i]);
        }
    }
}

void seats_tick(struct seats *seats, int64_t wait_ns)
{
    net_loop_tick(seats->loop, wait_ns);
    int64_t now_ns = host_clock_monotonic_ns();
    if (now_ns - seats->swept_ns > SWEEP_NS) {
        seats->swept_ns = now_ns;
        sweep(seats, now_ns);
    }
}

void seats_open(struct seats *seats, const struct venue_process *venue,
                const struct venue_process_session *sessions)
{
    enum status status = net_loop_open(&seats->loop);
    ASSERT(status == STATUS_OK);
    seats->venue = venue;
    for (unsigned i = 0; i < SEATS; i++) {
        seats->all[i] = (struct seat){.seats = seats,
                                      .session = &sessions[i],
                                      .next_number = 1,
                                      .index = i,
                                      .account = i / SEATS_PER_ACCOUNT,
                                      .gateway = i % seats->gateways};
    }
}

void seats_close(struct seats *seats)
{
    if (seats->loop == NULL) {
        return;
    }
    for (size_t i = 0; i < SEATS; i++) {
        seats->all[i].life = NULL;
    }
    net_loop_close(seats->loop);
    seats->loop = NULL;
}
