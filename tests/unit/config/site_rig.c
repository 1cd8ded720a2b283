#include "site_rig.h"

#include "../catalog/scratch.h"
#include "unit.h"

static void listen(void *data, SiteChange change, const Uuid *id)
{
    Fixture *fixture = data;
    fixture->told[change]++;
    fixture->told_of = *id;
}

static SiteOptions options_of(Fixture *fixture)
{
    return (SiteOptions){fixture->data->site, fixture->data->secrets_key, listen, fixture};
}

void open_site(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    SiteOptions options = options_of(fixture);
    fixture->catalog = catalog_open(fixture->data->catalog, &error);
    fixture->site = fixture->catalog ? site_open(fixture->catalog, &options, &error) : NULL;
    if (!fixture->site)
        fail_msg("%s", error->message);
}

void close_site(Fixture *fixture)
{
    g_clear_pointer(&fixture->site, site_free);
    g_clear_pointer(&fixture->catalog, catalog_close);
}

int site_rig_open(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autofree char *folder = scratch_new();
    fixture->data = data_folder_open(folder, NULL);
    open_site(fixture);
    *state = fixture;
    return 0;
}

int site_rig_close(void **state)
{
    Fixture *fixture = *state;
    close_site(fixture);
    char *folder = g_strdup(fixture->data->path);
    data_folder_close(fixture->data);
    scratch_remove(folder);
    g_free(fixture);
    return 0;
}

bool set_one(Fixture *fixture, SiteValue value, const char *text, GError **error)
{
    const char *asked[SITE_VALUES] = {NULL};
    asked[value] = text;
    return site_set(fixture->site, asked, error);
}
