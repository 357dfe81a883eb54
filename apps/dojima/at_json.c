/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/at.h"
#include "apps/dojima/told.h"

#include <inttypes.h>
#include <stdio.h>

static void print_string(const char *bytes, size_t count)
{
    char line[256];
    struct text text;
    text_init(&text, line, sizeof line);
    text_add_json(&text, bytes, count);
    fputs(line, stdout);
}

static const char *truth(bool value)
{
    return value ? "true" : "false";
}

static void print_sessions(const struct engine *engine)
{
    bool any = false;
    fputs(",\"sessions\":[", stdout);
    for (uint32_t i = 1; i <= engine_limits(engine)->max_sessions; i++) {
        struct engine_session session;
        if (engine_session(engine, i, &session)) {
            printf("%s{\"session\":%" PRIu32 ",\"incarnation\":%" PRIu32 ",\"participant\":%" PRIu32
                   ",\"user\":%" PRIu32
                   ",\"closed\":%s,\"blocked\":%s,\"last_input_sequence\":%" PRIu64
                   ",\"cancel_on_disconnect\":%s,\"dead_man_ms\":%" PRIu32
                   ",\"tagged_orders\":%" PRIu32 "}",
                   any ? "," : "", session.session, session.incarnation, session.participant,
                   session.user, truth(session.closed), truth(session.blocked),
                   session.last_input_sequence, truth(session.cancel_on_disconnect),
                   session.dead_man_ms, session.tagged_orders);
            any = true;
        }
    }
    fputs("]", stdout);
}

static void print_side(const struct at_job *job, uint32_t instrument, enum side side)
{
    static struct engine_level levels[AT_DEPTH_MAX];
    size_t count = engine_levels(job->engine, instrument, side, levels, job->depth);
    fputs("[", stdout);
    for (size_t i = 0; i < count; i++) {
        printf("%s{\"price\":%" PRId64 ",\"quantity\":%" PRId64 ",\"orders\":%" PRIu32 "}",
               i > 0 ? "," : "", levels[i].price.units, levels[i].quantity.lots, levels[i].orders);
    }
    fputs("]", stdout);
}

static void print_instruments(const struct at_job *job)
{
    bool any = false;
    fputs(",\"instruments\":[", stdout);
    for (uint32_t i = 1; i <= engine_limits(job->engine)->max_instruments; i++) {
        const struct command_list_instrument *terms = engine_instrument(job->engine, i);
        if (terms == NULL || (job->instrument != 0 && job->instrument != i)) {
            continue;
        }
        char bytes[32];
        struct text symbol;
        text_init(&symbol, bytes, sizeof bytes);
        told_symbol(&terms->symbol, &symbol);
        printf("%s{\"instrument\":%" PRIu32 ",\"symbol\":", any ? "," : "", i);
        print_string(bytes, symbol.length);
        printf(",\"phase\":\"%s\",\"price_scale\":%u,\"quantity_scale\":%u,\"buy\":",
               phase_name(engine_phase(job->engine, i)), terms->price_scale, terms->quantity_scale);
        print_side(job, i, SIDE_BUY);
        fputs(",\"sell\":", stdout);
        print_side(job, i, SIDE_SELL);
        fputs("}", stdout);
        any = true;
    }
    fputs("]", stdout);
}

static void print_orders(const struct at_job *job)
{
    fputs(",\"orders\":[", stdout);
    for (size_t i = 0; i < job->order_count; i++) {
        const struct engine_order *order = &job->orders[i].order;
        printf("%s{\"account\":\"%" PRIu64 "\",\"order_id\":\"%" PRIu64 "\",\"client_order_id\":",
               i > 0 ? "," : "", order->account, order->order_id);
        print_string(order->client_order_id.bytes, order->client_order_id.count);
        printf(",\"instrument\":%" PRIu32 ",\"side\":\"%s\",\"price\":%" PRId64 ",\"open\":%" PRId64
               ",\"quantity\":%" PRId64 ",\"reference\":\"%" PRIu64 "\",\"session\":%" PRIu32
               ",\"time_in_force\":\"%s\"}",
               order->instrument, side_name(order->side), order->price.units, order->remaining.lots,
               order->total.lots, order->reference, order->session,
               time_in_force_name(order->time_in_force));
    }
    fputs("]", stdout);
}

void at_print_json(const struct at_job *job)
{
    struct engine_counts counts;
    engine_count(job->engine, &counts);
    printf("{\"sequence\":%" PRIu64 ",\"event_sequence\":%" PRIu64 ",\"time_ns\":%" PRIu64
           ",\"state_hash\":\"%s\",\"day_ended\":%" PRIu32 ",\"counts\":{\"assets\":%" PRIu64
           ",\"instruments\":%" PRIu64 ",\"accounts\":%" PRIu64 ",\"sessions\":%" PRIu64
           ",\"orders\":%" PRIu64 ",\"levels\":%" PRIu64 "}",
           engine_command_sequence(job->engine), engine_event_sequence(job->engine),
           engine_time_ns(job->engine), job->state_hash, engine_day_ended(job->engine),
           counts.assets, counts.instruments, counts.accounts, counts.sessions, counts.orders,
           counts.levels);
    print_sessions(job->engine);
    print_instruments(job);
    print_orders(job);
    fputs(",\"balances\":null}\n", stdout);
}
