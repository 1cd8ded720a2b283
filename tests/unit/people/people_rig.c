#include "people_rig.h"

#include "../catalog/scratch.h"
#include "base/clock.h"
#include "base/secret.h"
#include "unit.h"

void open_people(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    SiteOptions options = {fixture->data->site, fixture->data->secrets_key, NULL, NULL};
    fixture->catalog = catalog_open(fixture->data->catalog, &error);
    fixture->site = fixture->catalog ? site_open(fixture->catalog, &options, &error) : NULL;
    fixture->people = fixture->site ? people_open(fixture->catalog, fixture->site, &error) : NULL;
    if (!fixture->people)
        fail_msg("%s", error->message);
}

void close_people(Fixture *fixture)
{
    g_clear_pointer(&fixture->people, people_free);
    g_clear_pointer(&fixture->site, site_free);
    g_clear_pointer(&fixture->catalog, catalog_close);
}

int people_rig_open(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autofree char *folder = scratch_new();
    Account account;
    fixture->data = data_folder_open(folder, NULL);
    open_people(fixture);
    if (!people_first_admin(fixture->people, &fixture->admin_password, NULL) ||
        !people_account_named(fixture->people, "admin", &account))
        return -1;
    fixture->admin = account.id;
    *state = fixture;
    return 0;
}

int people_rig_close(void **state)
{
    Fixture *fixture = *state;
    clock_test_set(-1, -1);
    close_people(fixture);
    secret_free(fixture->admin_password);
    char *folder = g_strdup(fixture->data->path);
    data_folder_close(fixture->data);
    scratch_remove(folder);
    g_free(fixture);
    return 0;
}

char *sign_in(Fixture *fixture, const char *name, const char *password, GError **error)
{
    Identity identity;
    SignInEnd end;
    SignIn asked = {name, password, NULL, "10.0.0.1", "Firefox"};
    return people_sign_in(fixture->people, &asked, &identity, &end, error);
}

char *sign_in_with(Fixture *fixture, const char *name, const char *password, const char *code,
                   SignInEnd *end)
{
    Identity identity;
    SignIn asked = {name, password, code, "10.0.0.1", "Firefox"};
    return people_sign_in(fixture->people, &asked, &identity, end, NULL);
}

Uuid add(Fixture *fixture, const char *name, Role role, const char *password)
{
    g_autoptr(GError) error = NULL;
    Uuid id;
    if (!people_account_add(fixture->people, name, role, NULL, password, &id, &error))
        fail_msg("%s", error->message);
    return id;
}
