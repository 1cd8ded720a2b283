/* given_notice.h — the audit log's line of each file of a household that was deleted by age. */
#pragma once

#include "catalog/household_files.h"
#include "http/api/context.h"

/* As GivenKeep tells it; `api` is the ApiContext. */
void given_notice_tell(void *api, const HouseholdFileRow *row, const char *case_number);
