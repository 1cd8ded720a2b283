/* init.c — `vonglau init`: a data folder with its first account, before any server runs on it. */
#include "cli/init.h"

#include "base/secret.h"
#include "cli/command.h"

#include <stdio.h>

bool init_first_admin(Node *node, GError **error)
{
    secret_auto char *password = NULL;
    if (!people_first_admin(node->people, &password, error))
        return false;
    if (password)
        printf("First start: sign in as ‘admin’ with the password %s\n"
               "(told this once; change it in the app, or with vonglau user passwd)\n",
               password);
    return true;
}

int command_init(int argc, char **argv)
{
    g_autofree char *data = NULL, *config = NULL;
    const GOptionEntry entries[] = {
        {"data", 0, 0, G_OPTION_ARG_FILENAME, &data, "Data folder, made if it is missing", "DIR"},
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &config,
         "YAML file (default DIR/config.yaml, if any)", "FILE"},
        {NULL}};
    int status;
    if (!command_options("init --data DIR [--config FILE]",
                         "Makes a data folder and its first account, whose password is printed. "
                         "Where there are accounts, nothing is changed.",
                         entries, &argc, &argv, &status))
        return status;
    if (!data || argc > 1)
        return command_usage("init needs --data DIR and nothing else; see vonglau init --help");
    g_autoptr(GError) error = NULL;
    Node node;
    bool made = node_open(&node, data, config, &error) && init_first_admin(&node, &error);
    node_close(&node);
    return made ? EXIT_OK : command_fail(error);
}
