/* SPDX-License-Identifier: Apache-2.0 */
#include "net/handshaker.h"

#include "base/assert.h"
#include "base/ring.h"
#include "host/clock.h"
#include "host/socket.h"
#include "host/worker.h"

#include <stdlib.h>

#define DEADLINE_NS 10000000000
#define CROWDED_NS  2000000000 /* instead of that while more than so many are under way: */
#define CROWDED     256u
#define WAIT_NS     100000000
#define READY_MAX   64u

struct handshaker {
    struct host_worker *worker;
    struct ring asked; /* loop to thread */
    struct ring done;  /* thread to loop */
    struct handshake *asked_slots;
    struct handshake *done_slots;
    struct handshake *under_way; /* the thread's own; stream null: free */
    size_t count;                /* the loop's own: started and not given back */
    int poll;
    int wake_thread;
    int wake_loop;
    bool news; /* the thread's own: something is done and the loop was not told */
    _Atomic bool stop;
};

static void give_back(struct handshaker *handshaker, struct handshake *handshake)
{
    bool pushed = ring_push(&handshaker->done, handshake, sizeof *handshake);
    ASSERT(pushed); /* no more are started than there are slots */
    handshake->stream = NULL;
    handshaker->news = true;
}

static void finish(struct handshaker *handshaker, struct handshake *handshake, enum status status)
{
    handshake->status = status;
    host_poll_remove(handshaker->poll, handshake->socket);
    give_back(handshaker, handshake);
}

static void step(struct handshaker *handshaker, struct handshake *handshake)
{
    enum status status = tls_stream_handshake(handshake->stream, handshake->reason);
    if (status != STATUS_AGAIN) {
        finish(handshaker, handshake, status);
        return;
    }
    host_poll_change(handshaker->poll, handshake->socket,
                     tls_stream_wants_write(handshake->stream) ? HOST_READY_WRITE : HOST_READY_READ,
                     handshake);
}

static void take_asked(struct handshaker *handshaker)
{
    struct handshake next;
    while (ring_drain(&handshaker->asked, &next, 1) == 1) {
        struct handshake *slot = handshaker->under_way;
        while (slot->stream != NULL) {
            slot++;
        }
        *slot = next;
        if (host_poll_add(handshaker->poll, slot->socket, HOST_READY_READ, slot) != STATUS_OK) {
            static const char full[] = "too many handshakes are under way";
            slot->status = STATUS_IO;
            memcpy(slot->reason, full, sizeof full);
            give_back(handshaker, slot);
            continue;
        }
        step(handshaker, slot);
    }
}

/* A flood of connections that never shake hands would hold every place for ten seconds: in a crowd
 * each has less, which is still more than a thousand honest ones at once take on this thread. */
static void end_late(struct handshaker *handshaker, int64_t now_ns)
{
    static const char late[] = "the TLS handshake took longer than ten seconds";
    static const char crowded[] = "the TLS handshake took longer than two seconds in a crowd";
    size_t count = 0;
    for (size_t i = 0; i < HANDSHAKES_MAX; i++) {
        count += handshaker->under_way[i].stream != NULL;
    }
    int64_t less_ns = count > CROWDED ? DEADLINE_NS - CROWDED_NS : 0;
    for (size_t i = 0; i < HANDSHAKES_MAX; i++) {
        struct handshake *handshake = &handshaker->under_way[i];
        if (handshake->stream == NULL || now_ns <= handshake->deadline_ns - less_ns) {
            continue;
        }
        bool hurried = now_ns <= handshake->deadline_ns;
        memcpy(handshake->reason, hurried ? crowded : late, hurried ? sizeof crowded : sizeof late);
        finish(handshaker, handshake, STATUS_IO);
    }
}

static void work(void *context)
{
    struct handshaker *handshaker = context;
    int64_t checked_ns = 0;
    host_worker_give_way();
    while (!atomic_load_explicit(&handshaker->stop, memory_order_acquire)) {
        struct host_ready_event events[READY_MAX];
        size_t count = host_poll_wait(handshaker->poll, WAIT_NS, events, READY_MAX);
        for (size_t i = 0; i < count; i++) {
            if (events[i].tag == handshaker) {
                host_wake_clear(handshaker->wake_thread);
            } else if (((struct handshake *)events[i].tag)->stream != NULL) {
                step(handshaker, events[i].tag);
            }
        }
        take_asked(handshaker);
        int64_t now_ns = host_clock_monotonic_ns();
        if (now_ns - checked_ns > WAIT_NS) {
            checked_ns = now_ns;
            end_late(handshaker, now_ns);
        }
        if (handshaker->news) {
            handshaker->news = false;
            ring_publish(&handshaker->done);
            host_wake_notify(handshaker->wake_loop);
        }
    }
}

enum status handshaker_open(int wake, struct handshaker **out_handshaker)
{
    struct handshaker *handshaker = aligned_alloc(128, bytes_align_up(sizeof *handshaker, 128));
    if (handshaker == NULL) {
        return STATUS_NO_MEMORY;
    }
    *handshaker = (struct handshaker){
        .asked_slots = calloc(HANDSHAKES_MAX, sizeof(struct handshake)),
        .done_slots = calloc(HANDSHAKES_MAX, sizeof(struct handshake)),
        .under_way = calloc(HANDSHAKES_MAX, sizeof(struct handshake)),
        .poll = -1,
        .wake_thread = -1,
        .wake_loop = wake,
    };
    enum status status = handshaker->asked_slots == NULL || handshaker->done_slots == NULL ||
                                 handshaker->under_way == NULL
                             ? STATUS_NO_MEMORY
                             : host_poll_open(&handshaker->poll);
    if (status == STATUS_OK) {
        ring_init(&handshaker->asked, handshaker->asked_slots, HANDSHAKES_MAX,
                  sizeof(struct handshake));
        ring_init(&handshaker->done, handshaker->done_slots, HANDSHAKES_MAX,
                  sizeof(struct handshake));
        status = host_wake_open(&handshaker->wake_thread);
    }
    if (status == STATUS_OK) {
        status =
            host_poll_add(handshaker->poll, handshaker->wake_thread, HOST_READY_READ, handshaker);
    }
    if (status == STATUS_OK) {
        status = host_worker_open(work, handshaker, &handshaker->worker);
    }
    if (status != STATUS_OK) {
        handshaker_close(handshaker);
        return status;
    }
    host_worker_kick(handshaker->worker);
    *out_handshaker = handshaker;
    return STATUS_OK;
}

enum status handshaker_start(struct handshaker *handshaker, struct tls_stream *stream, int socket,
                             void *tag)
{
    if (handshaker->count == HANDSHAKES_MAX) {
        return STATUS_FULL;
    }
    struct handshake handshake = {.stream = stream,
                                  .socket = socket,
                                  .tag = tag,
                                  .deadline_ns = host_clock_monotonic_ns() + DEADLINE_NS};
    bool pushed = ring_push(&handshaker->asked, &handshake, sizeof handshake);
    ASSERT(pushed);
    handshaker->count++;
    ring_publish(&handshaker->asked);
    host_wake_notify(handshaker->wake_thread);
    return STATUS_OK;
}

bool handshaker_done(struct handshaker *handshaker, struct handshake *out_handshake)
{
    if (ring_drain(&handshaker->done, out_handshake, 1) == 0) {
        return false;
    }
    handshaker->count--;
    return true;
}

void handshaker_close(struct handshaker *handshaker)
{
    if (handshaker == NULL) {
        return;
    }
    if (handshaker->worker != NULL) {
        atomic_store_explicit(&handshaker->stop, true, memory_order_release);
        host_wake_notify(handshaker->wake_thread);
        host_worker_close(handshaker->worker);
    }
    if (handshaker->wake_thread >= 0) {
        host_wake_close(handshaker->wake_thread);
    }
    if (handshaker->poll >= 0) {
        host_poll_close(handshaker->poll);
    }
    free(handshaker->asked_slots);
    free(handshaker->done_slots);
    free(handshaker->under_way);
    free(handshaker);
}
