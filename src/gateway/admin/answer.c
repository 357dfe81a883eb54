/* SPDX-License-Identifier: Apache-2.0 */
#include "gateway/admin/answer.h"

#include "base/text.h"

#include <jansson.h>
#include <stdlib.h>

#define ID_TEXT_BYTES 24

static json_t *good(const char *name, json_t *value)
{
    return json_pack("{s:b, s:o}", "ok", 1, name, value);
}

static json_t *bad(const char *error, const char *remedy)
{
    return json_pack("{s:b, s:s, s:s}", "ok", 0, "error", error, "remedy", remedy);
}

/* Ids are strings in JSON. */
static json_t *id_of(uint64_t id)
{
    char bytes[ID_TEXT_BYTES];
    struct text text;
    text_init(&text, bytes, sizeof bytes);
    text_format(&text, "%llu", (unsigned long long)id);
    return json_string(bytes);
}

/* A whole number from a string, as ids come; false: it is none. */
static bool take_id(const json_t *value, uint64_t *out_id)
{
    const char *at = json_string_value(value);
    uint64_t id = 0;
    if (at == NULL || *at == '\0') {
        return false;
    }
    for (; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || __builtin_mul_overflow(id, 10, &id) ||
            __builtin_add_overflow(id, (uint64_t)(*at - '0'), &id)) {
            return false;
        }
    }
    *out_id = id;
    return true;
}

static void put(void *context, const char *name, uint64_t value)
{
    json_t *object = context;
    (void)json_object_set_new(object, name, json_integer((json_int_t)value));
}

static json_t *do_status(struct admin *admin, const json_t *question)
{
    (void)question;
    json_t *object = json_object();
    struct gateway_counts counts = {0};
    if (admin->options.gateway != NULL) {
        gateway_count(admin->options.gateway, &counts);
        put(object, "connections", counts.connections);
        put(object, "connections_ever", counts.connections_ever);
        put(object, "sessions_live", counts.sessions_live);
        put(object, "logins_accepted", counts.logins_accepted);
        put(object, "logins_rejected", counts.logins_rejected);
        put(object, "session_commands", counts.commands);
        put(object, "not_sequenced", counts.not_sequenced);
        put(object, "messages", counts.messages);
        put(object, "cut_slow", counts.cut_slow);
    }
    put(object, "instruments", admin->directory.count);
    if (admin->options.figures != NULL) {
        admin->options.figures(admin->options.context, put, object);
    }
    return good("status", object);
}

static json_t *do_hops(struct admin *admin, const json_t *question)
{
    (void)question;
    json_t *list = json_array();
    struct admin_hop hop;
    for (size_t i = 0;
         admin->options.hops != NULL && admin->options.hops(admin->options.context, i, &hop); i++) {
        json_t *row = json_pack("{s:s}", "hop", hop.name);
        put(row, "count", hop.count);
        put(row, "p50_ns", hop.p50_ns);
        put(row, "p99_ns", hop.p99_ns);
        put(row, "max_ns", hop.max_ns);
        (void)json_array_append_new(list, row);
    }
    return good("hops", list);
}

static bool add_session(void *context, const struct gateway_session_state *state)
{
    json_t *list = context;
    json_t *row = json_pack("{s:o, s:s, s:s, s:b, s:i, s:I, s:I, s:s}", "session",
                            id_of(state->session), "name", state->name, "protocol",
                            state->protocol == GATEWAY_OUCH ? "ouch" : "native", "live",
                            (int)state->live, "incarnation", (int)state->incarnation, "next_number",
                            (json_int_t)state->next_number, "input_sequence",
                            (json_int_t)state->input_sequence, "peer", state->peer);
    return json_array_append_new(list, row) == 0;
}

static json_t *do_sessions(struct admin *admin, const json_t *question)
{
    (void)question;
    json_t *list = json_array();
    if (admin->options.gateway != NULL) {
        gateway_sessions(admin->options.gateway, add_session, list);
    }
    return good("sessions", list);
}

static const char *symbol_text(const struct chars16 *symbol, char out[17])
{
    memcpy(out, symbol->bytes, 16);
    out[16] = '\0';
    return out;
}

static json_t *do_instruments(struct admin *admin, const json_t *question)
{
    (void)question;
    json_t *list = json_array();
    for (uint32_t i = 0; i < admin->directory.count; i++) {
        const struct directory_row *row = &admin->directory.rows[i];
        const struct event_instrument_listed *terms = &row->terms;
        char symbol[17];
        json_t *object =
            json_pack("{s:o, s:s, s:s, s:s, s:i, s:I, s:I, s:b}", "instrument",
                      id_of(terms->instrument), "symbol", symbol_text(&terms->symbol, symbol),
                      "phase", phase_name(row->phase), "reason", phase_reason_name(row->reason),
                      "price_scale", (int)terms->price_scale, "tick", (json_int_t)terms->tick.units,
                      "lot", (json_int_t)terms->lot.lots, "itch", (int)terms->itch);
        (void)json_array_append_new(list, object);
    }
    return good("instruments", list);
}

static json_t *submit(struct admin *admin, const struct command *command)
{
    admin->refused = false;
    enum status status = port_submit(admin->options.port, command);
    if (admin->refused && admin->refused_code != REJECT_NONE) {
        return bad(reject_cause(admin->refused_code), reject_remedy(admin->refused_code));
    }
    if (status == STATUS_FULL || admin->refused) {
        return bad("the shard takes no command now: it was not sequenced", "try again");
    }
    if (status != STATUS_OK) {
        return bad("the shard is gone", "look whether the engine runs, then try again");
    }
    return good("submitted", json_true());
}

/* The instrument that a question names: a symbol, or "*" for all. */
static bool take_instrument(const struct admin *admin, const json_t *question,
                            uint32_t *out_instrument)
{
    const char *symbol = json_string_value(json_object_get(question, "instrument"));
    if (symbol == NULL || strlen(symbol) > sizeof(struct chars16)) {
        return false;
    }
    if (strcmp(symbol, "*") == 0) {
        *out_instrument = 0;
        return true;
    }
    struct chars16 chars = {{0}};
    memcpy(chars.bytes, symbol, strlen(symbol));
    const struct directory_row *row = directory_find(&admin->directory, &chars);
    if (row == NULL) {
        return false;
    }
    *out_instrument = row->terms.instrument;
    return true;
}

/* A reason by its name in lower case; OPERATOR if none is given. */
static bool take_reason(const json_t *question, enum phase_reason *out_reason)
{
    static const struct {
        const char *name;
        enum phase_reason reason;
    } names[] = {{"operator", PHASE_REASON_OPERATOR},
                 {"scheduled", PHASE_REASON_SCHEDULED},
                 {"news", PHASE_REASON_NEWS},
                 {"volatility", PHASE_REASON_VOLATILITY},
                 {"technical", PHASE_REASON_TECHNICAL}};
    const json_t *value = json_object_get(question, "reason");
    if (value == NULL) {
        *out_reason = PHASE_REASON_OPERATOR;
        return true;
    }
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (json_is_string(value) && strcmp(json_string_value(value), names[i].name) == 0) {
            *out_reason = names[i].reason;
            return true;
        }
    }
    return false;
}

static json_t *set_phase(struct admin *admin, const json_t *question, enum phase phase)
{
    struct command command = {
        .header = {.id = COMMAND_SET_PHASE, .version = COMMAND_SET_PHASE_VERSION}};
    command.set_phase.phase = phase;
    if (!take_instrument(admin, question, &command.set_phase.instrument)) {
        return bad("no such instrument", "name a listed symbol, or * for all: `instruments`");
    }
    if (!take_reason(question, &command.set_phase.reason)) {
        return bad("no such reason",
                   "say operator, scheduled, news, volatility or technical, or nothing");
    }
    return submit(admin, &command);
}

static json_t *do_halt(struct admin *admin, const json_t *question)
{
    return set_phase(admin, question, PHASE_HALTED);
}

static json_t *do_resume(struct admin *admin, const json_t *question)
{
    return set_phase(admin, question, PHASE_OPEN);
}

static json_t *do_close(struct admin *admin, const json_t *question)
{
    return set_phase(admin, question, PHASE_CLOSED);
}

static json_t *set_block(struct admin *admin, const json_t *question, uint8_t blocked)
{
    static const struct {
        const char *name;
        enum block_target target;
    } names[] = {{"participant", BLOCK_TARGET_PARTICIPANT},
                 {"account", BLOCK_TARGET_ACCOUNT},
                 {"session", BLOCK_TARGET_SESSION}};
    struct command command = {
        .header = {.id = COMMAND_SET_BLOCK, .version = COMMAND_SET_BLOCK_VERSION}};
    command.set_block.blocked = blocked;
    const char *target = json_string_value(json_object_get(question, "target"));
    bool known = false;
    for (size_t i = 0; target != NULL && i < ARRAY_COUNT(names); i++) {
        if (strcmp(target, names[i].name) == 0) {
            command.set_block.target = names[i].target;
            known = true;
        }
    }
    if (!known || !take_id(json_object_get(question, "number"), &command.set_block.number)) {
        return bad("a block wants a target and a number",
                   "say participant, account or session, and its number as a string");
    }
    return submit(admin, &command);
}

static json_t *do_block(struct admin *admin, const json_t *question)
{
    return set_block(admin, question, 1);
}

static json_t *do_unblock(struct admin *admin, const json_t *question)
{
    return set_block(admin, question, 0);
}

static json_t *do_group(struct admin *admin, const json_t *question)
{
    static const struct {
        const char *name;
        enum self_trade mode;
    } names[] = {{"none", SELF_TRADE_NONE},
                 {"cancel_newest", SELF_TRADE_CANCEL_NEWEST},
                 {"cancel_oldest", SELF_TRADE_CANCEL_OLDEST},
                 {"cancel_both", SELF_TRADE_CANCEL_BOTH},
                 {"decrement", SELF_TRADE_DECREMENT}};
    struct command command = {
        .header = {.id = COMMAND_SET_GROUP, .version = COMMAND_SET_GROUP_VERSION}};
    const char *mode = json_string_value(json_object_get(question, "mode"));
    uint64_t number = 0;
    bool known = false;
    for (size_t i = 0; mode != NULL && i < ARRAY_COUNT(names); i++) {
        if (strcmp(names[i].name, mode) == 0) {
            command.set_group.mode = names[i].mode;
            known = true;
        }
    }
    if (!known || !take_id(json_object_get(question, "number"), &number) || number == 0 ||
        number > UINT32_MAX) {
        return bad("a self-trade group wants a number and a mode",
                   "give its number, from 1, as a string, and none, cancel_newest, cancel_oldest, "
                   "cancel_both or decrement");
    }
    command.set_group.self_trade_group = (uint32_t)number;
    return submit(admin, &command);
}

static json_t *do_logic(struct admin *admin, const json_t *question)
{
    struct command command = {
        .header = {.id = COMMAND_LOGIC_VERSION, .version = COMMAND_LOGIC_VERSION_VERSION}};
    uint64_t version = 0;
    if (!take_id(json_object_get(question, "version"), &version) || version == 0) {
        return bad("the rules have a version from 1", "give it as a string");
    }
    if (version > LOGIC_NEWEST) {
        return bad("this release does not know these rules", "upgrade first: `dojima version`");
    }
    command.logic_version.logic_version = (uint16_t)version;
    return submit(admin, &command);
}

static json_t *do_shutdown(struct admin *admin, const json_t *question)
{
    (void)question;
    if (admin->options.on_shutdown == NULL) {
        return bad("this process cannot be stopped from here", "send it SIGTERM");
    }
    admin->shutdown = true;
    return good("stopping", json_true());
}

struct verb {
    const char *name;
    json_t *(*run)(struct admin *admin, const json_t *question);
};

static const struct verb verbs[] = {
    {"status", do_status}, {"sessions", do_sessions}, {"instruments", do_instruments},
    {"hops", do_hops},     {"halt", do_halt},         {"resume", do_resume},
    {"close", do_close},   {"block", do_block},       {"unblock", do_unblock},
    {"group", do_group},   {"logic", do_logic},       {"shutdown", do_shutdown},
};

static json_t *run(struct admin *admin, const json_t *question)
{
    const char *name = json_string_value(json_object_get(question, "do"));
    for (size_t i = 0; name != NULL && i < ARRAY_COUNT(verbs); i++) {
        if (strcmp(name, verbs[i].name) == 0) {
            return verbs[i].run(admin, question);
        }
    }
    return bad("no such request", "say status, sessions, instruments, halt, resume, close, block, "
                                  "unblock, group, logic or shutdown in \"do\"");
}

char *answer_to(struct admin *admin, const char *line, size_t count)
{
    json_error_t error;
    json_t *question = json_loadb(line, count, JSON_REJECT_DUPLICATES, &error);
    json_t *answer = json_is_object(question)
                         ? run(admin, question)
                         : bad("the line is no JSON object", "send one object a line");
    json_decref(question);
    char *text = answer == NULL ? NULL : json_dumps(answer, JSON_COMPACT);
    json_decref(answer);
    return text;
}
