/* SPDX-License-Identifier: Apache-2.0
 *
 * Numbers of the SBE frame (wire/native/sbe.h) that do not follow from schema/: also read by the
 * generator of docs/reference/dojima-sbe.xml.
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_WIRE_NATIVE_SBE_FRAME_H
#define DOJIMA_WIRE_NATIVE_SBE_FRAME_H

#define SBE_SCHEMA_ID              1697u
#define SBE_HEADER_BYTES           8
#define SBE_COMMAND_PREFIX_BYTES   12
#define SBE_EVENT_PREFIX_BYTES     20
#define SBE_EVENT_TEMPLATE         1000u /* added to enum event_id */
#define SBE_NOT_SEQUENCED_TEMPLATE 2000u
#define SBE_NOT_SEQUENCED_BYTES    (SBE_HEADER_BYTES + 14)

#endif
