/* SPDX-License-Identifier: Apache-2.0 */
#include "doors/power_disk.h"

#include "base/assert.h"
#include "doors/power_server.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BLOCK_BYTES   4096u
#define LOOP_TRIES    20
#define UNMOUNT_TRIES 200 /* a tick each */
#define TICK_MS       50
#define FILE_SYSTEM   "ext4"

static bool said(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    return false;
}

int power_program(const char *const *arguments)
{
    pid_t process = fork();
    if (process == 0) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (nothing < 0 || dup2(nothing, STDOUT_FILENO) < 0 || dup2(nothing, STDERR_FILENO) < 0) {
            _exit(126);
        }
        char *vector[16] = {0};
        for (size_t i = 0; i < ARRAY_COUNT(vector) - 1 && arguments[i] != NULL; i++) {
            memcpy(&vector[i], &arguments[i], sizeof arguments[i]);
        }
        execvp(vector[0], vector);
        _exit(127);
    }
    int how = 0;
    if (process < 0 || waitpid(process, &how, 0) != process || !WIFEXITED(how)) {
        return -1;
    }
    return WEXITSTATUS(how);
}

/* -- what it needs ------------------------------------------------------------------------- */

const char *power_disk_lacks(void)
{
    static const char *const make[] = {"mkfs.ext4", "-V", NULL};
    static const char *const check[] = {"e2fsck", "-V", NULL};
    if (geteuid() != 0) {
        return "root, to mount file systems";
    }
    if (access("/dev/fuse", R_OK | W_OK) != 0) {
        return "/dev/fuse";
    }
    if (access("/dev/loop-control", R_OK | W_OK) != 0) {
        return "/dev/loop-control and loop devices";
    }
    if (power_program(make) != 0 || power_program(check) != 0) {
        return "mkfs.ext4 and e2fsck (e2fsprogs)";
    }
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        return "a mount namespace (CAP_SYS_ADMIN)";
    }
    return NULL;
}

/* -- loop devices and mounts --------------------------------------------------------------- */

/* A free loop device over `file`, that lets go of it when it is closed for the last time. */
static int loop_over(const char *file, char out_path[32])
{
    int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    int backing = open(file, O_RDWR | O_CLOEXEC);
    int device = -1;
    for (int i = 0; i < LOOP_TRIES && control >= 0 && backing >= 0 && device < 0; i++) {
        int number = ioctl(control, LOOP_CTL_GET_FREE);
        struct loop_config config = {.fd = (uint32_t)backing,
                                     .block_size = POWER_SECTOR,
                                     .info = {.lo_flags = LO_FLAGS_AUTOCLEAR}};
        snprintf(out_path, 32, "/dev/loop%d", number);
        device = number < 0 ? -1 : open(out_path, O_RDWR | O_CLOEXEC);
        if (device >= 0 && ioctl(device, LOOP_CONFIGURE, &config) != 0) {
            close(device); /* somebody else was faster */
            device = -1;
        }
    }
    if (device < 0) {
        (void)said("a loop device");
    }
    close(backing);
    close(control);
    return device;
}

bool power_image_mount(const char *path, const char *where)
{
    char device_path[32];
    int device = loop_over(path, device_path);
    if (device < 0) {
        return false;
    }
    bool mounted = mount(device_path, where, FILE_SYSTEM, MS_NOATIME, NULL) == 0;
    if (!mounted) {
        (void)said(where);
    }
    close(device); /* the mount holds it now */
    return mounted;
}

bool power_unmount(const char *where)
{
    for (int i = 0; i < UNMOUNT_TRIES; i++) {
        if (umount2(where, 0) == 0) {
            return true;
        }
        if (errno != EBUSY) {
            break;
        }
        (void)poll(NULL, 0, TICK_MS);
    }
    return said(where);
}

/* -- the disk ------------------------------------------------------------------------------ */

static bool make_file_system(struct power_disk *disk)
{
    char path[POWER_WHERE_BYTES];
    snprintf(path, sizeof path, "%s/empty", disk->directory);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, (off_t)POWER_DISK_BYTES) != 0) {
        return said(path);
    }
    const char *const make[] = {
        "mkfs.ext4", "-q",   "-F",
        "-b",        "4096", "-J",
        "size=8",    "-E",   "lazy_itable_init=0,lazy_journal_init=0,nodiscard",
        path,        NULL};
    bool made = power_program(make) == 0;
    for (uint64_t at = 0; made && at < POWER_DISK_BYTES;) {
        ssize_t got = pread(file, disk->durable + at, POWER_DISK_BYTES - at, (off_t)at);
        made = got > 0;
        at += made ? (uint64_t)got : 0;
    }
    close(file);
    (void)unlink(path);
    return made || said("mkfs.ext4");
}

static void *shared_memory(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ASSERT(memory != MAP_FAILED);
    return memory;
}

bool power_disk_open(struct power_disk *disk, const char *directory, uint64_t seed)
{
    *disk = (struct power_disk){.seed = seed};
    snprintf(disk->directory, sizeof disk->directory, "%s", directory);
    snprintf(disk->file, sizeof disk->file, "%s/device", directory);
    snprintf(disk->where, sizeof disk->where, "%s/disk", directory);
    disk->shared = shared_memory(sizeof *disk->shared);
    disk->durable = shared_memory(POWER_DISK_BYTES);
    disk->cached = shared_memory(POWER_DISK_BYTES);
    int file = open(disk->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600); /* what is mounted upon */
    if (file < 0 || (mkdir(disk->where, 0700) != 0 && errno != EEXIST)) {
        return said(disk->file);
    }
    close(file);
    return make_file_system(disk);
}

static bool start_server(struct power_disk *disk)
{
    char options[96];
    int channel = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (channel < 0) {
        return said("/dev/fuse");
    }
    disk->server = fork();
    if (disk->server == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        power_serve(disk, channel);
    }
    snprintf(options, sizeof options, "fd=%d,rootmode=%o,user_id=0,group_id=0", channel,
             (unsigned)(S_IFREG | 0600));
    bool mounted = mount("dojima", disk->file, "fuse", MS_NOSUID | MS_NODEV, options) == 0;
    if (!mounted) {
        (void)said("mount of fuse");
    }
    close(channel); /* the process alone keeps the connection alive */
    return mounted && disk->server > 0;
}

bool power_disk_start(struct power_disk *disk)
{
    disk->shared->cut_at = 0;
    disk->shared->dark = false;
    return start_server(disk) && power_image_mount(disk->file, disk->where);
}

void power_disk_cut_after(struct power_disk *disk, uint64_t count)
{
    disk->shared->cut_at = disk->shared->requests + count;
}

bool power_disk_is_dark(const struct power_disk *disk)
{
    return disk->shared->dark;
}

static void kill_server(struct power_disk *disk)
{
    if (disk->server > 0) {
        (void)kill(disk->server, SIGKILL);
        (void)waitpid(disk->server, NULL, 0);
        disk->server = 0;
    }
}

bool power_disk_end(struct power_disk *disk)
{
    bool dark = disk->shared->dark;
    if (dark) {
        disk->losses++;
        kill_server(disk);
    }
    bool ended = power_unmount(disk->where);
    ended = power_unmount(disk->file) && ended;
    kill_server(disk);
    return ended;
}

void power_disk_count(const struct power_disk *disk, struct power_counts *out_counts)
{
    *out_counts = (struct power_counts){.writes = disk->shared->writes,
                                        .flushes = disk->shared->flushes,
                                        .fate = (enum power_fate)disk->shared->fate,
                                        .pending = disk->shared->pending_bytes};
}

bool power_disk_copy(const struct power_disk *disk, const char *path)
{
    static const uint8_t zeros[BLOCK_BYTES];
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool written = file >= 0 && ftruncate(file, (off_t)POWER_DISK_BYTES) == 0;
    for (uint64_t at = 0; written && at < POWER_DISK_BYTES; at += BLOCK_BYTES) {
        const uint8_t *block = disk->durable + at;
        if (memcmp(block, zeros, BLOCK_BYTES) != 0) {
            written = pwrite(file, block, BLOCK_BYTES, (off_t)at) == (ssize_t)BLOCK_BYTES;
        }
    }
    if (file >= 0) {
        close(file);
    }
    return written || said(path);
}

void power_disk_close(struct power_disk *disk)
{
    kill_server(disk);
    (void)umount2(disk->where, MNT_DETACH);
    (void)umount2(disk->file, MNT_DETACH);
    (void)munmap(disk->shared, sizeof *disk->shared);
    (void)munmap(disk->durable, POWER_DISK_BYTES);
    (void)munmap(disk->cached, POWER_DISK_BYTES);
}
