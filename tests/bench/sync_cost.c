/* tests/bench/sync_cost.c — what the disk alone costs: one block written and synced, again and
 * again.
 *
 * usage: sync_cost FILE ROUNDS      prints JSON: microseconds (median) for a file that grows and
 * for one whose blocks are written again, as a write-ahead log does after its first round. */
#include "base/memory.h"
#include "base/wallclock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_BYTES = 4096 };

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Median of `rounds` writes, one behind the other from the start of the file. */
static int64_t median_us(int fd, size_t rounds)
{
    char block[BLOCK_BYTES];
    int64_t *took = mem_array(rounds, sizeof *took);
    memset(block, 'x', sizeof block);
    for (size_t i = 0; i < rounds; i++) {
        int64_t start = monotonic_us();
        if (pwrite(fd, block, sizeof block, (off_t)(i * sizeof block)) != BLOCK_BYTES ||
            fdatasync(fd) != 0) {
            perror("sync_cost");
            exit(1);
        }
        took[i] = monotonic_us() - start;
    }
    qsort(took, rounds, sizeof *took, by_size);
    int64_t median = took[rounds / 2];
    mem_free(took);
    return median;
}

int main(int argc, char **argv)
{
    if (argc != 3 || atoi(argv[2]) < 1) {
        fprintf(stderr, "usage: sync_cost FILE ROUNDS\n");
        return 64;
    }
    int fd = open(argv[1], O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0) {
        perror(argv[1]);
        return 1;
    }
    size_t rounds = (size_t)atoi(argv[2]);
    int64_t growing = median_us(fd, rounds), again = median_us(fd, rounds);
    printf("{\"growing_us\":%lld,\"again_us\":%lld}\n", (long long)growing, (long long)again);
    close(fd);
    return 0;
}
