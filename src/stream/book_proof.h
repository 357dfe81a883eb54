/* SPDX-License-Identifier: Apache-2.0
 *
 * The L3 proof: one number for the whole visible book of a public stream, every order of it, its
 * place in the queue, price and quantity. Two who kept the same book up to the same public number
 * have the same hash; who missed or doubled an entry has another one. It is the wrapping sum, over
 * all visible orders, of a mix of order reference, side, price and quantity, so it is kept up to
 * date with a few instructions an entry, and a reader that keeps books of another shape adds up the
 * same number (book_proof_order). Rule and vectors: docs/reference/book-proof.md. Not for
 * tampering.
 *
 * Owner: who follows a public stream. Threads: one. Memory: grows with the visible orders.
 * Errors: INVALID: an entry that does not fit the book or is not the next one, nothing was changed;
 * NO_MEMORY. Order of calls: book_proof_open; book_proof_apply for each public entry from number 1
 * on, in order; queries between; book_proof_close.
 */
#ifndef DOJIMA_STREAM_BOOK_PROOF_H
#define DOJIMA_STREAM_BOOK_PROOF_H

#include "base/hash.h"
#include "stream/stream.h"

/* What one visible order adds to the hash. `reference` is its present public order reference,
 * `quantity` what is visible of it now. */
static inline uint64_t book_proof_order(uint64_t reference, enum side side, struct price price,
                                        struct quantity quantity)
{
    uint64_t mixed = hash_mix64(reference);
    mixed = hash_mix64(mixed + (uint64_t)side);
    mixed = hash_mix64(mixed + (uint64_t)price.units);
    return hash_mix64(mixed + (uint64_t)quantity.lots);
}

struct book_proof;

MUST_USE enum status book_proof_open(uint64_t expected_orders, struct book_proof **out_proof);

/* The next entry of the public stream: RESTED, REDUCED, REMOVED and TRADE change the book, every
 * other one only the number. */
MUST_USE enum status book_proof_apply(struct book_proof *proof, const struct stream_entry *entry);

/* 0 = no order is visible (or, once in 2^64, not). */
uint64_t book_proof_hash(const struct book_proof *proof);

/* Public number of the last entry applied: the hash is valid there. */
uint64_t book_proof_number(const struct book_proof *proof);

/* Visible orders. */
uint64_t book_proof_count(const struct book_proof *proof);

/* Null is accepted. */
void book_proof_close(struct book_proof *proof);

#endif
