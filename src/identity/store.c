/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables and what may be added to them; store_text.c reads and writes them.
 */
#include "identity/store.h"

#include <stdlib.h>
#include <string.h>

static bool label_valid(const char *label)
{
    size_t count = strnlen(label, IDENTITY_LABEL_BYTES + 1);
    for (size_t i = 0; i < count; i++) {
        uint8_t byte = (uint8_t)label[i];
        if (byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\') {
            return false;
        }
    }
    return count > 0 && count <= IDENTITY_LABEL_BYTES;
}

static bool name_valid(const char *name)
{
    size_t count = strnlen(name, IDENTITY_NAME_BYTES + 1);
    for (size_t i = 0; i < count; i++) {
        bool letter = name[i] >= 'A' && name[i] <= 'Z';
        if (!letter && !(name[i] >= '0' && name[i] <= '9')) {
            return false;
        }
    }
    return count > 0 && count <= IDENTITY_NAME_BYTES;
}

static bool rate_valid(const struct identity_rate *rate)
{
    return rate->per_second <= STORE_RATE_MAX && rate->burst >= 1 && rate->burst <= STORE_RATE_MAX;
}

bool store_fold(const char *from, size_t count, char *out_text, size_t bytes_max)
{
    while (count > 0 && from[count - 1] == ' ') {
        count--;
    }
    if (count > bytes_max) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (from[i] <= ' ' || from[i] > '~') {
            return false;
        }
        bool small = from[i] >= 'a' && from[i] <= 'z';
        out_text[i] = small ? (char)(from[i] - 'a' + 'A') : from[i];
    }
    out_text[count] = '\0';
    return true;
}

/* Room for one more; tables double, so an address holds until the next addition only. */
static enum status grow(void **table, size_t count, size_t item_bytes)
{
    if (count == STORE_COUNT_MAX) {
        return STATUS_FULL;
    }
    if ((count & (count - 1)) != 0) {
        return STATUS_OK; /* between powers of two there is room */
    }
    void *grown = realloc(*table, (count == 0 ? 1 : 2 * count) * item_bytes);
    if (grown == NULL) {
        return STATUS_NO_MEMORY;
    }
    *table = grown;
    return STATUS_OK;
}

/* Index of the first whose number is not below `number`: tables are sorted. */
#define LOWER_BOUND(table, count, field, number, out_index)                                        \
    do {                                                                                           \
        size_t low = 0;                                                                            \
        size_t high = (count);                                                                     \
        while (low < high) {                                                                       \
            size_t middle = low + (high - low) / 2;                                                \
            if ((table)[middle].field < (number)) {                                                \
                low = middle + 1;                                                                  \
            } else {                                                                               \
                high = middle;                                                                     \
            }                                                                                      \
        }                                                                                          \
        (out_index) = low;                                                                         \
    } while (0)

const struct identity_participant *store_find_participant(const struct identity *identity,
                                                          uint32_t participant)
{
    size_t at;
    LOWER_BOUND(identity->participants, identity->participant_count, participant, participant, at);
    bool found =
        at < identity->participant_count && identity->participants[at].participant == participant;
    return found ? &identity->participants[at] : NULL;
}

const struct identity_account *identity_account_find(const struct identity *identity,
                                                     uint64_t account)
{
    size_t at;
    LOWER_BOUND(identity->accounts, identity->account_count, account, account, at);
    bool found = at < identity->account_count && identity->accounts[at].account == account;
    return found ? &identity->accounts[at] : NULL;
}

const struct identity_user *store_find_user(const struct identity *identity, uint32_t user)
{
    size_t at;
    LOWER_BOUND(identity->users, identity->user_count, user, user, at);
    bool found = at < identity->user_count && identity->users[at].user == user;
    return found ? &identity->users[at] : NULL;
}

struct session_record *store_find_session(const struct identity *identity, uint32_t session)
{
    for (size_t low = 0, high = identity->session_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        struct session_record *record = identity->sessions[middle];
        if (record->session.session == session) {
            return record;
        }
        if (record->session.session < session) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

struct session_record *store_find_name(const struct identity *identity, const char *name)
{
    for (size_t i = 0; i < identity->session_count; i++) {
        if (strcmp(identity->sessions[i]->session.name, name) == 0) {
            return identity->sessions[i];
        }
    }
    return NULL;
}

enum status store_add_participant(struct identity *identity,
                                  const struct identity_participant *participant)
{
    size_t count = identity->participant_count;
    uint32_t last = count == 0 ? 0 : identity->participants[count - 1].participant;
    if (participant->participant <= last || !label_valid(participant->label)) {
        return STATUS_INVALID;
    }
    void *table = identity->participants;
    enum status status = grow(&table, count, sizeof *identity->participants);
    identity->participants = table;
    if (status == STATUS_OK) {
        identity->participants[identity->participant_count++] = *participant;
    }
    return status;
}

enum status store_add_account(struct identity *identity, const struct identity_account *account)
{
    size_t count = identity->account_count;
    uint64_t last = count == 0 ? 0 : identity->accounts[count - 1].account;
    if (account->account <= last) {
        return STATUS_INVALID;
    }
    if (store_find_participant(identity, account->participant) == NULL) {
        return STATUS_NOT_FOUND;
    }
    void *table = identity->accounts;
    enum status status = grow(&table, count, sizeof *identity->accounts);
    identity->accounts = table;
    if (status == STATUS_OK) {
        identity->accounts[identity->account_count++] = *account;
    }
    return status;
}

enum status store_add_user(struct identity *identity, const struct identity_user *user)
{
    size_t count = identity->user_count;
    uint32_t last = count == 0 ? 0 : identity->users[count - 1].user;
    if (user->user <= last || !label_valid(user->label)) {
        return STATUS_INVALID;
    }
    if (store_find_participant(identity, user->participant) == NULL) {
        return STATUS_NOT_FOUND;
    }
    void *table = identity->users;
    enum status status = grow(&table, count, sizeof *identity->users);
    identity->users = table;
    if (status == STATUS_OK) {
        identity->users[identity->user_count++] = *user;
    }
    return status;
}

/* The user and the account are there, and are of one participant. */
static enum status session_refers(const struct identity *identity,
                                  const struct identity_session *session, uint32_t *out_participant)
{
    const struct identity_user *user = store_find_user(identity, session->user);
    const struct identity_account *account = identity_account_find(identity, session->account);
    if (user == NULL || account == NULL) {
        return STATUS_NOT_FOUND;
    }
    if (user->participant != account->participant) {
        return STATUS_INVALID;
    }
    *out_participant = user->participant;
    return STATUS_OK;
}

enum status store_add_session(struct identity *identity, const struct identity_session *session)
{
    size_t count = identity->session_count;
    uint32_t last = count == 0 ? 0 : identity->sessions[count - 1]->session.session;
    unsigned all = IDENTITY_OUCH | IDENTITY_NATIVE;
    if (session->session <= last || !name_valid(session->name) || !rate_valid(&session->orders) ||
        !rate_valid(&session->cancels) || session->protocols == 0 ||
        (session->protocols & ~all) != 0) {
        return STATUS_INVALID;
    }
    uint32_t participant;
    enum status status = session_refers(identity, session, &participant);
    if (status != STATUS_OK) {
        return status;
    }
    if (store_find_name(identity, session->name) != NULL) {
        return STATUS_EXISTS;
    }
    void *table = identity->sessions;
    status = grow(&table, count, sizeof(struct session_record *));
    identity->sessions = table;
    struct session_record *record = status == STATUS_OK ? calloc(1, sizeof *record) : NULL;
    if (record == NULL) {
        return status == STATUS_OK ? STATUS_NO_MEMORY : status;
    }
    record->session = *session;
    record->session.participant = participant;
    record->session.has_password = false;
    record->session.has_key = false;
    identity->sessions[identity->session_count++] = record;
    return STATUS_OK;
}

void store_deinit(struct identity *identity)
{
    for (size_t i = 0; i < identity->session_count; i++) {
        secret_wipe(identity->sessions[i], sizeof *identity->sessions[i]);
        free(identity->sessions[i]);
    }
    free(identity->sessions);
    free(identity->users);
    free(identity->accounts);
    free(identity->participants);
    identity->sessions = NULL;
    identity->users = NULL;
    identity->accounts = NULL;
    identity->participants = NULL;
    identity->session_count = 0;
    identity->user_count = 0;
    identity->account_count = 0;
    identity->participant_count = 0;
}
