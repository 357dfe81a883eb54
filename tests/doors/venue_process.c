/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/venue_process.h"

#include "host/clock.h"
#include "host/disk.h"
#include "host/socket.h"
#include "identity/identity.h"

#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ARGUMENTS_MAX    40
#define GATEWAY_PAUSE_NS INT64_C(50000000) /* between two starts */

static bool free_port(uint16_t *out_port)
{
    struct host_address address;
    int listener;
    if (host_address_parse("127.0.0.1:0", &address) != STATUS_OK ||
        host_socket_listen(&address, &listener) != STATUS_OK) {
        return false;
    }
    *out_port = host_socket_port(listener);
    host_socket_close(listener, false);
    return true;
}

static enum status add_session(struct identity *identity, size_t index,
                               struct venue_process_session *session)
{
    uint32_t participant;
    uint64_t account = 0;
    uint32_t user = 0;
    uint32_t number = 0;
    struct identity_credential credential = {0};
    enum status status = identity_add_participant(identity, "dealer", &participant);
    if (status == STATUS_OK) {
        status = identity_add_account(identity, participant, &account);
    }
    if (status == STATUS_OK) {
        status = identity_add_user(identity, participant, "dealer", &user);
    }
    struct identity_session wanted = {.account = account,
                                      .user = user,
                                      .protocols = IDENTITY_OUCH | IDENTITY_NATIVE,
                                      .orders = {.per_second = 1000000, .burst = 1000000},
                                      .cancels = {.per_second = 1000000, .burst = 1000000},
                                      .cancel_on_disconnect = index % 2 == 0,
                                      .enabled = true};
    snprintf(wanted.name, sizeof wanted.name, "T%04u", (unsigned)(index % 10000));
    if (status == STATUS_OK) {
        status = identity_add_session(identity, &wanted, &number);
    }
    if (status == STATUS_OK) {
        status = identity_reset_password(identity, number, &credential);
    }
    session->number = number;
    snprintf(session->name, sizeof session->name, "%s", wanted.name);
    snprintf(session->password, sizeof session->password, "%s", credential.password);
    return status;
}

static enum status make_store(const struct venue_process *venue,
                              struct venue_process_session *sessions, size_t count)
{
    struct identity_options options = {
        .disk = host_disk_posix(), .directory = venue->data, .edit = true};
    struct identity_credential first[IDENTITY_FIRST_RUN_COUNT];
    struct identity_fault fault = {0};
    struct identity *identity = NULL;
    enum status status = options.disk->ops->make_directory(options.disk, venue->data);
    if (status == STATUS_OK) {
        status = identity_create_first_run(&options, &identity, first, &fault);
    }
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        status = add_session(identity, i, &sessions[i]);
    }
    if (status == STATUS_OK) {
        status = identity_write(identity);
    }
    identity_close(identity);
    if (status != STATUS_OK) {
        fprintf(stderr, "identity: %s %s\n", status_sentence(status), fault.reason);
    }
    return status;
}

bool venue_process_prepare(struct venue_process *venue, struct venue_process_session *out_sessions,
                           size_t count)
{
    uint16_t ouch;
    uint16_t native;
    const char *above = getenv("TMPDIR");
    snprintf(venue->directory, sizeof venue->directory, "%.200s/dojima-doors.XXXXXX",
             above == NULL ? "/tmp" : above);
    if (mkdtemp(venue->directory) == NULL || !free_port(&ouch) || !free_port(&native)) {
        perror(venue->directory);
        return false;
    }
    snprintf(venue->data, sizeof venue->data, "%s/data", venue->directory);
    snprintf(venue->ouch, sizeof venue->ouch, "127.0.0.1:%u", ouch);
    snprintf(venue->native, sizeof venue->native, "127.0.0.1:%u", native);
    return make_store(venue, out_sessions, count) == STATUS_OK;
}

/* Its output goes to a file in the directory; it dies with us. */
static pid_t start(const struct venue_process *venue, const char *role, const char *output)
{
    char path[VENUE_PROCESS_PATH_BYTES + 32];
    char ouch[64];
    char native[64];
    snprintf(path, sizeof path, "%s/%s", venue->directory, output);
    snprintf(ouch, sizeof ouch, "ouch.listen=%s", venue->ouch);
    snprintf(native, sizeof native, "native.listen=%s", venue->native);
    const char *const arguments[] = {venue->binary, "run",
                                     "--data",      venue->data,
                                     "--role",      role,
                                     "--idle",      "sleep",
                                     "--set",       "tls.enabled=false",
                                     "--set",       ouch,
                                     "--set",       native,
                                     "--set",       "data.segment_bytes=4MiB",
                                     "--set",       "limits.orders=65536",
                                     "--set",       "limits.levels=16384",
                                     NULL};
    pid_t process = fork();
    if (process == 0) {
        int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file < 0 || dup2(file, STDOUT_FILENO) < 0 || dup2(file, STDERR_FILENO) < 0 ||
            prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) {
            _exit(126);
        }
        char *vector[ARGUMENTS_MAX];
        memcpy(vector, arguments, sizeof arguments);
        execv(venue->binary, vector);
        _exit(127);
    }
    return process;
}

bool venue_process_start(struct venue_process *venue)
{
    venue->engine = start(venue, venue->split ? "engine" : "engine,gateway", "engine.out");
    return venue->engine > 0;
}

bool venue_process_start_gateway(struct venue_process *venue)
{
    venue->gateway_ns = host_clock_monotonic_ns();
    venue->gateway = start(venue, "gateway", "gateway.out");
    return venue->gateway > 0;
}

static void kill_one(pid_t *process)
{
    if (*process > 0) {
        (void)kill(*process, SIGKILL);
        (void)waitpid(*process, NULL, 0);
        *process = 0;
    }
}

void venue_process_kill(struct venue_process *venue)
{
    kill_one(&venue->engine);
    kill_one(&venue->gateway);
}

void venue_process_kill_gateway(struct venue_process *venue)
{
    kill_one(&venue->gateway);
}

static bool stop_one(pid_t *process)
{
    if (*process <= 0) {
        return true;
    }
    pid_t ending = *process;
    *process = 0;
    return kill(ending, SIGTERM) == 0 && venue_process_wait(ending) == 0;
}

bool venue_process_stop(struct venue_process *venue)
{
    bool gateway = stop_one(&venue->gateway);
    return stop_one(&venue->engine) && gateway;
}

static bool lives(pid_t *process, const char *what)
{
    int how = 0;
    if (*process > 0 && waitpid(*process, &how, WNOHANG) == *process) {
        fprintf(stderr, "the %s ended by itself: %s %d\n", what,
                WIFSIGNALED(how) ? "signal" : "exit code",
                WIFSIGNALED(how) ? WTERMSIG(how) : WEXITSTATUS(how));
        *process = 0;
        return false;
    }
    return true;
}

bool venue_process_lives(struct venue_process *venue)
{
    if (!lives(&venue->engine, "venue")) {
        return false;
    }
    int how = 0;
    int64_t now_ns = host_clock_monotonic_ns();
    if (venue->gateway > 0 && waitpid(venue->gateway, &how, WNOHANG) == venue->gateway) {
        venue->gateway = 0;
    }
    if (!venue->split || venue->gateway > 0 || now_ns - venue->gateway_ns < GATEWAY_PAUSE_NS) {
        return true;
    }
    return venue_process_start_gateway(venue);
}

int venue_process_read(const struct venue_process *venue, const char *const *arguments,
                       pid_t *out_process)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t process = fork();
    if (process == 0) {
        char *vector[8] = {0};
        const char *binary = venue->binary;
        memcpy(&vector[0], &binary, sizeof binary);
        for (size_t i = 0; i < 6 && arguments[i] != NULL; i++) {
            memcpy(&vector[i + 1], &arguments[i], sizeof arguments[i]);
        }
        if (dup2(ends[1], STDOUT_FILENO) >= 0) {
            execv(binary, vector);
        }
        _exit(127);
    }
    close(ends[1]);
    *out_process = process;
    return ends[0];
}

int venue_process_wait(pid_t process)
{
    int how = 0;
    if (waitpid(process, &how, 0) != process || !WIFEXITED(how)) {
        return -1;
    }
    return WEXITSTATUS(how);
}

static int remove_one(const char *path, const struct stat *state, int kind, struct FTW *place)
{
    (void)state;
    (void)kind;
    (void)place;
    return remove(path);
}

void venue_process_remove(struct venue_process *venue)
{
    (void)nftw(venue->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
