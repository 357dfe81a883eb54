/* SPDX-License-Identifier: Apache-2.0 */
#include "host/socket.h"

#include "base/assert.h"
#include "base/bytes.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG        256
#define DATAGRAMS_MAX  64u
#define EVENTS_MAX     256u
#define UNIX_PREFIX    "unix:"
#define RECEIVE_BUFFER (4 << 20)

_Static_assert(sizeof(struct sockaddr_un) <= sizeof(((struct host_address *)0)->bytes),
               "an address holds every kind");

static enum status status_of(int error)
{
    switch (error) {
    case EAGAIN:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
    case EINTR:
    case EINPROGRESS:
    case ENOBUFS:
        return STATUS_AGAIN;
    case EADDRINUSE:
        return STATUS_BUSY;
    case EACCES:
    case EPERM:
        return STATUS_DENIED;
    case EMFILE:
    case ENFILE:
        return STATUS_NO_FILES;
    case ENOMEM:
        return STATUS_NO_MEMORY;
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
        return STATUS_INVALID;
    default:
        return STATUS_IO;
    }
}

static enum status failure(void)
{
    return status_of(errno);
}

/* What keeps nothing back; failures show when the socket is used. */
static void set_option(int socket, int level, int name, int value)
{
    int result = setsockopt(socket, level, name, &value, sizeof value);
    (void)result;
}

static struct sockaddr_storage storage_of(const struct host_address *address)
{
    struct sockaddr_storage storage = {0};
    memcpy(&storage, address->bytes, address->count);
    return storage;
}

static struct host_address address_of(const void *bytes, size_t count)
{
    struct host_address address = {.count = (uint32_t)count};
    ASSERT(count <= sizeof address.bytes);
    memcpy(address.bytes, bytes, count);
    return address;
}

static bool parse_port(const char *text, uint16_t *out_port)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || port > UINT16_MAX) {
        return false;
    }
    *out_port = htons((uint16_t)port);
    return true;
}

static enum status parse_unix(const char *path, struct host_address *out_address)
{
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    size_t length = strlen(path);
    if (length == 0 || length >= sizeof un.sun_path) {
        return STATUS_INVALID;
    }
    memcpy(un.sun_path, path, length + 1);
    *out_address = address_of(&un, offsetof(struct sockaddr_un, sun_path) + length + 1);
    return STATUS_OK;
}

enum status host_address_parse(const char *text, struct host_address *out_address)
{
    if (strncmp(text, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0) {
        return parse_unix(text + strlen(UNIX_PREFIX), out_address);
    }
    const char *colon = strrchr(text, ':');
    char host[64];
    uint16_t port;
    if (colon == NULL || (size_t)(colon - text) >= sizeof host || !parse_port(colon + 1, &port)) {
        return STATUS_INVALID;
    }
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    size_t length = strlen(host);
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};
        host[length - 1] = '\0';
        if (inet_pton(AF_INET6, host + 1, &in6.sin6_addr) != 1) {
            return STATUS_INVALID;
        }
        *out_address = address_of(&in6, sizeof in6);
        return STATUS_OK;
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port};
    if (inet_pton(AF_INET, host, &in.sin_addr) != 1) {
        return STATUS_INVALID;
    }
    *out_address = address_of(&in, sizeof in);
    return STATUS_OK;
}

void host_address_print(const struct host_address *address, char out_text[HOST_ADDRESS_TEXT_BYTES])
{
    struct sockaddr_storage storage = storage_of(address);
    char host[INET6_ADDRSTRLEN] = "?";
    if (storage.ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, &storage, sizeof in);
        inet_ntop(AF_INET, &in.sin_addr, host, sizeof host);
        snprintf(out_text, HOST_ADDRESS_TEXT_BYTES, "%s:%u", host, ntohs(in.sin_port));
    } else if (storage.ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, &storage, sizeof in6);
        inet_ntop(AF_INET6, &in6.sin6_addr, host, sizeof host);
        snprintf(out_text, HOST_ADDRESS_TEXT_BYTES, "[%s]:%u", host, ntohs(in6.sin6_port));
    } else if (storage.ss_family == AF_UNIX) {
        struct sockaddr_un un;
        memcpy(&un, &storage, sizeof un);
        snprintf(out_text, HOST_ADDRESS_TEXT_BYTES, UNIX_PREFIX "%.107s", un.sun_path);
    } else {
        snprintf(out_text, HOST_ADDRESS_TEXT_BYTES, "?");
    }
}

bool host_address_is_loopback(const struct host_address *address)
{
    struct sockaddr_storage storage = storage_of(address);
    if (storage.ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, &storage, sizeof in);
        return ntohl(in.sin_addr.s_addr) >> 24 == 127;
    }
    if (storage.ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, &storage, sizeof in6);
        return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
    }
    return storage.ss_family == AF_UNIX;
}

bool host_address_is_multicast(const struct host_address *address)
{
    struct sockaddr_storage storage = storage_of(address);
    struct sockaddr_in in;
    memcpy(&in, &storage, sizeof in);
    return storage.ss_family == AF_INET && IN_MULTICAST(ntohl(in.sin_addr.s_addr));
}

uint16_t host_address_port(const struct host_address *address)
{
    struct sockaddr_storage storage = storage_of(address);
    if (storage.ss_family != AF_INET && storage.ss_family != AF_INET6) {
        return 0;
    }
    struct sockaddr_in in; /* both kinds have the port at the same place */
    memcpy(&in, &storage, sizeof in);
    return ntohs(in.sin_port);
}

static int socket_new(int family, int type)
{
    int fd = socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0 && type == SOCK_STREAM && family != AF_UNIX) {
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    }
    return fd;
}

/* True if the path of a Unix socket is a socket that refuses: left by a process that is gone. */
static bool is_left_over(const struct sockaddr_storage *storage, socklen_t count)
{
    struct sockaddr_un un;
    memcpy(&un, storage, sizeof un);
    struct stat about;
    if (lstat(un.sun_path, &about) != 0 || !S_ISSOCK(about.st_mode)) {
        return false;
    }
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return false;
    }
    bool refused =
        connect(fd, (const struct sockaddr *)storage, count) != 0 && errno == ECONNREFUSED;
    close(fd);
    return refused && unlink(un.sun_path) == 0;
}

enum status host_socket_listen(const struct host_address *address, int *out_socket)
{
    struct sockaddr_storage storage = storage_of(address);
    int fd = socket_new(storage.ss_family, SOCK_STREAM);
    if (fd < 0) {
        return failure();
    }
    bool is_unix = storage.ss_family == AF_UNIX;
    mode_t mask = 0;
    if (is_unix) {
        mask = umask(0177);
    } else {
        set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    }
    int bound = bind(fd, (const struct sockaddr *)&storage, address->count);
    if (bound != 0 && errno == EADDRINUSE && is_unix && is_left_over(&storage, address->count)) {
        bound = bind(fd, (const struct sockaddr *)&storage, address->count);
    }
    int error = errno;
    if (is_unix) {
        umask(mask);
    }
    if (bound != 0 || listen(fd, BACKLOG) != 0) {
        error = bound != 0 ? error : errno;
        close(fd);
        return status_of(error);
    }
    *out_socket = fd;
    return STATUS_OK;
}

uint16_t host_socket_port(int socket)
{
    struct sockaddr_storage storage = {0};
    socklen_t count = sizeof storage;
    if (getsockname(socket, (struct sockaddr *)&storage, &count) != 0 ||
        storage.ss_family == AF_UNIX) {
        return 0;
    }
    struct host_address address = address_of(&storage, count);
    return host_address_port(&address);
}

enum status host_socket_accept(int listener, int *out_socket, struct host_address *out_peer)
{
    struct sockaddr_storage storage = {0};
    socklen_t count = sizeof storage;
    int fd = accept4(listener, (struct sockaddr *)&storage, &count, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        return errno == ECONNABORTED ? STATUS_AGAIN : failure();
    }
    if (storage.ss_family != AF_UNIX) {
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    }
    size_t kept = count < sizeof out_peer->bytes ? count : sizeof out_peer->bytes;
    *out_peer = address_of(&storage, kept);
    *out_socket = fd;
    return STATUS_OK;
}

enum status host_socket_connect(const struct host_address *address, int *out_socket)
{
    struct sockaddr_storage storage = storage_of(address);
    int fd = socket_new(storage.ss_family, SOCK_STREAM);
    if (fd < 0) {
        return failure();
    }
    if (connect(fd, (const struct sockaddr *)&storage, address->count) != 0 &&
        errno != EINPROGRESS) {
        enum status status = errno == ENOENT ? STATUS_NOT_FOUND : failure();
        close(fd);
        return status;
    }
    *out_socket = fd;
    return STATUS_OK;
}

enum status host_socket_connected(int socket)
{
    int error = 0;
    socklen_t count = sizeof error;
    if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &count) != 0) {
        return failure();
    }
    return error == 0 ? STATUS_OK : status_of(error);
}

enum status host_socket_read(int socket, void *bytes, size_t capacity, size_t *out_count)
{
    ssize_t count = recv(socket, bytes, capacity, 0);
    if (count > 0) {
        *out_count = (size_t)count;
        return STATUS_OK;
    }
    return count == 0 ? STATUS_END : failure();
}

enum status host_socket_write(int socket, const void *bytes, size_t count, size_t *out_count)
{
    ssize_t written = send(socket, bytes, count, MSG_NOSIGNAL);
    if (written >= 0) {
        *out_count = (size_t)written;
        return STATUS_OK;
    }
    return failure();
}

enum status host_socket_peer_user(int socket, uint32_t *out_user)
{
    struct ucred credentials;
    socklen_t count = sizeof credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &count) != 0) {
        return failure();
    }
    if (credentials.uid == UINT32_MAX) { /* how the kernel says that it does not know */
        return STATUS_UNSUPPORTED;
    }
    *out_user = credentials.uid;
    return STATUS_OK;
}

uint32_t host_user(void)
{
    return geteuid();
}

void host_socket_end(int socket)
{
    int result = shutdown(socket, SHUT_WR);
    (void)result; /* it is broken: reading says so */
}

void host_socket_close(int socket, bool reset)
{
    if (reset) {
        struct linger linger = {.l_onoff = 1, .l_linger = 0};
        int result = setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        (void)result;
    }
    close(socket);
}

enum status host_udp_open(const struct host_address *bind_to, int *out_socket)
{
    struct sockaddr_storage storage = storage_of(bind_to);
    int fd = socket_new(storage.ss_family, SOCK_DGRAM);
    if (fd < 0) {
        return failure();
    }
    set_option(fd, SOL_SOCKET, SO_RCVBUF, RECEIVE_BUFFER);
    if (host_address_is_multicast(bind_to)) { /* several listeners of one group */
        set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    }
    if (bind(fd, (const struct sockaddr *)&storage, bind_to->count) != 0) {
        enum status status = failure();
        close(fd);
        return status;
    }
    *out_socket = fd;
    return STATUS_OK;
}

static enum status interface_address(const char *interface, struct in_addr *out_address)
{
    return inet_pton(AF_INET, interface, out_address) == 1 ? STATUS_OK : STATUS_INVALID;
}

enum status host_udp_open_sender(const char *interface, unsigned ttl, int *out_socket)
{
    struct in_addr address;
    enum status status = interface_address(interface, &address);
    if (status != STATUS_OK) {
        return status;
    }
    int fd = socket_new(AF_INET, SOCK_DGRAM);
    if (fd < 0) {
        return failure();
    }
    uint8_t hops = (uint8_t)ttl;
    if (setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &address, sizeof address) != 0 ||
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &hops, sizeof hops) != 0) {
        status = failure();
        close(fd);
        return status;
    }
    *out_socket = fd;
    return STATUS_OK;
}

enum status host_udp_join(int socket, const struct host_address *group, const char *interface)
{
    struct sockaddr_storage storage = storage_of(group);
    struct sockaddr_in in;
    memcpy(&in, &storage, sizeof in);
    struct ip_mreq membership = {.imr_multiaddr = in.sin_addr};
    enum status status = interface_address(interface, &membership.imr_interface);
    if (status == STATUS_OK &&
        setsockopt(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership) != 0) {
        status = failure();
    }
    if (status == STATUS_OK) { /* only what was joined here, not what others joined */
        set_option(socket, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    }
    return status;
}

enum status host_udp_send(int socket, const struct host_datagram *datagrams, size_t count,
                          size_t *out_count)
{
    UNINITIALIZED struct mmsghdr messages[DATAGRAMS_MAX];
    UNINITIALIZED struct iovec vectors[DATAGRAMS_MAX];
    UNINITIALIZED struct sockaddr_storage to[DATAGRAMS_MAX];
    count = count < DATAGRAMS_MAX ? count : DATAGRAMS_MAX;
    for (size_t i = 0; i < count; i++) {
        to[i] = storage_of(&datagrams[i].address);
        vectors[i] = (struct iovec){.iov_base = datagrams[i].bytes, .iov_len = datagrams[i].count};
        messages[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &to[i],
                                                   .msg_namelen = datagrams[i].address.count,
                                                   .msg_iov = &vectors[i],
                                                   .msg_iovlen = 1}};
    }
    int sent = sendmmsg(socket, messages, (unsigned)count, 0);
    if (sent < 0) {
        return failure();
    }
    *out_count = (size_t)sent;
    return STATUS_OK;
}

enum status host_udp_receive(int socket, struct host_datagram *datagrams, size_t count,
                             size_t *out_count)
{
    UNINITIALIZED struct mmsghdr messages[DATAGRAMS_MAX];
    UNINITIALIZED struct iovec vectors[DATAGRAMS_MAX];
    UNINITIALIZED struct sockaddr_storage from[DATAGRAMS_MAX];
    count = count < DATAGRAMS_MAX ? count : DATAGRAMS_MAX;
    for (size_t i = 0; i < count; i++) {
        vectors[i] = (struct iovec){.iov_base = datagrams[i].bytes, .iov_len = datagrams[i].count};
        messages[i] = (struct mmsghdr){.msg_hdr = {.msg_name = &from[i],
                                                   .msg_namelen = sizeof from[i],
                                                   .msg_iov = &vectors[i],
                                                   .msg_iovlen = 1}};
    }
    int received = recvmmsg(socket, messages, (unsigned)count, 0, NULL);
    if (received < 0) {
        return failure();
    }
    for (int i = 0; i < received; i++) {
        datagrams[i].address = address_of(&from[i], messages[i].msg_hdr.msg_namelen);
        bool cut = (messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
        datagrams[i].count = cut ? 0 : messages[i].msg_len;
    }
    *out_count = (size_t)received;
    return STATUS_OK;
}

static uint32_t epoll_bits(unsigned ready)
{
    return ((ready & HOST_READY_READ) != 0 ? (uint32_t)EPOLLIN | (uint32_t)EPOLLRDHUP : 0) |
           ((ready & HOST_READY_WRITE) != 0 ? (uint32_t)EPOLLOUT : 0);
}

enum status host_poll_open(int *out_poll)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) {
        return failure();
    }
    *out_poll = fd;
    return STATUS_OK;
}

void host_poll_close(int poll)
{
    close(poll);
}

enum status host_poll_add(int poll, int socket, unsigned ready, void *tag)
{
    struct epoll_event event = {.events = epoll_bits(ready), .data.ptr = tag};
    return epoll_ctl(poll, EPOLL_CTL_ADD, socket, &event) == 0 ? STATUS_OK : failure();
}

void host_poll_change(int poll, int socket, unsigned ready, void *tag)
{
    struct epoll_event event = {.events = epoll_bits(ready), .data.ptr = tag};
    int result = epoll_ctl(poll, EPOLL_CTL_MOD, socket, &event);
    ASSERT(result == 0);
}

void host_poll_remove(int poll, int socket)
{
    int result = epoll_ctl(poll, EPOLL_CTL_DEL, socket, NULL);
    ASSERT(result == 0);
}

size_t host_poll_wait(int poll, int64_t wait_ns, struct host_ready_event *out_events, size_t max)
{
    UNINITIALIZED struct epoll_event events[EVENTS_MAX];
    struct timespec wait = {.tv_sec = wait_ns / 1000000000, .tv_nsec = wait_ns % 1000000000};
    int count = epoll_pwait2(poll, events, (int)(max < EVENTS_MAX ? max : EVENTS_MAX), &wait, NULL);
    for (int i = 0; i < count; i++) {
        uint32_t bits = events[i].events;
        out_events[i] = (struct host_ready_event){
            .tag = events[i].data.ptr,
            .ready =
                ((bits & ((uint32_t)EPOLLIN | (uint32_t)EPOLLRDHUP)) != 0 ? HOST_READY_READ : 0u) |
                ((bits & (uint32_t)EPOLLOUT) != 0 ? HOST_READY_WRITE : 0u) |
                ((bits & ((uint32_t)EPOLLERR | (uint32_t)EPOLLHUP)) != 0 ? HOST_READY_BROKEN : 0u)};
    }
    return count < 0 ? 0 : (size_t)count; /* interrupted: nothing is ready */
}

enum status host_wake_open(int *out_wake)
{
    int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) {
        return failure();
    }
    *out_wake = fd;
    return STATUS_OK;
}

void host_wake_notify(int wake)
{
    uint64_t one = 1;
    ssize_t written = write(wake, &one, sizeof one);
    (void)written; /* full: it is awake anyway */
}

void host_wake_clear(int wake)
{
    uint64_t count;
    ssize_t got = read(wake, &count, sizeof count);
    (void)got; /* nothing was there */
}

void host_wake_close(int wake)
{
    close(wake);
}
