/* SPDX-License-Identifier: Apache-2.0
 *
 * The importer's inside, shared by its parts: importer.c (one message), importer_send.c (one
 * command and what came of it), importer_instruments.c (numbers of instruments).
 *
 * Owner: the importer. Threads: one. Memory: malloc. Errors: as importer.h. Order of calls: there.
 */
#ifndef DOJIMA_APPS_IMPORTER_STATE_H
#define DOJIMA_APPS_IMPORTER_STATE_H

#include "apps/dojima/importer.h"
#include "apps/dojima/known_orders.h"

/* What the last command caused. */
struct importer_outcome {
    enum reject reject; /* REJECT_NONE: it was not refused */
    uint32_t trades;
    uint64_t first_maker; /* order id of the first trade's maker */
    int64_t traded;       /* lots, all trades together */
};

struct importer {
    struct importer_options options;
    struct importer_counts counts;
    struct importer_outcome outcome;
    struct known_orders known;
    struct importer_instrument *instruments; /* by number - 1 */
    uint32_t instrument_count;
    uint32_t instrument_capacity;
    uint32_t *instrument_slots; /* open addressing by key: index into instruments + 1 */
    uint32_t instrument_slot_count;
    uint64_t midnight_ns;
    uint64_t input_sequence;
    uint64_t source_sequence; /* of the message being applied */
    uint32_t source_index;    /* of its next command */
    uint64_t time_ns;
};

/* Starts a command of the built-in session (`session` 0: of the operator). */
struct command importer_command(struct importer *importer, enum command_id id, uint8_t version,
                                uint32_t session);

/* Submits it and reads what came of it into importer->outcome. */
MUST_USE enum status importer_send(struct importer *importer, struct command *command);

/* The instrument of a message; lists it first if it is new. Valid until the next call. */
MUST_USE enum status importer_instrument_of(struct importer *importer,
                                            const struct flow_message *message,
                                            struct importer_instrument **out_instrument);

#endif
