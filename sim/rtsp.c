#include "rtsp.h"

#include "auth.h"
#include "base/error.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

enum { BACKLOG = 1024, MTU = 1400, VIDEO_PAYLOAD_TYPE = 96 };

struct Rtsp {
    GstRTSPServer *server;
    Pacer *pacer; /* borrowed */
    int port;
    guint accepting; /* source on the main context */
    guint pruning;   /* timer that forgets sessions whose time is out */
};

/* Which camera the client of a connection last asked for. */
static const char CLIENT_CAMERA[] = "sim-camera";

/* What a media feeds from; lives as long as the media. */
typedef struct Feed {
    Rtsp *rtsp;
    Stream *stream;
    GstAppSrc *video, *audio;
} Feed;

static void feed_free(gpointer data, GClosure *closure)
{
    Feed *feed = data;
    stream_stop(feed->stream, feed->video);
    gst_object_unref(feed->video);
    g_clear_pointer((gpointer *)&feed->audio, gst_object_unref);
    g_free(feed);
}

static void on_new_state(GstRTSPMedia *media, gint state, gpointer data)
{
    Feed *feed = data;
    if (state != GST_STATE_PLAYING) {
        stream_stop(feed->stream, feed->video);
        return;
    }
    stream_play(feed->stream, feed->video);
    pacer_wake(feed->rtsp->pacer);
}

static void on_unprepared(GstRTSPMedia *media, gpointer data)
{
    Feed *feed = data;
    stream_stop(feed->stream, feed->video);
}

static GstAppSrc *find_source(GstElement *bin, const char *name)
{
    GstElement *source = gst_bin_get_by_name(GST_BIN(bin), name);
    return source ? GST_APP_SRC(source) : NULL;
}

static void on_media_configure(GstRTSPMediaFactory *factory, GstRTSPMedia *media, gpointer data)
{
    const Feed *mount = data;
    GstElement *bin = gst_rtsp_media_get_element(media);
    Feed *feed = g_new(Feed, 1);
    *feed = (Feed){.rtsp = mount->rtsp,
                   .stream = mount->stream,
                   .video = find_source(bin, "video"),
                   .audio = find_source(bin, "audio")};
    gst_object_unref(bin);
    stream_attach(feed->stream, feed->video, feed->audio);
    g_signal_connect(media, "unprepared", G_CALLBACK(on_unprepared), feed);
    g_signal_connect_data(media, "new-state", G_CALLBACK(on_new_state), feed, feed_free, 0);
}

static char *audio_launch(const Sound *sound)
{
    if (!sound)
        return g_strdup("");
    static const char *const PAYLOADERS[] = {[CODEC_AAC] = "rtpmp4gpay name=pay1 pt=97",
                                             [CODEC_PCMA] = "rtppcmapay name=pay1 pt=8",
                                             [CODEC_PCMU] = "rtppcmupay name=pay1 pt=0"};
    return g_strdup_printf("appsrc name=audio is-live=true format=time ! %s mtu=%d",
                           PAYLOADERS[sound->codec], MTU);
}

static GstRTSPMediaFactory *factory_new(Rtsp *rtsp, Stream *stream)
{
    const StreamSource *source = stream_source(stream);
    g_autofree char *audio = audio_launch(source->sound);
    g_autofree char *launch = g_strdup_printf(
        "( appsrc name=video is-live=true format=time ! %s name=pay0 pt=%d mtu=%d "
        "config-interval=0 aggregate-mode=none %s )",
        source->codec == CODEC_H265 ? "rtph265pay" : "rtph264pay", VIDEO_PAYLOAD_TYPE, MTU, audio);
    GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(factory, launch);
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    Feed *mount = g_new0(Feed, 1);
    *mount = (Feed){.rtsp = rtsp, .stream = stream};
    g_signal_connect_data(factory, "media-configure", G_CALLBACK(on_media_configure), mount,
                          (GClosureNotify)(void (*)(void))g_free, 0);
    return factory;
}

static void add_mounts(Rtsp *rtsp, const GPtrArray *cameras)
{
    GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(rtsp->server);
    for (guint i = 0; i < cameras->len; i++) {
        const Camera *camera = g_ptr_array_index(cameras, i);
        for (StreamKind kind = 0; kind < STREAM_KINDS; kind++) {
            g_autofree char *path = g_strdup_printf("/%s/%s", camera->name, stream_kind_text(kind));
            gst_rtsp_mount_points_add_factory(mounts, path,
                                              factory_new(rtsp, camera->streams[kind]));
        }
    }
    g_object_unref(mounts);
}

static void cut(GstRTSPClient *client)
{
    GstRTSPConnection *connection = gst_rtsp_client_get_connection(client);
    GSocket *socket = connection ? gst_rtsp_connection_get_read_socket(connection) : NULL;
    if (socket)
        g_socket_shutdown(socket, TRUE, TRUE, NULL);
}

static bool admit(GstRTSPContext *context, Camera *camera)
{
    g_object_set_data(G_OBJECT(context->client), CLIENT_CAMERA, camera);
    if (!camera || !atomic_load(&camera->refused))
        return true;
    cut(context->client);
    return false;
}

static GstRTSPFilterResult cut_if_of(GstRTSPServer *server, GstRTSPClient *client, gpointer data)
{
    if (g_object_get_data(G_OBJECT(client), CLIENT_CAMERA) == data)
        cut(client);
    return GST_RTSP_FILTER_KEEP;
}

void rtsp_disconnect(Rtsp *rtsp, const Camera *camera)
{
    gst_rtsp_server_client_filter(rtsp->server, cut_if_of, (gpointer)camera);
}

static void on_client_connected(GstRTSPServer *server, GstRTSPClient *client, gpointer data)
{
    GstRTSPConnection *connection = gst_rtsp_client_get_connection(client);
    GSocket *socket = gst_rtsp_connection_get_read_socket(connection);
    /* Otherwise the first picture waits 40 ms for the acknowledgement of the answer to PLAY. */
    g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
}

static gboolean prune_sessions(gpointer data)
{
    Rtsp *rtsp = data;
    GstRTSPSessionPool *pool = gst_rtsp_server_get_session_pool(rtsp->server);
    gst_rtsp_session_pool_cleanup(pool);
    g_object_unref(pool);
    return G_SOURCE_CONTINUE;
}

static GstRTSPServer *server_new(const char *bind, int port, GPtrArray *cameras)
{
    GstRTSPServer *server = gst_rtsp_server_new();
    g_autofree char *service = g_strdup_printf("%d", port);
    gst_rtsp_server_set_address(server, bind);
    gst_rtsp_server_set_service(server, service);
    gst_rtsp_server_set_backlog(server, BACKLOG);
    GstRTSPAuth *auth = auth_new(cameras, admit);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
    g_signal_connect(server, "client-connected", G_CALLBACK(on_client_connected), NULL);
    return server;
}

static guint accept_from(GstRTSPServer *server, GSocket *socket)
{
    GSource *source = g_socket_create_source(socket, G_IO_IN, NULL);
    g_source_set_callback(source, G_SOURCE_FUNC(gst_rtsp_server_io_func), server, NULL);
    guint id = g_source_attach(source, NULL);
    g_source_unref(source);
    return id;
}

static int bound_port(GSocket *socket)
{
    g_autoptr(GSocketAddress) address = g_socket_get_local_address(socket, NULL);
    return address ? g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address)) : 0;
}

Rtsp *rtsp_start(const char *bind, int port, GPtrArray *cameras, Pacer *pacer, GError **error)
{
    GstRTSPServer *server = server_new(bind, port, cameras);
    g_autoptr(GError) trouble = NULL;
    g_autoptr(GSocket) socket = gst_rtsp_server_create_socket(server, NULL, &trouble);
    if (!socket) {
        err_set(error, ERR_UNAVAILABLE,
                "cannot listen for RTSP on %s:%d: %s; choose another --port", bind, port,
                trouble->message);
        g_object_unref(server);
        return NULL;
    }
    Rtsp *rtsp = g_new0(Rtsp, 1);
    *rtsp = (Rtsp){.server = server, .pacer = pacer, .port = bound_port(socket)};
    add_mounts(rtsp, cameras);
    rtsp->accepting = accept_from(server, socket);
    rtsp->pruning = g_timeout_add_seconds(5, prune_sessions, rtsp);
    return rtsp;
}

int rtsp_port(const Rtsp *rtsp)
{
    return rtsp->port;
}

static GstRTSPFilterResult remove_client(GstRTSPServer *server, GstRTSPClient *client,
                                         gpointer data)
{
    return GST_RTSP_FILTER_REMOVE;
}

void rtsp_stop(Rtsp *rtsp)
{
    g_source_remove(rtsp->accepting);
    g_source_remove(rtsp->pruning);
    gst_rtsp_server_client_filter(rtsp->server, remove_client, NULL);
    g_object_unref(rtsp->server);
    g_free(rtsp);
}
