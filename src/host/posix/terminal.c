/* SPDX-License-Identifier: Apache-2.0 */
#include "host/terminal.h"

#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool host_terminal_is(int descriptor)
{
    const char *kind = getenv("TERM");
    return isatty(descriptor) == 1 && (kind == NULL || strcmp(kind, "dumb") != 0);
}

bool host_terminal_reader_gone(int descriptor)
{
    struct pollfd about = {.fd = descriptor};
    return poll(&about, 1, 0) == 1 && (about.revents & (POLLERR | POLLHUP)) != 0;
}

int host_terminal_columns(int descriptor)
{
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
        return 80;
    }
    return size.ws_col;
}
