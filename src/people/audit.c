#include "people/audit.h"

#include "base/clock.h"
#include "base/log.h"
#include "people/audit_line.h"
#include "people/audit_state.h"

#include <inttypes.h>

/* Lines of one sync; what may wait while the disk takes none: about 20 MiB. */
enum { GROUP_MOST = 1000, WAITING_MOST = 20000 };

#define GROUP_US (SECOND_US / 2)

/* A look of which nothing was seen for this long is over. */
#define LOOK_REST_US MINUTE_US

static void add_line(Audit *audit, const GString *fields, int64_t time_us)
{
    g_autoptr(GError) trouble = NULL;
    if (!chain_add(audit->chain, AUDIT_TYPE, time_us, fields, &trouble))
        log_error("audit.lost", "cause=\"%s\"", trouble->message);
}

/* While the disk takes nothing, entries over the bound are counted, and that is told once it does.
 */
static void add_entry(Audit *audit, const GString *fields, int64_t time_us)
{
    if (chain_waiting(audit->chain) >= WAITING_MOST) {
        audit->lost++;
        return;
    }
    if (audit->lost > 0) {
        g_autofree char *count = g_strdup_printf("%" PRIu64 " entries", audit->lost);
        g_autoptr(GString) lost = audit_fields(
            &(AuditEntry){.action = "audit-lost", .object = count, .result = "disk"}, time_us);
        add_line(audit, lost, time_us);
        audit->lost = 0;
    }
    add_line(audit, fields, time_us);
}

/* A line of a look, which begins or is over; or how many more were refused. */
static void add_told(void *data, const AuditEntry *entry)
{
    int64_t now_us = clock_now_us();
    g_autoptr(GString) fields = audit_fields(entry, now_us);
    add_entry(data, fields, now_us);
}

static void finish_flush(Audit *audit, Note *note, const GError *trouble)
{
    pthread_mutex_lock(&audit->lock);
    note->error = trouble ? g_error_copy(trouble) : NULL;
    note->done = true;
    pthread_cond_broadcast(&audit->flushed);
    pthread_mutex_unlock(&audit->lock);
}

/* Notes that came within the group's time; a flush ends it early, but for one that is too soon
 * after the last writing. */
static GPtrArray *take_group(Audit *audit, Note *first)
{
    GPtrArray *group = g_ptr_array_new();
    int64_t due_us = clock_mono_us() + GROUP_US;
    Note *note = first;
    while (note) {
        g_ptr_array_add(group, note);
        if (note->flush)
            due_us = MIN(due_us, audit->synced_us + AUDIT_FLUSHES_APART_US);
        int64_t left_us = due_us - clock_mono_us();
        if (left_us <= 0 || group->len == GROUP_MOST)
            break;
        note = queue_pop(audit->notes, left_us);
    }
    return group;
}

static void write_group(Audit *audit, GPtrArray *group)
{
    g_autoptr(GError) trouble = NULL;
    for (guint i = 0; i < group->len; i++) {
        Note *note = group->pdata[i];
        if (note->fields)
            add_entry(audit, note->fields, note->time_us);
        else if (note->look)
            looks_add(audit->looks, g_steal_pointer(&note->look));
    }
    looks_end(audit->looks, clock_mono_us() - LOOK_REST_US);
    refusals_end(audit->refusals, clock_mono_us() - REFUSALS_SPAN_US, add_told, audit);
    if (chain_waiting(audit->chain) > 0 && !chain_sync(audit->chain, &trouble))
        log_error("audit.write", "cause=\"%s\"", trouble->message);
    audit->synced_us = clock_mono_us();
    for (guint i = 0; i < group->len; i++) {
        Note *note = group->pdata[i];
        if (note->flush) {
            finish_flush(audit, note, trouble);
            continue;
        }
        if (note->fields)
            g_string_free(note->fields, TRUE);
        g_free(note);
    }
}

/* Wakes now and then while something is open: a look that rests is over, as is who was refused. */
static void audit_main(void *data)
{
    Audit *audit = data;
    while (!atomic_load(&audit->closing) || queue_length(audit->notes) > 0) {
        bool open = looks_open(audit->looks) || refusals_open(audit->refusals);
        Note *note = queue_pop(audit->notes, open ? LOOK_REST_US / 4 : -1);
        g_autoptr(GPtrArray) group = note ? take_group(audit, note) : g_ptr_array_new();
        write_group(audit, group);
    }
    looks_end(audit->looks, INT64_MAX);
    refusals_end(audit->refusals, INT64_MAX, add_told, audit);
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    write_group(audit, none);
}

Audit *audit_open(const char *folder, const NodeKey *key, GError **error)
{
    Chain *chain = chain_open_daily(folder, key, error);
    if (!chain)
        return NULL;
    Audit *audit = g_new0(Audit, 1);
    audit->chain = chain;
    audit->folder = g_strdup(folder);
    audit->notes = queue_new();
    audit->refusals = refusals_new();
    audit->looks = looks_new(add_told, audit);
    pthread_mutex_init(&audit->lock, NULL);
    pthread_cond_init(&audit->flushed, NULL);
    audit->thread = thread_start("audit", audit_main, audit);
    return audit;
}

void audit_close(Audit *audit)
{
    if (!audit)
        return;
    atomic_store(&audit->closing, true);
    queue_close(audit->notes);
    thread_join(audit->thread);
    queue_free(audit->notes, NULL);
    looks_free(audit->looks);
    refusals_free(audit->refusals);
    chain_close(audit->chain);
    pthread_cond_destroy(&audit->flushed);
    pthread_mutex_destroy(&audit->lock);
    g_free(audit->folder);
    g_free(audit);
}

void audit_append(Audit *audit, const AuditEntry *entry)
{
    if (audit_tells_refusal(entry->result) &&
        !refusals_take(audit->refusals, entry, clock_mono_us()))
        return;
    Note *note = g_new0(Note, 1);
    note->time_us = clock_now_us();
    note->fields = audit_fields(entry, note->time_us);
    queue_push(audit->notes, note);
}

bool audit_flush(Audit *audit, GError **error)
{
    Note note = {.flush = true};
    queue_push(audit->notes, &note);
    pthread_mutex_lock(&audit->lock);
    while (!note.done)
        pthread_cond_wait(&audit->flushed, &audit->lock);
    pthread_mutex_unlock(&audit->lock);
    if (!note.error)
        return true;
    g_propagate_error(error, note.error);
    return false;
}
