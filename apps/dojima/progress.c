/* SPDX-License-Identifier: Apache-2.0 */
#include "apps/dojima/progress.h"

#include "base/text.h"
#include "host/clock.h"
#include "host/terminal.h"

#include <stdio.h>

#define REDRAW_NS     100000000
#define BAR_CELLS_MAX 40
#define WORDS_COLUMNS 48 /* what stands beside the bar */
#define STDERR_NUMBER 2

void progress_begin(struct progress *progress, const char *what)
{
    *progress = (struct progress){
        .what = what,
        .drawn_on_terminal = host_terminal_is(STDERR_NUMBER),
        .begin_ns = host_clock_monotonic_ns(),
    };
    progress->shown_ns = progress->begin_ns;
}

static void add_bar(struct text *line, uint64_t done, uint64_t total)
{
    int cells = host_terminal_columns(STDERR_NUMBER) - WORDS_COLUMNS;
    cells = cells > BAR_CELLS_MAX ? BAR_CELLS_MAX : cells;
    double share = (double)done / (double)total;
    share = share > 1.0 ? 1.0 : share;
    if (cells > 4) {
        text_add(line, " [");
        for (int i = 0; i < cells; i++) {
            text_add(line, i < (int)(share * cells) ? "#" : ".");
        }
        text_add(line, "]");
    }
    text_format(line, " %3d%%", (int)(share * 100));
}

void progress_show(struct progress *progress, uint64_t done, uint64_t total, uint64_t count)
{
    if (!progress->drawn_on_terminal) {
        return;
    }
    int64_t now = host_clock_monotonic_ns();
    if (now - progress->shown_ns < REDRAW_NS) {
        return;
    }
    progress->shown_ns = now;
    double seconds = (double)(now - progress->begin_ns) / 1e9;
    char bytes[256];
    struct text line;
    text_init(&line, bytes, sizeof bytes);
    text_format(&line, "\r\x1b[K%s ", progress->what);
    if (total > 0) {
        add_bar(&line, done, total);
    }
    text_format(&line, "  %.2f M/s", (double)count / seconds / 1e6);
    if (total > 0 && done > 0 && done <= total) {
        double left = seconds * (double)(total - done) / (double)done;
        text_format(&line, "  %d:%02d left", (int)(left / 60), (int)left % 60);
    }
    fputs(bytes, stderr);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->drawn_on_terminal) {
        fputs("\r\x1b[K", stderr);
        fflush(stderr);
    }
}
