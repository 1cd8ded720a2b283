#include "base/error.h"
#include "config/camera_list.h"
#include "unit.h"

#include <string.h>

static CameraList read_list(const char *text)
{
    CameraList list;
    g_autoptr(GError) error = NULL;
    if (!camera_list_read(text, strlen(text), &list, &error))
        fail_msg("%s", error->message);
    return list;
}

static const ListedCamera *camera(const CameraList *list, unsigned index)
{
    assert_in_range(index, 0, list->cameras->len - 1);
    return list->cameras->pdata[index];
}

static const ListFault *fault(const CameraList *list, unsigned index)
{
    assert_in_range(index, 0, list->faults->len - 1);
    return list->faults->pdata[index];
}

static void assert_fault(const CameraList *list, unsigned index, const char *begin)
{
    const ListFault *one = fault(list, index);
    g_autofree char *told = g_strdup_printf("line %u: %s", one->line, one->text);
    if (!g_str_has_prefix(told, begin))
        fail_msg("‘%s’ is not ‘%s…’", told, begin);
}

static void a_row_tells_where_a_camera_looks_and_how_high_it_stands(void **state)
{
    g_auto(CameraList) list = read_list("name;url;heading;fov;reach;height\n"
                                        "a;rtsp://10.0.0.9/1;0;84;60;6,5\n"
                                        "b;rtsp://10.0.0.9/2;;;;\n"
                                        "c;rtsp://10.0.0.9/3;360;;;\n"
                                        "d;rtsp://10.0.0.9/4;;84;;\n"
                                        "e;rtsp://10.0.0.9/5;;;;high\n"
                                        "f;rtsp://10.0.0.9/6;;;;0.2\n");
    assert_int_equal(camera(&list, 0)->heading_deg, 0);
    assert_int_equal(camera(&list, 0)->fov_deg, 84);
    assert_int_equal(camera(&list, 0)->reach_m, 60);
    assert_int_equal(camera(&list, 0)->height_cm, 650);
    assert_int_equal(camera(&list, 1)->heading_deg, -1);
    assert_int_equal(camera(&list, 1)->height_cm, 0);
    assert_int_equal(list.faults->len, 4);
    assert_fault(&list, 0, "line 4: heading must be a number up to 359");
    assert_fault(&list, 1, "line 5: fov and reach go with a heading");
    assert_fault(&list, 2, "line 6: height: ‘high’ is no height in metres");
    assert_fault(&list, 3, "line 7: height: ‘height_m’ must be 0.5 to 100");
}

static void a_row_with_an_address_is_a_camera(void **state)
{
    g_auto(CameraList) list = read_list(
        "Name,URL,Sub URL,location,village,kind,audio,retention_days\n"
        "Cổng chợ,rtsp://admin:p@ss@10.0.0.9/1,rtsp://10.0.0.9/2,Chợ,Bản Nà,market,Yes,7\n");
    assert_int_equal(list.faults->len, 0);
    const ListedCamera *one = camera(&list, 0);
    assert_string_equal(one->name, "Cổng chợ");
    assert_string_equal(one->url, "rtsp://10.0.0.9/1");
    assert_string_equal(one->sub_url, "rtsp://10.0.0.9/2");
    assert_string_equal(one->user, "admin");
    assert_string_equal(one->password, "p@ss");
    assert_string_equal(one->village, "Bản Nà");
    assert_true(one->audio);
    assert_int_equal(one->retention_days, 7);
    assert_int_equal(one->line, 2);
}

static void a_spreadsheet_of_another_country_is_read(void **state)
{
    g_auto(CameraList) list =
        read_list("\xef\xbb\xbfname;host;make;user;password\r\n"
                  "\"Ngã ba; \"\"A\"\"\"; 10.0.0.9 ;DAHUA;admin;\"x;\ny\"\r\n;;;;\r\n\r\n");
    assert_int_equal(list.faults->len, 0);
    assert_int_equal(list.cameras->len, 1);
    assert_string_equal(camera(&list, 0)->name, "Ngã ba; \"A\"");
    assert_string_equal(camera(&list, 0)->password, "x;\ny");
    assert_string_equal(camera(&list, 0)->url,
                        "rtsp://10.0.0.9/cam/realmonitor?channel=1&subtype=0");
}

static void the_channels_of_a_recorder_are_cameras(void **state)
{
    g_auto(CameraList) list = read_list("name,host,make,channels,user,password\n"
                                        "Trụ sở,10.0.0.9:8554,hikvision,\"1-3,16\",admin,x\n"
                                        "K{channel} sân,10.0.0.8,Reolink,2,admin,x\n");
    assert_int_equal(list.faults->len, 0);
    assert_int_equal(list.cameras->len, 5);
    assert_string_equal(camera(&list, 3)->name, "Trụ sở 16");
    assert_string_equal(camera(&list, 3)->url, "rtsp://10.0.0.9:8554/Streaming/Channels/1601");
    assert_string_equal(camera(&list, 3)->sub_url, "rtsp://10.0.0.9:8554/Streaming/Channels/1602");
    assert_string_equal(camera(&list, 4)->name, "K2 sân");
    assert_string_equal(camera(&list, 4)->url, "rtsp://10.0.0.8/Preview_02_main");
}

static void a_host_without_a_known_address_is_to_be_asked(void **state)
{
    g_auto(CameraList) list = read_list("name,host,make,channels\nA,10.0.0.9,,\n"
                                        "B,cam.local:8000,ONVIF,1-2\n");
    assert_int_equal(list.faults->len, 0);
    assert_int_equal(list.cameras->len, 3);
    assert_null(camera(&list, 0)->url);
    assert_string_equal(camera(&list, 2)->host, "cam.local:8000");
    assert_int_equal(camera(&list, 2)->channel, 2);
}

static void every_make_has_an_address_that_is_one(void **state)
{
    g_autofree char *names = camera_make_names();
    g_auto(GStrv) each = g_strsplit(names, ", ", 0);
    assert_true(g_strv_length(each) >= 9);
    for (char **name = each; *name; name++) {
        g_autofree char *text =
            g_strdup_printf("name,host,make,channels\nA,10.0.0.9,%s,7\n", *name);
        g_auto(CameraList) list = read_list(text);
        assert_int_equal(list.cameras->len, 1);
        const char *url = camera(&list, 0)->url;
        assert_true(!url == (strcmp(*name, "onvif") == 0));
        assert_true(!url || (!strchr(url, '{') && camera(&list, 0)->sub_url));
    }
    assert_string_equal(camera_make_find("Tapo")->name, "tp-link");
}

static void what_is_wrong_is_told_by_line(void **state)
{
    g_auto(CameraList) list = read_list("name,url,host,make,channels,user,password,audio\n"
                                        "A,rtsp://10.0.0.1/1,,,,,,\n"
                                        "A,rtsp://10.0.0.2/1,,,,,,\n"
                                        ",rtsp://10.0.0.3/1,,,,,,\n"
                                        "B,http://u:hidden@10.0.0.3/1,,,,,,\n"
                                        "C,,10.0.0.3,acme,,,,\n"
                                        "D,,10.0.0.3,dahua,5-2,,,\n"
                                        "E,,10.0.0.3,dahua,1-99,,,\n"
                                        "F,,,,,,,\n"
                                        "G,rtsp://10.0.0.3/1,10.0.0.3,,,,,\n"
                                        "H,rtsp://10.0.0.3/1,,,,,secret,\n"
                                        "I,rtsp://10.0.0.3/1,,,,,,maybe\n");
    assert_int_equal(list.cameras->len, 1);
    assert_int_equal(list.faults->len, 10);
    assert_fault(&list, 0, "line 3: the name ‘A’ stands in line 2 already");
    assert_fault(&list, 1, "line 4: the name is missing");
    assert_fault(&list, 2, "line 5: the camera address does not begin");
    assert_fault(&list, 3, "line 6: the make ‘acme’ is not known; known are hikvision");
    assert_fault(&list, 4, "line 7: channels");
    assert_fault(&list, 5, "line 8: channels");
    assert_fault(&list, 6, "line 9: an address is missing");
    assert_fault(&list, 7, "line 10: url and host");
    assert_fault(&list, 8, "line 11: a password");
    assert_fault(&list, 9, "line 12: audio");
    for (guint i = 0; i < list.faults->len; i++)
        assert_null(strstr(fault(&list, i)->text, "hidden"));
}

static void how_a_camera_is_reached_and_when_recorded_stands_in_its_row(void **state)
{
    g_auto(CameraList) list =
        read_list("name;url;sub url;transport;fingerprint;record sub;schedule\n"
                  "A;rtsps://10.0.0.9/1;rtsps://10.0.0.9/2;tcp;"
                  "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:"
                  "aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99;yes;"
                  "\"mon-fri 06:00-22:00; sat,sun 00:00-24:00\"\n"
                  "B;rtsp://10.0.0.8/1;;;;;\n");
    assert_int_equal(list.faults->len, 0);
    const ListedCamera *one = camera(&list, 0), *plain = camera(&list, 1);
    assert_string_equal(one->transport, "tcp");
    assert_true(g_str_has_prefix(one->fingerprint, "AA:BB"));
    assert_true(one->record_sub);
    assert_string_equal(one->schedule, "mon-fri 06:00-22:00; sat,sun 00:00-24:00");
    assert_null(plain->transport);
    assert_null(plain->fingerprint);
    assert_false(plain->record_sub);
    assert_null(plain->schedule);
}

static void what_the_server_would_refuse_is_told_by_line(void **state)
{
    g_auto(CameraList) list =
        read_list("name,url,host,sub-url,transport,fingerprint,record-sub,schedule\n"
                  "A,rtsp://10.0.0.1/1,,,quic,,,\n"
                  "B,rtsp://10.0.0.1/1,,,,abc,,\n"
                  "C,rtsp://10.0.0.1/1,,,,,yes,\n"
                  "D,rtsp://10.0.0.1/1,,,,,,mon-fri 6-22\n"
                  "E,rtsp://10.0.0.1/1,,,,,sometimes,\n"
                  "F,,10.0.0.1,,udp,,yes,event 5s\n");
    assert_int_equal(list.cameras->len, 1); /* the device of F is asked for its sub stream */
    assert_int_equal(list.faults->len, 5);
    assert_fault(&list, 0, "line 2: ‘transport’ must be auto, tcp or udp");
    assert_fault(&list, 1, "line 3: ‘fingerprint’ must be the SHA-256");
    assert_fault(&list, 2, "line 4: ‘record_sub’: the camera has no sub stream");
    assert_fault(&list, 3, "line 5: ");
    assert_non_null(strstr(fault(&list, 3)->text, "6-22"));
    assert_fault(&list, 4, "line 6: record-sub must be yes or no");
    const char *const columns[] = {"transport", "fingerprint", "record-sub", "schedule",
                                   "record-sub"};
    for (guint i = 0; i < list.faults->len; i++)
        assert_string_equal(fault(&list, i)->column, columns[i]);
}

static void a_table_without_its_first_line_gives_no_password_away(void **state)
{
    static const char text[] = "rtsp://admin:hidden1@10.0.0.1/1,hidden2\nA,B\n";
    g_autoptr(GError) error = NULL;
    g_auto(CameraList) list = {0};
    assert_false(camera_list_read(text, strlen(text), &list, &error));
    assert_null(strstr(error->message, "hidden"));
    g_auto(CameraList) shifted = read_list("name,host,make,channels\n"
                                           "A,10.0.0.1,Hidden+1,\nB,10.0.0.1,dahua,Hidden+2\n");
    for (guint i = 0; i < shifted.faults->len; i++)
        assert_null(strstr(fault(&shifted, i)->text, "idden"));
}

static void a_table_of_very_many_cameras_is_refused(void **state)
{
    g_autoptr(GString) text = g_string_new("name,host,make,channels\n");
    for (int i = 0; i < CAMERA_LIST_MOST / CAMERA_LIST_CHANNELS_MOST + 1; i++)
        g_string_append_printf(text, "K%d,10.0.0.%d,dahua,1-64\n", i, i);
    g_autoptr(GError) error = NULL;
    g_auto(CameraList) list = {0};
    assert_false(camera_list_read(text->str, text->len, &list, &error));
    assert_non_null(strstr(error->message, "line 18: "));
}

static void what_is_no_table_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "name\nA\n",
                                        "url\nrtsp://10.0.0.1/\n",
                                        "name,url,colour\n",
                                        "name,name,url\n",
                                        "name,url\n\"A,rtsp://10.0.0.1/\n",
                                        "name,url\nCh\xe2,rtsp://10.0.0.1/\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(CameraList) list = {0};
        assert_false(camera_list_read(texts[i], strlen(texts[i]), &list, &error));
        assert_true(g_error_matches(error, ERR, ERR_INVALID));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_with_an_address_is_a_camera),
        cmocka_unit_test(a_row_tells_where_a_camera_looks_and_how_high_it_stands),
        cmocka_unit_test(a_spreadsheet_of_another_country_is_read),
        cmocka_unit_test(the_channels_of_a_recorder_are_cameras),
        cmocka_unit_test(a_host_without_a_known_address_is_to_be_asked),
        cmocka_unit_test(every_make_has_an_address_that_is_one),
        cmocka_unit_test(what_is_wrong_is_told_by_line),
        cmocka_unit_test(how_a_camera_is_reached_and_when_recorded_stands_in_its_row),
        cmocka_unit_test(what_the_server_would_refuse_is_told_by_line),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(a_table_without_its_first_line_gives_no_password_away),
        cmocka_unit_test(a_table_of_very_many_cameras_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
