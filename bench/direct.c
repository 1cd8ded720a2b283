#include "direct.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "play.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ROOM = 1024 * 1024, FRAME_HEAD = 4, RTP_HEAD = 12, RTP_MARKER = 0x80 };

struct Direct {
    Playing *playing;
    GHashTable *arrivals;
    int64_t number;  /* of the picture that is coming; -1: not known */
    int64_t keep_us; /* when the session is to be kept alive */
    size_t size;
    uint8_t buffer[ROOM];
};

Direct *direct_open(const char *url)
{
    Direct *direct = g_new0(Direct, 1);
    direct->playing = play_start(url);
    direct->arrivals = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    direct->number = -1;
    int on = 1;
    setsockopt(direct_fd(direct), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    return direct;
}

int direct_fd(const Direct *direct)
{
    return play_fd(direct->playing);
}

GHashTable *direct_arrivals(Direct *direct)
{
    return direct->arrivals;
}

static void take_packet(Direct *direct, const uint8_t *packet, size_t size, int64_t arrived_us)
{
    static const char mark[] = " number=";
    const uint8_t *at = size > RTP_HEAD ? memmem(packet, size, mark, strlen(mark)) : NULL;
    if (at)
        direct->number = strtoll((const char *)at + strlen(mark), NULL, 10);
    if (size <= RTP_HEAD || !(packet[1] & RTP_MARKER) || direct->number < 0)
        return;
    g_hash_table_replace(direct->arrivals, g_memdup2(&direct->number, sizeof direct->number),
                         g_memdup2(&arrived_us, sizeof arrived_us));
    direct->number = -1;
}

/* Packets stand behind '$', channel and length; an answer in between is skipped byte by byte. */
static void take_frames(Direct *direct, int64_t arrived_us)
{
    size_t at = 0;
    while (direct->size - at >= FRAME_HEAD) {
        const uint8_t *frame = direct->buffer + at;
        if (frame[0] != '$' || frame[1] > 1) {
            at++;
            continue;
        }
        size_t size = get_u16(frame + 2);
        if (direct->size - at < FRAME_HEAD + size)
            break;
        if (frame[1] == 0)
            take_packet(direct, frame + FRAME_HEAD, size, arrived_us);
        at += FRAME_HEAD + size;
    }
    direct->size -= at;
    memmove(direct->buffer, direct->buffer + at, direct->size);
}

void direct_read(Direct *direct)
{
    struct iovec part = {direct->buffer + direct->size, ROOM - direct->size};
    char control[CMSG_SPACE(sizeof(struct timespec))];
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t got = recvmsg(direct_fd(direct), &message, MSG_DONTWAIT);
    if (got <= 0)
        return;
    int64_t arrived_us = clock_wall_us();
    struct cmsghdr *stamp = CMSG_FIRSTHDR(&message);
    if (stamp && stamp->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec at;
        memcpy(&at, CMSG_DATA(stamp), sizeof at);
        arrived_us = at.tv_sec * SECOND_US + at.tv_nsec / 1000;
    }
    direct->size += (size_t)got;
    take_frames(direct, arrived_us);
    if (arrived_us < direct->keep_us)
        return;
    if (direct->keep_us)
        play_keep_alive(direct->playing);
    direct->keep_us = arrived_us + PLAY_KEEP_S * SECOND_US;
}
