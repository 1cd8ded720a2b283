#include "casework/export_job.h"

#include "base/file.h"
#include "base/json.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOTE_MOST_BYTES = 16 << 10 };

static const char *const states[EXPORT_STATES] = {
    [EXPORT_WAITING] = "waiting", [EXPORT_RUNNING] = "running",     [EXPORT_DONE] = "done",
    [EXPORT_FAILED] = "failed",   [EXPORT_CANCELLED] = "cancelled",
};

static const char *const troubles[EXPORT_TROUBLES] = {
    [EXPORT_INTERRUPTED] = "interrupted", [EXPORT_NO_FOOTAGE] = "no-footage",
    [EXPORT_NO_ROOM] = "no-room",         [EXPORT_UNSUPPORTED] = "unsupported",
    [EXPORT_BROKEN] = "broken",
};

const char *export_state_text(ExportState state)
{
    return states[state];
}

const char *export_trouble_text(ExportTrouble trouble)
{
    return troubles[trouble];
}

ExportJob *export_job_copy(const ExportJob *job)
{
    ExportJob *copy = g_memdup2(job, sizeof *job);
    copy->redaction = job->redaction ? redaction_copy(job->redaction) : NULL;
    copy->masks = mask_set_ref(job->masks);
    copy->number = g_strdup(job->number);
    copy->receiver = g_strdup(job->receiver);
    copy->hash = g_strdup(job->hash);
    copy->reason = g_strdup(job->reason);
    copy->who_name = g_strdup(job->who_name);
    copy->device = g_strdup(job->device);
    copy->where = g_strdup(job->where);
    return copy;
}

void export_job_free(ExportJob *job)
{
    if (!job)
        return;
    redaction_free(job->redaction);
    mask_set_unref(job->masks);
    g_free(job->number);
    g_free(job->receiver);
    g_free(job->hash);
    g_free(job->reason);
    g_free(job->who_name);
    g_free(job->device);
    g_free(job->where);
    g_free(job);
}

static char *file_of(const char *folder, const Uuid *id, const char *ending)
{
    char text[UUID_TEXT];
    return g_strdup_printf("%s/%s%s", folder, uuid_text(id, text), ending);
}

char *export_job_film(const char *folder, const Uuid *id)
{
    return file_of(folder, id, ".mp4");
}

static void set_id(Json *json, const char *name, const Uuid *id)
{
    char text[UUID_TEXT];
    json_object_set_new(json, name, json_string(uuid_text(id, text)));
}

static void set_text(Json *json, const char *name, const char *text)
{
    if (text)
        json_object_set_new(json, name, json_string(text));
}

/* The names that are burnt in, and what is made unrecognisable, are not kept: what is interrupted
 * is not made again. */
bool export_job_write(const char *folder, const ExportJob *job, GError **error)
{
    g_autoptr(Json) json = json_object();
    set_id(json, "who", &job->who);
    set_id(json, "camera", &job->camera);
    json_object_set_new(json, "from_us", json_integer(job->from_us));
    json_object_set_new(json, "to_us", json_integer(job->to_us));
    json_object_set_new(json, "listen", json_boolean(job->listen));
    if (job->redacted)
        json_object_set_new(json, "redacted", json_true());
    if (job->masks_key)
        json_object_set_new(json, "masks_key", json_integer(job->masks_key));
    json_object_set_new(json, "made_us", json_integer(job->made_us));
    json_object_set_new(json, "ended_us", json_integer(job->ended_us));
    json_object_set_new(json, "state", json_string(states[job->state]));
    set_text(json, "number", job->number);
    set_text(json, "receiver", job->receiver);
    set_text(json, "hash", job->hash);
    set_text(json, "reason", job->reason);
    if (job->trouble)
        json_object_set_new(json, "trouble", json_string(troubles[job->trouble]));
    g_autofree char *text = json_lines(json), *path = file_of(folder, &job->id, ".json");
    return file_write_atomic(path, text, strlen(text), 0600, error);
}

static bool get_id(const Json *json, const char *name, Uuid *id)
{
    const char *text = NULL;
    return json_get_text(json, name, &text, NULL) && uuid_parse(text, id);
}

/* The place of `text` in a table of `count`; `none` where it is not in it. */
static unsigned place_of(const char *const table[], unsigned count, const char *text, unsigned none)
{
    for (unsigned i = 0; text && i < count; i++)
        if (g_strcmp0(table[i], text) == 0)
            return i;
    return none;
}

/* Owned; NULL: there is none. */
static bool get_text(const Json *json, const char *name, char **text)
{
    const char *found = NULL;
    if (!json_get_text(json, name, &found, NULL))
        return false;
    *text = g_strdup(found);
    return true;
}

static bool fill(const Json *json, ExportJob *job)
{
    const char *state = NULL, *trouble = NULL;
    if (!json_is_object(json) || !get_id(json, "who", &job->who) ||
        !get_id(json, "camera", &job->camera) ||
        !json_get_int(json, "from_us", &job->from_us, NULL) ||
        !json_get_int(json, "to_us", &job->to_us, NULL) ||
        !json_get_bool(json, "listen", &job->listen, NULL) ||
        !json_get_bool(json, "redacted", &job->redacted, NULL) ||
        !json_get_int(json, "masks_key", &job->masks_key, NULL) ||
        !json_get_int(json, "made_us", &job->made_us, NULL) ||
        !json_get_int(json, "ended_us", &job->ended_us, NULL) ||
        !json_get_text(json, "state", &state, NULL) || !get_text(json, "number", &job->number) ||
        !get_text(json, "receiver", &job->receiver) || !get_text(json, "hash", &job->hash) ||
        !get_text(json, "reason", &job->reason) || !json_get_text(json, "trouble", &trouble, NULL))
        return false;
    job->state = (ExportState)place_of(states, EXPORT_STATES, state, EXPORT_WAITING);
    job->trouble = (ExportTrouble)place_of(troubles, EXPORT_TROUBLES, trouble, EXPORT_FINE);
    return true;
}

/* What it became of a job whose server is gone. */
static bool settle(const char *folder, ExportJob *job)
{
    struct stat facts;
    g_autofree char *film = export_job_film(folder, &job->id);
    bool there = stat(film, &facts) == 0;
    if (job->state == EXPORT_DONE) {
        job->bytes = there ? facts.st_size : 0;
        job->progress = 1;
        return there;
    }
    if (job->state == EXPORT_WAITING) {
        job->state = EXPORT_FAILED;
        job->trouble = EXPORT_INTERRUPTED;
        job->ended_us = job->made_us;
    }
    return job->state == EXPORT_FAILED;
}

ExportJob *export_job_read(const char *folder, const char *name)
{
    size_t size;
    g_autoptr(ExportJob) job = g_new0(ExportJob, 1);
    g_autofree char *stem = g_strndup(name, UUID_TEXT - 1);
    if (!g_str_has_suffix(name, ".json") || !uuid_parse(stem, &job->id))
        return NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = file_read(path, NOTE_MOST_BYTES, &size, NULL);
    g_autoptr(Json) json = text ? json_parse(text, size, NULL) : NULL;
    return json && fill(json, job) && settle(folder, job) ? g_steal_pointer(&job) : NULL;
}

void export_job_remove(const char *folder, const Uuid *id)
{
    g_autofree char *film = export_job_film(folder, id), *note = file_of(folder, id, ".json");
    unlink(film);
    unlink(note);
}
