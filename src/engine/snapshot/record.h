/* SPDX-License-Identifier: Apache-2.0
 *
 * Tags and sizes of the canonical state records; walk.c draws their order.
 *
 * Owner: engine/snapshot. Threads: any. Memory: none. Errors: none. Order of calls: none.
 */
#ifndef DOJIMA_ENGINE_SNAPSHOT_RECORD_H
#define DOJIMA_ENGINE_SNAPSHOT_RECORD_H

#include "wire/native/command_codec.h"

enum snapshot_tag {
    SNAPSHOT_HEAD = 'G',
    SNAPSHOT_LOGIC = 'L',
    SNAPSHOT_WALK = 'W',
    SNAPSHOT_ASSET = 'A',
    SNAPSHOT_INSTRUMENT = 'I',
    SNAPSHOT_ACCOUNT = 'C',
    SNAPSHOT_GROUP = 'P',
    SNAPSHOT_SESSION = 'S',
    SNAPSHOT_MASS_CANCEL = 'M',
    SNAPSHOT_ORDER = 'O',
    SNAPSHOT_NAME = 'N',
    SNAPSHOT_END = 'E',
};

#define SNAPSHOT_HEAD_BYTES        (1 + COMMAND_GENESIS_FIXED_BYTES + 36)
#define SNAPSHOT_LOGIC_BYTES       3
#define SNAPSHOT_WALK_BYTES        18
#define SNAPSHOT_INSTRUMENT_BYTES  (2 + COMMAND_LIST_INSTRUMENT_FIXED_BYTES)
#define SNAPSHOT_ACCOUNT_BYTES     (2 + COMMAND_OPEN_ACCOUNT_FIXED_BYTES)
#define SNAPSHOT_GROUP_BYTES       6
#define SNAPSHOT_SESSION_BYTES     98
#define SNAPSHOT_MASS_CANCEL_BYTES 67
#define SNAPSHOT_ORDER_FIXED_BYTES 82
#define SNAPSHOT_ORDER_BYTES_MAX   (SNAPSHOT_ORDER_FIXED_BYTES + 1 + TEXT36_BYTES_MAX)
#define SNAPSHOT_NAME_BYTES        41
#define SNAPSHOT_END_BYTES         21

#endif
