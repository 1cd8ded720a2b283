/* report.pdf, read as who gets it reads it: the text by pdftotext, the pictures by pdfimages. */
#include "base/clock.h"
#include "base/secret.h"
#include "casework/statement.h"
#include "make_video.h"
#include "picture/picture.h"
#include "plain_film.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FROM_US INT64_C(1795966428000000)
enum { FPS = 15, SECONDS = 12, CAMERAS = 3, FOOTAGE_FILES = 2 };

typedef struct Fixture {
    char *folder, *segment, *pdf;
    NodeKey *key;
    Uuid cameras[CAMERAS];
    const char *facts[CAMERAS];
    PackageClock clocks[CAMERAS * PACKAGE_MOMENTS];
    EvidenceOrder order;
    EvidencePlan *plan;
    GArray *files; /* PackageFile */
} Fixture;

static void add_media(Fixture *fixture, unsigned camera, const char *path)
{
    EvidenceMedia media = {.media = {.camera = camera,
                                     .seq = 1,
                                     .first = 1,
                                     .last = SECONDS,
                                     .from_us = FROM_US,
                                     .to_us = FROM_US + SECONDS * SECOND_US,
                                     .offset_us = 300000,
                                     .ntp_us = camera ? CLOCK_NTP_UNKNOWN : -800,
                                     .codec = "avc1.640028",
                                     .width = 1920,
                                     .height = 1080,
                                     .pictures = 249,
                                     .ticks = INT64_C(10) * VIDEO_TIMESCALE},
                           .path = g_strdup(path)};
    g_array_append_val(fixture->plan->media, media);
    g_array_append_val(fixture->plan->facts.media, media.media);
}

static void media_clear(void *data)
{
    g_free(((EvidenceMedia *)data)->path);
}

/* Camera 1 has pictures, camera 2 a file that is none, camera 3 nothing. */
static void plan(Fixture *fixture)
{
    fixture->plan = g_new0(EvidencePlan, 1);
    fixture->plan->volumes = g_array_new(FALSE, TRUE, sizeof(EvidenceVolume));
    fixture->plan->lines = g_array_new(FALSE, TRUE, sizeof(EvidenceLine));
    fixture->plan->media = g_array_new(FALSE, TRUE, sizeof(EvidenceMedia));
    g_array_set_clear_func(fixture->plan->media, media_clear);
    package_facts_init(&fixture->plan->facts);
    fixture->plan->facts.from_us = fixture->order.from_us;
    fixture->plan->facts.to_us = fixture->order.to_us;
    g_array_append_vals(fixture->plan->facts.cameras, fixture->cameras, CAMERAS);
    add_media(fixture, 0, fixture->segment);
    add_media(fixture, 1, "/dev/null");
}

static void order(Fixture *fixture)
{
    fixture->facts[0] =
        ",\"name\",\"Tr\\u01b0\\u1eddng ti\\u1ec3u h\\u1ecdc\",\"owner\",\"commune\",\"location\","
        "\"Ng\\u00e3 ba\",\"latitude_e7\",107762000,\"longitude_e7\",1067000000,\"heading_deg\",90,"
        "\"fov_deg\",68,\"reach_m\",30,\"height_cm\",450,\"make\",\"Hang\",\"firmware\",\"v2.8\","
        "\"serial\",\"SN-77\"";
    fixture->facts[1] = ",\"name\",\"Alley\",\"owner\",\"0f9c\",\"latitude_e7\",107763000,"
                        "\"longitude_e7\",1067001000";
    fixture->facts[2] = ",\"name\",\"Dome\",\"fov_deg\",360";
    for (size_t i = 0; i < PACKAGE_MOMENTS; i++)
        fixture->clocks[i] = (PackageClock){2 * SECOND_US, SECOND_US, FROM_US};
    fixture->order = (EvidenceOrder){.cameras = fixture->cameras,
                                     .facts = fixture->facts,
                                     .camera_count = CAMERAS,
                                     .from_us = FROM_US,
                                     .to_us = FROM_US + SECONDS * SECOND_US,
                                     .at_us = FROM_US + HOUR_US,
                                     .ntp_us = 1200,
                                     .id = {{1, 2, 3}},
                                     .reason = "va chạm trước cổng chợ",
                                     .made = "console",
                                     .site = "Xã Phước Thử",
                                     .zone = "Asia/Ho_Chi_Minh",
                                     .clocks = fixture->clocks,
                                     .key = fixture->key};
}

static int set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    static const uint8_t seed[NODE_KEY_SEED_BYTES] = {7};
    fixture->folder = g_dir_make_tmp("vonglau-statement-XXXXXX", NULL);
    fixture->segment = g_build_filename(fixture->folder, "segment.mp4", NULL);
    fixture->pdf = g_build_filename(fixture->folder, "report.pdf", NULL);
    fixture->key = node_key_from_seed(seed);
    g_autoptr(MadeVideo) video = make_video(&(VideoRecipe){.width = 640,
                                                           .height = 360,
                                                           .fps = FPS,
                                                           .pictures = FPS * SECONDS,
                                                           .key_interval = 2 * FPS});
    make_segment_file(
        fixture->segment,
        &(SegmentRecipe){.video = video, .from_us = FROM_US, .pictures = FPS * SECONDS});
    for (unsigned i = 0; i < CAMERAS; i++)
        fixture->cameras[i] = (Uuid){{9, (uint8_t)i}};
    order(fixture);
    plan(fixture);
    fixture->files = g_array_new(FALSE, TRUE, sizeof(PackageFile));
    for (unsigned i = 0; i < FOOTAGE_FILES; i++) {
        PackageFile file = {.bytes = 1, .hash = hash_of(&i, sizeof i)};
        g_snprintf(file.name, sizeof file.name, "media/%02u/a.mp4", i + 1);
        g_array_append_val(fixture->files, file);
    }
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *command = g_strdup_printf("rm -r %s", fixture->folder);
    g_free(run_program(command));
    evidence_plan_free(fixture->plan);
    g_array_unref(fixture->files);
    node_key_free(fixture->key);
    g_free(fixture->folder);
    g_free(fixture->segment);
    g_free(fixture->pdf);
    g_free(fixture);
    return 0;
}

static GByteArray *make(const Fixture *fixture)
{
    StatementFacts facts = {.files = fixture->files, .custody_lines = 4};
    g_autoptr(GError) error = NULL;
    GByteArray *pdf = statement_make(&fixture->order, fixture->plan, &facts, &error);
    if (!pdf)
        fail_msg("%s", error->message);
    assert_true(g_file_set_contents(fixture->pdf, (const char *)pdf->data, pdf->len, NULL));
    return pdf;
}

static char *read_text(const Fixture *fixture, const char *how)
{
    g_autoptr(GByteArray) pdf = make(fixture);
    g_autofree char *command = g_strdup_printf("pdftotext %s %s -", how, fixture->pdf);
    return run_program(command);
}

/* All its text, a line for each line; returned owned. */
static char *text_of(const Fixture *fixture)
{
    return read_text(fixture, "-layout");
}

static bool says(const char *text, const char *what)
{
    g_autofree char *flat = g_strdup(text), *words = NULL;
    GString *joined = g_string_new(NULL);
    for (char *word = strtok(flat, " \n\f"); word; word = strtok(NULL, " \n\f"))
        g_string_append_printf(joined, "%s ", word);
    words = g_string_free(joined, FALSE);
    return strstr(words, what) != NULL;
}

static void assert_says(const char *text, const char *what)
{
    if (!says(text, what))
        fail_msg("it does not say ‘%s’:\n%s", what, text);
}

static void it_is_a_vietnamese_paper_with_all_its_marks_and_then_says_the_same_in_english(
    void **state)
{
    g_autofree char *text = text_of(*state);
    assert_says(text, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    assert_says(text, "Độc lập - Tự do - Hạnh phúc");
    assert_says(text, "XÃ PHƯỚC THỬ");
    assert_says(text, "Xã Phước Thử, ngày");
    assert_says(text, "va chạm trước cổng chợ");
    assert_says(text, "NGƯỜI PHÊ DUYỆT");
    const char *vietnamese = strstr(text, "1. Yêu cầu trích xuất");
    const char *english = strstr(text, "1. What was asked for");
    assert_true(vietnamese && english && vietnamese < english);
    static const char *const questions[] = {"3. Dữ liệu được tạo ra và lưu giữ thế nào",
                                            "4. Tính toàn vẹn được bảo đảm thế nào",
                                            "5. Ai tạo ra dữ liệu"};
    for (unsigned i = 0; i < G_N_ELEMENTS(questions); i++) {
        const char *at = strstr(vietnamese, questions[i]);
        assert_true(at && at < english);
        vietnamese = at;
    }
}

static void it_tells_how_a_camera_codes_its_pictures_and_by_what_firmware(void **state)
{
    g_autofree char *text = read_text(*state, "-raw");
    assert_says(text, "Hang (v2.8)");
    assert_says(text, "24,9 hình mỗi giây");
    assert_says(text, "24.9 a second");
}

static PackageMedia *media_at(const Fixture *fixture, unsigned index)
{
    return &g_array_index(fixture->plan->facts.media, PackageMedia, index);
}

static void a_camera_that_was_set_otherwise_has_both_its_codecs_on_paper(void **state)
{
    Fixture *fixture = *state;
    add_media(fixture, 0, fixture->segment);
    PackageMedia *media = media_at(fixture, 1), second = *media_at(fixture, 2);
    *media_at(fixture, 2) = *media;
    *media = second;
    g_strlcpy(media->codec, "hvc1.1.6.L120.B0", sizeof media->codec);
    media->width = 2560;
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "H.264 1920 × 1080, 24,9 hình mỗi giây; H.265 2560 × 1080, 24,9 hình");
}

static void pictures_that_need_others_before_them_are_told(void **state)
{
    Fixture *fixture = *state;
    fixture->plan->facts.from_us += 5 * SECOND_US;
    media_at(fixture, 0)->to_us = fixture->plan->facts.from_us; /* nothing of it was asked for */
    media_at(fixture, 1)->key_us = FROM_US + 3 * SECOND_US;
    g_autofree char *unseen = read_text(fixture, "-raw");
    assert_says(unseen, "Camera 1: gói kèm cả hình từ 29/11/2026 22:33:48,0 +07:00 đến 29/11/2026 "
                        "22:33:53,0 +07:00, trước thời điểm được yêu cầu");
    assert_says(unseen, "Camera 2: hình từ 29/11/2026 22:33:48,0 +07:00 đến 29/11/2026 22:33:51,0 "
                        "+07:00 có trong gói nhưng không xem được");
    media_at(fixture, 1)->camera = 0;
    media_at(fixture, 1)->from_us = media_at(fixture, 0)->to_us;
    media_at(fixture, 1)->key_us += 5 * SECOND_US;
    g_autofree char *led = read_text(fixture, "-raw");
    assert_says(led, "Camera 1: 1 tệp mở đầu giữa một nhóm hình");
    assert_false(says(led, "không xem được"));
}

static void its_fonts_are_embedded(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(GByteArray) pdf = make(fixture);
    g_autofree char *command = g_strdup_printf("pdffonts %s | tail -n +3", fixture->pdf);
    g_autofree char *fonts = run_program(command);
    g_auto(GStrv) lines = g_strsplit(g_strchomp(fonts), "\n", -1);
    assert_true(g_strv_length(lines) >= 2);
    for (char **line = lines; *line; line++)
        if (!strstr(*line, " yes yes yes")) /* embedded, a part of the font, with its letters */
            fail_msg("%s", *line);
}

static void the_same_order_gives_the_same_bytes(void **state)
{
    g_autoptr(GByteArray) first = make(*state);
    g_usleep(1100000); /* a date of its own making would have changed */
    g_autoptr(GByteArray) again = make(*state);
    assert_int_equal(first->len, again->len);
    assert_memory_equal(first->data, again->data, first->len);
}

static void pictures_stand_with_both_times_and_what_cannot_be_decoded_is_said(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *text = read_text(fixture, "-raw");
    /* 12 s in six parts: the key picture at or before the middle of each. */
    assert_says(text, "Hình 1.1. Máy chủ / server: 29/11/2026 22:33:48,3 +07:00 "
                      "Camera: 29/11/2026 22:33:50,3 +07:00");
    assert_says(text, "Hình 1.6. Máy chủ / server: 29/11/2026 22:33:58,3 +07:00");
    assert_false(says(text, "Hình 1.7."));
    assert_says(text, "Could not be decoded for print; the originals are in the package: 2.1 "
                      "(29/11/2026 22:33:49,0 +07:00), 2.2");
    assert_says(text, "Camera 3. Dome Không có hình trong khoảng thời gian này.");
    g_autofree char *list = g_strdup_printf("pdfimages -list %s | grep -c jpeg", fixture->pdf);
    g_autofree char *count = run_program(list);
    assert_int_equal(atoi(count), 6);
}

static void add_given(const Fixture *fixture, PackageConsent *consent, unsigned n, const char *type,
                      const void *bytes, size_t size)
{
    char leaf[16];
    g_snprintf(leaf, sizeof leaf, "given-%u", n);
    PackageConsentFile file = {.bytes = (int64_t)size,
                               .given = {.given_us = FROM_US, .hash = hash_of(bytes, size)},
                               .path = g_build_filename(fixture->folder, leaf, NULL)};
    assert_true(package_given_name(1, n, type, file.given.name));
    g_strlcpy(file.given.type, type, sizeof file.given.type);
    assert_true(g_file_set_contents(file.path, bytes, (gssize)size, NULL));
    g_array_append_val(consent->files, file);
}

static void photos_and_films_of_households_are_shown_where_they_decode_and_named_where_not(
    void **state)
{
    Fixture *fixture = *state;
    Buffer *photo = NULL;
    PackageConsent consent;
    package_consent_init(&consent);
    g_autoptr(MadeVideo) video =
        make_video(&(VideoRecipe){.width = 320, .height = 180, .fps = 10, .pictures = 1});
    const AccessUnit *unit = video->units->pdata[0];
    assert_true(picture_jpeg_from_unit(unit, 0, NULL, &photo, NULL));
    g_autoptr(GByteArray) film = plain_film(unit, &(PlainFilm){9, 4, 3, false, true});
    add_given(fixture, &consent, 1, "video/mp4", film->data, film->len);
    add_given(fixture, &consent, 2, "image/jpeg", photo->data, photo->size);
    add_given(fixture, &consent, 3, "image/jpeg", photo->data, photo->size / 8);
    add_given(fixture, &consent, 4, "video/mp4", film->data, film->len - 40);
    add_given(fixture, &consent, 5, "video/webm", "what a phone wrote", 18);
    add_given(fixture, &consent, 6, "image/png", "\x89PNG\r\n\x1a\n and no more", 20);
    fixture->order.consents = &consent;
    fixture->order.consent_count = 1;
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "Annex 4. What households gave");
    assert_says(text,
                "household/01/given-1.mp4 Nhận lúc / arrived at 29/11/2026 22:33:48,0 +07:00");
    assert_says(text, "Not printed here; the originals are in the package: "
                      "household/01/given-3.jpg, household/01/given-4.mp4, "
                      "household/01/given-5.webm, household/01/given-6.png.");
    g_autofree char *list = g_strdup_printf("pdfimages -list %s | grep -c jpeg", fixture->pdf);
    g_autofree char *count = run_program(list);
    assert_int_equal(atoi(count), 6 + 2);
    buffer_unref(photo);
    package_consent_clear(&consent);
}

static void what_was_not_found_is_said_with_its_cause(void **state)
{
    Fixture *fixture = *state;
    const PackageGap gap = {2, FROM_US - HOUR_US, FROM_US + HOUR_US, GAP_PAUSED};
    g_array_append_val(fixture->plan->facts.declared, gap);
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "tạm dừng ghi");
    assert_says(text, "recording paused");
    assert_says(text, "không đầy đủ");
    assert_says(text, "3 Dome không có hình 12,0 giây 0 không đầy đủ");
    assert_says(text, "1 Trường tiểu học; Ngã ba 12,0 giây 0 1 đầy đủ");
    assert_says(text, "12.0 s");
}

static unsigned times(const char *text, const char *what)
{
    unsigned count = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        count++;
    return count;
}

static void of_very_many_gaps_the_first_of_each_camera_are_listed_and_the_rest_is_counted(
    void **state)
{
    Fixture *fixture = *state;
    for (int i = 1; i <= STATEMENT_GAPS_MOST + 4; i++) {
        const PackageGap gap = {0, FROM_US + i * 100000, FROM_US + i * 100000 + 50000,
                                GAP_NETWORK_STALL};
        g_array_append_val(fixture->plan->facts.declared, gap);
    }
    g_autofree char *text = read_text(fixture, "-raw");
    assert_int_equal(times(text, "mạng bị nghẽn"), STATEMENT_GAPS_MOST - 1);
    assert_says(text, "12,0 giây không rõ nguyên nhân"); /* camera 3's is not crowded out */
    assert_says(text, "Còn 5 khoảng nữa; tệp continuity.json kể đủ.");
    assert_true(times(text, "Không có hình từ") > 1); /* the table's heads, on each page */
}

static void clocks_are_told_as_far_as_they_are_known(void **state)
{
    g_autofree char *text = read_text(*state, "-raw");
    assert_says(text, "Trường tiểu học −0.8 ms not seen to be set +2.0 s");
    assert_says(text, "Alley not known not seen to be set not known");
}

static void a_clock_that_was_set_back_is_told_by_pictures_that_have_the_same_times(void **state)
{
    Fixture *fixture = *state;
    add_media(fixture, 0, fixture->segment);
    PackageMedia second = *media_at(fixture, 1);
    *media_at(fixture, 1) = *media_at(fixture, 2);
    *media_at(fixture, 2) = second;
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "Trường tiểu học −0.8 ms times overlap 1 times: it was set back");
}

static void a_clock_that_went_wrong_meanwhile_is_told_at_each_moment(void **state)
{
    Fixture *fixture = *state;
    fixture->clocks[PACKAGE_END] = (PackageClock){0};
    fixture->clocks[PACKAGE_EXPORT].offset_us = -40 * SECOND_US;
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "at the start +2.0 s ± 1.0; at the end not known; when made −40.0 s ± 1.0");
}

static void how_much_a_picture_can_show_is_told_in_metres_and_what_is_unknown_is_not_guessed(
    void **state)
{
    g_autofree char *text = text_of(*state);
    /* 1080p with a 68° lens identifies to 5.7 m only: 4.9 m from the foot of a pole of 4.5 m. */
    assert_says(text, "1920 × 1080 68° 4,5 m 4,9 m 11,0 m 22,6 m 56,9 m");
    assert_says(text, "Alley 1920 × 1080 ? ? ? ? ?");
    assert_says(text, "Dome – 360° ? ? ? ?");
    assert_says(text, "Not drawn, for its place is not known: camera 3.");
}

static void what_a_household_gave_stands_apart_with_its_hash_and_no_more_than_is_known(void **state)
{
    Fixture *fixture = *state;
    PackageConsent consent;
    package_consent_init(&consent);
    consent.household = 1;
    consent.case_number = g_strdup("VV-2026-0042");
    consent.what = g_strdup("xe máy đỏ <i>&");
    consent.unit = g_strdup("Công an xã");
    consent.asked_us = FROM_US + MINUTE_US;
    consent.from_us = FROM_US;
    consent.to_us = FROM_US + HOUR_US;
    PackageConsentFile file = {.bytes = 40,
                               .given = {.name = "household/01/given-1.mp4",
                                         .type = "video/mp4",
                                         .given_us = FROM_US + 2 * MINUTE_US,
                                         .hash = hash_of("film", 4)}};
    g_array_append_val(consent.files, file);
    g_autofree char *without = read_text(fixture, "-raw");
    assert_false(says(without, "household/"));
    fixture->order.consents = &consent;
    fixture->order.consent_count = 1;
    g_autofree char *text = read_text(fixture, "-raw");
    g_autofree char *groups = statement_groups(&file.given.hash);
    assert_says(text, "Đây không phải hình của xã");
    assert_says(text, "It is not the commune's footage");
    assert_says(text, "The clock of the device was not checked");
    assert_says(text, "Công an xã xin lúc 29/11/2026 22:34:48,0 +07:00, cho vụ việc VV-2026-0042");
    assert_says(text, "xe máy đỏ <i>&");
    assert_says(text, "household/01/given-1.mp4");
    assert_says(text, "film, 40 bytes 2026-11-29 22:35:48.0 +07:00");
    assert_says(text, groups);
    package_consent_clear(&consent);
}

static void the_hash_is_that_of_the_list_of_files(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *text = text_of(fixture);
    g_autoptr(GString) list = package_sums(fixture->files);
    Hash hash = hash_of(list->str, list->len);
    g_autofree char *groups = statement_groups(&hash);
    assert_says(text, groups);
    g_array_index(fixture->files, PackageFile, 0).hash.bytes[5] ^= 1;
    g_autofree char *other = text_of(fixture);
    assert_false(says(other, groups));
}

static void who_asked_and_who_approved_stand_in_it_and_under_the_signatures(void **state)
{
    Fixture *fixture = *state;
    char *asked = (char *)"Lò Văn Thử", *approved = (char *)"Quàng Thị Mẫu";
    const PackagePerson people[] = {
        {.part = (char *)"asked", .name = asked, .role = (char *)"officer", .at_us = FROM_US},
        {.part = (char *)"approved",
         .name = approved,
         .role = (char *)"commander",
         .at_us = FROM_US + MINUTE_US}};
    fixture->order.people = people;
    fixture->order.person_count = 2;
    fixture->order.made = "server";
    fixture->order.number = "GCC-2026-0007";
    fixture->order.case_number = "VV-2026-0042";
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "Kèm theo gói chứng cứ GCC-2026-0007");
    assert_says(text, "Vụ việc VV-2026-0042");
    assert_says(text, "Người yêu cầu Lò Văn Thử (cán bộ trực), 29/11/2026 22:33:48,0 +07:00");
    assert_says(text, "Approved by Quàng Thị Mẫu (commander), 2026-11-29 22:34:48.0 +07:00");
    const char *signatures = strstr(text, "NGƯỜI PHÊ DUYỆT");
    assert_true(signatures && strstr(signatures, asked) && strstr(signatures, approved));
    fixture->order.person_count = 1;
    g_autofree char *alone = read_text(fixture, "-raw");
    assert_says(alone, "Người phê duyệt không có");
}

static void the_law_and_the_holds_that_keep_the_footage_stand_in_it_in_both_languages(void **state)
{
    Fixture *fixture = *state;
    PackagePerson people[] = {{.part = (char *)"asked",
                               .name = (char *)"Lò Văn Thử",
                               .role = (char *)"officer",
                               .at_us = FROM_US},
                              {.part = (char *)"approved",
                               .name = (char *)"Quàng Thị Mẫu",
                               .role = (char *)"commander",
                               .at_us = FROM_US + MINUTE_US}};
    g_autoptr(GArray) both = g_array_new(FALSE, TRUE, sizeof(PackagePerson)),
                      nobody = g_array_new(FALSE, TRUE, sizeof(PackagePerson));
    g_array_append_vals(both, people, G_N_ELEMENTS(people));
    const EvidenceHold holds[] = {{.hold = {.kind = "case", .since_us = FROM_US, .people = both}},
                                  {.hold = {.kind = "report-resident",
                                            .since_us = FROM_US,
                                            .until_us = FROM_US + 2 * HOUR_US,
                                            .people = nobody}}};
    g_autofree char *without = read_text(fixture, "-raw");
    assert_false(says(without, "Căn cứ pháp lý") || says(without, "proofs/holds.jsonl"));
    fixture->order.basis = "Luật <b>thử</b>, Điều 1";
    fixture->order.holds = holds;
    fixture->order.hold_count = G_N_ELEMENTS(holds);
    g_autofree char *text = read_text(fixture, "-raw");
    assert_says(text, "Căn cứ pháp lý Luật <b>thử</b>, Điều 1");
    assert_says(text, "Legal basis Luật <b>thử</b>, Điều 1");
    assert_says(text, "đến khi có lệnh bỏ giữ");
    assert_says(text, "tạm giữ theo tin báo của người dân");
    assert_says(text, "máy chủ tự giữ");
    assert_says(text, "it is released");
    assert_says(text, "Quàng Thị Mẫu (chỉ huy)");
    assert_says(text, "Quàng Thị Mẫu (commander)");
}

static void long_words_and_tricks_stay_within_the_page(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *reason = g_strnfill(200, 'W');
    g_autofree char *facts = g_strdup_printf(",\"name\",\"%s\\n\\u202egnp.exe\"", reason);
    fixture->order.reason = fixture->order.basis = reason;
    fixture->facts[2] = facts;
    g_autofree char *text = text_of(fixture);
    assert_says(text, "gnp.exe"); /* behind U+202E it would read “exe.png” */
    g_autofree char *command = g_strdup_printf(
        "pdftotext -bbox %s - | grep -o 'xMax=\"[0-9.]*' | cut -d'\"' -f2 | sort -n | tail -1",
        fixture->pdf);
    g_autofree char *right = run_program(command);
    assert_true(atof(right) > 300 && atof(right) < 552);
}

static void each_page_has_its_number_of_how_many(void **state)
{
    Fixture *fixture = *state;
    g_autofree char *text = text_of(fixture);
    g_autofree char *command =
        g_strdup_printf("pdfinfo %s | sed -n 's/^Pages: *//p'", fixture->pdf);
    g_autofree char *pages = run_program(command);
    int count = atoi(pages);
    assert_true(count >= 4);
    for (int i = 1; i <= count; i++) {
        g_autofree char *foot = g_strdup_printf("Trang / Page %d/%d ", i, count);
        assert_says(text, foot);
    }
}

int main(void)
{
    secret_init();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            it_is_a_vietnamese_paper_with_all_its_marks_and_then_says_the_same_in_english, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            it_tells_how_a_camera_codes_its_pictures_and_by_what_firmware, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_camera_that_was_set_otherwise_has_both_its_codecs_on_paper, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            a_clock_that_was_set_back_is_told_by_pictures_that_have_the_same_times, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(pictures_that_need_others_before_them_are_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(its_fonts_are_embedded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_order_gives_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            pictures_stand_with_both_times_and_what_cannot_be_decoded_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            what_a_household_gave_stands_apart_with_its_hash_and_no_more_than_is_known, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(
            photos_and_films_of_households_are_shown_where_they_decode_and_named_where_not, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_found_is_said_with_its_cause, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            of_very_many_gaps_the_first_of_each_camera_are_listed_and_the_rest_is_counted, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(clocks_are_told_as_far_as_they_are_known, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_clock_that_went_wrong_meanwhile_is_told_at_each_moment,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            how_much_a_picture_can_show_is_told_in_metres_and_what_is_unknown_is_not_guessed,
            set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_hash_is_that_of_the_list_of_files, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            who_asked_and_who_approved_stand_in_it_and_under_the_signatures, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_law_and_the_holds_that_keep_the_footage_stand_in_it_in_both_languages, set_up,
            tear_down),
        cmocka_unit_test_setup_teardown(long_words_and_tricks_stay_within_the_page, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(each_page_has_its_number_of_how_many, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
