/* SPDX-License-Identifier: Apache-2.0 */
#include "host/memory.h"

#include "base/bytes.h"

#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE_BYTES ((size_t)2 << 20)

enum status host_block_open(size_t bytes, bool touch, struct host_block *out_block)
{
    size_t count = bytes_align_up(bytes == 0 ? 1 : bytes, HUGE_PAGE_BYTES);
    /* Over-map by one huge page to be able to align, then give the ends back. */
    uint8_t *map = mmap(NULL, count + HUGE_PAGE_BYTES, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) {
        return STATUS_NO_MEMORY;
    }
    size_t before = bytes_align_up((uintptr_t)map, HUGE_PAGE_BYTES) - (uintptr_t)map;
    if (before > 0) {
        munmap(map, before);
    }
    if (before < HUGE_PAGE_BYTES) {
        munmap(map + before + count, HUGE_PAGE_BYTES - before);
    }
    /* Advice only: without huge pages everything works, slower. A small block is not worth one. */
    if (bytes >= HUGE_PAGE_BYTES) {
        (void)madvise(map + before, count, MADV_HUGEPAGE);
    }
    if (touch) {
        for (size_t at = 0; at < count; at += 4096) {
            *(volatile uint8_t *)(map + before + at) = 0;
        }
    }
    *out_block = (struct host_block){.bytes = map + before, .count = count};
    return STATUS_OK;
}

void host_block_close(struct host_block *block)
{
    if (block->bytes != NULL) {
        munmap(block->bytes, block->count);
    }
    *block = (struct host_block){0};
}

uint64_t host_memory_bytes(void)
{
    long pages = sysconf(_SC_PHYS_PAGES);
    long page_bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && page_bytes > 0 ? (uint64_t)pages * (uint64_t)page_bytes : 0;
}
