/* SPDX-License-Identifier: Apache-2.0
 *
 * Who may do what: participants, their accounts, users and sessions, and what a session proves
 * itself with. Kept in a store of its own (DATA/identity/store, format in README.md), never in the
 * log: the log has ids only.
 *
 *   participant 1 ──┬── account 1 ◄─────────┐ default account
 *                   └── user 1 ──── session 1 "ALICE1" ── password hash, public key, rates
 *
 * A password is checked by argon2id, which takes tens of milliseconds and 64 MiB on purpose, so
 * checks are started and polled for: a thread of the room does the work and the loop goes on. A
 * name that does not exist takes as long as a wrong password and is answered the same.
 *
 * Owner: who opened it. Threads: one; the room's own thread sees copies only. Memory: malloc at
 * open; sessions stay where they are until identity_close. Errors: at open NOT_FOUND (no store),
 * DENIED (others may read or write it), INVALID (garbage; the fault names the line), UNSUPPORTED
 * (a newer format), BUSY (another process edits), IO, NO_MEMORY.
 * Order of calls: identity_open or identity_create_first_run, any, identity_close.
 */
#ifndef DOJIMA_IDENTITY_IDENTITY_H
#define DOJIMA_IDENTITY_IDENTITY_H

#include "base/status.h"
#include "host/disk.h"

#include <stdbool.h>
#include <stddef.h>

#define IDENTITY_NAME_BYTES      6u  /* SoupBinTCP username */
#define IDENTITY_PASSWORD_BYTES  10u /* SoupBinTCP password */
#define IDENTITY_LABEL_BYTES     31u /* what people call a participant or user */
#define IDENTITY_KEY_BYTES       32u /* Ed25519 public key */
#define IDENTITY_SEED_BYTES      32u /* Ed25519 secret key, as its seed */
#define IDENTITY_SIGNATURE_BYTES 64u
#define IDENTITY_CHALLENGE_BYTES 32u
#define IDENTITY_LOGON_BYTES     (16u + IDENTITY_NAME_BYTES + IDENTITY_CHALLENGE_BYTES)

/* Five wrong passwords within five minutes lock the name's password until the oldest of them is
 * five minutes old; a key is never locked. */
#define IDENTITY_FAILURES_MAX      5u
#define IDENTITY_FAILURE_WINDOW_NS 300000000000

/* Checks under way at most. */
#define IDENTITY_CHECKS_MAX 256u

enum identity_protocol { /* bits */
                         IDENTITY_OUCH = 1,
                         IDENTITY_NATIVE = 2,
};

struct identity_rate {
    uint32_t per_second; /* refilled; 0 = nothing is allowed */
    uint32_t burst;      /* at once, at most; at least 1 */
};

struct identity_participant {
    uint32_t participant;
    char label[IDENTITY_LABEL_BYTES + 1];
};

struct identity_account {
    uint64_t account;
    uint32_t participant;
};

struct identity_user {
    uint32_t user;
    uint32_t participant;
    char label[IDENTITY_LABEL_BYTES + 1];
};

struct identity_session {
    uint64_t account; /* of orders that name none */
    uint32_t session;
    uint32_t user;
    uint32_t participant;
    unsigned protocols;                 /* bits of enum identity_protocol */
    struct identity_rate orders;        /* new orders, replaces */
    struct identity_rate cancels;       /* cancels, in a bucket of their own */
    char name[IDENTITY_NAME_BYTES + 1]; /* A-Z, 0-9; without padding */
    bool cancel_on_disconnect;          /* default of its orders */
    bool enabled;
    bool has_password;
    bool has_key;
};

struct identity;

struct identity_options {
    struct host_disk *disk;
    const char *directory; /* the venue's data directory */
    bool edit;             /* keeps other editors out until close */
};

/* Where and why a store was refused. */
struct identity_fault {
    unsigned line; /* from 1; 0 = no line */
    char reason[160];
};

/* Shown once, then known to its owner only. */
struct identity_credential {
    char name[IDENTITY_NAME_BYTES + 1];
    char password[IDENTITY_PASSWORD_BYTES + 1];
};
#define IDENTITY_FIRST_RUN_COUNT 2u

/* `out_fault` is filled on failure. */
MUST_USE enum status identity_open(const struct identity_options *options,
                                   struct identity **out_identity,
                                   struct identity_fault *out_fault);

/* A new store with two participants, each with an account, a user and a session (ALICE1, BOBBY1),
 * durable when this returns. EXISTS: there is a store already. */
MUST_USE enum status
identity_create_first_run(const struct identity_options *options, struct identity **out_identity,
                          struct identity_credential out_credentials[IDENTITY_FIRST_RUN_COUNT],
                          struct identity_fault *out_fault);

size_t identity_participant_count(const struct identity *identity);
size_t identity_account_count(const struct identity *identity);
size_t identity_user_count(const struct identity *identity);
size_t identity_session_count(const struct identity *identity);
const struct identity_participant *identity_participant_at(const struct identity *identity,
                                                           size_t index);
const struct identity_account *identity_account_at(const struct identity *identity, size_t index);
const struct identity_user *identity_user_at(const struct identity *identity, size_t index);
const struct identity_session *identity_session_at(const struct identity *identity, size_t index);

/* Null if there is none. A name may be padded with blanks, as on the wire. */
const struct identity_session *identity_session_find(const struct identity *identity,
                                                     const char *name, size_t count);
const struct identity_session *identity_session_get(const struct identity *identity,
                                                    uint32_t session);
const struct identity_account *identity_account_find(const struct identity *identity,
                                                     uint64_t account);

enum identity_verdict {
    IDENTITY_GRANTED = 1,
    IDENTITY_REFUSED = 2, /* no such name, disabled, wrong: never told apart to the outside */
    IDENTITY_LOCKED = 3,  /* too many failures: nothing was checked */
};

struct identity_result {
    uint64_t tag;                           /* the caller's own, of the start */
    const struct identity_session *session; /* granted only, else null */
    enum identity_verdict verdict;
};

/* Checks a password as it came from the wire: blanks behind name and password are dropped. FULL:
 * IDENTITY_CHECKS_MAX are under way; refuse the logon. */
MUST_USE enum status identity_verify_start(struct identity *identity, const char *name,
                                           size_t name_count, const char *password,
                                           size_t password_count, uint64_t tag);

/* A fresh challenge for one connection; used for one signature at most. */
void identity_challenge(uint8_t out_challenge[IDENTITY_CHALLENGE_BYTES]);

/* What a client signs: "dojima logon v1" and a zero byte, the name padded with blanks to 6 bytes,
 * the challenge. */
void identity_logon_bytes(const char *name, size_t name_count,
                          const uint8_t challenge[IDENTITY_CHALLENGE_BYTES],
                          uint8_t out_bytes[IDENTITY_LOGON_BYTES]);

/* The same check by the Ed25519 signature of those bytes. */
struct identity_signed_logon {
    const char *name;
    size_t name_count;
    const uint8_t *challenge; /* IDENTITY_CHALLENGE_BYTES */
    const uint8_t *signature; /* IDENTITY_SIGNATURE_BYTES */
};
MUST_USE enum status identity_verify_signature_start(struct identity *identity,
                                                     const struct identity_signed_logon *logon,
                                                     uint64_t tag);

/* One finished check; false: none now. Call it every turn of the loop until it is false: it also
 * hands the next check to the thread. The thread takes them in order; what needs no thread (a name
 * that is locked, a password that was right before) overtakes. `now_ns` is monotonic. */
bool identity_verify_poll(struct identity *identity, int64_t now_ns,
                          struct identity_result *out_result);

/* Changes, in memory until identity_write. Numbers are the next free ones. EXISTS, NOT_FOUND (what
 * it refers to), INVALID (name, label or rate). */
MUST_USE enum status identity_add_participant(struct identity *identity, const char *label,
                                              uint32_t *out_participant);
MUST_USE enum status identity_add_account(struct identity *identity, uint32_t participant,
                                          uint64_t *out_account);
MUST_USE enum status identity_add_user(struct identity *identity, uint32_t participant,
                                       const char *label, uint32_t *out_user);
/* `wanted` without number and credentials; its participant is that of the user. */
MUST_USE enum status identity_add_session(struct identity *identity,
                                          const struct identity_session *wanted,
                                          uint32_t *out_session);

/* A new random password: only its hash is kept. */
MUST_USE enum status identity_reset_password(struct identity *identity, uint32_t session,
                                             struct identity_credential *out_credential);
/* Null takes the key away. */
MUST_USE enum status identity_set_key(struct identity *identity, uint32_t session,
                                      const uint8_t *key);
MUST_USE enum status identity_set_enabled(struct identity *identity, uint32_t session,
                                          bool enabled);

/* A new key pair, for clients and tests; and its signature. */
void identity_make_key(uint8_t out_seed[IDENTITY_SEED_BYTES], uint8_t out_key[IDENTITY_KEY_BYTES]);
void identity_sign(const uint8_t seed[IDENTITY_SEED_BYTES], const uint8_t *bytes, size_t count,
                   uint8_t out_signature[IDENTITY_SIGNATURE_BYTES]);

/* Makes all changes durable at once: after a crash there is the old store or the new one. */
MUST_USE enum status identity_write(struct identity *identity);

/* Waits for the check under way. Null is accepted. */
void identity_close(struct identity *identity);

#endif
