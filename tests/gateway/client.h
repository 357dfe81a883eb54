/* SPDX-License-Identifier: Apache-2.0
 *
 * For the tests of the gateway: a client that logs on, keeps every sequenced message it got by its
 * number over any number of connections, and can be cut after so many bytes in either direction.
 *
 * Owner: the test. Threads: one. Memory: malloc. Errors: cmocka assertions.
 * Order of calls: client_init, client_connect, any; client_connect again; client_deinit.
 */
#ifndef DOJIMA_TESTS_GATEWAY_CLIENT_H
#define DOJIMA_TESTS_GATEWAY_CLIENT_H

#include "gateway/world.h"
#include "wire/ouch/ouch.h"
#include "wire/soup/soup.h"

#define CLIENT_MESSAGES_MAX (1u << 17)
#define CLIENT_NO_CUT       UINT64_MAX

struct client_message {
    uint8_t bytes[248];
    size_t count;
};

struct client {
    struct world *world;
    struct net_connection *net; /* null: not connected */
    struct identity_credential credential;
    const uint8_t *seed; /* null: by password */
    bool replay;         /* answers a challenge by the packet it sent last time */
    uint8_t answer[256]; /* that packet */
    size_t answer_count;
    struct client_message *messages; /* sequenced, by number - 1 */
    uint64_t count;                  /* and the highest number */
    uint64_t expected;               /* number of the next one on this connection */
    uint64_t cut_after_in;           /* bytes of this connection */
    uint64_t cut_after_out;
    uint64_t in;
    uint64_t out;
    uint64_t logins; /* accepted */
    uint64_t heartbeats;
    char debug[256]; /* the last one */
    size_t debug_count;
    uint64_t accepted_sequence;
    char session[SOUP_SESSION_BYTES + 1];
    uint8_t rejected; /* letter, 0 = not */
    bool silent;      /* connects and says nothing */
    bool live;
    bool ended; /* Z came */
};

void client_init(struct client *client, struct world *world, size_t credential);

/* Begins to connect and sends the login as soon as it can: `sequence` as in the L packet. */
void client_connect(struct client *client, uint16_t port, uint64_t sequence);

/* Connects and waits until the login is accepted. */
void client_log_on(struct client *client, uint16_t port, uint64_t sequence);

/* A message as a U packet; false if there is no connection (any more). */
bool client_send(struct client *client, const uint8_t *payload, size_t count);
void client_send_packet(struct client *client, enum soup_type type);

/* Waits until `count` messages are there. */
void client_wait(struct client *client, uint64_t count);
void client_wait_closed(struct client *client);

void client_cut(struct client *client);
void client_deinit(struct client *client);

/* OUCH messages with the usual values. */
bool client_enter(struct client *client, uint32_t user_ref_num, char side, uint32_t quantity,
                  uint64_t price);
bool client_replace(struct client *client, uint32_t original, uint32_t user_ref_num,
                    uint32_t quantity, uint64_t price);
bool client_cancel(struct client *client, uint32_t user_ref_num, uint32_t quantity);

#endif
