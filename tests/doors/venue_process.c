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

#define ARGUMENTS_MAX    64
#define SETTINGS_MAX     12
#define GATEWAY_PAUSE_NS INT64_C(50000000) /* between two starts */

/* Below the ports that the kernel gives to outgoing connections (ip_local_port_range): one of those
   could take a port while its venue is down between a kill and the next start. */
static bool free_port(uint16_t *out_port)
{
    enum { FIRST = 10000, PORTS = 22000, TRIES = 100 };
    static unsigned next;
    if (next == 0) {
        next = (unsigned)getpid();
    }
    for (unsigned i = 0; i < TRIES; i++) {
        uint16_t port = (uint16_t)(FIRST + next++ * 7 % PORTS);
        char text[32];
        struct host_address address;
        int listener;
        snprintf(text, sizeof text, "127.0.0.1:%u", port);
        if (host_address_parse(text, &address) == STATUS_OK &&
            host_socket_listen(&address, &listener) == STATUS_OK) {
            host_socket_close(listener, false);
            *out_port = port;
            return true;
        }
    }
    return false;
}

struct holder {
    uint64_t account;
    uint32_t user;
};

static enum status add_holder(struct identity *identity, struct holder *out_holder)
{
    uint32_t participant;
    enum status status = identity_add_participant(identity, "dealer", &participant);
    if (status == STATUS_OK) {
        status = identity_add_account(identity, participant, &out_holder->account);
    }
    if (status == STATUS_OK) {
        status = identity_add_user(identity, participant, "dealer", &out_holder->user);
    }
    return status;
}

static enum status add_session(struct identity *identity, size_t index, const struct holder *holder,
                               struct venue_process_session *session)
{
    uint32_t number = 0;
    struct identity_credential credential = {0};
    struct identity_session wanted = {.account = holder->account,
                                      .user = holder->user,
                                      .protocols = IDENTITY_OUCH | IDENTITY_NATIVE,
                                      .orders = {.per_second = 1000000, .burst = 1000000},
                                      .cancels = {.per_second = 1000000, .burst = 1000000},
                                      .cancel_on_disconnect = index % 2 == 0,
                                      .enabled = true};
    snprintf(wanted.name, sizeof wanted.name, "T%04u", (unsigned)(index % 10000));
    enum status status = identity_add_session(identity, &wanted, &number);
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
    size_t per_account = venue->sessions_per_account == 0 ? 1 : venue->sessions_per_account;
    struct holder holder = {0};
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        if (i % per_account == 0) {
            status = add_holder(identity, &holder);
        }
        if (status == STATUS_OK) {
            status = add_session(identity, i, &holder, &sessions[i]);
        }
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
    const char *above = getenv("TMPDIR");
    snprintf(venue->directory, sizeof venue->directory, "%.200s/dojima-doors.XXXXXX",
             above == NULL ? "/tmp" : above);
    if (mkdtemp(venue->directory) == NULL) {
        perror(venue->directory);
        return false;
    }
    snprintf(venue->data, sizeof venue->data, "%.255s/data",
             venue->data_above == NULL ? venue->directory : venue->data_above);
    for (size_t i = 0; i < VENUE_PROCESS_GATEWAYS_MAX; i++) {
        struct venue_process_gateway *gateway = &venue->gateways[i];
        uint16_t ouch;
        uint16_t native;
        if (!free_port(&ouch) || !free_port(&native)) {
            perror("a port");
            return false;
        }
        snprintf(gateway->ouch, sizeof gateway->ouch, "127.0.0.1:%u", ouch);
        snprintf(gateway->native, sizeof gateway->native, "127.0.0.1:%u", native);
    }
    uint16_t feed;
    if (!free_port(&feed)) {
        perror("a port");
        return false;
    }
    snprintf(venue->feed, sizeof venue->feed, "127.0.0.1:%u", feed);
    return make_store(venue, out_sessions, count) == STATUS_OK;
}

static size_t add_settings(const char *const *settings, size_t most, size_t count,
                           const char *out_arguments[ARGUMENTS_MAX])
{
    for (size_t i = 0; i < most && settings[i] != NULL; i++) {
        out_arguments[count++] = "--set";
        out_arguments[count++] = settings[i];
    }
    return count;
}

/* The command line; its texts are in `texts`. */
static void fill_arguments(const struct venue_process *venue, const char *role, unsigned gateway,
                           char texts[4][64], const char *out_arguments[ARGUMENTS_MAX])
{
    snprintf(texts[0], sizeof texts[0], "ouch.listen=%s", venue->gateways[gateway].ouch);
    snprintf(texts[1], sizeof texts[1], "native.listen=%s", venue->gateways[gateway].native);
    snprintf(texts[2], sizeof texts[2], "ctl.socket=ctl%u.sock", gateway);
    snprintf(texts[3], sizeof texts[3], "feed.soup_listen=%s", venue->feed);
    const char *const first[] = {venue->binary, "run", "--data", venue->data,
                                 "--role",      role,  "--idle", "sleep"};
    const char *const settings[] = {"tls.enabled=false",
                                    texts[0],
                                    texts[1],
                                    texts[2],
                                    "data.segment_bytes=4MiB",
                                    "limits.orders=65536",
                                    "limits.levels=16384"};
    const char *const feed[] = {
        texts[3],        "feed.glimpse_listen=", "feed.group_a=",
        "feed.group_b=", "feed.proof_group=",    "feed.retransmission_listen="};
    size_t count = 0;
    for (; count < ARRAY_COUNT(first); count++) {
        out_arguments[count] = first[count];
    }
    count = add_settings(settings, ARRAY_COUNT(settings), count, out_arguments);
    if (venue->has_feed) {
        count = add_settings(feed, ARRAY_COUNT(feed), count, out_arguments);
    }
    if (venue->settings != NULL) {
        count = add_settings(venue->settings, SETTINGS_MAX, count, out_arguments);
    }
    out_arguments[count] = NULL;
}

/* Its output goes to a file in the directory; it dies with us. */
static pid_t start(const struct venue_process *venue, const char *role, unsigned gateway,
                   const char *output)
{
    char path[VENUE_PROCESS_PATH_BYTES + 32];
    char texts[4][64];
    const char *arguments[ARGUMENTS_MAX];
    snprintf(path, sizeof path, "%s/%s", venue->directory, output);
    fill_arguments(venue, role, gateway, texts, arguments);
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
    static const char *const roles[2][2] = {{"engine,gateway", "engine,gateway,feed"},
                                            {"engine", "engine,feed"}};
    venue->engine = start(venue, roles[venue->gateway_count > 0][venue->has_feed], 0, "engine.out");
    return venue->engine > 0;
}

bool venue_process_start_gateway(struct venue_process *venue, unsigned index)
{
    struct venue_process_gateway *gateway = &venue->gateways[index];
    gateway->started_ns = host_clock_monotonic_ns();
    gateway->process = start(venue, "gateway", index, index == 0 ? "gateway.out" : "gateway1.out");
    return gateway->process > 0;
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
    for (unsigned i = 0; i < venue->gateway_count; i++) {
        kill_one(&venue->gateways[i].process);
    }
}

void venue_process_kill_gateway(struct venue_process *venue, unsigned index)
{
    kill_one(&venue->gateways[index].process);
}

static bool signal_gateway(const struct venue_process *venue, unsigned index, int signal)
{
    pid_t process = venue->gateways[index].process;
    return process > 0 && kill(process, signal) == 0;
}

bool venue_process_freeze_gateway(struct venue_process *venue, unsigned index)
{
    return signal_gateway(venue, index, SIGSTOP);
}

bool venue_process_thaw_gateway(struct venue_process *venue, unsigned index)
{
    return signal_gateway(venue, index, SIGCONT);
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
    bool well = true;
    for (unsigned i = 0; i < venue->gateway_count; i++) {
        well = stop_one(&venue->gateways[i].process) && well;
    }
    return stop_one(&venue->engine) && well;
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

/* One that ended is started again, with a pause between two starts. */
static bool keep_gateway(struct venue_process *venue, unsigned index)
{
    struct venue_process_gateway *gateway = &venue->gateways[index];
    int how = 0;
    int64_t now_ns = host_clock_monotonic_ns();
    if (gateway->process > 0 && waitpid(gateway->process, &how, WNOHANG) == gateway->process) {
        gateway->process = 0;
    }
    return gateway->process > 0 || now_ns - gateway->started_ns < GATEWAY_PAUSE_NS ||
           venue_process_start_gateway(venue, index);
}

bool venue_process_lives(struct venue_process *venue)
{
    bool well = lives(&venue->engine, "venue");
    for (unsigned i = 0; i < venue->gateway_count && well; i++) {
        well = keep_gateway(venue, i);
    }
    return well;
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
