/* rtsp_refusal.h — what a camera means that refuses to play, in plain words with what to do. */
#pragma once

#include "camera/cameras.h"
#include "media/rtsp_message.h"

/* `*cause` is set to a text, owned by the caller. */
CameraTrouble rtsp_refusal(const RtspItem *answer, char **cause);

/* `from` without what is no printable ASCII, cut to `room` bytes with the final zero. */
void rtsp_printable(char *text, size_t room, RtspText from);
