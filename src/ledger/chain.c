/* The writing half of chain.h. */
#include "ledger/chain.h"

#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "base/time_text.h"
#include "ledger/jsonl.h"

#include <string.h>

typedef struct Waiting {
    char *type;
    char *fields;
    char day[DAY_TEXT]; /* of a daily chain */
} Waiting;

struct Chain {
    char *path;
    bool daily;
    const NodeKey *key;
    int64_t seq;
    Hash head;
    char newest_day[DAY_TEXT];
    GPtrArray *waiting;
    bool stale; /* a write failed: the file may hold more than we know */
};

static void waiting_free(void *data)
{
    Waiting *waiting = data;
    g_free(waiting->type);
    g_free(waiting->fields);
    g_free(waiting);
}

static char *day_path(const Chain *chain, const char *day)
{
    return g_strdup_printf("%s/%s.jsonl", chain->path, day);
}

int line_mend_last(const char *path, LineHead *head, GError **error)
{
    unsigned damaged = 0;
    if (!jsonl_repair(path, error))
        return -1;
    int got = line_read_last(path, head, &damaged, error);
    if (damaged > 0)
        log_error("ledger.damaged", "path=%s lines=%u advice=\"run vonglau verify\"", path,
                  damaged);
    return got;
}

/* 1 found, 0 no line in the file, -1 error. */
static int head_find(Chain *chain, const char *path, GError **error)
{
    LineHead head;
    int got = line_mend_last(path, &head, error);
    if (got > 0) {
        chain->seq = head.seq;
        chain->head = head.seal.hash;
    }
    return got;
}

static bool head_find_daily(Chain *chain, GError **error)
{
    g_autoptr(GPtrArray) days = day_names(chain->path, ".jsonl", error);
    if (!days)
        return false;
    int found = 0;
    for (size_t i = days->len; i > 0 && found == 0; i--) {
        const char *name = g_ptr_array_index(days, i - 1);
        g_autofree char *path = g_build_filename(chain->path, name, NULL);
        found = head_find(chain, path, error);
        if (found > 0)
            g_strlcpy(chain->newest_day, name, 11);
    }
    return found >= 0;
}

static bool chain_find_head(Chain *chain, GError **error)
{
    chain->seq = 0;
    chain->head = (Hash){0};
    bool found =
        chain->daily ? head_find_daily(chain, error) : head_find(chain, chain->path, error) >= 0;
    chain->stale = !found;
    return found;
}

static Chain *open_as(const char *path, bool daily, const NodeKey *key, GError **error)
{
    g_autoptr(Chain) chain = g_new0(Chain, 1);
    chain->path = g_strdup(path);
    chain->daily = daily;
    chain->key = key;
    chain->waiting = g_ptr_array_new_with_free_func(waiting_free);
    g_autofree char *folder = daily ? g_strdup(path) : g_path_get_dirname(path);
    if (!folder_make(folder, error) || !chain_find_head(chain, error))
        return NULL;
    return g_steal_pointer(&chain);
}

Chain *chain_open(const char *path, const NodeKey *key, GError **error)
{
    return open_as(path, false, key, error);
}

Chain *chain_open_daily(const char *folder, const NodeKey *key, GError **error)
{
    return open_as(folder, true, key, error);
}

void chain_close(Chain *chain)
{
    if (!chain)
        return;
    g_ptr_array_unref(chain->waiting);
    g_free(chain->path);
    g_free(chain);
}

bool chain_add(Chain *chain, const char *type, int64_t utc_us, const GString *fields,
               GError **error)
{
    if (fields->len > CHAIN_FIELDS_MOST_BYTES)
        return err_set(error, ERR_INVALID, "%zu bytes are too many for a line of %s", fields->len,
                       chain->path);
    Waiting *waiting = g_new0(Waiting, 1);
    waiting->type = g_strdup(type);
    waiting->fields = g_strdup(fields->str);
    day_text(utc_us, waiting->day);
    g_ptr_array_add(chain->waiting, waiting);
    return true;
}

unsigned chain_waiting(const Chain *chain)
{
    return chain->waiting->len;
}

/* A day's file ends when the next one begins, whatever the clock does. */
static const char *day_of(const Chain *chain, const Waiting *waiting)
{
    return strcmp(waiting->day, chain->newest_day) > 0 ? waiting->day : chain->newest_day;
}

/* Numbers and signs the waiting lines of one file; `*head` and the result's count are what the
 * chain becomes once they are written. */
static unsigned lines_make(const Chain *chain, const char *day, GString *lines, Hash *head)
{
    unsigned count = 0;
    *head = chain->head;
    for (; count < chain->waiting->len; count++) {
        const Waiting *waiting = g_ptr_array_index(chain->waiting, count);
        if (chain->daily && strcmp(waiting->day, day) > 0)
            break;
        g_autoptr(GString) line = line_new(waiting->type);
        line_put_int(line, "seq", chain->seq + 1 + count);
        g_string_append(line, waiting->fields);
        line_put_hash(line, "prev", head);
        *head = line_sign(line, chain->key);
        line_close(line);
        g_string_append_len(lines, line->str, (gssize)line->len);
    }
    return count;
}

/* Writes the waiting lines that go to the file of the first one. */
static bool write_first_file(Chain *chain, GError **error)
{
    char day[DAY_TEXT];
    g_strlcpy(day, day_of(chain, g_ptr_array_index(chain->waiting, 0)), sizeof day);
    g_autofree char *path = chain->daily ? day_path(chain, day) : g_strdup(chain->path);
    g_autoptr(GString) lines = g_string_new(NULL);
    Hash head;
    unsigned count = lines_make(chain, day, lines, &head);
    if (!jsonl_append(path, lines->str, lines->len, 0640, error)) {
        chain->stale = true;
        return false;
    }
    chain->seq += count;
    chain->head = head;
    g_strlcpy(chain->newest_day, day, sizeof chain->newest_day);
    g_ptr_array_remove_range(chain->waiting, 0, count);
    return true;
}

bool chain_sync(Chain *chain, GError **error)
{
    if (chain->stale && !chain_find_head(chain, error))
        return false;
    while (chain->waiting->len > 0)
        if (!write_first_file(chain, error))
            return false;
    return true;
}

bool chain_append(Chain *chain, const char *type, int64_t utc_us, const GString *fields,
                  GError **error)
{
    if (!chain_sync(chain, error) || !chain_add(chain, type, utc_us, fields, error))
        return false;
    if (chain_sync(chain, error))
        return true;
    g_ptr_array_set_size(chain->waiting, 0);
    return false;
}

int64_t chain_seq(const Chain *chain)
{
    return chain->seq;
}

Hash chain_head(const Chain *chain)
{
    return chain->head;
}
