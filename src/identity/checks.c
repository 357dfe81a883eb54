/* SPDX-License-Identifier: Apache-2.0
 *
 * Checks of passwords and signatures, one at a time on a thread of their own.
 *
 *   start ──► WAITING ──┬── locked, or the password is known ─────────────► DONE ──► poll gives it
 *                       └──► QUEUED ──► RUNNING (on the thread) ──► DONE ──►
 *
 * What needs no thread overtakes what does, so a flood of wrong passwords does not keep out the
 * sessions that logged on before.
 */
#include "base/assert.h"
#include "host/worker.h"
#include "identity/store.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum check_state { CHECK_WAITING, CHECK_QUEUED, CHECK_RUNNING, CHECK_DONE };

struct check {
    uint64_t tag;
    struct session_record *record; /* null: no such name */
    enum check_state state;
    enum identity_verdict verdict;
    bool is_signature;
    char name[IDENTITY_NAME_BYTES + 1];
    char password[IDENTITY_PASSWORD_BYTES + 1];
    uint8_t signature[IDENTITY_SIGNATURE_BYTES];
    uint8_t signed_bytes[IDENTITY_LOGON_BYTES];
};

/* What the thread works on: copies, so that it shares nothing with the owner while it runs. */
struct job {
    struct check check;
    char hash[SECRET_HASH_BYTES];
    uint8_t key[IDENTITY_KEY_BYTES];
    bool has_key;
    bool right; /* the answer */
    _Atomic bool done;
};

struct checks {
    struct host_worker *worker;
    size_t count;
    bool running;
    uint8_t known_key[SECRET_KEY_BYTES];
    struct failures unknown[STORE_UNKNOWN_MAX]; /* of names that do not exist, by their hash */
    struct job job;
    struct check list[IDENTITY_CHECKS_MAX]; /* in the order of the starts */
};

/* On the thread. */
static void run_job(void *context)
{
    struct job *job = context;
    const struct check *check = &job->check;
    host_worker_give_way(); /* argon2id computes for a tenth of a second */
    if (check->is_signature) {
        bool right = secret_signature_valid(job->key, check->signature, check->signed_bytes,
                                            sizeof check->signed_bytes);
        job->right = right && job->has_key;
    } else {
        job->right = secret_verify(job->hash, check->password, strlen(check->password));
    }
    atomic_store_explicit(&job->done, true, memory_order_release);
}

static enum status open_checks(struct identity *identity)
{
    struct checks *checks = calloc(1, sizeof *checks);
    if (checks == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = host_worker_open(run_job, &checks->job, &checks->worker);
    if (status != STATUS_OK) {
        free(checks);
        return status;
    }
    secret_random(checks->known_key, sizeof checks->known_key);
    identity->checks = checks;
    return STATUS_OK;
}

void checks_close(struct checks *checks)
{
    if (checks == NULL) {
        return;
    }
    host_worker_close(checks->worker);
    secret_wipe(checks, sizeof *checks);
    free(checks);
}

/* -- locking out --------------------------------------------------------------------------- */

static struct failures *failures_of(struct checks *checks, const struct check *check)
{
    if (check->record != NULL) {
        return &check->record->failures;
    }
    /* Keyed, so that nobody can choose names that share a place. */
    uint8_t hash[SECRET_KNOWN_BYTES];
    const struct secret_known input = {.password = check->name, .count = strlen(check->name)};
    secret_known(checks->known_key, &input, hash);
    return &checks->unknown[hash[0] % STORE_UNKNOWN_MAX];
}

/* The oldest of the last five failures is still within the window. Passwords only: a signature
 * cannot be guessed, so nobody can lock out a session that has a key. */
static bool is_locked(struct checks *checks, const struct check *check, int64_t now_ns)
{
    if (check->is_signature) {
        return false;
    }
    const struct failures *failures = failures_of(checks, check);
    int64_t oldest_ns = failures->at_ns[failures->next];
    return oldest_ns != 0 && now_ns - oldest_ns < IDENTITY_FAILURE_WINDOW_NS;
}

static void add_failure(struct failures *failures, int64_t now_ns)
{
    failures->at_ns[failures->next] = now_ns != 0 ? now_ns : 1;
    failures->next = (failures->next + 1) % IDENTITY_FAILURES_MAX;
}

/* -- one check ----------------------------------------------------------------------------- */

static void finish(struct check *check, enum identity_verdict verdict)
{
    check->verdict = verdict;
    check->state = CHECK_DONE;
}

static void known_of(const struct checks *checks, const struct check *check,
                     uint8_t out_known[SECRET_KNOWN_BYTES])
{
    const struct secret_known input = {.session = check->record->session.session,
                                       .password = check->password,
                                       .count = strlen(check->password)};
    secret_known(checks->known_key, &input, out_known);
}

/* Everything that needs no thread. */
static void examine(struct checks *checks, struct check *check, int64_t now_ns)
{
    if (is_locked(checks, check, now_ns)) {
        finish(check, IDENTITY_LOCKED);
        return;
    }
    check->state = CHECK_QUEUED;
    const struct session_record *record = check->record;
    if (record != NULL && record->is_known && record->session.enabled && !check->is_signature) {
        uint8_t known[SECRET_KNOWN_BYTES];
        known_of(checks, check, known);
        if (secret_equal(known, record->known, sizeof known)) {
            finish(check, IDENTITY_GRANTED);
        }
    }
}

static void kick(struct checks *checks, struct check *check)
{
    struct job *job = &checks->job;
    const struct session_record *record = check->record;
    memset(job->hash, 0, sizeof job->hash);
    memset(job->key, 0, sizeof job->key);
    job->check = *check;
    job->has_key = record != NULL && record->session.has_key && record->session.enabled;
    if (record != NULL && record->session.enabled) {
        memcpy(job->hash, record->hash, sizeof job->hash);
        memcpy(job->key, record->key, sizeof job->key);
    }
    atomic_store_explicit(&job->done, false, memory_order_relaxed);
    check->state = CHECK_RUNNING;
    checks->running = true;
    /* The answer of the last job was seen, so the thread is at most a few instructions from idle.
     */
    host_worker_wait(checks->worker);
    host_worker_kick(checks->worker);
}

static void conclude(struct checks *checks, struct check *check, int64_t now_ns)
{
    checks->running = false;
    bool right = checks->job.right;
    if (!check->is_signature) {
        /* A password that was changed meanwhile is not the one that was checked. */
        right = right && memcmp(check->record->hash, checks->job.hash, SECRET_HASH_BYTES) == 0;
        struct failures *failures = failures_of(checks, check);
        if (right) {
            *failures = (struct failures){0};
            known_of(checks, check, check->record->known);
            check->record->is_known = true;
        } else {
            add_failure(failures, now_ns);
        }
    }
    finish(check, right ? IDENTITY_GRANTED : IDENTITY_REFUSED);
}

/* Moves every check on as far as it goes now. */
static void advance(struct checks *checks, int64_t now_ns)
{
    for (size_t i = 0; i < checks->count; i++) {
        struct check *check = &checks->list[i];
        if (check->state == CHECK_WAITING) {
            examine(checks, check, now_ns);
        }
        if (check->state == CHECK_RUNNING &&
            atomic_load_explicit(&checks->job.done, memory_order_acquire)) {
            conclude(checks, check, now_ns);
        }
    }
    for (size_t i = 0; i < checks->count && !checks->running; i++) {
        struct check *check = &checks->list[i];
        if (check->state != CHECK_QUEUED) {
            continue;
        }
        /* What came before it may have locked the name meanwhile. */
        if (is_locked(checks, check, now_ns)) {
            finish(check, IDENTITY_LOCKED);
        } else {
            kick(checks, check);
        }
    }
}

bool identity_verify_poll(struct identity *identity, int64_t now_ns,
                          struct identity_result *out_result)
{
    struct checks *checks = identity->checks;
    if (checks == NULL || checks->count == 0) {
        return false;
    }
    advance(checks, now_ns);
    for (size_t i = 0; i < checks->count; i++) {
        struct check *check = &checks->list[i];
        if (check->state != CHECK_DONE) {
            continue;
        }
        bool granted = check->verdict == IDENTITY_GRANTED;
        *out_result = (struct identity_result){
            .tag = check->tag,
            .session = granted ? &check->record->session : NULL,
            .verdict = check->verdict,
        };
        checks->count--;
        memmove(check, check + 1, (checks->count - i) * sizeof *check);
        secret_wipe(&checks->list[checks->count], sizeof checks->list[0]);
        return true;
    }
    return false;
}

/* -- starts -------------------------------------------------------------------------------- */

static enum status add_check(struct identity *identity, const char *name, size_t name_count,
                             struct check **out_check)
{
    enum status status = identity->checks == NULL ? open_checks(identity) : STATUS_OK;
    if (status != STATUS_OK) {
        return status;
    }
    struct checks *checks = identity->checks;
    if (checks->count == IDENTITY_CHECKS_MAX) {
        return STATUS_FULL;
    }
    struct check *check = &checks->list[checks->count++];
    *check = (struct check){.state = CHECK_WAITING};
    if (store_fold(name, name_count, check->name, IDENTITY_NAME_BYTES)) {
        check->record = store_find_name(identity, check->name);
    }
    *out_check = check;
    return STATUS_OK;
}

enum status identity_verify_start(struct identity *identity, const char *name, size_t name_count,
                                  const char *password, size_t password_count, uint64_t tag)
{
    struct check *check;
    enum status status = add_check(identity, name, name_count, &check);
    if (status != STATUS_OK) {
        return status;
    }
    check->tag = tag;
    /* What cannot be a password is checked all the same, as the empty one: that is never right. */
    if (!store_fold(password, password_count, check->password, IDENTITY_PASSWORD_BYTES)) {
        check->password[0] = '\0';
    }
    return STATUS_OK;
}

enum status identity_verify_signature_start(struct identity *identity,
                                            const struct identity_signed_logon *logon, uint64_t tag)
{
    struct check *check;
    enum status status = add_check(identity, logon->name, logon->name_count, &check);
    if (status != STATUS_OK) {
        return status;
    }
    check->tag = tag;
    check->is_signature = true;
    memcpy(check->signature, logon->signature, sizeof check->signature);
    identity_logon_bytes(check->name, strlen(check->name), logon->challenge, check->signed_bytes);
    return STATUS_OK;
}
