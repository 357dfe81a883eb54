/* SPDX-License-Identifier: Apache-2.0 */
#include "host/disk.h"
#include "host/private.h"
#include "net/tls.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define LIFE_SECONDS  (365L * 24 * 3600)
#define CLOCK_SECONDS 3600L /* another machine's clock may be behind */

/* 63 random bits: two certificates of one name are told apart by clients that keep both. */
static bool set_serial(X509 *certificate)
{
    uint64_t serial = 0;
    return RAND_bytes((unsigned char *)&serial, sizeof serial) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), (serial >> 1) | 1) == 1;
}

static bool set_head(X509 *certificate, EVP_PKEY *key)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    const unsigned char *common_name = (const unsigned char *)"dojima";
    return X509_set_version(certificate, X509_VERSION_3) == 1 && set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -CLOCK_SECONDS) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), LIFE_SECONDS) != NULL &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common_name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, subject) == 1 &&
           X509_set_pubkey(certificate, key) == 1;
}

static bool add_extension(X509 *certificate, int kind, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/* Letters, digits, dots and hyphens: the library's text form of names has signs of its own. */
static bool is_host_name(const char *name)
{
    size_t length = 0;
    for (const char *at = name; *at != '\0'; at++, length++) {
        bool letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        bool digit = *at >= '0' && *at <= '9';
        if ((!letter && !digit && *at != '.' && *at != '-') || length == 100) {
            return false;
        }
    }
    return true;
}

static X509 *certificate_new(EVP_PKEY *key, const char *name)
{
    char names[NET_REASON_BYTES];
    (void)snprintf(names, sizeof names, "DNS:localhost,IP:127.0.0.1,IP:::1%s%s",
                   name[0] == '\0' ? "" : ",DNS:", name);
    X509 *certificate = X509_new();
    if (certificate == NULL || !set_head(certificate, key) ||
        !add_extension(certificate, NID_subject_alt_name, names) ||
        !add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(certificate, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(certificate, NID_ext_key_usage, "serverAuth") ||
        X509_sign(certificate, key, EVP_sha256()) == 0) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

/* A new file only, so that nobody's key is overwritten; private before the first byte is in it. */
static enum status write_file(const char *path, BIO *pem, bool secret)
{
    char *bytes = NULL;
    long count = BIO_get_mem_data(pem, &bytes);
    struct host_disk *disk = host_disk_posix();
    struct host_file *file = NULL;
    enum status status = disk->ops->open(disk, path, HOST_OPEN_CREATE | HOST_OPEN_WRITE, &file);
    if (status != STATUS_OK) {
        return status;
    }
    if (secret) {
        status = host_private_restrict(path);
    }
    if (status == STATUS_OK) {
        status = file->ops->write_at(file, 0, bytes, (size_t)count);
    }
    if (status == STATUS_OK) {
        status = file->ops->sync(file);
    }
    file->ops->close(file);
    if (status != STATUS_OK) {
        enum status removed = disk->ops->remove(disk, path);
        (void)removed; /* the first failure is the one to tell */
    }
    return status;
}

static enum status write_both(BIO *certificate, const char *certificate_path, BIO *key,
                              const char *key_path, char reason[NET_REASON_BYTES])
{
    struct host_disk *disk = host_disk_posix();
    const char *path = key_path;
    enum status status = write_file(key_path, key, true);
    if (status == STATUS_OK) {
        path = certificate_path;
        status = write_file(certificate_path, certificate, false);
        if (status != STATUS_OK) { /* a key without its certificate helps nobody */
            enum status removed = disk->ops->remove(disk, key_path);
            (void)removed;
        }
    }
    if (status != STATUS_OK) {
        (void)snprintf(reason, NET_REASON_BYTES, "%.120s: %s", path, status_sentence(status));
    }
    return status;
}

enum status net_certificate_make(const char *name, const char *certificate_path,
                                 const char *key_path, char reason[NET_REASON_BYTES])
{
    if (!is_host_name(name)) {
        (void)snprintf(reason, NET_REASON_BYTES, "\"%.100s\" is not a host name", name);
        return STATUS_INVALID;
    }
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key == NULL ? NULL : certificate_new(key, name);
    BIO *key_pem = BIO_new(BIO_s_secmem());
    BIO *certificate_pem = BIO_new(BIO_s_mem());
    enum status status = STATUS_NO_MEMORY;
    if (certificate != NULL && key_pem != NULL && certificate_pem != NULL &&
        PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
        PEM_write_bio_X509(certificate_pem, certificate) == 1) {
        status = write_both(certificate_pem, certificate_path, key_pem, key_path, reason);
    } else {
        (void)snprintf(reason, NET_REASON_BYTES, "the certificate could not be made");
    }
    ERR_clear_error();
    BIO_free(key_pem);
    BIO_free(certificate_pem);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return status;
}
