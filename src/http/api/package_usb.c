/* package_usb.c — copies of packages onto sticks: which there are, and one that is begun. */
#include "http/api/package_json.h"

#include "http/api/access.h"
#include "http/api/handlers.h"
#include "http/problem.h"

enum { SEAL_MOST = 60 };

bool handover_volumes(ApiCall *call, GError **error)
{
    PackageDesk *desk = package_desk_of(call, error);
    if (!desk)
        return false;
    Json *items = json_array();
    g_autoptr(GPtrArray) volumes = package_desk_usb_volumes(desk);
    for (guint i = 0; i < volumes->len; i++) {
        const UsbVolume *one = volumes->pdata[i];
        json_array_append_new(items, json_pack("{s:s, s:I, s:I}", "name", one->name, "free",
                                               (json_int_t)one->free_bytes, "total",
                                               (json_int_t)one->total_bytes));
    }
    return call_json(call, 200, json_pack("{s:o}", "items", items));
}

static bool read_text(const Json *body, const char *name, long least, long most, char **kept,
                      GError **error)
{
    const char *text = NULL;
    if (!json_get_text(body, name, &text, error))
        return false;
    *kept = g_strstrip(g_strdup(text ? text : ""));
    return access_check_words(name, *kept, least, most, error);
}

static bool answer_trouble(ApiCall *call, GError *trouble)
{
    g_autoptr(GError) owned = trouble;
    const bool away = g_error_matches(trouble, ERR, ERR_NOT_FOUND);
    const bool busy = g_error_matches(trouble, ERR, ERR_UNAVAILABLE);
    problem_set(call->response, 409,
                away   ? "stick-away"
                : busy ? "stick-busy"
                       : "may-not-leave",
                "%s", trouble->message);
    return true;
}

/* The record of the hand-over is written, with its line of the log, when the stick was read back.
 */
bool package_to_usb(ApiCall *call, GError **error)
{
    static const char *const members[] = {"volume", "receiver", "seal", NULL};
    GError *trouble = NULL;
    g_autofree char *volume = NULL, *receiver = NULL, *seal = NULL;
    const Json *body = call_body(call, members, error);
    PackageDesk *desk = body ? package_desk_of(call, error) : NULL;
    if (!desk || !read_text(body, "volume", 1, USB_NAME_MOST, &volume, error) ||
        !read_text(body, "receiver", 3, PACKAGE_RECEIVER_MOST, &receiver, error) ||
        !read_text(body, "seal", 0, SEAL_MOST, &seal, error))
        return false;
    const PackageHanding handing = {.receiver = receiver,
                                    .volume = volume,
                                    .seal = seal,
                                    .by = call_maker(call),
                                    .role = role_text(call->identity.role)};
    g_autoptr(PackageRow) row = package_find(call, error);
    if (!row)
        return false;
    if (!package_desk_usb_start(desk, row, &handing, &trouble))
        return answer_trouble(call, trouble);
    access_told(call, row->reason);
    call_audit(call, "package-usb", call->params[0], NULL, "ok");
    return call_json(call, 202, package_json(call, row));
}
