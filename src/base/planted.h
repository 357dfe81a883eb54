/* SPDX-License-Identifier: Apache-2.0
 *
 * Bugs on purpose, to test the simulator: a build with DOJIMA_PLANTED has them all and obeys the
 * one that planted_bug names; in every other build PLANTED is a constant and nothing of them is
 * left.
 *
 * Owner: the simulator's program. Threads: set before any other starts. Memory: none.
 * Errors: none. Order of calls: any.
 */
#ifndef DOJIMA_BASE_PLANTED_H
#define DOJIMA_BASE_PLANTED_H

/* PLANTED_BUG(NAME, what is wrong), numbered from 1. Append-only. */
#define PLANTED_BUGS(PLANTED_BUG)                                                                  \
    PLANTED_BUG(SKIP_SYNC, "a batch is not synced before it counts as durable")                    \
    PLANTED_BUG(ACK_BEFORE_SYNC, "a batch counts as durable between its write and its sync")       \
    PLANTED_BUG(FAILED_SYNC_PASSES, "a sync that failed counts as done")                           \
    PLANTED_BUG(NAME_NOT_SYNCED, "the name of a new segment is not made durable")                  \
    PLANTED_BUG(BAD_CRC, "records are taken whatever their checksum says")                         \
    PLANTED_BUG(CUT_PROVEN, "what is proven durable and damaged is cut as if it were torn")        \
    PLANTED_BUG(TAIL_STAYS, "a torn tail is not cleared before the log goes on")                   \
    PLANTED_BUG(SKIP_CHAIN, "verify does not compare the chain")                                   \
    PLANTED_BUG(CACHE_BELIEVED,                                                                    \
                "what a killed process left in the cache is not synced at the start")              \
    PLANTED_BUG(SEAL_EARLY,                                                                        \
                "a clean stop seals before the last events are durable, and says that they are")   \
    PLANTED_BUG(RELEASE_EARLY, "events are shown before their cause is durable")                   \
    PLANTED_BUG(PROOF_TOO_HIGH, "the events log calls commands proven that are on their way")      \
    PLANTED_BUG(TIME_BACK, "log time follows a clock that goes back")                              \
    PLANTED_BUG(EVENTS_NOT_MADE_UP,                                                                \
                "recovery does not append the events that the log had not got yet")                \
    PLANTED_BUG(HASH_UNREAD, "recovery does not compare the event hash")                           \
    PLANTED_BUG(NO_DEDUPLICATION, "a name that comes again is taken as new")                       \
    PLANTED_BUG(NOT_FENCED, "RESOLVE does not close a name that was never seen")                   \
    PLANTED_BUG(ANY_INCARNATION, "commands of a dead incarnation are taken")                       \
    PLANTED_BUG(APPLY_TWICE, "an input sequence that was used is taken again")                     \
    PLANTED_BUG(ORDER_ID_AGAIN, "an order id is given to more than one order")                     \
    PLANTED_BUG(PLACE_KEPT, "a replace that grows an order keeps its place in the queue")          \
    PLANTED_BUG(LOT_LOST, "a large fill takes one lot too few from the maker")                     \
    PLANTED_BUG(NUMBER_LOST, "now and then a fill gets no number in its session's stream")         \
    PLANTED_BUG(LAST_NOT_SETTLED,                                                                  \
                "after a start the last command's public entries have no number")                  \
    PLANTED_BUG(ENTRY_DROPPED, "the hub does not pass on every 64th entry")                        \
    PLANTED_BUG(REFUSED_AND_IN, "a command is refused at the door and sequenced all the same")     \
    PLANTED_BUG(PUBLIC_FIRST, "public entries of a command are given out before its private ones") \
    PLANTED_BUG(EVENT_TIME, "events have the time of the first command of their batch")

enum planted_bug {
    PLANTED_NONE = 0,
#define PLANTED_BUG(name, meaning) PLANTED_##name,
    PLANTED_BUGS(PLANTED_BUG)
#undef PLANTED_BUG
        PLANTED_COUNT,
};

#ifdef DOJIMA_PLANTED
extern unsigned planted_bug;
#define PLANTED(name) (planted_bug == (unsigned)PLANTED_##name)
#else
#define PLANTED(name) 0
#endif

#endif
