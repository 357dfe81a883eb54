/* SPDX-License-Identifier: Apache-2.0
 *
 * The store's text: line by line, words separated by one blank, everything checked. A store is
 * written by us alone, so what is not exactly as we write it is refused and never repaired.
 */
#include "base/crc32c.h"
#include "base/text.h"
#include "identity/store.h"

#include <stdlib.h>
#include <string.h>

#define HEAD       "dojima-identity"
#define LINE_BYTES 512u

/* One line being read. */
struct line {
    const char *at;
    const char *end;
    const char *problem; /* why it is none of ours */
};

struct reading {
    struct identity *identity;
    struct session_record *session; /* the last one read: password and key follow it */
    size_t lines;                   /* between the first and the last */
};

struct item {
    const char *word;
    enum status (*take)(struct reading *reading, struct line *line);
};

static enum status refuse(struct line *line, const char *problem)
{
    line->problem = problem;
    return STATUS_INVALID;
}

/* -- words --------------------------------------------------------------------------------- */

static bool take_blank(struct line *line)
{
    if (line->at == line->end || *line->at != ' ') {
        return false;
    }
    line->at++;
    return true;
}

static bool take_literal(struct line *line, const char *word)
{
    size_t count = strlen(word);
    if ((size_t)(line->end - line->at) < count || memcmp(line->at, word, count) != 0) {
        return false;
    }
    line->at += count;
    return true;
}

/* " word" */
static bool take_word(struct line *line, const char *word)
{
    return take_blank(line) && take_literal(line, word);
}

static bool take_number(struct line *line, uint64_t highest, uint64_t *out_number)
{
    uint64_t number = 0;
    const char *start = line->at;
    for (; line->at < line->end && *line->at >= '0' && *line->at <= '9'; line->at++) {
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*line->at - '0'), &number)) {
            return false;
        }
    }
    bool padded = line->at - start > 1 && *start == '0';
    if (line->at == start || padded || number > highest) {
        return false;
    }
    *out_number = number;
    return true;
}

static bool take_id(struct line *line, uint32_t *out_id)
{
    uint64_t number;
    if (!take_blank(line) || !take_number(line, UINT32_MAX, &number)) {
        return false;
    }
    *out_id = (uint32_t)number;
    return true;
}

/* ` "text"` */
static bool take_label(struct line *line, char *out_label)
{
    if (!take_word(line, "\"")) {
        return false;
    }
    const char *start = line->at;
    while (line->at < line->end && *line->at != '"') {
        line->at++;
    }
    size_t count = (size_t)(line->at - start);
    if (line->at == line->end || count > IDENTITY_LABEL_BYTES || memchr(start, 0, count) != NULL) {
        return false;
    }
    line->at++;
    memcpy(out_label, start, count);
    out_label[count] = '\0';
    return true;
}

/* " WORD" of at most `bytes_max` bytes. */
static bool take_text(struct line *line, char *out_text, size_t bytes_max)
{
    if (!take_blank(line)) {
        return false;
    }
    const char *start = line->at;
    while (line->at<line->end && * line->at> ' ' && *line->at < 0x7f) {
        line->at++;
    }
    size_t count = (size_t)(line->at - start);
    if (count == 0 || count > bytes_max) {
        return false;
    }
    memcpy(out_text, start, count);
    out_text[count] = '\0';
    return true;
}

/* " word 10000/20000" */
static bool take_rate(struct line *line, const char *word, struct identity_rate *out_rate)
{
    uint32_t per_second;
    uint64_t burst;
    if (!take_word(line, word) || !take_id(line, &per_second) || !take_literal(line, "/") ||
        !take_number(line, UINT32_MAX, &burst)) {
        return false;
    }
    *out_rate = (struct identity_rate){.per_second = per_second, .burst = (uint32_t)burst};
    return true;
}

static bool take_yes_no(struct line *line, const char *word, bool *out_flag)
{
    if (!take_word(line, word)) {
        return false;
    }
    *out_flag = take_word(line, "yes");
    return *out_flag || take_literal(line, "no"); /* the blank is taken */
}

static bool take_protocols(struct line *line, unsigned *out_protocols)
{
    if (!take_word(line, "protocols")) {
        return false;
    }
    *out_protocols = 0;
    if (take_word(line, "ouch")) {
        *out_protocols = IDENTITY_OUCH;
        *out_protocols |= take_literal(line, ",native") ? (unsigned)IDENTITY_NATIVE : 0;
    } else if (take_literal(line, "native")) {
        *out_protocols = IDENTITY_NATIVE;
    }
    return *out_protocols != 0;
}

static int hex_value(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

static bool take_hex(struct line *line, uint8_t *out_bytes, size_t count)
{
    if ((size_t)(line->end - line->at) < 2 * count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int high = hex_value(line->at[0]);
        int low = hex_value(line->at[1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out_bytes[i] = (uint8_t)(high << 4 | low);
        line->at += 2;
    }
    return true;
}

/* -- lines --------------------------------------------------------------------------------- */

static enum status explain(struct line *line, enum status status)
{
    static const struct {
        enum status status;
        const char *problem;
    } known[] = {
        {STATUS_INVALID, "a field is out of its range, or the numbers do not rise"},
        {STATUS_NOT_FOUND, "it refers to something that no line before it names"},
        {STATUS_EXISTS, "the name is taken"},
        {STATUS_FULL, "there are more than 16,384 of this kind"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (status == known[i].status) {
            return refuse(line, known[i].problem);
        }
    }
    return status;
}

static enum status take_participant(struct reading *reading, struct line *line)
{
    struct identity_participant participant = {0};
    if (!take_id(line, &participant.participant) || !take_label(line, participant.label)) {
        return refuse(line, "participant NUMBER \"LABEL\" is expected");
    }
    return explain(line, store_add_participant(reading->identity, &participant));
}

static enum status take_account(struct reading *reading, struct line *line)
{
    struct identity_account account = {0};
    if (!take_blank(line) || !take_number(line, UINT64_MAX, &account.account) ||
        !take_word(line, "participant") || !take_id(line, &account.participant)) {
        return refuse(line, "account NUMBER participant NUMBER is expected");
    }
    return explain(line, store_add_account(reading->identity, &account));
}

static enum status take_user(struct reading *reading, struct line *line)
{
    struct identity_user user = {0};
    if (!take_id(line, &user.user) || !take_word(line, "participant") ||
        !take_id(line, &user.participant) || !take_label(line, user.label)) {
        return refuse(line, "user NUMBER participant NUMBER \"LABEL\" is expected");
    }
    return explain(line, store_add_user(reading->identity, &user));
}

static enum status take_session(struct reading *reading, struct line *line)
{
    struct identity_session session = {0};
    if (!take_id(line, &session.session) || !take_text(line, session.name, IDENTITY_NAME_BYTES) ||
        !take_word(line, "user") || !take_id(line, &session.user) || !take_word(line, "account") ||
        !take_blank(line) || !take_number(line, UINT64_MAX, &session.account) ||
        !take_protocols(line, &session.protocols) ||
        !take_yes_no(line, "cancel-on-disconnect", &session.cancel_on_disconnect) ||
        !take_rate(line, "orders", &session.orders) ||
        !take_rate(line, "cancels", &session.cancels) ||
        !take_yes_no(line, "enabled", &session.enabled)) {
        return refuse(line, "session NUMBER NAME user ... account ... protocols ... "
                            "cancel-on-disconnect ... orders ... cancels ... enabled ... is "
                            "expected");
    }
    enum status status = store_add_session(reading->identity, &session);
    if (status == STATUS_OK) {
        reading->session = reading->identity->sessions[reading->identity->session_count - 1];
    }
    return explain(line, status);
}

/* Credentials stand behind their session. */
static bool take_owner(struct reading *reading, struct line *line)
{
    uint32_t session;
    return take_id(line, &session) && reading->session != NULL &&
           reading->session->session.session == session;
}

static enum status take_password(struct reading *reading, struct line *line)
{
    char hash[SECRET_HASH_BYTES] = {0};
    if (!take_owner(reading, line) || reading->session->session.has_password ||
        !take_text(line, hash, SECRET_HASH_BYTES - 1) || !secret_hash_valid(hash)) {
        return refuse(line, "password NUMBER HASH is expected, behind its session");
    }
    memcpy(reading->session->hash, hash, sizeof hash);
    reading->session->session.has_password = true;
    return STATUS_OK;
}

static enum status take_key(struct reading *reading, struct line *line)
{
    uint8_t key[IDENTITY_KEY_BYTES];
    if (!take_owner(reading, line) || reading->session->session.has_key || !take_blank(line) ||
        !take_hex(line, key, sizeof key)) {
        return refuse(line, "key NUMBER DIGITS is expected, behind its session");
    }
    memcpy(reading->session->key, key, sizeof key);
    reading->session->session.has_key = true;
    return STATUS_OK;
}

static const struct item items[] = {
    {"participant", take_participant}, {"account", take_account},   {"user", take_user},
    {"session", take_session},         {"password", take_password}, {"key", take_key}};

static enum status take_item(struct reading *reading, struct line *line)
{
    for (size_t i = 0; i < ARRAY_COUNT(items); i++) {
        struct line rest = *line;
        if (take_literal(&rest, items[i].word) && rest.at < rest.end && *rest.at == ' ') {
            *line = rest;
            enum status status = items[i].take(reading, line);
            if (status == STATUS_OK && line->at != line->end) {
                return refuse(line, "something stands behind the last field");
            }
            return status;
        }
    }
    return refuse(line, "it begins with no word of a store");
}

/* -- the whole text ------------------------------------------------------------------------ */

static enum status take_head(struct line *line)
{
    uint64_t version;
    if (!take_literal(line, HEAD) || !take_blank(line) ||
        !take_number(line, UINT32_MAX, &version) || line->at != line->end) {
        return refuse(line, "this is no identity store");
    }
    if (version != STORE_VERSION) {
        line->problem = "the store has a newer format: use the release that wrote it";
        return STATUS_UNSUPPORTED;
    }
    return STATUS_OK;
}

/* "end LINES CRC": nothing is missing and nothing was changed. */
static enum status take_end(const struct reading *reading, struct line *line, uint32_t crc)
{
    uint64_t lines;
    uint8_t said[4];
    if (!take_blank(line) || !take_number(line, UINT32_MAX, &lines) || !take_blank(line) ||
        !take_hex(line, said, sizeof said) || line->at != line->end) {
        return refuse(line, "end LINES CRC is expected");
    }
    uint32_t number =
        (uint32_t)said[0] << 24 | (uint32_t)said[1] << 16 | (uint32_t)said[2] << 8 | said[3];
    if (lines != reading->lines || number != crc) {
        return refuse(line, "the lines before are not those that were written: restore a copy");
    }
    return STATUS_OK;
}

static enum status fault_at(struct identity_fault *out_fault, size_t number, const char *problem,
                            enum status status)
{
    struct text text;
    text_init(&text, out_fault->reason, sizeof out_fault->reason);
    text_add(&text, problem != NULL ? problem : status_sentence(status));
    out_fault->line = (unsigned)number;
    return status;
}

enum status store_parse(struct identity *identity, const char *bytes, size_t count,
                        struct identity_fault *out_fault)
{
    struct reading reading = {.identity = identity};
    const char *end = bytes + count;
    const char *at = bytes;
    for (size_t number = 1; at < end; number++) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (line_end == NULL) {
            return fault_at(out_fault, number, "the line is cut", STATUS_INVALID);
        }
        struct line line = {.at = at, .end = line_end};
        enum status status;
        if (number == 1) {
            status = take_head(&line);
        } else if (take_literal(&line, "end ")) {
            line.at--;
            status = take_end(&reading, &line, crc32c(0, bytes, (size_t)(at - bytes)));
            if (status == STATUS_OK && line_end + 1 == end) {
                return STATUS_OK;
            }
            if (status == STATUS_OK) {
                status = refuse(&line, "something stands behind the end");
            }
        } else {
            status = take_item(&reading, &line);
            reading.lines++;
        }
        if (status != STATUS_OK) {
            return fault_at(out_fault, number, line.problem, status);
        }
        at = line_end + 1;
    }
    return fault_at(out_fault, reading.lines + 1, "the store is cut: its end is missing",
                    STATUS_INVALID);
}

static void write_session(const struct session_record *record, struct text *text)
{
    const struct identity_session *session = &record->session;
    bool both = session->protocols == (IDENTITY_OUCH | IDENTITY_NATIVE);
    text_format(text, "session %u %s user %u account %llu protocols %s", session->session,
                session->name, session->user, (unsigned long long)session->account,
                both                                  ? "ouch,native"
                : session->protocols == IDENTITY_OUCH ? "ouch"
                                                      : "native");
    text_format(text, " cancel-on-disconnect %s orders %u/%u cancels %u/%u enabled %s\n",
                session->cancel_on_disconnect ? "yes" : "no", session->orders.per_second,
                session->orders.burst, session->cancels.per_second, session->cancels.burst,
                session->enabled ? "yes" : "no");
    if (session->has_password) {
        text_format(text, "password %u %s\n", session->session, record->hash);
    }
    if (session->has_key) {
        text_format(text, "key %u ", session->session);
        for (size_t i = 0; i < IDENTITY_KEY_BYTES; i++) {
            text_format(text, "%02x", record->key[i]);
        }
        text_add(text, "\n");
    }
}

enum status store_format(const struct identity *identity, char **out_bytes, size_t *out_count)
{
    size_t items_count = identity->participant_count + identity->account_count +
                         identity->user_count + identity->session_count + 2;
    size_t capacity = items_count * LINE_BYTES;
    char *bytes = malloc(capacity);
    if (bytes == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct text text;
    text_init(&text, bytes, capacity);
    text_format(&text, "%s %u\n", HEAD, STORE_VERSION);
    for (size_t i = 0; i < identity->participant_count; i++) {
        text_format(&text, "participant %u \"%s\"\n", identity->participants[i].participant,
                    identity->participants[i].label);
    }
    for (size_t i = 0; i < identity->account_count; i++) {
        text_format(&text, "account %llu participant %u\n",
                    (unsigned long long)identity->accounts[i].account,
                    identity->accounts[i].participant);
    }
    for (size_t i = 0; i < identity->user_count; i++) {
        text_format(&text, "user %u participant %u \"%s\"\n", identity->users[i].user,
                    identity->users[i].participant, identity->users[i].label);
    }
    for (size_t i = 0; i < identity->session_count; i++) {
        write_session(identity->sessions[i], &text);
    }
    size_t lines = 0;
    for (size_t i = 0; i < text.length; i++) {
        lines += bytes[i] == '\n';
    }
    text_format(&text, "end %zu %08x\n", lines - 1, crc32c(0, bytes, text.length));
    if (text.truncated) {
        free(bytes);
        return STATUS_OVERFLOW;
    }
    *out_bytes = bytes;
    *out_count = text.length;
    return STATUS_OK;
}
