/* SPDX-License-Identifier: Apache-2.0
 *
 * The checks that every command meets, and the list they go into; those of orders are in
 * order_checks.c.
 */
#include "explain/checks.h"

#include "base/assert.h"
#include "engine/inspect.h"
#include "explain/order_checks.h"

#define VALID_FOR_US_MOST 60000000

const char *check_word(enum check_name name)
{
    static const char *const words[] = {
#define CHECK_WORD(upper, lower, sentence) [CHECK_##upper] = #lower,
        EXPLAIN_CHECKS(CHECK_WORD)
#undef CHECK_WORD
    };
    return words[name];
}

const char *check_sentence(enum check_name name)
{
    static const char *const sentences[] = {
#define CHECK_SENTENCE(upper, lower, sentence) [CHECK_##upper] = (sentence),
        EXPLAIN_CHECKS(CHECK_SENTENCE)
#undef CHECK_SENTENCE
    };
    return sentences[name];
}

struct check *checks_pass(struct checks *checks, enum check_name name)
{
    ASSERT(checks->count < CHECKS_MAX && checks->code == REJECT_NONE);
    struct check *check = &checks->list[checks->count++];
    *check = (struct check){.name = name, .passed = true};
    return check;
}

void check_add(struct check *check, const char *name, enum fact_unit unit, uint64_t bits)
{
    ASSERT(check->fact_count < CHECK_FACTS_MAX);
    check->facts[check->fact_count++] = (struct check_fact){name, unit, bits};
}

bool checks_fail(struct checks *checks, enum reject code, int64_t limit, int64_t value)
{
    ASSERT(checks->count > 0);
    checks->list[checks->count - 1].passed = false;
    checks->code = code;
    checks->limit = limit;
    checks->value = value;
    return false;
}

/* Which of a session's buckets a command takes a token of; null: none. */
static const struct engine_rate *rate_of(const struct engine_session *session, unsigned id)
{
    switch (id) {
    case COMMAND_NEW_ORDER:
    case COMMAND_REPLACE:
        return &session->orders;
    case COMMAND_CANCEL:
    case COMMAND_REDUCE:
    case COMMAND_MASS_CANCEL:
    case COMMAND_RESOLVE:
        return &session->cancels;
    default:
        return NULL;
    }
}

static bool read_rate(struct checks *checks, const struct engine_rate *rate, uint64_t now_ns)
{
    if (rate->interval_ns == 0) {
        checks_pass(checks, CHECK_NO_RATE);
        return true;
    }
    uint64_t from_ns = rate->full_at_ns > now_ns ? rate->full_at_ns : now_ns;
    uint64_t empty_ns = now_ns + (uint64_t)rate->interval_ns * rate->burst;
    uint64_t tokens = empty_ns > from_ns ? (empty_ns - from_ns) / rate->interval_ns : 0;
    struct check *check = checks_pass(checks, CHECK_RATE);
    check_add(check, "tokens", FACT_COUNT, tokens);
    check_add(check, "burst", FACT_COUNT, rate->burst);
    check_add(check, "interval_ns", FACT_COUNT, rate->interval_ns);
    if (tokens > 0) {
        check_add(check, "left", FACT_COUNT, tokens - 1);
        return true;
    }
    uint64_t wait_us = (from_ns + rate->interval_ns - empty_ns + 999) / 1000;
    check_add(check, "wait_us", FACT_COUNT, wait_us);
    return checks_fail(checks, REJECT_RATE_LIMITED, (int64_t)wait_us, 0);
}

static bool read_session(struct checks *checks, const struct engine *engine,
                         const struct command_header *header)
{
    if (header->session == 0) {
        checks_pass(checks, CHECK_OPERATOR);
        return true;
    }
    struct engine_session session;
    check_add(checks_pass(checks, CHECK_SESSION), "session", FACT_COUNT, header->session);
    if (!engine_session(engine, header->session, &session)) {
        return checks_fail(checks, REJECT_UNKNOWN_SESSION, 0, header->session);
    }
    struct check *check = checks_pass(checks, CHECK_INCARNATION);
    check_add(check, "given", FACT_COUNT, header->incarnation);
    check_add(check, "present", FACT_COUNT, session.incarnation);
    check_add(check, "closed", FACT_COUNT, session.closed);
    if (header->incarnation != session.incarnation || session.closed) {
        return checks_fail(checks, REJECT_STALE_INCARNATION, session.incarnation,
                           header->incarnation);
    }
    if (header->id == COMMAND_SESSION_ADMIN) {
        return true; /* it has a bucket of its own and no input sequence */
    }
    check = checks_pass(checks, CHECK_INPUT_SEQUENCE);
    check_add(check, "given", FACT_COUNT, header->input_sequence);
    check_add(check, "last", FACT_COUNT, session.last_input_sequence);
    if (header->input_sequence <= session.last_input_sequence) {
        return checks_fail(checks, REJECT_INPUT_SEQUENCE_NOT_ABOVE_LAST,
                           (int64_t)session.last_input_sequence, (int64_t)header->input_sequence);
    }
    const struct engine_rate *rate = rate_of(&session, header->id);
    return rate == NULL || read_rate(checks, rate, checks->now_ns);
}

static bool read_validity(struct checks *checks, const struct command_header *header)
{
    if (header->valid_for_us == 0) {
        checks_pass(checks, CHECK_NO_VALIDITY);
        return true;
    }
    uint64_t now_ns = checks->now_ns;
    uint64_t until_ns = header->time_ns + (uint64_t)header->valid_for_us * 1000;
    struct check *check = checks_pass(checks, CHECK_VALIDITY);
    check_add(check, "valid_for_us", FACT_COUNT, header->valid_for_us);
    check_add(check, "valid_until", FACT_TIME, until_ns);
    check_add(check, "engine_time", FACT_TIME, now_ns);
    if (header->valid_for_us > VALID_FOR_US_MOST) {
        return checks_fail(checks, REJECT_VALID_FOR_TOO_LONG, VALID_FOR_US_MOST,
                           header->valid_for_us);
    }
    return now_ns <= until_ns ||
           checks_fail(checks, REJECT_COMMAND_EXPIRED, (int64_t)until_ns, (int64_t)now_ns);
}

static bool read_fields(struct checks *checks, const struct command *command)
{
    unsigned field = engine_invalid_field(command);
    /* Why an order is made smaller is the engine's to say, but for three reasons. */
    if (field == 0 && command->header.id == COMMAND_REDUCE &&
        command->reduce.reason != REASON_REQUESTED &&
        command->reduce.reason != REASON_REPLAY_RECONCILE &&
        command->reduce.reason != REASON_OFF_BOOK_EXECUTION) {
        field = 3;
    }
    struct check *check = checks_pass(checks, CHECK_FIELDS);
    if (field == 0) {
        return true;
    }
    check_add(check, "field", FACT_COUNT, field);
    return checks_fail(checks, REJECT_INVALID_FIELD, 0, field);
}

void checks_read(const struct engine *engine, const struct command *command,
                 struct checks *out_checks)
{
    const struct command_header *header = &command->header;
    *out_checks = (struct checks){.code = REJECT_NONE, .now_ns = engine_time_ns(engine)};
    if (header->time_ns > out_checks->now_ns) {
        out_checks->now_ns = header->time_ns;
    }
    if (header->sequence == 1) {
        return;
    }
    bool admitted = (header->id == COMMAND_LOGON || header->id == COMMAND_GENESIS ||
                     read_session(out_checks, engine, header)) &&
                    (header->id == COMMAND_GENESIS || read_validity(out_checks, header)) &&
                    read_fields(out_checks, command);
    if (!admitted) {
        out_checks->complete = true;
        return;
    }
    switch (header->id) {
    case COMMAND_NEW_ORDER:
        order_checks_new(out_checks, engine, command);
        break;
    case COMMAND_CANCEL:
        order_checks_cancel(out_checks, engine, command);
        break;
    case COMMAND_REDUCE:
        order_checks_reduce(out_checks, engine, command);
        break;
    case COMMAND_REPLACE:
        order_checks_replace(out_checks, engine, command);
        break;
    case COMMAND_RESOLVE:
        order_checks_resolve(out_checks, engine, command);
        break;
    default:
        return;
    }
    out_checks->complete = true;
}

bool checks_conclude(struct checks *checks, const struct event_rejected *rejected)
{
    if (rejected == NULL) {
        if (!checks->complete) {
            checks_pass(checks, CHECK_RULES);
        }
        return checks->code == REJECT_NONE;
    }
    if (!checks->complete) {
        struct check *check = checks_pass(checks, CHECK_RULES);
        check_add(check, "limit", FACT_SIGNED, (uint64_t)rejected->limit);
        check_add(check, "value", FACT_SIGNED, (uint64_t)rejected->value);
        checks_fail(checks, (enum reject)rejected->code, rejected->limit, rejected->value);
    }
    return checks->code == (enum reject)rejected->code && checks->limit == rejected->limit &&
           checks->value == rejected->value;
}
