/* SPDX-License-Identifier: Apache-2.0 */
#include "base/planted.h"
#include "sequencer/sequencer.h"
#include "sequencer/state.h"

/* Recovery decodes ahead, so that a command's memory is asked for stage by stage before its turn:
 * far enough ahead to arrive, near enough to still be there. */
#define LOOK_AHEAD      16u /* commands decoded; a power of two above ENGINE_PREFETCH_DISTANCE */
#define LOOK_AHEAD_STEP (ENGINE_PREFETCH_DISTANCE / ENGINE_PREFETCH_STAGES)

/* The commands read and not applied yet, by number modulo LOOK_AHEAD. */
struct look_ahead {
    struct command commands[LOOK_AHEAD];
    uint64_t decoded;
    uint64_t applied;
};

/* Decodes the next logged command; END when the log is used up. */
static enum status logged_command(struct sequencer *sequencer, struct command *out_command);
/* Compares the events of the command just applied with the events log. */
static enum status compare_outcome(struct sequencer *sequencer);
static enum status recovery_finish(struct sequencer *sequencer);
static enum status apply_logged(struct sequencer *sequencer, const struct command *command);

/* Each later stage finds what the one before brought. */
static void prefetch_ahead(const struct sequencer *sequencer, const struct look_ahead *ahead)
{
    for (unsigned stage = 0; stage < ENGINE_PREFETCH_STAGES; stage++) {
        uint64_t number =
            ahead->applied + ENGINE_PREFETCH_DISTANCE - (uint64_t)stage * LOOK_AHEAD_STEP;
        if (number < ahead->decoded) {
            engine_prefetch(sequencer->engine, &ahead->commands[number % LOOK_AHEAD], stage);
        }
    }
}

/* Fills the ring; END when the log is used up. */
static enum status decode_ahead(struct sequencer *sequencer, struct look_ahead *ahead, uint64_t max)
{
    while (ahead->decoded - ahead->applied < LOOK_AHEAD && ahead->decoded < max) {
        enum status status =
            logged_command(sequencer, &ahead->commands[ahead->decoded % LOOK_AHEAD]);
        if (status != STATUS_OK) {
            return status;
        }
        ahead->decoded++;
    }
    return STATUS_OK;
}

static enum status apply_logged(struct sequencer *sequencer, const struct command *command)
{
    events_clear(&sequencer->events);
    sequencer_apply(sequencer, command);
    sequencer->next_sequence++;
    return compare_outcome(sequencer);
}

enum status sequencer_recover_some(struct sequencer *sequencer, uint64_t max)
{
    if (sequencer->fault->status != STATUS_OK) {
        return sequencer->fault->status;
    }
    if (!sequencer->recovery.active) {
        return STATUS_END;
    }
    ASSERT(!sequencer->options.follow);
    struct look_ahead ahead;
    ahead.decoded = 0;
    ahead.applied = 0;
    enum status more = STATUS_OK;
    while (ahead.applied < max) {
        if (more == STATUS_OK) {
            more = decode_ahead(sequencer, &ahead, max);
        }
        if (ahead.applied == ahead.decoded) {
            break;
        }
        prefetch_ahead(sequencer, &ahead);
        enum status status = apply_logged(sequencer, &ahead.commands[ahead.applied % LOOK_AHEAD]);
        if (status != STATUS_OK) {
            return status;
        }
        ahead.applied++;
    }
    if (more == STATUS_END) {
        enum status status = recovery_finish(sequencer);
        return status == STATUS_OK ? STATUS_END : status;
    }
    return more;
}

enum status sequencer_recover(struct sequencer *sequencer)
{
    enum status status = sequencer_recover_some(sequencer, UINT64_MAX);
    return status == STATUS_END ? STATUS_OK : status;
}

/* The next record of the commands log, or null at its end or after a fault. */
static const struct journal_entry *next_entry(struct sequencer *sequencer)
{
    struct recovery *recovery = &sequencer->recovery;
    if (recovery->command_at == recovery->command_count) {
        recovery->command_at = 0;
        recovery->command_count = 0;
        enum status status =
            journal_poll(sequencer->commands, &recovery->commands, recovery->command_entries,
                         ARRAY_COUNT(recovery->command_entries), &recovery->command_count);
        if (status != STATUS_OK) {
            (void)sequencer_fail(
                sequencer, (struct sequencer_fault){status, "the commands log cannot be read here",
                                                    recovery->commands.next_sequence, 0, 0});
            return NULL;
        }
        if (recovery->command_count == 0) {
            return NULL;
        }
    }
    return &recovery->command_entries[recovery->command_at++];
}

static enum status logged_command(struct sequencer *sequencer, struct command *out_command)
{
    const struct journal_entry *entry = next_entry(sequencer);
    if (entry == NULL) {
        return sequencer->fault->status != STATUS_OK ? sequencer->fault->status : STATUS_END;
    }
    struct command_header *header = &out_command->header;
    enum status status = command_header_decode(entry->body, entry->body_bytes, header);
    if (status == STATUS_OK) {
        header->sequence = entry->sequence;
        header->time_ns = (uint64_t)entry->time_ns;
        status = command_body_decode(entry->body + COMMAND_HEADER_BYTES,
                                     entry->body_bytes - COMMAND_HEADER_BYTES, out_command);
    }
    if (status != STATUS_OK) {
        return sequencer_fail(sequencer,
                              (struct sequencer_fault){status, "a logged command is no command",
                                                       entry->sequence, 0, 0});
    }
    if (UNLIKELY(!engine_understands(out_command))) {
        return sequencer_fail(
            sequencer, (struct sequencer_fault){STATUS_UNSUPPORTED,
                                                "a later release changed the rules here: start "
                                                "that release, or a later one",
                                                entry->sequence, 0, 0});
    }
    return STATUS_OK;
}

enum status recovery_follow(struct sequencer *sequencer, const struct command *command)
{
    const struct journal_entry *entry = next_entry(sequencer);
    if (entry == NULL) {
        return sequencer->fault->status != STATUS_OK
                   ? sequencer->fault->status
                   : sequencer_fail(sequencer,
                                    (struct sequencer_fault){STATUS_DAMAGED,
                                                             "the commands log ends too early",
                                                             command->header.sequence, 0, 0});
    }
    uint8_t bytes[COMMAND_BYTES_MAX];
    unsigned version = entry->body_bytes > 1 ? entry->body[1] : 0; /* a release before wrote it */
    size_t count = sequencer_encode(bytes, command, version);
    if (version < command_version_least(command) || count != entry->body_bytes ||
        memcmp(bytes, entry->body, count) != 0 ||
        command->header.time_ns != (uint64_t)entry->time_ns) {
        return sequencer_fail(sequencer,
                              (struct sequencer_fault){STATUS_MISMATCH,
                                                       "the input gives another command here than "
                                                       "the one that was logged",
                                                       entry->sequence, 0, 0});
    }
    enum status status = apply_logged(sequencer, command);
    if (status == STATUS_OK && sequencer->next_sequence > sequencer->recovery.command_last) {
        struct events outcome = sequencer->events;
        status = recovery_finish(sequencer);
        ASSERT(outcome.used == sequencer->events.used); /* still the outcome of this command */
    }
    return status;
}

/* Reads the header of the next batch of the events log. */
static enum status next_batch(struct sequencer *sequencer)
{
    struct recovery *recovery = &sequencer->recovery;
    struct journal_batch batch;
    enum status status = journal_poll_batch(sequencer->events_log, &recovery->batches, &batch);
    if (status != STATUS_OK) {
        return sequencer_fail(
            sequencer, (struct sequencer_fault){status, "the events log cannot be read here", 0,
                                                recovery->batch_last + 1, recovery->event_last});
    }
    recovery->batch_first = batch.first_sequence;
    recovery->batch_last = batch.first_sequence + batch.count - 1;
    recovery->batch_hash = batch.note.running_hash;
    return STATUS_OK;
}

/* `full`: the record as logged is the one just made. */
static enum status compare_bytes(struct sequencer *sequencer, const struct event_record *record,
                                 uint64_t sequence)
{
    struct recovery *recovery = &sequencer->recovery;
    if (recovery->event_at == recovery->event_count) {
        recovery->event_at = 0;
        recovery->event_count = 0;
        enum status status =
            journal_poll(sequencer->events_log, &recovery->events, recovery->event_entries,
                         ARRAY_COUNT(recovery->event_entries), &recovery->event_count);
        if (status == STATUS_OK && recovery->event_count == 0) {
            status = STATUS_DAMAGED;
        }
        if (status != STATUS_OK) {
            return sequencer_fail(
                sequencer, (struct sequencer_fault){status, "the events log cannot be read here", 0,
                                                    sequence, sequence});
        }
    }
    const struct journal_entry *entry = &recovery->event_entries[recovery->event_at++];
    ASSERT(entry->sequence == sequence);
    if (entry->body_bytes != record->count ||
        memcmp(entry->body, record->bytes, record->count) != 0 ||
        (uint64_t)entry->time_ns != sequencer->time_ns) {
        return sequencer_fail(
            sequencer,
            (struct sequencer_fault){STATUS_MISMATCH,
                                     "the engine makes another event here than the one logged",
                                     sequencer->next_sequence - 1, sequence, sequence});
    }
    return STATUS_OK;
}

static enum status compare_logged(struct sequencer *sequencer, const struct event_record *record,
                                  uint64_t sequence)
{
    struct recovery *recovery = &sequencer->recovery;
    enum status status = STATUS_OK;
    if (sequence > recovery->batch_last) {
        status = next_batch(sequencer);
    }
    if (status == STATUS_OK && sequencer->options.full) {
        status = compare_bytes(sequencer, record, sequence);
    }
    if (status != STATUS_OK) {
        return status;
    }
    recovery->compared++;
    if (sequence == recovery->batch_last && sequencer->applied_hash != recovery->batch_hash &&
        !PLANTED(HASH_UNREAD)) {
        return sequencer_fail(
            sequencer,
            (struct sequencer_fault){STATUS_MISMATCH,
                                     "the running hash of this batch of events is not the one of "
                                     "the events that the engine makes",
                                     sequencer->next_sequence - 1, recovery->batch_first,
                                     recovery->batch_last});
    }
    return STATUS_OK;
}

static enum status compare_outcome(struct sequencer *sequencer)
{
    const struct events *events = &sequencer->events;
    struct recovery *recovery = &sequencer->recovery;
    uint64_t sequence = events->sequence - events->count;
    struct event_record record;
    size_t at = 0;
    while (event_next(events, &at, &record)) {
        sequence++;
        enum status status = STATUS_OK;
        sequencer->applied_hash =
            hash_running(sequencer->applied_hash, record.bytes, bytes_align_up(record.count, 8));
        if (LIKELY(sequence <= recovery->event_last)) {
            sequencer->appended_hash = sequencer->applied_hash;
            status = compare_logged(sequencer, &record, sequence);
        } else {
            recovery->appended++;
            if (!sequencer->options.read_only && !PLANTED(EVENTS_NOT_MADE_UP)) {
                status = sequencer_append_event(sequencer, &record, sequencer->time_ns);
            }
        }
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status recovery_finish(struct sequencer *sequencer)
{
    struct recovery *recovery = &sequencer->recovery;
    uint64_t made = sequencer->events.sequence;
    if (made < recovery->event_last) {
        return sequencer_fail(
            sequencer,
            (struct sequencer_fault){STATUS_MISMATCH,
                                     "the events log holds events that no logged command causes", 0,
                                     made + 1, recovery->event_last});
    }
    recovery_end(sequencer);
    if (sequencer->options.read_only) {
        return STATUS_OK;
    }
    sequencer->released = recovery->command_last;
    return sequencer_commit_events(sequencer);
}

/* An event whose cause is not in the commands log: it was shown, and the command is lost. */
static enum status refuse_events_ahead(struct sequencer *sequencer)
{
    struct recovery *recovery = &sequencer->recovery;
    if (recovery->event_last == 0) {
        return STATUS_OK;
    }
    struct journal_cursor cursor = journal_cursor_at(recovery->event_last);
    struct journal_entry entry;
    struct event_header header = {0};
    size_t count = 0;
    enum status status = journal_poll(sequencer->events_log, &cursor, &entry, 1, &count);
    if (status == STATUS_OK) {
        status = count == 0 ? STATUS_DAMAGED
                            : event_header_decode(entry.body, entry.body_bytes, &header);
    }
    journal_cursor_close(sequencer->events_log, &cursor);
    if (status != STATUS_OK) {
        return sequencer_fail(sequencer,
                              (struct sequencer_fault){status, "the last event cannot be read", 0,
                                                       recovery->event_last, recovery->event_last});
    }
    if (header.cause > recovery->command_last) {
        return sequencer_fail(
            sequencer, (struct sequencer_fault){
                           STATUS_DAMAGED,
                           "the events log is ahead of the commands log: durable commands "
                           "were lost from here on",
                           recovery->command_last + 1, recovery->event_last, recovery->event_last});
    }
    return STATUS_OK;
}

enum status recovery_begin(struct sequencer *sequencer)
{
    struct recovery *recovery = &sequencer->recovery;
    struct journal_stat commands;
    struct journal_stat events;
    journal_stat(sequencer->commands, &commands);
    journal_stat(sequencer->events_log, &events);
    recovery->command_last = sequencer->commands->next_sequence - 1;
    recovery->event_last = sequencer->events_log->next_sequence - 1;
    uint64_t command_next = sequencer->next_sequence;
    uint64_t event_next = sequencer->events.sequence + 1;
    if (commands.first_sequence > command_next || events.first_sequence > event_next) {
        return sequencer_fail(
            sequencer,
            (struct sequencer_fault){STATUS_UNSUPPORTED,
                                     "the beginning of the log was dropped, and there is no "
                                     "snapshot to start from",
                                     commands.first_sequence, events.first_sequence, 0});
    }
    if (command_next - 1 > recovery->command_last || event_next - 1 > recovery->event_last) {
        return sequencer_fail(
            sequencer,
            (struct sequencer_fault){STATUS_DAMAGED,
                                     "the snapshot is ahead of the log: durable records were lost",
                                     command_next - 1, event_next - 1, 0});
    }
    recovery->commands = journal_cursor_at(command_next);
    recovery->batches = journal_cursor_at(event_next);
    recovery->events = journal_cursor_at(event_next);
    recovery->active = recovery->command_last > 0;
    return refuse_events_ahead(sequencer);
}

void recovery_end(struct sequencer *sequencer)
{
    struct recovery *recovery = &sequencer->recovery;
    recovery->active = false;
    journal_cursor_close(sequencer->commands, &recovery->commands);
    journal_cursor_close(sequencer->events_log, &recovery->batches);
    journal_cursor_close(sequencer->events_log, &recovery->events);
}

enum status sequencer_read_genesis(struct journal *commands, struct command_genesis *out_genesis)
{
    struct journal_cursor cursor = journal_cursor_at(1);
    struct journal_entry entry;
    struct command command = {0};
    size_t count = 0;
    enum status status = STATUS_NOT_FOUND;
    if (commands->next_sequence > 1) {
        status = journal_poll(commands, &cursor, &entry, 1, &count);
    }
    if (status == STATUS_OK && count == 0) {
        status = STATUS_NOT_FOUND;
    }
    if (status == STATUS_OK) {
        status = command_header_decode(entry.body, entry.body_bytes, &command.header);
    }
    if (status == STATUS_OK) {
        status = command.header.id != COMMAND_GENESIS
                     ? STATUS_INVALID
                     : command_body_decode(entry.body + COMMAND_HEADER_BYTES,
                                           entry.body_bytes - COMMAND_HEADER_BYTES, &command);
    }
    journal_cursor_close(commands, &cursor);
    if (status == STATUS_OK) {
        *out_genesis = command.genesis;
    }
    return status;
}
