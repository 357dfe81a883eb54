/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes a data directory with a seeded log of all kinds of commands, refused ones included.
 *
 *   explain.write_log DIR SEED COMMANDS
 */
#include "apps/dojima/shard.h"
#include "base/assert.h"
#include "tests/explain/flow.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s DIR SEED COMMANDS\n", argv[0]);
        return 2;
    }
    uint64_t seed = strtoull(argv[2], NULL, 10);
    uint64_t commands = strtoull(argv[3], NULL, 10);
    static struct flow flow;
    static struct shard shard;
    flow_open(&flow, seed);
    struct shard_options options = {.directory = argv[1],
                                    .mode = SHARD_FRESH,
                                    .ack = JOURNAL_ACK_MEMORY,
                                    .segment_bytes = 1 << 20,
                                    .genesis = workload_profile_of(seed)->limits};
    enum status status = shard_open(&shard, &options);
    if (status == STATUS_OK) {
        status = shard_start(&shard);
    }
    if (status == STATUS_OK) {
        status = sequencer_recover(shard.sequencer);
    }
    for (uint64_t i = 0; status == STATUS_OK && i < commands; i++) {
        struct command command;
        flow_next(&flow, &command);
        uint64_t sequence = command.header.sequence;
        status = sequencer_submit(shard.sequencer, &command);
        ASSERT(status != STATUS_OK || command.header.sequence == sequence);
        if (status == STATUS_OK) {
            status = sequencer_tick(shard.sequencer, command.header.time_ns);
        }
    }
    if (status == STATUS_OK) {
        status = sequencer_flush(shard.sequencer);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", argv[0], shard.reason);
    }
    enum status closed = shard_close(&shard, true);
    flow_close(&flow);
    return status == STATUS_OK && closed == STATUS_OK ? 0 : 1;
}
