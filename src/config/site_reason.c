/* From which age on footage is looked at for a reason only. */
#include "catalog/settings.h"
#include "config/site_state.h"

#include <inttypes.h>

static bool parse_age(const char *text, int64_t *after_s)
{
    return g_ascii_string_to_signed(text, 10, 0, SITE_REASON_AFTER_MOST_S, after_s, NULL);
}

SiteReason site_reason(Site *site)
{
    pthread_mutex_lock(&site->lock);
    SiteReason reason = site->reason;
    pthread_mutex_unlock(&site->lock);
    return reason;
}

bool site_reason_load(Site *site, CatalogDb *db, GError **error)
{
    g_autofree char *text = NULL;
    if (!settings_get(db, SITE_REASON_AFTER, &text, error))
        return false;
    if (!text || !parse_age(text, &site->reason.after_s))
        site->reason.after_s = SITE_REASON_AFTER_DEFAULT_S;
    return true;
}

static bool put_age(CatalogDb *db, void *text, GError **error)
{
    return settings_put(db, SITE_REASON_AFTER, text, error);
}

/* Within a turn. */
static bool store(Site *site, const SiteReason *reason, GError **error)
{
    g_autofree char *text = g_strdup_printf("%" PRId64, reason->after_s);
    if (!catalog_write_wait(site->catalog, put_age, text, error))
        return false;
    pthread_mutex_lock(&site->lock);
    site->reason = *reason;
    pthread_mutex_unlock(&site->lock);
    site_write_file(site);
    return true;
}

bool site_reason_set(Site *site, int64_t after_s, GError **error)
{
    if (after_s < 0 || after_s > SITE_REASON_AFTER_MOST_S)
        return err_set(error, ERR_INVALID, "‘reason_after_s’ must be 0 (never) to %d",
                       SITE_REASON_AFTER_MOST_S);
    turn_begin(&site->change);
    const SiteReason now = site_reason(site), asked = {.after_s = after_s};
    bool set = true;
    if (now.locked && after_s != now.after_s)
        set = err_set(error, ERR_DENIED,
                      "‘reason_after’ is set by the configuration file: change it there");
    else if (after_s != now.after_s)
        set = store(site, &asked, error);
    turn_end(&site->change);
    return set;
}

bool site_reason_apply(Site *site, uint32_t after_s, GError **error)
{
    if (after_s == CONFIG_REASON_AFTER_NOT_GIVEN)
        return true;
    const SiteReason asked = {.after_s = after_s, .locked = true};
    bool set = true;
    turn_begin(&site->change);
    if (site_reason(site).after_s != asked.after_s)
        set = store(site, &asked, error);
    pthread_mutex_lock(&site->lock);
    site->reason.locked = set;
    pthread_mutex_unlock(&site->lock);
    turn_end(&site->change);
    return set;
}
