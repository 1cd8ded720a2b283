/* people_rig.h — accounts in a data folder of their own, as a node has them, which can be closed
 * and opened again.
 */
#pragma once

#include "config/data_folder.h"
#include "people/people.h"

typedef struct Fixture {
    DataFolder *data;
    Catalog *catalog;
    Site *site;
    People *people;
    char *admin_password;
    Uuid admin;
} Fixture;

/* Setup and teardown of cmocka; `*state` is the Fixture. */
int people_rig_open(void **state);
int people_rig_close(void **state);

void open_people(Fixture *fixture);
void close_people(Fixture *fixture);

/* Signs in at 10.0.0.1 with Firefox. Returns the token (secret_free), or NULL. */
char *sign_in(Fixture *fixture, const char *name, const char *password, GError **error);
char *sign_in_with(Fixture *fixture, const char *name, const char *password, const char *code,
                   SignInEnd *end);

/* An account without a village. */
Uuid add(Fixture *fixture, const char *name, Role role, const char *password);
