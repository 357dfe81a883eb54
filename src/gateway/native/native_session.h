/* SPDX-License-Identifier: Apache-2.0
 *
 * The native protocol as a protocol of the gateway: commands and events in the frame of
 * wire/native/sbe.h. A client counts its input sequences itself, from 1 after each login; account 0
 * is the session's own. Events go out as they stand in the log, so there is nothing to fold, and a
 * logon reads nothing of the past: an entry that a client asks for again is read when it asks.
 * Results of earlier commands (REPLAYED, RESOLVED) are the engine's answers, never the door's.
 *
 * Owner: a session of the gateway. Threads: one. Memory: malloc. Errors: NO_MEMORY.
 * Order of calls: as gateway/protocol.h.
 */
#ifndef DOJIMA_GATEWAY_NATIVE_NATIVE_SESSION_H
#define DOJIMA_GATEWAY_NATIVE_NATIVE_SESSION_H

#include "gateway/protocol.h"

extern const struct protocol_ops native_protocol;

#endif
