/* SPDX-License-Identifier: Apache-2.0
 *
 * The secrets' mathematics, all of it libsodium's: argon2id, Ed25519, random bytes, keyed hashes.
 *
 * Owner: the caller. Threads: any. Memory: secret_hash and secret_verify take 64 MiB while they
 * run. Errors: NO_MEMORY; false. Order of calls: secret_start once, then any. Source: RFC 9106
 * (argon2), RFC 8032 (Ed25519).
 */
#ifndef DOJIMA_IDENTITY_SECRET_H
#define DOJIMA_IDENTITY_SECRET_H

#include "base/status.h"
#include "identity/identity.h"

#define SECRET_HASH_BYTES  128u /* with its NUL */
#define SECRET_KNOWN_BYTES 32u
#define SECRET_KEY_BYTES   32u

/* Aborts if the library does not work: nothing can be checked then. */
void secret_start(void);

void secret_random(void *bytes, size_t count);
void secret_password(char out_password[IDENTITY_PASSWORD_BYTES + 1]);
void secret_wipe(void *bytes, size_t count);

MUST_USE enum status secret_hash(const char *password, size_t count,
                                 char out_hash[SECRET_HASH_BYTES]);
/* An empty `hash` costs as much as a wrong password, and is one. */
MUST_USE bool secret_verify(const char hash[SECRET_HASH_BYTES], const char *password, size_t count);
/* Whether the text is an argon2id hash at all. */
MUST_USE bool secret_hash_valid(const char *hash);

MUST_USE bool secret_signature_valid(const uint8_t key[IDENTITY_KEY_BYTES],
                                     const uint8_t signature[IDENTITY_SIGNATURE_BYTES],
                                     const uint8_t *bytes, size_t count);

/* A hash that is quick, and useless without the key: for passwords found right before. */
struct secret_known {
    uint32_t session;
    const char *password;
    size_t count;
};
void secret_known(const uint8_t key[SECRET_KEY_BYTES], const struct secret_known *input,
                  uint8_t out_known[SECRET_KNOWN_BYTES]);
/* In a time that does not depend on where they differ. */
MUST_USE bool secret_equal(const uint8_t *one, const uint8_t *other, size_t count);

#endif
