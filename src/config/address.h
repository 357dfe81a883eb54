/* SPDX-License-Identifier: Apache-2.0
 *
 * "127.0.0.1:9101" and "[::1]:9101": whether a text is such an address, and of what kind. Names are
 * not looked up: what is listened on must not depend on a name server.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: false. Order of calls: any.
 * Source: RFC 4291 (text forms of IPv6), RFC 1122 (127/8), RFC 5771 (224/4).
 */
#ifndef DOJIMA_CONFIG_ADDRESS_H
#define DOJIMA_CONFIG_ADDRESS_H

#include "base/compiler.h"

#include <stdbool.h>

struct config_address {
    uint8_t bytes[16]; /* an IPv4 address in the first four */
    uint16_t port;
    bool six;
    bool loopback;
    bool multicast;
};

MUST_USE bool config_address_parse(const char *text, struct config_address *out_address);

#endif
