/* SPDX-License-Identifier: Apache-2.0
 *
 * What an identity is made of, and its text form (README.md "The store"), for the files of this
 * room.
 *
 * Owner, Threads, Memory: as identity.h. Errors: INVALID and UNSUPPORTED with the line, NO_MEMORY.
 * Order of calls: a zeroed identity is ready to be parsed into or added to.
 */
#ifndef DOJIMA_IDENTITY_STORE_H
#define DOJIMA_IDENTITY_STORE_H

#include "identity/identity.h"
#include "identity/secret.h"

#define STORE_VERSION     1u
#define STORE_COUNT_MAX   16384u /* of each kind */
#define STORE_BYTES_MAX   (32u << 20)
#define STORE_RATE_MAX    1000000000u
#define STORE_UNKNOWN_MAX 256u /* names that do not exist share so many lock-outs */

/* When a name failed last; a ring, 0 = never. */
struct failures {
    int64_t at_ns[IDENTITY_FAILURES_MAX];
    unsigned next;
};

struct session_record {
    struct identity_session session;
    char hash[SECRET_HASH_BYTES]; /* argon2id, "" = no password */
    uint8_t key[IDENTITY_KEY_BYTES];
    struct failures failures;
    uint8_t known[SECRET_KNOWN_BYTES]; /* of the password that was right last */
    bool is_known;
};

struct checks;

struct identity {
    struct host_disk *disk;
    struct host_file *lock; /* editors only */
    char directory[HOST_PATH_BYTES_MAX];
    struct identity_participant *participants; /* each kind by rising number */
    struct identity_account *accounts;
    struct identity_user *users;
    struct session_record **sessions;
    size_t participant_count;
    size_t account_count;
    size_t user_count;
    size_t session_count;
    struct checks *checks; /* null until the first check */
};

MUST_USE enum status store_parse(struct identity *identity, const char *bytes, size_t count,
                                 struct identity_fault *out_fault);
/* The caller frees it. */
MUST_USE enum status store_format(const struct identity *identity, char **out_bytes,
                                  size_t *out_count);

/* One more of a kind, with these fields; numbers must rise. INVALID, NOT_FOUND (what it refers to),
 * EXISTS (the name), FULL, NO_MEMORY. */
MUST_USE enum status store_add_participant(struct identity *identity,
                                           const struct identity_participant *participant);
MUST_USE enum status store_add_account(struct identity *identity,
                                       const struct identity_account *account);
MUST_USE enum status store_add_user(struct identity *identity, const struct identity_user *user);
MUST_USE enum status store_add_session(struct identity *identity,
                                       const struct identity_session *session);

const struct identity_participant *store_find_participant(const struct identity *identity,
                                                          uint32_t participant);
const struct identity_user *store_find_user(const struct identity *identity, uint32_t user);
struct session_record *store_find_session(const struct identity *identity, uint32_t session);
struct session_record *store_find_name(const struct identity *identity, const char *name);

/* A name or password from the wire: blanks behind it dropped, letters made large (SoupBinTCP: case
 * does not count). False: longer than `bytes_max` or with other characters. */
MUST_USE bool store_fold(const char *from, size_t count, char *out_text, size_t bytes_max);

/* Frees the tables. */
void store_deinit(struct identity *identity);

/* Ends checks and their thread; null is accepted. */
void checks_close(struct checks *checks);

#endif
