/* SPDX-License-Identifier: Apache-2.0
 *
 * Sockets that never block, and the set that tells which are ready. Addresses are text:
 * "127.0.0.1:9101", "[::1]:9101", "unix:/path".
 *
 * Owner: the caller closes what it opened. Threads: a socket and a poll set are used by one; a wake
 * may be notified from any. Memory: none but the kernel's. Errors: AGAIN (nothing now), END (the
 * peer closed its side), IO (reset, unreachable, refused), BUSY (the address is in use), DENIED,
 * INVALID (no such address), FULL (no more descriptors).
 * Order of calls: an open, any, close.
 */
#ifndef DOJIMA_HOST_SOCKET_H
#define DOJIMA_HOST_SOCKET_H

#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST_ADDRESS_TEXT_BYTES 120

struct host_address {
    uint32_t count;     /* bytes of the socket address */
    uint8_t bytes[112]; /* as the system calls take it */
};

MUST_USE enum status host_address_parse(const char *text, struct host_address *out_address);
void host_address_print(const struct host_address *address, char out_text[HOST_ADDRESS_TEXT_BYTES]);
bool host_address_is_loopback(const struct host_address *address); /* Unix sockets too */
bool host_address_is_multicast(const struct host_address *address);
uint16_t host_address_port(const struct host_address *address); /* 0: none */

/* A Unix path that nobody listens on any more is replaced; its mode is 0600. */
MUST_USE enum status host_socket_listen(const struct host_address *address, int *out_socket);
/* The port in use, for addresses with port 0. */
uint16_t host_socket_port(int socket);
MUST_USE enum status host_socket_accept(int listener, int *out_socket,
                                        struct host_address *out_peer);
/* Begins; the socket is ready to write when it is connected or has failed. */
MUST_USE enum status host_socket_connect(const struct host_address *address, int *out_socket);
MUST_USE enum status host_socket_connected(int socket);
/* At least one byte, or a status. */
MUST_USE enum status host_socket_read(int socket, void *bytes, size_t capacity, size_t *out_count);
MUST_USE enum status host_socket_write(int socket, const void *bytes, size_t count,
                                       size_t *out_count);
/* Effective user of the other end of a Unix socket, told by the kernel; else UNSUPPORTED. */
MUST_USE enum status host_socket_peer_user(int socket, uint32_t *out_user);
/* This process's effective user. */
uint32_t host_user(void);
/* Nothing more will be written: the peer reads END after what was sent. */
void host_socket_end(int socket);
/* Closing sends what the kernel still has; `reset` throws it away and tells the peer so. */
void host_socket_close(int socket, bool reset);

/* UDP. `interface` is the address of the network interface for multicast. */
MUST_USE enum status host_udp_open(const struct host_address *bind_to, int *out_socket);
MUST_USE enum status host_udp_open_sender(const char *interface, unsigned ttl, int *out_socket);
MUST_USE enum status host_udp_join(int socket, const struct host_address *group,
                                   const char *interface);

struct host_datagram {
    struct host_address address; /* to, or from */
    uint8_t *bytes;
    size_t count; /* on receiving: capacity before, bytes after; 0: empty, or longer than that */
};
/* As many as go without waiting, at most 64 a call; *out_count of them went. */
MUST_USE enum status host_udp_send(int socket, const struct host_datagram *datagrams, size_t count,
                                   size_t *out_count);
MUST_USE enum status host_udp_receive(int socket, struct host_datagram *datagrams, size_t count,
                                      size_t *out_count);

/* Ready sockets. */
enum host_ready { /* bits */
                  HOST_READY_READ = 1,
                  HOST_READY_WRITE = 2,
                  HOST_READY_BROKEN = 4, /* told, never asked for */
};
struct host_ready_event {
    void *tag;
    unsigned ready;
};

MUST_USE enum status host_poll_open(int *out_poll);
void host_poll_close(int poll);
MUST_USE enum status host_poll_add(int poll, int socket, unsigned ready, void *tag);
void host_poll_change(int poll, int socket, unsigned ready, void *tag);
void host_poll_remove(int poll, int socket);
/* Waits at most `wait_ns` (0: not at all); returns how many events. */
size_t host_poll_wait(int poll, int64_t wait_ns, struct host_ready_event *out_events, size_t max);

/* Ends a poll's wait from another thread. */
MUST_USE enum status host_wake_open(int *out_wake);
void host_wake_notify(int wake);
void host_wake_clear(int wake);
void host_wake_close(int wake);

#endif
