#include "http/api/masked.h"

#include "config/masks.h"
#include "config/site.h"
#include "http/problem.h"
#include "media/rtsp_url.h"

#include <string.h>

static void note_lifting(ApiCall *call, const Uuid *lifting)
{
    char id[UUID_TEXT];
    if (strstr(call->reason, uuid_text(lifting, id)))
        return;
    g_autofree char *before = g_strdup(call->reason);
    g_snprintf(call->reason, sizeof call->reason, "unmasked %s%s%s", id, *before ? "; " : "",
               before);
}

/* `*lifted`: whoever calls sees without masks, by this lifting. */
static MaskSet *covering(const ApiCall *call, const MaskedAsk *asked, bool *lifted, Uuid *lifting)
{
    g_autoptr(MaskSet) masks =
        masks_over(call->api->masks, &asked->camera, asked->from_us, asked->to_us);
    *lifted = masks && !asked->leaving &&
              masks_lifted(call->api->masks, &asked->camera, &call->identity.account, lifting);
    return *lifted ? NULL : g_steal_pointer(&masks);
}

static MaskSet *ask(ApiCall *call, MaskedAsk asked)
{
    bool lifted;
    Uuid lifting;
    MaskSet *masks = covering(call, &asked, &lifted, &lifting);
    if (lifted)
        note_lifting(call, &lifting);
    asked.key = mask_set_key(masks);
    call->masks = asked;
    call->masked = true;
    return masks;
}

MaskSet *masked_leaving(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    return ask(call, (MaskedAsk){*camera, from_us, to_us, .leaving = true});
}

void masked_no_camera(ApiCall *call)
{
    call->masked = true;
}

MaskSet *masked_for(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    return ask(call, (MaskedAsk){*camera, from_us, to_us, .leaving = false});
}

bool masked_is_stale(const ApiCall *call)
{
    bool lifted;
    Uuid lifting;
    g_autoptr(MaskSet) now = covering(call, &call->masks, &lifted, &lifting);
    return now && mask_set_key(now) != call->masks.key;
}

bool masked_refused(ApiCall *call, MaskSet *masks, const char *instead)
{
    if (masks)
        problem_set(call->response, 409, "masked",
                    "this camera has privacy masks, and its pictures do not leave without them: %s",
                    instead);
    const bool refused = masks != NULL;
    mask_set_unref(masks);
    return refused;
}

/* ---- files that are read for a while ---- */

typedef struct Guard {
    VirtualFile inner;
    Masks *masks;
    Uuid camera, account;
    int64_t from_us, to_us;
    uint64_t key;
} Guard;

static bool read_guarded(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    const Guard *guard = data;
    Uuid lifting;
    g_autoptr(MaskSet) masks =
        masks_over(guard->masks, &guard->camera, guard->from_us, guard->to_us);
    if (masks && mask_set_key(masks) != guard->key &&
        !masks_lifted(guard->masks, &guard->camera, &guard->account, &lifting))
        return err_set(error, ERR_DENIED, "this camera has privacy masks now");
    return guard->inner.read(guard->inner.data, offset, bytes, size, error);
}

static void drop_guarded(void *data)
{
    Guard *guard = data;
    guard->inner.free(guard->inner.data);
    g_free(guard);
}

VirtualFile *masked_guard(ApiCall *call, VirtualFile *file, const MaskedFile *of)
{
    Guard *guard = g_new(Guard, 1);
    *guard = (Guard){*file,       call->api->masks, *of->camera, call->identity.account,
                     of->from_us, of->to_us,        of->key};
    file->data = guard;
    file->read = read_guarded;
    file->free = drop_guarded;
    return file;
}

/* ---- live ---- */

/* What is shown was captured a moment ago. */
#define MOMENT_US (10 * SECOND_US)

MaskSet *masked_live(ApiContext *api, const Identity *who, const Uuid *camera, bool *lifted)
{
    Uuid lifting;
    g_autoptr(MaskSet) masks =
        masks_over(api->masks, camera, clock_now_us() - MOMENT_US, INT64_MAX);
    *lifted = masks && masks_lifted(api->masks, camera, &who->account, &lifting);
    return *lifted ? NULL : g_steal_pointer(&masks);
}

char *masked_lifting(ApiContext *api, const Identity *who, const Uuid *camera)
{
    Uuid lifting;
    char id[UUID_TEXT];
    if (!masks_lifted(api->masks, camera, &who->account, &lifting))
        return NULL;
    return g_strconcat("unmasked ", uuid_text(&lifting, id), NULL);
}

unsigned masked_count(ApiContext *api, const Uuid *camera)
{
    g_autoptr(MaskSet) masks = masks_over(api->masks, camera, INT64_MAX, INT64_MAX);
    return mask_set_count(masks);
}

static bool is_at(const char *address, const char *host)
{
    g_autoptr(RtspUrl) url = address ? rtsp_url_parse(address, NULL) : NULL;
    return url && g_ascii_strcasecmp(url->host, host) == 0;
}

bool masked_host(ApiCall *call, const char *url)
{
    g_autoptr(RtspUrl) asked = rtsp_url_parse(url, NULL);
    g_autoptr(GPtrArray) rows = site_camera_list(call->api->site);
    call->masked = true;
    for (guint i = 0; asked && i < rows->len; i++) {
        const CameraRow *row = rows->pdata[i];
        if ((is_at(row->url, asked->host) || is_at(row->sub_url, asked->host)) &&
            masked_count(call->api, &row->id) > 0)
            return true;
    }
    return false;
}
