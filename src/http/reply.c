#include "http/reply.h"

#include "http/problem.h"
#include "http/range.h"

#include <string.h>
#include <time.h>

/* "connect-src 'self'" covers the WebSocket only in newer browsers: name it, when Host is plain. */
static void add_policy(GString *head, const Service *service, const char *host)
{
    bool plain = host && *host &&
                 strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789.-:[]") == strlen(host);
    g_string_append(head,
                    "content-security-policy: default-src 'self'; img-src 'self' data: blob:; "
                    "media-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; "
                    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
                    "connect-src 'self'");
    if (plain)
        g_string_append_printf(head, " %s://%s", service->secure_cookies ? "wss" : "ws", host);
    g_string_append(head, "\r\n");
}

static bool has_own_policy(const ApiResponse *response)
{
    for (size_t i = 0; i < response->header_count; i++)
        if (strcmp(response->headers[i].name, "content-security-policy") == 0)
            return true;
    return false;
}

static void add_common(GString *head, const Service *service, const HttpRequest *request,
                       const ApiResponse *response, bool close)
{
    char date[40];
    time_t now = time(NULL);
    struct tm utc;
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &utc));
    g_string_append_printf(head, "date: %s\r\n", date);
    if (!has_own_policy(response))
        add_policy(head, service, request->host);
    g_string_append(head, "x-content-type-options: nosniff\r\n"
                          "referrer-policy: no-referrer\r\n"
                          "cross-origin-opener-policy: same-origin\r\n"
                          "cross-origin-resource-policy: same-origin\r\n");
    if (atomic_load(&service->public_certificate))
        g_string_append(head, "strict-transport-security: max-age=31536000\r\n");
    if (close)
        g_string_append(head, "connection: close\r\n");
}

static void add_own(GString *head, const ApiResponse *response)
{
    bool cached = false;
    for (size_t i = 0; i < response->header_count; i++) {
        g_string_append_printf(head, "%s: %s\r\n", response->headers[i].name,
                               response->headers[i].value);
        cached |= strcmp(response->headers[i].name, "cache-control") == 0;
    }
    if (!cached)
        g_string_append(head, "cache-control: no-store\r\n");
}

/* Which part of the file is sent; may turn the answer into 206, 304 or 416. */
static void choose_part(Reply *reply, const HttpRequest *request, VirtualFile *file)
{
    uint64_t first = 0, last = 0;
    reply->at = 0;
    reply->end = file->size;
    if (reply->status != 200)
        return;
    if (if_none_match_hits(request->if_none_match, file->etag)) {
        reply->status = 304;
        reply->end = 0;
    } else if (if_range_holds(request->if_range, file->etag)) {
        switch (range_parse(request->range, file->size, &first, &last)) {
        case RANGE_PART:
            reply->status = 206;
            reply->at = first;
            reply->end = last + 1;
            break;
        case RANGE_UNSATISFIABLE:
            reply->status = 416;
            reply->end = 0;
            break;
        case RANGE_WHOLE:
            break;
        }
    }
}

static void add_file(GString *head, const Reply *reply, const VirtualFile *file)
{
    g_string_append(head, "accept-ranges: bytes\r\n");
    if (*file->etag)
        g_string_append_printf(head, "etag: %s\r\n", file->etag);
    if (reply->status == 206)
        g_string_append_printf(head,
                               "content-range: bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT
                               "/%" G_GUINT64_FORMAT "\r\n",
                               reply->at, reply->end - 1, file->size);
    if (reply->status == 416)
        g_string_append_printf(head, "content-range: bytes */%" G_GUINT64_FORMAT "\r\n",
                               file->size);
}

static void finish_head(Reply *reply, const GString *head, const void *body, size_t body_bytes)
{
    reply->head_bytes = head->len + body_bytes;
    reply->head = buffer_new(REPLY_ROOM + reply->head_bytes);
    memcpy(reply->head->data + REPLY_ROOM, head->str, head->len);
    if (body_bytes)
        memcpy(reply->head->data + REPLY_ROOM + head->len, body, body_bytes);
}

void reply_make(Reply *reply, const Service *service, const HttpRequest *request,
                ApiResponse *response, bool close)
{
    *reply = (Reply){.status = response->status, .close = close};
    g_autofree char *text = response->json ? json_line(response->json) : NULL;
    const void *body = text ? (const void *)text : response->bytes ? response->bytes->data : NULL;
    size_t body_bytes = text ? strlen(text) : response->bytes ? response->bytes->size : 0;
    const char *type = response->type ? response->type : text ? "application/json" : NULL;
    if (response->file)
        choose_part(reply, request, response->file);

    g_autoptr(GString) head = g_string_sized_new(1024);
    g_string_printf(head, "HTTP/1.1 %d %s\r\n", reply->status, status_phrase(reply->status));
    add_common(head, service, request, response, close);
    add_own(head, response);
    if (response->file)
        add_file(head, reply, response->file);
    if (type)
        g_string_append_printf(head, "content-type: %s\r\n", type);
    if (reply->status != 204 && reply->status != 304)
        g_string_append_printf(head, "content-length: %" G_GUINT64_FORMAT "\r\n",
                               response->file ? reply->end - reply->at : (uint64_t)body_bytes);
    g_string_append(head, "\r\n");

    bool bodiless = request->method == API_HEAD;
    finish_head(reply, head, body, bodiless ? 0 : body_bytes);
    if (response->file && !bodiless && reply->at < reply->end)
        reply->file = g_steal_pointer(&response->file);
    api_response_clear(response);
}

void reply_clear(Reply *reply)
{
    buffer_unref(reply->head);
    virtual_file_free(reply->file);
    *reply = (Reply){0};
}
