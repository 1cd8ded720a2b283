/* household_photo.c — the photo of what a household's camera sees. */
#include "http/api/access.h"
#include "http/api/handlers.h"
#include "http/api/household_json.h"
#include "http/api/sent_file.h"

bool household_may_put_photo(ApiCall *call, GError **error)
{
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(HouseholdRow) row = household_find(call, ACTION_HOUSEHOLD_PEOPLE, error);
    return row != NULL;
}

bool household_put_photo(ApiCall *call, GError **error)
{
    ApiUpload *sent = call->request->upload;
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(HouseholdRow) row = household_find(call, ACTION_HOUSEHOLD_PEOPLE, error);
    if (!row)
        return false;
    if (!sent)
        return err_set(error, ERR_INVALID, "the body must be a picture");
    if (!sent_file_bare(sent, error))
        return false;
    const HouseholdUpload upload = {.path = sent->path,
                                    .bytes = sent->bytes,
                                    .sha256 = sent->sha256,
                                    .first = sent->first,
                                    .first_bytes = sent->first_bytes};
    if (!household_desk_keep_photo(call->api->households, &row->id, &upload, error))
        return false;
    sent->taken = true;
    call_audit(call, "household-photo-add", call->params[0], NULL, "ok");
    return call_empty(call);
}

/* In a box of sand, whatever it is. */
bool household_get_photo(ApiCall *call, GError **error)
{
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    g_autoptr(HouseholdRow) row = household_find(call, ACTION_HOUSEHOLDS, error);
    int fd = row ? household_desk_open_photo(call->api->households, row, error) : -1;
    if (fd < 0)
        return false;
    call_audit(call, "household-photo", call->params[0], NULL, "ok");
    return access_sent_file(call, fd, row->photo_bytes, row->photo_type, row->photo_sha256);
}
