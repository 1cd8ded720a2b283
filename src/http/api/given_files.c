/* given_files.c — what a household gave, looked at by whoever works on the case: the household sees
 * each look, and can end them. */
#include "household/footage_given.h"

#include "base/file.h"
#include "household/given_marks.h"
#include "http/api/access.h"
#include "http/api/case_json.h"
#include "http/api/handlers.h"

#include <string.h>
#include <unistd.h>

#define CHECK_US (5 * SECOND_US)

/* A film on its way to an officer. */
typedef struct Showing {
    HouseholdDesk *desk;
    Uuid id;
    int fd;
    int64_t checked_us; /* monotonic */
} Showing;

/* What is taken back meanwhile ends here. */
static bool read_shown(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    Showing *showing = data;
    int64_t now_us = clock_mono_us();
    if (now_us - showing->checked_us >= CHECK_US) {
        showing->checked_us = now_us;
        if (!given_stands(showing->desk, &showing->id, error))
            return false;
    }
    return fd_read_at(showing->fd, bytes, size, (off_t)offset, error);
}

static void free_shown(void *data)
{
    Showing *showing = data;
    close(showing->fd);
    g_free(showing);
}

static VirtualFile *shown(HouseholdDesk *desk, const HouseholdFileRow *row, int fd)
{
    char digest[SHA256_HEX];
    Showing *showing = g_new0(Showing, 1);
    *showing = (Showing){desk, row->id, fd, clock_mono_us()};
    VirtualFile *body = g_new0(VirtualFile, 1);
    *body = (VirtualFile){.size = (uint64_t)row->bytes,
                          .type = file_kind_type(file_kind_of_type(row->type)),
                          .data = showing,
                          .read = read_shown,
                          .free = free_shown};
    hex_encode(row->sha256, sizeof row->sha256, digest);
    g_snprintf(body->etag, sizeof body->etag, "\"%s\"", digest);
    return body;
}

bool given_file_get(ApiCall *call, GError **error)
{
    Uuid id, me = call_maker(call);
    HouseholdFileRow row;
    GivenLook look = {.who = &me, .role = role_text(call->identity.role)};
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!call_id(call, "file", &id, error))
        return false;
    int fd = given_open(call->api->households, &id, &look, &row, error);
    g_autofree char *case_number = look.case_number;
    if (fd < 0)
        return false;
    if (!look.again)
        call_audit(call, "household-file", call->params[0], case_number, "ok");
    return access_sent_body(call, shown(call->api->households, &row, fd));
}

/* Of the case that it was asked for, whose number is returned; owned. */
static char *number_of(const ApiCall *call, const Uuid *id, GError **error)
{
    HouseholdFileRow row;
    Uuid household, request;
    char *number = NULL;
    g_autoptr(CatalogDb) db = catalog_read(call->api->catalog, error);
    return db && household_files_get(db, id, &row, &household, &request, &number, error) ? number
                                                                                         : NULL;
}

/* Evidence is an item of its case, once. Into a case that is over nothing goes: it is kept all the
 * same. */
static bool put_into_case(ApiCall *call, const char *number, const HouseholdFileRow *row,
                          const Uuid *request, GError **error)
{
    Uuid me = call_maker(call);
    CaseRefusal refusal = CASE_FINE;
    char file[UUID_TEXT], of[UUID_TEXT], digest[SHA256_HEX];
    GError *trouble = NULL;
    CaseDesk *desk = case_desk_of(call, error);
    g_autoptr(CaseRow) found = desk ? case_desk_find(desk, number, error) : NULL;
    if (!found)
        return false;
    hex_encode(row->sha256, sizeof row->sha256, digest);
    const CaseItemTold told = {.kind = CASE_ITEM_GIVEN,
                               .thing = uuid_text(&row->id, file),
                               .request = uuid_text(request, of),
                               .sha256 = digest,
                               .type = row->type,
                               .bytes = row->bytes};
    g_autoptr(CaseItemRow) item = NULL;
    g_autoptr(CaseRow) after =
        case_desk_put(desk, &found->id, &told, &me, &item, &refusal, &trouble);
    if (after) {
        case_audit_item(call, "case-item", after, item);
        return true;
    }
    if (refusal != CASE_REFUSED_OVER && refusal != CASE_REFUSED_DONE)
        return case_answer_refusal(call, refusal, trouble, error);
    g_clear_error(&trouble);
    return true;
}

bool given_file_keep(ApiCall *call, GError **error)
{
    Uuid id, request;
    HouseholdFileRow row;
    if (!call->api->households)
        return err_set(error, ERR_UNAVAILABLE, "no server is running");
    if (!call_id(call, "file", &id, error) ||
        !given_keep_as_evidence(call->api->households, &id, &row, &request, error))
        return false;
    call_audit(call, GIVEN_KEEP_ACTION, call->params[0], NULL, "ok");
    g_autofree char *number = number_of(call, &id, error);
    return number && put_into_case(call, number, &row, &request, error) && call_empty(call);
}
