/* SPDX-License-Identifier: Apache-2.0
 *
 * The way between a seat and the venue: letters that arrive some time after they were sent. One way
 * keeps their order, as TCP does; the other may lose, double and swap them, as a gateway that was
 * cut off and comes back does.
 *
 * Owner: a seat. Threads: one. Memory: malloc. Errors: none. Order of calls: zeroed is empty;
 * mail_put, mail_take, mail_clear.
 */
#ifndef DOJIMA_SIM_MAIL_H
#define DOJIMA_SIM_MAIL_H

#include "stream/stream.h"
#include "wire/native/command.h"

#define MAIL_BYTES_MAX 320u

enum letter_kind {
    LETTER_COMMAND = 1,
    LETTER_ENTRY = 2,
    LETTER_LIVE = 3,
    LETTER_REFUSED = 4,
};

struct letter {
    int64_t due_ns;
    uint64_t ticket; /* order of putting */
    enum letter_kind kind;
    struct command command;    /* COMMAND */
    struct stream_entry entry; /* ENTRY; its bytes are below. LIVE: number alone */
    uint64_t input_sequence;   /* REFUSED */
    uint32_t incarnation;      /* of the sender, COMMAND and REFUSED */
    uint8_t bytes[MAIL_BYTES_MAX];
};

struct mail {
    struct letter *letters;
    size_t count;
    size_t capacity;
    uint64_t tickets;
    int64_t last_due_ns; /* of the letters that keep their order */
};

/* `in_order`: not before the one put before it. */
struct letter *mail_put(struct mail *mail, int64_t due_ns, bool in_order);

/* The next letter that is due; false: none. The copy is the caller's. */
bool mail_take(struct mail *mail, int64_t now_ns, struct letter *out_letter);

void mail_clear(struct mail *mail);
void mail_deinit(struct mail *mail);

#endif
