/* Writing RTSP requests and answers: the other half of rtsp_message.h. */
#include "media/rtsp_message.h"

#include <string.h>

static const char *const methods[] = {"OPTIONS", "DESCRIBE", "SETUP",         "PLAY",
                                      "PAUSE",   "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER"};

const char *rtsp_method_text(RtspMethod method)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(methods); i++)
        if (method == 1u << i)
            return methods[i];
    g_assert_not_reached();
}

static void write_text(ByteWriter *out, const char *text)
{
    g_assert(!strpbrk(text, "\r\n"));
    write_bytes(out, text, strlen(text));
}

static void write_field(ByteWriter *out, const char *name, const char *value)
{
    write_text(out, name);
    write_bytes(out, ": ", 2);
    write_text(out, value);
    write_bytes(out, "\r\n", 2);
}

static void write_number_field(ByteWriter *out, const char *name, int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, number);
    write_field(out, name, text);
}

void rtsp_request_write(ByteWriter *out, RtspMethod method, const char *url, unsigned cseq,
                        const RtspField *fields, size_t count)
{
    write_text(out, rtsp_method_text(method));
    write_text(out, " ");
    write_text(out, url);
    write_bytes(out, " RTSP/1.0\r\n", 11);
    write_number_field(out, "CSeq", cseq);
    for (size_t i = 0; i < count; i++)
        if (fields[i].value)
            write_field(out, fields[i].name, fields[i].value);
    write_bytes(out, "\r\n", 2);
}

void rtsp_response_write(ByteWriter *out, int status, const char *reason, int64_t cseq)
{
    g_autofree char *line = g_strdup_printf("RTSP/1.0 %d %s", status, reason);
    write_text(out, line);
    write_bytes(out, "\r\n", 2);
    if (cseq >= 0)
        write_number_field(out, "CSeq", cseq);
    write_bytes(out, "\r\n", 2);
}
