/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/setup.h"

#include "base/assert.h"
#include "sim/seam.h"

#include <stdio.h>

static struct config *make_config(const char *logic)
{
    static const char *const values[][2] = {
        {"data.directory", SETUP_DATA},
        {"data.segment_bytes", "1MiB"},
        {"data.batch_bytes", "8KiB"},
        {"run.tick", "1ms"},
        {"limits.assets", "16"},
        {"limits.instruments", "8"},
        {"limits.accounts", "16"},
        {"limits.sessions", "16"},
        {"limits.orders", "512"},
        {"limits.levels", "256"},
        {"limits.recent_names", "4096"},
        {"limits.resend_window", "60s"},
        {"limits.events_per_command", "64"},
        {"limits.timers_per_command", "16"},
    };
    struct config *config;
    ASSERT(config_open(&config) == STATUS_OK);
    ASSERT(config_add_flag(config, "--set", "venue.logic", logic) == STATUS_OK);
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        ASSERT(config_add_flag(config, "--set", values[i][0], values[i][1]) == STATUS_OK);
    }
    enum status status = config_finish(config);
    fputs(config_problems(config), stderr);
    ASSERT(status == STATUS_OK);
    return config;
}

/* The first numbers are the seats', who have no use for a gateway. */
static void add_sessions(struct setup *setup)
{
    uint32_t number = IDENTITY_FIRST_RUN_COUNT;
    while (number < SETUP_SESSIONS + SETUP_DESKS) {
        uint32_t desk = number < SETUP_SESSIONS ? 0 : number - SETUP_SESSIONS;
        uint32_t participant = 1 + desk % 2;
        struct identity_session wanted = {
            .account = participant,
            .user = participant,
            .protocols = IDENTITY_OUCH | IDENTITY_NATIVE,
            .orders = {.per_second = 1000000, .burst = 1000000},
            .cancels = {.per_second = 1000000, .burst = 1000000},
            .enabled = true,
        };
        (void)snprintf(wanted.name, sizeof wanted.name, "DESK%u", number);
        ASSERT(identity_add_session(setup->identity, &wanted, &number) == STATUS_OK);
        if (number > SETUP_SESSIONS) {
            struct desk_key *key = &setup->keys[number - SETUP_SESSIONS - 1];
            uint8_t public_key[IDENTITY_KEY_BYTES];
            (void)snprintf(key->name, sizeof key->name, "%s", wanted.name);
            identity_make_key(key->seed, public_key);
            ASSERT(identity_set_key(setup->identity, number, public_key) == STATUS_OK);
        }
    }
}

void setup_open(struct setup *setup)
{
    *setup = (struct setup){0};
    sim_disk_init(&setup->disk, 1);
    sim_seam_begin(1700000000000000000, 1);
    static struct sim_disk none; /* the store's disk is not the venue's: modes are not looked at */
    sim_seam_use_disk(&none);
    struct identity_options options = {.disk = &setup->disk.base, .directory = "store"};
    struct identity_credential credentials[IDENTITY_FIRST_RUN_COUNT];
    struct identity_fault fault = {0};
    ASSERT(identity_create_first_run(&options, &setup->identity, credentials, &fault) == STATUS_OK);
    uint32_t participant;
    uint64_t account;
    ASSERT(identity_add_participant(setup->identity, "third", &participant) == STATUS_OK);
    ASSERT(identity_add_account(setup->identity, participant, &account) == STATUS_OK);
    ASSERT(participant == SETUP_PARTICIPANTS && account == SETUP_PARTICIPANTS);
    add_sessions(setup);
    setup->config = make_config("0");
    setup->old_config = make_config("1");
}

void setup_close(struct setup *setup)
{
    config_close(setup->config);
    config_close(setup->old_config);
    identity_close(setup->identity);
    sim_disk_deinit(&setup->disk);
    *setup = (struct setup){0};
}
