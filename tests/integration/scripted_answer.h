/* scripted_answer.h — what a scripted camera says to a request, and what it does then. */
#pragma once

#include "scripted_camera.h"

/* By the script's judge, its rows, or as a well-behaved camera does. Returns the bytes to send,
 * owned, with all marks replaced. `*accepted`: the judge had nothing against it. */
char *scripted_answer(const CameraScript *script, const ScriptRequest *request, ScriptThen *then,
                      bool *accepted);
