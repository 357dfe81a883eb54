/* SPDX-License-Identifier: Apache-2.0
 *
 * What requests that are no order are called in the log, so that their answers can be made again
 * from it alone:
 *
 *   7.Q12             a RESOLVE's name: session 7 asked for its next UserRefNum, which was 12
 *   7.E12.4649524d    a RESOLVE's name: order entry on again, UserRefNum 12, firm "FIRM"
 *
 *   63        62..32  31..0
 *   disables | firm | UserRefNum      the tag of a MASS_CANCEL
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: false. Order of calls: any.
 */
#ifndef DOJIMA_GATEWAY_OUCH_REQUEST_NAME_H
#define DOJIMA_GATEWAY_OUCH_REQUEST_NAME_H

#include "wire/native/text36.h"

#define OUCH_FIRM_BYTES 4u

/* A request of a firm: mass cancel, order entry off or on. */
struct firm_request {
    uint32_t user_ref_num;
    char firm[OUCH_FIRM_BYTES];
    bool disables; /* of a mass cancel: order entry goes off with it */
};

struct text36 query_name_encode(uint32_t session, uint32_t next);
bool query_name_decode(const struct text36 *text, uint32_t *out_next);

struct text36 enable_name_encode(uint32_t session, const struct firm_request *request);
bool enable_name_decode(const struct text36 *text, struct firm_request *out_request);

/* The firm's first byte loses its highest bit, which no letter has. */
uint64_t mass_cancel_tag_encode(const struct firm_request *request);
struct firm_request mass_cancel_tag_decode(uint64_t tag);

#endif
