#include "people/devices.h"

#include "base/clock.h"
#include "base/secret.h"
#include "catalog/settings.h"
#include "people/people_state.h"
#include "people/totp.h"

#include <sodium.h>
#include <string.h>

enum { CODE_LETTERS = 8, CODES_MOST = 100 };

/* Without those that are taken for each other. */
static const char letters[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/* A code that was not used yet; in memory only. */
typedef struct DeviceCode {
    Uuid account;
    char *name;
    int64_t mono_us; /* made */
} DeviceCode;

void people_free_code(void *data)
{
    DeviceCode *code = data;
    g_free(code->name);
    g_free(code);
}

bool people_load_devices(People *people, CatalogDb *db, GError **error)
{
    g_autoptr(GPtrArray) rows = devices_list(db, error);
    g_autofree char *roles = NULL;
    if (!rows || !settings_get(db, SITE_DEVICE_ROLES, &roles, error))
        return false;
    people_roles_read(roles, people->device_roles);
    while (rows->len > 0) {
        DeviceRow *row = g_ptr_array_steal_index_fast(rows, 0);
        g_hash_table_replace(people->devices, &row->id, row);
    }
    return true;
}

/* --- which roles --- */

void people_device_roles(People *people, bool wanted[ROLES])
{
    pthread_mutex_lock(&people->lock);
    memcpy(wanted, people->device_roles, sizeof people->device_roles);
    pthread_mutex_unlock(&people->lock);
}

static bool put_roles(CatalogDb *db, void *text, GError **error)
{
    return settings_put(db, SITE_DEVICE_ROLES, text, error);
}

bool people_device_roles_set(People *people, const bool wanted[ROLES], GError **error)
{
    g_autofree char *text = people_roles_text(wanted);
    if (wanted[ROLE_ADMIN])
        return err_set(error, ERR_INVALID,
                       "an admin has to be able to enrol phones from anywhere: ask for a second "
                       "factor of that role instead");
    turn_begin(&people->change);
    bool stored = catalog_write_wait(people->catalog, put_roles, text, error);
    if (stored) {
        pthread_mutex_lock(&people->lock);
        memcpy(people->device_roles, wanted, sizeof people->device_roles);
        pthread_mutex_unlock(&people->lock);
        people_save(people);
    }
    turn_end(&people->change);
    return stored;
}

/* --- enrolling --- */

/* The name as it is stored, owned; NULL and ERR_INVALID. */
static char *check_name(const char *name, GError **error)
{
    g_autofree char *trimmed = g_strstrip(g_strdup(name));
    if (*trimmed && g_utf8_validate(trimmed, -1, NULL) &&
        g_utf8_strlen(trimmed, -1) <= DEVICE_NAME_MOST)
        return g_steal_pointer(&trimmed);
    err_set(error, ERR_INVALID, "the name of a device has 1 to %d characters", DEVICE_NAME_MOST);
    return NULL;
}

static gboolean is_too_old(void *key, void *value, void *now_us)
{
    const DeviceCode *code = value;
    return *(int64_t *)now_us - code->mono_us >= DEVICE_CODE_US;
}

char *people_device_code(People *people, const Uuid *account, const char *name, GError **error)
{
    g_autofree char *checked = check_name(name, error);
    g_autoptr(AccountRow) row = checked ? people_row(people, account) : NULL;
    int64_t now_us = clock_mono_us();
    if (!checked)
        return NULL;
    if (!row) {
        err_set(error, ERR_NOT_FOUND, "no such account");
        return NULL;
    }
    char text[CODE_LETTERS + 1] = "";
    for (int i = 0; i < CODE_LETTERS; i++)
        text[i] = letters[randombytes_uniform(sizeof letters - 1)];
    DeviceCode *code = g_new(DeviceCode, 1);
    *code = (DeviceCode){*account, g_steal_pointer(&checked), now_us};
    pthread_mutex_lock(&people->lock);
    g_hash_table_foreach_remove(people->codes, is_too_old, &now_us);
    bool room = g_hash_table_size(people->codes) < CODES_MOST;
    if (room)
        g_hash_table_replace(people->codes, g_strdup(text), code);
    pthread_mutex_unlock(&people->lock);
    if (room)
        return g_strdup(text);
    people_free_code(code);
    err_set(error, ERR_UNAVAILABLE, "too many codes wait to be used: try again in five minutes");
    return NULL;
}

char *device_enrol_text(const char *code)
{
    g_autofree char *folded = code_fold(code);
    return g_strdup_printf("vonglau enrol\n%s", folded);
}

/* The row of a new device, where the code is right and the key's owner signed it; the code is used
 * up. Returns owned, or NULL. */
static DeviceRow *redeem(People *people, const char *typed, const uint8_t key[P256_KEY_BYTES],
                         const uint8_t signature[P256_SIGNATURE_BYTES])
{
    g_autofree char *folded = code_fold(typed), *signed_text = device_enrol_text(typed);
    if (!p256_holds(key, signature, signed_text))
        return NULL;
    int64_t now_us = clock_mono_us();
    DeviceRow *row = NULL;
    pthread_mutex_lock(&people->lock);
    g_hash_table_foreach_remove(people->codes, is_too_old, &now_us);
    const DeviceCode *code = g_hash_table_lookup(people->codes, folded);
    if (code) {
        row = g_new0(DeviceRow, 1);
        row->id = uuid_new();
        row->account = code->account;
        row->name = g_strdup(code->name);
        row->created_us = row->seen_us = clock_now_us();
        memcpy(row->key, key, P256_KEY_BYTES);
        g_hash_table_remove(people->codes, folded);
    }
    pthread_mutex_unlock(&people->lock);
    return row;
}

static bool put_device(CatalogDb *db, void *row, GError **error)
{
    return devices_put(db, row, error);
}

/* Within a turn: makes `row` durable, then visible. Takes it. */
static bool keep(People *people, DeviceRow *row, GError **error)
{
    if (!catalog_write_wait(people->catalog, put_device, row, error)) {
        device_row_free(row);
        return false;
    }
    pthread_mutex_lock(&people->lock);
    g_hash_table_replace(people->devices, &row->id, row);
    pthread_mutex_unlock(&people->lock);
    people_save(people);
    return true;
}

static void describe(const DeviceRow *row, Device *device)
{
    *device = (Device){.id = row->id,
                       .account = row->account,
                       .created_us = row->created_us,
                       .seen_us = row->seen_us,
                       .shut_us = row->shut_us};
    g_strlcpy(device->name, row->name, sizeof device->name);
}

bool people_device_enrol(People *people, const char *code, const uint8_t key[P256_KEY_BYTES],
                         const uint8_t signature[P256_SIGNATURE_BYTES], const char *address,
                         Device *device, GError **error)
{
    static const char guessing[] = "enrol a phone"; /* no account is called so */
    int64_t now_us = clock_mono_us();
    if (lockout_try(people->lockout, guessing, address, now_us) > 0)
        return err_set(error, ERR_UNAVAILABLE, "too many wrong codes: wait a minute");
    DeviceRow *row = redeem(people, code, key, signature);
    if (!row)
        return err_set(error, ERR_DENIED, "the code is wrong, used, or older than five minutes");
    lockout_succeeded(people->lockout, guessing, address, now_us);
    describe(row, device);
    turn_begin(&people->change);
    bool kept = keep(people, row, error);
    turn_end(&people->change);
    return kept;
}

/* --- the list --- */

static int by_age(const void *a, const void *b)
{
    const Device *one = a, *other = b;
    return (one->created_us < other->created_us) - (one->created_us > other->created_us);
}

GArray *people_devices(People *people)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Device));
    GHashTableIter iter;
    void *value;
    pthread_mutex_lock(&people->lock);
    g_hash_table_iter_init(&iter, people->devices);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Device device;
        describe(value, &device);
        g_array_append_val(list, device);
    }
    pthread_mutex_unlock(&people->lock);
    g_array_sort(list, by_age);
    return list;
}

bool people_device(People *people, const Uuid *id, Device *device)
{
    pthread_mutex_lock(&people->lock);
    const DeviceRow *row = g_hash_table_lookup(people->devices, id);
    if (row)
        describe(row, device);
    pthread_mutex_unlock(&people->lock);
    return row != NULL;
}

typedef bool (*Change)(DeviceRow *row, const char *name, GError **error);

/* A changed copy of a device, made durable. */
static bool change(People *people, const Uuid *id, Change how, const char *name, GError **error)
{
    turn_begin(&people->change);
    pthread_mutex_lock(&people->lock);
    const DeviceRow *row = g_hash_table_lookup(people->devices, id);
    DeviceRow *copy = row ? device_row_copy(row) : NULL;
    pthread_mutex_unlock(&people->lock);
    bool changed = false;
    if (!copy)
        err_set(error, ERR_NOT_FOUND, "there is no such device");
    else if (how(copy, name, error))
        changed = keep(people, g_steal_pointer(&copy), error);
    device_row_free(copy);
    turn_end(&people->change);
    return changed;
}

static bool rename_row(DeviceRow *row, const char *name, GError **error)
{
    g_free(row->name);
    row->name = g_strdup(name);
    return true;
}

static bool shut_row(DeviceRow *row, const char *name, GError **error)
{
    if (!row->shut_us)
        row->shut_us = clock_now_us();
    return true;
}

static bool let_row_back(DeviceRow *row, const char *name, GError **error)
{
    if (row->shut_us && clock_now_us() - row->shut_us > DEVICE_UNDO_US)
        return err_set(error, ERR_DENIED,
                       "the phone has been shut out for over a minute: enrol it anew");
    row->shut_us = 0;
    return true;
}

bool people_device_rename(People *people, const Uuid *id, const char *name, GError **error)
{
    g_autofree char *checked = check_name(name, error);
    return checked && change(people, id, rename_row, checked, error);
}

bool people_device_shut(People *people, const Uuid *id, GError **error)
{
    if (!change(people, id, shut_row, NULL, error))
        return false;
    people_end_device(people, id);
    return true;
}

bool people_device_let_back(People *people, const Uuid *id, GError **error)
{
    return change(people, id, let_row_back, NULL, error);
}
