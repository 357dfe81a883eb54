/* SPDX-License-Identifier: Apache-2.0 */
#include "net/tls.h"

#include "host/socket.h"
#include "net/tls_stream.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST_NAME_MAX_BYTES 253u /* RFC 1035 2.3.4, as text */

struct net_tls {
    SSL_CTX *context;
    BIO_METHOD *method;
    bool server;
};

struct tls_stream {
    SSL *ssl;
    bool server;
    bool wants_write;
    bool ready;
};

/* The library's own socket code raises SIGPIPE when the peer is gone and keeps errno; ours, in
 * host, does neither. */
static int bio_read(BIO *bio, char *bytes, int capacity)
{
    size_t count = 0;
    BIO_clear_retry_flags(bio);
    enum status status =
        host_socket_read((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)capacity, &count);
    if (status == STATUS_AGAIN) {
        BIO_set_retry_read(bio);
    }
    return status == STATUS_OK ? (int)count : -1;
}

static int bio_write(BIO *bio, const char *bytes, int count)
{
    size_t written = 0;
    BIO_clear_retry_flags(bio);
    enum status status =
        host_socket_write((int)(intptr_t)BIO_get_data(bio), bytes, (size_t)count, &written);
    if (status == STATUS_AGAIN) {
        BIO_set_retry_write(bio);
    }
    return status == STATUS_OK ? (int)written : -1;
}

static long bio_control(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

static BIO_METHOD *method_new(void)
{
    BIO_METHOD *method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "dojima socket");
    if (method != NULL &&
        (BIO_meth_set_read(method, bio_read) != 1 || BIO_meth_set_write(method, bio_write) != 1 ||
         BIO_meth_set_ctrl(method, bio_control) != 1 ||
         BIO_meth_set_create(method, bio_create) != 1)) {
        BIO_meth_free(method);
        return NULL;
    }
    return method;
}

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
    if (context == NULL) {
        return NULL;
    }
    if (SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_num_tickets(context, 0) != 1) { /* sessions are not taken up again */
        SSL_CTX_free(context);
        return NULL;
    }
    /* Part writes: a large buffer is no deadlock, and it may move between the tries. The record
     * buffers are kept: no allocation a message. */
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_read_ahead(context, 1); /* one system call for head and body of a record */
    return context;
}

static enum status finish(SSL_CTX *context, bool server, struct net_tls **out_tls)
{
    struct net_tls *tls = malloc(sizeof *tls);
    BIO_METHOD *method = tls == NULL ? NULL : method_new();
    if (method == NULL) {
        free(tls);
        SSL_CTX_free(context);
        return STATUS_NO_MEMORY;
    }
    *tls = (struct net_tls){.context = context, .method = method, .server = server};
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
    if (trusted_path != NULL) { /* any certificate of the file, not only roots: pinning */
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
    }
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    return finish(context, false, out_tls);
}

void net_tls_close(struct net_tls *tls)
{
    if (tls != NULL) {
        SSL_CTX_free(tls->context);
        BIO_meth_free(tls->method);
        free(tls);
    }
}

/* `name` is a host name, or the text of an address. */
static bool expect_name(SSL *ssl, const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > HOST_NAME_MAX_BYTES) { /* an empty one would ask for none */
        return false;
    }
    X509_VERIFY_PARAM *parameters = SSL_get0_param(ssl);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1) {
        return true;
    }
    ERR_clear_error();
    return SSL_set1_host(ssl, name) == 1;
}

enum status tls_stream_open(struct net_tls *tls, int socket, const char *name,
                            struct tls_stream **out_stream)
{
    struct tls_stream *stream = calloc(1, sizeof *stream);
    SSL *ssl = stream == NULL ? NULL : SSL_new(tls->context);
    BIO *bio = ssl == NULL ? NULL : BIO_new(tls->method);
    enum status status = bio == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    if (status == STATUS_OK && !tls->server && name != NULL && !expect_name(ssl, name)) {
        BIO_free(bio);
        status = STATUS_INVALID;
    }
    if (status != STATUS_OK) {
        ERR_clear_error();
        SSL_free(ssl);
        free(stream);
        return status;
    }
    BIO_set_data(bio, (void *)(intptr_t)socket);
    SSL_set_bio(ssl, bio, bio);
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

void tls_stream_end(struct tls_stream *stream)
{
    if (stream != NULL && stream->ready) {
        ERR_clear_error();
        int result = SSL_shutdown(stream->ssl); /* one way and without waiting */
        (void)result;
        stream->ready = false;
    }
}

void tls_stream_close(struct tls_stream *stream)
{
    if (stream == NULL) {
        return;
    }
    tls_stream_end(stream);
    SSL_free(stream->ssl);
    ERR_clear_error();
    free(stream);
}
