#include "http/static_files.h"

#include "base/file.h"
#include "http/problem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct StaticFiles {
    int folder; /* files are opened below it, and nowhere else */
};

static const struct {
    const char *end, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".geojson", "application/geo+json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
    {".pmtiles", "application/octet-stream"},
};

static const char *type_of(const char *path)
{
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i].end))
            return types[i].type;
    return "application/octet-stream";
}

StaticFiles *static_files_new(const char *folder, GError **error)
{
    fd_auto int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || faccessat(fd, "index.html", R_OK, 0) != 0) {
        err_errno(error, errno, "the app's files (index.html) are not in %s", folder);
        return NULL;
    }
    StaticFiles *files = g_new(StaticFiles, 1);
    files->folder = g_steal_fd(&fd);
    return files;
}

void static_files_free(StaticFiles *files)
{
    if (!files)
        return;
    close(files->folder);
    g_free(files);
}

/* A regular file at `path` below the folder, or -1. */
static int open_file(const StaticFiles *files, const char *path, struct stat *facts)
{
    /* "//etc" below a folder would be /etc. */
    if (path[0] != '/' || !path[1] || strstr(path, "/.") || strstr(path, "//"))
        return -1;
    fd_auto int fd = openat(files->folder, path + 1, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, facts) != 0 || !S_ISREG(facts->st_mode))
        return -1;
    return g_steal_fd(&fd);
}

/* Does Accept-Encoding name it, without q=0? Good enough for browsers (RFC 9110 §12.5.3). */
static bool accepts(const char *accept_encoding, const char *coding)
{
    for (const char *at = accept_encoding; at && *at;) {
        at += strspn(at, " \t,");
        size_t length = strcspn(at, ",; \t");
        const char *end = at + strcspn(at, ",");
        const char *q = strstr(at, "q=0");
        bool never = q && q < end && strspn(q + 3, ".0") == strcspn(q + 3, ", \t");
        if (length == strlen(coding) && g_ascii_strncasecmp(at, coding, length) == 0)
            return !never;
        at = end;
    }
    return false;
}

/* Vite puts everything with a hash in its name below /assets/. */
static const char *caching_of(const char *path)
{
    return g_str_has_prefix(path, "/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
}

static void add_header(ApiResponse *response, const char *name, const char *value)
{
    response->headers[response->header_count++] = (ApiHeader){name, g_strdup(value)};
}

/* The page that checks evidence packages is one file, for it is taken away: its script stands in
 * it, named by its hash in the page's own policy. It is no part of the app, and gets nothing of it.
 */
static const char *own_policy_of(const char *path)
{
    return strcmp(path, "/verify.html") == 0
               ? "sandbox allow-scripts allow-downloads; default-src 'none'; "
                 "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
                 "media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
               : NULL;
}

static void answer_file(ApiResponse *response, int fd, const struct stat *facts, const char *path,
                        const char *coding)
{
    VirtualFile *file = virtual_file_of_fd(fd, (uint64_t)facts->st_size, type_of(path));
    g_snprintf(file->etag, sizeof file->etag, "\"%llx-%llx-%llx%s%s\"",
               (unsigned long long)facts->st_mtim.tv_sec,
               (unsigned long long)facts->st_mtim.tv_nsec, (unsigned long long)facts->st_size,
               *coding ? "-" : "", coding);
    response->status = 200;
    response->file = file;
    response->type = file->type;
    add_header(response, "cache-control", caching_of(path));
    add_header(response, "vary", "accept-encoding");
    if (own_policy_of(path))
        add_header(response, "content-security-policy", own_policy_of(path));
    if (*coding)
        add_header(response, "content-encoding", coding);
}

static bool answer_path(const StaticFiles *files, const char *path, const char *accept_encoding,
                        ApiResponse *response)
{
    static const struct {
        const char *coding, *end;
    } codings[] = {{"br", ".br"}, {"gzip", ".gz"}, {"", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(codings); i++) {
        if (*codings[i].coding && !accepts(accept_encoding, codings[i].coding))
            continue;
        struct stat facts;
        g_autofree char *name = g_strconcat(path, codings[i].end, NULL);
        int fd = open_file(files, name, &facts);
        if (fd < 0)
            continue;
        answer_file(response, fd, &facts, path, codings[i].coding);
        return true;
    }
    return false;
}

void static_files_answer(const StaticFiles *files, const char *path, const char *accept_encoding,
                         ApiResponse *response)
{
    const char *last = strrchr(path, '/');
    if (strcmp(path, "/") != 0 && answer_path(files, path, accept_encoding, response))
        return;
    g_autofree char *page = g_strconcat(path, ".html", NULL);
    if (!strchr(last, '.') && (answer_path(files, page, accept_encoding, response) ||
                               answer_path(files, "/index.html", accept_encoding, response)))
        return;
    problem_set(response, 404, NULL, "there is nothing here");
}
