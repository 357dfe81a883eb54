/* SPDX-License-Identifier: Apache-2.0
 *
 * A session of an account in the native protocol, as a client lives with it: many commands under
 * way at once, sent again when they may have been lost, now through one gateway, now through
 * another. Two seats share an account. An answer has to come for every command, in the order in
 * which they were sent, and has to be the one that the name's past allows.
 *
 *   DOWN ──► LOGGING_ON ──accepted──► MARKING ──answer to the marker──► LIVE ──move, cut──► ...
 *
 * The marker is a RESOLVE of a name that nobody else has: what stands before its answer in the
 * stream answers older lives of the seat, what stands behind it answers this one.
 *
 * Owner: a test. Threads: one. Memory: a life a connection. Errors: names->wrong.
 * Order of calls: seats_open, seats_tick and the others in any order, seats_close.
 */
#ifndef DOJIMA_TESTS_DOORS_SEAT_H
#define DOJIMA_TESTS_DOORS_SEAT_H

#include "base/prng.h"
#include "client/soup_client.h"
#include "doors/names.h"
#include "doors/venue_process.h"
#include "net/net.h"

#define SEATS_PER_ACCOUNT 2u
#define SEATS             (NAMES_ACCOUNTS * SEATS_PER_ACCOUNT)
#define SEAT_WINDOW       128u /* commands under way */
#define SEAT_LOST_MAX     (4 * SEAT_WINDOW)

enum flight_what {
    FLIGHT_ENTER = 1, /* NEW_ORDER or REPLACE with the name's own body */
    FLIGHT_OTHER = 2, /* the same with another body */
    FLIGHT_CANCEL = 3,
    FLIGHT_RESOLVE = 4,
    FLIGHT_MARKER = 5,
    FLIGHT_MASS_CANCEL = 6,
};

/* A command whose answer has not come. */
struct flight {
    uint64_t number;
    uint64_t input_sequence;
    enum flight_what what;
    bool settled; /* of a lost one: it was answered after all */
};

enum seat_step {
    SEAT_DOWN = 0,
    SEAT_LOGGING_ON = 1,
    SEAT_MARKING = 2,
    SEAT_LIVE = 3,
};

struct seat;

/* One connection of a seat. Those before the current one may linger and speak to a gateway that
 * does not know better. */
struct life {
    struct seat *seat;
    struct life *next;
    struct net_connection *net; /* null: gone */
    struct soup_client soup;
    uint64_t input_sequence;
    int64_t end_ns; /* of one that lingers */
    unsigned gateway;
};

struct seat {
    struct seats *seats;
    const struct venue_process_session *session;
    struct life *life; /* the current one, null: none */
    struct flight flights[SEAT_WINDOW];
    struct flight lost[SEAT_LOST_MAX];
    uint32_t first;
    uint32_t count;
    uint32_t lost_first; /* of those that are to be sent again: LIVE alone */
    uint32_t lost_count;
    uint64_t next_number;   /* of the stream */
    uint64_t marker;        /* name of the last one sent */
    uint64_t last_sequence; /* of the event before, to tell the two sides of one trade */
    uint64_t lots_told;     /* traded, of both sides */
    uint64_t fills;
    int64_t retry_ns;
    unsigned index;
    unsigned account;
    unsigned gateway; /* where it is, or wants to be */
    enum seat_step step;
};

struct seats_counts {
    uint64_t sent; /* commands without markers and mass cancels */
    uint64_t resends;
    uint64_t resends_elsewhere; /* through another gateway than the first copy */
    uint64_t resends_lost;      /* the connection was gone before the answer, or NOT SEQUENCED */
    uint64_t other_bodies;
    uint64_t resolves;
    uint64_t ghosts;
    uint64_t moves;
    uint64_t replayed; /* told a first result again */
    uint64_t other_bodies_refused;
    uint64_t fenced;
    uint64_t not_sequenced;
    uint64_t downs; /* connections that ended and were not ours to end */
    uint64_t heard; /* events */
};

struct seats {
    struct names names;
    struct prng prng;
    struct seats_counts counts;
    const struct venue_process *venue;
    struct net_loop *loop;
    struct life *lives;
    struct seat all[SEATS];
    uint64_t markers;
    int64_t swept_ns;
    unsigned gateways;
    unsigned frozen; /* bits of gateways that nobody should go to */
    unsigned share;  /* percent of the commands that are to be resends */
};

void seats_open(struct seats *seats, const struct venue_process *venue,
                const struct venue_process_session *sessions);
void seats_close(struct seats *seats);

/* Waits at most `wait_ns` for something to come. */
void seats_tick(struct seats *seats, int64_t wait_ns);

/* Sends something at random if the seat is LIVE and its window has room; false: it has none. */
bool seat_act(struct seat *seat);

/* To another gateway: a new logon; the old connection is cut, or lingers. */
void seat_move(struct seat *seat, unsigned gateway, bool cut);

/* `count` orders that only the lingering connections to that gateway send. */
void seats_send_ghosts(struct seats *seats, unsigned gateway, unsigned count);

/* LIVE, and nothing under way. */
bool seat_is_settled(const struct seat *seat);

/* Takes every order of the account back. */
void seat_mass_cancel(struct seat *seat);
/* A question whose answer is behind everything that came of what was sent before. */
void seat_mark(struct seat *seat);

#endif
