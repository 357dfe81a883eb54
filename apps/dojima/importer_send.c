/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/importer_state.h"

struct command importer_command(struct importer *importer, enum command_id id, uint8_t version,
                                uint32_t session)
{
    struct command command = {
        .header =
            {
                .time_ns = importer->time_ns,
                .source_sequence = importer->source_sequence,
                .source_index = importer->source_index++,
                .session = session,
                .incarnation = session == 0 ? 0 : 1,
                .source = IMPORTER_SOURCE,
                .id = (uint8_t)id,
                .version = version,
            },
    };
    if (session != 0 && id != COMMAND_LOGON) {
        command.header.input_sequence = ++importer->input_sequence;
    }
    return command;
}

static void see_trade(struct importer *importer, const struct event_record *record)
{
    struct importer_outcome *outcome = &importer->outcome;
    struct event_trade trade;
    enum status status = event_trade_decode(record->bytes + EVENT_HEADER_BYTES,
                                            record->count - EVENT_HEADER_BYTES, &trade);
    ASSERT(status == STATUS_OK);
    if (outcome->trades++ == 0) {
        outcome->first_maker = trade.maker_order_id;
    }
    outcome->traded += trade.quantity.lots;
    importer->counts.trades++;
    importer->counts.traded_volume += (uint64_t)trade.quantity.lots;
}

static void see_rejected(struct importer *importer, const struct event_record *record)
{
    struct event_rejected rejected;
    enum status status = event_rejected_decode(record->bytes + EVENT_HEADER_BYTES,
                                               record->count - EVENT_HEADER_BYTES, &rejected);
    ASSERT(status == STATUS_OK && rejected.code <= REJECT_COUNT);
    importer->outcome.reject = (enum reject)rejected.code;
    importer->counts.rejected++;
    importer->counts.by_reject[rejected.code]++;
}

enum status importer_send(struct importer *importer, struct command *command)
{
    enum status status = sequencer_submit(importer->options.sequencer, command);
    if (status != STATUS_OK) {
        return status;
    }
    importer->counts.by_command[command->header.id]++;
    importer->outcome = (struct importer_outcome){.reject = REJECT_NONE};
    struct events events = sequencer_outcome(importer->options.sequencer);
    struct event_record record;
    size_t at = 0;
    while (event_next(&events, &at, &record)) {
        switch (record.bytes[0]) {
        case EVENT_ACCEPTED:
            importer->counts.orders_accepted++;
            break;
        case EVENT_TRADE:
            see_trade(importer, &record);
            break;
        case EVENT_REJECTED:
            see_rejected(importer, &record);
            break;
        default:
            break;
        }
    }
    return STATUS_OK;
}
