/* household_desk_state.h — private to household/: what a desk is made of. */
#pragma once

#include "household/household_desk.h"
#include "people/gate.h"

#define HOUSEHOLD_VIEW_PREFIX "view-" /* then its SHA-256: how a photo is called */

struct HouseholdDesk {
    Catalog *catalog;
    char *folder; /* of what they gave */
    Gate *guests; /* whoever has a link */
};

/* …/ID of the folder, where the files of a household lie. Returns owned. */
char *household_folder_of(const HouseholdDesk *desk, const Uuid *id);

/* Deletes the photo of the view, if there is one. */
void household_drop_photo(const HouseholdDesk *desk, const HouseholdRow *row);
