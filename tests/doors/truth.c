/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/truth.h"

#include "base/assert.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t number_of(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_string(value) ? strtoull(json_string_value(value), NULL, 10)
                                 : (uint64_t)json_integer_value(value);
}

static void add_fill(struct truth *truth, uint64_t session, struct fill fill)
{
    if (session == 0 || session >= truth->session_count) {
        return;
    }
    struct truth_session *mine = &truth->sessions[session];
    if (mine->fill_count == mine->fill_capacity) {
        mine->fill_capacity = mine->fill_capacity == 0 ? 256 : mine->fill_capacity * 2;
        mine->fills = realloc(mine->fills, mine->fill_capacity * sizeof *mine->fills);
        ASSERT(mine->fills != NULL);
    }
    mine->fills[mine->fill_count++] = fill;
}

/* "12.345" of OUCH, "T0003-345" of native. */
static uint32_t reference_of(const char *name)
{
    const char *dash = strchr(name, '-');
    const char *dot = strchr(name, '.');
    const char *at = dash != NULL ? dash : dot;
    return at == NULL ? 0 : (uint32_t)strtoul(at + 1, NULL, 10);
}

static void add_accepted(struct truth *truth, const json_t *event)
{
    uint64_t session = number_of(event, "session");
    if (session == 0 || session >= truth->session_count) {
        return;
    }
    struct truth_session *mine = &truth->sessions[session];
    if (mine->accepted_count == mine->accepted_capacity) {
        mine->accepted_capacity = mine->accepted_capacity == 0 ? 256 : mine->accepted_capacity * 2;
        mine->accepted = realloc(mine->accepted, mine->accepted_capacity * sizeof *mine->accepted);
        ASSERT(mine->accepted != NULL);
    }
    const char *name = json_string_value(json_object_get(event, "client_order_id"));
    mine->accepted[mine->accepted_count++] = reference_of(name == NULL ? "" : name);
}

static void take(struct truth *truth, const json_t *event)
{
    const char *kind = json_string_value(json_object_get(event, "event"));
    if (kind == NULL) {
        return;
    }
    truth->events++;
    if (strcmp(kind, "trade") == 0) {
        struct fill fill = {.match = number_of(event, "sequence"),
                            .quantity = (int64_t)number_of(event, "quantity"),
                            .price = (int64_t)number_of(event, "price"),
                            .maker = true};
        truth->trades++;
        add_fill(truth, number_of(event, "maker_session"), fill);
        fill.maker = false;
        add_fill(truth, number_of(event, "taker_session"), fill);
    } else if (strcmp(kind, "accepted") == 0) {
        add_accepted(truth, event);
    }
}

bool truth_read(struct truth *truth, const struct venue_process *venue, size_t session_count)
{
    *truth = (struct truth){.session_count = session_count};
    truth->sessions = calloc(session_count, sizeof *truth->sessions);
    const char *const arguments[] = {"log",    "dump",      "--json", "--only",
                                     "events", venue->data, NULL};
    pid_t process;
    int input = venue_process_read(venue, arguments, &process);
    FILE *lines = input < 0 ? NULL : fdopen(input, "r");
    if (truth->sessions == NULL || lines == NULL) {
        fprintf(stderr, "the log cannot be read\n");
        return false;
    }
    char *line = NULL;
    size_t capacity = 0;
    bool valid = true;
    while (valid && getline(&line, &capacity, lines) > 0) {
        json_t *event = json_loads(line, 0, NULL);
        valid = event != NULL;
        if (valid) {
            take(truth, event);
        }
        json_decref(event);
    }
    free(line);
    (void)fclose(lines);
    int code = venue_process_wait(process);
    if (!valid || code != 0) {
        fprintf(stderr, "log dump: exit %d, %s\n", code, valid ? "" : "a line that is no JSON");
    }
    return valid && code == 0;
}

/* As far as both go. */
static bool same_fills(const struct truth_session *truth, const struct dealer *dealer)
{
    size_t least = truth->fill_count < dealer->fill_count ? truth->fill_count : dealer->fill_count;
    for (size_t i = 0; i < least; i++) {
        const struct fill *wanted = &truth->fills[i];
        const struct fill *told = &dealer->fills[i];
        if (wanted->match != told->match || wanted->quantity != told->quantity ||
            wanted->price != told->price || wanted->maker != told->maker) {
            fprintf(stderr,
                    "%s: fill %zu is match %" PRIu64 " of %" PRId64 ", the log has match %" PRIu64
                    " of %" PRId64 "\n",
                    dealer->name, i, told->match, told->quantity, wanted->match, wanted->quantity);
            return false;
        }
    }
    return true;
}

static bool compare_fills(const struct truth_session *truth, const struct dealer *dealer)
{
    if (!same_fills(truth, dealer)) {
        return false;
    }
    if (truth->fill_count != dealer->fill_count) {
        fprintf(stderr, "%s: told of %zu fills, the log has %zu\n", dealer->name,
                dealer->fill_count, truth->fill_count);
        return false;
    }
    return true;
}

static bool compare_accepted(const struct truth_session *truth, const struct dealer *dealer)
{
    uint8_t *seen = calloc((size_t)dealer->highest + 1, 1);
    bool same = seen != NULL && truth->accepted_count == dealer->accepted;
    for (size_t i = 0; i < truth->accepted_count && same; i++) {
        uint32_t reference = truth->accepted[i];
        enum dealer_outcome outcome = dealer_outcome(dealer, reference);
        same = reference <= dealer->highest && seen[reference]++ == 0 && outcome == DEALER_ACCEPTED;
        if (!same) {
            fprintf(stderr, "%s: order %" PRIu32 " is accepted in the log, here it is %d\n",
                    dealer->name, reference, (int)outcome);
        }
    }
    if (truth->accepted_count != dealer->accepted) {
        fprintf(stderr, "%s: told of %" PRIu64 " orders accepted, the log has %zu\n", dealer->name,
                dealer->accepted, truth->accepted_count);
    }
    free(seen);
    return same;
}

bool truth_compare(const struct truth *truth, const struct dealer *dealer)
{
    const struct truth_session *mine = &truth->sessions[dealer->number];
    bool fills = compare_fills(mine, dealer);
    return compare_accepted(mine, dealer) && fills;
}

bool truth_holds(const struct truth *truth, const struct dealer *dealer)
{
    const struct truth_session *mine = &truth->sessions[dealer->number];
    uint8_t *seen = calloc((size_t)dealer->highest + 1, 1);
    bool holds = seen != NULL && same_fills(mine, dealer);
    uint64_t told = 0;
    for (size_t i = 0; i < mine->accepted_count && holds; i++) {
        uint32_t reference = mine->accepted[i];
        enum dealer_outcome outcome = dealer_outcome(dealer, reference);
        told += outcome == DEALER_ACCEPTED;
        holds = reference <= dealer->highest && seen[reference]++ == 0 &&
                (outcome == DEALER_ACCEPTED || outcome == DEALER_SENT);
        if (!holds) {
            fprintf(stderr, "%s: order %" PRIu32 " is accepted in the log, here it is %d\n",
                    dealer->name, reference, (int)outcome);
        }
    }
    free(seen);
    if (mine->fill_count < dealer->fill_count || (holds && told != dealer->accepted)) {
        fprintf(stderr,
                "%s: told of %zu fills and %" PRIu64
                " orders accepted, the log has %zu and %" PRIu64 " of these\n",
                dealer->name, dealer->fill_count, dealer->accepted, mine->fill_count, told);
        return false;
    }
    return holds;
}

void truth_close(struct truth *truth)
{
    for (size_t i = 0; i < truth->session_count && truth->sessions != NULL; i++) {
        free(truth->sessions[i].fills);
        free(truth->sessions[i].accepted);
    }
    free(truth->sessions);
}
