#include "live/replay.h"

#include <inttypes.h>
#include <pthread.h>

/* Some ten seconds of a few viewers: 2 s of a busy street are 350 kB. */
enum { KEPT_BYTES_MOST = 16 << 20 };

typedef struct Kept {
    char *key;
    Buffer *bytes;
} Kept;

struct Replay {
    Places *places;
    atomic_bool stop;
    pthread_mutex_t lock; /* of what follows */
    GQueue kept;          /* Kept, owned, what was asked for last first */
    size_t kept_bytes;
};

Replay *replay_new(Places *places)
{
    Replay *replay = g_new0(Replay, 1);
    replay->places = places;
    g_queue_init(&replay->kept);
    pthread_mutex_init(&replay->lock, NULL);
    return replay;
}

static void kept_free(void *data)
{
    Kept *kept = data;
    g_free(kept->key);
    buffer_unref(kept->bytes);
    g_free(kept);
}

void replay_free(Replay *replay)
{
    if (!replay)
        return;
    g_queue_clear_full(&replay->kept, kept_free);
    pthread_mutex_destroy(&replay->lock);
    g_free(replay);
}

void replay_stop(Replay *replay)
{
    atomic_store(&replay->stop, true);
}

bool replay_on(const Replay *replay)
{
    return places_most(replay->places) > 0;
}

bool replay_place(Replay *replay, const Uuid *who, const Uuid *camera)
{
    return places_lease(replay->places, who, camera);
}

/* What of an open file grows has another key when it has grown. */
static char *key_of(const char *file, const PartH264 *wanted)
{
    const SegmentPart *part = wanted->part;
    return g_strdup_printf("%s %" PRIu64 " %" PRIu64 " %d %d %" PRIx64, file,
                           part ? part->offset : 0, part ? part->bytes : 0, wanted->sound,
                           wanted->key_only, mask_set_key(wanted->masks));
}

/* Returns owned, or NULL. */
static Buffer *find(Replay *replay, const char *key)
{
    Buffer *bytes = NULL;
    pthread_mutex_lock(&replay->lock);
    for (GList *link = replay->kept.head; link; link = link->next) {
        const Kept *kept = link->data;
        if (!g_str_equal(kept->key, key))
            continue;
        bytes = buffer_ref(kept->bytes);
        g_queue_unlink(&replay->kept, link);
        g_queue_push_head_link(&replay->kept, link);
        break;
    }
    pthread_mutex_unlock(&replay->lock);
    return bytes;
}

static void keep(Replay *replay, const char *key, Buffer *bytes)
{
    Kept *kept = g_new0(Kept, 1);
    *kept = (Kept){g_strdup(key), buffer_ref(bytes)};
    pthread_mutex_lock(&replay->lock);
    g_queue_push_head(&replay->kept, kept);
    replay->kept_bytes += bytes->size;
    while (replay->kept_bytes > KEPT_BYTES_MOST && replay->kept.length > 1) {
        Kept *oldest = g_queue_pop_tail(&replay->kept);
        replay->kept_bytes -= oldest->bytes->size;
        kept_free(oldest);
    }
    pthread_mutex_unlock(&replay->lock);
}

Buffer *replay_part(Replay *replay, const char *file, const PartH264 *wanted, GError **error)
{
    g_autofree char *key = key_of(file, wanted);
    Buffer *bytes = find(replay, key);
    if (bytes)
        return bytes;
    PartH264 making = *wanted;
    making.stop = &replay->stop;
    bytes = part_h264_make(&making, error);
    if (bytes)
        keep(replay, key, bytes);
    return bytes;
}
