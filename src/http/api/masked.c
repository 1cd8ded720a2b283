#include "http/api/masked.h"

#include "config/masks.h"
#include "http/problem.h"

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

MaskSet *masked_for(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us)
{
    Uuid lifting;
    g_autoptr(MaskSet) masks = masks_over(call->api->masks, camera, from_us, to_us);
    if (!masks || !masks_lifted(call->api->masks, camera, &call->identity.account, &lifting))
        return g_steal_pointer(&masks);
    note_lifting(call, &lifting);
    return NULL;
}

bool masked_refused(ApiCall *call, const Uuid *camera, int64_t from_us, int64_t to_us,
                    const char *instead)
{
    g_autoptr(MaskSet) masks = masked_for(call, camera, from_us, to_us);
    if (masks)
        problem_set(call->response, 409, "masked",
                    "this camera has privacy masks, and its pictures do not leave without them: %s",
                    instead);
    return masks != NULL;
}

unsigned masked_count(ApiContext *api, const Uuid *camera)
{
    g_autoptr(MaskSet) masks = masks_over(api->masks, camera, INT64_MAX, INT64_MAX);
    return mask_set_count(masks);
}
