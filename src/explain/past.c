/* SPDX-License-Identifier: Apache-2.0 */
#include "explain/past.h"

#include "base/assert.h"
#include "wire/native/command_codec.h"

#include <stdlib.h>
#include <string.h>

static void engine_close(struct past_engine *engine)
{
    host_block_close(&engine->event_block);
    host_block_close(&engine->block);
    *engine = (struct past_engine){0};
}

static enum status engine_open(struct past_engine *engine, const struct command_genesis *genesis)
{
    struct arena arena;
    arena_init_measure(&arena);
    enum status status = engine_init(&arena, genesis, &engine->engine);
    if (status != STATUS_OK) {
        return status;
    }
    uint64_t machine_bytes = host_memory_bytes();
    status = machine_bytes != 0 && arena.used > machine_bytes - machine_bytes / 8
                 ? STATUS_NO_MEMORY
                 : host_block_open(arena.used, false, &engine->block);
    if (status != STATUS_OK) {
        return status;
    }
    arena_init_zeroed(&arena, engine->block.bytes, engine->block.count);
    status = engine_init(&arena, genesis, &engine->engine);
    ASSERT(status == STATUS_OK);
    arena_seal(&arena);
    status = host_block_open(engine_event_bytes_max(engine->engine), false, &engine->event_block);
    if (status != STATUS_OK) {
        engine_close(engine);
        return status;
    }
    events_init(&engine->events, engine->event_block.bytes, engine->event_block.count);
    return STATUS_OK;
}

/* The next record as a command; END behind the last. */
static enum status read_command(struct past *past, struct command *out_command)
{
    if (past->entry_at == past->entry_count) {
        past->entry_at = 0;
        past->entry_count = 0;
        if (past->cursor.next_sequence > past->last_sequence) {
            return STATUS_END;
        }
        enum status status = journal_poll(past->commands, &past->cursor, past->entries,
                                          PAST_ENTRIES, &past->entry_count);
        if (status != STATUS_OK || past->entry_count == 0) {
            past->sequence = past->cursor.next_sequence;
            return status == STATUS_OK ? STATUS_END : status;
        }
    }
    const struct journal_entry *entry = &past->entries[past->entry_at++];
    enum status status =
        command_header_decode(entry->body, entry->body_bytes, &out_command->header);
    if (status == STATUS_OK) {
        out_command->header.sequence = entry->sequence;
        out_command->header.time_ns = (uint64_t)entry->time_ns;
        status = command_body_decode(entry->body + COMMAND_HEADER_BYTES,
                                     entry->body_bytes - COMMAND_HEADER_BYTES, out_command);
    }
    if (status == STATUS_OK && !engine_understands(out_command)) {
        status = STATUS_UNSUPPORTED; /* a later release changed the rules here */
    }
    if (status != STATUS_OK) {
        past->sequence = entry->sequence;
        return status == STATUS_UNSUPPORTED ? STATUS_UNSUPPORTED : STATUS_INVALID;
    }
    return STATUS_OK;
}

static void rewind_log(struct past *past)
{
    past->cursor.next_sequence = 1;
    past->entry_count = 0;
    past->entry_at = 0;
    past->sequence = 0;
}

enum status past_open(struct past *past, struct journal *commands)
{
    *past = (struct past){.commands = commands,
                          .last_sequence = commands->next_sequence - 1,
                          .cursor = journal_cursor_at(1)};
    if (past->last_sequence == 0) {
        return STATUS_NOT_FOUND;
    }
    enum status status = read_command(past, &past->command);
    if (status == STATUS_OK && past->command.header.id != COMMAND_GENESIS) {
        past->sequence = 1;
        status = STATUS_INVALID;
    }
    if (status == STATUS_OK) {
        past->genesis = past->command.genesis;
        past->sequence = 1;
        status = engine_open(&past->now, &past->genesis);
    }
    if (status != STATUS_OK) {
        journal_cursor_close(past->commands, &past->cursor);
        return status;
    }
    rewind_log(past);
    return STATUS_OK;
}

void past_close(struct past *past)
{
    if (past->commands != NULL) {
        journal_cursor_close(past->commands, &past->cursor);
    }
    engine_close(&past->now);
    engine_close(&past->moment);
    *past = (struct past){0};
}

enum status past_restart(struct past *past)
{
    engine_close(&past->now);
    rewind_log(past);
    return engine_open(&past->now, &past->genesis);
}

enum status past_next(struct past *past)
{
    return read_command(past, &past->command);
}

void past_apply(struct past *past)
{
    events_clear(&past->now.events);
    engine_apply(past->now.engine, &past->command, &past->now.events);
    past->sequence = past->command.header.sequence;
}

/* Growing bytes of a state. */
struct state {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
    bool failed;
};

static void on_state_bytes(void *context, const uint8_t *bytes, size_t count)
{
    struct state *state = context;
    if (!state->failed && state->capacity - state->count < count) {
        size_t capacity = 2 * (state->capacity + count);
        uint8_t *larger = realloc(state->bytes, capacity);
        state->failed = larger == NULL;
        state->bytes = larger != NULL ? larger : state->bytes;
        state->capacity = larger != NULL ? capacity : state->capacity;
    }
    if (!state->failed) {
        memcpy(state->bytes + state->count, bytes, count);
        state->count += count;
    }
}

/* Loads the second engine with the state of the first. */
static enum status copy_engine(struct past *past)
{
    struct state state = {0};
    engine_walk(past->now.engine, on_state_bytes, &state);
    enum status status =
        state.failed ? STATUS_NO_MEMORY : engine_open(&past->moment, &past->genesis);
    if (status == STATUS_OK) {
        status = engine_load(past->moment.engine, state.bytes, state.count, &past->moment.events);
    }
    free(state.bytes);
    return status;
}

enum status past_moment(struct past *past, const struct engine **out_engine)
{
    const struct engine *engine = past->now.engine;
    uint64_t now_ns = engine_time_ns(engine);
    if (past->command.header.time_ns > now_ns) {
        now_ns = past->command.header.time_ns;
    }
    engine_close(&past->moment);
    if (past->command.header.sequence == 1 || engine_next_due_ns(engine) > now_ns) {
        *out_engine = engine;
        return STATUS_OK;
    }
    enum status status = copy_engine(past);
    if (status != STATUS_OK) {
        return status;
    }
    /* A session that cannot be there: refused at once, behind the timers. */
    struct command nothing = {.header = {.id = COMMAND_TICK,
                                         .sequence = past->command.header.sequence,
                                         .time_ns = past->command.header.time_ns,
                                         .session = UINT32_MAX}};
    events_clear(&past->moment.events);
    engine_apply(past->moment.engine, &nothing, &past->moment.events);
    *out_engine = past->moment.engine;
    return STATUS_OK;
}
