/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: a store is whole after any crash and refused when it is not as we wrote it; logons are
 * granted to who proves himself, refused alike otherwise, locked out after five failures.
 * Method: the simulated disk for crashes at every call, a folder of the real disk for modes, a fake
 * clock for the lock-out; one first run gives the store that most tests start from.
 */
#include "identity/identity.h"

#include "host/sim/disk.h"
#include "identity/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define DATA      "data"
#define STORE     "data/identity/store"
#define MINUTE_NS 60000000000

/* Of the first run, which costs two argon2id. */
static struct identity_credential credentials[IDENTITY_FIRST_RUN_COUNT];
static char *first_bytes;
static size_t first_count;

static struct identity_options options_of(struct host_disk *disk, bool edit)
{
    return (struct identity_options){.disk = disk, .directory = DATA, .edit = edit};
}

static int make_first_run(void **state)
{
    (void)state;
    struct sim_disk disk;
    struct identity *identity;
    struct identity_fault fault;
    sim_disk_init(&disk, 1);
    struct identity_options options = options_of(&disk.base, true);
    if (identity_create_first_run(&options, &identity, credentials, &fault) != STATUS_OK ||
        store_format(identity, &first_bytes, &first_count) != STATUS_OK) {
        return 1;
    }
    identity_close(identity);
    struct identity_credential other[IDENTITY_FIRST_RUN_COUNT];
    if (identity_create_first_run(&options, &identity, other, &fault) != STATUS_EXISTS) {
        return 1;
    }
    sim_disk_deinit(&disk);
    return 0;
}

static int drop_first_run(void **state)
{
    (void)state;
    free(first_bytes);
    return 0;
}

/* A simulated disk with the first run's store. */
static void plant(struct sim_disk *disk, uint64_t seed)
{
    sim_disk_init(disk, seed);
    assert_int_equal(sim_disk_put(disk, STORE, first_bytes, first_count), STATUS_OK);
}

static struct identity *opened(struct sim_disk *disk, bool edit)
{
    struct identity *identity;
    struct identity_fault fault = {0};
    struct identity_options options = options_of(&disk->base, edit);
    assert_int_equal(identity_open(&options, &identity, &fault), STATUS_OK);
    return identity;
}

/* -- the store ----------------------------------------------------------------------------- */

static void the_first_run_has_two_sessions(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 1);
    struct identity *identity = opened(&disk, false);
    assert_int_equal(identity_participant_count(identity), 2);
    assert_int_equal(identity_account_count(identity), 2);
    assert_int_equal(identity_user_count(identity), 2);
    assert_int_equal(identity_session_count(identity), 2);
    const struct identity_session *alice = identity_session_find(identity, "alice1 ", 7);
    assert_non_null(alice);
    assert_ptr_equal(alice, identity_session_get(identity, 1));
    assert_string_equal(alice->name, "ALICE1");
    assert_int_equal(alice->account, 1);
    assert_int_equal(alice->participant, 1);
    assert_int_equal(alice->protocols, IDENTITY_OUCH | IDENTITY_NATIVE);
    assert_true(alice->enabled && alice->has_password && !alice->has_key);
    assert_null(identity_session_find(identity, "NOBODY", 6));
    assert_null(identity_session_find(identity, "ALICE1X", 7));
    assert_null(identity_session_get(identity, 3));
    for (size_t i = 0; i < IDENTITY_FIRST_RUN_COUNT; i++) {
        assert_int_equal(strlen(credentials[i].password), IDENTITY_PASSWORD_BYTES);
        assert_null(strstr(first_bytes, credentials[i].password));
    }
    assert_string_not_equal(credentials[0].password, credentials[1].password);
    assert_int_equal(identity_write(identity), STATUS_DENIED);
    identity_close(identity);
    sim_disk_deinit(&disk);
}

static void changes_are_read_back(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 2);
    struct identity *identity = opened(&disk, true);
    struct identity *second;
    struct identity_fault fault;
    struct identity_options options = options_of(&disk.base, true);
    assert_int_equal(identity_open(&options, &second, &fault), STATUS_BUSY);
    uint32_t participant;
    uint64_t account;
    uint32_t user;
    uint32_t session;
    uint8_t key[IDENTITY_KEY_BYTES] = {1, 2, 0xff};
    assert_int_equal(identity_add_participant(identity, "Rice & Co", &participant), STATUS_OK);
    assert_int_equal(identity_add_account(identity, participant, &account), STATUS_OK);
    assert_int_equal(identity_add_user(identity, participant, "clerk", &user), STATUS_OK);
    struct identity_session wanted = {.account = account,
                                      .user = user,
                                      .protocols = IDENTITY_NATIVE,
                                      .orders = {5, 7},
                                      .cancels = {0, 1},
                                      .name = "RICE1",
                                      .enabled = true};
    assert_int_equal(identity_add_session(identity, &wanted, &session), STATUS_OK);
    assert_int_equal(session, 3);
    assert_int_equal(identity_add_session(identity, &wanted, &session), STATUS_EXISTS);
    assert_int_equal(identity_set_key(identity, session, key), STATUS_OK);
    assert_int_equal(identity_set_enabled(identity, 2, false), STATUS_OK);
    assert_int_equal(identity_write(identity), STATUS_OK);
    identity_close(identity);
    identity = opened(&disk, false);
    const struct identity_session *rice = identity_session_get(identity, 3);
    assert_non_null(rice);
    assert_int_equal(rice->orders.per_second, 5);
    assert_int_equal(rice->orders.burst, 7);
    assert_int_equal(rice->cancels.per_second, 0);
    assert_int_equal(rice->protocols, IDENTITY_NATIVE);
    assert_int_equal(rice->participant, 3);
    assert_true(rice->has_key && !rice->has_password && !rice->cancel_on_disconnect);
    assert_memory_equal(store_find_session(identity, 3)->key, key, sizeof key);
    assert_false(identity_session_get(identity, 2)->enabled);
    assert_string_equal(identity_participant_at(identity, 2)->label, "Rice & Co");
    identity_close(identity);
    sim_disk_deinit(&disk);
}

static void wrong_changes_are_refused(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 3);
    struct identity *identity = opened(&disk, true);
    uint32_t number;
    uint64_t account;
    assert_int_equal(identity_add_participant(identity, "", &number), STATUS_INVALID);
    assert_int_equal(identity_add_participant(identity, "a\"b", &number), STATUS_INVALID);
    assert_int_equal(identity_add_participant(identity, "a\nb", &number), STATUS_INVALID);
    assert_int_equal(
        identity_add_participant(identity, "more than thirty-one characters here", &number),
        STATUS_INVALID);
    assert_int_equal(identity_add_account(identity, 9, &account), STATUS_NOT_FOUND);
    assert_int_equal(identity_add_user(identity, 9, "x", &number), STATUS_NOT_FOUND);
    const struct identity_session good = {.account = 1,
                                          .user = 1,
                                          .protocols = IDENTITY_OUCH,
                                          .orders = {1, 1},
                                          .cancels = {1, 1},
                                          .name = "NEW1"};
    struct identity_session bad = good;
    bad.account = 2; /* of another participant than the user */
    assert_int_equal(identity_add_session(identity, &bad, &number), STATUS_INVALID);
    bad = good;
    bad.account = 99;
    assert_int_equal(identity_add_session(identity, &bad, &number), STATUS_NOT_FOUND);
    bad = good;
    bad.protocols = 8;
    assert_int_equal(identity_add_session(identity, &bad, &number), STATUS_INVALID);
    bad = good;
    bad.orders.burst = 0;
    assert_int_equal(identity_add_session(identity, &bad, &number), STATUS_INVALID);
    bad = good;
    memcpy(bad.name, "new1", 5);
    assert_int_equal(identity_add_session(identity, &bad, &number), STATUS_INVALID);
    assert_int_equal(identity_set_enabled(identity, 77, true), STATUS_NOT_FOUND);
    assert_int_equal(identity_set_key(identity, 77, NULL), STATUS_NOT_FOUND);
    assert_int_equal(identity_session_count(identity), 2);
    identity_close(identity);
    sim_disk_deinit(&disk);
}

/* Whether session 2 is enabled in what a restart finds: old store or new, nothing else. */
static bool enabled_after(struct sim_disk *disk)
{
    struct identity *identity = opened(disk, false);
    assert_int_equal(identity_session_count(identity), 2);
    bool enabled = identity_session_get(identity, 2)->enabled;
    identity_close(identity);
    return enabled;
}

static void a_crash_leaves_the_old_store_or_the_new(void **state)
{
    (void)state;
    unsigned old_seen = 0;
    unsigned new_seen = 0;
    for (int crash = 0; crash < SIM_CRASH_COUNT; crash++) {
        for (uint64_t call = 1;; call++) {
            struct sim_disk disk;
            plant(&disk, 100 + call);
            struct identity *identity = opened(&disk, true);
            uint64_t before = disk.calls;
            disk.crash = (enum sim_crash)crash;
            disk.crash_at_call = before + call;
            assert_int_equal(identity_set_enabled(identity, 2, false), STATUS_OK);
            enum status status = identity_write(identity);
            bool crashed = disk.down;
            identity_close(identity);
            if (crashed) {
                assert_int_not_equal(status, STATUS_OK);
                sim_disk_restart(&disk);
                bool old = enabled_after(&disk);
                old_seen += old;
                new_seen += !old;
                /* What a crash left behind does not stop the next rewrite. */
                identity = opened(&disk, true);
                assert_int_equal(identity_set_enabled(identity, 2, false), STATUS_OK);
                assert_int_equal(identity_write(identity), STATUS_OK);
                identity_close(identity);
            } else {
                assert_int_equal(status, STATUS_OK);
                sim_disk_crash(&disk, (enum sim_crash)crash);
                sim_disk_restart(&disk);
            }
            assert_false(enabled_after(&disk));
            sim_disk_deinit(&disk);
            if (!crashed) {
                assert_true(call > 4); /* remove, create, write, sync, rename, sync: all crashed */
                break;
            }
        }
    }
    assert_true(old_seen > 0 && new_seen > 0);
}

/* The first run's store with `from` replaced. */
static enum status open_changed(const char *from, const char *to, struct identity_fault *fault)
{
    struct sim_disk disk;
    struct identity *identity;
    const char *found = strstr(first_bytes, from);
    assert_non_null(found);
    size_t before = (size_t)(found - first_bytes);
    size_t after = first_count - before - strlen(from);
    char *bytes = malloc(first_count + strlen(to) + 1);
    assert_non_null(bytes);
    memcpy(bytes, first_bytes, before);
    memcpy(bytes + before, to, strlen(to));
    memcpy(bytes + before + strlen(to), found + strlen(from), after);
    sim_disk_init(&disk, 4);
    assert_int_equal(sim_disk_put(&disk, STORE, bytes, before + strlen(to) + after), STATUS_OK);
    struct identity_options options = options_of(&disk.base, false);
    *fault = (struct identity_fault){0};
    enum status status = identity_open(&options, &identity, fault);
    if (status == STATUS_OK) {
        identity_close(identity);
    }
    sim_disk_deinit(&disk);
    free(bytes);
    return status;
}

static void garbage_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        unsigned line;
        const char *reason;
    } cases[] = {
        {"dojima-identity 1", "PK\x03\x04", 1, "no identity store"},
        {"participant 2 ", "participant 1 ", 3, "do not rise"},
        {"\"Bobby\"", "\"Bobby", 3, "\"LABEL\" is expected"},
        {"account 2 participant 2", "account 2 participant 7", 5, "no line before it names"},
        {"account 2 participant 2", "account 2 participant 02", 5, "is expected"},
        {"user 2 participant 2 ", "user 2  participant 2 ", 7, "is expected"},
        {"session 1 ALICE1", "session 1 alice1", 8, "out of its range"},
        {"session 2 BOBBY1 ", "session 2 ALICE1 ", 10, "the name is taken"},
        {"protocols ouch,native", "protocols ouch,fix", 8, "is expected"},
        {"orders 10000/20000", "orders 10000/0", 8, "out of its range"},
        {"enabled yes\n", "enabled maybe\n", 8, "is expected"},
        {"enabled yes\n", "enabled yes \n", 8, "behind the last field"},
        {"password 1 $argon2id$", "password 1 $argon2i$", 9, "HASH is expected"},
        {"password 1 $argon2id$", "password 2 $argon2id$", 9, "behind its session"},
        {"m=65536", "m=8", 9, "HASH is expected"},
        {"password 2 ", "key 2 00", 11, "DIGITS is expected"},
        {"Alice", "Alicf", 12, "not those that were written"},
        {"end 10 ", "end 11 ", 12, "not those that were written"},
        {"end 10 ", "tail 10 ", 12, "begins with no word"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct identity_fault fault;
        assert_int_equal(open_changed(cases[i].from, cases[i].to, &fault), STATUS_INVALID);
        if (strstr(fault.reason, cases[i].reason) == NULL) {
            assert_string_equal(fault.reason, cases[i].reason);
        }
        assert_int_equal(fault.line, cases[i].line);
    }
    struct identity_fault fault;
    assert_int_equal(open_changed("dojima-identity 1", "dojima-identity 2", &fault),
                     STATUS_UNSUPPORTED);
    assert_int_equal(open_changed("Alice", "Alice", &fault), STATUS_OK);
}

/* Every cut and every changed byte is noticed. */
static void damage_is_refused(void **state)
{
    (void)state;
    struct identity_fault fault;
    for (size_t count = 0; count < first_count; count++) {
        struct identity identity = {0};
        assert_int_equal(store_parse(&identity, first_bytes, count, &fault), STATUS_INVALID);
        store_deinit(&identity);
    }
    for (size_t i = 0; i < first_count; i++) {
        struct identity identity = {0};
        first_bytes[i] = (char)(first_bytes[i] ^ 1 << i % 8);
        assert_int_not_equal(store_parse(&identity, first_bytes, first_count, &fault), STATUS_OK);
        first_bytes[i] = (char)(first_bytes[i] ^ 1 << i % 8);
        store_deinit(&identity);
    }
}

static void modes_are_checked(void **state)
{
    (void)state;
    char directory[] = "/tmp/dojima-identity-XXXXXX";
    assert_non_null(mkdtemp(directory));
    char folder[64];
    char store[64];
    char lock[64];
    snprintf(folder, sizeof folder, "%s/identity", directory);
    snprintf(store, sizeof store, "%s/identity/store", directory);
    snprintf(lock, sizeof lock, "%s/identity/lock", directory);
    struct identity *identity;
    struct identity_fault fault;
    struct identity_options options = {.disk = host_disk_posix(), .directory = directory};
    assert_int_equal(identity_open(&options, &identity, &fault), STATUS_NOT_FOUND);
    struct identity_credential made[IDENTITY_FIRST_RUN_COUNT];
    assert_int_equal(identity_create_first_run(&options, &identity, made, &fault), STATUS_OK);
    identity_close(identity);
    struct stat found;
    assert_int_equal(stat(folder, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0700);
    assert_int_equal(stat(store, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    assert_int_equal(identity_open(&options, &identity, &fault), STATUS_OK);
    identity_close(identity);
    assert_int_equal(chmod(store, 0640), 0);
    assert_int_equal(identity_open(&options, &identity, &fault), STATUS_DENIED);
    assert_non_null(strstr(fault.reason, "identity/store may be read or written by others"));
    assert_int_equal(chmod(store, 0600), 0);
    assert_int_equal(chmod(folder, 0750), 0);
    assert_int_equal(identity_open(&options, &identity, &fault), STATUS_DENIED);
    assert_int_equal(chmod(folder, 0700), 0);
    /* A link in place of the store is no file of ours. */
    char other[64];
    snprintf(other, sizeof other, "%s/other", directory);
    assert_int_equal(rename(store, other), 0);
    assert_int_equal(symlink(other, store), 0);
    assert_int_equal(identity_open(&options, &identity, &fault), STATUS_DENIED);
    assert_int_equal(unlink(store) | unlink(other) | unlink(lock), 0);
    assert_int_equal(rmdir(folder) | rmdir(directory), 0);
}

/* -- logons -------------------------------------------------------------------------------- */

static struct identity_result waited_for(struct identity *identity, int64_t now_ns)
{
    struct identity_result result = {0};
    while (!identity_verify_poll(identity, now_ns, &result)) {
    }
    return result;
}

static enum identity_verdict logon(struct identity *identity, const char *name,
                                   const char *password, int64_t now_ns)
{
    assert_int_equal(
        identity_verify_start(identity, name, strlen(name), password, strlen(password), 42),
        STATUS_OK);
    struct identity_result result = waited_for(identity, now_ns);
    assert_int_equal(result.tag, 42);
    assert_int_equal(result.session != NULL, result.verdict == IDENTITY_GRANTED);
    return result.verdict;
}

static void passwords_are_checked(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 5);
    struct identity *identity = opened(&disk, true);
    struct identity_result result;
    assert_false(identity_verify_poll(identity, 1, &result));
    char padded[16];
    snprintf(padded, sizeof padded, "%s  ", credentials[0].password);
    assert_int_equal(logon(identity, "ALICE1", padded, 1), IDENTITY_GRANTED);
    /* Known now: answered by the first poll, without the thread. */
    assert_int_equal(identity_verify_start(identity, "ALICE1", 6, credentials[0].password, 10, 7),
                     STATUS_OK);
    assert_true(identity_verify_poll(identity, 1, &result));
    assert_int_equal(result.verdict, IDENTITY_GRANTED);
    assert_int_equal(result.session->session, 1);
    assert_int_equal(logon(identity, "ALICE1", credentials[1].password, 1), IDENTITY_REFUSED);
    assert_int_equal(logon(identity, "ALICE1", "", 1), IDENTITY_REFUSED);
    assert_int_equal(logon(identity, "NOBODY", credentials[0].password, 1), IDENTITY_REFUSED);
    assert_int_equal(identity_set_enabled(identity, 1, false), STATUS_OK);
    assert_int_equal(logon(identity, "ALICE1", credentials[0].password, 1), IDENTITY_REFUSED);
    assert_int_equal(identity_set_enabled(identity, 1, true), STATUS_OK);
    struct identity_credential fresh;
    assert_int_equal(identity_reset_password(identity, 1, &fresh), STATUS_OK);
    assert_int_equal(logon(identity, "ALICE1", credentials[0].password, 1), IDENTITY_REFUSED);
    assert_int_equal(logon(identity, "ALICE1", fresh.password, 1), IDENTITY_GRANTED);
    identity_close(identity);
    sim_disk_deinit(&disk);
}

static void lock_out(struct identity *identity, const char *name, int64_t now_ns)
{
    for (unsigned i = 0; i < IDENTITY_FAILURES_MAX; i++) {
        assert_int_equal(logon(identity, name, "WRONG", now_ns + (int64_t)i), IDENTITY_REFUSED);
    }
    assert_int_equal(logon(identity, name, "WRONG", now_ns + MINUTE_NS), IDENTITY_LOCKED);
}

static void five_failures_lock_for_five_minutes(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 6);
    struct identity *identity = opened(&disk, false);
    lock_out(identity, "BOBBY1", 1);
    /* The right password does not help, and the other session is not touched. */
    assert_int_equal(logon(identity, "BOBBY1", credentials[1].password, 2 * MINUTE_NS),
                     IDENTITY_LOCKED);
    assert_int_equal(logon(identity, "ALICE1", credentials[0].password, 2 * MINUTE_NS),
                     IDENTITY_GRANTED);
    assert_int_equal(logon(identity, "BOBBY1", credentials[1].password, 5 * MINUTE_NS),
                     IDENTITY_LOCKED);
    assert_int_equal(logon(identity, "BOBBY1", credentials[1].password, 5 * MINUTE_NS + 1),
                     IDENTITY_GRANTED);
    /* A name that does not exist is answered the same. */
    lock_out(identity, "NOBODY", 1);
    identity_close(identity);
    sim_disk_deinit(&disk);
}

/* A flood on one name: what is queued behind its fifth failure is not checked, and a session that
 * is known goes past it. */
static void a_flood_is_cut_short(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 7);
    struct identity *identity = opened(&disk, false);
    assert_int_equal(logon(identity, "ALICE1", credentials[0].password, 1), IDENTITY_GRANTED);
    for (uint64_t i = 0; i + 1 < IDENTITY_CHECKS_MAX; i++) {
        assert_int_equal(identity_verify_start(identity, "BOBBY1", 6, "WRONG", 5, i), STATUS_OK);
    }
    assert_int_equal(identity_verify_start(identity, "ALICE1", 6, credentials[0].password, 10, 999),
                     STATUS_OK);
    assert_int_equal(identity_verify_start(identity, "ALICE1", 6, "X", 1, 0), STATUS_FULL);
    struct identity_result result = waited_for(identity, 2);
    assert_int_equal(result.tag, 999);
    unsigned refused = 0;
    unsigned locked = 0;
    for (uint64_t i = 0; i + 1 < IDENTITY_CHECKS_MAX; i++) {
        result = waited_for(identity, 2);
        assert_int_equal(result.tag, i);
        refused += result.verdict == IDENTITY_REFUSED;
        locked += result.verdict == IDENTITY_LOCKED;
    }
    assert_int_equal(refused, IDENTITY_FAILURES_MAX);
    assert_int_equal(locked, IDENTITY_CHECKS_MAX - 1 - IDENTITY_FAILURES_MAX);
    identity_close(identity);
    sim_disk_deinit(&disk);
}

static enum identity_verdict signed_logon(struct identity *identity, const char *name,
                                          const uint8_t *challenge, const uint8_t *signature)
{
    const struct identity_signed_logon logon_of = {
        .name = name, .name_count = strlen(name), .challenge = challenge, .signature = signature};
    assert_int_equal(identity_verify_signature_start(identity, &logon_of, 5), STATUS_OK);
    return waited_for(identity, 1).verdict;
}

/* Attack 39: a signature counts for one challenge and one name. */
static void signatures_are_checked(void **state)
{
    (void)state;
    struct sim_disk disk;
    plant(&disk, 8);
    struct identity *identity = opened(&disk, true);
    uint8_t seed[IDENTITY_SEED_BYTES];
    uint8_t key[IDENTITY_KEY_BYTES];
    uint8_t challenge[IDENTITY_CHALLENGE_BYTES];
    uint8_t other[IDENTITY_CHALLENGE_BYTES];
    uint8_t bytes[IDENTITY_LOGON_BYTES];
    uint8_t signature[IDENTITY_SIGNATURE_BYTES];
    identity_make_key(seed, key);
    identity_challenge(challenge);
    identity_challenge(other);
    assert_memory_not_equal(challenge, other, sizeof other);
    identity_logon_bytes("ALICE1", 6, challenge, bytes);
    assert_memory_equal(bytes, "dojima logon v1\0ALICE1", 22);
    identity_sign(seed, bytes, sizeof bytes, signature);
    assert_int_equal(signed_logon(identity, "ALICE1", challenge, signature), IDENTITY_REFUSED);
    assert_int_equal(identity_set_key(identity, 1, key), STATUS_OK);
    assert_int_equal(signed_logon(identity, "ALICE1", challenge, signature), IDENTITY_GRANTED);
    assert_int_equal(signed_logon(identity, "ALICE1", other, signature), IDENTITY_REFUSED);
    assert_int_equal(signed_logon(identity, "BOBBY1", challenge, signature), IDENTITY_REFUSED);
    assert_int_equal(signed_logon(identity, "NOBODY", challenge, signature), IDENTITY_REFUSED);
    /* Wrong passwords lock the password, not the key; wrong signatures lock nothing. */
    lock_out(identity, "ALICE1", 1);
    for (unsigned i = 0; i < 2 * IDENTITY_FAILURES_MAX; i++) {
        assert_int_equal(signed_logon(identity, "ALICE1", other, signature), IDENTITY_REFUSED);
    }
    assert_int_equal(signed_logon(identity, "ALICE1", challenge, signature), IDENTITY_GRANTED);
    signature[3] ^= 4;
    assert_int_equal(signed_logon(identity, "ALICE1", challenge, signature), IDENTITY_REFUSED);
    identity_close(identity);
    sim_disk_deinit(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_run_has_two_sessions),
        cmocka_unit_test(changes_are_read_back),
        cmocka_unit_test(wrong_changes_are_refused),
        cmocka_unit_test(a_crash_leaves_the_old_store_or_the_new),
        cmocka_unit_test(garbage_is_refused_with_its_line),
        cmocka_unit_test(damage_is_refused),
        cmocka_unit_test(modes_are_checked),
        cmocka_unit_test(passwords_are_checked),
        cmocka_unit_test(five_failures_lock_for_five_minutes),
        cmocka_unit_test(a_flood_is_cut_short),
        cmocka_unit_test(signatures_are_checked),
    };
    return cmocka_run_group_tests(tests, make_first_run, drop_first_run);
}
