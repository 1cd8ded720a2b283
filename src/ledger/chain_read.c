/* The reading and checking half of chain.h. */
#include "base/error.h"
#include "base/time_text.h"
#include "ledger/chain.h"
#include "ledger/jsonl.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_day(const char *name, const char *suffix)
{
    char day[DAY_TEXT] = "";
    int64_t start_us;
    if (strlen(name) != 10 + strlen(suffix) || strcmp(name + 10, suffix) != 0)
        return false;
    g_strlcpy(day, name, 11);
    return day_parse(day, &start_us);
}

GPtrArray *day_names(const char *folder, const char *suffix, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &trouble);
    if (!dir && g_error_matches(trouble, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return g_steal_pointer(&names);
    if (!dir) {
        err_set(error, ERR_IO, "cannot list %s: %s", folder, trouble->message);
        return NULL;
    }
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (is_day(name, suffix))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return g_steal_pointer(&names);
}

/* The files of a chain, oldest first: the one, or the days'. */
static GPtrArray *chain_files(const char *path, GError **error)
{
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            g_ptr_array_add(files, g_strdup(path));
        return g_steal_pointer(&files);
    }
    g_autoptr(GPtrArray) days = day_names(path, ".jsonl", error);
    if (!days)
        return NULL;
    for (size_t i = 0; i < days->len; i++)
        g_ptr_array_add(files, g_build_filename(path, g_ptr_array_index(days, i), NULL));
    return g_steal_pointer(&files);
}

/* Number of a file's first line, 0 when it has none. */
static int64_t first_seq(const char *path)
{
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, NULL);
    const char *text;
    size_t size;
    LineHead head;
    if (!reader || jsonl_next(reader, &text, &size, NULL) <= 0 ||
        !line_read_head(text, size, &head))
        return 0;
    return head.seq;
}

/* The file to begin with: the newest one whose first line is not after `from_seq`. */
static size_t first_file(const GPtrArray *files, int64_t from_seq)
{
    for (size_t i = files->len; i > 1; i--) {
        int64_t seq = first_seq(g_ptr_array_index(files, i - 1));
        if (seq > 0 && seq <= from_seq)
            return i - 1;
    }
    return 0;
}

/* 1: go on; 0: the visitor has had enough; -1: error. `unreadable`: counts lines that cannot be
 * read, or NULL: they are an error. */
static int file_each(const char *path, int64_t from_seq, ChainVisit visit, void *data,
                     unsigned *unreadable, GError **error)
{
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, error);
    if (!reader)
        return -1;
    ChainLine line = {.path = path};
    int got;
    while ((got = jsonl_next(reader, &line.text, &line.size, error)) > 0) {
        line.number = jsonl_reader_number(reader);
        bool readable = line_read_head(line.text, line.size, &line.head);
        if (!readable && !unreadable) {
            err_set(error, ERR_CORRUPT, "%s: line %u cannot be read", path, line.number);
            return -1;
        }
        if (!readable) {
            ++*unreadable;
            continue;
        }
        if (line.head.seq >= from_seq && !visit(data, &line))
            return 0;
    }
    return got < 0 ? -1 : 1;
}

static bool each(const char *path, int64_t from_seq, ChainVisit visit, void *data,
                 unsigned *unreadable, GError **error)
{
    g_autoptr(GPtrArray) files = chain_files(path, error);
    if (!files)
        return false;
    int going = 1;
    for (size_t i = first_file(files, from_seq); i < files->len && going > 0; i++)
        going = file_each(g_ptr_array_index(files, i), from_seq, visit, data, unreadable, error);
    return going >= 0;
}

bool chain_each(const char *path, int64_t from_seq, ChainVisit visit, void *data, GError **error)
{
    return each(path, from_seq, visit, data, NULL, error);
}

int chain_each_readable(const char *path, int64_t from_seq, ChainVisit visit, void *data,
                        GError **error)
{
    unsigned unreadable = 0;
    return each(path, from_seq, visit, data, &unreadable, error) ? (int)unreadable : -1;
}

char *line_signature_fault(const LineHead *head, const char *text, const KeyRing *ring,
                           int *key_index)
{
    *key_index = key_ring_find(ring, head->seal.key);
    if (*key_index < 0)
        return g_strdup_printf("is signed by key %s, which is not among the node's keys",
                               head->seal.key);
    if (!signature_holds(key_ring_key(ring, (size_t)*key_index), text, head->seal.signed_bytes,
                         head->seal.signature)) {
        *key_index = -1;
        return g_strdup("was changed: its signature does not hold");
    }
    return NULL;
}

char *chain_link_fault(ChainLink *link, const LineHead *head, int key_index)
{
    const ChainLink before = *link;
    link->seq = head->seq;
    link->hash = head->seal.hash;
    link->key_index = MAX(before.key_index, key_index);
    if (head->seq != before.seq + 1)
        return g_strdup_printf("has number %" PRId64 " where %" PRId64
                               " must come: lines are missing, doubled or moved",
                               head->seq, before.seq + 1);
    if (!hash_equal(&head->prev, &before.hash))
        return g_strdup("does not continue the line before, which was changed or replaced");
    if (key_index >= 0 && key_index < before.key_index)
        return g_strdup("is signed by a key that had been replaced by then");
    return NULL;
}

int line_read_last(const char *path, LineHead *head, unsigned *damaged, GError **error)
{
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return 0;
    g_autoptr(JsonlReader) reader = jsonl_reader_open_back(path, error);
    const char *text;
    size_t size;
    int got = reader ? 1 : -1;
    while (got > 0 && (got = jsonl_next(reader, &text, &size, error)) > 0) {
        if (line_read_head(text, size, head))
            return 1;
        if (damaged)
            (*damaged)++;
    }
    return got;
}

typedef struct Check {
    const KeyRing *ring;
    ChainVisit visit;
    ChainFault fault;
    void *data;
    ChainLink link;
    ChainLine line;
    unsigned faults;
} Check;

/* `what` may be NULL: no fault. */
static void tell(Check *check, const char *what)
{
    if (!what)
        return;
    check->fault(check->data, check->line.path, check->line.number, what);
    check->faults++;
}

static void line_check(Check *check)
{
    ChainLine *line = &check->line;
    if (!line_read_head(line->text, line->size, &line->head)) {
        tell(check, "cannot be read");
        return;
    }
    if (check->visit)
        check->visit(check->data, line);
    int key_index = -1;
    g_autofree char *forged =
        check->ring ? line_signature_fault(&line->head, line->text, check->ring, &key_index) : NULL;
    g_autofree char *loose = chain_link_fault(&check->link, &line->head, key_index);
    tell(check, forged);
    tell(check, loose);
}

static void file_check(Check *check, const char *path)
{
    g_autoptr(GError) trouble = NULL;
    check->line = (ChainLine){.path = path};
    g_autoptr(JsonlReader) reader = jsonl_reader_open(path, &trouble);
    int got = reader ? 1 : -1;
    while (got > 0 &&
           (got = jsonl_next(reader, &check->line.text, &check->line.size, &trouble)) > 0) {
        check->line.number = jsonl_reader_number(reader);
        line_check(check);
    }
    if (got < 0) {
        check->fault(check->data, path, 0, trouble->message);
        check->faults++;
    }
}

unsigned chain_check(const char *path, const KeyRing *ring, ChainVisit visit, ChainFault fault,
                     void *data)
{
    Check check = {.ring = ring, .visit = visit, .fault = fault, .data = data};
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GPtrArray) files = chain_files(path, &trouble);
    if (!files) {
        fault(data, path, 0, trouble ? trouble->message : "cannot be listed");
        return 1;
    }
    for (size_t i = 0; i < files->len; i++)
        file_check(&check, g_ptr_array_index(files, i));
    return check.faults;
}
