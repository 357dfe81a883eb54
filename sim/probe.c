/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/probe.h"

#include "apps/dojima/venue.h"
#include "base/assert.h"
#include "base/crc32c.h"
#include "journal/embedded/format.h"
#include "sim/seam.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LL(number)  ((unsigned long long)(number))
#define BATCHES_MAX 1024u

enum damage {
    DAMAGE_BIT = 0,
    DAMAGE_PLACE = 1,
    DAMAGE_RECORD = 2,
    DAMAGE_NOTE = 3,
    DAMAGE_COUNT = 4,
};

static const char *const damage_names[DAMAGE_COUNT] = {"a bit turned over", "a misplaced batch",
                                                       "a changed record", "a changed note"};

/* One segment file in memory, and the batches in it. */
struct patient {
    char path[HOST_PATH_BYTES_MAX];
    uint8_t *bytes;
    uint64_t count;
    uint64_t offsets[BATCHES_MAX];
    size_t batches;
    size_t used;     /* bytes up to the end of the last batch */
    uint64_t forged; /* first sequence of the batch whose note was changed */
};

struct choice {
    struct prng *prng;
    const char *directory;
    char path[HOST_PATH_BYTES_MAX];
    uint64_t seen;
};

/* Each name of a segment is chosen with the same chance. */
static bool on_name(void *context, const char *name)
{
    struct choice *choice = context;
    size_t length = strlen(name);
    bool segment = length == 16 && strcmp(name + 8, ".segment") == 0;
    if (segment && prng_below(choice->prng, ++choice->seen) == 0) {
        snprintf(choice->path, sizeof choice->path, "%s/%s", choice->directory, name);
    }
    return true;
}

static bool is_batch(const struct patient *patient, uint64_t offset, struct batch_header *header)
{
    return offset + FORMAT_PAGE_BYTES <= patient->count &&
           batch_header_decode(patient->bytes + offset, header) == STATUS_OK &&
           offset + batch_disk_bytes(header->records_bytes) <= patient->count;
}

static void find_batches(struct patient *patient)
{
    struct batch_header header;
    uint64_t offset = FORMAT_PAGE_BYTES;
    while (patient->batches < BATCHES_MAX && is_batch(patient, offset, &header)) {
        patient->offsets[patient->batches++] = offset;
        offset += batch_disk_bytes(header.records_bytes);
    }
    patient->used = (size_t)offset;
}

static bool load(struct sim_disk *disk, const char *directory, struct prng *prng,
                 struct patient *patient)
{
    struct choice choice = {.prng = prng, .directory = directory};
    struct host_disk *base = &disk->base;
    struct host_file *file;
    size_t got = 0;
    *patient = (struct patient){0};
    if (base->ops->list(base, directory, on_name, &choice) != STATUS_OK || choice.seen == 0 ||
        base->ops->open(base, choice.path, HOST_OPEN_READ, &file) != STATUS_OK) {
        return false;
    }
    memcpy(patient->path, choice.path, sizeof choice.path);
    ASSERT(file->ops->size(file, &patient->count) == STATUS_OK);
    patient->bytes = malloc((size_t)patient->count + 1);
    ASSERT(patient->bytes != NULL);
    ASSERT(file->ops->read_at(file, 0, patient->bytes, (size_t)patient->count, &got) == STATUS_OK);
    file->ops->close(file);
    find_batches(patient);
    return true;
}

/* A record's byte, or the note, with the checksums made right again. */
static bool forge(struct patient *patient, struct prng *prng, bool note)
{
    struct batch_header header;
    if (patient->batches == 0) {
        return false;
    }
    uint64_t offset = patient->offsets[prng_below(prng, patient->batches)];
    uint8_t *batch = patient->bytes + offset;
    ASSERT(batch_header_decode(batch, &header) == STATUS_OK);
    if (header.records_bytes == 0) {
        return false; /* a seal */
    }
    if (note) {
        header.note.running_hash ^= 1;
        patient->forged = header.first_sequence;
    } else {
        batch[FORMAT_BATCH_HEADER_BYTES + header.records_bytes - 1 -
              prng_below(prng, FORMAT_FRAME_BYTES_MIN / 2)] ^= 1;
        header.body_crc = crc32c(0, batch + FORMAT_BATCH_HEADER_BYTES, header.records_bytes);
    }
    batch_header_encode(&header, batch);
    return true;
}

static bool misplace(struct patient *patient, struct prng *prng)
{
    if (patient->batches < 3) {
        return false;
    }
    uint64_t from = patient->offsets[prng_below(prng, patient->batches)];
    uint64_t to = patient->offsets[prng_below(prng, patient->batches)];
    if (from == to) {
        return false;
    }
    memcpy(patient->bytes + to, patient->bytes + from, FORMAT_PAGE_BYTES);
    return true;
}

static bool hurt(struct patient *patient, struct prng *prng, enum damage damage)
{
    uint64_t bit;
    switch (damage) {
    case DAMAGE_BIT:
        bit = prng_below(prng, (uint64_t)patient->used * 8);
        patient->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        return true;
    case DAMAGE_PLACE:
        return misplace(patient, prng);
    case DAMAGE_RECORD:
        return forge(patient, prng, false);
    case DAMAGE_NOTE:
        return forge(patient, prng, true);
    case DAMAGE_COUNT:
        break;
    }
    return false;
}

/* What a log has cut, it must not have proven. */
static bool cut_is_lawful(const struct journal_report *report)
{
    return report->found != STATUS_TRUNCATED || report->bad_sequence > report->proven_sequence;
}

static void judge_start(const struct probe *probe, struct venue *venue, enum damage damage)
{
    const struct shard *shard = &venue->shard;
    if (!cut_is_lawful(&shard->commands_report) || !cut_is_lawful(&shard->events_report)) {
        sim_find(probe->findings, "probe", "%s: what was proven durable was cut",
                 damage_names[damage]);
        return;
    }
    if (shard->commands_report.found == STATUS_TRUNCATED) {
        return; /* a loss that is named; what was shown may be in it */
    }
    struct finding_log found = {0};
    struct observer observer = *probe->observer;
    observer.findings = &found;
    /* What a snapshot stands for is not read at the start: damage there is told by the reading, and
     * verify has found it. */
    observer.may_be_damaged = shard->base.commands.sequence != 0;
    observer_compare(&observer, shard->events, shard->genesis.shard);
    if (sim_found(&found)) {
        sim_find(probe->findings, "probe", "%s: the venue started and said nothing; %s",
                 damage_names[damage], found.detail);
    }
}

/* What is cut is not believed: the padding behind the changed batch may be torn. */
static bool note_is_cut(const struct journal_report *report, uint64_t forged)
{
    return report->found == STATUS_TRUNCATED && report->bad_sequence <= forged;
}

static void start(const struct probe *probe, struct sim_disk *copy, enum damage damage,
                  uint64_t forged)
{
    static struct venue venue;
    sim_seam_use_disk(copy);
    if (venue_open(&venue, probe->setup->config, probe->setup->identity) == STATUS_OK) {
        judge_start(probe, &venue, damage);
        /* What stands before a snapshot is not computed again. */
        bool computed = venue.shard.base.commands.sequence == 0 &&
                        !note_is_cut(&venue.shard.events_report, forged);
        if (damage == DAMAGE_NOTE && computed && !sim_found(probe->findings)) {
            sim_find(probe->findings, "probe", "another event hash was believed");
        }
        enum status closed = venue_close(&venue, false);
        (void)closed; /* it is a copy */
    } else if (venue.reason[0] == '\0') {
        sim_find(probe->findings, "probe", "a start was refused without a word");
    }
}

static void verify(const struct probe *probe, struct sim_disk *copy, const char *directory,
                   enum damage damage)
{
    struct journal_report report;
    if (journal_embedded_verify(&copy->base, directory, 0, &report) == STATUS_OK) {
        sim_find(probe->findings, "probe", "%s in %s: verify finds nothing wrong",
                 damage_names[damage], directory);
    }
}

bool probe_disk(const struct probe *probe)
{
    enum damage damage = (enum damage)prng_below(probe->prng, DAMAGE_COUNT);
    bool events = damage == DAMAGE_NOTE || prng_chance(probe->prng, 1, 3);
    const char *directory = events ? SETUP_DATA "/events" : SETUP_DATA "/commands";
    struct sim_disk copy;
    struct patient patient;
    sim_disk_init(&copy, prng_next(probe->prng));
    sim_disk_copy(probe->disk, &copy);
    bool done = load(&copy, directory, probe->prng, &patient) && patient.used > 0 &&
                hurt(&patient, probe->prng, damage);
    if (done) {
        ASSERT(sim_disk_put(&copy, patient.path, patient.bytes, (size_t)patient.count) ==
               STATUS_OK);
        verify(probe, &copy, directory, damage);
        if (damage !=
            DAMAGE_RECORD) { /* that is the chain's to find, which a start does not read */
            start(probe, &copy, damage, patient.forged);
        }
    }
    free(patient.bytes);
    sim_disk_deinit(&copy);
    return done;
}
