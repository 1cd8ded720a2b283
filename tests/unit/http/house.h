/* house.h — a whole node in a folder of its own, for tests of the API and the server: catalog,
 * site, accounts, audit, footage; cameras are hubs that the test feeds.
 */
#pragma once

#include "archive/archive.h"
#include "camera/hub.h"
#include "casework/case_desk.h"
#include "casework/report_desk.h"
#include "catalog/catalog.h"
#include "config/masks.h"
#include "config/site.h"
#include "event/event.h"
#include "household/household_desk.h"
#include "http/api/context.h"
#include "http/server.h"
#include "ledger/node_key.h"
#include "live/live.h"
#include "people/audit.h"
#include "people/duty.h"
#include "people/grants.h"
#include "people/people.h"

typedef struct House {
    char *folder;
    char *map; /* where the map of the site would be */
    Catalog *catalog;
    Site *site;
    Masks *masks;
    People *people;
    Duty *duty;
    Grants *grants;
    Audit *audit;
    Events *events;
    NodeKey *key;
    Archive *archive;
    Live *live;
    Pool *pool, *coder;
    ReportDesk *reports;
    HouseholdDesk *households;
    CaseDesk *cases;
    Hub *hub; /* main stream of the one camera, for live */
    Uuid camera, location;
    ApiContext api;
    HttpServer *server; /* NULL until house_serve() */
} House;

#define HOUSE_PASSWORD "correct horse battery"
#define HOUSE_VILLAGE "Che Căn" /* where the camera stands, and of the village head */

/* Setup and teardown of cmocka; `*state` is the House. One camera, “Cổng chợ”. */
int house_open(void **state);
int house_close(void **state);

Uuid house_location(House *house, const char *name, const char *village);
Uuid house_camera(House *house, const char *name, const Uuid *location);

/* The camera becomes a household's, without whose consent no officer may replay it. Sessions end.
 */
void house_give_away(House *house, Uuid *camera);

/* Starts the server on loopback, on a free port. */
void house_serve(House *house, const HttpConfig *config);

/* A new case; its number, returned owned. */
char *house_case(House *house);

/* An account of `role`, signed in: its session's token. Returned owned. */
char *house_session(House *house, Role role);

/* A reason, “routine-check”, that this session told for footage of the camera, an hour around now:
 * its grant, returned owned. */
char *house_grant(House *house, const char *session);

/* Records real pictures of the last `seconds`, and waits until they are in the files. Returns when
 * the first was taken. */
int64_t house_record(House *house, unsigned seconds);

/* The newest time that so many seconds, all of one segment, may begin at: where segments end
 * follows from the camera's id, which is a random one. It lies between two milliseconds: where a
 * text of time could name a picture's own, whether an end includes it would be chance. */
int64_t house_begin_us(const House *house, unsigned seconds);

/* Until what was recorded up to then is in its file; fails after 10 s. */
void house_wait_written(House *house, int64_t until_us);
int64_t house_record_as(House *house, Codec codec, unsigned seconds);

/* One request in the process: method and path as in "GET /api/v1/me?x=y"; `body` JSON or NULL; a
 * table is a JSON string. */
void house_ask(House *house, const char *session, const char *what, const char *body,
               ApiResponse *response);
