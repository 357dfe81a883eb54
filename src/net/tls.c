/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include "host/socket.h"
#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

struct net_tls {
    SSL_CTX *context;
    bool server;
};

struct tls_stream {
    SSL *ssl;
    bool server;
    bool wants_write;
    bool ready;
};

/* The library's own words for what went wrong last. */
static void explain(char reason[NET_REASON_BYTES], const char *what)
{
    unsigned long code = ERR_peek_last_error();
    const char *text = code == 0 ? NULL : ERR_reason_error_string(code);
    snprintf(reason, NET_REASON_BYTES, "%s%s%s", what, text == NULL ? "" : ": ",
             text == NULL ? "" : text);
    ERR_clear_error();
}

static SSL_CTX *context_new(const SSL_METHOD *method)
{
    SSL_CTX *context = SSL_CTX_new(method);
    if (context != NULL &&
        (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1)) {
        SSL_CTX_free(context);
        return NULL;
    }
    if (context != NULL) {
        /* Part writes, so that one large buffer is no deadlock; buffers may move between calls. */
        SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
        SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
        SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
    }
    return context;
}

static enum status finish(SSL_CTX *context, bool server, struct net_tls **out_tls)
{
    struct net_tls *tls = malloc(sizeof *tls);
    if (tls == NULL) {
        SSL_CTX_free(context);
        return STATUS_NO_MEMORY;
    }
    *tls = (struct net_tls){.context = context, .server = server};
    *out_tls = tls;
    return STATUS_OK;
}

enum status net_tls_open_server(const char *certificate_path, const char *key_path,
                                struct net_tls **out_tls, char reason[NET_REASON_BYTES])
{
    SSL_CTX *context = context_new(TLS_server_method());
    if (context == NULL) {
        return STATUS_NO_MEMORY;
    }
    const char *failed = NULL;
    if (SSL_CTX_use_certificate_chain_file(context, certificate_path) != 1) {
        failed = "the certificate chain cannot be used";
    } else if (SSL_CTX_use_PrivateKey_file(context, key_path, SSL_FILETYPE_PEM) != 1) {
        failed = "the private key cannot be used";
    } else if (SSL_CTX_check_private_key(context) != 1) {
        failed = "certificate and key do not belong together";
    }
    if (failed != NULL) {
        explain(reason, failed);
        SSL_CTX_free(context);
        return STATUS_CONFIG;
    }
    return finish(context, true, out_tls);
}

enum status net_tls_open_client(const char *trusted_path, struct net_tls **out_tls,
                                char reason[NET_REASON_BYTES])
{
    SSL_CTX *context = context_new(TLS_client_method());
    if (context == NULL) {
        return STATUS_NO_MEMORY;
    }
    int loaded = trusted_path == NULL ? SSL_CTX_set_default_verify_paths(context)
                                      : SSL_CTX_load_verify_file(context, trusted_path);
    if (loaded != 1) {
        explain(reason, "the trusted certificates cannot be read");
        SSL_CTX_free(context);
        return STATUS_CONFIG;
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return finish(context, false, out_tls);
}

void net_tls_close(struct net_tls *tls)
{
    if (tls != NULL) {
        SSL_CTX_free(tls->context);
        free(tls);
    }
}

/* `name` is a host name, or the text of an address. */
static bool expect_name(SSL *ssl, const char *name)
{
    X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1) {
        return true;
    }
    ERR_clear_error();
    return SSL_set1_host(ssl, name) == 1 && SSL_set_tlsext_host_name(ssl, name) == 1;
}

enum status tls_stream_open(struct net_tls *tls, int socket, const char *name,
                            struct tls_stream **out_stream)
{
    struct tls_stream *stream = calloc(1, sizeof *stream);
    SSL *ssl = stream == NULL ? NULL : SSL_new(tls->context);
    if (ssl == NULL || SSL_set_fd(ssl, socket) != 1 ||
        (!tls->server && name != NULL && !expect_name(ssl, name))) {
        SSL_free(ssl);
        free(stream);
        return STATUS_NO_MEMORY;
    }
    if (tls->server) {
        SSL_set_accept_state(ssl);
    } else {
        SSL_set_connect_state(ssl);
    }
    *stream = (struct tls_stream){.ssl = ssl, .server = tls->server};
    *out_stream = stream;
    return STATUS_OK;
}

/* AGAIN, END or IO for a call that did not succeed. */
static enum status status_of(struct tls_stream *stream, int result)
{
    int error = SSL_get_error(stream->ssl, result);
    stream->wants_write = error == SSL_ERROR_WANT_WRITE;
    switch (error) {
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return STATUS_AGAIN;
    case SSL_ERROR_ZERO_RETURN:
        return STATUS_END;
    default:
        return STATUS_IO;
    }
}

enum status tls_stream_handshake(struct tls_stream *stream, char reason[NET_REASON_BYTES])
{
    ERR_clear_error();
    int result = SSL_do_handshake(stream->ssl);
    if (result == 1) {
        stream->ready = true;
        return STATUS_OK;
    }
    enum status status = status_of(stream, result);
    if (status == STATUS_AGAIN) {
        return status;
    }
    long verified = SSL_get_verify_result(stream->ssl);
    if (!stream->server && verified != X509_V_OK) {
        snprintf(reason, NET_REASON_BYTES, "the venue's certificate is not trusted: %s",
                 X509_verify_cert_error_string(verified));
        ERR_clear_error();
    } else {
        explain(reason, "the TLS handshake failed");
    }
    return STATUS_IO;
}

bool tls_stream_wants_write(const struct tls_stream *stream)
{
    return stream->wants_write;
}

enum status tls_stream_read(struct tls_stream *stream, void *bytes, size_t capacity,
                            size_t *out_count)
{
    ERR_clear_error();
    int result = SSL_read_ex(stream->ssl, bytes, capacity, out_count);
    return result == 1 ? STATUS_OK : status_of(stream, result);
}

enum status tls_stream_write(struct tls_stream *stream, const void *bytes, size_t count,
                             size_t *out_count)
{
    ERR_clear_error();
    int result = SSL_write_ex(stream->ssl, bytes, count, out_count);
    return result == 1 ? STATUS_OK : status_of(stream, result);
}

void tls_stream_close(struct tls_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    if (stream->ready) {
        ERR_clear_error();
        (void)SSL_shutdown(stream->ssl); /* one way and without waiting */
    }
    SSL_free(stream->ssl);
    ERR_clear_error();
    free(stream);
}

static X509 *certificate_new(EVP_PKEY *key, const char *name)
{
    X509 *certificate = X509_new();
    if (certificate == NULL) {
        return NULL;
    }
    X509V3_CTX extension_context;
    char names[NET_REASON_BYTES];
    snprintf(names, sizeof names, "DNS:localhost,IP:127.0.0.1,IP:::1%s%s",
             name[0] == '\0' ? "" : ",DNS:", name);
    X509_NAME *subject = X509_get_subject_name(certificate);
    bool done =
        X509_set_version(certificate, X509_VERSION_3) == 1 &&
        ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) == 1 &&
        X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
        X509_gmtime_adj(X509_getm_notAfter(certificate), 366L * 24 * 3600) != NULL &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)"dojima", -1,
                                   -1, 0) == 1 &&
        X509_set_issuer_name(certificate, subject) == 1 && X509_set_pubkey(certificate, key) == 1;
    X509V3_set_ctx(&extension_context, certificate, certificate, NULL, NULL, 0);
    const struct {
        int kind;
        const char *value;
    } extensions[] = {
        {NID_subject_alt_name, names},
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_ext_key_usage, "serverAuth"},
    };
    for (size_t i = 0; done && i < sizeof extensions / sizeof extensions[0]; i++) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &extension_context,
                                                        extensions[i].kind, extensions[i].value);
        done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
        X509_EXTENSION_free(extension);
    }
    if (!done || X509_sign(certificate, key, EVP_sha256()) == 0) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

/* A new file only, so that nobody's key is overwritten. */
static FILE *create(const char *path, bool secret, char reason[NET_REASON_BYTES])
{
    BIO *there = BIO_new_file(path, "r");
    if (there != NULL) {
        BIO_free(there);
        snprintf(reason, NET_REASON_BYTES, "%.150s is there already", path);
        return NULL;
    }
    ERR_clear_error();
    FILE *file = fopen(path, secret ? "wx" : "w");
    if (file == NULL) {
        snprintf(reason, NET_REASON_BYTES, "%.150s cannot be written", path);
    }
    return file;
}

enum status net_certificate_make(const char *name, const char *certificate_path,
                                 const char *key_path, char reason[NET_REASON_BYTES])
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = key == NULL ? NULL : certificate_new(key, name);
    enum status status = certificate == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    if (status != STATUS_OK) {
        explain(reason, "the certificate could not be made");
    }
    FILE *key_file = NULL;
    FILE *certificate_file = NULL;
    if (status == STATUS_OK) {
        uint32_t mask = host_mask_private();
        key_file = create(key_path, true, reason);
        host_mask_restore(mask);
        certificate_file = key_file == NULL ? NULL : create(certificate_path, false, reason);
        status = certificate_file == NULL ? STATUS_EXISTS : STATUS_OK;
    }
    if (status == STATUS_OK && (PEM_write_PrivateKey(key_file, key, NULL, NULL, 0, NULL, NULL) != 1 ||
                                PEM_write_X509(certificate_file, certificate) != 1)) {
        explain(reason, "key and certificate could not be written");
        status = STATUS_IO;
    }
    if (key_file != NULL && fclose(key_file) != 0) {
        status = STATUS_IO;
    }
    if (certificate_file != NULL && fclose(certificate_file) != 0) {
        status = STATUS_IO;
    }
    X509_free(certificate);
    EVP_PKEY_free(key);
    return status;
}
