/* Copies of packages: handed over, followed by their link, taken back. */
#include "base/clock.h"
#include "base/secret.h"
#include "casework/evidence_upgrade.h"
#include "casework/package_desk_state.h"
#include "casework/package_household.h"

#include <string.h>

#define TICKET_LIVES_US HOUR_US

/* ---- handing over ---- */

typedef struct Handing {
    const PackageHanding *asked;
    const uint8_t *secret; /* its digest */
    PackageHanded *handed;
} Handing;

static bool is_link(const PackageHanding *asked)
{
    return strcmp(asked->medium, PACKAGE_BY_LINK) == 0;
}

static PackageCopyRow *copy_by_key(const PackageRow *row, const Uuid *key)
{
    for (guint i = 0; i < row->copies->len; i++) {
        PackageCopyRow *copy = &g_array_index(row->copies, PackageCopyRow, i);
        if (!uuid_is_nil(key) && uuid_equal(&copy->key, key))
            return copy;
    }
    return NULL;
}

/* Is this copy what is asked for, and has nobody got it yet? */
static bool is_same(const PackageRow *row, const PackageCopyRow *copy, const PackageHanding *asked)
{
    if (!uuid_equal(&copy->by, &asked->by) || strcmp(copy->receiver, asked->receiver) != 0 ||
        strcmp(copy->medium, asked->medium) != 0)
        return false;
    return !is_link(asked) || (copy->until_us - copy->at_us == asked->days * DAY_US &&
                               copy->downloads_most == asked->downloads && copy->downloads == 0 &&
                               package_link_lives(row, copy, clock_now_us()));
}

/* The answer was lost, and what opens the link with it: nobody has what opened it until now. */
static bool hand_again(CatalogDb *db, const PackageRow *row, PackageCopyRow *copy,
                       const Handing *handing, GError **error)
{
    handing->handed->occupied = !is_same(row, copy, handing->asked);
    if (handing->handed->occupied)
        return err_set(error, ERR_EXISTS,
                       "this hand-over was written down before as copy %d: see the list of copies",
                       copy->n);
    handing->handed->again = true;
    handing->handed->n = copy->n;
    if (!is_link(handing->asked))
        return true;
    memcpy(copy->secret, handing->secret, sizeof copy->secret);
    return packages_put_copy(db, row, copy, error);
}

static bool hand_new(CatalogDb *db, PackageRow *row, const Handing *handing, GError **error)
{
    const PackageHanding *asked = handing->asked;
    int64_t now_us = clock_now_us();
    bool link = is_link(asked);
    if (row->copies->len >= PACKAGE_COPIES_MOST)
        return err_set(error, ERR_EXISTS, "%d copies of this package were handed over already",
                       PACKAGE_COPIES_MOST);
    PackageCopyRow copy = {.receiver = g_strdup(asked->receiver),
                           .medium = g_strdup(asked->medium),
                           .by = asked->by,
                           .key = asked->key,
                           .at_us = now_us,
                           .until_us = link ? now_us + asked->days * DAY_US : 0,
                           .downloads_most = link ? asked->downloads : 0};
    if (link)
        memcpy(copy.secret, handing->secret, sizeof copy.secret);
    bool added = packages_add_copy(db, row, &copy, error) &&
                 package_given_tell(db, row, copy.n, &asked->by, asked->role, error);
    handing->handed->n = copy.n;
    g_array_append_val(row->copies, copy);
    return added;
}

static bool hand(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    const Handing *handing = data;
    *handing->handed = (PackageHanded){0};
    if (!package_may_leave(row, clock_now_us()))
        return err_set(
            error, ERR_EXISTS,
            "this package may not be handed over: it is not made, not approved, or gone");
    PackageCopyRow *before = copy_by_key(row, &handing->asked->key);
    return before ? hand_again(db, row, before, handing, error) : hand_new(db, row, handing, error);
}

PackageRow *package_desk_hand(PackageDesk *desk, const Uuid *id, const PackageHanding *asked,
                              PackageHanded *handed, GError **error)
{
    uint8_t digest[SHA256_BYTES];
    secret_auto char *token = secret_token(PACKAGE_SECRET_BYTES);
    sha256(token, strlen(token), digest);
    Handing handing = {.asked = asked, .secret = digest, .handed = handed};
    PackageRow *row = package_desk_change(desk, id, hand, &handing, error);
    handed->secret = row && is_link(asked) ? g_steal_pointer(&token) : NULL;
    return row;
}

static bool end_link(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    PackageCopyRow *copy = package_copy(row, *(const int *)data);
    if (!copy || strcmp(copy->medium, PACKAGE_BY_LINK) != 0)
        return err_set(error, ERR_NOT_FOUND, "there is no such link");
    if (!copy->ended_us)
        copy->ended_us = clock_now_us();
    return packages_put_copy(db, row, copy, error);
}

PackageRow *package_desk_end_link(PackageDesk *desk, const Uuid *id, int n, GError **error)
{
    return package_desk_change(desk, id, end_link, &n, error);
}

/* ---- following ---- */

int64_t package_desk_link_wait_us(PackageDesk *desk, const char *address)
{
    return gate_pass(desk->looks, address, clock_mono_us());
}

static bool refuse(GError **error)
{
    return err_set(error, ERR_NOT_FOUND, "there is no hand-over by this link, or it is over");
}

static bool count_download(CatalogDb *db, PackageRow *row, void *data, GError **error)
{
    PackageCopyRow *copy = package_copy(row, *(const int *)data);
    if (!copy || !package_link_lives(row, copy, clock_now_us()) ||
        copy->downloads >= copy->downloads_most)
        return refuse(error);
    copy->downloads++;
    return packages_put_copy(db, row, copy, error);
}

/* It is worth one copy: what breaks may begin again, but never are two of it whole. */
static char *give_ticket(PackageDesk *desk, const PackageRow *row, int n)
{
    char *text = secret_token(PACKAGE_SECRET_BYTES);
    PackageTicket ticket = {.package = row->id,
                            .n = n,
                            .until_us = clock_mono_us() + TICKET_LIVES_US,
                            .left_bytes = 2 * row->bytes - 1};
    sha256(text, strlen(text), ticket.digest);
    pthread_mutex_lock(&desk->lock);
    desk->tickets[desk->next_ticket++ % PACKAGE_TICKETS] = ticket;
    pthread_mutex_unlock(&desk->lock);
    return text;
}

static PackageRow *find(PackageDesk *desk, const char *secret, int *n, GError **error)
{
    uint8_t digest[SHA256_BYTES];
    sha256(secret, strlen(secret), digest);
    g_autoptr(GError) missing = NULL;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(PackageRow) row = db ? packages_get_secret(db, digest, n, &missing) : NULL;
    const PackageCopyRow *copy = row ? package_copy(row, *n) : NULL;
    if (db && (!copy || !package_link_lives(row, copy, clock_now_us()))) {
        refuse(error);
        return NULL;
    }
    return g_steal_pointer(&row);
}

PackageRow *package_desk_follow(PackageDesk *desk, const char *secret, int *n, char **ticket,
                                GError **error)
{
    g_autoptr(PackageRow) row = find(desk, secret, n, error);
    if (!row || !ticket)
        return g_steal_pointer(&row);
    PackageRow *after = package_desk_change(desk, &row->id, count_download, n, error);
    *ticket = after ? give_ticket(desk, after, *n) : NULL;
    return after;
}

/* The ticket of this text, with `bytes` less left in it, while it has them. */
static bool take_from_ticket(PackageDesk *desk, const char *text, size_t bytes,
                             PackageTicket *ticket)
{
    uint8_t digest[SHA256_BYTES];
    int64_t now_us = clock_mono_us();
    PackageTicket *found = NULL;
    sha256(text, strlen(text), digest);
    pthread_mutex_lock(&desk->lock);
    for (size_t i = 0; i < PACKAGE_TICKETS && !found; i++)
        if (memcmp(desk->tickets[i].digest, digest, sizeof digest) == 0)
            found = &desk->tickets[i];
    bool holds = found && found->until_us > now_us && found->left_bytes >= (int64_t)bytes;
    if (holds) {
        found->left_bytes -= (int64_t)bytes;
        *ticket = *found;
    }
    pthread_mutex_unlock(&desk->lock);
    return holds;
}

PackageRow *package_desk_ticket(PackageDesk *desk, const char *text, size_t bytes, int *n,
                                GError **error)
{
    PackageTicket ticket;
    if (!take_from_ticket(desk, text, bytes, &ticket)) {
        refuse(error);
        return NULL;
    }
    *n = ticket.n;
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, error);
    g_autoptr(PackageRow) row = db ? packages_get(db, &ticket.package, error) : NULL;
    const PackageCopyRow *copy = row ? package_copy(row, ticket.n) : NULL;
    if (row && (!copy || !package_link_lives(row, copy, clock_now_us()))) {
        refuse(error);
        return NULL;
    }
    return g_steal_pointer(&row);
}

bool package_desk_still(PackageDesk *desk, const Uuid *id)
{
    g_autoptr(CatalogDb) db = catalog_read(desk->catalog, NULL);
    g_autoptr(PackageRow) row = db ? packages_get(db, id, NULL) : NULL;
    return row && package_may_leave(row, clock_now_us());
}

/* ---- proofs that come later ---- */

GString *package_desk_days(PackageDesk *desk, const Uuid *id, GError **error)
{
    ArchiveVolume volumes[ARCHIVE_VOLUMES_MOST];
    const char *paths[ARCHIVE_VOLUMES_MOST + 1] = {NULL};
    unsigned count = archive_volumes(desk->archive, volumes, ARCHIVE_VOLUMES_MOST);
    for (unsigned i = 0; i < count; i++)
        paths[i] = volumes[i].path;
    g_autofree char *path = package_desk_path(desk, id);
    return evidence_day_proofs(desk->data, paths, path, clock_now_us(), error);
}
