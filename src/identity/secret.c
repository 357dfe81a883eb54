/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/secret.h"

#include "base/assert.h"
#include "base/bytes.h"

#include <sodium.h>
#include <string.h>

/* 32 characters that are not taken for one another: ten of them are 50 bits. */
static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/* The hash of sixteen random bytes that nobody kept: what a name that does not exist is checked
 * against. */
static const char nobody[SECRET_HASH_BYTES] =
    "$argon2id$v=19$m=65536,t=2,p=1$hJ4MOcsniFwdm4L5NZxg6A$aHMQgw2Gzswijh1ajQ/XrCIDu+W1O3kIKFjChQ/"
    "7rgs";

_Static_assert(SECRET_HASH_BYTES == crypto_pwhash_STRBYTES, "libsodium's text form");
_Static_assert(IDENTITY_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(IDENTITY_SEED_BYTES == crypto_sign_SEEDBYTES, "Ed25519");
_Static_assert(IDENTITY_SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");

void secret_start(void)
{
    ASSERT(sodium_init() >= 0);
}

void secret_random(void *bytes, size_t count)
{
    randombytes_buf(bytes, count);
}

void secret_password(char out_password[IDENTITY_PASSWORD_BYTES + 1])
{
    for (size_t i = 0; i < IDENTITY_PASSWORD_BYTES; i++) {
        out_password[i] = alphabet[randombytes_uniform(sizeof alphabet - 1)];
    }
    out_password[IDENTITY_PASSWORD_BYTES] = '\0';
}

void secret_wipe(void *bytes, size_t count)
{
    sodium_memzero(bytes, count);
}

enum status secret_hash(const char *password, size_t count, char out_hash[SECRET_HASH_BYTES])
{
    char hash[SECRET_HASH_BYTES];
    /* The only reason it can fail is that the memory is not to be had. */
    if (crypto_pwhash_str_alg(hash, password, count, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return STATUS_NO_MEMORY;
    }
    memcpy(out_hash, hash, sizeof hash);
    return STATUS_OK;
}

bool secret_verify(const char hash[SECRET_HASH_BYTES], const char *password, size_t count)
{
    bool exists = hash[0] != '\0';
    bool right = crypto_pwhash_str_verify(exists ? hash : nobody, password, count) == 0;
    return right && exists;
}

bool secret_hash_valid(const char *hash)
{
    return strncmp(hash, crypto_pwhash_STRPREFIX, strlen(crypto_pwhash_STRPREFIX)) == 0 &&
           crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                          crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

bool secret_signature_valid(const uint8_t key[IDENTITY_KEY_BYTES],
                            const uint8_t signature[IDENTITY_SIGNATURE_BYTES], const uint8_t *bytes,
                            size_t count)
{
    return crypto_sign_verify_detached(signature, bytes, count, key) == 0;
}

void secret_known(const uint8_t key[SECRET_KEY_BYTES], const struct secret_known *input,
                  uint8_t out_known[SECRET_KNOWN_BYTES])
{
    crypto_generichash_state state;
    uint8_t session[4];
    bytes_store_le32(session, input->session);
    int failed = crypto_generichash_init(&state, key, SECRET_KEY_BYTES, SECRET_KNOWN_BYTES);
    failed |= crypto_generichash_update(&state, session, sizeof session);
    failed |= crypto_generichash_update(&state, (const uint8_t *)input->password, input->count);
    failed |= crypto_generichash_final(&state, out_known, SECRET_KNOWN_BYTES);
    ASSERT(failed == 0);
}

bool secret_equal(const uint8_t *one, const uint8_t *other, size_t count)
{
    return sodium_memcmp(one, other, count) == 0;
}

void identity_challenge(uint8_t out_challenge[IDENTITY_CHALLENGE_BYTES])
{
    secret_start();
    secret_random(out_challenge, IDENTITY_CHALLENGE_BYTES);
}

void identity_logon_bytes(const char *name, size_t name_count,
                          const uint8_t challenge[IDENTITY_CHALLENGE_BYTES],
                          uint8_t out_bytes[IDENTITY_LOGON_BYTES])
{
    static const char purpose[IDENTITY_LOGON_BYTES - IDENTITY_NAME_BYTES -
                              IDENTITY_CHALLENGE_BYTES] = "dojima logon v1";
    size_t count = name_count < IDENTITY_NAME_BYTES ? name_count : IDENTITY_NAME_BYTES;
    memcpy(out_bytes, purpose, sizeof purpose);
    memset(out_bytes + sizeof purpose, ' ', IDENTITY_NAME_BYTES);
    memcpy(out_bytes + sizeof purpose, name, count);
    memcpy(out_bytes + sizeof purpose + IDENTITY_NAME_BYTES, challenge, IDENTITY_CHALLENGE_BYTES);
}

void identity_make_key(uint8_t out_seed[IDENTITY_SEED_BYTES], uint8_t out_key[IDENTITY_KEY_BYTES])
{
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    secret_start();
    secret_random(out_seed, IDENTITY_SEED_BYTES);
    ASSERT(crypto_sign_seed_keypair(out_key, secret, out_seed) == 0);
    secret_wipe(secret, sizeof secret);
}

void identity_sign(const uint8_t seed[IDENTITY_SEED_BYTES], const uint8_t *bytes, size_t count,
                   uint8_t out_signature[IDENTITY_SIGNATURE_BYTES])
{
    uint8_t key[IDENTITY_KEY_BYTES];
    uint8_t secret[crypto_sign_SECRETKEYBYTES];
    secret_start();
    ASSERT(crypto_sign_seed_keypair(key, secret, seed) == 0);
    ASSERT(crypto_sign_detached(out_signature, NULL, bytes, count, secret) == 0);
    secret_wipe(secret, sizeof secret);
}
