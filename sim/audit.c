/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/audit.h"

#include "base/assert.h"
#include "base/hash.h"
#include "journal/embedded/embedded.h"
#include "sim/setup.h"
#include "tests/engine/twin.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <stdlib.h>

#define LL(number)  ((unsigned long long)(number))
#define PLACES_MAX  1024u
#define LEVELS_MAX  256u
#define RECORD_MAX  (EVENT_HEADER_BYTES + EVENT_BODY_BYTES_MAX + 8)
#define POLL_RECORD 64u

/* -- the visible book ------------------------------------------------------------------------- */

struct spot {
    uint64_t reference;
    int64_t price;
    int64_t lots;
    uint32_t instrument;
    enum side side;
};

struct book_fold {
    struct finding_log *findings;
    struct spot places[PLACES_MAX];
    size_t count;
};

static struct spot *find_place(struct book_fold *fold, uint64_t reference)
{
    for (size_t i = 0; i < fold->count; i++) {
        if (fold->places[i].reference == reference) {
            return &fold->places[i];
        }
    }
    return NULL;
}

static void take_lots(struct book_fold *fold, uint64_t reference, int64_t lots, int64_t left)
{
    struct spot *place = find_place(fold, reference);
    if (place == NULL || place->lots - lots != left) {
        sim_find(fold->findings, "projection", "place %llu does not hold %lld lots and %lld more",
                 LL(reference), (long long)lots, (long long)left);
        return;
    }
    place->lots = left;
    if (left == 0) {
        *place = fold->places[--fold->count];
    }
}

static void fold_event(struct book_fold *fold, const struct stream_entry *entry,
                       const struct event *event)
{
    switch (event->header.id) {
    case EVENT_RESTED:
        if (entry->replaced_reference != 0) {
            struct spot *left = find_place(fold, entry->replaced_reference);
            if (left == NULL) {
                sim_find(fold->findings, "projection", "an order moved from a place it had not");
                return;
            }
            *left = fold->places[--fold->count];
        }
        ASSERT(fold->count < PLACES_MAX);
        fold->places[fold->count++] = (struct spot){.reference = entry->event_sequence,
                                                    .price = event->rested.price.units,
                                                    .lots = event->rested.quantity.lots,
                                                    .instrument = event->rested.instrument,
                                                    .side = event->rested.side};
        break;
    case EVENT_REDUCED:
        take_lots(fold, event->reduced.reference, event->reduced.quantity.lots,
                  event->reduced.remaining.lots);
        break;
    case EVENT_REMOVED:
        take_lots(fold, event->removed.reference, event->removed.quantity.lots, 0);
        break;
    case EVENT_TRADE:
        take_lots(fold, event->trade.maker_reference, event->trade.quantity.lots,
                  event->trade.maker_remaining.lots);
        break;
    default:
        break;
    }
}

static bool decode(const uint8_t *bytes, size_t count, struct event *event)
{
    return event_header_decode(bytes, count, &event->header) == STATUS_OK &&
           event_body_decode(bytes + EVENT_HEADER_BYTES, count - EVENT_HEADER_BYTES, event) ==
               STATUS_OK;
}

static bool on_public(void *context, const struct stream_entry *entry)
{
    struct book_fold *fold = context;
    struct event event;
    if (entry->key.kind == STREAM_PUBLIC && decode(entry->bytes, entry->count, &event)) {
        fold_event(fold, entry, &event);
    }
    return true;
}

static void compare_side(const struct book_fold *fold, const struct venue *venue,
                         uint32_t instrument, enum side side)
{
    static struct engine_level levels[LEVELS_MAX];
    size_t count = engine_levels(venue->shard.engine, instrument, side, levels, LEVELS_MAX);
    int64_t engine_lots = 0;
    int64_t folded_lots = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t lots = 0;
        uint32_t orders = 0;
        for (size_t k = 0; k < fold->count; k++) {
            const struct spot *place = &fold->places[k];
            bool here = place->instrument == instrument && place->side == side &&
                        place->price == levels[i].price.units;
            lots += here ? place->lots : 0;
            orders += here;
        }
        if (lots != levels[i].quantity.lots || orders != levels[i].orders) {
            sim_find(fold->findings, "projection",
                     "instrument %u, side %d, price %lld: folded %lld lots in %u orders, engine "
                     "%lld in %u",
                     instrument, (int)side, (long long)levels[i].price.units, (long long)lots,
                     orders, (long long)levels[i].quantity.lots, levels[i].orders);
        }
        engine_lots += levels[i].quantity.lots;
    }
    for (size_t k = 0; k < fold->count; k++) {
        const struct spot *place = &fold->places[k];
        folded_lots += place->instrument == instrument && place->side == side ? place->lots : 0;
    }
    if (folded_lots != engine_lots) {
        sim_find(fold->findings, "projection", "instrument %u, side %d: levels are missing",
                 instrument, (int)side);
    }
}

void audit_book(struct venue *venue, struct finding_log *findings)
{
    struct book_fold *fold = calloc(1, sizeof *fold);
    ASSERT(fold != NULL);
    fold->findings = findings;
    struct stream_options options = {.events = venue->shard.events,
                                     .on_entry = on_public,
                                     .context = fold,
                                     .shard = venue->shard.genesis.shard,
                                     .expected_orders = 512};
    struct stream *stream;
    ASSERT(stream_open(&options, &stream) == STATUS_OK);
    if (stream_catch_up(stream) != STATUS_OK) {
        sim_find(findings, "projection", "the events cannot be read");
    }
    stream_close(stream);
    for (uint32_t instrument = 1; instrument <= SETUP_INSTRUMENTS; instrument++) {
        compare_side(fold, venue, instrument, SIDE_BUY);
        compare_side(fold, venue, instrument, SIDE_SELL);
    }
    free(fold);
}

static void on_state_bytes(void *context, const uint8_t *bytes, size_t count)
{
    uint64_t *hash = context;
    for (size_t i = 0; i < count; i++) {
        *hash = (*hash ^ bytes[i]) * 0x100000001b3u;
    }
}

uint64_t audit_state(const struct venue *venue)
{
    uint64_t hash = 0xcbf29ce484222325u;
    engine_walk(venue->shard.engine, on_state_bytes, &hash);
    return hash;
}

/* -- the logs --------------------------------------------------------------------------------- */

/* One log, record by record. */
struct reading {
    struct journal *journal;
    struct journal_cursor cursor;
    struct journal_entry entries[POLL_RECORD];
    size_t count;
    size_t at;
};

static const struct journal_entry *next_record(struct reading *reading)
{
    if (reading->at == reading->count) {
        reading->at = 0;
        enum status status = journal_poll(reading->journal, &reading->cursor, reading->entries,
                                          POLL_RECORD, &reading->count);
        if (status != STATUS_OK || reading->count == 0) {
            reading->count = 0;
            return NULL;
        }
    }
    return &reading->entries[reading->at++];
}

static bool open_log(struct host_disk *disk, const char *name, enum journal_kind kind,
                     struct finding_log *findings, struct reading *reading)
{
    struct journal_report report;
    enum status status = journal_embedded_verify(disk, name, 0, &report);
    if (status != STATUS_OK || !report.sealed) {
        sim_find(findings, "log", "%s: %s", name,
                 report.reason != NULL ? report.reason : "it is not sealed");
    }
    struct journal_options options = {.kind = kind, .read_only = true};
    *reading = (struct reading){.cursor = journal_cursor_at(1)};
    status = journal_embedded_open(disk, name, &options, &report, &reading->journal);
    if (status != STATUS_OK) {
        sim_find(findings, "log", "%s cannot be opened: %s", name, status_name(status));
    }
    return status == STATUS_OK;
}

static void close_log(struct reading *reading)
{
    journal_cursor_close(reading->journal, &reading->cursor);
    enum status closed = journal_close(reading->journal, false);
    (void)closed; /* only read */
}

static bool decode_command(const struct journal_entry *entry, struct command *command)
{
    if (command_header_decode(entry->body, entry->body_bytes, &command->header) != STATUS_OK) {
        return false;
    }
    command->header.sequence = entry->sequence;
    command->header.time_ns = (uint64_t)entry->time_ns;
    return command_body_decode(entry->body + COMMAND_HEADER_BYTES,
                               entry->body_bytes - COMMAND_HEADER_BYTES, command) == STATUS_OK;
}

/* The next logged event is the one that the twin has made. */
static bool same_event(const struct journal_entry *entry, const struct event *event)
{
    uint8_t bytes[RECORD_MAX] = {0};
    event_header_encode(bytes, event->header.id, event->header.version, event->header.cause);
    size_t count = EVENT_HEADER_BYTES +
                   event_body_encode_as(bytes + EVENT_HEADER_BYTES, event, event->header.version);
    return entry->sequence == event->header.sequence && entry->body_bytes == count &&
           memcmp(entry->body, bytes, count) == 0;
}

static bool twin_agrees(struct twin *twin, const struct command *command, struct reading *events,
                        struct finding_log *findings)
{
    twin_apply(twin, command);
    for (size_t i = 0; i < twin->event_count; i++) {
        const struct journal_entry *entry = next_record(events);
        if (entry == NULL || !same_event(entry, &twin->events[i])) {
            sim_find(findings, "twin", "command %llu (kind %d): event %llu is another one",
                     LL(command->header.sequence), command->header.id,
                     LL(twin->events[i].header.sequence));
            return false;
        }
        if ((uint64_t)entry->time_ns != command->header.time_ns) {
            sim_find(findings, "order", "event %llu has not the time of its cause",
                     LL(entry->sequence));
        }
    }
    return true;
}

static void compare_with_twin(struct reading *commands, struct reading *events,
                              const struct command_genesis *genesis, struct finding_log *findings)
{
    struct twin twin;
    twin_init(&twin, genesis);
    uint64_t sequence = 0;
    int64_t time_ns = 0;
    const struct journal_entry *entry = next_record(commands);
    for (; entry != NULL && !sim_found(findings); entry = next_record(commands)) {
        struct command command = {0};
        if (entry->sequence != ++sequence || entry->time_ns < time_ns) {
            sim_find(findings, "order", "command %llu: sequence or time goes back",
                     LL(entry->sequence));
        }
        time_ns = entry->time_ns;
        if (!decode_command(entry, &command)) {
            sim_find(findings, "log", "command %llu is no command", LL(entry->sequence));
            break;
        }
        if (!twin_agrees(&twin, &command, events, findings)) {
            break;
        }
    }
    entry = next_record(events);
    if (entry != NULL && !sim_found(findings)) {
        sim_find(findings, "twin", "event %llu is caused by no command", LL(entry->sequence));
    }
    twin_deinit(&twin);
}

static bool is_refused(const struct command_header *header, const struct seat_refusal *refused,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (refused[i].session == header->session &&
            refused[i].incarnation == header->incarnation &&
            refused[i].input_sequence == header->input_sequence) {
            return header->id != COMMAND_LOGON; /* which takes no input sequence */
        }
    }
    return false;
}

void audit_refused(struct host_disk *disk, const struct seat_refusal *refused, size_t count,
                   struct finding_log *findings)
{
    struct reading commands;
    if (count == 0 ||
        !open_log(disk, SETUP_DATA "/commands", JOURNAL_COMMANDS, findings, &commands)) {
        return;
    }
    const struct journal_entry *entry = next_record(&commands);
    for (; entry != NULL; entry = next_record(&commands)) {
        struct command command = {0};
        if (decode_command(entry, &command) && is_refused(&command.header, refused, count)) {
            sim_find(findings, "door", "command %llu was refused at the door", LL(entry->sequence));
        }
    }
    close_log(&commands);
}

void audit_logs(struct host_disk *disk, const struct command_genesis *genesis,
                struct finding_log *findings)
{
    struct reading commands;
    struct reading events;
    if (!open_log(disk, SETUP_DATA "/commands", JOURNAL_COMMANDS, findings, &commands)) {
        return;
    }
    if (open_log(disk, SETUP_DATA "/events", JOURNAL_EVENTS, findings, &events)) {
        compare_with_twin(&commands, &events, genesis, findings);
        audit_tally(events.journal, findings);
        close_log(&events);
    }
    close_log(&commands);
}
