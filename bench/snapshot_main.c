/* SPDX-License-Identifier: Apache-2.0
 *
 * What snapshots give and cost, for bench/restart. A shard is written to DIR unless it is there.
 *
 *   dojima_snapshot_bench start  DIR RUNS  [ORDERS ACCOUNTS]
 *   dojima_snapshot_bench beside DIR PAIRS [ORDERS ACCOUNTS]
 *   dojima_snapshot_bench make   DIR       one snapshot, as the process beside a venue does it
 */
#include "apps/dojima/snapshot_make.h"
#include "bench/snapshot_bench.h"
#include "host/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t number_of(int argc, char **argv, int at, uint64_t otherwise)
{
    return argc > at ? strtoull(argv[at], NULL, 10) : otherwise;
}

static int make(const char *directory)
{
    struct snapshot_made made;
    char reason[SHARD_REASON_BYTES];
    host_process_give_way();
    enum status status = snapshot_make(directory, true, &made, reason);
    if (status != STATUS_OK) {
        fprintf(stderr, "%s: %s\n", status_name(status), reason);
    }
    return status == STATUS_OK && !made.nothing_new ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "make") == 0) {
        return make(argv[2]);
    }
    bool beside = argc > 3 && strcmp(argv[1], "beside") == 0;
    struct snapshot_shard of = {.directory = argc > 3 ? argv[2] : "",
                                .orders = number_of(argc, argv, 4, 1200000),
                                .accounts = number_of(argc, argv, 5, 1000000)};
    uint64_t runs = number_of(argc, argv, 3, 0);
    if ((!beside && (argc < 4 || strcmp(argv[1], "start") != 0)) || of.orders == 0 ||
        of.accounts == 0) {
        fprintf(stderr, "dojima_snapshot_bench start|beside DIR RUNS [ORDERS ACCOUNTS]\n");
        return 2;
    }
    enum status status = snapshot_shard_prepare(&of);
    if (status == STATUS_OK) {
        status = beside ? snapshot_beside(&of, runs) : snapshot_start(&of, runs);
    }
    if (status != STATUS_OK) {
        fprintf(stderr, "%s\n", status_sentence(status));
    }
    return status == STATUS_OK ? 0 : 1;
}
