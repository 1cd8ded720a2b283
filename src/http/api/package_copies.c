/* package_copies.c — copies of an evidence package: handed over with a number and a receiver,
 * fetched, and the page of a link, for which nobody needs an account. */
#include "http/api/package_json.h"

#include "base/secret.h"
#include "http/api/access.h"
#include "http/api/handlers.h"
#include "http/api/package_case.h"
#include "http/api/package_file.h"
#include "http/problem.h"

#include <string.h>

/* ---- handing over ---- */

static bool read_link(const Json *body, PackageHanding *handing, GError **error)
{
    int64_t days = 0, downloads = 0;
    const Json *link = json_object_get(body, "link");
    if (strcmp(handing->medium, PACKAGE_BY_LINK) != 0)
        return !link || err_set(error, ERR_INVALID, "‘link’ is for the medium ‘link’");
    if (!json_is_object(link))
        return err_set(error, ERR_INVALID, "‘link’ is needed, with ‘days’ and ‘downloads’");
    if (!json_get_int(link, "days", &days, error) ||
        !json_get_int(link, "downloads", &downloads, error))
        return false;
    if (days < 1 || days > PACKAGE_LINK_DAYS_MOST || downloads < 1 ||
        downloads > PACKAGE_LINK_DOWNLOADS_MOST)
        return err_set(error, ERR_INVALID, "‘link’ takes 1 to %d days and 1 to %d downloads",
                       PACKAGE_LINK_DAYS_MOST, PACKAGE_LINK_DOWNLOADS_MOST);
    handing->days = (int)days;
    handing->downloads = (int)downloads;
    return true;
}

static bool read_handing(const Json *body, PackageHanding *handing, char **receiver, GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, "receiver", &text, error) ||
        !json_get_text(body, "medium", &handing->medium, error))
        return false;
    handing->receiver = *receiver = g_strstrip(g_strdup(text ? text : ""));
    if (!handing->medium || (strcmp(handing->medium, PACKAGE_BY_LINK) != 0 &&
                             strcmp(handing->medium, PACKAGE_BY_DOWNLOAD) != 0))
        return err_set(
            error, ERR_INVALID,
            "‘medium’ must be download or link; onto a stick there is a route of its own");
    return access_check_words("receiver", *receiver, 3, PACKAGE_RECEIVER_MOST, error) &&
           read_link(body, handing, error) && package_read_key(body, &handing->key, error);
}

/* The record of a hand-over: which copy, how, and the hash that tells the package; who has it
 * stands with the package. */
static void audit_handing(ApiCall *call, const PackageRow *row, const PackageCopyRow *copy)
{
    Changes changes = {0};
    access_told(call, row->reason);
    changes_int(&changes, "copy", 0, copy->n);
    changes_text(&changes, "medium", "", copy->medium);
    changes_text(&changes, "manifest", "", row->manifest);
    changes_hidden(&changes, "receiver", "", copy->receiver);
    call_audit_changes(call, "package-hand", call->params[0], &changes);
}

static bool refuse_handing(ApiCall *call, const PackageHanded *handed, GError *trouble,
                           GError **error)
{
    if (!handed->occupied) {
        g_propagate_error(error, trouble);
        return false;
    }
    problem_set(call->response, 409, "handed-before", "%s", trouble->message);
    g_error_free(trouble);
    return true;
}

bool package_hand(ApiCall *call, GError **error)
{
    static const char *const members[] = {"receiver", "medium", "link", "key", NULL};
    PackageHanded handed = {0};
    GError *trouble = NULL;
    g_autofree char *receiver = NULL;
    PackageHanding handing = {.by = call_maker(call), .role = role_text(call->identity.role)};
    const Json *body = call_body(call, members, error);
    PackageDesk *desk = body ? package_desk_of(call, error) : NULL;
    g_autoptr(PackageRow) seen =
        desk && read_handing(body, &handing, &receiver, error) ? package_find(call, error) : NULL;
    if (!seen)
        return false;
    g_autoptr(PackageRow) row = package_desk_hand(desk, &seen->id, &handing, &handed, &trouble);
    secret_auto char *secret = handed.secret;
    if (!row)
        return refuse_handing(call, &handed, trouble, error);
    if (!handed.again)
        audit_handing(call, row, package_copy(row, handed.n));
    package_case_left(call, row);
    Json *json = json_pack("{s:i, s:o}", "n", handed.n, "package", package_json(call, row));
    if (secret)
        json_object_set_new(json, "link", json_sprintf("/ban-giao#%s", secret));
    return call_json(call, 201, json);
}

static bool read_n(const char *text, int *n, GError **error)
{
    gint64 number = 0;
    bool well = text && g_ascii_string_to_signed(text, 10, 1, PACKAGE_COPIES_MOST, &number, NULL);
    *n = (int)number;
    return well || err_set(error, ERR_NOT_FOUND, "the package has no such copy");
}

bool package_end_link(ApiCall *call, GError **error)
{
    int n = 0;
    Changes changes = {0};
    PackageDesk *desk = package_desk_of(call, error);
    g_autoptr(PackageRow) seen =
        desk && read_n(call->params[1], &n, error) ? package_find(call, error) : NULL;
    g_autoptr(PackageRow) row = seen ? package_desk_end_link(desk, &seen->id, n, error) : NULL;
    if (!row)
        return false;
    changes_int(&changes, "copy", n, 0);
    call_audit_changes(call, "package-end-link", call->params[0], &changes);
    return call_json(call, 200, package_json(call, row));
}

/* ---- fetching ---- */

static void audit_fetch(ApiCall *call, const char *action, const PackageRow *row, int n)
{
    char id[UUID_TEXT];
    Changes changes = {0};
    access_told(call, row->reason);
    changes_int(&changes, "copy", 0, n);
    call_audit_changes(call, action, uuid_text(&row->id, id), &changes);
}

/* By whoever wrote down to whom the copy goes. */
bool package_get_file(ApiCall *call, GError **error)
{
    int n = 0;
    Uuid me = call_maker(call);
    PackageDesk *desk = package_desk_of(call, error);
    g_autoptr(PackageRow) row = desk ? package_find(call, error) : NULL;
    if (!row || !read_n(call_query(call, "copy"), &n, error))
        return false;
    const PackageCopyRow *copy = package_copy(row, n);
    if (!copy || strcmp(copy->medium, PACKAGE_BY_DOWNLOAD) != 0 || !uuid_equal(&copy->by, &me))
        return err_set(error, ERR_NOT_FOUND, "you have handed over no such copy by download");
    if (!package_may_leave(row, clock_now_us())) {
        problem_set(call->response, 409, "may-not-leave",
                    "this package may not leave: it is not approved, or gone");
        return true;
    }
    audit_fetch(call, "package-get", row, n);
    return package_send(call, row, n, NULL, error);
}

/* ---- proofs that come later ---- */

static bool answer_none(ApiCall *call, GError *trouble)
{
    g_autoptr(GError) owned = trouble;
    bool later = g_error_matches(trouble, ERR, ERR_UNAVAILABLE);
    problem_set(call->response, 409, later ? "no-day-root" : "has-days", "%s", trouble->message);
    return true;
}

/* A few kB for whoever has a copy: what leads it up to the roots of its days. */
bool package_get_days(ApiCall *call, GError **error)
{
    char number[PACKAGE_NUMBER_TEXT];
    g_autoptr(GError) trouble = NULL;
    PackageDesk *desk = package_desk_of(call, error);
    g_autoptr(PackageRow) row = desk ? package_find(call, error) : NULL;
    if (!row)
        return false;
    if (!package_may_leave(row, clock_now_us())) {
        problem_set(call->response, 409, "may-not-leave",
                    "this package may not leave: it is not approved, or gone");
        return true;
    }
    if (*row->regions || row->cameras->len == 0)
        return err_set(error, ERR_NOT_FOUND, "it has no footage that a root could prove");
    g_autoptr(GString) lines = package_desk_days(desk, &row->id, &trouble);
    if (!lines && (g_error_matches(trouble, ERR, ERR_UNAVAILABLE) ||
                   g_error_matches(trouble, ERR, ERR_EXISTS)))
        return answer_none(call, g_steal_pointer(&trouble));
    if (!lines) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    access_told(call, row->reason);
    call_audit(call, "package-days", call->params[0], NULL, "ok");
    call_header(
        call, "content-disposition",
        g_strdup_printf("attachment; filename=\"%s-days.jsonl\"", package_number(row, number)));
    call_header(call, "cache-control", g_strdup("private, no-cache"));
    call->response->status = 200;
    call->response->type = "application/jsonl";
    call->response->bytes = buffer_copy(lines->str, lines->len);
    return true;
}

/* ---- the page of a link ---- */

static bool answer_wait(ApiCall *call, PackageDesk *desk)
{
    int64_t wait_us = package_desk_link_wait_us(desk, call->request->address);
    if (!wait_us)
        return false;
    problem_set(call->response, 429, NULL, "too many look: try again in a moment");
    call_header(call, "retry-after", g_strdup_printf("%d", (int)(wait_us / SECOND_US) + 1));
    return true;
}

static Json *followed_json(const ApiCall *call, const PackageRow *row, int n)
{
    char number[PACKAGE_COPY_NUMBER_TEXT];
    const PackageCopyRow *copy = package_copy(row, n);
    Site *site = call->api->site;
    g_autofree char *name = site_name(site), *zone = site_time_zone(site),
                    *language = site_language(site);
    Json *json =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:I, s:s, s:i}", "number",
                  package_copy_number(row, n, number), "case", row->case_number, "receiver",
                  copy->receiver, "site", name, "time_zone", zone, "language", language, "cameras",
                  (int)row->cameras->len, "size", (json_int_t)row->bytes, "manifest", row->manifest,
                  "downloads_left", MAX(copy->downloads_most - copy->downloads, 0));
    json_object_set_new(json, "from", json_time(row->from_us));
    json_object_set_new(json, "to", json_time(row->to_us));
    json_object_set_new(json, "handed_at", json_time(copy->at_us));
    json_object_set_new(json, "until", json_time(copy->until_us));
    return json;
}

bool handover_follow(ApiCall *call, GError **error)
{
    static const char *const members[] = {"secret", "download", NULL};
    int n = 0;
    bool download = false;
    char *given = NULL;
    const char *secret = NULL;
    const Json *body = call_body(call, members, error);
    PackageDesk *desk = body ? package_desk_of(call, error) : NULL;
    if (!desk || !json_get_text(body, "secret", &secret, error) ||
        !json_get_bool(body, "download", &download, error))
        return false;
    if (answer_wait(call, desk))
        return true;
    g_autoptr(PackageRow) row =
        package_desk_follow(desk, secret ? secret : "", &n, download ? &given : NULL, error);
    secret_auto char *ticket = given;
    if (!row)
        return false;
    Json *json = followed_json(call, row, n);
    if (ticket) {
        audit_fetch(call, "package-fetch", row, n);
        json_object_set_new(json, "file", json_sprintf("/api/v1/public/handover/%s/file", ticket));
    }
    return call_json(call, 200, json);
}

bool handover_file(ApiCall *call, GError **error)
{
    int n = 0;
    PackageDesk *desk = package_desk_of(call, error);
    g_autoptr(PackageRow) row =
        desk ? package_desk_ticket(desk, call->params[0], 0, &n, error) : NULL;
    return row && package_send(call, row, n, call->params[0], error);
}
