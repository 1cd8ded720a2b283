#include "people/audit_marks.h"

#include "base/clock.h"

#include <string.h>

static const char *const kinds[MARK_KINDS] = {
    [MARK_SAME_CAMERA] = "same-camera-without-case",
    [MARK_BULK] = "bulk-viewing",
    [MARK_OFF_SHIFT] = "off-shift",
    [MARK_CASE_AFTER_VIEW] = "case-after-view",
};

const char *mark_kind_text(MarkKind kind)
{
    return kinds[kind];
}

void audit_mark_free(AuditMark *mark)
{
    g_free(mark->actor);
    g_free(mark->object);
    g_ptr_array_unref(mark->cameras);
    g_array_unref(mark->seqs);
    g_free(mark);
}

char *audit_mark_id(const AuditMark *mark)
{
    bool of_case = mark->kind == MARK_CASE_AFTER_VIEW;
    return g_strdup_printf("%s.%" G_GINT64_FORMAT "%s%s", kinds[mark->kind], mark->last_seq,
                           of_case ? "." : "", of_case ? mark->object : "");
}

static bool is_live(const AuditRow *row)
{
    return strcmp(row->action, "live") == 0;
}

/* At footage, in any form of it that one asks for, or live. */
static bool is_look(const AuditRow *row)
{
    static const char *const actions[] = {"replay",      "live",   "thumbnail", "clip",
                                          "export-make", "motion", NULL};
    /* A still so young that no reason was asked stands in for a live picture. */
    bool looks = g_strv_contains(actions, row->action) ||
                 (strcmp(row->action, "snapshot") == 0 && *row->reason);
    return looks && *row->actor && !audit_is_refused(row);
}

static bool opens_case(const AuditRow *row)
{
    return strcmp(row->action, "case-open") == 0 && *row->actor;
}

static bool is_off_shift(const MarkRules *rules, const AuditRow *row)
{
    return rules->off_shift(rules->data, row->actor, row->time_us);
}

bool audit_marks_want(const AuditRow *row, const MarkRules *rules)
{
    return opens_case(row) || (is_look(row) && (!is_live(row) || is_off_shift(rules, row)));
}

/* For a case that somebody else opened, or that began with a report. */
static bool is_for_case(const MarkRules *rules, const AuditRow *row)
{
    const char *why = audit_why(row->reason), *begins = "case ";
    return g_str_has_prefix(why, begins) &&
           !rules->own_case(rules->data, row->actor, why + strlen(begins));
}

/* ---- what each looked at ---- */

/* Of one actor, oldest first. */
typedef struct Looks {
    GPtrArray *footage;   /* AuditRow *, borrowed; what belongs to one sitting once */
    GPtrArray *all;       /* the same, and live views */
    GHashTable *sittings; /* camera and reason → AuditRow *, which began the newest sitting */
} Looks;

static Looks *looks_new(void)
{
    Looks *looks = g_new(Looks, 1);
    *looks = (Looks){g_ptr_array_new(), g_ptr_array_new(),
                     g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    return looks;
}

static void looks_free(void *data)
{
    Looks *looks = data;
    g_ptr_array_unref(looks->all);
    g_ptr_array_unref(looks->footage);
    g_hash_table_unref(looks->sittings);
    g_free(looks);
}

/* Small pictures, stills and searches within a sitting are part of it: what is opened of one camera
 * for one reason, until MARK_SITTING_US after it began. */
static void take_look(Looks *looks, AuditRow *row)
{
    if (is_live(row)) {
        g_ptr_array_add(looks->all, row);
        return;
    }
    g_autofree char *which = g_strconcat(row->object, " ", audit_why(row->reason), NULL);
    const AuditRow *began = g_hash_table_lookup(looks->sittings, which);
    if (began && strcmp(row->action, "replay") != 0 &&
        row->time_us - began->time_us <= MARK_SITTING_US)
        return;
    g_hash_table_replace(looks->sittings, g_steal_pointer(&which), row);
    g_ptr_array_add(looks->footage, row);
    g_ptr_array_add(looks->all, row);
}

static GHashTable *by_actor(const GPtrArray *rows)
{
    GHashTable *actors = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, looks_free);
    for (guint i = 0; i < rows->len; i++) {
        AuditRow *row = rows->pdata[i];
        Looks *looks = g_hash_table_lookup(actors, row->actor);
        if (!is_look(row))
            continue;
        if (!looks)
            g_hash_table_insert(actors, row->actor, looks = looks_new());
        take_look(looks, row);
    }
    return actors;
}

/* ---- a mark over some looks ---- */

static void add_look(AuditMark *mark, const AuditRow *row)
{
    mark->count++;
    mark->to_us = row->time_us;
    mark->last_seq = row->seq;
    if (mark->seqs->len < MARK_SEQS_MOST)
        g_array_append_val(mark->seqs, row->seq);
    if (!g_ptr_array_find_with_equal_func(mark->cameras, row->object, g_str_equal, NULL))
        g_ptr_array_add(mark->cameras, g_strdup(row->object));
}

/* Over looks `first` to `last` of `looks`. */
static void add_mark(GPtrArray *marks, MarkKind kind, const char *object, const GPtrArray *looks,
                     guint first, guint last)
{
    const AuditRow *begin = looks->pdata[first];
    AuditMark *mark = g_new0(AuditMark, 1);
    *mark = (AuditMark){.kind = kind,
                        .actor = g_strdup(begin->actor),
                        .object = g_strdup(object),
                        .from_us = begin->time_us,
                        .cameras = g_ptr_array_new_with_free_func(g_free),
                        .seqs = g_array_new(FALSE, FALSE, sizeof(int64_t))};
    for (guint i = first; i <= last; i++)
        add_look(mark, looks->pdata[i]);
    g_ptr_array_add(marks, mark);
}

static int64_t time_of(const GPtrArray *looks, guint i)
{
    return ((const AuditRow *)looks->pdata[i])->time_us;
}

static unsigned cameras_of(const GPtrArray *looks, guint first, guint last)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = first; i <= last; i++)
        g_hash_table_add(seen, ((const AuditRow *)looks->pdata[i])->object);
    return g_hash_table_size(seen);
}

static bool is_too_much(MarkKind kind, const GPtrArray *looks, guint first, guint last)
{
    unsigned many = last - first + 1;
    return kind == MARK_SAME_CAMERA
               ? many >= MARK_SAME_LEAST
               : many >= MARK_BULK_LEAST && cameras_of(looks, first, last) >= MARK_BULK_LEAST;
}

/* Marks each time in which more was looked at within `window_us` than is usual: windows that
 * overlap are one mark. */
static void mark_windows(GPtrArray *marks, MarkKind kind, const char *object,
                         const GPtrArray *looks, int64_t window_us)
{
    bool open = false;
    guint begin = 0, end = 0;
    for (guint first = 0, last = 0; last < looks->len; last++) {
        while (time_of(looks, last) - time_of(looks, first) > window_us)
            first++;
        if (!is_too_much(kind, looks, first, last))
            continue;
        if (open && first > end) {
            add_mark(marks, kind, object, looks, begin, end);
            open = false;
        }
        begin = open ? begin : first;
        end = last;
        open = true;
    }
    if (open)
        add_mark(marks, kind, object, looks, begin, end);
}

/* ---- the four kinds ---- */

/* Of one actor, by cameras. */
static void mark_same_camera(GPtrArray *marks, const Looks *looks, const MarkRules *rules)
{
    g_autoptr(GHashTable) by_camera = g_hash_table_new_full(
        g_str_hash, g_str_equal, NULL, (GDestroyNotify)(void (*)(void))g_ptr_array_unref);
    for (guint i = 0; i < looks->footage->len; i++) {
        AuditRow *row = looks->footage->pdata[i];
        GPtrArray *list = g_hash_table_lookup(by_camera, row->object);
        if (!list)
            g_hash_table_insert(by_camera, row->object, list = g_ptr_array_new());
        if (!is_for_case(rules, row))
            g_ptr_array_add(list, row);
    }
    GHashTableIter iter;
    void *camera, *list;
    g_hash_table_iter_init(&iter, by_camera);
    while (g_hash_table_iter_next(&iter, &camera, &list))
        mark_windows(marks, MARK_SAME_CAMERA, camera, list, MARK_SAME_US);
}

static void mark_bulk(GPtrArray *marks, const Looks *looks, const MarkRules *rules)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; i < looks->footage->len; i++) {
        AuditRow *row = looks->footage->pdata[i];
        const char *why = audit_why(row->reason);
        if (!is_for_case(rules, row) && strcmp(why, "routine-check") != 0 &&
            strcmp(why, "technical-check") != 0)
            g_ptr_array_add(list, row);
    }
    mark_windows(marks, MARK_BULK, "", list, MARK_BULK_US);
}

/* Looks out of shifts, each group of them without an hour between. */
static void mark_off_shift(GPtrArray *marks, const Looks *looks, const MarkRules *rules)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; i < looks->all->len; i++) {
        AuditRow *row = looks->all->pdata[i];
        if (is_off_shift(rules, row))
            g_ptr_array_add(list, row);
    }
    guint first = 0;
    for (guint i = 1; i <= list->len; i++)
        if (i == list->len || time_of(list, i) - time_of(list, i - 1) > HOUR_US) {
            add_mark(marks, MARK_OFF_SHIFT, "", list, first, i - 1);
            first = i;
        }
}

/* What was looked at for no case, and for nobody's report, before `opened` was opened by the same
 * person. */
static void mark_case_after(GPtrArray *marks, const Looks *looks, const MarkRules *rules,
                            const AuditRow *opened)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    for (guint i = 0; i < looks->footage->len; i++) {
        AuditRow *row = looks->footage->pdata[i];
        bool before =
            row->time_us < opened->time_us && row->time_us >= opened->time_us - MARK_AFTER_US;
        if (before && !is_for_case(rules, row) && *row->reason &&
            strcmp(audit_why(row->reason), "resident-report") != 0)
            g_ptr_array_add(list, row);
    }
    if (list->len > 0)
        add_mark(marks, MARK_CASE_AFTER_VIEW, opened->object, list, 0, list->len - 1);
}

static gint newest_first(gconstpointer a, gconstpointer b)
{
    const AuditMark *first = *(AuditMark *const *)a, *second = *(AuditMark *const *)b;
    if (first->to_us != second->to_us)
        return first->to_us < second->to_us ? 1 : -1;
    return (int)first->kind - (int)second->kind;
}

GPtrArray *audit_marks(const GPtrArray *rows, const MarkRules *rules)
{
    GPtrArray *marks = g_ptr_array_new_with_free_func((GDestroyNotify)audit_mark_free);
    g_autoptr(GHashTable) actors = by_actor(rows);
    GHashTableIter iter;
    void *looks;
    g_hash_table_iter_init(&iter, actors);
    while (g_hash_table_iter_next(&iter, NULL, &looks)) {
        mark_same_camera(marks, looks, rules);
        mark_bulk(marks, looks, rules);
        mark_off_shift(marks, looks, rules);
    }
    for (guint i = 0; i < rows->len; i++) {
        const AuditRow *row = rows->pdata[i];
        if (opens_case(row) && (looks = g_hash_table_lookup(actors, row->actor)))
            mark_case_after(marks, looks, rules, row);
    }
    g_ptr_array_sort(marks, newest_first);
    return marks;
}
