/* SPDX-License-Identifier: Apache-2.0 */
#include "host/digest.h"

#include "base/assert.h"

#include <openssl/evp.h>
#include <stdlib.h>

/* The algorithm is fetched once: fetching at each begin costs more than hashing a small batch. */
struct host_digest {
    EVP_MD_CTX *context;
    EVP_MD *algorithm;
};

enum status host_digest_open(struct host_digest **out_digest)
{
    struct host_digest *digest = calloc(1, sizeof *digest);
    if (digest == NULL) {
        return STATUS_NO_MEMORY;
    }
    digest->context = EVP_MD_CTX_new();
    digest->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (digest->context == NULL || digest->algorithm == NULL) {
        host_digest_close(digest);
        return STATUS_NO_MEMORY;
    }
    *out_digest = digest;
    return STATUS_OK;
}

void host_digest_begin(struct host_digest *digest)
{
    ASSERT(EVP_DigestInit_ex2(digest->context, digest->algorithm, NULL) == 1);
}

void host_digest_add(struct host_digest *digest, const void *bytes, size_t count)
{
    ASSERT(EVP_DigestUpdate(digest->context, bytes, count) == 1);
}

void host_digest_end(struct host_digest *digest, uint8_t out_value[HOST_DIGEST_BYTES])
{
    unsigned count = 0;
    ASSERT(EVP_DigestFinal_ex(digest->context, out_value, &count) == 1);
    ASSERT(count == HOST_DIGEST_BYTES);
}

void host_digest_close(struct host_digest *digest)
{
    if (digest != NULL) {
        EVP_MD_CTX_free(digest->context);
        EVP_MD_free(digest->algorithm);
        free(digest);
    }
}
