/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/identity.h"
#include "apps/dojima/options.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_DIRECTORY "dojima-data"

enum identity_option {
    IDENTITY_DATA,
    IDENTITY_JSON,
    IDENTITY_NAME,
    IDENTITY_USER,
    IDENTITY_ACCOUNT,
    IDENTITY_PROTOCOL,
    IDENTITY_ORDERS,
    IDENTITY_CANCELS,
    IDENTITY_KEEP,
    IDENTITY_LABEL,
    IDENTITY_KEY,
};

const struct option_spec identity_options[] = {
    [IDENTITY_DATA] = {"data", "DIR", "the venue's data directory (dojima-data)", NULL},
    [IDENTITY_JSON] = {"json", NULL, "one JSON object on standard output", NULL},
    [IDENTITY_NAME] = {"name", "NAME", "of the session, up to 6 of A-Z 0-9: its username", NULL},
    [IDENTITY_USER] = {"user", "N", "add-session: whose (a new participant's if not given)", NULL},
    [IDENTITY_ACCOUNT] = {"account", "N", "add-session: its account (the participant's first)",
                          NULL},
    [IDENTITY_PROTOCOL] = {"protocol", "WORD", "add-session: ouch, native or both (both)",
                           "ouch native both"},
    [IDENTITY_ORDERS] = {"orders", "N", "add-session: orders a second, twice that at once (10000)",
                         NULL},
    [IDENTITY_CANCELS] = {"cancels", "N",
                          "add-session: cancels a second, twice that at once (20000)", NULL},
    [IDENTITY_KEEP] = {"keep-orders", NULL, "add-session: a disconnect leaves its orders", NULL},
    [IDENTITY_LABEL] = {"label", "TEXT", "add-session: what the new participant is called", NULL},
    [IDENTITY_KEY] = {"key", "HEX", "set-key: an Ed25519 public key, 64 hexadecimal digits", NULL},
    {NULL, NULL, NULL, NULL},
};

const char identity_details[] =
    "create          makes a store with the sessions ALICE1 and BOBBY1 and prints their passwords\n"
    "                once, as the first `dojima run` does.\n"
    "list            shows participants, users, accounts and sessions; no secret is shown.\n"
    "add-session     makes a session (--name NAME) and prints its new password once. Without\n"
    "                --user a participant with an account and a user is made for it.\n"
    "reset-password  gives the session --name NAME a new random password and prints it once.\n"
    "enable, disable lets the session --name NAME log on, or no more.\n"
    "make-key        prints a new Ed25519 key pair: the seed is the client's secret.\n"
    "set-key         gives the session --name NAME the public key --key HEX.\n"
    "A running venue reads the store when it starts: restart it after a change.\n";

struct identity_job {
    const char *directory;
    const char *name;
    const char *label;
    const char *key;
    uint64_t user;
    uint64_t account;
    uint64_t orders;
    uint64_t cancels;
    int protocol;
    bool json;
    bool keep_orders;
};

static enum status open_store(const struct identity_job *job, bool edit,
                              struct identity **out_identity)
{
    struct identity_fault fault = {0};
    const struct identity_options options = {
        .disk = host_disk_posix(), .directory = job->directory, .edit = edit};
    enum status status = identity_open(&options, out_identity, &fault);
    if (status == STATUS_NOT_FOUND) {
        complain("there is no identity store in %s: `dojima run` makes one at its first start, or "
                 "name another --data directory",
                 job->directory);
    } else if (status != STATUS_OK && fault.line > 0) {
        complain("%s/identity/store:%u: %s", job->directory, fault.line, fault.reason);
    } else if (status != STATUS_OK) {
        complain("the identity store in %s cannot be opened: %s", job->directory, fault.reason);
    }
    return status;
}

static void print_json(json_t *object)
{
    json_dumpf(object, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    printf("\n");
    json_decref(object);
}

/* -- list ---------------------------------------------------------------------------------- */

static const char *protocols_of(const struct identity_session *session)
{
    return session->protocols == (IDENTITY_OUCH | IDENTITY_NATIVE) ? "ouch,native"
           : session->protocols == IDENTITY_OUCH                   ? "ouch"
                                                                   : "native";
}

static const char *proofs_of(const struct identity_session *session)
{
    return session->has_password && session->has_key ? "password, key"
           : session->has_password                   ? "password"
           : session->has_key                        ? "key"
                                                     : "none";
}

static void list_text(const struct identity *identity)
{
    printf("participants\n");
    for (size_t i = 0; i < identity_participant_count(identity); i++) {
        const struct identity_participant *participant = identity_participant_at(identity, i);
        printf("  %6u  %s\n", participant->participant, participant->label);
    }
    printf("accounts\n");
    for (size_t i = 0; i < identity_account_count(identity); i++) {
        const struct identity_account *account = identity_account_at(identity, i);
        printf("  %6llu  of participant %u\n", (unsigned long long)account->account,
               account->participant);
    }
    printf("users\n");
    for (size_t i = 0; i < identity_user_count(identity); i++) {
        const struct identity_user *user = identity_user_at(identity, i);
        printf("  %6u  of participant %u  %s\n", user->user, user->participant, user->label);
    }
    printf("sessions  name    user  account  protocols    orders/s  cancels/s  on disconnect  "
           "enabled  proof\n");
    for (size_t i = 0; i < identity_session_count(identity); i++) {
        const struct identity_session *session = identity_session_at(identity, i);
        printf("  %6u  %-6s  %4u  %7llu  %-11s  %8u  %9u  %-13s  %-7s  %s\n", session->session,
               session->name, session->user, (unsigned long long)session->account,
               protocols_of(session), session->orders.per_second, session->cancels.per_second,
               session->cancel_on_disconnect ? "cancel" : "keep", session->enabled ? "yes" : "no",
               proofs_of(session));
    }
}

static json_t *json_session(const struct identity_session *session)
{
    return json_pack("{s:I, s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:b}",
                     "session", (json_int_t)session->session, "name", session->name, "user",
                     (json_int_t)session->user, "participant", (json_int_t)session->participant,
                     "account", "", "protocols", protocols_of(session), "orders_per_second",
                     (json_int_t)session->orders.per_second, "orders_burst",
                     (json_int_t)session->orders.burst, "cancels_per_second",
                     (json_int_t)session->cancels.per_second, "cancels_burst",
                     (json_int_t)session->cancels.burst, "cancel_on_disconnect",
                     session->cancel_on_disconnect, "enabled", session->enabled, "has_password",
                     session->has_password, "has_key", session->has_key);
}

/* Ids of 64 bits are strings in JSON (docs/adr/0001-numbers-and-ids.md). */
static json_t *json_id(uint64_t id)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);
    return json_string(digits);
}

static void list_json(const struct identity *identity)
{
    json_t *object =
        json_pack("{s:[], s:[], s:[], s:[]}", "participants", "accounts", "users", "sessions");
    for (size_t i = 0; i < identity_participant_count(identity); i++) {
        const struct identity_participant *participant = identity_participant_at(identity, i);
        json_array_append_new(json_object_get(object, "participants"),
                              json_pack("{s:I, s:s}", "participant",
                                        (json_int_t)participant->participant, "label",
                                        participant->label));
    }
    for (size_t i = 0; i < identity_account_count(identity); i++) {
        const struct identity_account *account = identity_account_at(identity, i);
        json_array_append_new(json_object_get(object, "accounts"),
                              json_pack("{s:o, s:I}", "account", json_id(account->account),
                                        "participant", (json_int_t)account->participant));
    }
    for (size_t i = 0; i < identity_user_count(identity); i++) {
        const struct identity_user *user = identity_user_at(identity, i);
        json_array_append_new(json_object_get(object, "users"),
                              json_pack("{s:I, s:I, s:s}", "user", (json_int_t)user->user,
                                        "participant", (json_int_t)user->participant, "label",
                                        user->label));
    }
    for (size_t i = 0; i < identity_session_count(identity); i++) {
        const struct identity_session *session = identity_session_at(identity, i);
        json_t *one = json_session(session);
        json_object_set_new(one, "account", json_id(session->account));
        json_array_append_new(json_object_get(object, "sessions"), one);
    }
    print_json(object);
}

static int identity_list(const struct identity_job *job)
{
    struct identity *identity;
    enum status status = open_store(job, false, &identity);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    if (job->json) {
        list_json(identity);
    } else {
        list_text(identity);
    }
    identity_close(identity);
    return EXIT_OK;
}

/* -- create -------------------------------------------------------------------------------- */

static int identity_create(const struct identity_job *job)
{
    struct identity *identity;
    struct identity_credential made[IDENTITY_FIRST_RUN_COUNT];
    struct identity_fault fault = {0};
    const struct identity_options options = {
        .disk = host_disk_posix(), .directory = job->directory, .edit = false};
    enum status status = identity_create_first_run(&options, &identity, made, &fault);
    if (status != STATUS_OK) {
        complain("no identity store was made in %s: %s", job->directory, fault.reason);
        return status_exit_code(status);
    }
    json_t *list = json_array();
    for (size_t i = 0; i < IDENTITY_FIRST_RUN_COUNT; i++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "name", made[i].name, "password", made[i].password));
        if (!job->json) {
            printf("session %s, password %s (shown once; only its hash is kept)\n", made[i].name,
                   made[i].password);
        }
    }
    if (job->json) {
        print_json(json_pack("{s:o}", "sessions", list));
    } else {
        json_decref(list);
    }
    identity_close(identity);
    return EXIT_OK;
}

/* -- changes ------------------------------------------------------------------------------- */

/* Makes the change durable before the password is shown: one that was shown is valid. */
static enum status write_and_tell(const struct identity_job *job, struct identity *identity,
                                  const struct identity_credential *credential)
{
    enum status status = identity_write(identity);
    if (status != STATUS_OK) {
        complain("the identity store in %s could not be written: %s", job->directory,
                 status_sentence(status));
        return status;
    }
    if (job->json) {
        print_json(
            json_pack("{s:s, s:s}", "name", credential->name, "password", credential->password));
    } else {
        printf("session %s, password %s (shown once; only its hash is kept)\n", credential->name,
               credential->password);
    }
    return STATUS_OK;
}

/* The participant's first account; 0 = it has none. */
static uint64_t first_account_of(const struct identity *identity, uint32_t participant)
{
    for (size_t i = 0; i < identity_account_count(identity); i++) {
        const struct identity_account *account = identity_account_at(identity, i);
        if (account->participant == participant) {
            return account->account;
        }
    }
    return 0;
}

static const struct identity_user *find_user(const struct identity *identity, uint64_t number)
{
    for (size_t i = 0; i < identity_user_count(identity); i++) {
        if (identity_user_at(identity, i)->user == number) {
            return identity_user_at(identity, i);
        }
    }
    return NULL;
}

/* A participant, account and user for a session that names none. */
static enum status make_owner(const struct identity_job *job, struct identity *identity,
                              struct identity_session *wanted)
{
    uint32_t participant;
    const char *label = job->label != NULL ? job->label : job->name;
    enum status status = identity_add_participant(identity, label, &participant);
    if (status == STATUS_OK) {
        status = identity_add_account(identity, participant, &wanted->account);
    }
    if (status == STATUS_OK) {
        status = identity_add_user(identity, participant, label, &wanted->user);
    }
    if (status == STATUS_INVALID) {
        complain("--label wants 1 to 31 bytes without quotes, backslashes or control characters");
    }
    return status;
}

static enum status find_owner(const struct identity_job *job, struct identity *identity,
                              struct identity_session *wanted)
{
    if (job->user == 0) {
        return make_owner(job, identity, wanted);
    }
    const struct identity_user *user = find_user(identity, job->user);
    if (user == NULL) {
        complain("there is no user %llu: `dojima identity list` shows them",
                 (unsigned long long)job->user);
        return STATUS_NOT_FOUND;
    }
    wanted->user = user->user;
    wanted->account =
        job->account != 0 ? job->account : first_account_of(identity, user->participant);
    return STATUS_OK;
}

static enum status add_session(const struct identity_job *job, struct identity *identity)
{
    static const unsigned protocols[] = {IDENTITY_OUCH, IDENTITY_NATIVE,
                                         IDENTITY_OUCH | IDENTITY_NATIVE};
    struct identity_session wanted = {
        .protocols = protocols[job->protocol],
        .orders = {(uint32_t)job->orders, (uint32_t)(2 * job->orders)},
        .cancels = {(uint32_t)job->cancels, (uint32_t)(2 * job->cancels)},
        .cancel_on_disconnect = !job->keep_orders,
        .enabled = true,
    };
    struct identity_credential credential;
    uint32_t session;
    if (strlen(job->name) > sizeof wanted.name - 1) {
        complain("--name wants at most 6 of A-Z and 0-9, not '%s'", job->name);
        return STATUS_INVALID;
    }
    memcpy(wanted.name, job->name, strlen(job->name));
    enum status status = find_owner(job, identity, &wanted);
    if (status != STATUS_OK) {
        return status;
    }
    status = identity_add_session(identity, &wanted, &session);
    if (status == STATUS_OK) {
        status = identity_reset_password(identity, session, &credential);
    }
    if (status != STATUS_OK) {
        complain(status == STATUS_EXISTS      ? "there is a session %s already"
                 : status == STATUS_NOT_FOUND ? "session %s: there is no such account"
                 : status == STATUS_INVALID
                     ? "session %s is refused: its name wants A-Z and 0-9, its account must be of "
                       "the user's participant"
                     : "session %s could not be made",
                 job->name);
        return status;
    }
    return write_and_tell(job, identity, &credential);
}

static int identity_add(const struct identity_job *job)
{
    struct identity *identity;
    enum status status = open_store(job, true, &identity);
    if (status == STATUS_OK) {
        status = add_session(job, identity);
        identity_close(identity);
    }
    return status_exit_code(status);
}

static int identity_reset(const struct identity_job *job)
{
    struct identity *identity;
    struct identity_credential credential;
    enum status status = open_store(job, true, &identity);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    const struct identity_session *session =
        identity_session_find(identity, job->name, strlen(job->name));
    if (session == NULL) {
        complain("there is no session '%s': `dojima identity list` shows them", job->name);
        status = STATUS_NOT_FOUND;
    } else {
        status = identity_reset_password(identity, session->session, &credential);
        status = status == STATUS_OK ? write_and_tell(job, identity, &credential) : status;
    }
    identity_close(identity);
    return status_exit_code(status);
}

/* -- switches and keys ---------------------------------------------------------------------- */

static enum status change_enabled(const struct identity_job *job, struct identity *identity,
                                  uint32_t session)
{
    (void)job;
    return identity_set_enabled(identity, session, true);
}

static enum status change_disabled(const struct identity_job *job, struct identity *identity,
                                   uint32_t session)
{
    (void)job;
    return identity_set_enabled(identity, session, false);
}

static int hex_value(char character)
{
    if (character >= '0' && character <= '9') {
        return character - '0';
    }
    return character >= 'a' && character <= 'f' ? character - 'a' + 10 : -1;
}

static enum status change_key(const struct identity_job *job, struct identity *identity,
                              uint32_t session)
{
    uint8_t key[IDENTITY_KEY_BYTES];
    bool valid = job->key != NULL && strlen(job->key) == 2 * sizeof key;
    for (size_t i = 0; i < sizeof key && valid; i++) {
        int high = hex_value(job->key[2 * i]);
        int low = hex_value(job->key[2 * i + 1]);
        valid = high >= 0 && low >= 0;
        key[i] = (uint8_t)(valid ? high << 4 | low : 0);
    }
    if (!valid) {
        complain("set-key wants --key with 64 hexadecimal digits in small letters; "
                 "`dojima identity make-key` prints such a pair");
        return STATUS_USAGE;
    }
    return identity_set_key(identity, session, key);
}

typedef enum status on_change(const struct identity_job *job, struct identity *identity,
                              uint32_t session);

/* One change of the session --name. */
static int change_session(const struct identity_job *job, on_change *change)
{
    struct identity *identity;
    enum status status = open_store(job, true, &identity);
    if (status != STATUS_OK) {
        return status_exit_code(status);
    }
    const struct identity_session *session =
        identity_session_find(identity, job->name, strlen(job->name));
    if (session == NULL) {
        complain("there is no session '%s': `dojima identity list` shows them", job->name);
        identity_close(identity);
        return EXIT_BAD_INPUT;
    }
    status = change(job, identity, session->session);
    if (status == STATUS_OK) {
        status = identity_write(identity);
        if (status != STATUS_OK) {
            complain("the identity store in %s could not be written: %s", job->directory,
                     status_sentence(status));
        }
    }
    identity_close(identity);
    return status_exit_code(status);
}

static int identity_enable(const struct identity_job *job)
{
    return change_session(job, change_enabled);
}

static int identity_disable(const struct identity_job *job)
{
    return change_session(job, change_disabled);
}

static int identity_give_key(const struct identity_job *job)
{
    return change_session(job, change_key);
}

static int identity_print_key(const struct identity_job *job)
{
    uint8_t seed[IDENTITY_SEED_BYTES];
    uint8_t key[IDENTITY_KEY_BYTES];
    char seed_digits[2 * IDENTITY_SEED_BYTES + 1];
    char key_digits[2 * IDENTITY_KEY_BYTES + 1];
    identity_make_key(seed, key);
    for (size_t i = 0; i < IDENTITY_KEY_BYTES; i++) {
        snprintf(seed_digits + 2 * i, 3, "%02x", seed[i]);
        snprintf(key_digits + 2 * i, 3, "%02x", key[i]);
    }
    if (job->json) {
        print_json(json_pack("{s:s, s:s}", "seed", seed_digits, "key", key_digits));
    } else {
        printf("seed %s (keep it secret)\nkey  %s\n", seed_digits, key_digits);
    }
    return EXIT_OK;
}

static const struct {
    const char *name;
    int (*run)(const struct identity_job *job);
    bool named; /* wants --name */
} actions[] = {{"create", identity_create, false},      {"list", identity_list, false},
               {"add-session", identity_add, true},     {"reset-password", identity_reset, true},
               {"enable", identity_enable, true},       {"disable", identity_disable, true},
               {"make-key", identity_print_key, false}, {"set-key", identity_give_key, true}};

static bool take_option(const struct options *options, struct identity_job *job)
{
    switch ((enum identity_option)options->index) {
    case IDENTITY_DATA:
        job->directory = options->value;
        return true;
    case IDENTITY_JSON:
        job->json = true;
        return true;
    case IDENTITY_NAME:
        job->name = options->value;
        return true;
    case IDENTITY_LABEL:
        job->label = options->value;
        return true;
    case IDENTITY_KEY:
        job->key = options->value;
        return true;
    case IDENTITY_KEEP:
        job->keep_orders = true;
        return true;
    case IDENTITY_USER:
        return options_number(options, 1, UINT32_MAX, &job->user);
    case IDENTITY_ACCOUNT:
        return options_number(options, 1, UINT64_MAX, &job->account);
    case IDENTITY_ORDERS:
        return options_number(options, 1, 500000000, &job->orders);
    case IDENTITY_CANCELS:
        return options_number(options, 1, 500000000, &job->cancels);
    case IDENTITY_PROTOCOL:
        return options_word(options, "ouch native both", &job->protocol);
    }
    return false;
}

int run_identity(const struct app_command *command, int argc, char **argv)
{
    struct identity_job job = {
        .directory = DEFAULT_DIRECTORY, .orders = 10000, .cancels = 20000, .protocol = 2};
    struct options options;
    options_begin(&options, command, argc, argv);
    int next;
    while ((next = options_next(&options)) >= 0) {
        if (!take_option(&options, &job)) {
            return EXIT_BAD_INPUT;
        }
    }
    if (next != OPTIONS_END) {
        return next == OPTIONS_HELP ? EXIT_OK : EXIT_BAD_INPUT;
    }
    const char *action = options_argument_count(&options) == 1 ? options_argument(&options, 0) : "";
    for (size_t i = 0; i < ARRAY_COUNT(actions); i++) {
        if (strcmp(actions[i].name, action) != 0) {
            continue;
        }
        if (actions[i].named && job.name == NULL) {
            complain("%s wants --name NAME, the session's username", action);
            return EXIT_BAD_INPUT;
        }
        return actions[i].run(&job);
    }
    complain(
        "say what to do: create, list, add-session or reset-password; see `dojima help identity`");
    return EXIT_BAD_INPUT;
}
