#include "http.h"

#include <gio/gio.h>
#include <string.h>

enum { HEAD_MOST_BYTES = 16384, TIMEOUT_S = 10, THREADS = 8 };

struct Http {
    GSocketService *service;
    HttpHandler handler;
    void *data;
    int port;
};

static void request_clear(HttpRequest *request)
{
    g_free(request->method);
    g_free(request->path);
    g_clear_pointer(&request->query, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HttpRequest, request_clear)

/* "GET /sent?camera=cam01 HTTP/1.1" */
static bool request_parse(HttpRequest *request, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 0);
    if (g_strv_length(words) != 3 || words[1][0] != '/')
        return false;
    request->method = g_strdup(words[0]);
    const char *question = strchr(words[1], '?');
    request->path =
        question ? g_strndup(words[1], (gsize)(question - words[1])) : g_strdup(words[1]);
    request->query =
        g_uri_parse_params(question ? question + 1 : "", -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    return request->query != NULL;
}

/* Reads the head line by line; a body, if any, is ignored. Returns the first line, owned. */
static char *head_read(GInputStream *input)
{
    g_autoptr(GDataInputStream) lines = g_data_input_stream_new(input);
    g_filter_input_stream_set_close_base_stream(G_FILTER_INPUT_STREAM(lines), FALSE);
    g_data_input_stream_set_newline_type(lines, G_DATA_STREAM_NEWLINE_TYPE_ANY);
    g_autofree char *first = NULL;
    gsize total = 0;
    for (;;) {
        gsize size = 0;
        g_autofree char *line = g_data_input_stream_read_line(lines, &size, NULL, NULL);
        total += size + 1;
        if (!line || total > HEAD_MOST_BYTES)
            return NULL;
        if (!first)
            first = g_steal_pointer(&line);
        else if (size == 0)
            return g_steal_pointer(&first);
    }
}

static const char *status_text(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 500:
        return "Internal Server Error";
    default:
        return "Method Not Allowed";
    }
}

static void answer(GOutputStream *output, int status, const Json *body)
{
    g_autofree char *text = json_line(body);
    g_autofree char *head = g_strdup_printf("HTTP/1.1 %d %s\r\n"
                                            "Content-Type: application/json\r\n"
                                            "Content-Length: %zu\r\n"
                                            "Cache-Control: no-store\r\n"
                                            "Access-Control-Allow-Origin: *\r\n"
                                            "Connection: close\r\n\r\n",
                                            status, status_text(status), strlen(text));
    if (g_output_stream_write_all(output, head, strlen(head), NULL, NULL, NULL))
        g_output_stream_write_all(output, text, strlen(text), NULL, NULL, NULL);
}

static gboolean on_run(GThreadedSocketService *service, GSocketConnection *connection,
                       GObject *source, gpointer data)
{
    Http *http = data;
    g_socket_set_timeout(g_socket_connection_get_socket(connection), TIMEOUT_S);
    g_autofree char *line = head_read(g_io_stream_get_input_stream(G_IO_STREAM(connection)));
    g_auto(HttpRequest) request = {0};
    int status = 200;
    g_autoptr(Json) body = NULL;
    if (line && request_parse(&request, line)) {
        body = http->handler(http->data, &request, &status);
    } else {
        status = 400;
        body = json_pack("{s:s}", "error", "this is not an HTTP request");
    }
    answer(g_io_stream_get_output_stream(G_IO_STREAM(connection)), status, body);
    g_io_stream_close(G_IO_STREAM(connection), NULL, NULL);
    return TRUE;
}

static bool listen_on(Http *http, const char *bind, int port, GError **error)
{
    g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new_from_string(bind, (guint)port);
    if (!wanted)
        return err_set(error, ERR_INVALID, "--bind ‘%s’ is not an IP address", bind);
    g_autoptr(GSocketAddress) got = NULL;
    g_autoptr(GError) trouble = NULL;
    if (!g_socket_listener_add_address(G_SOCKET_LISTENER(http->service), wanted,
                                       G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &got,
                                       &trouble))
        return err_set(error, ERR_UNAVAILABLE,
                       "cannot listen for HTTP on %s:%d: %s; choose another --http-port", bind,
                       port, trouble->message);
    http->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
    return true;
}

Http *http_start(const char *bind, int port, HttpHandler handler, void *data, GError **error)
{
    Http *http = g_new0(Http, 1);
    *http =
        (Http){.service = g_threaded_socket_service_new(THREADS), .handler = handler, .data = data};
    g_signal_connect(http->service, "run", G_CALLBACK(on_run), http);
    if (!listen_on(http, bind, port, error)) {
        http_stop(http);
        return NULL;
    }
    g_socket_service_start(http->service);
    return http;
}

int http_port(const Http *http)
{
    return http->port;
}

void http_stop(Http *http)
{
    g_socket_service_stop(http->service);
    g_socket_listener_close(G_SOCKET_LISTENER(http->service));
    g_object_unref(http->service);
    g_free(http);
}
