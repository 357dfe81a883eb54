/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity.h"

#include "base/assert.h"
#include "base/text.h"
#include "host/private.h"
#include "identity/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "identity"
#define STORE  "identity/store"
#define NEW    "identity/store.new"
#define LOCK   "identity/lock"

static const struct identity_rate orders_rate = {.per_second = 10000, .burst = 20000};
static const struct identity_rate cancels_rate = {.per_second = 20000, .burst = 40000};

static enum status fail(struct identity_fault *out_fault, enum status status, const char *reason)
{
    struct text text;
    text_init(&text, out_fault->reason, sizeof out_fault->reason);
    text_add(&text, reason != NULL ? reason : status_sentence(status));
    out_fault->line = 0;
    return status;
}

static enum status path_of(const struct identity *identity, const char *name,
                           char out_path[HOST_PATH_BYTES_MAX])
{
    int count = snprintf(out_path, HOST_PATH_BYTES_MAX, "%s/%s", identity->directory, name);
    return count < (int)HOST_PATH_BYTES_MAX ? STATUS_OK : STATUS_OVERFLOW;
}

/* -- opening ------------------------------------------------------------------------------- */

/* A simulated disk has no modes. */
static bool has_modes(const struct identity *identity)
{
    return identity->disk == host_disk_posix();
}

static enum status check_mode(const struct identity *identity, const char *name,
                              struct identity_fault *out_fault)
{
    char path[HOST_PATH_BYTES_MAX];
    unsigned mode = 0;
    enum status status = path_of(identity, name, path);
    if (status == STATUS_OK && has_modes(identity)) {
        status = host_private_check(path, &mode);
    }
    if (status != STATUS_DENIED) {
        return status == STATUS_OK ? status : fail(out_fault, status, NULL);
    }
    struct text text;
    text_init(&text, out_fault->reason, sizeof out_fault->reason);
    text_format(&text,
                "%s may be read or written by others (mode %04o), or is not this user's: "
                "chmod go= and check who had it",
                name, mode);
    out_fault->line = 0;
    return status;
}

static enum status read_store(struct identity *identity, struct identity_fault *out_fault)
{
    char path[HOST_PATH_BYTES_MAX];
    struct host_file *file;
    uint64_t bytes_count = 0;
    enum status status = path_of(identity, STORE, path);
    if (status == STATUS_OK) {
        status = identity->disk->ops->open(identity->disk, path, HOST_OPEN_READ, &file);
    }
    if (status != STATUS_OK) {
        return fail(out_fault, status, NULL);
    }
    status = file->ops->size(file, &bytes_count);
    char *bytes = NULL;
    size_t count = 0;
    if (status == STATUS_OK && bytes_count > STORE_BYTES_MAX) {
        status = STATUS_INVALID;
    } else if (status == STATUS_OK) {
        bytes = malloc((size_t)bytes_count + 1);
        status = bytes == NULL ? STATUS_NO_MEMORY
                               : file->ops->read_at(file, 0, bytes, (size_t)bytes_count, &count);
    }
    file->ops->close(file);
    if (status == STATUS_OK) {
        status = store_parse(identity, bytes, count, out_fault);
    } else {
        fail(out_fault, status, status == STATUS_INVALID ? "the store is too large" : NULL);
    }
    if (bytes != NULL) {
        secret_wipe(bytes, count);
        free(bytes);
    }
    return status;
}

static enum status allocate(const struct identity_options *options, struct identity **out_identity,
                            struct identity_fault *out_fault)
{
    struct identity *identity = calloc(1, sizeof *identity);
    if (identity == NULL) {
        return fail(out_fault, STATUS_NO_MEMORY, NULL);
    }
    secret_start();
    identity->disk = options->disk;
    if (snprintf(identity->directory, sizeof identity->directory, "%s", options->directory) >=
        (int)sizeof identity->directory) {
        free(identity);
        return fail(out_fault, STATUS_OVERFLOW, NULL);
    }
    *out_identity = identity;
    return STATUS_OK;
}

static enum status take_lock(struct identity *identity, struct identity_fault *out_fault)
{
    char path[HOST_PATH_BYTES_MAX];
    enum status status = path_of(identity, LOCK, path);
    if (status == STATUS_OK) {
        status = identity->disk->ops->lock(identity->disk, path, &identity->lock);
    }
    if (status != STATUS_OK) {
        return fail(out_fault, status,
                    status == STATUS_BUSY ? "another process edits the store" : NULL);
    }
    return STATUS_OK;
}

enum status identity_open(const struct identity_options *options, struct identity **out_identity,
                          struct identity_fault *out_fault)
{
    struct identity *identity;
    enum status status = allocate(options, &identity, out_fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = check_mode(identity, FOLDER, out_fault);
    if (status == STATUS_OK && options->edit) {
        status = take_lock(identity, out_fault);
    }
    if (status == STATUS_OK) {
        status = check_mode(identity, STORE, out_fault);
    }
    if (status == STATUS_OK) {
        status = read_store(identity, out_fault);
    }
    if (status != STATUS_OK) {
        identity_close(identity);
        return status;
    }
    *out_identity = identity;
    return STATUS_OK;
}

void identity_close(struct identity *identity)
{
    if (identity == NULL) {
        return;
    }
    checks_close(identity->checks);
    store_deinit(identity);
    if (identity->lock != NULL) {
        identity->lock->ops->close(identity->lock);
    }
    free(identity);
}

/* -- first run ----------------------------------------------------------------------------- */

static enum status make_folders(struct identity *identity)
{
    char path[HOST_PATH_BYTES_MAX];
    struct host_disk *disk = identity->disk;
    enum status status = disk->ops->make_directory(disk, identity->directory);
    if (status == STATUS_OK) {
        status = path_of(identity, FOLDER, path);
    }
    if (status == STATUS_OK) {
        status = disk->ops->make_directory(disk, path);
    }
    if (status == STATUS_OK && has_modes(identity)) {
        status = host_private_restrict(path);
    }
    if (status == STATUS_OK) {
        status = disk->ops->sync_directory(disk, identity->directory);
    }
    return status;
}

static enum status refuse_second(struct identity *identity)
{
    char path[HOST_PATH_BYTES_MAX];
    struct host_file *file;
    enum status status = path_of(identity, STORE, path);
    if (status == STATUS_OK) {
        status = identity->disk->ops->open(identity->disk, path, HOST_OPEN_READ, &file);
    }
    if (status == STATUS_OK) {
        file->ops->close(file);
        return STATUS_EXISTS;
    }
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

static enum status add_demo(struct identity *identity, const char *label, const char *user_label,
                            const char *name, struct identity_credential *out_credential)
{
    uint32_t participant;
    uint64_t account = 0;
    uint32_t user = 0;
    uint32_t session = 0;
    enum status status = identity_add_participant(identity, label, &participant);
    if (status == STATUS_OK) {
        status = identity_add_account(identity, participant, &account);
    }
    if (status == STATUS_OK) {
        status = identity_add_user(identity, participant, user_label, &user);
    }
    struct identity_session wanted = {
        .account = account,
        .user = user,
        .protocols = IDENTITY_OUCH | IDENTITY_NATIVE,
        .orders = orders_rate,
        .cancels = cancels_rate,
        /* A first order from a shell must still be there for the second. */
        .cancel_on_disconnect = false,
        .enabled = true};
    snprintf(wanted.name, sizeof wanted.name, "%s", name);
    if (status == STATUS_OK) {
        status = identity_add_session(identity, &wanted, &session);
    }
    if (status == STATUS_OK) {
        status = identity_reset_password(identity, session, out_credential);
    }
    return status;
}

enum status
identity_create_first_run(const struct identity_options *options, struct identity **out_identity,
                          struct identity_credential out_credentials[IDENTITY_FIRST_RUN_COUNT],
                          struct identity_fault *out_fault)
{
    struct identity *identity;
    struct identity_credential made[IDENTITY_FIRST_RUN_COUNT];
    enum status status = allocate(options, &identity, out_fault);
    if (status != STATUS_OK) {
        return status;
    }
    status = make_folders(identity);
    if (status != STATUS_OK) {
        fail(out_fault, status, NULL);
        identity_close(identity);
        return status;
    }
    status = take_lock(identity, out_fault);
    if (status == STATUS_OK) {
        status = refuse_second(identity);
        if (status == STATUS_OK) {
            status = add_demo(identity, "Alice", "alice", "ALICE1", &made[0]);
        }
        if (status == STATUS_OK) {
            status = add_demo(identity, "Bobby", "bobby", "BOBBY1", &made[1]);
        }
        if (status == STATUS_OK) {
            status = identity_write(identity);
        }
        if (status != STATUS_OK) {
            fail(out_fault, status, status == STATUS_EXISTS ? "there is a store already" : NULL);
        }
    }
    if (status != STATUS_OK) {
        identity_close(identity);
        return status;
    }
    if (!options->edit) {
        identity->lock->ops->close(identity->lock);
        identity->lock = NULL;
    }
    memcpy(out_credentials, made, sizeof made);
    secret_wipe(made, sizeof made);
    *out_identity = identity;
    return STATUS_OK;
}

/* -- reading ------------------------------------------------------------------------------- */

size_t identity_participant_count(const struct identity *identity)
{
    return identity->participant_count;
}

size_t identity_account_count(const struct identity *identity)
{
    return identity->account_count;
}

size_t identity_user_count(const struct identity *identity)
{
    return identity->user_count;
}

size_t identity_session_count(const struct identity *identity)
{
    return identity->session_count;
}

const struct identity_participant *identity_participant_at(const struct identity *identity,
                                                           size_t index)
{
    ASSERT(index < identity->participant_count);
    return &identity->participants[index];
}

const struct identity_account *identity_account_at(const struct identity *identity, size_t index)
{
    ASSERT(index < identity->account_count);
    return &identity->accounts[index];
}

const struct identity_user *identity_user_at(const struct identity *identity, size_t index)
{
    ASSERT(index < identity->user_count);
    return &identity->users[index];
}

const struct identity_session *identity_session_at(const struct identity *identity, size_t index)
{
    ASSERT(index < identity->session_count);
    return &identity->sessions[index]->session;
}

const struct identity_session *identity_session_get(const struct identity *identity,
                                                    uint32_t session)
{
    const struct session_record *record = store_find_session(identity, session);
    return record != NULL ? &record->session : NULL;
}

const struct identity_session *identity_session_find(const struct identity *identity,
                                                     const char *name, size_t count)
{
    char folded[IDENTITY_NAME_BYTES + 1];
    if (!store_fold(name, count, folded, IDENTITY_NAME_BYTES)) {
        return NULL;
    }
    const struct session_record *record = store_find_name(identity, folded);
    return record != NULL ? &record->session : NULL;
}

/* -- changes ------------------------------------------------------------------------------- */

/* Copies a label whole or not at all: the table's check then refuses an empty one. */
static void copy_label(char out_label[IDENTITY_LABEL_BYTES + 1], const char *label)
{
    size_t count = strlen(label);
    if (count <= IDENTITY_LABEL_BYTES) {
        memcpy(out_label, label, count);
        out_label[count] = '\0';
    }
}

enum status identity_add_participant(struct identity *identity, const char *label,
                                     uint32_t *out_participant)
{
    struct identity_participant participant = {.participant = 1};
    if (identity->participant_count > 0) {
        participant.participant +=
            identity->participants[identity->participant_count - 1].participant;
    }
    copy_label(participant.label, label);
    enum status status = store_add_participant(identity, &participant);
    if (status == STATUS_OK) {
        *out_participant = participant.participant;
    }
    return status;
}

enum status identity_add_account(struct identity *identity, uint32_t participant,
                                 uint64_t *out_account)
{
    struct identity_account account = {.account = 1, .participant = participant};
    if (identity->account_count > 0) {
        account.account += identity->accounts[identity->account_count - 1].account;
    }
    enum status status = store_add_account(identity, &account);
    if (status == STATUS_OK) {
        *out_account = account.account;
    }
    return status;
}

enum status identity_add_user(struct identity *identity, uint32_t participant, const char *label,
                              uint32_t *out_user)
{
    struct identity_user user = {.user = 1, .participant = participant};
    if (identity->user_count > 0) {
        user.user += identity->users[identity->user_count - 1].user;
    }
    copy_label(user.label, label);
    enum status status = store_add_user(identity, &user);
    if (status == STATUS_OK) {
        *out_user = user.user;
    }
    return status;
}

enum status identity_add_session(struct identity *identity, const struct identity_session *wanted,
                                 uint32_t *out_session)
{
    struct identity_session session = *wanted;
    session.session = 1;
    if (identity->session_count > 0) {
        session.session += identity->sessions[identity->session_count - 1]->session.session;
    }
    enum status status = store_add_session(identity, &session);
    if (status == STATUS_OK) {
        *out_session = session.session;
    }
    return status;
}

enum status identity_reset_password(struct identity *identity, uint32_t session,
                                    struct identity_credential *out_credential)
{
    struct session_record *record = store_find_session(identity, session);
    if (record == NULL) {
        return STATUS_NOT_FOUND;
    }
    struct identity_credential credential;
    memcpy(credential.name, record->session.name, sizeof credential.name);
    secret_password(credential.password);
    enum status status = secret_hash(credential.password, IDENTITY_PASSWORD_BYTES, record->hash);
    if (status == STATUS_OK) {
        record->session.has_password = true;
        record->is_known = false;
        record->failures = (struct failures){0};
        *out_credential = credential;
    }
    secret_wipe(&credential, sizeof credential);
    return status;
}

enum status identity_set_key(struct identity *identity, uint32_t session, const uint8_t *key)
{
    struct session_record *record = store_find_session(identity, session);
    if (record == NULL) {
        return STATUS_NOT_FOUND;
    }
    record->session.has_key = key != NULL;
    memset(record->key, 0, sizeof record->key);
    if (key != NULL) {
        memcpy(record->key, key, sizeof record->key);
    }
    return STATUS_OK;
}

enum status identity_set_enabled(struct identity *identity, uint32_t session, bool enabled)
{
    struct session_record *record = store_find_session(identity, session);
    if (record == NULL) {
        return STATUS_NOT_FOUND;
    }
    record->session.enabled = enabled;
    return STATUS_OK;
}

/* -- writing ------------------------------------------------------------------------------- */

static enum status write_file(struct identity *identity, const char *path, const char *bytes,
                              size_t count)
{
    struct host_disk *disk = identity->disk;
    struct host_file *file;
    enum status status = disk->ops->remove(disk, path); /* of a rewrite that a crash cut */
    if (status == STATUS_OK || status == STATUS_NOT_FOUND) {
        status = disk->ops->open(disk, path, HOST_OPEN_CREATE, &file);
    }
    if (status != STATUS_OK) {
        return status;
    }
    if (has_modes(identity)) {
        status = host_private_restrict(path);
    }
    if (status == STATUS_OK) {
        status = file->ops->write_at(file, 0, bytes, count);
    }
    if (status == STATUS_OK) {
        status = file->ops->sync(file);
    }
    file->ops->close(file);
    return status;
}

enum status identity_write(struct identity *identity)
{
    char store[HOST_PATH_BYTES_MAX];
    char fresh[HOST_PATH_BYTES_MAX];
    char folder[HOST_PATH_BYTES_MAX];
    if (identity->lock == NULL) {
        return STATUS_DENIED; /* opened without `edit` */
    }
    if (path_of(identity, STORE, store) != STATUS_OK ||
        path_of(identity, NEW, fresh) != STATUS_OK ||
        path_of(identity, FOLDER, folder) != STATUS_OK) {
        return STATUS_OVERFLOW;
    }
    char *bytes;
    size_t count;
    enum status status = store_format(identity, &bytes, &count);
    if (status != STATUS_OK) {
        return status;
    }
    status = write_file(identity, fresh, bytes, count);
    secret_wipe(bytes, count);
    free(bytes);
    if (status == STATUS_OK) {
        status = identity->disk->ops->rename(identity->disk, fresh, store);
    }
    if (status == STATUS_OK) {
        status = identity->disk->ops->sync_directory(identity->disk, folder);
    }
    return status;
}
