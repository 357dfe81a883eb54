/* SPDX-License-Identifier: Apache-2.0
 *
 * What the engine looks at before it does what a command asks, one check a line, with the numbers
 * as they stand: docs/reference/engine-rules.md once more, read from the outside. The engine's own
 * outcome is the judge; `refusal` says what these checks lead to, so that the two can be compared.
 *
 * Owner: the caller. Threads: one. Memory: none. Errors: none: a failed check ends the list.
 * Order of calls: checks_read, in the state of past_moment; then checks_conclude with the outcome.
 */
#ifndef DOJIMA_EXPLAIN_CHECKS_H
#define DOJIMA_EXPLAIN_CHECKS_H

#include "engine/engine.h"

#define CHECKS_MAX      24
#define CHECK_FACTS_MAX 5

/* CHECK(NAME, name, sentence when it is passed; {fact} stands for a number) */
#define EXPLAIN_CHECKS(CHECK)                                                                      \
    CHECK(OPERATOR, operator, "sent by the operator: no session to check")                         \
    CHECK(SESSION, session, "session {session} is known")                                          \
    CHECK(INCARNATION, incarnation, "incarnation {given} is the present one, {present}")           \
    CHECK(INPUT_SEQUENCE, input_sequence, "input sequence {given} is above the last, {last}")      \
    CHECK(RATE, rate,                                                                              \
          "rate: {tokens} of {burst} tokens were there, one comes every {interval_ns} ns; {left} " \
          "left")                                                                                  \
    CHECK(NO_RATE, no_rate, "rate: the session asked for no limit")                                \
    CHECK(VALIDITY, validity, "valid until {valid_until}, engine time {engine_time}")              \
    CHECK(NO_VALIDITY, no_validity, "valid for ever")                                              \
    CHECK(FIELDS, fields, "every field holds a value of its set")                                  \
    CHECK(ACCOUNT, account, "account {account} is open")                                           \
    CHECK(PARTICIPANT, participant,                                                                \
          "the account's participant {of_account} is the session's, {of_session}")                 \
    CHECK(NEW_NAME, new_name, "the client order id is not remembered: it is new")                  \
    CHECK(KNOWN_NAME, known_name,                                                                  \
          "the client order id is remembered with the same body: first result at event "           \
          "{first_event}")                                                                         \
    CHECK(RESOLVED_NAME, resolved_name,                                                            \
          "the client order id is remembered: result at event {first_event} (0: fenced)")          \
    CHECK(BLOCKS, blocks, "no kill switch is on: session, participant, account")                   \
    CHECK(INSTRUMENT, instrument, "instrument {instrument} is listed")                             \
    CHECK(PHASE, phase, "its phase is {phase}")                                                    \
    CHECK(COMBINATION, combination, "order type, time in force, post-only and expiry agree")       \
    CHECK(EXPIRY, expiry, "expiry {expire_time} is after engine time {engine_time}")               \
    CHECK(QUANTITY, quantity, "quantity {quantity}: a multiple of lot {lot}, at most {largest}")   \
    CHECK(MINIMUM, minimum, "minimum {minimum} is part of quantity {quantity}")                    \
    CHECK(REDUCTION, reduction, "reduction {quantity}: a multiple of lot {lot}, open {open}")      \
    CHECK(PRICE, price, "price {price}: a multiple of tick {tick}, from {lowest} to {highest}")    \
    CHECK(NOTIONAL, notional, "price x quantity x multiplier {multiplier} = {notional} fits")      \
    CHECK(FREE_NAME, free_name, "the account has no other live order of this name")                \
    CHECK(LIVE_ORDER, live_order, "the name is that of live order {order_id}, open {open}")        \
    CHECK(ROOM_FOR_ORDERS, room_for_orders, "{live} of {max} live orders are in use")              \
    CHECK(EXECUTED, executed, "the new total {quantity} is above what was executed, {executed}")   \
    CHECK(BALANCE, balance, "the account is unlimited: no balance is looked at")                   \
    CHECK(POST_ONLY, post_only,                                                                    \
          "post-only: best opposite price {best_opposite}, so the price counts as {price}")        \
    CHECK(PLACE, place,                                                                            \
          "price {price} (was {price_before}), open {open} (was {open_before}): the place is "     \
          "{place}")                                                                               \
    CHECK(ROOM_FOR_LEVELS, room_for_levels, "{levels} of {max} price levels are in use")           \
    CHECK(RULES, rules, "the rules of its kind")

enum check_name {
#define CHECK_ENUM(upper, lower, sentence) CHECK_##upper,
    EXPLAIN_CHECKS(CHECK_ENUM)
#undef CHECK_ENUM
        CHECK_NAMES
};

/* How a number is to be read. */
enum fact_unit {
    FACT_COUNT,    /* unsigned */
    FACT_ID,       /* unsigned, an account or an order */
    FACT_SIGNED,   /* signed, no unit of its own */
    FACT_PRICE,    /* signed price units of the instrument, PRICE_NONE = none */
    FACT_QUANTITY, /* signed lots of the instrument */
    FACT_TIME,     /* ns from 1970 */
    FACT_PHASE,    /* enum phase */
    FACT_PLACE,    /* enum place */
};

struct check_fact {
    const char *name;
    enum fact_unit unit;
    uint64_t bits; /* of the number */
};

struct check {
    enum check_name name;
    bool passed;
    uint8_t fact_count;
    struct check_fact facts[CHECK_FACTS_MAX];
};

struct checks {
    struct check list[CHECKS_MAX];
    uint32_t count;
    uint64_t now_ns;     /* engine time of the command */
    uint32_t instrument; /* whose units prices and quantities are in, 0 = none */
    bool replayed;       /* a command that came again: nothing more is looked at */
    bool complete;       /* all rules of its kind are in the list */
    enum reject code;    /* REJECT_NONE: all are passed */
    int64_t limit;
    int64_t value;
};

const char *check_word(enum check_name name);     /* "input_sequence" */
const char *check_sentence(enum check_name name); /* with {facts} */

/* `engine` is in the state in which the command meets its checks; its own time may be older. */
void checks_read(const struct engine *engine, const struct command *command,
                 struct checks *out_checks);

/* Adds the engine's own refusal where the list does not hold all rules of the kind; null = none.
 * False if list and engine contradict each other. */
MUST_USE bool checks_conclude(struct checks *checks, const struct event_rejected *rejected);

#endif
