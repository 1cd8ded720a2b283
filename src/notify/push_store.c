/* What Web Push keeps: our key, the devices, the choices. In the catalog, and in memory so that
 * nobody waits for it. */
#include "base/clock.h"
#include "base/log.h"
#include "base/secret.h"
#include "catalog/settings.h"
#include "notify/push_state.h"

#include <string.h>

#define PUSH_KEY_SETTING "push-key" /* sealed */

enum { DEVICES_MOST = 10 }; /* of one account */

/* After a failure, 15 s, then twice as long each time, up to 32 min. */
#define BACK_OFF_US (15 * SECOND_US)
enum { BACK_OFF_DOUBLINGS = 7 };

void push_target_free(PushTarget *target)
{
    if (!target)
        return;
    push_row_free(target->row);
    g_free(target->service);
    g_free(target->trouble);
    g_free(target);
}

void push_device_free(PushDevice *device)
{
    g_free(device->device);
    g_free(device->service);
    g_free(device->trouble);
    g_free(device);
}

static PushRow *row_copy(const PushRow *row)
{
    PushRow *copy = g_memdup2(row, sizeof *row);
    copy->endpoint = g_strdup(row->endpoint);
    copy->device = g_strdup(row->device);
    return copy;
}

static PushTarget *target_copy(const PushTarget *target)
{
    PushTarget *copy = g_memdup2(target, sizeof *target);
    copy->row = row_copy(target->row);
    copy->service = g_strdup(target->service);
    copy->trouble = g_strdup(target->trouble);
    return copy;
}

/* ---- at the start ---- */

static bool put_key(CatalogDb *db, void *sealed, GError **error)
{
    return settings_put(db, PUSH_KEY_SETTING, sealed, error);
}

/* A key that cannot be opened any more is replaced: phones subscribe anew when the app is opened.
 */
static bool load_key(Push *push, CatalogDb *db, GError **error)
{
    g_autofree char *sealed = NULL;
    if (!settings_get(db, PUSH_KEY_SETTING, &sealed, error))
        return false;
    secret_auto char *text = sealed ? site_unseal(push->site, sealed, NULL) : NULL;
    gsize size = 0;
    g_autofree uint8_t *secret = text ? g_base64_decode(text, &size) : NULL;
    push->key = size == PUSH_SECRET_BYTES ? push_key_of(secret, NULL) : NULL;
    return true;
}

static bool make_key(Push *push, GError **error)
{
    uint8_t secret[PUSH_SECRET_BYTES];
    push->key = push_key_new();
    push_key_secret(push->key, secret);
    secret_auto char *text = g_base64_encode(secret, sizeof secret);
    g_autofree char *sealed = site_seal(push->site, text);
    return catalog_write_wait(push->catalog, put_key, sealed, error);
}

static void take_row(Push *push, PushRow *row)
{
    char *service = push_service_of(row->endpoint, push->services, NULL);
    PushTarget *target = g_new0(PushTarget, 1);
    target->row = row;
    target->service = service ? service : g_strdup("");
    g_ptr_array_add(push->targets, target);
}

static bool load_rows(Push *push, CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = push_list(db, error);
    g_autoptr(GPtrArray) choices = rows ? push_choices(db, error) : NULL;
    if (!choices)
        return false;
    while (rows->len > 0)
        take_row(push, g_ptr_array_steal_index(rows, 0));
    while (choices->len > 0) {
        PushChoice *choice = g_ptr_array_steal_index(choices, 0);
        g_hash_table_replace(push->choices, &choice->account, choice);
    }
    return true;
}

bool push_load(Push *push, GError **error)
{
    uint8_t point[PUSH_POINT_BYTES];
    CatalogDb *db = catalog_read(push->catalog, error);
    bool loaded = db && load_key(push, db, error) && load_rows(push, db, error);
    if (db)
        catalog_read_end(db);
    if (!loaded || (!push->key && !make_key(push, error)))
        return false;
    push_key_point(push->key, point);
    push->public_key = push_base64(point, sizeof point);
    return true;
}

/* ---- devices ---- */

GPtrArray *push_targets(Push *push, const Uuid *account)
{
    GPtrArray *targets = g_ptr_array_new_with_free_func((GDestroyNotify)push_target_free);
    pthread_mutex_lock(&push->lock);
    for (guint i = 0; i < push->targets->len; i++) {
        const PushTarget *target = push->targets->pdata[i];
        if (!account || uuid_equal(&target->row->account, account))
            g_ptr_array_add(targets, target_copy(target));
    }
    pthread_mutex_unlock(&push->lock);
    return targets;
}

/* With the lock held. */
static PushTarget *find(Push *push, const Uuid *id)
{
    for (guint i = 0; i < push->targets->len; i++) {
        PushTarget *target = push->targets->pdata[i];
        if (uuid_equal(&target->row->id, id))
            return target;
    }
    return NULL;
}

static bool put_row(CatalogDb *db, void *row, GError **error)
{
    return push_put(db, row, error);
}

static bool remove_row(CatalogDb *db, void *id, GError **error)
{
    return push_remove(db, id, error);
}

static bool forget(Push *push, const Uuid *id, GError **error)
{
    Uuid gone = *id;
    if (!catalog_write_wait(push->catalog, remove_row, &gone, error))
        return false;
    pthread_mutex_lock(&push->lock);
    PushTarget *target = find(push, id);
    if (target)
        g_ptr_array_remove(push->targets, target);
    pthread_mutex_unlock(&push->lock);
    return true;
}

/* A row that takes the place of one with the same endpoint keeps its id; how many others the
 * account has. */
static unsigned settle_id(Push *push, PushRow *row)
{
    unsigned others = 0;
    pthread_mutex_lock(&push->lock);
    for (guint i = 0; i < push->targets->len; i++) {
        const PushRow *had = ((PushTarget *)push->targets->pdata[i])->row;
        if (strcmp(had->endpoint, row->endpoint) == 0)
            row->id = had->id;
        else
            others += uuid_equal(&had->account, &row->account);
    }
    pthread_mutex_unlock(&push->lock);
    return others;
}

static bool subscribe(Push *push, PushRow *row, GError **error)
{
    if (settle_id(push, row) >= DEVICES_MOST)
        return err_set(error, ERR_INVALID,
                       "%d devices of this account are told already; remove one", DEVICES_MOST);
    if (!catalog_write_wait(push->catalog, put_row, row, error))
        return false;
    pthread_mutex_lock(&push->lock);
    PushTarget *had = find(push, &row->id);
    if (had)
        g_ptr_array_remove(push->targets, had);
    take_row(push, row_copy(row));
    pthread_mutex_unlock(&push->lock);
    return true;
}

bool push_subscribe(Push *push, const Uuid *account, const char *endpoint, const PushReader *reader,
                    const char *device, Uuid *id, GError **error)
{
    g_autofree char *service = push_service_of(endpoint, push->services, error);
    if (!service)
        return false;
    g_autoptr(PushRow) row = g_new0(PushRow, 1);
    row->id = uuid_new();
    row->account = *account;
    row->endpoint = g_strdup(endpoint);
    memcpy(row->point, reader->point, sizeof row->point);
    memcpy(row->auth, reader->auth, sizeof row->auth);
    row->device = g_strdup(device);
    row->created_us = clock_now_us();
    turn_begin(&push->change);
    bool done = subscribe(push, row, error);
    turn_end(&push->change);
    *id = row->id;
    return done;
}

bool push_unsubscribe(Push *push, const Uuid *account, const Uuid *id, GError **error)
{
    turn_begin(&push->change);
    pthread_mutex_lock(&push->lock);
    const PushTarget *target = find(push, id);
    bool own = target && uuid_equal(&target->row->account, account);
    pthread_mutex_unlock(&push->lock);
    bool done = own ? forget(push, id, error) : err_set(error, ERR_NOT_FOUND, "no such device");
    turn_end(&push->change);
    return done;
}

static bool remove_of(CatalogDb *db, void *account, GError **error)
{
    return push_remove_of(db, account, error);
}

void push_forget(Push *push, const Uuid *account)
{
    Uuid whose = *account;
    g_autoptr(GError) error = NULL;
    if (!push)
        return;
    turn_begin(&push->change);
    pthread_mutex_lock(&push->lock);
    for (guint i = push->targets->len; i-- > 0;)
        if (uuid_equal(&((PushTarget *)push->targets->pdata[i])->row->account, account))
            g_ptr_array_remove_index(push->targets, i);
    pthread_mutex_unlock(&push->lock);
    if (!catalog_write_wait(push->catalog, remove_of, &whose, &error))
        log_error("push.forget", "cause=\"%s\"", error->message);
    turn_end(&push->change);
}

GPtrArray *push_devices(Push *push, const Uuid *account)
{
    GPtrArray *devices = g_ptr_array_new_with_free_func((GDestroyNotify)push_device_free);
    g_autoptr(GPtrArray) targets = push_targets(push, account);
    for (guint i = 0; i < targets->len; i++) {
        const PushTarget *target = targets->pdata[i];
        PushDevice *device = g_new(PushDevice, 1);
        *device = (PushDevice){.id = target->row->id,
                               .device = g_strdup(target->row->device),
                               .service = g_strdup(target->service),
                               .created_us = target->row->created_us,
                               .delivered_us = target->row->delivered_us,
                               .trouble = g_strdup(target->trouble ? target->trouble : "")};
        g_ptr_array_add(devices, device);
    }
    return devices;
}

/* ---- how attempts end ---- */

typedef struct Delivered {
    Uuid id;
    int64_t at_us;
} Delivered;

static bool put_delivered(CatalogDb *db, void *data, GError **error)
{
    const Delivered *delivered = data;
    return push_delivered(db, &delivered->id, delivered->at_us, error);
}

static void free_delivered(void *data, const GError *error)
{
    g_free(data);
}

static void note(PushTarget *target, PushEnd end, const GError *trouble, int64_t now_us)
{
    g_clear_pointer(&target->trouble, g_free);
    target->failures = end == PUSH_TAKEN ? 0 : target->failures + 1;
    if (end == PUSH_TAKEN)
        target->row->delivered_us = now_us;
    else
        target->trouble = g_strdup(trouble->message);
    target->not_before = target->failures == 0
                             ? 0
                             : clock_mono_us() + (BACK_OFF_US << MIN(target->failures - 1,
                                                                     (unsigned)BACK_OFF_DOUBLINGS));
}

void push_ended(Push *push, const Uuid *id, PushEnd end, const GError *trouble)
{
    int64_t now_us = clock_now_us();
    pthread_mutex_lock(&push->lock);
    PushTarget *target = find(push, id);
    if (target)
        note(target, end, trouble, now_us);
    pthread_mutex_unlock(&push->lock);
    if (!target)
        return;
    if (end == PUSH_TAKEN) {
        Delivered *delivered = g_new(Delivered, 1);
        *delivered = (Delivered){*id, now_us};
        catalog_write(push->catalog, put_delivered, delivered, free_delivered);
        return;
    }
    log_warning("push.failed", "cause=\"%s\"", trouble->message);
    if (end != PUSH_GONE)
        return;
    g_autoptr(GError) error = NULL;
    turn_begin(&push->change);
    if (!forget(push, id, &error))
        log_error("push.forget", "cause=\"%s\"", error->message);
    turn_end(&push->change);
}

/* ---- choices ---- */

PushChoice *push_choice(Push *push, const Uuid *account)
{
    PushChoice *choice = g_new0(PushChoice, 1);
    pthread_mutex_lock(&push->lock);
    const PushChoice *own = g_hash_table_lookup(push->choices, account);
    if (own) {
        *choice = *own;
        choice->silent = g_strdup(own->silent);
    } else {
        push_choice_default(choice, account);
    }
    pthread_mutex_unlock(&push->lock);
    return choice;
}

static bool put_choice(CatalogDb *db, void *choice, GError **error)
{
    return push_choice_put(db, choice, error);
}

bool push_choose(Push *push, const PushChoice *choice, GError **error)
{
    if (!push_choice_check(choice, error))
        return false;
    PushChoice *copy = g_memdup2(choice, sizeof *choice);
    copy->silent = g_strdup(choice->silent);
    turn_begin(&push->change);
    bool done = catalog_write_wait(push->catalog, put_choice, copy, error);
    if (done) {
        pthread_mutex_lock(&push->lock);
        g_hash_table_replace(push->choices, &copy->account, copy);
        pthread_mutex_unlock(&push->lock);
    } else {
        push_choice_free(copy);
    }
    turn_end(&push->change);
    return done;
}
