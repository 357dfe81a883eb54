/* SPDX-License-Identifier: Apache-2.0
 *
 * One request of the operator and its answer, as lines of JSON: what `dojima ctl` and the admin
 * socket say to each other, without the socket.
 *
 * Owner: admin.c. Threads: one. Memory: malloc. Errors: an answer with "ok": false; null: no
 * memory. Order of calls: any.
 */
#ifndef DOJIMA_GATEWAY_ADMIN_ANSWER_H
#define DOJIMA_GATEWAY_ADMIN_ANSWER_H

#include "gateway/admin/admin.h"
#include "gateway/directory.h"
#include "link/port.h"
#include "wire/native/event_codec.h"

struct net_listener;

struct admin {
    struct admin_options options;
    struct net_listener *listener;
    struct directory directory;
    uint64_t refused_count;
    uint32_t retry_after_us;
    enum status failure;
    enum reject refused_code; /* with `refused` */
    bool refused;             /* set by the port during a submit */
    bool shutdown;            /* asked for; done once the answer is on its way */
};

/* The answer without its line end, for free(). */
char *answer_to(struct admin *admin, const char *line, size_t count);

#endif
