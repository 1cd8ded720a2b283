#include "http/api/package_json.h"

#include "http/api/audit_names.h"
#include "media/redaction.h"

#include <string.h>

PackageDesk *package_desk_of(const ApiCall *call, GError **error)
{
    if (!call->api->packages)
        err_set(error, ERR_UNAVAILABLE, "packages are made by the running server only");
    return call->api->packages;
}

bool package_may_see(void *data, const PackageRow *row)
{
    const ApiCall *call = data;
    if (row->given->len > 0 && !rights_allow(call->identity.role, ACTION_HOUSEHOLD_ASK))
        return false;
    for (guint i = 0; i < row->cameras->len; i++) {
        g_autoptr(CameraRow) camera =
            site_camera_known(call->api->site, &g_array_index(row->cameras, Uuid, i));
        if (!call_may(call, ACTION_EXPORT, camera))
            return false;
    }
    for (guint i = 0; i < row->certificates->len; i++)
        if (!package_may_see(data, row->certificates->pdata[i]))
            return false;
    return true;
}

PackageRow *package_find(ApiCall *call, GError **error)
{
    Uuid id;
    if (!call_id(call, "package", &id, error))
        return NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    g_autoptr(PackageRow) row = db ? packages_get(db, &id, error) : NULL;
    if (!row || package_may_see(call, row))
        return g_steal_pointer(&row);
    err_set(error, ERR_NOT_FOUND, "no such package");
    return NULL;
}

char *package_copy_number(const PackageRow *row, int n, char text[PACKAGE_COPY_NUMBER_TEXT])
{
    char number[PACKAGE_NUMBER_TEXT];
    g_snprintf(text, PACKAGE_COPY_NUMBER_TEXT, "%s/%d", package_number(row, number), n);
    return text;
}

static void set_text(Json *json, const char *name, const char *text)
{
    if (*text)
        json_object_set_new(json, name, json_string(text));
}

static void set_time(Json *json, const char *name, int64_t time_us)
{
    if (time_us)
        json_object_set_new(json, name, json_time(time_us));
}

static Json *cameras_json(const PackageRow *row)
{
    char id[UUID_TEXT];
    Json *list = json_array();
    for (guint i = 0; i < row->cameras->len; i++)
        json_array_append_new(list,
                              json_string(uuid_text(&g_array_index(row->cameras, Uuid, i), id)));
    return list;
}

/* What is made unrecognisable in which copies: so much that whoever approves knows what to look
 * for. */
static Json *redacted_json(const PackageRow *row)
{
    Json *list = json_array();
    g_autoptr(GPtrArray) all = redactions_parse(row->redactions, strlen(row->redactions));
    for (guint i = 0; all && i < all->len; i++) {
        char id[UUID_TEXT];
        const Redaction *one = all->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:i, s:b}", "camera",
                                              uuid_text(&one->camera, id), "from",
                                              json_time(one->from_us), "to", json_time(one->to_us),
                                              "boxes", (int)one->boxes->len, "sound", one->sound));
    }
    return list;
}

/* What households gave that goes along. */
static Json *given_json(const PackageRow *row)
{
    Json *list = json_array();
    for (guint i = 0; i < row->given->len; i++) {
        char id[UUID_TEXT], digest[SHA256_HEX];
        const PackageGivenRow *one = &g_array_index(row->given, PackageGivenRow, i);
        hex_encode(one->sha256, sizeof one->sha256, digest);
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:s, s:b}", "file",
                                              uuid_text(&one->file, id), "type", one->type, "size",
                                              (json_int_t)one->bytes, "sha256", digest,
                                              "taken_back", !one->stands));
    }
    return list;
}

/* Negative certificates that go along. */
static Json *certificates_json(const PackageRow *row)
{
    Json *list = json_array();
    const int64_t now_us = clock_now_us();
    for (guint i = 0; i < row->certificates->len; i++) {
        char id[UUID_TEXT], number[PACKAGE_NUMBER_TEXT];
        const PackageRow *one = row->certificates->pdata[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:b}", "id",
                                              uuid_text(&one->id, id), "number",
                                              package_number(one, number), "verdict", one->verdict,
                                              "manifest", one->manifest, "from",
                                              json_time(one->from_us), "to", json_time(one->to_us),
                                              "refused", !package_certificate_stands(one, now_us)));
    }
    return list;
}

static Json *copy_json(const ApiCall *call, const PackageRow *row, const PackageCopyRow *copy)
{
    char number[PACKAGE_COPY_NUMBER_TEXT];
    Json *json = json_pack("{s:i, s:s, s:s, s:s, s:o, s:o}", "n", copy->n, "number",
                           package_copy_number(row, copy->n, number), "receiver", copy->receiver,
                           "medium", copy->medium, "by", audit_actor_json(call->api, &copy->by),
                           "at", json_time(copy->at_us));
    set_text(json, "seal", copy->seal ? copy->seal : "");
    set_text(json, "hash", copy->hash ? copy->hash : "");
    set_time(json, "until", copy->until_us);
    set_time(json, "ended_at", copy->ended_us);
    if (copy->downloads_most) {
        json_object_set_new(json, "downloads", json_integer(copy->downloads));
        json_object_set_new(json, "downloads_most", json_integer(copy->downloads_most));
        json_object_set_new(json, "lives",
                            json_boolean(package_link_lives(row, copy, clock_now_us()) &&
                                         copy->downloads < copy->downloads_most));
    }
    return json;
}

/* Of the newest copy onto a stick, while it is written and when it failed. */
static void set_usb(const ApiCall *call, Json *json, const PackageRow *row)
{
    PackageUsbState usb;
    if (!call->api->packages || !package_desk_usb_state(call->api->packages, &row->id, &usb) ||
        (!usb.copying && !usb.error[0]))
        return;
    Json *state = json_pack("{s:b, s:I, s:I}", "copying", usb.copying, "done",
                            (json_int_t)usb.done_bytes, "total", (json_int_t)usb.total_bytes);
    set_text(state, "error", usb.error);
    json_object_set_new(json, "usb", state);
}

static void set_course(const ApiCall *call, Json *json, const PackageRow *row)
{
    double redacted;
    int64_t done_bytes, total_bytes;
    if (row->decided_us) {
        json_object_set_new(json, "decided_by", audit_actor_json(call->api, &row->decided_by));
        json_object_set_new(json, "decided_at", json_time(row->decided_us));
    }
    set_text(json, "words", row->words);
    set_text(json, "error", row->trouble);
    set_time(json, "made_at", row->manifest[0] ? row->made_us : 0);
    if (row->manifest[0]) {
        set_text(json, "manifest", row->manifest);
        set_text(json, "verdict", row->verdict);
        json_object_set_new(json, "size", json_integer(row->bytes));
        json_object_set_new(json, "gaps", json_integer(row->gaps));
        json_object_set_new(json, "gap_s", json_real((double)row->gap_us / SECOND_US));
    }
    set_usb(call, json, row);
    if (call->api->packages &&
        package_desk_progress(call->api->packages, &row->id, &redacted, &done_bytes, &total_bytes))
        json_object_set_new(json, "progress",
                            json_pack("{s:f, s:I, s:I}", "redacted", redacted, "done",
                                      (json_int_t)done_bytes, "total", (json_int_t)total_bytes));
}

Json *package_json(const ApiCall *call, const PackageRow *row)
{
    char id[UUID_TEXT], number[PACKAGE_NUMBER_TEXT];
    Json *copies = json_array();
    for (guint i = 0; i < row->copies->len; i++)
        json_array_append_new(copies,
                              copy_json(call, row, &g_array_index(row->copies, PackageCopyRow, i)));
    Json *json = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:o, s:o, s:o}", "id",
                           uuid_text(&row->id, id), "number", package_number(row, number), "case",
                           row->case_number, "reason", row->reason, "state", row->state, "approval",
                           row->approval, "approved", row->approved, "may_leave",
                           package_may_leave(row, clock_now_us()), "cameras", cameras_json(row),
                           "asked_by", audit_actor_json(call->api, &row->by), "copies", copies);
    set_text(json, "basis", row->basis);
    json_object_set_new(json, "redacted", redacted_json(row));
    json_object_set_new(json, "given", given_json(row));
    json_object_set_new(json, "certificates", certificates_json(row));
    if (row->unmasked)
        json_object_set_new(json, "unmasked", json_true());
    json_object_set_new(json, "certificate", json_boolean(*row->regions != '\0'));
    json_object_set_new(json, "asked_at", json_time(row->asked_us));
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to", json_time(row->to_us));
    set_course(call, json, row);
    return json;
}
