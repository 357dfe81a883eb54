/* SPDX-License-Identifier: Apache-2.0
 *
 * A client of the simulated venue behind a port: one session that trades, keeps what is not
 * answered, sends it again or asks what became of it, comes back after every loss, and believes
 * nothing that it was told twice in two ways.
 *
 *   checker "doubled"   one name, two orders
 *   checker "fenced"    a name that RESOLVE has closed is entered after all
 *   checker "resend"    a result is told another time with another result
 *   checker "own view"  a fill or cancel does not fit what is open by the stream so far
 *   checker "dense"     numbers of the session's stream
 *
 * Owner: the run. Threads: one. Memory: malloc. Errors: findings.
 * Order of calls: seat_init; seat_connect once the venue is there, seat_tick often, seat_leave
 * before the venue goes; seat_deinit.
 */
#ifndef DOJIMA_SIM_SEAT_H
#define DOJIMA_SIM_SEAT_H

#include "base/prng.h"
#include "link/hub.h"
#include "sim/finding.h"
#include "sim/mail.h"

#include <stdio.h>

#define SEAT_LIVE_MAX    64u
#define SEAT_PENDING_MAX 32u

/* How the way to the venue is; chances in 1,000. */
struct seat_weather {
    int64_t latency_most_ns;
    uint32_t lost;      /* commands */
    uint32_t doubled;   /* commands */
    uint32_t swapped;   /* commands that take the slow road */
    uint32_t cuts;      /* of turns, in 100,000: the connection is cut */
    uint32_t stalls;    /* of turns, in 100,000: nothing passes for a while */
    uint32_t restarts;  /* of cuts: the client forgets its numbers and reads from 1 */
    uint32_t eagerness; /* one turn in so many brings something new */
};

enum name_fate {
    NAME_UNKNOWN = 0, /* sent, or about to be */
    NAME_IN = 1,      /* ACCEPTED or REPLACED */
    NAME_OUT = 2,     /* REJECTED */
    NAME_CLOSED = 3,  /* fenced by RESOLVE */
};

struct seat_name {
    uint64_t event_sequence; /* of its result */
    enum name_fate fate;
};

struct seat_order {
    struct text36 name;
    uint64_t order_id;
    int64_t open;
    int64_t total;
    uint32_t instrument;
    enum side side;
};

/* Sent, and not answered. */
struct seat_pending {
    struct command command;
    int64_t sent_ns;
    int64_t again_ns;
};

/* A command that was refused at the door: it must be in no log. */
struct seat_refusal {
    uint64_t input_sequence;
    uint32_t session;
    uint32_t incarnation;
};

#define SEAT_REFUSALS_MAX 512u

struct seat_counts {
    uint64_t sent;
    uint64_t again;
    uint64_t accepted;
    uint64_t rejected;
    uint64_t fills;
    uint64_t resolved;
    uint64_t refused; /* at the door */
    uint64_t cuts;
    uint64_t fenced; /* names */
};

struct seat {
    struct finding_log *findings;
    struct hub *hub;   /* null: the venue is down */
    struct port *port; /* null: not connected */
    struct prng prng;
    struct seat_weather weather;
    bool newest_rules; /* applied from the beginning: it may use what they brought */
    struct mail out;
    struct mail in;
    struct seat_name *names; /* by number - 1 */
    uint64_t name_count;
    uint64_t name_capacity;
    struct seat_order live[SEAT_LIVE_MAX];
    size_t live_count;
    struct seat_pending pending[SEAT_PENDING_MAX];
    size_t pending_count;
    uint64_t next_number; /* of the stream */
    uint64_t folded;      /* highest number that was taken into `live` */
    uint64_t input_sequence;
    int64_t connect_ns; /* not before */
    int64_t stalled_ns; /* nothing passes until then */
    int64_t logon_ns;   /* when the LOGON under way was sent, 0 = none is */
    uint32_t session;
    uint32_t participant;
    uint64_t account;
    uint32_t incarnation; /* highest known */
    uint32_t mine;        /* the one that was asked for */
    uint32_t speaking;    /* the one of the command that is being submitted */
    struct seat_refusal refusals[SEAT_REFUSALS_MAX];
    size_t refusal_count;
    bool
        has_doubled; /* a command, ever: its copy may still be under way when the weather is calm */
    bool logged_on;
    bool quiet;    /* sends nothing new */
    FILE *history; /* or null */
    struct seat_counts counts;
};

void seat_init(struct seat *seat, uint32_t session, uint64_t seed, struct finding_log *findings);

/* The venue is there. */
void seat_connect(struct seat *seat, struct hub *hub);
/* The venue goes, or the connection does. */
void seat_leave(struct seat *seat);

/* One turn. False: the port failed, the venue is about to end. */
bool seat_tick(struct seat *seat, int64_t now_ns);

/* Nothing is under way. */
bool seat_is_idle(const struct seat *seat);

void seat_deinit(struct seat *seat);

/* seat_fold.c: an entry of the session's stream. */
void seat_hear(struct seat *seat, const struct stream_entry *entry);
/* seat_act.c: something new, perhaps. */
void seat_act(struct seat *seat, int64_t now_ns);
/* Sends, and keeps it until it is answered. */
void seat_ask(struct seat *seat, const struct command *command, int64_t now_ns);
/* Takes the answered command away; null: it was none of ours, or is answered already. */
void seat_answered(struct seat *seat, uint8_t id, const struct text36 *name);
struct text36 seat_new_name(struct seat *seat);
struct text36 seat_name_text(const struct seat *seat, uint64_t number);
/* Null: it is no name of this seat. */
struct seat_name *seat_name_of(struct seat *seat, const struct text36 *name);

#endif
