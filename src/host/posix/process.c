/* SPDX-License-Identifier: Apache-2.0 */
#include "host/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OWN_PROGRAM        "/proc/self/exe"
#define NICE_LAST          19
#define IOPRIO_WHO_PROCESS 1
#define IOPRIO_CLASS_SHIFT 13
#define IOPRIO_CLASS_IDLE  3

static enum status status_of(int error)
{
    switch (error) {
    case ENOMEM:
    case EAGAIN:
        return STATUS_NO_MEMORY;
    case EMFILE:
    case ENFILE:
        return STATUS_NO_FILES;
    case EACCES:
    case EPERM:
    case ENOENT: /* no /proc */
        return STATUS_DENIED;
    default:
        return STATUS_IO;
    }
}

/* Every signal as a fresh program has it: ours are caught or ignored. */
static int set_up(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes)
{
    sigset_t all;
    sigset_t none;
    sigfillset(&all);
    sigdelset(&all, SIGKILL);
    sigdelset(&all, SIGSTOP);
    sigemptyset(&none);
    int failed = posix_spawnattr_setsigdefault(attributes, &all);
    failed = failed != 0 ? failed : posix_spawnattr_setsigmask(attributes, &none);
    failed = failed != 0 ? failed
                         : posix_spawnattr_setflags(attributes,
                                                    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    failed = failed != 0 ? failed
                         : posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null",
                                                            O_RDONLY, 0);
    failed = failed != 0 ? failed
                         : posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null",
                                                            O_WRONLY, 0);
    return failed != 0 ? failed
                       : posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
}

static int start(const char *const *arguments, pid_t *out_id)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed != 0) {
        return failed;
    }
    failed = posix_spawnattr_init(&attributes);
    if (failed == 0) {
        failed = set_up(&actions, &attributes);
        if (failed == 0) {
            /* posix_spawn changes none of the texts; its type is older than const. */
            union {
                const char *const *given;
                char *const *taken;
            } list = {.given = arguments};
            failed = posix_spawn(out_id, OWN_PROGRAM, &actions, &attributes, list.taken, environ);
        }
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

static int64_t ns_of(struct timeval time)
{
    return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

enum status host_process_run(struct host_process *process, const char *const *arguments,
                             int *out_code)
{
    pid_t id = 0;
    int failed = start(arguments, &id);
    if (failed != 0) {
        return status_of(failed);
    }
    atomic_store(&process->id, id);
    /* Seen first and buried then: its number is nobody else's as long as it may be ended. */
    struct rusage usage = {0};
    siginfo_t seen;
    int how = 0;
    int waited = 0;
    do {
        waited = waitid(P_PID, (id_t)id, &seen, WEXITED | WNOWAIT);
    } while (waited < 0 && errno == EINTR);
    atomic_store(&process->id, 0);
    if (waited == 0) {
        waited = wait4(id, &how, 0, &usage) == id ? 0 : -1;
    }
    if (waited < 0) {
        return STATUS_IO;
    }
    process->used_ns = ns_of(usage.ru_utime) + ns_of(usage.ru_stime);
    *out_code = WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how);
    return STATUS_OK;
}

void host_process_end(struct host_process *process)
{
    pid_t id = atomic_load(&process->id);
    if (id > 0) {
        (void)kill(id, SIGKILL);
    }
}

int64_t host_process_used_ns(void)
{
    struct timespec used = {0};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

void host_process_give_way(void)
{
    struct sched_param none = {0};
    /* Nice alone lets it finish its slice while one of ours that woke waits: 3 ms. */
    if (sched_setscheduler(0, SCHED_IDLE, &none) != 0) {
        (void)setpriority(PRIO_PROCESS, 0, NICE_LAST);
    }
    (void)syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_CLASS_IDLE << IOPRIO_CLASS_SHIFT);
}
