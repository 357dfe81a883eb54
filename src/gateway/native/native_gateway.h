/* SPDX-License-Identifier: Apache-2.0
 *
 * The native door: the venue's own commands in and its own events out, in the layouts of
 * wire/native/sbe.h, on the same session layer as OUCH.
 *
 * Owner, Threads, Memory, Errors, Order of calls: as gateway/gateway.h.
 */
#ifndef DOJIMA_GATEWAY_NATIVE_NATIVE_GATEWAY_H
#define DOJIMA_GATEWAY_NATIVE_NATIVE_GATEWAY_H

#include "gateway/gateway.h"

MUST_USE enum status native_gateway_open(const struct gateway_options *options,
                                         struct gateway **out_gateway);

#endif
