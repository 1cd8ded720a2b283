#include "http/live_socket.h"

#include "base/bytes.h"
#include "base/secret.h"
#include "camera/cameras.h"
#include "config/site.h"
#include "http/api/call.h"
#include "http/api/camera_json.h"
#include "http/api/masked.h"
#include "http/api/routes.h"
#include "http/cookie.h"
#include "http/event_notice.h"
#include "http/exchange.h"
#include "http/problem.h"
#include "http/reply.h"
#include "http/request.h"
#include "http/socket_lag.h"
#include "people/audit.h"
#include "people/duty.h"

#include <libwebsockets.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

/* Unsent bytes in the kernel beyond which the socket counts as busy: a viewer's backlog is then
 * ours to see and to cut. So much is gone in an eighth of a second at 1 Mbit/s. */
enum { NOT_SENT_MOST = 16 << 10, TEXT_MOST = 4096 };
/* How often a socket looks whether its session is still good: who is shut out sees nothing more
 * within a second. Sockets look together, in four turns: libwebsockets rounds the wait for a timer
 * down to milliseconds and spins through what is left, once for each moment something is due. */
enum { CHECK_US = 400000, CHECK_TURNS = 4, TURN_US = CHECK_US / CHECK_TURNS };
/* Who hears nothing for longer may take it that the line is gone, which pings do not tell a page.
 */
#define ALIVE_US (25 * SECOND_US)
enum { CLOSE_SESSION_ENDED = 4401 };

typedef struct LiveSocket {
    Connection connection;
    Service *service;
    struct lws *wsi;
    HttpRequest request; /* kept for its credentials and the audit log */
    Identity identity;
    LiveViewer *viewer; /* NULL: the session has ended, the socket closes */
    ByteWriter text;    /* of a message that comes in parts */
    GArray *views;      /* ViewSince: what is watched, for the audit log */
    SocketLag lag;
    int64_t told_us;    /* when something was sent last, monotonic */
    unsigned duty_turn; /* when it was last told what goes on */
} LiveSocket;

/* What of a camera is told in the audit log. */
typedef enum Seen { SEEN_VIEW, SEEN_SOUND, SEEN_BARE } Seen;

typedef struct ViewSince {
    Uuid camera;
    Seen what;
    int64_t since_us;
} ViewSince;

static int read_upgrade(const Service *service, struct lws *wsi, HttpRequest *request)
{
    char path[128];
    int length = lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI);
    if (length <= 0) {
        *request = (HttpRequest){0};
        return lws_hdr_total_length(wsi, WSI_TOKEN_GET_URI) > 0 ? 404 : 405;
    }
    int refused = request_read(service, wsi, path, (size_t)length, request);
    if (refused)
        return refused;
    if (strcmp(path, API_PREFIX "/live") != 0)
        return 404;
    if (!request->bearer && !origin_is_ours(request->origin, request->host, service->scheme))
        return 403;
    return 0;
}

static Identity identify(const Service *service, const HttpRequest *request)
{
    ApiRequest asked = request_api(request, NULL);
    return api_identity(service->api, &asked);
}

static void refuse(Service *service, struct lws *wsi, const HttpRequest *request, int status)
{
    static const char detail[] =
        "no live pictures here: sign in, and ask for WS " API_PREFIX "/live";
    g_auto(ApiResponse) response = {0};
    problem_set(&response, status, NULL, "%s", detail);
    Reply reply;
    reply_make(&reply, service, request, &response, true);
    lws_write(wsi, reply.head->data + REPLY_ROOM, reply.head_bytes, LWS_WRITE_HTTP);
    reply_clear(&reply);
}

int live_socket_ask(Service *service, struct lws *wsi)
{
    /* libwebsockets asks a second time, without headers, when it has refused by itself. */
    if (lws_hdr_total_length(wsi, WSI_TOKEN_UPGRADE) <= 0)
        return -1;
    char upgrade[16];
    if (lws_hdr_copy(wsi, upgrade, sizeof upgrade, WSI_TOKEN_UPGRADE) <= 0 ||
        g_ascii_strcasecmp(upgrade, "websocket") != 0)
        return -1;
    HttpRequest request;
    int refused = read_upgrade(service, wsi, &request);
    if (!refused) {
        Identity identity = identify(service, &request);
        refused = identity.role == ROLE_NONE                 ? 401
                  : rights_allow(identity.role, ACTION_LIVE) ? 0
                                                             : 403;
    }
    if (refused)
        refuse(service, wsi, &request, refused);
    request_clear(&request);
    return refused ? -1 : 0;
}

static void live_socket_gone(Connection *connection)
{
    LiveSocket *socket = (LiveSocket *)connection;
    live_viewer_free(socket->viewer);
    request_clear(&socket->request);
    byte_writer_free(&socket->text);
    g_array_unref(socket->views);
    g_free(socket);
}

/* BBR keeps a line busy that loses packets, and its queue short: CUBIC takes a third of 1 Mbit/s at
 * 300 ms and 2 % loss. A kernel without it goes on with what it has. */
static void fit_for_weak_lines(int fd)
{
    static const char bbr[] = "bbr";
    int most = NOT_SENT_MOST;
    setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
    setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, bbr, sizeof bbr - 1);
}

static void check_later(struct lws *wsi)
{
    int64_t turn = lws_get_socket_fd(wsi) % CHECK_TURNS;
    lws_set_timer_usecs(wsi, CHECK_US - (clock_mono_us() + turn * TURN_US) % CHECK_US);
}

int live_socket_open(Service *service, struct lws *wsi)
{
    LiveSocket *socket = g_new0(LiveSocket, 1);
    socket->connection.gone = live_socket_gone;
    socket->views = g_array_new(FALSE, FALSE, sizeof(ViewSince));
    socket->service = service;
    socket->wsi = wsi;
    Connection *before = lws_get_opaque_user_data(wsi);
    if (before) /* requests came on it before it was upgraded */
        before->gone(before);
    lws_set_opaque_user_data(wsi, socket);
    if (read_upgrade(service, wsi, &socket->request) != 0)
        return -1;
    socket->identity = identify(service, &socket->request);
    socket->viewer = live_viewer_new(service->api->live, socket, socket);
    socket->duty_turn = duty_turn(service->api->duty);
    socket->told_us = clock_mono_us();
    event_notice_standing(service->api, &socket->identity, socket->viewer);
    fit_for_weak_lines(lws_get_socket_fd(wsi));
    check_later(wsi);
    return 0;
}

int live_socket_text(struct lws *wsi, const void *data, size_t size)
{
    LiveSocket *socket = lws_get_opaque_user_data(wsi);
    if (!socket->viewer || lws_frame_is_binary(wsi) || size > TEXT_MOST - socket->text.size)
        return -1;
    write_bytes(&socket->text, data, size);
    if (!lws_is_final_fragment(wsi) || lws_remaining_packet_payload(wsi) > 0)
        return 0;
    live_viewer_message(socket->viewer, (const char *)socket->text.data, socket->text.size);
    byte_writer_clear(&socket->text);
    return live_viewer_overrun(socket->viewer) ? -1 : 0;
}

int live_socket_writable(struct lws *wsi)
{
    LiveSocket *socket = lws_get_opaque_user_data(wsi);
    if (!socket->viewer)
        return 0;
    do {
        bool binary;
        size_t size;
        g_autoptr(Buffer) message = live_viewer_next(socket->viewer, &binary, &size);
        if (!message)
            return 0;
        socket->told_us = clock_mono_us();
        if (lws_write(wsi, message->data + LWS_PRE, size,
                      binary ? LWS_WRITE_BINARY : LWS_WRITE_TEXT) < 0)
            return -1;
        socket_lag_note(&socket->lag, lws_get_socket_fd(wsi));
        if (!live_viewer_waiting(socket->viewer))
            return 0;
    } while (!lws_send_pipe_choked(wsi));
    lws_callback_on_writable(wsi);
    return 0;
}

static void tell_alive(LiveSocket *socket)
{
    int64_t now_us = clock_mono_us();
    if (now_us - socket->told_us < ALIVE_US)
        return;
    socket->told_us = now_us;
    live_viewer_text(socket->viewer, json_pack("{s:s}", "op", "alive"));
}

/* Whoever comes on duty is told of what goes on. */
static void tell_turn(LiveSocket *socket)
{
    ApiContext *api = socket->service->api;
    unsigned turn = duty_turn(api->duty);
    if (turn == socket->duty_turn)
        return;
    socket->duty_turn = turn;
    event_notice_standing(api, &socket->identity, socket->viewer);
}

int live_socket_check(struct lws *wsi)
{
    LiveSocket *socket = lws_get_opaque_user_data(wsi);
    if (!socket || !socket->viewer)
        return 0;
    if (live_viewer_overrun(socket->viewer))
        return -1;
    Identity identity = identify(socket->service, &socket->request);
    if (!rights_allow(identity.role, ACTION_LIVE)) {
        static char why[] = "the session has ended";
        /* The client may take its time to close: it gets no more pictures. */
        g_clear_pointer(&socket->viewer, live_viewer_free);
        lws_close_reason(wsi, (enum lws_close_status)CLOSE_SESSION_ENDED, (unsigned char *)why,
                         strlen(why));
        return -1;
    }
    socket->identity = identity;
    live_viewer_review(socket->viewer);
    tell_turn(socket);
    tell_alive(socket);
    check_later(wsi);
    return 0;
}

void live_socket_ready(void *viewer_data)
{
    LiveSocket *socket = viewer_data;
    lws_callback_on_writable(socket->wsi);
}

int64_t live_socket_lag_us(void *viewer_data)
{
    LiveSocket *socket = viewer_data;
    return socket_lag_us(&socket->lag, lws_get_socket_fd(socket->wsi));
}

const Identity *live_socket_identity(const void *account)
{
    const LiveSocket *socket = account;
    return &socket->identity;
}

const char *live_socket_session(const void *account)
{
    const LiveSocket *socket = account;
    return socket->request.session;
}

/* --- what live/ asks for --- */

static Hub *source_hub(void *data, Uuid camera, StreamKind kind)
{
    ApiContext *api = data;
    return api->cameras ? cameras_hub(api->cameras, camera, kind) : NULL;
}

static Json *source_state(void *data, Uuid camera)
{
    ApiContext *api = data;
    CameraStatus status;
    if (!api->cameras || !cameras_status(api->cameras, camera, &status))
        return NULL;
    return camera_state_json(&status);
}

static bool source_may(void *data, const void *account, Uuid camera, bool listen)
{
    const LiveSocket *socket = account;
    ApiContext *api = data;
    g_autoptr(CameraRow) row = site_camera_get(api->site, &camera);
    return rights_allow_camera(&socket->identity, listen ? ACTION_LISTEN : ACTION_LIVE, api->site,
                               row);
}

static MaskSet *source_masks(void *data, const void *account, Uuid camera, bool *lifted)
{
    const LiveSocket *socket = account;
    return masked_live(data, &socket->identity, &camera, lifted);
}

static Uuid source_person(void *data, const void *account)
{
    const Identity *identity = &((const LiveSocket *)account)->identity;
    return uuid_is_nil(&identity->token) ? identity->account : identity->token;
}

static void audit(ApiContext *api, const LiveSocket *socket, const Uuid *camera, AuditEntry entry)
{
    char id[UUID_TEXT];
    bool token = !uuid_is_nil(&socket->identity.token);
    if (!api->audit)
        return;
    entry.actor = source_person(api, socket);
    entry.device = socket->request.device;
    entry.address = socket->request.address;
    entry.object = uuid_text(camera, id);
    if (token)
        entry.reason = socket->identity.purpose;
    audit_append(api->audit, &entry);
}

/* When the view of this camera, or its sound, began; it is forgotten. */
static int64_t take_since(GArray *views, const Uuid *camera, Seen what)
{
    for (guint i = 0; i < views->len; i++) {
        const ViewSince *view = &g_array_index(views, ViewSince, i);
        if (view->what != what || !uuid_equal(&view->camera, camera))
            continue;
        int64_t since_us = view->since_us;
        g_array_remove_index_fast(views, i);
        return since_us;
    }
    return 0;
}

static void source_viewed(void *data, const void *account, Uuid camera, LiveMark mark)
{
    static const struct {
        Seen what;
        const char *action;
        enum { BEGINS, ENDS, REFUSED } step;
    } marks[] = {
        [LIVE_BEGINS] = {SEEN_VIEW, "live", BEGINS},
        [LIVE_ENDS] = {SEEN_VIEW, "live-end", ENDS},
        [LIVE_REFUSED] = {SEEN_VIEW, "live", REFUSED},
        [LIVE_SOUND_BEGINS] = {SEEN_SOUND, "listen", BEGINS},
        [LIVE_SOUND_ENDS] = {SEEN_SOUND, "listen-end", ENDS},
        [LIVE_SOUND_REFUSED] = {SEEN_SOUND, "listen", REFUSED},
        [LIVE_BARE_BEGINS] = {SEEN_BARE, "live-unmasked", BEGINS},
        [LIVE_BARE_ENDS] = {SEEN_BARE, "live-unmasked-end", ENDS},
    };
    const LiveSocket *socket = account;
    const int64_t now_us = clock_now_us();
    const Seen what = marks[mark].what;
    AuditEntry entry = {.action = marks[mark].action,
                        .result = marks[mark].step == REFUSED ? "no-right" : "ok"};
    g_autofree char *lifting =
        mark == LIVE_BARE_BEGINS ? masked_lifting(data, &socket->identity, &camera) : NULL;
    if (marks[mark].step == BEGINS) {
        const ViewSince view = {camera, what, now_us};
        g_array_append_val(socket->views, view);
    } else if (marks[mark].step == ENDS) {
        entry.from_us = take_since(socket->views, &camera, what);
        entry.to_us = now_us;
    }
    entry.reason = lifting;
    audit(data, socket, &camera, entry);
}

LiveSource live_socket_source(ApiContext *api)
{
    return (LiveSource){source_hub,    source_state, source_may, source_viewed,
                        source_person, api,          0,          source_masks};
}
