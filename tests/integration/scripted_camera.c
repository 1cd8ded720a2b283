#include "scripted_camera.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/thread.h"
#include "scripted_answer.h"
#include "scripted_picture.h"
#include "scripted_sound.h"
#include "scripted_tls.h"
#include "scripted_udp.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 20,
    SOUND_WITHIN_MS = 5, /* it may be sent so much too late */
    REQUEST_MOST = 64 * 1024,
    PORT_LEAST =
        20000, /* below the ports of outgoing connections: one to a port nobody listens at */
    PORT_MOST = 32000, /* must not meet itself */
};

typedef struct Sent {
    uint64_t number;
    int64_t sent_us;
    bool key;
} Sent;

struct ScriptedCamera {
    char *name, *url;
    uint16_t port;
    int listener; /* -1: off */
    int64_t began_us;
    Thread *thread;
    ScriptedTls *tls; /* NULL: plain */
    _Atomic(const CameraScript *) script;
    atomic_bool stopping, wanted_on, is_on;
    atomic_uint accepted;
    GPtrArray *connections; /* of the listening thread */
    pthread_mutex_t lock;
    GString *requests; /* guarded by lock */
    GArray *sent;      /* guarded by lock */
};

typedef struct Connection {
    ScriptedCamera *camera;
    int fd;
    SSL *ssl;         /* NULL: plain */
    ScriptedUdp *udp; /* NULL: by this connection */
    unsigned index;
    Thread *thread;
    atomic_bool over;
    GByteArray *came; /* not looked at yet */
    ScriptTrack track;
    ScriptSoundTrack sound;
    bool playing, mute;
    uint64_t next_number;
    unsigned since_play, asked;
    int64_t alive_us; /* when it last was shown that the client is there */
} Connection;

/* ---- answers ---- */

static bool send_all(const Connection *connection, const void *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        const char *rest = (const char *)data + at;
        ssize_t part = connection->ssl ? SSL_write(connection->ssl, rest, (int)(size - at))
                                       : send(connection->fd, rest, size - at, MSG_NOSIGNAL);
        if (part <= 0)
            return false;
        at += (size_t)part;
    }
    return true;
}

static bool send_text(const Connection *connection, const char *text)
{
    return send_all(connection, text, strlen(text));
}

static int64_t due_us(const ScriptedCamera *camera, uint64_t number)
{
    return camera->began_us + (int64_t)number * SECOND_US / SCRIPT_FPS;
}

static const ScriptSound *sound_of(const Connection *connection)
{
    const CameraScript *script = atomic_load(&connection->camera->script);
    return script ? script->sound : NULL;
}

static void begin_play(Connection *connection)
{
    int64_t since = clock_mono_us() - connection->camera->began_us;
    uint64_t now = (uint64_t)(since * SCRIPT_FPS / SECOND_US);
    connection->next_number = (now / SCRIPT_KEY_EVERY + 1) * SCRIPT_KEY_EVERY;
    connection->since_play = 0;
    connection->playing = true;
    const ScriptSound *sound = sound_of(connection);
    if (sound)
        script_sound_begin(&connection->sound, sound, since);
    connection->alive_us = clock_mono_us();
}

/* Returns what was asked before, owned. */
static char *note_request(ScriptedCamera *camera, const char *request)
{
    pthread_mutex_lock(&camera->lock);
    char *before = g_strdup(camera->requests->str);
    g_string_append(camera->requests, request);
    pthread_mutex_unlock(&camera->lock);
    return before;
}

/* Returns false when the connection is to end. */
static bool carry_out(Connection *connection, const char *text, ScriptThen then)
{
    bool sent = send_text(connection, text);
    switch (then) {
    case SCRIPT_GOES_ON:
        break;
    case SCRIPT_PLAYS:
        begin_play(connection);
        break;
    case SCRIPT_HANGS_UP:
        return false;
    case SCRIPT_REPEATS:
        while (sent && !atomic_load(&connection->camera->stopping))
            sent = send_text(connection, text);
        return false;
    case SCRIPT_SAYS_NO_MORE:
        connection->mute = true;
        break;
    }
    return sent;
}

static void note_alive(Connection *connection, const char *what)
{
    const CameraScript *script = atomic_load(&connection->camera->script);
    if (script && script->alive_by && g_str_has_prefix(what, script->alive_by))
        connection->alive_us = clock_mono_us();
}

static void follow_setup(Connection *connection, const char *request)
{
    const CameraScript *script = atomic_load(&connection->camera->script);
    if (!g_str_has_prefix(request, "SETUP ") || !script || !script->udp)
        return;
    if (!connection->udp)
        connection->udp = scripted_udp_new();
    if (!scripted_udp_setup(connection->udp, request))
        g_clear_pointer(&connection->udp, scripted_udp_free);
}

static bool answer(Connection *connection, const char *text)
{
    const ScriptedCamera *camera = connection->camera;
    g_autofree char *before = note_request(connection->camera, text);
    if (connection->mute)
        return true;
    g_autofree char *host = g_strdup_printf("127.0.0.1:%u", camera->port);
    follow_setup(connection, text);
    ScriptRequest request = {text,
                             before,
                             host,
                             connection->index,
                             connection->asked++,
                             connection->udp ? scripted_udp_port(connection->udp) : 0};
    ScriptThen then;
    bool accepted;
    g_autofree char *said =
        scripted_answer(atomic_load(&camera->script), &request, &then, &accepted);
    if (accepted)
        note_alive(connection, text);
    return carry_out(connection, said, then);
}

/* ---- what comes ---- */

/* Size of the whole item at the head of what came, 0 while it is not whole: a frame of RTCP or a
 * request without a body. */
static size_t whole_item(const GByteArray *came)
{
    if (came->len >= 4 && came->data[0] == '$') {
        size_t size = 4u + get_u16(came->data + 2);
        return size <= came->len ? size : 0;
    }
    const uint8_t *end = memmem(came->data, came->len, "\r\n\r\n", 4);
    return end ? (size_t)(end - came->data) + 4 : 0;
}

static bool take_items(Connection *connection)
{
    size_t size;
    while ((size = whole_item(connection->came))) {
        bool is_frame = connection->came->data[0] == '$';
        g_autofree char *request = g_strndup((const char *)connection->came->data, size);
        g_byte_array_remove_range(connection->came, 0, (guint)size);
        if (is_frame)
            note_alive(connection, "$");
        else if (!answer(connection, request))
            return false;
    }
    return connection->came->len < REQUEST_MOST;
}

static bool receive(Connection *connection)
{
    uint8_t part[4096];
    do {
        ssize_t got = connection->ssl ? SSL_read(connection->ssl, part, sizeof part)
                                      : recv(connection->fd, part, sizeof part, 0);
        if (got <= 0)
            return false;
        g_byte_array_append(connection->came, part, (guint)got);
    } while (connection->ssl && SSL_pending(connection->ssl) > 0);
    return take_items(connection);
}

/* ---- pictures ---- */

static void note_sent(ScriptedCamera *camera, const ScriptPicture *picture)
{
    Sent sent = {picture->number, picture->sent_us, picture->key};
    pthread_mutex_lock(&camera->lock);
    const GArray *all = camera->sent;
    if (!all->len || g_array_index(all, Sent, all->len - 1).number < sent.number)
        g_array_append_val(camera->sent, sent);
    pthread_mutex_unlock(&camera->lock);
}

static bool send_picture(Connection *connection)
{
    ScriptedCamera *camera = connection->camera;
    uint64_t number = connection->next_number++;
    ScriptPicture picture = {.number = number,
                             .sent_us = clock_wall_us(),
                             .key = number % SCRIPT_KEY_EVERY == 0,
                             .connection = connection->index,
                             .since_play = connection->since_play++};
    g_auto(ByteWriter) bytes = {0};
    scripted_picture_write(&picture, atomic_load(&camera->script), &connection->track, &bytes);
    if (!bytes.size)
        return true;
    const CameraScript *script = atomic_load(&camera->script);
    if (connection->udp)
        scripted_udp_send(connection->udp, script->udp, &bytes);
    else if (!send_all(connection, bytes.data, bytes.size))
        return false;
    if (!connection->udp || !script->udp->silent)
        note_sent(camera, &picture);
    return true;
}

static bool send_due_pictures(Connection *connection)
{
    while (connection->playing &&
           due_us(connection->camera, connection->next_number) <= clock_mono_us())
        if (!send_picture(connection))
            return false;
    return true;
}

static bool send_due_sounds(Connection *connection)
{
    const ScriptSound *sound = connection->playing ? sound_of(connection) : NULL;
    if (!sound)
        return true;
    g_auto(ByteWriter) bytes = {0};
    script_sound_write_due(&connection->sound, sound,
                           clock_mono_us() - connection->camera->began_us, &bytes);
    return send_all(connection, bytes.data, bytes.size);
}

static int wait_ms(const Connection *connection)
{
    if (!connection->playing)
        return PATIENCE_MS;
    int64_t left = due_us(connection->camera, connection->next_number) - clock_mono_us();
    return (int)CLAMP(left / 1000 + 1, 0, sound_of(connection) ? SOUND_WITHIN_MS : PATIENCE_MS);
}

/* ---- connections ---- */

static bool is_wanted(const Connection *connection)
{
    const CameraScript *script = atomic_load(&connection->camera->script);
    bool forgotten = script && script->alive_by && connection->playing &&
                     clock_mono_us() - connection->alive_us > script->alive_s * SECOND_US;
    return !forgotten && !atomic_load(&connection->camera->stopping) &&
           atomic_load(&connection->camera->wanted_on);
}

static bool begin_tls(Connection *connection, const ScriptTls *tls)
{
    if (tls->plain_too && !scripted_tls_asked(connection->fd))
        return true;
    connection->ssl = scripted_tls_accept(connection->camera->tls, connection->fd);
    return connection->ssl != NULL;
}

static void run_connection(void *data)
{
    Connection *connection = data;
    const CameraScript *script = atomic_load(&connection->camera->script);
    bool alive = (!script || !script->tls || begin_tls(connection, script->tls)) &&
                 (!script || !script->greeting || send_text(connection, script->greeting));
    while (alive && is_wanted(connection)) {
        struct pollfd ready = {.fd = connection->fd, .events = POLLIN};
        if (poll(&ready, 1, wait_ms(connection)) > 0)
            alive = receive(connection);
        if (connection->udp && scripted_udp_heard(connection->udp))
            note_alive(connection, "$");
        alive = alive && send_due_sounds(connection) && send_due_pictures(connection);
    }
    shutdown(connection->fd, SHUT_RDWR);
    atomic_store(&connection->over, true);
}

static void connection_free(void *data)
{
    Connection *connection = data;
    shutdown(connection->fd, SHUT_RDWR); /* wakes a send that the client does not take */
    thread_join(connection->thread);
    SSL_free(connection->ssl);
    scripted_udp_free(connection->udp);
    close(connection->fd);
    g_byte_array_unref(connection->came);
    g_free(connection);
}

static void accept_one(ScriptedCamera *camera)
{
    int fd = accept4(camera->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    Connection *connection = g_new0(Connection, 1);
    connection->camera = camera;
    connection->fd = fd;
    connection->index = atomic_fetch_add(&camera->accepted, 1);
    connection->came = g_byte_array_new();
    connection->track = (ScriptTrack){.camera = camera->name,
                                      .payload_type = SCRIPT_PAYLOAD_TYPE,
                                      .sequence = (uint16_t)g_random_int(),
                                      .ssrc = g_random_int()};
    connection->sound.track = connection->track;
    connection->sound.track.channel = SCRIPT_SOUND_CHANNEL;
    connection->sound.track.ssrc++;
    g_ptr_array_add(camera->connections, connection);
    connection->thread = thread_start("scripted", run_connection, connection);
}

static void drop_ended(ScriptedCamera *camera)
{
    for (guint i = camera->connections->len; i-- > 0;) {
        const Connection *connection = camera->connections->pdata[i];
        if (atomic_load(&connection->over))
            g_ptr_array_remove_index(camera->connections, i);
    }
}

/* ---- listening ---- */

static int listen_at(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 8) == 0)
        return fd;
    fd_clear(&fd);
    return -1;
}

static void follow_power(ScriptedCamera *camera)
{
    bool on = atomic_load(&camera->wanted_on);
    if (on && camera->listener < 0) {
        camera->listener = listen_at(camera->port);
        g_assert(camera->listener >= 0);
    } else if (!on && camera->listener >= 0) {
        fd_clear(&camera->listener);
        g_ptr_array_set_size(camera->connections, 0);
    }
    atomic_store(&camera->is_on, on);
}

static void run_camera(void *data)
{
    ScriptedCamera *camera = data;
    while (!atomic_load(&camera->stopping)) {
        follow_power(camera);
        struct pollfd ready = {.fd = camera->listener, .events = POLLIN};
        if (poll(&ready, 1, PATIENCE_MS) > 0)
            accept_one(camera);
        drop_ended(camera);
    }
}

/* ---- life and facts ---- */

ScriptedCamera *scripted_camera_new(const char *name, const CameraScript *script)
{
    scripted_pictures_prepare();
    ScriptedCamera *camera = g_new0(ScriptedCamera, 1);
    camera->name = g_strdup(name);
    camera->listener = -1;
    while (camera->listener < 0) {
        camera->port = (uint16_t)g_random_int_range(PORT_LEAST, PORT_MOST);
        camera->listener = listen_at(camera->port);
    }
    if (script && script->tls)
        camera->tls = scripted_tls_new(script->tls);
    camera->url = g_strdup_printf("rtsp://127.0.0.1:%u/main", camera->port);
    camera->began_us = clock_mono_us();
    camera->connections = g_ptr_array_new_with_free_func(connection_free);
    camera->requests = g_string_new(NULL);
    camera->sent = g_array_new(FALSE, FALSE, sizeof(Sent));
    pthread_mutex_init(&camera->lock, NULL);
    atomic_init(&camera->script, script);
    atomic_init(&camera->wanted_on, true);
    camera->thread = thread_start("scripted", run_camera, camera);
    return camera;
}

void scripted_camera_free(ScriptedCamera *camera)
{
    if (!camera)
        return;
    atomic_store(&camera->stopping, true);
    thread_join(camera->thread);
    g_ptr_array_unref(camera->connections);
    fd_clear(&camera->listener);
    scripted_tls_free(camera->tls);
    pthread_mutex_destroy(&camera->lock);
    g_string_free(camera->requests, TRUE);
    g_array_unref(camera->sent);
    g_free(camera->name);
    g_free(camera->url);
    g_free(camera);
}

const char *scripted_camera_url(const ScriptedCamera *camera)
{
    return camera->url;
}

const char *scripted_camera_fingerprint(const ScriptedCamera *camera)
{
    return camera->tls ? scripted_tls_fingerprint(camera->tls) : "";
}

void scripted_camera_set(ScriptedCamera *camera, const CameraScript *script)
{
    atomic_store(&camera->script, script);
}

void scripted_camera_power(ScriptedCamera *camera, bool on)
{
    atomic_store(&camera->wanted_on, on);
    while (atomic_load(&camera->is_on) != on)
        g_usleep(1000);
}

unsigned scripted_camera_connections(ScriptedCamera *camera)
{
    return atomic_load(&camera->accepted);
}

char *scripted_camera_requests(ScriptedCamera *camera)
{
    pthread_mutex_lock(&camera->lock);
    char *requests = g_strdup(camera->requests->str);
    pthread_mutex_unlock(&camera->lock);
    return requests;
}

Json *scripted_camera_sent(ScriptedCamera *camera)
{
    Json *list = json_array();
    pthread_mutex_lock(&camera->lock);
    for (guint i = 0; i < camera->sent->len; i++) {
        const Sent *sent = &g_array_index(camera->sent, Sent, i);
        json_array_append_new(list,
                              json_pack("{s:I, s:I, s:b}", "number", (json_int_t)sent->number,
                                        "sent_us", (json_int_t)sent->sent_us, "key", sent->key));
    }
    pthread_mutex_unlock(&camera->lock);
    return list;
}
