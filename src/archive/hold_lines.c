/* Holds as they are set, counted and ended: lines of DATA/ledger/holds.jsonl. */
#include "archive/retention.h"
#include "archive/store.h"
#include "base/clock.h"
#include "catalog/segments.h"
#include "ledger/chain.h"

#include <string.h>

#define LAPSED "lapsed"

/* Within a turn. Returned owned. */
static Chain *open_lines(const Archive *archive, GError **error)
{
    g_autofree char *path = g_build_filename(archive->data_path, "ledger", "holds.jsonl", NULL);
    return chain_open(path, archive->key, error);
}

static bool add_hold(Chain *chain, const Uuid *id, const char *basis, const Uuid *object,
                     int64_t until_us, const ArchiveHold *hold, GError **error)
{
    int64_t now_us = clock_now_us();
    g_autoptr(GString) fields = g_string_new(NULL);
    line_put_int(fields, "utc", now_us);
    line_put_uuid(fields, "id", id);
    line_put_uuid(fields, "camera", &hold->camera);
    line_put_int(fields, "from_us", hold->from_us);
    line_put_int(fields, "to_us", hold->to_us);
    if (until_us < INT64_MAX)
        line_put_int(fields, "until_us", until_us);
    line_put_text(fields, "basis", basis);
    line_put_uuid(fields, "object", object);
    return chain_add(chain, "hold", now_us, fields, error);
}

bool archive_hold(Archive *archive, const Uuid *id, const char *basis, const Uuid *object,
                  int64_t until_us, const ArchiveHold *holds, size_t count, GError **error)
{
    turn_begin(&archive->holding);
    g_autoptr(Chain) chain = open_lines(archive, error);
    bool added = chain != NULL;
    for (size_t i = 0; i < count && added; i++)
        added = add_hold(chain, id, basis, object, until_us, &holds[i], error);
    bool set = added && chain_sync(chain, error);
    if (set)
        atomic_fetch_add(&archive->holds_turn, 1);
    turn_end(&archive->holding);
    return set;
}

bool archive_release(Archive *archive, const Uuid *id, const char *reason, const Uuid *asked_by,
                     const Uuid *released_by, GError **error)
{
    int64_t now_us = clock_now_us();
    g_autoptr(GString) fields = g_string_new(NULL);
    line_put_int(fields, "utc", now_us);
    line_put_uuid(fields, "id", id);
    line_put_text(fields, "reason", reason);
    line_put_uuid(fields, "asked_by", asked_by);
    line_put_uuid(fields, "released_by", released_by);
    turn_begin(&archive->holding);
    g_autoptr(Chain) chain = open_lines(archive, error);
    bool released =
        chain && chain_add(chain, "release", now_us, fields, error) && chain_sync(chain, error);
    turn_end(&archive->holding);
    return released;
}

/* The ids of those that are over by `now_us`, each once; borrowed of `holds` (NULL: none). */
static GHashTable *lapsed(const GArray *holds, int64_t now_us)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; holds && i < holds->len; i++) {
        Hold *hold = &g_array_index(holds, Hold, i);
        if (hold->until_us <= now_us)
            g_hash_table_add(ids, hold->id);
    }
    return ids;
}

static bool add_release(Chain *chain, const char *id, int64_t now_us, GError **error)
{
    g_autoptr(GString) fields = g_string_new(NULL);
    line_put_int(fields, "utc", now_us);
    line_put_text(fields, "id", id);
    line_put_text(fields, "reason", LAPSED);
    return chain_add(chain, "release", now_us, fields, error);
}

bool archive_end_lapsed_holds(Archive *archive, GError **error)
{
    int64_t now_us = due_time_of_holds_us(archive->due);
    turn_begin(&archive->holding);
    g_autoptr(GArray) holds = holds_load(archive->data_path, 0, error);
    g_autoptr(GHashTable) over = lapsed(holds, now_us);
    bool any = g_hash_table_size(over) > 0;
    g_autoptr(Chain) chain = any ? open_lines(archive, error) : NULL;
    bool added = chain != NULL;
    GHashTableIter iter;
    void *id;
    g_hash_table_iter_init(&iter, over);
    while (added && g_hash_table_iter_next(&iter, &id, NULL))
        added = add_release(chain, id, now_us, error);
    bool ended = holds && (!any || (added && chain_sync(chain, error)));
    turn_end(&archive->holding);
    return ended;
}

int64_t archive_due_us(Archive *archive)
{
    return due_time_us(archive->due);
}

/* ---- how much is held ---- */

typedef struct HeldFiles {
    CatalogDb *db;
    GHashTable *seen; /* "CAMERA FILE", owned */
    int64_t bytes[VOLUMES_MOST];
} HeldFiles;

static void count_file(const Archive *archive, HeldFiles *files, const SegmentRow *row)
{
    char camera[UUID_TEXT];
    if (!g_hash_table_add(files->seen,
                          g_strdup_printf("%s %s", uuid_text(&row->camera, camera), row->file)))
        return;
    for (unsigned i = 0; i < archive->store_count; i++)
        if (uuid_equal(&archive->stores[i]->volume.id, &row->volume))
            files->bytes[i] += row->bytes;
}

static bool count_hold(const Archive *archive, HeldFiles *files, const ArchiveHold *hold,
                       GError **error)
{
    for (int kind = 0; kind < STREAM_KINDS; kind++) {
        g_autoptr(GPtrArray) rows = segments_in(files->db, &hold->camera, (StreamKind)kind,
                                                hold->from_us, hold->to_us, 0, error);
        if (!rows)
            return false;
        for (guint i = 0; i < rows->len; i++)
            count_file(archive, files, rows->pdata[i]);
    }
    return true;
}

static int by_camera_and_begin(const void *a, const void *b)
{
    const ArchiveHold *left = a, *right = b;
    int order = memcmp(&left->camera, &right->camera, sizeof left->camera);
    return order ? order : (left->from_us > right->from_us) - (left->from_us < right->from_us);
}

/* What holds on `basis` hold, and `holds` besides: ArchiveHold, none of which overlap. Returned
 * owned; NULL: there are as many holds as may be. */
static GArray *spans_held(const GArray *set, const char *basis, const ArchiveHold *holds,
                          size_t count)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(ArchiveHold));
    for (guint i = 0; i < set->len; i++) {
        const Hold *one = &g_array_index(set, Hold, i);
        const ArchiveHold hold = {one->camera, one->from_us, one->to_us};
        if (strcmp(one->basis, basis) == 0)
            g_array_append_val(all, hold);
    }
    if (all->len >= HOLDS_OF_BASIS_MOST)
        return NULL;
    g_array_append_vals(all, holds, (guint)count);
    g_array_sort(all, by_camera_and_begin);
    guint kept = 0;
    for (guint i = 0; i < all->len; i++) {
        const ArchiveHold next = g_array_index(all, ArchiveHold, i);
        ArchiveHold *last = kept > 0 ? &g_array_index(all, ArchiveHold, kept - 1) : NULL;
        if (last && uuid_equal(&last->camera, &next.camera) && next.from_us <= last->to_us)
            last->to_us = MAX(last->to_us, next.to_us);
        else
            g_array_index(all, ArchiveHold, kept++) = next;
    }
    g_array_set_size(all, kept);
    return g_steal_pointer(&all);
}

bool archive_held_part(Archive *archive, const char *basis, const ArchiveHold *holds, size_t count,
                       double *part, GError **error)
{
    *part = 0;
    g_autoptr(GArray) set =
        holds_load(archive->data_path, due_time_of_holds_us(archive->due), error);
    g_autoptr(CatalogDb) db = set ? catalog_read(archive->catalog, error) : NULL;
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    HeldFiles files = {.db = db, .seen = seen};
    if (!db)
        return false;
    g_autoptr(GArray) spans = spans_held(set, basis, holds, count);
    if (!spans) {
        *part = 1;
        return true;
    }
    for (guint i = 0; i < spans->len; i++)
        if (!count_hold(archive, &files, &g_array_index(spans, ArchiveHold, i), error))
            return false;
    for (unsigned i = 0; i < archive->store_count; i++) {
        int64_t free_bytes, total_bytes;
        if (files.bytes[i] == 0)
            continue;
        bool known = volume_space(&archive->stores[i]->volume, &free_bytes, &total_bytes);
        *part = MAX(*part, known ? (double)files.bytes[i] / (double)total_bytes : 1);
    }
    return true;
}
