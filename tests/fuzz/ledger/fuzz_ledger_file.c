/* Bytes as a whole file of lines: read forward and backward, as a chain, as a list of keys. */
#include "base/log.h"
#include "fuzz/memory_file.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"
#include "ledger/keyring.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Lines of the file, -1 when it cannot be read to its end; `*sum` does not depend on their order.
 */
static int count_lines(JsonlReader *reader, size_t *sum)
{
    const char *line;
    size_t size;
    int lines = 0, step;
    while ((step = jsonl_next(reader, &line, &size, NULL)) == 1) {
        g_assert(line[size] == '\0' && !memchr(line, '\n', size));
        lines++;
        *sum += size;
    }
    return step < 0 ? -1 : lines;
}

static void check_both_ways(const char *path)
{
    g_autoptr(JsonlReader) forward = jsonl_reader_open(path, NULL);
    g_autoptr(JsonlReader) back = jsonl_reader_open_back(path, NULL);
    size_t forward_sum = 0, back_sum = 0;
    g_assert(forward && back);
    int lines = count_lines(forward, &forward_sum);
    g_assert(lines == count_lines(back, &back_sum));
    g_assert(lines < 0 || forward_sum == back_sum);
}

static bool visit(void *data, const ChainLine *line)
{
    g_assert(line->head.seal.signed_bytes < line->size);
    ++*(unsigned *)data;
    return true;
}

static void fault(void *data, const char *path, unsigned number, const char *what)
{
    g_assert(what && *what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    log_set_level(LOG_ERROR);
    const char *path = memory_file(data, size);
    check_both_ways(path);
    unsigned readable = 0, checked = 0, damaged = 0;
    LineHead head;
    chain_each_readable(path, 0, visit, &readable, NULL);
    g_autoptr(KeyRing) ring = key_ring_load(path, NULL);
    chain_check(path, ring, visit, fault, &checked);
    int last = line_read_last(path, &head, &damaged, NULL);
    g_assert(last != 1 || checked > 0);
    return 0;
}
