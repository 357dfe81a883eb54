/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/audit.h"

#include "host/disk.h"
#include "journal/embedded/embedded.h"
#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTRIES  64u
#define SAID_MAX 10u

/* What the log says of a name. */
struct row {
    uint64_t result; /* sequence of the first result, 0 = none */
    uint32_t first;  /* name under which the order came in */
    uint16_t code;
    bool fenced;
};

/* An order, by the name that it came in under. */
struct order_row {
    uint32_t total;
    uint32_t executed;
    uint32_t gone; /* taken back, expired, or never to rest */
};

/* A log with the records polled last. */
struct log_reader {
    struct journal *journal;
    struct journal_cursor cursor;
    struct journal_entry entries[ENTRIES];
    size_t count;
    size_t at;
};

struct reading {
    struct audit *audit;
    struct log_reader commands;
    struct log_reader events;
    const struct seats *seats;
    struct row *rows;
    struct order_row *orders;
    uint32_t *order_of_event;
    size_t event_capacity;
    uint64_t lots_of_session[SEATS];
    uint64_t fills_of_session[SEATS];
    unsigned said;
};

static bool wrong(struct reading *reading, const char *what, uint64_t sequence, uint64_t number)
{
    if (reading->said++ < SAID_MAX) {
        fprintf(stderr, "log: %s: event %" PRIu64 ", name %" PRIu64 "\n", what, sequence, number);
    }
    return false;
}

/* -- the two logs -------------------------------------------------------------------------- */

static enum status open_log(struct log_reader *log, const struct venue_process *venue,
                            enum journal_kind kind)
{
    char path[VENUE_PROCESS_PATH_BYTES + 24];
    snprintf(path, sizeof path, "%s/%s", venue->data,
             kind == JOURNAL_COMMANDS ? "commands" : "events");
    struct journal_options options = {.kind = kind, .read_only = true};
    struct journal_report report;
    log->cursor = journal_cursor_at(1);
    return journal_embedded_open(host_disk_posix(), path, &options, &report, &log->journal);
}

static void close_log(struct log_reader *log)
{
    if (log->journal != NULL) {
        journal_cursor_close(log->journal, &log->cursor);
        enum status closed = journal_close(log->journal, false);
        (void)closed; /* only read: there is nothing left to lose */
    }
}

/* END behind the last one. */
static enum status next_entry(struct log_reader *log, const struct journal_entry **out_entry)
{
    if (log->at == log->count) {
        log->at = 0;
        enum status status =
            journal_poll(log->journal, &log->cursor, log->entries, ENTRIES, &log->count);
        if (status != STATUS_OK || log->count == 0) {
            log->count = 0;
            return status == STATUS_OK ? STATUS_END : status;
        }
    }
    *out_entry = &log->entries[log->at++];
    return STATUS_OK;
}

/* Which replace was refused, as its command says: the event's own word is what is looked into. */
static uint32_t replace_of(struct reading *reading, const struct event *event)
{
    struct log_reader *log = &reading->commands;
    const struct journal_entry *entry;
    while (next_entry(log, &entry) == STATUS_OK && entry->sequence <= event->header.cause) {
        struct command command;
        if (entry->sequence == event->header.cause &&
            command_header_decode(entry->body, entry->body_bytes, &command.header) == STATUS_OK &&
            command_body_decode(entry->body + COMMAND_HEADER_BYTES,
                                entry->body_bytes - COMMAND_HEADER_BYTES, &command) == STATUS_OK &&
            command.header.id == COMMAND_REPLACE) {
            return (uint32_t)names_number(&command.replace.new_client_order_id);
        }
    }
    wrong(reading, "a refusal without its command", event->header.sequence, event->header.cause);
    return 0;
}

/* -- events -------------------------------------------------------------------------------- */

/* 0: a marker, or none of ours, which is wrong. */
static uint32_t name_in(struct reading *reading, const struct event *event,
                        const struct text36 *text)
{
    uint64_t number = names_number(text);
    if (number >= NAMES_MARKER) {
        return 0;
    }
    if (number == 0 || number > reading->seats->names.highest) {
        wrong(reading, "a name that nobody sent", event->header.sequence, number);
        return 0;
    }
    return (uint32_t)number;
}

static bool is_ghost(const struct reading *reading, uint32_t number)
{
    return (names_at(&reading->seats->names, number)->flags & NAMES_GHOST) != 0;
}

/* The one first result of a name. */
static void note(struct reading *reading, const struct event *event, uint32_t number, uint16_t code)
{
    struct row *row = &reading->rows[number];
    if (row->result != 0 || row->fenced) {
        reading->audit->doubles++;
        wrong(reading, "a second first result", event->header.sequence, number);
    }
    if (is_ghost(reading, number)) {
        reading->audit->doubles++;
        wrong(reading, "a command of a fenced sender took effect", event->header.sequence, number);
    }
    row->result = event->header.sequence;
    row->code = code;
}

static bool is_want_of_room(uint16_t code)
{
    return code == REJECT_ORDER_POOL_FULL || code == REJECT_LEVEL_POOL_FULL ||
           code == REJECT_NAME_TABLE_FULL;
}

static struct order_row *order_of(struct reading *reading, const struct event *event,
                                  uint64_t order_id)
{
    uint64_t sequence = order_id >> 16;
    uint32_t number = sequence < reading->event_capacity ? reading->order_of_event[sequence] : 0;
    if (number == 0) {
        wrong(reading, "an order that never came in", event->header.sequence, sequence);
    }
    return &reading->orders[number];
}

static void set_order(struct reading *reading, uint64_t sequence, uint32_t number)
{
    if (sequence >= reading->event_capacity) {
        size_t larger = (size_t)sequence * 2 + 1024;
        reading->order_of_event =
            realloc(reading->order_of_event, larger * sizeof *reading->order_of_event);
        ASSERT(reading->order_of_event != NULL);
        memset(reading->order_of_event + reading->event_capacity, 0,
               (larger - reading->event_capacity) * sizeof *reading->order_of_event);
        reading->event_capacity = larger;
    }
    reading->order_of_event[sequence] = number;
}

static void take_accepted(struct reading *reading, const struct event *event)
{
    const struct event_accepted *accepted = &event->accepted;
    uint32_t number = name_in(reading, event, &accepted->client_order_id);
    if (number == 0) {
        return;
    }
    struct command_new_order terms;
    names_terms(&reading->seats->names, number, &terms);
    if (terms.price.units != accepted->price.units ||
        terms.quantity.lots != accepted->quantity.lots || terms.side != accepted->side) {
        wrong(reading, "accepted with another body", event->header.sequence, number);
    }
    note(reading, event, number, 0);
    reading->rows[number].first = number;
    reading->orders[number] = (struct order_row){.total = (uint32_t)accepted->quantity.lots};
    set_order(reading, event->header.sequence, number);
    reading->audit->orders++;
}

static void take_replaced(struct reading *reading, const struct event *event)
{
    const struct event_replaced *replaced = &event->replaced;
    uint32_t number = name_in(reading, event, &replaced->client_order_id);
    struct order_row *order = order_of(reading, event, replaced->order_id);
    if (number == 0) {
        return;
    }
    note(reading, event, number, 0);
    reading->rows[number].first = (uint32_t)(order - reading->orders);
    order->total = (uint32_t)replaced->quantity.lots;
    if (order->gone != 0 || order->executed + replaced->remaining.lots != order->total) {
        wrong(reading, "a replaced order does not add up", event->header.sequence, number);
    }
    reading->audit->replaced++;
}

static void take_stale(struct reading *reading, const struct event *event)
{
    const struct event_rejected *rejected = &event->rejected;
    reading->audit->stale++;
    reading->audit->stale_ends += rejected->command == COMMAND_SESSION_LOST;
    if (rejected->command != COMMAND_NEW_ORDER) {
        return;
    }
    uint32_t number = name_in(reading, event, &rejected->client_order_id);
    reading->audit->stale_ghosts += number != 0 && is_ghost(reading, number);
}

static void take_rejected(struct reading *reading, const struct event *event)
{
    const struct event_rejected *rejected = &event->rejected;
    if (rejected->code == REJECT_STALE_INCARNATION) {
        take_stale(reading, event);
        return;
    }
    if (rejected->code == REJECT_INCARNATION_NOT_ABOVE_LAST) {
        reading->audit->logons_late++;
        return;
    }
    if (rejected->code == REJECT_UNKNOWN_ORDER && rejected->command == COMMAND_CANCEL) {
        return;
    }
    uint32_t number = name_in(reading, event, &rejected->client_order_id);
    if (number != 0 && rejected->command == COMMAND_REPLACE) {
        number = replace_of(reading, event);
    }
    if (number == 0) {
        wrong(reading, "a refusal that nothing explains", event->header.sequence, rejected->code);
        return;
    }
    const struct row *row = &reading->rows[number];
    if (rejected->code == REJECT_DUPLICATE_ORDER_ID) {
        if (row->result == 0 || (uint64_t)rejected->limit != row->result) {
            wrong(reading, "another body refused for another result", event->header.sequence,
                  number);
        }
    } else if (rejected->code == REJECT_NAME_FENCED) {
        if (!row->fenced) {
            wrong(reading, "refused as fenced, and it is not", event->header.sequence, number);
        }
    } else {
        note(reading, event, number, rejected->code);
        reading->audit->refused++;
        reading->audit->crowded += is_want_of_room(rejected->code);
    }
}

/* What is told again is what was said first. */
static void take_again(struct reading *reading, const struct event *event, uint32_t number,
                       uint64_t result, uint16_t code)
{
    const struct row *row = &reading->rows[number];
    if (number != 0 && (row->result != result || row->code != code)) {
        wrong(reading, "told again, and not what was said first", event->header.sequence, number);
    }
}

static void take_resolved(struct reading *reading, const struct event *event)
{
    const struct event_resolved *resolved = &event->resolved;
    uint32_t number = name_in(reading, event, &resolved->client_order_id);
    if (number == 0) {
        return;
    }
    reading->audit->resolved++;
    if (resolved->event_sequence != 0) {
        take_again(reading, event, number, resolved->event_sequence, resolved->code);
        return;
    }
    struct row *row = &reading->rows[number];
    if (row->result != 0) {
        wrong(reading, "fenced after its first result", event->header.sequence, number);
    }
    reading->audit->fenced += !row->fenced;
    row->fenced = true;
}

static void execute(struct reading *reading, const struct event *event, uint64_t order_id,
                    int64_t remaining_lots)
{
    struct order_row *order = order_of(reading, event, order_id);
    uint64_t number = (uint64_t)(order - reading->orders);
    if (is_ghost(reading, (uint32_t)number)) {
        reading->audit->doubles++;
        wrong(reading, "an execution of a fenced sender's order", event->header.sequence, number);
    }
    reading->audit->orders_traded += order->executed == 0;
    order->executed += (uint32_t)event->trade.quantity.lots;
    if ((uint64_t)order->executed + order->gone > order->total) {
        reading->audit->doubles++;
        wrong(reading, "executed beyond its total", event->header.sequence, number);
    }
    if (order->total - order->executed - order->gone != remaining_lots) {
        wrong(reading, "what remains does not add up", event->header.sequence, number);
    }
}

static void give_session(struct reading *reading, uint32_t session, int64_t lots)
{
    for (size_t i = 0; i < SEATS; i++) {
        if (reading->seats->all[i].session->number == session) {
            reading->lots_of_session[i] += (uint64_t)lots;
            reading->fills_of_session[i]++;
        }
    }
}

static void take_trade(struct reading *reading, const struct event *event)
{
    const struct event_trade *trade = &event->trade;
    if (trade->quantity.lots <= 0 || trade->maker_order_id == trade->taker_order_id) {
        wrong(reading, "a trade of nothing", event->header.sequence, 0);
    }
    execute(reading, event, trade->maker_order_id, trade->maker_remaining.lots);
    execute(reading, event, trade->taker_order_id, trade->taker_remaining.lots);
    give_session(reading, trade->maker_session, trade->quantity.lots);
    give_session(reading, trade->taker_session, trade->quantity.lots);
    reading->audit->trades++;
    reading->audit->lots += (uint64_t)trade->quantity.lots;
}

/* All that was open leaves at once. */
static void take_end(struct reading *reading, const struct event *event, uint64_t order_id,
                     int64_t lots)
{
    struct order_row *order = order_of(reading, event, order_id);
    order->gone += (uint32_t)lots;
    if (order->executed + order->gone != order->total) {
        wrong(reading, "an order that ends does not add up", event->header.sequence,
              (uint64_t)(order - reading->orders));
    }
}

static void take(struct reading *reading, const struct event *event)
{
    reading->audit->events++;
    switch (event->header.id) {
    case EVENT_ACCEPTED:
        take_accepted(reading, event);
        break;
    case EVENT_REPLACED:
        take_replaced(reading, event);
        break;
    case EVENT_REJECTED:
        take_rejected(reading, event);
        break;
    case EVENT_REPLAYED:
        reading->audit->replayed++;
        take_again(reading, event, name_in(reading, event, &event->replayed.client_order_id),
                   event->replayed.event_sequence, event->replayed.code);
        break;
    case EVENT_RESOLVED:
        take_resolved(reading, event);
        break;
    case EVENT_TRADE:
        take_trade(reading, event);
        break;
    case EVENT_REMOVED:
        if (event->removed.reason != REASON_REPLACED) {
            take_end(reading, event, event->removed.order_id, event->removed.quantity.lots);
        }
        break;
    case EVENT_CANCELLED:
        take_end(reading, event, event->cancelled.order_id, event->cancelled.quantity.lots);
        break;
    default: /* REDUCED comes of replaces alone here, and REPLACED has said it */
        break;
    }
}

static enum status take_entry(struct reading *reading, const struct journal_entry *entry)
{
    struct event event;
    enum status status = event_header_decode(entry->body, entry->body_bytes, &event.header);
    if (status == STATUS_OK) {
        event.header.sequence = entry->sequence;
        status = event_body_decode(entry->body + EVENT_HEADER_BYTES,
                                   entry->body_bytes - EVENT_HEADER_BYTES, &event);
    }
    if (status == STATUS_OK) {
        take(reading, &event);
    }
    return status;
}

static enum status read_log(struct reading *reading, const struct venue_process *venue)
{
    enum status status = open_log(&reading->commands, venue, JOURNAL_COMMANDS);
    if (status == STATUS_OK) {
        status = open_log(&reading->events, venue, JOURNAL_EVENTS);
    }
    while (status == STATUS_OK) {
        const struct journal_entry *entry;
        status = next_entry(&reading->events, &entry);
        if (status == STATUS_OK) {
            status = take_entry(reading, entry);
        }
    }
    close_log(&reading->commands);
    close_log(&reading->events);
    return status == STATUS_END ? STATUS_OK : status;
}

/* Every name has one outcome, and whoever was told was told so; every order is at its end. */
static void compare_names(struct reading *reading)
{
    const struct names *names = &reading->seats->names;
    for (uint32_t number = 1; number <= names->highest; number++) {
        unsigned account = number % NAMES_ACCOUNTS;
        if (number < NAMES_ACCOUNTS || number >= names->next[account]) {
            continue;
        }
        const struct name *name = names_at(names, number);
        const struct row *row = &reading->rows[number];
        const struct order_row *order = &reading->orders[number];
        if ((name->flags & NAMES_GHOST) != 0) {
            continue; /* note and execute have looked */
        }
        if ((row->result != 0) == row->fenced) {
            wrong(reading, "a command without an outcome, or with two", row->result, number);
        }
        if (name->result != row->result || name->code != row->code ||
            ((name->flags & NAMES_FENCED) != 0) != row->fenced) {
            wrong(reading, "its sender was told something else", row->result, number);
        }
        if (name->executed != order->executed) {
            wrong(reading, "its executions were told otherwise", row->result, number);
        }
        if (order->executed + order->gone != order->total) {
            wrong(reading, "an order that neither ended nor is open", row->result, number);
        }
    }
}

static void compare_seats(struct reading *reading)
{
    for (size_t i = 0; i < SEATS; i++) {
        const struct seat *seat = &reading->seats->all[i];
        if (seat->lots_told != reading->lots_of_session[i] ||
            seat->fills != reading->fills_of_session[i]) {
            fprintf(stderr, "seat %zu: told of %" PRIu64 " fills, the log has %" PRIu64 "\n", i,
                    seat->fills, reading->fills_of_session[i]);
            reading->said++;
        }
    }
}

bool audit_read(struct audit *audit, const struct venue_process *venue, const struct seats *seats)
{
    *audit = (struct audit){0};
    size_t count = (size_t)seats->names.highest + 1;
    struct reading reading = {.audit = audit,
                              .seats = seats,
                              .rows = calloc(count, sizeof *reading.rows),
                              .orders = calloc(count, sizeof *reading.orders)};
    ASSERT(reading.rows != NULL && reading.orders != NULL);
    enum status status = read_log(&reading, venue);
    if (status != STATUS_OK) {
        fprintf(stderr, "the events log: %s\n", status_sentence(status));
    } else {
        compare_names(&reading);
        compare_seats(&reading);
    }
    if (reading.said > SAID_MAX) {
        fprintf(stderr, "log: %u things are wrong, not all of them are told\n", reading.said);
    }
    free(reading.rows);
    free(reading.orders);
    free(reading.order_of_event);
    return status == STATUS_OK && reading.said == 0;
}
