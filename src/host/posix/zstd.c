/* SPDX-License-Identifier: Apache-2.0 */
#include "host/zstd.h"

#include <stdlib.h>
#include <zstd.h>

#define WINDOW_LOG_MOST 27 /* 128 MiB: what the zstd tool itself reads without being asked */

struct host_unzstd {
    ZSTD_DCtx *context;
};

struct host_zstd {
    ZSTD_CCtx *context;
    int level;
};

enum status host_unzstd_open(struct host_unzstd **out_unzstd)
{
    struct host_unzstd *unzstd = calloc(1, sizeof *unzstd);
    if (unzstd == NULL) {
        return STATUS_NO_MEMORY;
    }
    unzstd->context = ZSTD_createDCtx();
    if (unzstd->context == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(
                                       unzstd->context, ZSTD_d_windowLogMax, WINDOW_LOG_MOST))) {
        host_unzstd_close(unzstd);
        return STATUS_NO_MEMORY;
    }
    *out_unzstd = unzstd;
    return STATUS_OK;
}

enum status host_unzstd_frame(struct host_unzstd *unzstd, const void *packed, size_t packed_count,
                              void *out_bytes, size_t count)
{
    size_t given = ZSTD_decompressDCtx(unzstd->context, out_bytes, count, packed, packed_count);
    return !ZSTD_isError(given) && given == count ? STATUS_OK : STATUS_DAMAGED;
}

enum status host_unzstd_step(struct host_unzstd *unzstd, struct host_unzstd_step *step)
{
    ZSTD_inBuffer in = {step->packed, step->packed_count, 0};
    ZSTD_outBuffer out = {step->bytes, step->capacity, 0};
    size_t result = ZSTD_decompressStream(unzstd->context, &out, &in);
    step->packed_used = in.pos;
    step->count = out.pos;
    if (ZSTD_isError(result)) {
        step->reason = ZSTD_getErrorName(result);
        return STATUS_DAMAGED;
    }
    step->inside = result != 0;
    return STATUS_OK;
}

void host_unzstd_close(struct host_unzstd *unzstd)
{
    if (unzstd != NULL) {
        ZSTD_freeDCtx(unzstd->context);
        free(unzstd);
    }
}

size_t host_zstd_most(size_t count)
{
    return ZSTD_compressBound(count);
}

enum status host_zstd_open(int level, struct host_zstd **out_zstd)
{
    struct host_zstd *zstd = calloc(1, sizeof *zstd);
    if (zstd == NULL) {
        return STATUS_NO_MEMORY;
    }
    zstd->level = level;
    zstd->context = ZSTD_createCCtx();
    if (zstd->context == NULL) {
        free(zstd);
        return STATUS_NO_MEMORY;
    }
    *out_zstd = zstd;
    return STATUS_OK;
}

enum status host_zstd_frame(struct host_zstd *zstd, const void *bytes, size_t count,
                            void *out_packed, size_t capacity, size_t *out_count)
{
    size_t given =
        ZSTD_compressCCtx(zstd->context, out_packed, capacity, bytes, count, zstd->level);
    if (ZSTD_isError(given)) {
        return STATUS_NO_MEMORY;
    }
    *out_count = given;
    return STATUS_OK;
}

void host_zstd_close(struct host_zstd *zstd)
{
    if (zstd != NULL) {
        ZSTD_freeCCtx(zstd->context);
        free(zstd);
    }
}
