/* mask_liftings.c — who sees the pictures of a camera without its masks, for how long. */
#include "config/masks_state.h"
#include "config/text_rules.h"

#include <string.h>

const char *lifting_state_text(LiftingState state)
{
    static const char *const texts[LIFTING_STATES] = {
        [LIFTING_WAITING] = "waiting",     [LIFTING_RUNNING] = "running",
        [LIFTING_ENDED] = "ended",         [LIFTING_REJECTED] = "rejected",
        [LIFTING_WITHDRAWN] = "withdrawn", [LIFTING_LAPSED] = "lapsed",
    };
    return texts[state];
}

LiftingState lifting_state(const LiftingRow *row, int64_t now_us)
{
    if (row->decided_us && !row->approved)
        return LIFTING_REJECTED;
    if (row->decided_us)
        return row->until_us > now_us ? LIFTING_RUNNING : LIFTING_ENDED;
    if (row->until_us)
        return LIFTING_WITHDRAWN;
    return now_us - row->asked_us < LIFTING_WAITS_US ? LIFTING_WAITING : LIFTING_LAPSED;
}

static bool runs(const Lifting *lifting)
{
    return lifting->until_mono_us > clock_mono_us();
}

bool masks_lifted(Masks *masks, const Uuid *camera, const Uuid *account, Uuid *lifting)
{
    bool lifted = false;
    if (uuid_is_nil(account))
        return false;
    pthread_mutex_lock(&masks->lock);
    for (guint i = 0; i < masks->liftings->len && !lifted; i++) {
        const Lifting *one = masks->liftings->pdata[i];
        lifted = runs(one) && uuid_equal(&one->row->camera, camera) &&
                 uuid_equal(&one->row->by, account);
        if (lifted)
            *lifting = one->row->id;
    }
    pthread_mutex_unlock(&masks->lock);
    return lifted;
}

GPtrArray *masks_liftings(Masks *masks)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)lifting_row_free);
    int64_t since_us = clock_now_us() - LIFTING_LISTED_US;
    pthread_mutex_lock(&masks->lock);
    for (guint i = masks->liftings->len; i-- > 0;) {
        const Lifting *lifting = masks->liftings->pdata[i];
        if (lifting->row->asked_us >= since_us)
            g_ptr_array_add(rows, lifting_row_copy(lifting->row));
    }
    pthread_mutex_unlock(&masks->lock);
    return rows;
}

/* ---- changing; in a turn ---- */

static bool write_row(CatalogDb *db, void *data, GError **error)
{
    return liftings_put(db, data, error);
}

/* Under the lock. */
static Lifting *find_lifting(Masks *masks, const Uuid *id)
{
    for (guint i = 0; i < masks->liftings->len; i++) {
        Lifting *lifting = masks->liftings->pdata[i];
        if (uuid_equal(&lifting->row->id, id))
            return lifting;
    }
    return NULL;
}

/* Durable first, then it counts, then it is told. Takes `row`; returns a copy, owned, or NULL. */
static LiftingRow *put(Masks *masks, LiftingRow *row, GError **error)
{
    g_autoptr(LiftingRow) mine = row;
    if (!catalog_write_wait(masks->catalog, write_row, row, error))
        return NULL;
    int64_t left_us = row->approved ? row->until_us - clock_now_us() : 0;
    pthread_mutex_lock(&masks->lock);
    Lifting *lifting = find_lifting(masks, &row->id);
    if (!lifting) {
        lifting = g_new0(Lifting, 1);
        g_ptr_array_add(masks->liftings, lifting);
    }
    lifting_row_free(lifting->row);
    lifting->row = lifting_row_copy(row);
    lifting->until_mono_us = left_us > 0 ? clock_mono_us() + left_us : 0;
    pthread_mutex_unlock(&masks->lock);
    masks_tell(masks, &row->camera);
    return g_steal_pointer(&mine);
}

/* A copy, owned. */
static LiftingRow *find(Masks *masks, const Uuid *id, GError **error)
{
    pthread_mutex_lock(&masks->lock);
    const Lifting *lifting = find_lifting(masks, id);
    LiftingRow *row = lifting ? lifting_row_copy(lifting->row) : NULL;
    pthread_mutex_unlock(&masks->lock);
    if (!row)
        err_set(error, ERR_NOT_FOUND, "there is no such lifting");
    return row;
}

LiftingRow *masks_ask_lifting(Masks *masks, const Uuid *camera, const char *reason, int64_t minutes,
                              const Uuid *by, GError **error)
{
    LiftingRow *asked = NULL;
    g_autoptr(LiftingRow) row = lifting_row_new();
    if (!masks_check_person(by, error))
        return NULL;
    if (minutes < 1 || minutes > LIFTING_MINUTES_MOST) {
        err_set(error, ERR_INVALID, "‘minutes’ must be 1 to %d", LIFTING_MINUTES_MOST);
        return NULL;
    }
    row->id = uuid_new();
    row->camera = *camera;
    row->by = *by;
    row->minutes = minutes;
    row->asked_us = clock_now_us();
    g_free(row->reason);
    row->reason = g_strdup(reason);
    turn_begin(&masks->change);
    if (masks_any(masks, camera))
        asked = put(masks, g_steal_pointer(&row), error);
    else
        err_set(error, ERR_NOT_FOUND, "the camera has no mask");
    turn_end(&masks->change);
    return asked;
}

static bool decide(LiftingRow *row, bool approve, const char *words, const Uuid *by, GError **error)
{
    const int64_t now_us = clock_now_us();
    const size_t least = approve ? 0 : MASK_WORDS_LEAST;
    if (lifting_state(row, now_us) != LIFTING_WAITING)
        return err_set(error, ERR_EXISTS, "it waits for nobody's decision");
    if (!masks_check_person(by, error) ||
        !text_rule(&row->words, "words", words, least, MASK_WORDS_MOST, error))
        return false;
    if (uuid_equal(&row->by, by))
        return err_set(error, ERR_DENIED, "it is decided by another person than who asked");
    row->decided_us = now_us;
    row->decided_by = *by;
    row->approved = approve;
    row->until_us = approve ? now_us + row->minutes * MINUTE_US : 0;
    return true;
}

LiftingRow *masks_decide_lifting(Masks *masks, const Uuid *id, bool approve, const char *words,
                                 const Uuid *by, GError **error)
{
    LiftingRow *decided = NULL;
    turn_begin(&masks->change);
    g_autoptr(LiftingRow) row = find(masks, id, error);
    if (row && decide(row, approve, words, by, error))
        decided = put(masks, g_steal_pointer(&row), error);
    turn_end(&masks->change);
    return decided;
}

static bool end(LiftingRow *row, const Uuid *by, GError **error)
{
    const int64_t now_us = clock_now_us();
    LiftingState state = lifting_state(row, now_us);
    if (state != LIFTING_WAITING && state != LIFTING_RUNNING)
        return err_set(error, ERR_EXISTS, "it is over already");
    row->until_us = now_us;
    row->ended_by = *by;
    return true;
}

LiftingRow *masks_end_lifting(Masks *masks, const Uuid *id, const Uuid *by, GError **error)
{
    LiftingRow *ended = NULL;
    turn_begin(&masks->change);
    g_autoptr(LiftingRow) row = find(masks, id, error);
    if (row && end(row, by, error))
        ended = put(masks, g_steal_pointer(&row), error);
    turn_end(&masks->change);
    return ended;
}
