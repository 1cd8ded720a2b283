/* node_key.h — the node's signing key on disk: made at first use, replaced by rotation.
 *
 * DATA/keys/node.key (mode 0600) holds the 32-byte seed, DATA/ledger/keys.jsonl every public key
 * this node ever had (keyring.h). A rotation writes the new seed to node.key.next, then the line
 * in keys.jsonl, then renames: node_key_open() ends or undoes one that was cut off.
 */
#pragma once

#include "ledger/key.h"

/* The key of this data folder; makes it, and the first line of keys.jsonl, at first use.
 * ERR_CORRUPT when node.key is missing, damaged or another node's while keys.jsonl names one.
 * Returns owned. */
NodeKey *node_key_open(const char *data_folder, GError **error);

/* Makes a new key, has it signed by `old` in keys.jsonl, and puts it in node.key. No server may be
 * running on the folder. Returns owned; `old` stays the caller's. */
NodeKey *node_key_rotate(const char *data_folder, const NodeKey *old, GError **error);
