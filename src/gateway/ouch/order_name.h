/* SPDX-License-Identifier: Apache-2.0
 *
 * The client order id that an OUCH order has in the log: session, UserRefNum and, unless it is
 * blank, OUCH's own 14-character ClOrdID, so that every OUCH message can be made again from the log
 * alone.
 *
 *   7.1        session 7, UserRefNum 1
 *   7.2.ab-9   the same with ClOrdID "ab-9"
 *
 * Owner: nobody. Threads: any. Memory: none. Errors: false. Order of calls: any.
 */
#ifndef DOJIMA_GATEWAY_OUCH_ORDER_NAME_H
#define DOJIMA_GATEWAY_OUCH_ORDER_NAME_H

#include "wire/native/text36.h"

#define OUCH_CLIENT_ID_BYTES 14u

struct order_name {
    uint32_t session;
    uint32_t user_ref_num;
    char client_id[OUCH_CLIENT_ID_BYTES]; /* padded with blanks, as on the wire */
};

/* Fits always: 10 + 1 + 10 + 1 + 14 = 36. Padding is left out; the caller has checked that what is
 * left is printable and without blanks inside (order_name_legal). */
struct text36 order_name_encode(const struct order_name *name);

/* False: not a name that order_name_encode makes. */
bool order_name_decode(const struct text36 *text, struct order_name *out_name);

/* Whether a ClOrdID can stand in a name: 0x21..0x7e, then blanks only. */
bool order_name_legal(const char client_id[OUCH_CLIENT_ID_BYTES]);

#endif
