/* context.h — what every resource of the API works with: the floors below, a request, an answer.
 *
 * The wiring (cli/) fills an ApiContext once. A request comes from the network, from the control
 * socket or from the command line in the same process, and is answered by the same function; the
 * handlers know neither sockets nor threads. They may block: never call from the service thread.
 */
#pragma once

#include "base/buffer.h"
#include "base/error.h"
#include "base/json.h"
#include "base/pool.h"
#include "base/uuid.h"
#include "http/virtual_file.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct Archive Archive;
typedef struct Audit Audit;
typedef struct Cameras Cameras;
typedef struct CaseDesk CaseDesk;
typedef struct Catalog Catalog;
typedef struct Duty Duty;
typedef struct Eye Eye;
typedef struct Events Events;
typedef struct Exports Exports;
typedef struct Grants Grants;
typedef struct HouseholdDesk HouseholdDesk;
typedef struct Live Live;
typedef struct Masks Masks;
typedef struct MotionStore MotionStore;
typedef struct OnvifDevices OnvifDevices;
typedef struct Notify Notify;
typedef struct PackageDesk PackageDesk;
typedef struct People People;
typedef struct PublicPage PublicPage;
typedef struct Push Push;
typedef struct ReportDesk ReportDesk;
typedef struct Site Site;
typedef struct Views Views;
typedef struct Steering Steering;
typedef struct TlsRenew TlsRenew;

typedef struct ApiContext {
    Catalog *catalog;
    Site *site;
    Masks *masks;
    People *people;
    Duty *duty;
    Grants *grants;
    Audit *audit;
    Events *events;
    Notify *notify;            /* NULL: no server is running */
    Push *push;                /* NULL: no server is running */
    ReportDesk *reports;       /* NULL: no server is running */
    PublicPage *public_page;   /* NULL: no server is running */
    HouseholdDesk *households; /* NULL: no server is running */
    CaseDesk *cases;           /* NULL: no server is running */
    Archive *archive;
    Cameras *cameras;
    OnvifDevices *devices;
    Steering *steering;
    Live *live;
    MotionStore *motion;         /* NULL: no server */
    Views *views;                /* NULL: no server */
    Exports *exports;            /* NULL: no server */
    PackageDesk *packages;       /* NULL: no server */
    Eye *eye;                    /* NULL: switched off, or no server */
    Pool *pool;                  /* runs what blocks */
    Pool *coder;                 /* runs what makes pictures, one at a time, behind all else */
    int64_t start_us;            /* when the server started */
    bool tls;                    /* set by the server: is the wire encrypted? */
    const char *map_file;        /* the site's own map; may not be there */
    const char *upload_folder;   /* where files come in; NULL: no server is running */
    const char *_Atomic ca_file; /* set by the server: certificate of our own authority, while it
                                    is the one that stands behind what is shown; NULL: none */
    TlsRenew *certificate;       /* set by the server; NULL: no TLS */
} ApiContext;

typedef enum ApiMethod {
    API_GET = 1,
    API_HEAD,
    API_POST,
    API_PUT,
    API_PATCH,
    API_DELETE
} ApiMethod;
const char *api_method_text(ApiMethod method);
bool api_method_parse(const char *text, ApiMethod *method);

/* A decoded name and value of the query; UTF-8. */
typedef struct ApiParam {
    const char *name;
    const char *value;
} ApiParam;

/* A file that was sent, whole and on disk. Who moves it away sets `taken`; else it is deleted. */
typedef struct ApiUpload {
    const char *path;
    int64_t bytes;
    uint8_t sha256[32];
    uint8_t first[64];
    size_t first_bytes; /* that are there */
    bool taken;
} ApiUpload;

enum { API_QUERY_MOST = 16, API_PATH_PARAMS = 2 };

typedef struct ApiRequest {
    ApiMethod method;
    const char *path; /* percent-decoded, "/api/v1/cameras" */
    ApiParam query[API_QUERY_MOST];
    size_t query_count;
    const Json *body;          /* borrowed; NULL: none */
    ApiUpload *upload;         /* of a route with API_UPLOADS, after api_may_send(); NULL: none */
    const char *session;       /* value of the session cookie, or NULL */
    const char *browser;       /* value of the browser's cookie, or NULL */
    const char *bearer;        /* token of the Authorization header, or NULL */
    const char *report_secret; /* of X-Report-Secret or X-Request-Secret, or NULL */
    bool console;        /* whoever owns the machine asks: admin rights, audited as "console" */
    const char *address; /* numeric address of the client, "" for the console */
    const char *device;  /* User-Agent as sent, "" when none */
} ApiRequest;

typedef struct ApiHeader {
    const char *name; /* a constant, lower case */
    char *value;      /* owned */
} ApiHeader;

enum { API_HEADERS_MOST = 8 };

/* An answer: at most one of `json`, `bytes`, `file` is set; all are owned. Zero-initialise. */
typedef struct ApiResponse {
    int status;
    const char *type; /* of the body; a constant. NULL with `json`: application/json */
    Json *json;
    Buffer *bytes;
    VirtualFile *file; /* the server answers Range and HEAD from it */
    ApiHeader headers[API_HEADERS_MOST];
    size_t header_count;
} ApiResponse;

/* Finds the route, checks who asks and the right, calls the handler. Every outcome is an answer:
 * errors are problem details (RFC 9457). Thread-safe. */
void api_dispatch(ApiContext *api, const ApiRequest *request, ApiResponse *response);

/* May the file of this request, whose head alone has come, be sent? Else `response` says why not.
 * Blocks. Thread-safe. */
bool api_may_send(ApiContext *api, const ApiRequest *request, ApiResponse *response);

void api_response_clear(ApiResponse *response);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ApiResponse, api_response_clear)
