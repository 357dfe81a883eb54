/* SPDX-License-Identifier: Apache-2.0
 *
 * The story of one order, or of one command: every command that touched it, what was checked, where
 * the order stood before and after, and the events that concern it. The log is gone through twice:
 * once to find the commands, once to look at the state around each of them.
 *
 *   subject ──► story_find: which order, which commands ──► story_tell: a step for each of them
 *
 * The own view (the default) holds what the owner of the order may know: of other participants'
 * orders only how many and how much. What it must not show is not in the story at all.
 *
 * Owner: the caller. Threads: one. Memory: grows on the heap with the steps; story_deinit.
 * Errors: NOT_FOUND: no such order, name or command; MISMATCH: checks and engine contradict each
 * other (a bug of this room); INTERRUPTED: on_progress said so; what past.h returns.
 * Order of calls: story_init, story_find, story_tell, story_deinit.
 */
#ifndef DOJIMA_EXPLAIN_STORY_H
#define DOJIMA_EXPLAIN_STORY_H

#include "engine/inspect.h"
#include "explain/checks.h"
#include "explain/past.h"
#include "wire/native/event.h"

enum subject_kind {
    SUBJECT_NUMBER,  /* an order id or a command sequence, whichever there is */
    SUBJECT_ORDER,   /* an order id */
    SUBJECT_COMMAND, /* a command sequence */
    SUBJECT_NAME,    /* an account's client order id */
};

struct subject {
    enum subject_kind kind;
    uint64_t number;
    uint64_t account;
    struct text36 name;
};

/* What a subject may mean: an order, or (order id 0) a command without one. */
struct candidate {
    uint64_t order_id;
    uint64_t sequence; /* of the command that entered it, or named it so, or was refused */
    uint64_t time_ns;
    uint8_t command; /* enum command_id */
    enum reject code;
};

/* An order ahead in the queue. */
struct ahead {
    uint64_t order_id;
    uint64_t account;
    struct quantity open;
    struct text36 client_order_id;
};

struct step {
    struct command command; /* a foreign one in the own view: sequence and time alone */
    uint64_t engine_time_ns;
    bool foreign;   /* of another participant */
    bool named;     /* it names the order, or is itself the subject: it has checks */
    bool rests;     /* the order stood in the book when the command came */
    bool rests_now; /* and when it was done */
    struct checks checks;
    struct engine_queue before;
    struct engine_queue after;
    struct quantity open_before;
    struct quantity open_after;
    size_t event_first; /* in story->events */
    size_t event_count;
    size_t ahead_first; /* in story->ahead, where the order got a new place */
    size_t ahead_count;
    uint64_t ahead_hidden; /* more of them: another participant's, or too many */
    uint64_t events_hidden;
};

struct step_place {
    uint64_t sequence;
    bool named;
};

struct story {
    struct past *past;
    struct subject subject;
    bool operator_view;
    uint32_t ahead_max; /* orders ahead that are named */
    bool (*on_progress)(void *context, uint64_t done, uint64_t total);
    void *context;

    /* from story_find */
    struct candidate *candidates; /* when there is more than one: the subject is ambiguous */
    size_t candidate_count;
    size_t candidate_capacity;
    uint64_t order_id;       /* 0 = the story of a command */
    uint64_t asked_sequence; /* the command that was asked for, 0 = none */
    struct step_place *places;
    size_t place_count;
    size_t place_capacity;

    /* from story_tell */
    struct event_accepted accepted; /* of the order */
    struct command_list_instrument terms;
    bool has_terms;
    struct step *steps;
    size_t step_count;
    size_t step_capacity;
    struct event *events;
    size_t event_count;
    size_t event_capacity;
    struct ahead *ahead;
    size_t ahead_count;
    size_t ahead_capacity;
    struct quantity filled; /* at the end of the log */
    struct quantity open;
    bool live;

    /* while it goes on */
    uint64_t account;
    struct text36 name; /* the order's name as it is now */
    bool named;         /* that name is still its own */
    uint64_t passes_done;
};

void story_init(struct story *story, struct past *past, const struct subject *subject);
void story_deinit(struct story *story);

/* Which order or command is meant. OK with candidate_count above 1: ambiguous, nothing to tell. */
MUST_USE enum status story_find(struct story *story);

MUST_USE enum status story_tell(struct story *story);

/* A foreign participant's side of a trade was taken out of this event. */
bool story_hides(const struct story *story, const struct event *event);

#endif
