#include "media/rtp_reorder.h"

#include <stdbool.h>
#include <string.h>

enum {
    JUMP_MAX = 3000,                     /* as in rtp.c: RFC 3550 §A.1 MAX_DROPOUT */
    BEFORE_FIRST = RTP_REORDER_MOST / 2, /* that the packet which comes first may have overtaken */
};

typedef struct Waiting {
    bool used;
    uint8_t *packet; /* kept for the next one in this place */
    size_t size, room;
    int64_t arrival_us;
} Waiting;

struct RtpReorder {
    RtpReorderOut out;
    void *data;
    bool started, strayed;
    uint16_t next;                     /* number */
    uint16_t stray_next;               /* what would follow the packet far off */
    unsigned count;                    /* that wait */
    int64_t newest_us;                 /* arrival */
    Waiting waiting[RTP_REORDER_MOST]; /* number n at n % RTP_REORDER_MOST; none is `next` */
};

RtpReorder *rtp_reorder_new(RtpReorderOut out, void *data)
{
    RtpReorder *reorder = g_new0(RtpReorder, 1);
    reorder->out = out;
    reorder->data = data;
    return reorder;
}

void rtp_reorder_free(RtpReorder *reorder)
{
    if (!reorder)
        return;
    for (unsigned i = 0; i < RTP_REORDER_MOST; i++)
        g_free(reorder->waiting[i].packet);
    g_free(reorder);
}

static Waiting *place_of(RtpReorder *reorder, uint16_t number)
{
    return &reorder->waiting[number % RTP_REORDER_MOST];
}

static void give(RtpReorder *reorder, const uint8_t *packet, size_t size, int64_t arrival_us)
{
    reorder->newest_us = MAX(reorder->newest_us, arrival_us);
    reorder->out(reorder->data, packet, size, reorder->newest_us);
}

/* Gives what waits from `next` on, up to the next hole. */
static void give_row(RtpReorder *reorder)
{
    for (Waiting *first; (first = place_of(reorder, reorder->next))->used; reorder->next++) {
        first->used = false;
        reorder->count--;
        give(reorder, first->packet, first->size, first->arrival_us);
    }
}

static void give_up_one(RtpReorder *reorder)
{
    while (!place_of(reorder, reorder->next)->used)
        reorder->next++;
    give_row(reorder);
}

static void keep(RtpReorder *reorder, uint16_t number, const uint8_t *packet, size_t size,
                 int64_t arrival_us)
{
    Waiting *place = place_of(reorder, number);
    if (place->used) /* a copy */
        return;
    if (place->room < size) {
        place->packet = g_realloc(place->packet, size);
        place->room = size;
    }
    memcpy(place->packet, packet, size);
    place->size = size;
    place->arrival_us = arrival_us;
    place->used = true;
    reorder->count++;
}

/* A packet far off goes as it is; the one that follows it tells that the source began anew. */
static void take_stray(RtpReorder *reorder, uint16_t number)
{
    if (reorder->strayed && number == reorder->stray_next) {
        rtp_reorder_flush(reorder);
        reorder->next = (uint16_t)(number + 1);
        reorder->strayed = false;
        return;
    }
    reorder->strayed = true;
    reorder->stray_next = (uint16_t)(number + 1);
}

void rtp_reorder_add(RtpReorder *reorder, uint16_t number, const uint8_t *packet, size_t size,
                     int64_t arrival_us)
{
    if (!reorder->started) {
        reorder->started = true;
        reorder->next = (uint16_t)(number - BEFORE_FIRST);
    }
    rtp_reorder_give_up(reorder, arrival_us);
    int ahead = (int16_t)(uint16_t)(number - reorder->next);
    if (ahead > JUMP_MAX || ahead < -JUMP_MAX) {
        take_stray(reorder, number);
        give(reorder, packet, size, arrival_us);
        return;
    }
    reorder->strayed = false;
    if (ahead < 0) { /* too late: to be counted, not used */
        give(reorder, packet, size, arrival_us);
        return;
    }
    while (ahead >= RTP_REORDER_MOST && reorder->count > 0) {
        give_up_one(reorder);
        ahead = (int16_t)(uint16_t)(number - reorder->next);
    }
    if (ahead >= RTP_REORDER_MOST) {
        reorder->next = number;
        ahead = 0;
    }
    if (ahead > 0) {
        keep(reorder, number, packet, size, arrival_us);
        return;
    }
    reorder->next++;
    give(reorder, packet, size, arrival_us);
    give_row(reorder);
}

int64_t rtp_reorder_until_us(const RtpReorder *reorder)
{
    int64_t first_us = INT64_MAX;
    if (reorder->count == 0)
        return first_us;
    for (unsigned i = 0; i < RTP_REORDER_MOST; i++)
        if (reorder->waiting[i].used)
            first_us = MIN(first_us, reorder->waiting[i].arrival_us + RTP_REORDER_US);
    return first_us;
}

void rtp_reorder_give_up(RtpReorder *reorder, int64_t now_us)
{
    while (rtp_reorder_until_us(reorder) <= now_us)
        give_up_one(reorder);
}

void rtp_reorder_flush(RtpReorder *reorder)
{
    while (reorder->count > 0)
        give_up_one(reorder);
}

void rtp_reorder_reset(RtpReorder *reorder)
{
    for (unsigned i = 0; i < RTP_REORDER_MOST; i++)
        reorder->waiting[i].used = false;
    reorder->count = 0;
    reorder->started = reorder->strayed = false;
}
