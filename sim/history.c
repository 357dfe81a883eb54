/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/history.h"

#include "wire/native/command_codec.h"
#include "wire/native/event_codec.h"

#define LINE_BYTES 2048

void history_sent(const struct seat *seat, const struct command *command)
{
    if (seat->history == NULL) {
        return;
    }
    char line[LINE_BYTES];
    struct text text;
    text_init(&text, line, sizeof line);
    command_describe_json(command, &text);
    fprintf(seat->history, "{\"session\":%u,\"sent\":%s}\n", seat->session, line);
}

void history_heard(const struct seat *seat, const struct stream_entry *entry,
                   const struct event *event)
{
    if (seat->history == NULL) {
        return;
    }
    static const char *const sides[] = {"whole", "maker", "taker", "yours"};
    char line[LINE_BYTES];
    struct text text;
    text_init(&text, line, sizeof line);
    event_describe_json(event, &text);
    fprintf(seat->history, "{\"session\":%u,\"number\":%llu,\"side\":\"%s\",\"heard\":%s}\n",
            seat->session, (unsigned long long)entry->number, sides[entry->side & 3u], line);
}

void history_end(const struct seat *seat)
{
    if (seat->history == NULL) {
        return;
    }
    fprintf(seat->history, "{\"session\":%u,\"open\":[", seat->session);
    for (size_t i = 0; i < seat->live_count; i++) {
        const struct seat_order *order = &seat->live[i];
        fprintf(seat->history, "%s{\"order_id\":\"%llu\",\"open\":\"%lld\"}", i == 0 ? "" : ",",
                (unsigned long long)order->order_id, (long long)order->open);
    }
    fprintf(seat->history, "],\"unanswered\":%zu}\n", seat->pending_count);
}
