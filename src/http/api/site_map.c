#include "config/site_map.h"

#include "base/file.h"
#include "http/api/handlers.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool map_get(ApiCall *call, GError **error)
{
    struct stat facts;
    const char *path = call->api->map_file;
    fd_auto int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT)
        return call_json(call, 200,
                         json_pack("{s:s, s:[]}", "type", "FeatureCollection", "features"));
    if (fd < 0 || fstat(fd, &facts) != 0)
        return err_errno(error, errno, "the site's map %s cannot be read", path);
    VirtualFile *file =
        virtual_file_of_fd(g_steal_fd(&fd), (uint64_t)facts.st_size, "application/geo+json");
    g_snprintf(file->etag, sizeof file->etag, "\"%llx-%llx-%llx\"",
               (unsigned long long)facts.st_mtim.tv_sec, (unsigned long long)facts.st_mtim.tv_nsec,
               (unsigned long long)facts.st_size);
    call_header(call, "cache-control", g_strdup("private, no-cache"));
    return call_file(call, file);
}

bool map_put(ApiCall *call, GError **error)
{
    SiteMapCount count;
    g_autoptr(Json) cleaned = site_map_clean(call->request->body, &count, error);
    if (!cleaned || !site_map_write(call->api->map_file, cleaned, error))
        return false;
    call_audit(call, "map-set", NULL, NULL, "ok");
    return call_json(call, 200,
                     json_pack("{s:I, s:I}", "taken", (json_int_t)count.taken, "left_out",
                               (json_int_t)count.left_out));
}

bool map_remove(ApiCall *call, GError **error)
{
    if (unlink(call->api->map_file) != 0 && errno != ENOENT)
        return err_errno(error, errno, "the site's map %s cannot be removed", call->api->map_file);
    call_audit(call, "map-remove", NULL, NULL, "ok");
    return call_empty(call);
}
