/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS 1.3 and nothing below it: what a server shows and what a client trusts. ADR 0008.
 *
 * Owner: the caller; may be closed when no listener and connection uses it any more. Threads: any
 * number of loops may share one. Memory: OpenSSL's. Errors: CONFIG with a sentence in `reason`:
 * a file is missing, unreadable or not what it should be; of net_certificate_make those of
 * host/disk.h, EXISTS among them, and INVALID: no host name. Order of calls: open, use, close.
 */
#ifndef DOJIMA_NET_TLS_H
#define DOJIMA_NET_TLS_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>

#define NET_REASON_BYTES 200

struct net_tls;

/* PEM files: a chain and its key. */
MUST_USE enum status net_tls_open_server(const char *certificate_path, const char *key_path,
                                         struct net_tls **out_tls, char reason[NET_REASON_BYTES]);

/* Trusts the certificates in a PEM file and nothing else, be they roots or a venue's own (pinned);
 * null: those of the system. */
MUST_USE enum status net_tls_open_client(const char *trusted_path, struct net_tls **out_tls,
                                         char reason[NET_REASON_BYTES]);

/* Null is accepted. */
void net_tls_close(struct net_tls *tls);

/* A new P-256 key and a self-signed certificate for `name` and the loopback addresses, for one
 * year; `name` may be empty. Writes both files or none; the key's is readable by its owner alone.
 */
MUST_USE enum status net_certificate_make(const char *name, const char *certificate_path,
                                          const char *key_path, char reason[NET_REASON_BYTES]);

#endif
