/* redaction_json.h — a redaction as it is asked for by JSON. Private to http/api/. */
#pragma once

#include "base/json.h"
#include "media/redaction.h"

/* Reads {"sound", "boxes": [{"stays", "moments": [{"at", "box": [x, y, width, height]}]}]} from
 * anyone into `redaction`, whose camera and span are known, and checks it. */
bool redaction_json_read(const Json *json, Redaction *redaction, GError **error);

/* The same with {"camera", "from", "to"}, which are read, too. */
bool redaction_json_read_all(const Json *json, Redaction *redaction, GError **error);
