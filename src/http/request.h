/* request.h — what a client asked, copied out of libwebsockets' header table. */
#pragma once

#include "http/api/context.h"
#include "http/service.h"

struct lws;

/* Bounds of what a client may send; headers as a whole are bounded by libwebsockets. */
enum { REQUEST_BODY_MOST = 1 << 20, REQUEST_FILE_MOST = 64 << 20, REQUEST_HEADER_MOST = 4096 };

typedef struct HttpRequest {
    ApiMethod method;
    char *path; /* all owned; NULL: not sent */
    char *query_text[API_QUERY_MOST];
    char *host, *origin, *content_type;
    char *session, *browser, *bearer; /* of Cookie and Authorization; wiped at the end */
    char *report_secret;              /* the same, of X-Report-Secret */
    char *range, *if_range, *if_none_match, *accept_encoding;
    char *device;
    char address[48];
    ApiParam query[API_QUERY_MOST];
    size_t query_count;
    bool has_body;
    bool takes_file;   /* the body goes into a file */
    bool takes_table;  /* the body is text/csv, not JSON */
    size_t body_bytes; /* Content-Length */
} HttpRequest;

/* Reads the request that `wsi` has just parsed. Returns 0, or the status that refuses it (the
 * request is then to be cleared all the same). Service thread. */
int request_read(const Service *service, struct lws *wsi, const char *path, size_t path_size,
                 HttpRequest *request);
void request_clear(HttpRequest *request);

/* What came as its body: JSON, or a table as a JSON string. Returns owned; NULL with ERR_INVALID.
 */
Json *request_json(const HttpRequest *request, const char *text, size_t size, GError **error);

/* The request as handlers see it; borrows all of it. */
ApiRequest request_api(const HttpRequest *request, const Json *body);

/* The route that the request is for, or NULL. */
const struct ApiRoute *request_route(const HttpRequest *request);
