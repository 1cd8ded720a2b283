/* init.h — making a data folder, and telling the password of its first account. */
#pragma once

#include "cli/node.h"

/* Makes the account `admin` when `node` has no accounts, and prints its password: this once. */
bool init_first_admin(Node *node, GError **error);
