/* site_rig.h — a site in a data folder of its own, which can be closed and opened again.
 */
#pragma once

#include "config/data_folder.h"
#include "config/site.h"

typedef struct Fixture {
    DataFolder *data;
    Catalog *catalog;
    Site *site;
    unsigned told[SITE_SETTINGS_CHANGED + 1];
    Uuid told_of;
} Fixture;

/* Setup and teardown of cmocka; `*state` is the Fixture. */
int site_rig_open(void **state);
int site_rig_close(void **state);

void open_site(Fixture *fixture);
void close_site(Fixture *fixture);

/* Sets one value of the site. */
bool set_one(Fixture *fixture, SiteValue value, const char *text, GError **error);
