/* site.c — what the whole site is set to, and what a rule of retention would do before it is set.
 */
#include "config/site.h"

#include "archive/archive.h"
#include "http/api/handlers.h"
#include "http/api/pending.h"

#include <inttypes.h>
#include <string.h>

static Json *value_json(Site *site, SiteValue value)
{
    g_autofree char *text = site_value(site, value);
    return site_value_is_number(value) ? json_integer(site_number(site, value)) : json_string(text);
}

bool site_get(ApiCall *call, GError **error)
{
    Site *site = call->api->site;
    Json *json = json_object(), *locked = json_array();
    for (int i = 0; i < SITE_VALUES; i++) {
        const char *name = site_value_name((SiteValue)i);
        json_object_set_new(json, name, value_json(site, (SiteValue)i));
        if (site_value_locked(site, (SiteValue)i))
            json_array_append_new(locked, json_string(name));
    }
    json_object_set_new(json, "locked", locked);
    return call_json(call, 200, json);
}

/* `numbers` owns the texts of what is a number. */
static bool read_asked(const Json *body, const char *asked[SITE_VALUES], char *numbers[SITE_VALUES],
                       GError **error)
{
    for (int i = 0; i < SITE_VALUES; i++) {
        const char *name = site_value_name((SiteValue)i);
        int64_t number = 0;
        if (!json_object_get(body, name))
            continue;
        if (!site_value_is_number((SiteValue)i)) {
            if (!json_get_text(body, name, &asked[i], error))
                return false;
            continue;
        }
        if (!json_get_int(body, name, &number, error))
            return false;
        asked[i] = numbers[i] = g_strdup_printf("%" PRId64, number);
    }
    return true;
}

static void read_all(Site *site, char *values[SITE_VALUES])
{
    for (int i = 0; i < SITE_VALUES; i++)
        values[i] = site_value(site, (SiteValue)i);
}

static void free_all(char *values[SITE_VALUES])
{
    for (int i = 0; i < SITE_VALUES; i++)
        g_free(values[i]);
}

/* Of people, who may name somebody: that they changed is told, not to what. */
static bool is_words(SiteValue value)
{
    return value == SITE_VALUE_NAME || value == SITE_VALUE_PUBLIC_CONTACT ||
           value == SITE_VALUE_PRIVACY_PURPOSE || value == SITE_VALUE_PRIVACY_BASIS ||
           value == SITE_VALUE_PACKAGE_BASES;
}

/* `waits`: what was asked for changes nothing yet, and has its own lines. */
static void audit_edit(const ApiCall *call, char *const before[SITE_VALUES],
                       char *const after[SITE_VALUES], bool waits)
{
    Changes changes = {0};
    for (int i = 0; i < SITE_VALUES; i++)
        (is_words((SiteValue)i) ? changes_hidden : changes_text)(
            &changes, site_value_name((SiteValue)i), before[i], after[i]);
    if (changes.count || !waits)
        call_audit_changes(call, "site-edit", NULL, &changes);
}

bool site_change(ApiCall *call, GError **error)
{
    static const char *const members[] = {"name",
                                          "time_zone",
                                          "language",
                                          "retention_days",
                                          "retention_bytes",
                                          "report_rise_minutes",
                                          "report_near_m",
                                          "report_margin_minutes",
                                          "held_alarm_percent",
                                          "report_keep_days",
                                          "report_keep_rejected_days",
                                          "given_keep_days",
                                          "privacy_answer_days",
                                          "reasons",
                                          "case_hours_new",
                                          "case_hours_searching",
                                          "case_hours_preserved",
                                          "case_hours_exported",
                                          "case_hours_decided",
                                          "case_hours_reopened",
                                          "package_approval",
                                          "package_bases",
                                          "unmask_minutes",
                                          "public_locations",
                                          "public_contact",
                                          "privacy_purpose",
                                          "privacy_basis",
                                          "reason",
                                          NULL};
    const char *asked[SITE_VALUES] = {NULL};
    char *numbers[SITE_VALUES] = {NULL}, *before[SITE_VALUES], *after[SITE_VALUES];
    const Json *body = call_body(call, members, error);
    g_auto(PendingAsk) room = {0};
    PendingAsk *ask;
    GError *trouble = NULL;
    if (!body || !pending_read_ask(call, body, &room, &ask, error))
        return false;
    read_all(call->api->site, before);
    bool set = read_asked(body, asked, numbers, &trouble) &&
               site_set_asked(call->api->site, asked, ask, &trouble);
    read_all(call->api->site, after);
    if (set)
        audit_edit(call, before, after, room.waits);
    free_all(numbers);
    free_all(before);
    free_all(after);
    if (!set) {
        pending_audit_refusal(call, NULL, trouble);
        g_propagate_error(error, trouble);
        return false;
    }
    return room.waits ? pending_answer(call, &room) : site_get(call, error);
}

/* ?camera: that of which one asks; nil: of the site. */
static bool query_camera(ApiCall *call, Uuid *id, GError **error)
{
    const char *text = call_query(call, "camera");
    *id = (Uuid){0};
    if (!text)
        return true;
    g_autoptr(CameraRow) row = uuid_parse(text, id) ? site_camera_get(call->api->site, id) : NULL;
    return row || err_set(error, ERR_NOT_FOUND, "there is no camera ‘%.64s’", text);
}

static Json *effect_json(const RetentionEffect *effect)
{
    Json *json = json_object();
    json_object_set_new(json, "footage_bytes", json_integer(effect->footage_bytes));
    json_object_set_new(json, "oldest",
                        effect->oldest_us ? json_time(effect->oldest_us) : json_null());
    json_object_set_new(json, "day_bytes", json_integer(effect->day_bytes));
    json_object_set_new(json, "deletes_bytes", json_integer(effect->deletes_bytes));
    json_object_set_new(json, "held_bytes", json_integer(effect->held_bytes));
    json_object_set_new(json, "rule_days", json_integer(effect->rule_days));
    json_object_set_new(json, "room_days",
                        effect->room_days < 0 ? json_null() : json_integer(effect->room_days));
    json_object_set_new(json, "free_bytes", json_integer(effect->free_bytes));
    json_object_set_new(json, "total_bytes", json_integer(effect->total_bytes));
    return json;
}

bool site_retention_effect(ApiCall *call, GError **error)
{
    Uuid camera;
    RetentionEffect effect;
    SiteRetention rule = site_retention(call->api->site);
    if (!query_camera(call, &camera, error) ||
        !call_query_int(call, "days", 1, RETENTION_DAYS_MOST, &rule.days, error) ||
        !call_query_int(call, "bytes", 0, INT64_MAX, &rule.bytes, error))
        return false;
    if (!call->api->archive)
        return err_set(error, ERR_UNAVAILABLE, "footage is read by the running server only");
    return archive_retention_effect(call->api->archive, uuid_is_nil(&camera) ? NULL : &camera,
                                    rule.days, rule.bytes, &effect, error) &&
           call_json(call, 200, effect_json(&effect));
}
