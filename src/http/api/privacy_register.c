/* privacy_register.c — the register of data protection: what is kept about people, why, how long,
 * who may see it and who got it. All of it is read from what the site is set to and has. */
#include "casework/film_copy.h"
#include "catalog/kept_counts.h"
#include "catalog/packages.h"
#include "config/masks.h"
#include "config/site.h"
#include "event/event.h"
#include "http/api/handlers.h"
#include "http/api/masked.h"
#include "http/api/package_json.h"

#include <string.h>

enum { HANDED_MOST = 500 };

/* ---- who may ---- */

/* Each right that opens data of people, and the kind of data that it opens. */
static const struct {
    const char *kind;
    Action action;
} opens[] = {
    {"footage", ACTION_LIVE},
    {"footage", ACTION_REPLAY},
    {"footage", ACTION_EXPORT},
    {"audio", ACTION_LISTEN},
    {"event-pictures", ACTION_REPLAY},
    {"reports", ACTION_REPORTS},
    {"reports", ACTION_REPORT_PERSON},
    {"reports", ACTION_PRIVACY},
    {"cases", ACTION_CASE_READ},
    {"packages", ACTION_EXPORT},
    {"households", ACTION_HOUSEHOLDS},
    {"households", ACTION_HOUSEHOLD_PEOPLE},
    {"household-files", ACTION_HOUSEHOLD_ASK},
    {"accounts", ACTION_USERS},
    {"audit", ACTION_AUDIT},
};

static Json *roles_json(Action action)
{
    Json *list = json_array();
    for (int role = ROLE_ADMIN; role < ROLES; role++)
        if (rights_allow((Role)role, action))
            json_array_append_new(list, json_string(role_text((Role)role)));
    return list;
}

static Json *rights_json(const char *kind)
{
    Json *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(opens); i++)
        if (strcmp(opens[i].kind, kind) == 0)
            json_array_append_new(list,
                                  json_pack("{s:s, s:o}", "right", action_text(opens[i].action),
                                            "roles", roles_json(opens[i].action)));
    return list;
}

/* ---- what is kept ---- */

static Json *add_kind(Json *list, const char *kind, int64_t count)
{
    Json *json = json_pack("{s:s, s:I, s:o}", "kind", kind, "count", (json_int_t)count, "rights",
                           rights_json(kind));
    json_array_append_new(list, json);
    return json;
}

/* 0: for ever. */
static void set_days(Json *json, const char *name, int64_t days)
{
    json_object_set_new(json, name, json_integer(days));
}

/* Not beyond `bound`. */
static void set_footage_days(Json *json, int64_t days, int64_t least, int64_t most, int64_t bound)
{
    set_days(json, "keep_days", MIN(days, bound));
    set_days(json, "keep_days_least", MIN(least, bound));
    set_days(json, "keep_days_most", MIN(most, bound));
}

/* Some cameras keep their footage for another time than the site does. Pictures of events go with
 * it. */
static void add_footage(Json *list, Site *site, const KeptCounts *kept)
{
    g_autoptr(GPtrArray) cameras = site_camera_list(site);
    int64_t days = site_number(site, SITE_VALUE_RETENTION_DAYS), least = days, most = days;
    int64_t audible = 0;
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *row = cameras->pdata[i];
        audible += row->audio;
        least = row->retention_days ? MIN(least, row->retention_days) : least;
        most = MAX(most, row->retention_days);
    }
    set_footage_days(add_kind(list, "footage", cameras->len), days, least, most, most);
    if (audible)
        set_days(add_kind(list, "audio", audible), "keep_days", days);
    set_footage_days(add_kind(list, "event-pictures", kept->event_pictures), days, least, most,
                     EVENTS_KEEP_US / DAY_US);
}

static int64_t accounts_count(People *people)
{
    g_autoptr(GArray) accounts = people_accounts(people);
    return accounts->len;
}

static Json *kinds_json(ApiContext *api, const KeptCounts *kept)
{
    Json *list = json_array();
    add_footage(list, api->site, kept);
    Json *reports = add_kind(list, "reports", kept->reports);
    set_days(reports, "keep_days", site_number(api->site, SITE_VALUE_REPORT_KEEP_DAYS));
    set_days(reports, "keep_rejected_days",
             site_number(api->site, SITE_VALUE_REPORT_KEEP_REJECTED_DAYS));
    set_days(reports, "persons", kept->reporters);
    set_days(reports, "files", kept->report_files);
    add_kind(list, "cases", kept->cases);
    add_kind(list, "packages", kept->packages);
    add_kind(list, "households", kept->households);
    set_days(add_kind(list, "household-files", kept->household_files), "keep_days",
             site_number(api->site, SITE_VALUE_GIVEN_KEEP_DAYS));
    add_kind(list, "accounts", accounts_count(api->people));
    add_kind(list, "audit", 0);
    return list;
}

/* ---- who got it ---- */

static void add_copies(Json *list, const PackageRow *row)
{
    char number[PACKAGE_COPY_NUMBER_TEXT];
    for (guint i = 0; i < row->copies->len && json_array_size(list) < HANDED_MOST; i++) {
        const PackageCopyRow *copy = &g_array_index(row->copies, PackageCopyRow, i);
        json_array_append_new(list,
                              json_pack("{s:s, s:s, s:s, s:s, s:o}", "number",
                                        package_copy_number(row, copy->n, number), "case",
                                        row->case_number, "receiver", copy->receiver, "medium",
                                        copy->medium, "at", json_time(copy->at_us)));
    }
}

static bool add_films(CatalogDb *db, Json *list, GError **error)
{
    char number[FILM_NUMBER_TEXT];
    const unsigned room = HANDED_MOST - (unsigned)json_array_size(list);
    g_autoptr(GPtrArray) rows = film_copies_list(db, room, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const FilmCopyRow *row = rows->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:o}", "number",
                                              film_number(row->year, row->seq, number), "case", "",
                                              "receiver", row->receiver, "medium", "film", "at",
                                              json_time(row->at_us)));
    }
    return rows != NULL;
}

/* The newest packages first, then redacted films, likewise. */
static Json *handed_json(CatalogDb *db, GError **error)
{
    const PackageQuery all = {.limit = HANDED_MOST};
    g_autoptr(GPtrArray) rows = packages_list(db, &all, error);
    if (!rows)
        return NULL;
    g_autoptr(Json) list = json_array();
    for (guint i = 0; i < rows->len; i++)
        add_copies(list, rows->pdata[i]);
    return add_films(db, list, error) ? g_steal_pointer(&list) : NULL;
}

/* ---- the whole ---- */

static void set_text(Json *json, const char *name, Site *site, SiteValue value)
{
    g_autofree char *text = site_value(site, value);
    json_object_set_new(json, name, json_string(text));
}

static Json *signs_json(Site *site, const KeptCounts *kept)
{
    g_autoptr(GPtrArray) cameras = site_camera_list(site);
    int64_t known = kept->signs + kept->signs_missing;
    return json_pack("{s:I, s:I, s:I}", "in_place", (json_int_t)kept->signs, "missing",
                     (json_int_t)kept->signs_missing, "unknown",
                     (json_int_t)MAX((int64_t)cameras->len - known, 0));
}

/* How often somebody saw a camera without them: what was approved, as far back as it is listed. */
static Json *masks_json(ApiContext *api)
{
    int64_t covered = 0, masks = 0, lifted = 0;
    g_autoptr(GPtrArray) cameras = site_camera_list(api->site);
    for (guint i = 0; i < cameras->len; i++) {
        const CameraRow *row = cameras->pdata[i];
        const unsigned count = masked_count(api, &row->id);
        covered += count > 0;
        masks += count;
    }
    g_autoptr(GPtrArray) liftings = masks_liftings(api->masks);
    for (guint i = 0; i < liftings->len; i++)
        lifted += ((const LiftingRow *)liftings->pdata[i])->approved;
    return json_pack("{s:I, s:I, s:I, s:I}", "cameras", (json_int_t)covered, "masks",
                     (json_int_t)masks, "lifted", (json_int_t)lifted, "lifted_days",
                     (json_int_t)(LIFTING_LISTED_US / DAY_US));
}

bool privacy_register_get(ApiCall *call, GError **error)
{
    KeptCounts kept;
    Site *site = call->api->site;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    Json *handed = db && kept_counts(db, &kept, error) ? handed_json(db, error) : NULL;
    if (!handed)
        return false;
    catalog_read_end(g_steal_pointer(&db));
    Json *json = json_pack("{s:o, s:o, s:o, s:I}", "at", json_time(clock_now_us()), "kinds",
                           kinds_json(call->api, &kept), "handed", handed, "handed_in_all",
                           (json_int_t)kept.copies);
    set_text(json, "site", site, SITE_VALUE_NAME);
    set_text(json, "purpose", site, SITE_VALUE_PRIVACY_PURPOSE);
    set_text(json, "basis", site, SITE_VALUE_PRIVACY_BASIS);
    set_text(json, "contact", site, SITE_VALUE_PUBLIC_CONTACT);
    json_object_set_new(json, "signs", signs_json(site, &kept));
    json_object_set_new(json, "masks", masks_json(call->api));
    json_object_set_new(json, "wishes",
                        json_pack("{s:I, s:I, s:I}", "waiting", (json_int_t)kept.wishes, "erased",
                                  (json_int_t)kept.erased, "answer_days",
                                  (json_int_t)site_number(site, SITE_VALUE_PRIVACY_ANSWER_DAYS)));
    json_object_set_new(json, "reason_after_s", json_integer(site_reason(site).after_s));
    call_audit(call, "privacy-register", NULL, NULL, "ok");
    return call_json(call, 200, json);
}
