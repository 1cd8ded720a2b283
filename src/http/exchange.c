#include "http/exchange.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/log.h"
#include "http/api/routes.h"
#include "http/problem.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/upload.h"

#include <libwebsockets.h>
#include <string.h>

/* A piece of a file in memory, two a download; what is handed to the socket at a time; jobs that
 * may wait in the pool before clients are told to come again; the longest refused body that is read
 * for the sake of keeping the connection. */
enum { PIECE_BYTES = 256 << 10, WRITE_BYTES = 64 << 10, JOBS_WAITING_MOST = 256 };
enum { PARTS_WAITING_MOST = 16 }; /* each of them takes half a second */
enum { DISCARD_BYTES_MOST = 16 << 20 };
/* How often a download looks whether it may go on. */
enum { CHECK_US = 400000 };

typedef struct Piece {
    Buffer *buffer;
    size_t size;
} Piece;

typedef struct Exchange {
    Service *service;
    struct lws *wsi; /* NULL: the connection is gone */
    enum { READING, WORKING, WRITING } state;
    int64_t deadline_us; /* for the request */
    Action action;       /* of the route; ACTION_NONE: no route, the app's own files */
    int64_t checked_us;  /* when the right to what is being sent was last looked at */
    HttpRequest request;
    ByteWriter body;
    Upload *upload;       /* of a body that goes into a file; NULL: none */
    bool came;            /* all of it */
    bool paused;          /* nothing more is read of it for now */
    ApiResponse refusal;  /* why it may not come; the pool's while it is asked */
    ApiResponse response; /* pool's while WORKING */
    Reply reply;
    size_t head_sent;
    Piece sending, next; /* `next` is the pool's while `fetching` */
    size_t sent;
    uint64_t fetch_at;
    bool fetching, failed;
    bool shut; /* whoever asked has lost the right to it */
} Exchange;

/* A connection, for as long as it lives. */
typedef struct HttpConnection {
    Connection connection;
    Exchange *exchange; /* under way; NULL: none */
    bool used;          /* a request came on it before */
} HttpConnection;

/* Passwords and keys come in bodies: none stays in memory that is given back. */
static void wipe_body(Exchange *exchange)
{
    if (exchange->body.size)
        explicit_bzero(exchange->body.data, exchange->body.size);
    byte_writer_clear(&exchange->body);
}

static void exchange_free(void *data)
{
    Exchange *exchange = data;
    request_clear(&exchange->request);
    wipe_body(exchange);
    byte_writer_free(&exchange->body);
    upload_free(exchange->upload);
    api_response_clear(&exchange->refusal);
    api_response_clear(&exchange->response);
    reply_clear(&exchange->reply);
    buffer_unref(exchange->sending.buffer);
    buffer_unref(exchange->next.buffer);
    g_free(exchange);
}

/* Closing files may wait for the disk. What is being written is dropped when that is over. */
static void exchange_drop(Exchange *exchange)
{
    if (exchange->upload && upload_is_busy(exchange->upload)) {
        exchange->wsi = NULL;
        return;
    }
    if (exchange->upload)
        upload_leave(exchange->upload);
    if (exchange->reply.file || exchange->response.file || exchange->upload)
        pool_run(exchange->service->api->pool, exchange_free, exchange, 0);
    else
        exchange_free(exchange);
}

static void connection_gone(Connection *connection)
{
    HttpConnection *http = (HttpConnection *)connection;
    Exchange *exchange = http->exchange;
    if (exchange) {
        exchange->wsi = NULL;
        if (exchange->state != WORKING && !exchange->fetching)
            exchange_drop(exchange);
    }
    g_free(http);
}

static HttpConnection *connection_of(struct lws *wsi)
{
    HttpConnection *http = lws_get_opaque_user_data(wsi);
    if (!http) {
        http = g_new0(HttpConnection, 1);
        http->connection.gone = connection_gone;
        lws_set_opaque_user_data(wsi, http);
    }
    return http;
}

static Exchange *exchange_of(struct lws *wsi)
{
    HttpConnection *http = lws_get_opaque_user_data(wsi);
    return http ? http->exchange : NULL;
}

/* --- working --- */

static void start_writing(Exchange *exchange)
{
    exchange->state = WRITING;
    exchange->fetch_at = exchange->reply.at;
    lws_set_timeout(exchange->wsi, PENDING_TIMEOUT_HTTP_CONTENT, EXCHANGE_STALLED_S);
    lws_callback_on_writable(exchange->wsi);
}

static void answer(Exchange *exchange)
{
    Service *service = exchange->service;
    GError *error = NULL;
    g_autoptr(Json) body = NULL;
    ApiUpload *file = NULL;
    if (exchange->upload)
        file = upload_end(exchange->upload, &error);
    else if (exchange->request.has_body)
        body = request_json(&exchange->request, (const char *)exchange->body.data,
                            exchange->body.size, &error);
    wipe_body(exchange);
    if (error) {
        problem_from_error(&exchange->response, error);
    } else if (route_path(exchange->request.path)) {
        ApiRequest request = request_api(&exchange->request, body);
        request.upload = file;
        api_dispatch(service->api, &request, &exchange->response);
    } else if (exchange->request.method != API_GET && exchange->request.method != API_HEAD) {
        problem_set(&exchange->response, 405, NULL, "what is there is only to be read");
    } else if (service->files) {
        static_files_answer(service->files, exchange->request.path,
                            exchange->request.accept_encoding, &exchange->response);
    } else {
        problem_set(&exchange->response, 404, NULL, "there is nothing here");
    }
    reply_make(&exchange->reply, service, &exchange->request, &exchange->response, false);
}

static void work_done(void *data)
{
    Exchange *exchange = data;
    exchange->service->in_work--;
    if (exchange->wsi) {
        start_writing(exchange);
    } else {
        exchange->state = WRITING;
        exchange_drop(exchange);
    }
}

static void work(void *data)
{
    Exchange *exchange = data;
    answer(exchange);
    service_post(exchange->service, work_done, exchange);
}

static ApiPlace place_of(Exchange *exchange)
{
    const ApiRoute *route = request_route(&exchange->request);
    exchange->action = route ? route->action : ACTION_NONE;
    if (!route_path(exchange->request.path))
        return API_BLOCKS;
    return route ? route->place : API_QUICK;
}

static void refuse(Exchange *exchange, int status, bool close)
{
    static const struct {
        int status;
        const char *detail;
    } details[] = {
        {400, "the request cannot be understood"},
        {401, "sign in first, or send the secret of the link"},
        {403, "the request comes from a page of another server"},
        {405, "the method is not known here"},
        {408, "the request took too long"},
        {411, "the body needs a Content-Length"},
        {413, "the body may be at most 1 MiB, a file 64 MiB"},
        {415, "the body must be application/json; where a table is taken, text/csv"},
        {503, "too much to do: try again in a moment"},
    };
    size_t row = 0;
    while (row + 1 < G_N_ELEMENTS(details) && details[row].status != status)
        row++;
    problem_set(&exchange->response, status, NULL, "%s", details[row].detail);
    if (status == 503)
        exchange->response.headers[exchange->response.header_count++] =
            (ApiHeader){"retry-after", g_strdup("2")};
    reply_make(&exchange->reply, exchange->service, &exchange->request, &exchange->response, close);
    start_writing(exchange);
}

static void start_work(Exchange *exchange)
{
    lws_set_timeout(exchange->wsi, NO_PENDING_TIMEOUT, 0);
    exchange->state = WORKING;
    ApiPlace place = place_of(exchange);
    if (place == API_QUICK) {
        answer(exchange);
        start_writing(exchange);
        return;
    }
    exchange->service->in_work++;
    const ApiContext *api = exchange->service->api;
    if (!(place == API_CODES ? pool_run(api->coder, work, exchange, PARTS_WAITING_MOST)
                             : pool_run(api->pool, work, exchange, JOBS_WAITING_MOST))) {
        exchange->service->in_work--;
        refuse(exchange, 503, false);
    }
}

/* --- reading --- */

/* On the pool, while the body waits. */
static bool may_come(void *data)
{
    Exchange *exchange = data;
    ApiRequest request = request_api(&exchange->request, NULL);
    return api_may_send(exchange->service->api, &request, &exchange->refusal);
}

static void refuse_upload(Exchange *exchange)
{
    reply_make(&exchange->reply, exchange->service, &exchange->request, &exchange->refusal,
               exchange->request.body_bytes > DISCARD_BYTES_MOST);
    start_writing(exchange);
}

/* It was asked whether it may come, or some of what came is written, or all. */
static void upload_written(void *data)
{
    Exchange *exchange = data;
    bool busy = upload_is_busy(exchange->upload);
    if (!exchange->wsi) {
        if (!busy)
            exchange_drop(exchange);
        return;
    }
    if (exchange->paused) {
        exchange->paused = false;
        lws_rx_flow_control(exchange->wsi, 1);
    }
    if (busy || exchange->state != READING)
        return;
    if (upload_is_refused(exchange->upload))
        refuse_upload(exchange);
    else if (exchange->came)
        start_work(exchange);
}

static void take_piece(Exchange *exchange, const void *data, size_t size)
{
    if (!upload_take(exchange->upload, data, size)) {
        refuse(exchange, 503, true);
    } else if (upload_is_behind(exchange->upload) && !exchange->paused) {
        exchange->paused = true;
        lws_rx_flow_control(exchange->wsi, 0);
    }
}

/* Nothing is written for whoever may not even ask. Returns the status that refuses. */
static int begin_upload(Exchange *exchange)
{
    Service *service = exchange->service;
    ApiRequest request = request_api(&exchange->request, NULL);
    Identity identity = api_identity(service->api, &request);
    const ApiRoute *route = request_route(&exchange->request);
    if (!rights_allow(identity.role, route->action) ||
        (route->action == ACTION_PUBLIC && !request.report_secret))
        return 401;
    exchange->upload =
        upload_new(service, identity.role == ROLE_NONE ? request.address : NULL,
                   (int64_t)exchange->request.body_bytes, may_come, upload_written, exchange);
    return exchange->upload ? 0 : 503;
}

/* libwebsockets 4.1 takes the head of a request for its body, and then never comes back, when that
 * head lies in what it has read and not yet used: it came with the request before, or did not wait
 * for the answer. It tells only whether any connection has such bytes; while another has, a body on
 * a used connection is hung up on too, and browsers send it again on a new one. */
static bool may_lie_in_store(const HttpConnection *http, struct lws *wsi)
{
    return http->used && lws_service_adjust_timeout(lws_get_context(wsi), 1, 0) == 0;
}

int exchange_begin(Service *service, struct lws *wsi, const char *path, size_t path_size)
{
    HttpConnection *http = connection_of(wsi);
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->service = service;
    exchange->wsi = wsi;
    exchange->deadline_us = clock_mono_us() + EXCHANGE_REQUEST_S * SECOND_US;
    http->exchange = exchange;
    int refused = request_read(service, wsi, path, path_size, &exchange->request);
    if (!refused && exchange->request.has_body && exchange->request.takes_file)
        refused = service->api->upload_folder ? begin_upload(exchange) : 503;
    if ((exchange->request.has_body || refused) && may_lie_in_store(http, wsi))
        return -1;
    http->used = true;
    if (refused)
        refuse(exchange, refused,
               refused == 411 || refused == 405 || refused == 400 ||
                   exchange->request.body_bytes > DISCARD_BYTES_MOST);
    else if (!exchange->request.has_body)
        start_work(exchange);
    return 0;
}

int exchange_body(struct lws *wsi, const void *data, size_t size)
{
    Exchange *exchange = exchange_of(wsi);
    if (!exchange || exchange->state != READING)
        return 0;
    int64_t mono_us = clock_mono_us();
    if (exchange->upload ? upload_crawls(exchange->upload, mono_us)
                         : mono_us > exchange->deadline_us) {
        refuse(exchange, 408, true);
        return 0;
    }
    if (exchange->upload) {
        take_piece(exchange, data, size);
        return 0;
    }
    if (size > REQUEST_BODY_MOST - exchange->body.size)
        return -1;
    if (!exchange->body.room) { /* all of it at once: growing leaves copies behind */
        byte_writer_add(&exchange->body, exchange->request.body_bytes);
        byte_writer_clear(&exchange->body);
    }
    write_bytes(&exchange->body, data, size);
    return 0;
}

int exchange_body_end(struct lws *wsi)
{
    Exchange *exchange = exchange_of(wsi);
    if (!exchange || exchange->state != READING)
        return 0;
    exchange->came = true;
    if (!exchange->upload || !upload_is_busy(exchange->upload))
        start_work(exchange);
    return 0;
}

/* --- writing --- */

static void fetch_done(void *data)
{
    Exchange *exchange = data;
    exchange->service->in_work--;
    exchange->fetching = false;
    if (exchange->wsi)
        lws_callback_on_writable(exchange->wsi);
    else
        exchange_drop(exchange);
}

/* What an address has in place of an id may be as good as a password. */
static const char *told_path(const Exchange *exchange)
{
    const ApiRoute *route = request_route(&exchange->request);
    return route ? route->pattern : exchange->request.path;
}

static void fetch(void *data)
{
    Exchange *exchange = data;
    g_autoptr(GError) error = NULL;
    VirtualFile *file = exchange->reply.file;
    if (!exchange->next.buffer)
        exchange->next.buffer = buffer_new(REPLY_ROOM + exchange->next.size); /* the largest yet */
    if (!file->read(file->data, exchange->fetch_at, exchange->next.buffer->data + REPLY_ROOM,
                    exchange->next.size, &error)) {
        log_warning("http.body", "path=%s cause=\"%s\"", told_path(exchange), error->message);
        exchange->failed = true;
    }
    exchange->fetch_at += exchange->next.size;
    service_post(exchange->service, fetch_done, exchange);
}

/* Has the next piece read, unless it is there, on its way, or there is none. */
static void fetch_next(Exchange *exchange)
{
    if (!exchange->reply.file || exchange->fetching || exchange->next.size ||
        exchange->fetch_at == exchange->reply.end)
        return;
    exchange->next.size = (size_t)MIN(exchange->reply.end - exchange->fetch_at, PIECE_BYTES);
    exchange->fetching = true;
    exchange->service->in_work++;
    pool_run(exchange->service->api->pool, fetch, exchange, 0);
}

static int finish(Exchange *exchange)
{
    struct lws *wsi = exchange->wsi;
    bool close = exchange->reply.close;
    connection_of(wsi)->exchange = NULL;
    exchange_drop(exchange);
    if (close)
        return -1;
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

/* Hands some of [data, data + size) to the socket; true: all of it is out. */
static bool write_some(Exchange *exchange, uint8_t *data, size_t size, size_t *sent)
{
    while (*sent < size) {
        if (lws_send_pipe_choked(exchange->wsi)) {
            lws_callback_on_writable(exchange->wsi);
            return false;
        }
        size_t piece = MIN(size - *sent, (size_t)WRITE_BYTES);
        if (lws_write(exchange->wsi, data + *sent, piece, LWS_WRITE_HTTP) < 0) {
            exchange->failed = true;
            return false;
        }
        *sent += piece;
        lws_set_timeout(exchange->wsi, PENDING_TIMEOUT_HTTP_CONTENT, EXCHANGE_STALLED_S);
    }
    return true;
}

/* A download may take minutes: whoever is shut out meanwhile gets no more of it. */
static bool may_go_on(Exchange *exchange)
{
    int64_t now_us = clock_mono_us();
    if (exchange->action <= ACTION_PUBLIC || now_us - exchange->checked_us < CHECK_US)
        return true;
    exchange->checked_us = now_us;
    ApiRequest request = request_api(&exchange->request, NULL);
    Identity identity = api_identity(exchange->service->api, &request);
    return rights_allow(identity.role, exchange->action);
}

int exchange_writable(struct lws *wsi)
{
    Exchange *exchange = exchange_of(wsi);
    if (!exchange || exchange->state != WRITING)
        return 0;
    fetch_next(exchange);
    bool out = write_some(exchange, exchange->reply.head->data + REPLY_ROOM,
                          exchange->reply.head_bytes, &exchange->head_sent);
    exchange->shut |= exchange->reply.file && !may_go_on(exchange);
    if (exchange->shut)
        return exchange->fetching ? 0 : -1;
    while (out && exchange->reply.file) {
        if (exchange->sent == exchange->sending.size) {
            if (exchange->fetching)
                return 0;
            if (exchange->failed || !exchange->next.size)
                break;
            Piece empty = exchange->sending;
            exchange->sending = exchange->next;
            exchange->next = (Piece){.buffer = empty.buffer};
            exchange->sent = 0;
            fetch_next(exchange);
        }
        out = write_some(exchange, exchange->sending.buffer->data + REPLY_ROOM,
                         exchange->sending.size, &exchange->sent);
    }
    if (exchange->failed && !exchange->fetching)
        return -1;
    return out ? finish(exchange) : 0;
}
