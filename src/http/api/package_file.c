#include "http/api/package_file.h"

#include "base/file.h"
#include "base/secret.h"
#include "http/api/access.h"
#include "http/api/package_json.h"

#include <unistd.h>

typedef struct Sending {
    PackageDesk *desk;
    Uuid id;
    char *ticket; /* NULL: by an account */
    int fd;
} Sending;

static bool may_go_on(const Sending *sending, size_t size, GError **error)
{
    int n;
    if (!sending->ticket)
        return package_desk_still(sending->desk, &sending->id) ||
               err_set(error, ERR_DENIED, "the package may not leave any more");
    g_autoptr(PackageRow) row =
        package_desk_ticket(sending->desk, sending->ticket, size, &n, error);
    return row != NULL;
}

static bool read_sent(void *data, uint64_t offset, void *bytes, size_t size, GError **error)
{
    const Sending *sending = data;
    return may_go_on(sending, size, error) &&
           fd_read_at(sending->fd, bytes, size, (off_t)offset, error);
}

static void free_sent(void *data)
{
    Sending *sending = data;
    close(sending->fd);
    secret_free(sending->ticket);
    g_free(sending);
}

bool package_send(ApiCall *call, const PackageRow *row, int n, const char *ticket, GError **error)
{
    int64_t bytes;
    char number[PACKAGE_NUMBER_TEXT];
    PackageDesk *desk = call->api->packages;
    int fd = package_desk_file(desk, &row->id, &bytes, error);
    if (fd < 0)
        return false;
    Sending *sending = g_new(Sending, 1);
    *sending = (Sending){desk, row->id, g_strdup(ticket), fd};
    VirtualFile *file = g_new0(VirtualFile, 1);
    *file = (VirtualFile){.size = (uint64_t)bytes,
                          .type = "application/zip",
                          .data = sending,
                          .read = read_sent,
                          .free = free_sent};
    g_snprintf(file->etag, sizeof file->etag, "\"%.64s\"", row->manifest);
    access_told(call, row->reason);
    call_header(
        call, "content-disposition",
        g_strdup_printf("attachment; filename=\"%s-%d.zip\"", package_number(row, number), n));
    call_header(call, "cache-control", g_strdup("private, no-cache"));
    return call_file(call, file);
}
