#include "casework/case_item.h"

#include "base/json.h"
#include "casework/report.h"

#include <string.h>

/* What each kind says. `thing`: the member that names it. */
static const struct Kind {
    const char *kind, *thing;
    bool camera, cameras, text, person;
} kinds[] = {
    {CASE_ITEM_REPORT, "report", false, false, false, false},
    {"event", "event", false, false, false, false},
    {"bookmark", "bookmark", false, false, false, false},
    {"trace", "trace", false, false, false, false},
    {"copy", "export", false, false, false, false},
    {CASE_ITEM_NOTE, NULL, false, false, true, false},
    {CASE_ITEM_FOOTAGE, NULL, true, false, false, false},
    {CASE_ITEM_NOTHING_SEEN, NULL, true, true, false, false},
    {"person", NULL, false, false, false, true},
    {CASE_ITEM_GIVEN, "file", false, false, false, false},
};

static const char *const roles[] = {"victim", "witness", "involved", "owner", "other", NULL};

static const struct Kind *find(const char *kind)
{
    for (size_t i = 0; kind && i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return &kinds[i];
    return NULL;
}

bool case_item_names(const char *kind)
{
    const struct Kind *known = find(kind);
    return known && known->thing;
}

static void set_text(Json *json, const char *name, const char *text)
{
    if (text && *text)
        json_object_set_new(json, name, json_string(text));
}

static void put_cameras(Json *json, const CaseItemTold *told, bool several)
{
    char id[UUID_TEXT];
    Json *list = json_array();
    for (size_t i = 0; i < told->camera_count; i++)
        json_array_append_new(list, json_string(uuid_text(&told->cameras[i], id)));
    if (several) {
        json_object_set_new(json, "cameras", list);
        return;
    }
    json_object_set(json, "camera", json_array_get(list, 0));
    json_decref(list);
}

/* Cameras and span, where the kind has them or what it names has. */
static bool put_footage(Json *json, const struct Kind *kind, const CaseItemTold *told,
                        GError **error)
{
    if (kind->camera && (told->camera_count < 1 || told->camera_count > CASE_CAMERAS_MOST ||
                         (!kind->cameras && told->camera_count != 1)))
        return err_set(error, ERR_INVALID,
                       kind->cameras ? "‘cameras’ must be a list of 1 to %d ids"
                                     : "‘camera’ must be an id; %d at most in a list of ‘cameras’",
                       CASE_CAMERAS_MOST);
    if (told->camera_count)
        put_cameras(json, told, kind->cameras);
    if (told->from_us)
        json_object_set_new(json, "from", json_time(told->from_us));
    if (told->to_us)
        json_object_set_new(json, "to", json_time(told->to_us));
    return true;
}

static bool put_texts(Json *json, const struct Kind *kind, const CaseItemTold *told, GError **error)
{
    g_autofree char *text = NULL, *words = NULL;
    if ((kind->text && !report_text(&text, "text", told->text, 1, CASE_NOTE_MOST, true, error)) ||
        !report_text(&words, "words", told->words, 0, CASE_WORDS_MOST, true, error))
        return false;
    set_text(json, "text", text);
    set_text(json, "words", words);
    return true;
}

static bool put_person(Json *json, const struct Kind *kind, const CaseItemTold *told,
                       GError **error)
{
    if (!kind->person)
        return true;
    if (!told->role || !g_strv_contains(roles, told->role)) {
        g_autofree char *list = g_strjoinv(", ", (char **)roles);
        return err_set(error, ERR_INVALID, "‘role’ must be one of %s", list);
    }
    if (told->count < 1 || told->count > CASE_PERSONS_MOST)
        return err_set(error, ERR_INVALID, "‘count’ must be 1 to %d", CASE_PERSONS_MOST);
    set_text(json, "role", told->role);
    json_object_set_new(json, "count", json_integer(told->count));
    return true;
}

/* What it was when it became evidence: it stays provable from the case alone. */
static void put_given(Json *json, const CaseItemTold *told)
{
    set_text(json, "request", told->request);
    set_text(json, "sha256", told->sha256);
    set_text(json, "type", told->type);
    if (told->bytes)
        json_object_set_new(json, "bytes", json_integer(told->bytes));
}

char *case_item_body(const CaseItemTold *told, GError **error)
{
    const struct Kind *kind = find(told->kind);
    g_autoptr(Json) json = json_object();
    if (!kind) {
        err_set(error, ERR_INVALID, "‘kind’ knows no ‘%.40s’", told->kind ? told->kind : "");
        return NULL;
    }
    if (kind->thing)
        set_text(json, kind->thing, told->thing);
    put_given(json, told);
    return put_footage(json, kind, told, error) && put_texts(json, kind, told, error) &&
                   put_person(json, kind, told, error)
               ? json_line(json)
               : NULL;
}

bool case_span_check(int64_t from_us, int64_t to_us, int64_t now_us, GError **error)
{
    if (from_us <= 0 || to_us <= from_us || to_us - from_us > CASE_SPAN_MOST_US)
        return err_set(error, ERR_INVALID, "‘from’ must be before ‘to’, by 31 days at most");
    return from_us < now_us ||
           err_set(error, ERR_INVALID, "‘from’ lies in the future: nothing is recorded there yet");
}
