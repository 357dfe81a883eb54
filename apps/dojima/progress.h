/* SPDX-License-Identifier: Apache-2.0
 *
 * One line on a terminal that says how far a long job is, how fast, and how long it still takes.
 * Draws nothing where standard error is no terminal.
 *
 *     replay  [#########............]  43%  2.31 M/s  0:07 left
 *
 * Owner: the caller. Threads: one. Memory: none. Errors: none.
 * Order of calls: progress_begin, progress_show..., progress_end.
 */
#ifndef DOJIMA_APPS_PROGRESS_H
#define DOJIMA_APPS_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
    const char *what;
    bool drawn_on_terminal;
    int64_t begin_ns;
    int64_t shown_ns;
};

void progress_begin(struct progress *progress, const char *what);

/* `done` of `total` (0 = not known) is the place, `count` is what the rate counts. Cheap enough to
 * be called every few thousand steps: draws ten times a second. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total, uint64_t count);

/* Clears the line. */
void progress_end(struct progress *progress);

#endif
