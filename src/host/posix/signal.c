/* SPDX-License-Identifier: Apache-2.0 */
#include "host/signal.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t stop_signal;

static void on_stop(int number)
{
    stop_signal = number;
}

void host_signal_catch_stop(void)
{
    /* No SA_RESTART: a sleep or a read ends early and its loop sees the flag. */
    struct sigaction action = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL); /* the terminal is gone */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL); /* the write fails, and says so */
}

void host_signal_end_by_pipe(void)
{
    struct sigaction end = {.sa_handler = SIG_DFL};
    sigemptyset(&end.sa_mask);
    sigaction(SIGPIPE, &end, NULL);
    raise(SIGPIPE);
}

int host_signal_stop(void)
{
    return stop_signal;
}
