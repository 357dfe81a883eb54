/* SPDX-License-Identifier: Apache-2.0
 *
 * Goal: whenever the power goes, what a client was told of is in the log that is left, once, and
 * the venue goes on from there: nothing acknowledged is lost, nothing is doubled.
 *
 * Method: `dojima run` with its log on ext4 on a disk of ours (power_disk.h) under the load of
 * eight clients, half OUCH, half native. At a random write or flush, in a start too, the disk
 * answers no more; the venue is killed. The disk as it is left is copied, mounted elsewhere, e2fsck
 * looks at it; a venue recovers on the copy and stops, `log verify --full` reads it, and its events
 * are compared with what every client was told. Then the venue starts on the disk itself, the
 * clients log on again and go on, up to the next loss. At the end of a file system's life all is
 * compared once more, to the last number. --expect-loss: the venue
 * has a planted bug, and the run must see a loss.
 */
#include "doors/arguments.h"
#include "doors/dealer.h"
#include "doors/power_disk.h"
#include "doors/truth.h"
#include "doors/venue_process.h"

#include "base/assert.h"
#include "host/clock.h"

#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CLIENTS         8
#define IMAGES_A_SYSTEM 10u /* losses that one file system lives through */
#define SECOND_NS       INT64_C(1000000000)
#define PATIENCE_NS     (60 * SECOND_NS) /* for anything that is awaited */
#define LOAD_NS         (3 * SECOND_NS)  /* then the next request is the last */
#define REQUESTS_START  80               /* at the disk, in a start */
#define REQUESTS_LOAD   400
#define SKIPPED         77

struct arguments {
    const char *binary;
    uint64_t images;
    uint64_t seed;
    bool expect_loss;
};

struct totals {
    uint64_t images;
    uint64_t in_start;
    uint64_t fates[POWER_FATES];
    uint64_t pending;
    uint64_t requests;
    uint64_t told;
    uint64_t events;
    uint64_t fills;
    uint64_t writes;
    uint64_t flushes;
};

struct test {
    struct arguments arguments;
    struct power_disk disk;
    struct venue_process venue;
    struct venue_process_session sessions[CLIENTS];
    struct dojima_client *client;
    struct dealer dealers[CLIENTS];
    struct prng prng;
    char directory[64];
    char look[80];  /* the copy is mounted there */
    char image[80]; /* the copy */
    bool lost;      /* what was told is not there, or not once */
    bool refused;   /* a venue does not start on an image */
    struct totals totals;
};

static bool take_arguments(struct arguments *arguments, int argc, char **argv)
{
    *arguments = (struct arguments){.images = 3, .seed = 1};
    const struct argument known[] = {
        {.option = "--binary", .text = &arguments->binary},
        {.option = "--images", .number = &arguments->images},
        {.option = "--seed", .number = &arguments->seed},
        {.option = "--expect-loss", .flag = &arguments->expect_loss},
    };
    return arguments_take(known, ARRAY_COUNT(known), argc, argv) && arguments->binary != NULL &&
           arguments->images > 0;
}

/* -- clients ------------------------------------------------------------------------------- */

static void open_dealers(struct test *test)
{
    enum dojima_result result = dojima_client_open(&test->client);
    ASSERT(result == DOJIMA_OK);
    for (size_t i = 0; i < CLIENTS; i++) {
        bool native = i % 4 >= 2;
        const struct venue_process_gateway *gateway = &test->venue.gateways[0];
        struct dojima_session_options options = {
            .address = native ? gateway->native : gateway->ouch,
            .protocol = native ? DOJIMA_NATIVE : DOJIMA_OUCH,
            .username = test->sessions[i].name,
            .password = test->sessions[i].password,
            .next_number = 1,
            .plain = true,
            .reconnect_ms = 1,
        };
        dealer_open(&test->dealers[i], test->client, &options, prng_next(&test->prng));
        test->dealers[i].number = test->sessions[i].number;
    }
}

static size_t count_live(const struct test *test)
{
    size_t live = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        live += dojima_session_state(test->dealers[i].session) == DOJIMA_STATE_LIVE;
    }
    return live;
}

static uint64_t count_told(const struct test *test)
{
    uint64_t told = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        told += test->dealers[i].last_event;
    }
    return told;
}

/* False: a client was told what cannot be, such as the same number twice. */
static bool clients_are_well(struct test *test)
{
    for (size_t i = 0; i < CLIENTS; i++) {
        const struct dealer *dealer = &test->dealers[i];
        if (dealer->wrong[0] != '\0') {
            fprintf(stderr, "%s: %s\n", dealer->name, dealer->wrong);
            test->lost = true;
            return false;
        }
    }
    return true;
}

/* -- a life, up to the loss of power ------------------------------------------------------- */

/* The answers under way are heard too: they were given before. */
static bool hear_the_rest(struct test *test)
{
    int64_t until_ns = host_clock_monotonic_ns() + PATIENCE_NS;
    while (count_live(test) > 0) {
        dojima_client_tick(test->client, 1000000);
        if (host_clock_monotonic_ns() > until_ns) {
            fprintf(stderr, "a client holds on to a dead venue\n");
            return false;
        }
    }
    return clients_are_well(test);
}

/* Without waiting: it may hang in a call to the disk. */
static void kill_venue(const struct test *test)
{
    if (test->venue.engine > 0) {
        (void)kill(test->venue.engine, SIGKILL);
    }
}

static bool lose_power(struct test *test, bool was_live)
{
    struct power_counts counts;
    /* Killed before its calls fail: it never learns that they do. */
    kill_venue(test);
    bool ended = power_disk_end(&test->disk);
    venue_process_kill(&test->venue);
    power_disk_count(&test->disk, &counts);
    test->totals.images++;
    test->totals.in_start += !was_live;
    test->totals.fates[counts.fate]++;
    test->totals.pending += counts.pending > 0;
    return ended && hear_the_rest(test);
}

static bool live(struct test *test)
{
    bool early = prng_chance(&test->prng, 1, 4);
    bool was_live = false;
    int64_t begin_ns = host_clock_monotonic_ns();
    if (early) {
        power_disk_cut_after(&test->disk, 1 + prng_below(&test->prng, REQUESTS_START));
    }
    if (!venue_process_start(&test->venue)) {
        return false;
    }
    while (!power_disk_is_dark(&test->disk)) {
        int64_t now_ns = host_clock_monotonic_ns();
        dojima_client_tick(test->client, 1000000);
        for (size_t i = 0; i < CLIENTS; i++) {
            dealer_act(&test->dealers[i]);
        }
        if (!was_live && count_live(test) == CLIENTS) {
            was_live = true;
            begin_ns = now_ns;
            if (!early) {
                power_disk_cut_after(&test->disk, 1 + prng_below(&test->prng, REQUESTS_LOAD));
            }
        }
        if (was_live && now_ns - begin_ns > LOAD_NS) {
            power_disk_cut_after(&test->disk, 1);
        }
        if (now_ns - begin_ns > PATIENCE_NS || !clients_are_well(test) ||
            (!power_disk_is_dark(&test->disk) && !venue_process_lives(&test->venue))) {
            fprintf(stderr, "the venue does not come to its loss of power\n");
            return false;
        }
    }
    return lose_power(test, was_live);
}

/* -- the image ----------------------------------------------------------------------------- */

static bool program_says_well(const struct venue_process *venue, const char *const *arguments)
{
    pid_t process;
    char said[1024] = "";
    int input = venue_process_read(venue, arguments, &process);
    ssize_t got = input < 0 ? -1 : read(input, said, sizeof said - 1);
    int code = input < 0 ? -1 : venue_process_wait(process);
    close(input);
    if (code != 0) {
        fprintf(stderr, "%s %s: exit %d: %.*s\n", arguments[0], arguments[1], code,
                got < 0 ? 0 : (int)got, said);
    }
    return code == 0;
}

/* It says where it is open in its output. */
static bool recovers(struct test *test, struct venue_process *venue)
{
    char output[VENUE_PROCESS_PATH_BYTES + 16];
    struct stat before = {0};
    struct stat now;
    snprintf(output, sizeof output, "%s/engine.out", venue->directory);
    (void)stat(output, &before);
    int64_t until_ns = host_clock_monotonic_ns() + PATIENCE_NS;
    bool open = false;
    if (!venue_process_start(venue)) {
        return false;
    }
    int how;
    while (!open && waitpid(venue->engine, &how, WNOHANG) == 0 &&
           host_clock_monotonic_ns() < until_ns) {
        open = stat(output, &now) == 0 && now.st_size > before.st_size;
        (void)poll(NULL, 0, 5);
    }
    bool stopped = open && venue_process_stop(venue);
    test->refused = test->refused || !open;
    if (!stopped) {
        fprintf(stderr, "image %" PRIu64 ": the venue does not start or stop on it, see %s\n",
                test->totals.images, output);
    }
    venue_process_kill(venue);
    return stopped;
}

static bool compare(struct test *test, const struct venue_process *venue, bool to_the_end)
{
    struct truth truth;
    unsigned highest = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        highest = test->sessions[i].number > highest ? test->sessions[i].number : highest;
    }
    bool same = truth_read(&truth, venue, highest + 1);
    for (size_t i = 0; i < CLIENTS; i++) {
        const struct dealer *dealer = &test->dealers[i];
        same = (to_the_end ? truth_compare(&truth, dealer) : truth_holds(&truth, dealer)) && same;
    }
    test->totals.events += to_the_end ? truth.events : 0;
    truth_close(&truth);
    test->lost = test->lost || !same;
    return same;
}

static bool is_sound(const struct venue_process *venue)
{
    const char *const verify[] = {"log", "verify", "--full", venue->data, NULL};
    return program_says_well(venue, verify);
}

/* A venue on the copy; nobody trades there. */
static bool examine(struct test *test)
{
    const char *const check[] = {"e2fsck", "-f", "-n", test->image, NULL};
    struct venue_process venue = test->venue;
    venue.engine = 0;
    venue.gateway_count = 1; /* the engine alone, without doors */
    snprintf(venue.data, sizeof venue.data, "%s/data", test->look);
    if (!power_disk_copy(&test->disk, test->image) || !power_image_mount(test->image, test->look)) {
        return false;
    }
    bool well = recovers(test, &venue) && is_sound(&venue) && compare(test, &venue, false);
    well = power_unmount(test->look) && well;
    if (well && power_program(check) != 0) {
        fprintf(stderr, "e2fsck finds the copied file system damaged\n");
        well = false;
    }
    return well;
}

/* -- a file system's life ------------------------------------------------------------------ */

static bool is_settled(const struct dealer *dealer)
{
    return dojima_session_state(dealer->session) == DOJIMA_STATE_LIVE &&
           dojima_session_unanswered(dealer->session) == 0;
}

/* Everything is answered; then a question, twice, whose answer is behind what others did to us. */
static bool settle(struct test *test)
{
    int64_t until_ns = host_clock_monotonic_ns() + PATIENCE_NS;
    for (int round = 0; round < 3; round++) {
        size_t settled = 0;
        while (settled < CLIENTS) {
            settled = 0;
            dojima_client_tick(test->client, 1000000);
            for (size_t i = 0; i < CLIENTS; i++) {
                settled += is_settled(&test->dealers[i]);
            }
            if (!clients_are_well(test) || !venue_process_lives(&test->venue) ||
                host_clock_monotonic_ns() > until_ns) {
                fprintf(stderr, "the clients do not come to rest\n");
                return false;
            }
        }
        for (size_t i = 0; i < CLIENTS && round < 2; i++) {
            if (dojima_query(test->dealers[i].session) != DOJIMA_OK) {
                return false;
            }
        }
    }
    return true;
}

static bool nothing_undecided(const struct test *test)
{
    uint64_t undecided = 0;
    for (size_t i = 0; i < CLIENTS; i++) {
        const struct dealer *dealer = &test->dealers[i];
        for (uint32_t reference = 1; reference <= dealer->highest; reference++) {
            undecided += dealer_outcome(dealer, reference) == DEALER_SENT;
        }
    }
    if (undecided > 0) {
        fprintf(stderr, "%" PRIu64 " orders have no outcome\n", undecided);
    }
    return undecided == 0;
}

/* After the last loss: everybody comes to rest, and every number is compared. */
static bool end_well(struct test *test)
{
    if (!power_disk_start(&test->disk) || !venue_process_start(&test->venue) || !settle(test)) {
        return false;
    }
    bool stopped = venue_process_stop(&test->venue);
    if (!stopped) {
        fprintf(stderr, "the venue did not stop well\n");
    }
    bool well = stopped && is_sound(&test->venue) && compare(test, &test->venue, true) &&
                nothing_undecided(test);
    return power_disk_end(&test->disk) && well;
}

static void add_up(struct test *test)
{
    struct power_counts counts;
    power_disk_count(&test->disk, &counts);
    test->totals.writes += counts.writes;
    test->totals.flushes += counts.flushes;
    test->totals.told += count_told(test);
    for (size_t i = 0; i < CLIENTS; i++) {
        test->totals.requests += test->dealers[i].sent;
        test->totals.fills += test->dealers[i].fill_count;
    }
}

static bool lose_often(struct test *test, uint64_t losses)
{
    bool well = true;
    for (uint64_t i = 0; i < losses && well; i++) {
        well = (i == 0 || power_disk_start(&test->disk)) && live(test) && examine(test);
    }
    return well && end_well(test);
}

static bool one_system(struct test *test, uint64_t losses)
{
    static const char *const settings[] = {"snapshot.interval=1s", "snapshot.compact=true", NULL};
    test->venue = (struct venue_process){
        .binary = test->arguments.binary, .settings = settings, .data_above = test->disk.where};
    if (!power_disk_open(&test->disk, test->directory, prng_next(&test->prng) % 1000000) ||
        !power_disk_start(&test->disk) ||
        !venue_process_prepare(&test->venue, test->sessions, CLIENTS)) {
        return false;
    }
    test->venue.data_above = NULL;
    open_dealers(test);
    bool well = lose_often(test, losses);
    kill_venue(test);
    dojima_client_close(test->client);
    add_up(test);
    for (size_t i = 0; i < CLIENTS; i++) {
        dealer_close(&test->dealers[i]);
    }
    power_disk_close(&test->disk);
    venue_process_kill(&test->venue);
    if (well) {
        venue_process_remove(&test->venue);
    }
    return well;
}

static bool run(struct test *test)
{
    uint64_t left = test->arguments.images;
    bool well = true;
    while (left > 0 && well) {
        uint64_t losses = left < IMAGES_A_SYSTEM ? left : IMAGES_A_SYSTEM;
        well = one_system(test, losses);
        left -= losses;
    }
    const struct totals *totals = &test->totals;
    printf("%" PRIu64 " images (%" PRIu64 " in a start; %" PRIu64
           " with writes not flushed, %" PRIu64 " with all that was not flushed gone, %" PRIu64
           " with all of it, %" PRIu64 " with some writes, %" PRIu64 " in torn sectors): %" PRIu64
           " requests, %" PRIu64 " acknowledged, %" PRIu64 " events, %" PRIu64
           " fills told; at the disk %" PRIu64 " writes, %" PRIu64 " flushes\n",
           totals->images, totals->in_start, totals->pending, totals->fates[POWER_LOST],
           totals->fates[POWER_KEPT], totals->fates[POWER_SOME], totals->fates[POWER_TORN],
           totals->requests, totals->told, totals->events, totals->fills, totals->writes,
           totals->flushes);
    return well;
}

int main(int argc, char **argv)
{
    static struct test test;
    if (!take_arguments(&test.arguments, argc, argv)) {
        fprintf(stderr, "usage: power_cut --binary FILE [--images N] [--seed N] [--expect-loss]\n");
        return 2;
    }
    const char *lacking = power_disk_lacks();
    if (lacking != NULL) {
        printf("SKIPPED: losses of power need %s\n", lacking);
        return SKIPPED;
    }
    const char *above = getenv("TMPDIR");
    snprintf(test.directory, sizeof test.directory, "%.40s/dojima-power.XXXXXX",
             above == NULL ? "/tmp" : above);
    if (mkdtemp(test.directory) == NULL) {
        perror(test.directory);
        return 1;
    }
    snprintf(test.look, sizeof test.look, "%s/look", test.directory);
    snprintf(test.image, sizeof test.image, "%s/image", test.directory);
    ASSERT(mkdir(test.look, 0700) == 0);
    prng_init(&test.prng, test.arguments.seed);
    bool well = run(&test);
    if (test.arguments.expect_loss) {
        well = test.lost || test.refused;
        printf("%s\n", test.lost      ? "a loss was seen, as it must be"
                       : test.refused ? "a start was refused: what is missing was proven durable"
                                      : "no loss was seen");
    }
    if (!well) {
        fprintf(stderr, "seed %" PRIu64 "; the image is %s, what the venue wrote in %s\n",
                test.arguments.seed, test.image, test.venue.directory);
        return 1;
    }
    if (test.arguments.expect_loss) {
        venue_process_remove(&test.venue); /* kept by what was seen in it */
    }
    (void)unlink(test.image);
    (void)unlink(test.disk.file);
    (void)rmdir(test.look);
    (void)rmdir(test.disk.where);
    (void)rmdir(test.directory);
    printf("passed\n");
    return 0;
}
