#include "media/onvif_events.h"
#include "media/soap.h"
#include "unit.h"

#include <string.h>

static void say(GString *told, unsigned source, bool active, const char *operation)
{
    g_string_append_printf(
        told,
        "<n:NotificationMessage><n:Topic>tns1:VideoSource/MotionAlarm</n:Topic><n:Message>"
        "<t:Message PropertyOperation=\"%s\"><t:Source><t:SimpleItem Name=\"Source\" "
        "Value=\"V%u\"/></t:Source><t:Data><t:SimpleItem Name=\"State\" Value=\"%s\"/></t:Data>"
        "</t:Message></n:Message></n:NotificationMessage>",
        operation, source, active ? "true" : "false");
}

static GPtrArray *read_all(const GString *told)
{
    g_autofree char *text = g_strdup_printf(
        "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body "
        "xmlns:n=\"n\" xmlns:t=\"t\"><PullMessagesResponse>%s</PullMessagesResponse></s:Body>"
        "</s:Envelope>",
        told->str);
    g_auto(SoapAnswer) answer = {0};
    assert_true(soap_read(text, strlen(text), &answer, NULL));
    GPtrArray *messages = onvif_messages_read(answer.content);
    assert_non_null(messages);
    return messages;
}

/* The state of a source after all messages: 0 or 1; −1: nothing was told of it. */
static int last_of(const GPtrArray *messages, unsigned source)
{
    g_autofree char *name = g_strdup_printf("V%u", source);
    int last = -1;
    for (guint i = 0; i < messages->len; i++) {
        const OnvifMessage *message = messages->pdata[i];
        if (strcmp(message->source, name) == 0)
            last = message->active;
    }
    return last;
}

static void of_a_thousand_changes_the_last_one_counts(void **state)
{
    for (unsigned end = 0; end < 2; end++) {
        g_autoptr(GString) told = g_string_new(NULL);
        for (unsigned i = 0; i < 1000 + end; i++)
            say(told, 1, i % 2 == 0, "Changed");
        say(told, 2, end == 0, "Changed"); /* behind them all */
        g_autoptr(GPtrArray) messages = read_all(told);
        assert_int_equal(last_of(messages, 1), end);
        assert_int_equal(last_of(messages, 2), !end);
        assert_in_range(messages->len, 200, ONVIF_MESSAGES_MAX);
    }
}

static void a_thousand_channels_that_say_the_same_again_leave_no_change_out(void **state)
{
    g_autoptr(GString) told = g_string_new(NULL);
    for (unsigned i = 0; i < 1000; i++)
        say(told, i % 200, true, i < 200 ? "Initialized" : "Changed");
    say(told, 7, false, "Changed");
    g_autoptr(GPtrArray) messages = read_all(told);
    assert_int_equal(messages->len, 201);
    for (unsigned i = 0; i < 200; i++)
        assert_int_equal(last_of(messages, i), i != 7);
    assert_true(((OnvifMessage *)messages->pdata[0])->initial);
}

static void memory_is_bounded_whatever_is_sent(void **state)
{
    g_autoptr(GString) told = g_string_new(NULL);
    for (unsigned i = 0; i < 2000; i++)
        say(told, i, true, "Changed");
    g_autoptr(GPtrArray) messages = read_all(told);
    assert_int_equal(messages->len, ONVIF_MESSAGES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_a_thousand_changes_the_last_one_counts),
        cmocka_unit_test(a_thousand_channels_that_say_the_same_again_leave_no_change_out),
        cmocka_unit_test(memory_is_bounded_whatever_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
