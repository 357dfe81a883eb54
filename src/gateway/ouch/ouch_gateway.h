/* SPDX-License-Identifier: Apache-2.0
 *
 * The OUCH 5.0 door: orders in and their outcomes out over SoupBinTCP 3.00. How commands and
 * events map to messages is in docs/reference/ouch-mapping.md.
 *
 * Owner, Threads, Memory, Errors, Order of calls: as gateway/gateway.h.
 */
#ifndef DOJIMA_GATEWAY_OUCH_OUCH_GATEWAY_H
#define DOJIMA_GATEWAY_OUCH_OUCH_GATEWAY_H

#include "gateway/gateway.h"

MUST_USE enum status ouch_gateway_open(const struct gateway_options *options,
                                       struct gateway **out_gateway);

#endif
