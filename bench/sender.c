/* sender.c — many cameras that cost next to nothing, so that 200 of them fit beside the server.
 *
 *   bench-sender CAMERAS CLIP RECORD      CLIP: an H.264 file of the simulator's cache
 *
 * One RTSP server over TCP, one thread. The packets of each picture are made once; a camera's own
 * are only their numbers and times, set before each send, and the packet with its mark (sim_sei.h).
 * The cameras share the scene, each at its own place in it, so that neither their pictures nor
 * their key pictures come together. Prints {"cameras":[{"name","main"}]}; at SIGTERM it writes to
 * RECORD what each camera sent since it was last asked to play.
 */
#include "../sim/picture.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/loop.h"
#include "media/rtsp_message.h"
#include "media/sim_sei.h"
#include "packets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    TICKS = 90000 / FPS,
    TICK_US = 2000, /* pictures due within it go out together */
    RECEIVE_BYTES = 8192,
    SEND_BUFFER = 1 << 20,
};

typedef struct Camera {
    int index;
    char name[SIM_SEI_CAMERA];
    const ScenePackets *scene;
    Loop *loop;
    int fd; /* -1: nobody has asked */
    LoopFd *watch;
    LoopTimer *timer;
    uint8_t *received;
    size_t size;
    bool plays;
    uint64_t number;    /* of the next picture */
    ByteWriter pending; /* of a picture that the socket took a part of */
    size_t pending_at;
    int64_t start_us; /* monotonic: when picture 0 was due */
    /* since it was last asked to play */
    uint64_t sent, dropped, last_number, first_key_number;
    int64_t first_us, first_key_us;
} Camera;

typedef struct Sender {
    Loop *loop;
    Camera *cameras;
    int count;
} Sender;

static void die(const char *what)
{
    fprintf(stderr, "bench-sender: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* ---- sending ---- */

static uint64_t place_of(const Camera *camera)
{
    return camera->number + (uint64_t)camera->index * 7; /* prime to GOP */
}

static void set_numbers(const Camera *camera, uint8_t *packet, uint64_t sequence)
{
    packet_number(packet, (uint16_t)sequence, (uint32_t)(camera->number * TICKS),
                  (uint32_t)camera->index + 1);
}

/* False while the socket does not take all of it. */
static bool flush(Camera *camera)
{
    ByteWriter *pending = &camera->pending;
    while (camera->pending_at < pending->size) {
        ssize_t done = send(camera->fd, pending->data + camera->pending_at,
                            pending->size - camera->pending_at, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (done <= 0)
            return false;
        camera->pending_at += (size_t)done;
    }
    byte_writer_clear(pending);
    camera->pending_at = 0;
    return true;
}

/* All of the parts, now or as soon as the socket takes them; false: none of them. */
static bool send_parts(Camera *camera, struct iovec *parts, int count)
{
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
    ssize_t done = sendmsg(camera->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (done < 0)
        return false;
    size_t skip = (size_t)done;
    for (int i = 0; i < count; i++) {
        size_t here = MIN(skip, parts[i].iov_len);
        skip -= here;
        write_bytes(&camera->pending, (uint8_t *)parts[i].iov_base + here, parts[i].iov_len - here);
    }
    return true;
}

static void note_sent(Camera *camera, bool key, int64_t now_us)
{
    camera->sent++;
    camera->last_number = camera->number;
    if (!camera->first_us)
        camera->first_us = now_us;
    if (key && !camera->first_key_us) {
        camera->first_key_us = now_us;
        camera->first_key_number = camera->number;
    }
}

static void send_picture(Camera *camera)
{
    const ScenePackets *scene = camera->scene;
    uint64_t place = place_of(camera), pass = place / scene->count;
    const PicturePackets *packets = &scene->pictures[place % scene->count];
    uint64_t sequence = pass * scene->packets + packets->first;
    int64_t now_us = clock_wall_us();
    uint8_t mark[PACKET_HEAD_BYTES + SIM_SEI_BYTES];
    SimSei sei = {
        .stream = STREAM_MAIN, .loop = (uint32_t)pass, .number = camera->number, .sent_us = now_us};
    memcpy(sei.camera, camera->name, sizeof sei.camera);
    size_t mark_bytes = packet_of_mark(&sei, mark);
    for (guint i = 0; i < packets->at->len; i++)
        set_numbers(camera, packets->bytes.data + g_array_index(packets->at, size_t, i),
                    sequence + i + (i >= packets->before));
    set_numbers(camera, mark, sequence + packets->before);
    struct iovec parts[] = {
        {packets->bytes.data, packets->mark_at},
        {mark, mark_bytes},
        {packets->bytes.data + packets->mark_at, packets->bytes.size - packets->mark_at}};
    if (flush(camera) && send_parts(camera, parts, G_N_ELEMENTS(parts)))
        note_sent(camera, packets->key, now_us);
    else
        camera->dropped++;
}

static int64_t due_us(const Camera *camera, uint64_t number)
{
    int64_t due = camera->start_us + (int64_t)(number * SECOND_US / FPS);
    return (due + TICK_US - 1) / TICK_US * TICK_US;
}

static void picture_due(void *data)
{
    Camera *camera = data;
    if (!camera->plays)
        return;
    send_picture(camera);
    camera->number++;
    loop_timer_set(camera->timer, due_us(camera, camera->number));
}

static void play(Camera *camera)
{
    camera->plays = true;
    camera->sent = camera->dropped = 0;
    camera->first_us = camera->first_key_us = 0;
    int64_t run_us = MAX(clock_mono_us() - camera->start_us, 0);
    camera->number = (uint64_t)(run_us * FPS / SECOND_US) + 1;
    loop_timer_set(camera->timer, due_us(camera, camera->number));
}

/* ---- RTSP ---- */

typedef struct Answer {
    const char *fields, *body;
} Answer;

static Answer answer_to(Camera *camera, RtspText method)
{
    static const char session[] = "Session: 1;timeout=60\r\n";
    if (rtsp_text_is(method, "OPTIONS"))
        return (Answer){"Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN\r\n", ""};
    if (rtsp_text_is(method, "DESCRIBE"))
        return (Answer){"Content-Type: application/sdp\r\n", camera->scene->sdp};
    if (rtsp_text_is(method, "SETUP"))
        return (Answer){"Session: 1;timeout=60\r\n"
                        "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n",
                        ""};
    return (Answer){session, ""};
}

static void answer(Camera *camera, const RtspItem *item)
{
    Answer told = answer_to(camera, item->method);
    g_autofree char *text =
        g_strdup_printf("RTSP/1.0 200 OK\r\nCSeq: %d\r\n%sContent-Length: %zu\r\n\r\n%s",
                        (int)rtsp_cseq(item), told.fields, strlen(told.body), told.body);
    if (!flush(camera)) {
        write_bytes(&camera->pending, text, strlen(text));
        return;
    }
    struct iovec part = {text, strlen(text)};
    send_parts(camera, &part, 1);
}

static void hang_up(Camera *camera)
{
    loop_fd_remove(camera->watch);
    camera->watch = NULL;
    close(camera->fd);
    camera->fd = -1;
    camera->plays = false;
    camera->size = 0;
    byte_writer_clear(&camera->pending);
    camera->pending_at = 0;
}

static void take_items(Camera *camera)
{
    RtspFraming framing = {0};
    rtsp_framing_allow(&framing, 1); /* receiver reports */
    RtspItem item;
    size_t at = 0;
    while (camera->fd >= 0 &&
           rtsp_next(&framing, camera->received + at, camera->size - at, &item) != RTSP_NEED_MORE) {
        at += item.consumed;
        if (item.kind != RTSP_REQUEST)
            continue;
        answer(camera, &item);
        if (rtsp_text_is(item.method, "PLAY"))
            play(camera);
        if (rtsp_text_is(item.method, "TEARDOWN"))
            camera->plays = false;
    }
    camera->size -= at;
    memmove(camera->received, camera->received + at, camera->size);
}

static void readable(void *data, uint32_t events)
{
    Camera *camera = data;
    ssize_t got = recv(camera->fd, camera->received + camera->size, RECEIVE_BYTES - camera->size,
                       MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0) {
        hang_up(camera);
        return;
    }
    camera->size += (size_t)got;
    take_items(camera);
}

/* A port a camera: who connects needs not be asked which one he wants. */
typedef struct Door {
    Camera *camera;
    int fd;
} Door;

static void knocked(void *data, uint32_t events)
{
    Door *door = data;
    Camera *camera = door->camera;
    int fd = accept4(door->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0)
        return;
    if (camera->fd >= 0)
        hang_up(camera);
    int room = SEND_BUFFER;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    camera->fd = fd;
    camera->watch = loop_fd_add(camera->loop, fd, EPOLLIN, readable, camera);
}

static int open_door(Camera *camera)
{
    Door *door = g_new(Door, 1);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    *door = (Door){camera, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (door->fd < 0 || bind(door->fd, (struct sockaddr *)&at, sizeof at) < 0 ||
        listen(door->fd, 4) < 0 || getsockname(door->fd, (struct sockaddr *)&at, &size) < 0)
        die("a port for each camera");
    loop_fd_add(camera->loop, door->fd, EPOLLIN, knocked, door);
    return ntohs(at.sin_port);
}

/* ---- all of them ---- */

static Json *begin(Sender *sender, const ScenePackets *scene)
{
    Json *list = json_array();
    int64_t now = clock_mono_us();
    for (int i = 0; i < sender->count; i++) {
        Camera *camera = &sender->cameras[i];
        *camera = (Camera){.index = i,
                           .scene = scene,
                           .loop = sender->loop,
                           .fd = -1,
                           .received = g_malloc(RECEIVE_BYTES),
                           .start_us = now + i * SECOND_US / FPS / sender->count};
        g_snprintf(camera->name, sizeof camera->name, "cam%03d", i + 1);
        camera->timer = loop_timer_new(sender->loop, picture_due, camera);
        g_autofree char *url = g_strdup_printf("rtsp://127.0.0.1:%d/main", open_door(camera));
        json_array_append_new(list, json_pack("{s:s, s:s}", "name", camera->name, "main", url));
    }
    return list;
}

static Json *record_of(const Camera *camera)
{
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:I, s:I}", "name", camera->name, "sent",
                     (json_int_t)camera->sent, "dropped", (json_int_t)camera->dropped,
                     "last_number", (json_int_t)camera->last_number, "first_key_number",
                     (json_int_t)camera->first_key_number, "first_us", (json_int_t)camera->first_us,
                     "first_key_us", (json_int_t)camera->first_key_us);
}

static void write_record(const Sender *sender, const char *path)
{
    g_autoptr(Json) list = json_array();
    for (int i = 0; i < sender->count; i++)
        json_array_append_new(list, record_of(&sender->cameras[i]));
    g_autofree char *line = json_line(list);
    if (!g_file_set_contents(path, line, -1, NULL))
        die(path);
}

static void ended(void *data, uint32_t events)
{
    loop_stop(data);
}

int main(int argc, char **argv)
{
    Sender sender = {.count = argc == 4 ? atoi(argv[1]) : 0};
    if (sender.count < 1) {
        fputs("usage: bench-sender CAMERAS CLIP RECORD\n", stderr);
        return 2;
    }
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sender.loop = loop_new();
    sender.cameras = g_new0(Camera, (gsize)sender.count);
    loop_fd_add(sender.loop, signalfd(-1, &signals, SFD_CLOEXEC), EPOLLIN, ended, sender.loop);
    const ScenePackets *scene = packets_load(argv[2]);
    if (!scene)
        die(argv[2]);
    g_autoptr(Json) list = begin(&sender, scene);
    g_autoptr(Json) told = json_pack("{s:O}", "cameras", list);
    g_autofree char *line = json_line(told);
    puts(line);
    fflush(stdout);
    loop_run(sender.loop);
    write_record(&sender, argv[3]);
    return 0;
}
