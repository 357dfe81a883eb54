/* SPDX-License-Identifier: Apache-2.0 */
#include "sequencer/sequencer.h"

#include "base/planted.h"
#include "host/clock.h"
#include "sequencer/state.h"

#define HELD_BYTES_DEFAULT ((size_t)4 << 20)

/* Events are made again from their commands, so nobody waits for their log. It is written in large
 * batches, seldom, because both logs share one disk: a sync of the one delays a sync of the other.
 */
#define EVENTS_DUE_BYTES ((size_t)256 << 10)
#define EVENTS_DUE_NS    5000000u

static enum status sequencer_turn(struct sequencer *sequencer);
static bool sequencer_has_room(const struct sequencer *sequencer);
static void hash_outcome(struct sequencer *sequencer);

size_t sequencer_encode(uint8_t *out, const struct command *command, unsigned version)
{
    struct command_header header = command->header;
    header.version = (uint8_t)version;
    command_header_encode(out, &header);
    return COMMAND_HEADER_BYTES +
           command_body_encode_as(out + COMMAND_HEADER_BYTES, command, version);
}

enum status sequencer_submit(struct sequencer *sequencer, struct command *command)
{
    if (UNLIKELY(sequencer->fault->status != STATUS_OK)) {
        return sequencer->fault->status;
    }
    ASSERT(!sequencer->options.read_only && !sequencer->releasing);
    ASSERT(engine_understands(command));
    command->header.sequence = sequencer->next_sequence;
    if (command->header.time_ns < sequencer->time_ns && !PLANTED(TIME_BACK)) {
        command->header.time_ns = sequencer->time_ns;
    }
    if (UNLIKELY(sequencer->recovery.active)) {
        ASSERT(sequencer->options.follow);
        return recovery_follow(sequencer, command);
    }
    struct sequencer_sample *sample = sequencer->sample;
    if (UNLIKELY(sample != NULL)) {
        sample->submitted_ns = host_clock_monotonic_ns();
    }
    uint8_t *at = NULL;
    if (LIKELY(sequencer_has_room(sequencer))) {
        at = journal_reserve(sequencer->commands, COMMAND_BYTES_MAX);
    }
    if (UNLIKELY(at == NULL)) {
        enum status status = sequencer_turn(sequencer);
        if (status != STATUS_OK) {
            return status;
        }
        at = journal_reserve(sequencer->commands, COMMAND_BYTES_MAX);
        ASSERT(at != NULL);
    }
    /* No longer than it must be, and what an older release can read is left readable. */
    size_t bytes = sequencer_encode(at, command, command_version_least(command));
    uint64_t sequence =
        journal_append(sequencer->commands, (int64_t)command->header.time_ns, bytes);
    ASSERT(sequence == command->header.sequence);
    if (UNLIKELY(sample != NULL)) {
        sample->appended_ns = host_clock_monotonic_ns();
    }
    struct held *held = &sequencer->held[sequencer->building];
    if (held->commands == 0) {
        events_clear(&sequencer->events); /* an outcome of recovery: it is in the log already */
        held->first_command = sequence;
        held->submitted_ns = host_clock_monotonic_ns();
    }
    held->times_ns[held->commands++] = command->header.time_ns;
    sequencer_apply(sequencer, command);
    hash_outcome(sequencer);
    held->used = sequencer->events.used;
    held->events = sequencer->events.count;
    sequencer->next_sequence++;
    if (UNLIKELY(sample != NULL)) {
        sample->held_ns = host_clock_monotonic_ns();
        sequencer->sample = NULL;
    }
    return STATUS_OK;
}

void sequencer_apply(struct sequencer *sequencer, const struct command *command)
{
    struct events *events = &sequencer->events;
    assert_at_sequence(command->header.sequence);
    sequencer->time_ns = command->header.time_ns;
    sequencer->outcome_at = events->used;
    engine_apply(sequencer->engine, command, events);
    if (UNLIKELY(sequencer->sample != NULL)) {
        sequencer->sample->applied_ns = host_clock_monotonic_ns();
    }
}

static void hash_outcome(struct sequencer *sequencer)
{
    uint64_t hash = sequencer->applied_hash;
    size_t at = sequencer->outcome_at;
    struct event_record record;
    while (event_next(&sequencer->events, &at, &record)) {
        hash = hash_running(hash, record.bytes, bytes_align_up(record.count, 8));
    }
    sequencer->applied_hash = hash;
}

/* One more command, whatever it causes, fits what is kept for this batch. */
static bool sequencer_has_room(const struct sequencer *sequencer)
{
    const struct events *events = &sequencer->events;
    return events->capacity - events->used >= sequencer->event_bytes_max &&
           sequencer->held[sequencer->building].commands < BATCH_COMMANDS_MAX;
}

bool sequencer_ready(const struct sequencer *sequencer)
{
    const struct journal *commands = sequencer->commands;
    return journal_can_commit(commands) ||
           (sequencer_has_room(sequencer) && commands->batch_capacity - commands->batch_used >=
                                                 journal_frame_bytes(COMMAND_BYTES_MAX));
}

enum status sequencer_append_event(struct sequencer *sequencer, const struct event_record *record,
                                   uint64_t time_ns)
{
    uint8_t *at = journal_reserve(sequencer->events_log, record->count);
    if (UNLIKELY(at == NULL)) {
        enum status status = sequencer_commit_events(sequencer);
        if (status != STATUS_OK) {
            return status;
        }
        at = journal_reserve(sequencer->events_log, record->count);
        ASSERT(at != NULL);
    }
    if (journal_uncommitted(sequencer->events_log) == 0) {
        sequencer->events_since_ns = sequencer->time_ns;
    }
    memcpy(at, record->bytes, record->count);
    journal_append(sequencer->events_log, (int64_t)time_ns, record->count);
    sequencer->appended_hash =
        hash_running(sequencer->appended_hash, record->bytes, bytes_align_up(record->count, 8));
    return STATUS_OK;
}

enum status sequencer_commit_events(struct sequencer *sequencer)
{
    struct journal_note note = {
        .running_hash = sequencer->appended_hash,
        .proven_sequence = journal_durable(sequencer->commands),
    };
    if (PLANTED(PROOF_TOO_HIGH)) {
        note.proven_sequence = sequencer->commands->next_sequence - 1;
    }
    enum status status = journal_commit(sequencer->events_log, &note);
    if (status != STATUS_OK) {
        return sequencer_fail(sequencer,
                              (struct sequencer_fault){status, "the events log failed", 0, 0, 0});
    }
    return STATUS_OK;
}

/* Commits the events once enough of them wait, or the first has waited long, `now_ns` being the
 * log time that a command would get now. Never waits for the batch before. */
static enum status commit_events_if_due(struct sequencer *sequencer, uint64_t now_ns)
{
    const struct journal *log = sequencer->events_log;
    enum status failure = journal_failure(log);
    if (UNLIKELY(failure != STATUS_OK)) {
        return sequencer_fail(sequencer,
                              (struct sequencer_fault){failure, "the events log failed", 0, 0, 0});
    }
    if (!journal_can_commit(log) || journal_uncommitted(log) == 0 ||
        (log->batch_used < EVENTS_DUE_BYTES &&
         (now_ns < sequencer->events_since_ns ||
          now_ns - sequencer->events_since_ns < EVENTS_DUE_NS))) {
        return STATUS_OK;
    }
    return sequencer_commit_events(sequencer);
}

/* Shows the events of a batch, all of which are in the events log, to whoever asked for them. */
static void hand_on(const struct sequencer *sequencer, const struct held *held)
{
    struct events events = {.bytes = held->bytes, .used = held->used};
    struct event_record record;
    size_t at = 0;
    uint64_t sequence = sequencer->events_log->next_sequence - held->events;
    while (event_next(&events, &at, &record)) {
        uint64_t cause = bytes_load_le64(record.bytes + 4);
        sequencer->options.on_event(sequencer->options.context, sequence++,
                                    held->times_ns[cause - held->first_command], record.bytes,
                                    record.count);
    }
}

/* Releases the events of a batch whose commands, up to `last`, are durable. */
static enum status release_batch(struct sequencer *sequencer, struct held *held, uint64_t last)
{
    struct events events = {.bytes = held->bytes, .used = held->used};
    struct event_record record;
    size_t at = 0;
    while (event_next(&events, &at, &record)) {
        uint64_t cause = bytes_load_le64(record.bytes + 4);
        ASSERT(cause >= held->first_command && cause <= last);
        cause = PLANTED(EVENT_TIME) ? held->first_command : cause;
        enum status status =
            sequencer_append_event(sequencer, &record, held->times_ns[cause - held->first_command]);
        if (status != STATUS_OK) {
            return status;
        }
    }
    enum status status = commit_events_if_due(sequencer, sequencer->time_ns);
    if (status != STATUS_OK) {
        return status;
    }
    sequencer->releasing = true;
    if (sequencer->options.on_event != NULL) {
        hand_on(sequencer, held);
    }
    sequencer->released = last;
    if (sequencer->options.on_released != NULL) {
        sequencer->options.on_released(sequencer->options.context, last,
                                       host_clock_monotonic_ns() - held->submitted_ns);
    }
    held->commands = 0;
    held->used = 0;
    sequencer->releasing = false;
    return STATUS_OK;
}

/* Releases, in order, what has become durable. */
static enum status sequencer_release(struct sequencer *sequencer)
{
    uint64_t durable = journal_durable(sequencer->commands);
    durable = PLANTED(RELEASE_EARLY) ? sequencer->commands->next_sequence - 1 : durable;
    for (unsigned i = 1; i < HELD_MAX; i++) {
        struct held *held = &sequencer->held[(sequencer->building + i) % HELD_MAX];
        if (held->commands == 0) {
            continue;
        }
        uint64_t last = held->first_command + held->commands - 1;
        if (last > durable) {
            break;
        }
        enum status status = release_batch(sequencer, held, last);
        if (status != STATUS_OK) {
            return status;
        }
    }
    return STATUS_OK;
}

static enum status commands_failed(struct sequencer *sequencer, enum status status)
{
    return sequencer_fail(sequencer,
                          (struct sequencer_fault){status, "the commands log failed", 0, 0, 0});
}

/* Commits the commands built so far; while they become durable, the next batches are built. */
static enum status sequencer_turn(struct sequencer *sequencer)
{
    struct journal_note note = {
        .running_hash = sequencer->applied_hash,
        .proven_sequence = journal_durable(sequencer->events_log),
    };
    /* Waits while two are on their way: of what is held, one is free behind the release. */
    enum status status = journal_commit(sequencer->commands, &note);
    if (status != STATUS_OK) {
        return commands_failed(sequencer, status);
    }
    status = sequencer_release(sequencer);
    if (status != STATUS_OK) {
        return status;
    }
    sequencer->building = (sequencer->building + 1) % HELD_MAX;
    ASSERT(sequencer->held[sequencer->building].commands == 0);
    sequencer->events.bytes = sequencer->held[sequencer->building].bytes;
    events_clear(&sequencer->events);
    sequencer->outcome_at = 0;
    return sequencer_release(sequencer);
}

enum status sequencer_tick(struct sequencer *sequencer, uint64_t now_ns)
{
    if (sequencer->fault->status != STATUS_OK || sequencer->recovery.active) {
        return sequencer->fault->status;
    }
    enum status status = journal_failure(sequencer->commands);
    if (status != STATUS_OK) {
        return commands_failed(sequencer, status);
    }
    /* The disk first: it works while what it has finished is shown. */
    if (journal_uncommitted(sequencer->commands) > 0 && journal_can_commit(sequencer->commands)) {
        status = sequencer_turn(sequencer);
    } else {
        status = sequencer_release(sequencer);
    }
    return status == STATUS_OK ? commit_events_if_due(sequencer, now_ns) : status;
}

enum status sequencer_flush(struct sequencer *sequencer)
{
    enum status status = sequencer->fault->status;
    if (status != STATUS_OK || sequencer->options.read_only) {
        return status;
    }
    if (sequencer->held[sequencer->building].commands > 0) {
        status = sequencer_turn(sequencer);
        if (status != STATUS_OK) {
            return status;
        }
    }
    status = journal_sync(sequencer->commands);
    if (status != STATUS_OK) {
        return commands_failed(sequencer, status);
    }
    status = sequencer_release(sequencer);
    if (PLANTED(SEAL_EARLY)) {
        return status;
    }
    if (status == STATUS_OK) {
        status = sequencer_commit_events(sequencer);
    }
    if (status != STATUS_OK) {
        return status;
    }
    status = journal_sync(sequencer->events_log);
    if (status != STATUS_OK) {
        return sequencer_fail(sequencer,
                              (struct sequencer_fault){status, "the events log failed", 0, 0, 0});
    }
    return STATUS_OK;
}

enum status sequencer_fail(struct sequencer *sequencer, struct sequencer_fault fault)
{
    ASSERT(fault.status != STATUS_OK);
    if (sequencer->fault->status == STATUS_OK) {
        *sequencer->fault = fault;
    }
    return sequencer->fault->status;
}

struct events sequencer_outcome(const struct sequencer *sequencer)
{
    struct events outcome = sequencer->events;
    outcome.bytes += sequencer->outcome_at;
    outcome.used -= sequencer->outcome_at;
    outcome.capacity = outcome.used;
    return outcome;
}

void sequencer_sample(struct sequencer *sequencer, struct sequencer_sample *sample)
{
    sequencer->sample = sequencer->recovery.active ? NULL : sample;
}

bool sequencer_following(const struct sequencer *sequencer)
{
    return sequencer->recovery.active;
}

void sequencer_count(const struct sequencer *sequencer, struct sequencer_counts *out_counts)
{
    const struct recovery *recovery = &sequencer->recovery;
    *out_counts = (struct sequencer_counts){
        .commands = engine_command_sequence(sequencer->engine),
        .events = sequencer->events.sequence,
        .event_hash = sequencer->applied_hash,
        .commands_logged = recovery->command_last,
        .events_logged = recovery->event_last,
        .events_compared = recovery->compared,
        .events_recovered = recovery->appended,
        .released = sequencer->released,
    };
}

static void sequencer_take(struct arena *arena, size_t bytes, struct held *out_held)
{
    out_held->bytes = arena_take(arena, 1, bytes);
    out_held->times_ns = arena_take(arena, BATCH_COMMANDS_MAX, sizeof *out_held->times_ns);
}

enum status sequencer_open(struct arena *arena, const struct sequencer_options *options,
                           struct sequencer_fault *fault, struct sequencer **out_sequencer)
{
    size_t event_bytes_max = engine_event_bytes_max(options->engine);
    size_t held_bytes = options->held_bytes == 0 ? HELD_BYTES_DEFAULT : options->held_bytes;
    held_bytes = bytes_align_up(held_bytes, 8) + event_bytes_max;
    struct sequencer *sequencer = arena_take(arena, 1, sizeof *sequencer);
    struct held held[HELD_MAX] = {0};
    for (unsigned i = 0; i < HELD_MAX; i++) {
        sequencer_take(arena, held_bytes, &held[i]);
    }
    *fault = (struct sequencer_fault){.status = STATUS_OK};
    if (sequencer == NULL) {
        *out_sequencer = NULL;
        return STATUS_OK;
    }
    ASSERT(engine_command_sequence(options->engine) == 0 || !options->follow);
    sequencer->options = *options;
    sequencer->fault = fault;
    sequencer->commands = options->commands;
    sequencer->events_log = options->events;
    sequencer->engine = options->engine;
    memcpy(sequencer->held, held, sizeof held);
    sequencer->event_bytes_max = event_bytes_max;
    sequencer->next_sequence = engine_command_sequence(options->engine) + 1;
    sequencer->time_ns = engine_time_ns(options->engine);
    sequencer->applied_hash = options->event_hash;
    sequencer->appended_hash = options->event_hash;
    events_init(&sequencer->events, held[0].bytes, held_bytes);
    sequencer->events.sequence = engine_event_sequence(options->engine);
    enum status status = recovery_begin(sequencer);
    if (status == STATUS_OK) {
        *out_sequencer = sequencer;
    } else {
        recovery_end(sequencer);
    }
    return status;
}

static enum status close_unsealed(struct sequencer *sequencer)
{
    recovery_end(sequencer);
    enum status commands = journal_close(sequencer->commands, false);
    enum status events = journal_close(sequencer->events_log, false);
    return commands != STATUS_OK ? commands : events;
}

/* The note of a seal: what the last batch said, and what has become durable of the other log. */
static struct journal_note note_of_seal(const struct sequencer *sequencer, struct journal *log,
                                        const struct journal *other)
{
    struct journal_stat stat;
    journal_stat(log, &stat);
    if (!sequencer->recovery.active) {
        stat.note.running_hash = sequencer->applied_hash; /* all of it is in the events log */
    }
    if (stat.note.proven_sequence < journal_durable(other)) {
        stat.note.proven_sequence = journal_durable(other);
    }
    if (PLANTED(SEAL_EARLY)) {
        stat.note.proven_sequence = other->next_sequence - 1;
    }
    return stat.note;
}

/* The events first: the seal of the commands says that they are on stable storage, and so finds
 * their loss later, which no later batch would. A log that was stopped while it was followed keeps
 * the events it had. */
static enum status close_sealed(struct sequencer *sequencer)
{
    struct journal_note of_commands =
        note_of_seal(sequencer, sequencer->commands, sequencer->events_log);
    struct journal_note of_events =
        note_of_seal(sequencer, sequencer->events_log, sequencer->commands);
    recovery_end(sequencer);
    enum status events = journal_close_sealed(sequencer->events_log, &of_events);
    enum status commands = events == STATUS_OK
                               ? journal_close_sealed(sequencer->commands, &of_commands)
                               : journal_close(sequencer->commands, false);
    return events != STATUS_OK ? events : commands;
}

enum status sequencer_close(struct sequencer *sequencer, bool seal)
{
    if (sequencer == NULL) {
        return STATUS_OK;
    }
    enum status status = sequencer->fault->status;
    if (status == STATUS_OK && !sequencer->recovery.active) {
        status = sequencer_flush(sequencer);
    }
    bool clean = seal && status == STATUS_OK && !sequencer->options.read_only;
    enum status closed = clean ? close_sealed(sequencer) : close_unsealed(sequencer);
    if (status == STATUS_OK) {
        status = closed;
    }
    assert_at_sequence(0);
    return status;
}
