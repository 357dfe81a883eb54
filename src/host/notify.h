/* SPDX-License-Identifier: Apache-2.0
 *
 * Tells a service manager how the process is: the sd_notify protocol, one datagram to the socket
 * that NOTIFY_SOCKET names. Nothing happens when there is none.
 *
 * Owner: the process. Threads: any. Memory: none. Errors: none: whoever listens may be gone.
 * Order of calls: any.
 */
#ifndef DOJIMA_HOST_NOTIFY_H
#define DOJIMA_HOST_NOTIFY_H

/* "READY=1", "STOPPING=1", "STATUS=...". */
void host_notify(const char *state);

#endif
