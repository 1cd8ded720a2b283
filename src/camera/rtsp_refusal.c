#include "camera/rtsp_refusal.h"

typedef struct Refusal {
    int status;
    CameraTrouble trouble;
    const char *cause;
} Refusal;

static const Refusal refusals[] = {
    {404, TROUBLE_NOT_FOUND,
     "the camera knows no stream at this address (404); check the path after the host"},
    {453, TROUBLE_TOO_MANY_SESSIONS,
     "the camera serves too many viewers already (453); end others or raise its limit"},
    {461, TROUBLE_TRANSPORT,
     "the camera does not send its pictures the way that is set (461); set its transport to auto"},
    {503, TROUBLE_BUSY, "the camera is busy (503); it will be tried again"},
};

void rtsp_printable(char *text, size_t room, RtspText from)
{
    size_t used = 0;
    for (size_t i = 0; i < from.size && used + 1 < room; i++)
        if (g_ascii_isprint(from.data[i]))
            text[used++] = from.data[i];
    text[used] = '\0';
}

CameraTrouble rtsp_refusal(const RtspItem *answer, char **cause)
{
    for (size_t i = 0; i < G_N_ELEMENTS(refusals); i++)
        if (refusals[i].status == answer->status) {
            *cause = g_strdup(refusals[i].cause);
            return refusals[i].trouble;
        }
    char reason[60];
    rtsp_printable(reason, sizeof reason, answer->reason);
    *cause = g_strdup_printf("the camera refused to play: %d %s", answer->status, reason);
    return TROUBLE_PROTOCOL;
}
