/* user.c — `vonglau user …` and `vonglau token …` */
#include "base/secret.h"
#include "cli/ask.h"
#include "cli/command.h"
#include "cli/password.h"

#include <stdio.h>
#include <string.h>

typedef struct UserOptions {
    char *data, *role, *village, *password_file, *purpose;
    int days;
    gboolean enable, json;
} UserOptions;

#define VILLAGE_OPTION                                                       \
    {                                                                        \
        "village", 0, 0, G_OPTION_ARG_STRING, &options.village,              \
            "Of a village head: the village whose cameras are shown", "NAME" \
    }

static void clear(UserOptions *options)
{
    g_free(options->data);
    g_free(options->role);
    g_free(options->village);
    g_free(options->password_file);
    g_free(options->purpose);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UserOptions, clear)

static bool parse(UserOptions *options, const char *synopsis, const char *about,
                  const GOptionEntry *more, int *argc, char ***argv, int *status)
{
    const GOptionEntry common[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &options->data, "Data folder", "DIR"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, "Answer as JSON", NULL},
        {NULL}};
    g_autoptr(GArray) entries = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));
    for (const GOptionEntry *entry = common; entry->long_name; entry++)
        g_array_append_val(entries, *entry);
    for (const GOptionEntry *entry = more; entry && entry->long_name; entry++)
        g_array_append_val(entries, *entry);
    if (!command_options(synopsis, about, (const GOptionEntry *)(void *)entries->data, argc, argv,
                         status))
        return false;
    if (options->data)
        return true;
    *status = command_usage("--data DIR is missing; see vonglau %.*s--help",
                            (int)strcspn(synopsis, "-["), synopsis);
    return false;
}

/* The password of the file, or a random one that is told. Returns owned (secret_free). */
static char *choose_password(const UserOptions *options, GError **error)
{
    return options->password_file ? password_from_file(options->password_file, error)
                                  : secret_token(12);
}

static void tell_password(const UserOptions *options, const char *name, const char *password)
{
    if (!options->password_file)
        printf("%s %s\n", name, password);
}

/* Id of the account of this name. Returns owned, or NULL. */
static char *find_account(const char *data, const char *name, GError **error)
{
    g_autoptr(Json) list = ask_list(data, "/api/v1/users", error);
    if (!list)
        return NULL;
    size_t index;
    Json *user;
    json_array_foreach(list, index, user)
    {
        if (g_strcmp0(json_string_value(json_object_get(user, "name")), name) == 0)
            return g_strdup(json_string_value(json_object_get(user, "id")));
    }
    err_set(error, ERR_NOT_FOUND, "there is no account ‘%s’; vonglau user list shows them", name);
    return NULL;
}

static int user_add(int argc, char **argv)
{
    g_auto(UserOptions) options = {0};
    const GOptionEntry more[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &options.role,
         "admin, commander, officer, village-head, household or auditor", "ROLE"},
        VILLAGE_OPTION,
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file,
         "File with the password; without it a random one is made and printed", "FILE"},
        {NULL}};
    int status;
    if (!parse(&options,
               "user add NAME --role ROLE [--village NAME] [--password-file F] --data DIR",
               "Adds an account; prints name and password when it made the password.", more, &argc,
               &argv, &status))
        return status;
    if (argc != 2 || !options.role)
        return command_usage("user add needs a NAME and --role; see vonglau user add --help");
    g_autoptr(GError) error = NULL;
    secret_auto char *password = choose_password(&options, &error);
    if (!password)
        return command_fail(error);
    g_autoptr(Json) body = json_pack("{s:s, s:s, s:s, s:s*}", "name", argv[1], "role", options.role,
                                     "password", password, "village", options.village);
    g_autoptr(Json) made = body ? ask(options.data, API_POST, "/api/v1/users", body, &error) : NULL;
    if (!body)
        err_set(&error, ERR_INVALID, "name, role and village must be UTF-8");
    if (!made)
        return command_fail(error);
    tell_password(&options, argv[1], password);
    return EXIT_OK;
}

static void print_user(const Json *user)
{
    const char *village = json_string_value(json_object_get(user, "village"));
    printf("%-24s %-13s%s%s%s\n", json_string_value(json_object_get(user, "name")),
           json_string_value(json_object_get(user, "role")), village ? " " : "",
           village ? village : "",
           json_is_true(json_object_get(user, "disabled")) ? " disabled" : "");
}

static int user_list(int argc, char **argv)
{
    g_auto(UserOptions) options = {0};
    g_autoptr(GError) error = NULL;
    int status;
    if (!parse(&options, "user list [--json] --data DIR", "Lists the accounts.", NULL, &argc, &argv,
               &status))
        return status;
    g_autoptr(Json) list = ask_list(options.data, "/api/v1/users", &error);
    if (!list)
        return command_fail(error);
    if (options.json) {
        g_autofree char *line = json_line(list);
        puts(line);
        return EXIT_OK;
    }
    size_t index;
    Json *user;
    json_array_foreach(list, index, user) print_user(user);
    return EXIT_OK;
}

static int patch_user(const UserOptions *options, const char *name, const Json *body)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = find_account(options->data, name, &error);
    g_autofree char *path = id ? g_strconcat("/api/v1/users/", id, NULL) : NULL;
    g_autoptr(Json) answer = path ? ask(options->data, API_PATCH, path, body, &error) : NULL;
    return answer ? EXIT_OK : command_fail(error);
}

static int user_edit(int argc, char **argv)
{
    g_auto(UserOptions) options = {0};
    const GOptionEntry more[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &options.role, "Its new role", "ROLE"},
        VILLAGE_OPTION,
        {NULL}};
    int status;
    if (!parse(&options, "user edit NAME [--role ROLE] [--village NAME] --data DIR",
               "Changes what an account may do and where, and ends its sessions.", more, &argc,
               &argv, &status))
        return status;
    if (argc != 2 || (!options.role && !options.village))
        return command_usage("user edit needs a NAME, and --role or --village");
    g_autoptr(Json) body =
        json_pack("{s:s*, s:s*}", "role", options.role, "village", options.village);
    return patch_user(&options, argv[1], body);
}

static int user_passwd(int argc, char **argv)
{
    g_auto(UserOptions) options = {0};
    const GOptionEntry more[] = {
        {"password-file", 0, 0, G_OPTION_ARG_FILENAME, &options.password_file,
         "File with the password; without it a random one is made and printed", "FILE"},
        {NULL}};
    int status;
    if (!parse(&options, "user passwd NAME [--password-file F] --data DIR",
               "Sets a new password and ends the account's sessions.", more, &argc, &argv, &status))
        return status;
    if (argc != 2)
        return command_usage("user passwd needs a NAME");
    g_autoptr(GError) error = NULL;
    secret_auto char *password = choose_password(&options, &error);
    if (!password)
        return command_fail(error);
    g_autoptr(Json) body = json_pack("{s:s}", "password", password);
    status = patch_user(&options, argv[1], body);
    if (status == EXIT_OK)
        tell_password(&options, argv[1], password);
    return status;
}

static int user_disable(int argc, char **argv)
{
    g_auto(UserOptions) options = {0};
    const GOptionEntry more[] = {
        {"enable", 0, 0, G_OPTION_ARG_NONE, &options.enable, "Let the account in again", NULL},
        {NULL}};
    int status;
    if (!parse(&options, "user disable NAME [--enable] --data DIR",
               "Shuts an account out and ends its sessions.", more, &argc, &argv, &status))
        return status;
    if (argc != 2)
        return command_usage("user disable needs a NAME");
    g_autoptr(Json) body = json_pack("{s:b}", "disabled", !options.enable);
    return patch_user(&options, argv[1], body);
}

static int user_reset_code(int argc, char **argv)
{
    g_auto(UserOptions) options = {0};
    int status;
    if (!parse(&options, "user reset-code NAME --data DIR",
               "Takes the second factor off an account whose phone is lost, and ends its sessions.",
               NULL, &argc, &argv, &status))
        return status;
    if (argc != 2)
        return command_usage("user reset-code needs a NAME");
    g_autoptr(Json) body = json_pack("{s:b}", "second_factor", 0);
    return patch_user(&options, argv[1], body);
}

int command_user(int argc, char **argv)
{
    static const Command table[] = {
        {"add", user_add, "add an account"},
        {"list", user_list, "list the accounts"},
        {"edit", user_edit, "change role or village"},
        {"passwd", user_passwd, "set a new password"},
        {"reset-code", user_reset_code, "take off the second factor of a lost phone"},
        {"disable", user_disable, "shut an account out, or let it in again"},
    };
    return command_dispatch("user ", table, G_N_ELEMENTS(table), argc - 1, argv + 1);
}

static int token_create(int argc, char **argv)
{
    g_auto(UserOptions) options = {.days = 90};
    const GOptionEntry more[] = {
        {"role", 0, 0, G_OPTION_ARG_STRING, &options.role,
         "What it may do: admin, commander, officer, village-head, household, auditor", "ROLE"},
        VILLAGE_OPTION,
        {"days", 0, 0, G_OPTION_ARG_INT, &options.days, "How long it is good for (default 90)",
         "N"},
        {"purpose", 0, 0, G_OPTION_ARG_STRING, &options.purpose,
         "What it is for; stands in the audit log as the reason of each access", "TEXT"},
        {NULL}};
    int status;
    if (!parse(&options,
               "token create --role R [--village NAME] [--days N] [--purpose TEXT] --data DIR",
               "Makes an API token and prints it, nothing else, this one time.", more, &argc, &argv,
               &status))
        return status;
    if (!options.role || argc > 1)
        return command_usage("token create needs --role; see vonglau token create --help");
    g_autoptr(GError) error = NULL;
    g_autoptr(Json) body =
        json_pack("{s:s, s:i, s:s, s:s*}", "role", options.role, "days", options.days, "purpose",
                  options.purpose ? options.purpose : "", "village", options.village);
    g_autoptr(Json) made =
        body ? ask(options.data, API_POST, "/api/v1/tokens", body, &error) : NULL;
    if (!body)
        err_set(&error, ERR_INVALID, "role, village and purpose must be UTF-8");
    if (!made)
        return command_fail(error);
    puts(json_string_value(json_object_get(made, "token")));
    return EXIT_OK;
}

int command_token(int argc, char **argv)
{
    static const Command table[] = {{"create", token_create, "make an API token and print it"}};
    return command_dispatch("token ", table, G_N_ELEMENTS(table), argc - 1, argv + 1);
}
