/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/replay_limits.h"

/* No message that adds an order is shorter than this: LOBSTER's shortest line, and what an ITCH
 * message comes to in a gzip file. */
#define ADD_BYTES_PLAIN      20u
#define ADD_BYTES_COMPRESSED 8u

#define ORDERS_LOWEST       (UINT32_C(1) << 12)
#define ORDERS_HIGHEST      (UINT32_C(1) << 21) /* a day of Nasdaq peaks at 1.65 million */
#define LEVELS_HIGHEST      (UINT32_C(1) << 20)
#define INSTRUMENTS_DEFAULT 16384u

#define SEGMENT_BYTES_SMALLEST (UINT32_C(4) << 20)
#define SEGMENT_BYTES_LARGEST  (UINT32_C(64) << 20)

struct command_genesis replay_limits_genesis(const struct replay_limits *limits,
                                             uint64_t input_bytes, bool compressed)
{
    uint64_t adds = input_bytes / (compressed ? ADD_BYTES_COMPRESSED : ADD_BYTES_PLAIN);
    uint32_t orders = ORDERS_LOWEST;
    while (orders < ORDERS_HIGHEST && orders < adds) {
        orders *= 2;
    }
    if (limits->max_orders != 0) {
        orders = limits->max_orders;
    }
    uint32_t levels = orders < LEVELS_HIGHEST ? orders : LEVELS_HIGHEST;
    uint32_t instruments =
        limits->max_instruments != 0 ? limits->max_instruments : INSTRUMENTS_DEFAULT;
    return (struct command_genesis){
        .logic_version = LOGIC_NEWEST,
        .max_assets = instruments + 1,
        .max_instruments = instruments,
        .max_accounts = 16,
        .max_sessions = 16,
        .max_orders = orders,
        .max_levels = limits->max_levels != 0 ? limits->max_levels : levels,
        .max_events_per_command = 4096,
        .max_timers_per_command = 64,
    };
}

uint32_t replay_limits_segment_bytes(uint64_t input_bytes)
{
    uint32_t bytes = SEGMENT_BYTES_SMALLEST;
    while (bytes < SEGMENT_BYTES_LARGEST && bytes < input_bytes * 2) {
        bytes *= 2;
    }
    return bytes;
}
