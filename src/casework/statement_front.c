/* The front of a statement, in one language: the letterhead, what was asked, what was found. */
#include "base/clock.h"
#include "casework/statement.h"

#include <inttypes.h>
#include <string.h>

static char *clock_of(const StatementText *text, int64_t time_us)
{
    return statement_clock(text->statement, time_us, text->vietnamese);
}

/* ---- letterhead ---- */

static char *day_in_words(const StatementText *text)
{
    const EvidenceOrder *order = text->statement->order;
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(order->at_us / SECOND_US);
    g_autoptr(GDateTime) local = utc ? g_date_time_to_timezone(utc, text->statement->zone) : NULL;
    if (!local)
        return g_strdup(order->site);
    return g_strdup_printf("%s, ngày %02d tháng %02d năm %d", order->site,
                           g_date_time_get_day_of_month(local), g_date_time_get_month(local),
                           g_date_time_get_year(local));
}

static void vietnamese_head(const StatementText *text, const char *title)
{
    g_autofree char *body = g_utf8_strup(text->statement->order->site, -1);
    g_autofree char *day = day_in_words(text);
    const PageLine left[] = {
        {PAGE_STRONG, body}, {PAGE_RULE, ""}, {PAGE_PLAIN, "Số: ……………………"}, {0}};
    const PageLine right[] = {{PAGE_STRONG, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"},
                              {PAGE_STRONG, "Độc lập - Tự do - Hạnh phúc"},
                              {PAGE_RULE, ""},
                              {0}};
    const PageLine *const columns[] = {left, right};
    static const double shares[] = {0.38, 0.62};
    page_columns(text->pages, columns, shares, 2);
    page_text(text->pages, PAGE_SLANTED, PAGE_RIGHT, day);
    page_gap(text->pages, 6);
    page_text(text->pages, PAGE_TITLE, PAGE_CENTRE, title);
}

void statement_head(const StatementText *text, const char *vietnamese, const char *english)
{
    if (text->vietnamese) {
        vietnamese_head(text, vietnamese);
        return;
    }
    page_text(text->pages, PAGE_TITLE, PAGE_CENTRE, english);
    page_text(text->pages, PAGE_SLANTED, PAGE_CENTRE,
              "English text of the Vietnamese statement at the front, which is the one that is "
              "signed");
}

static void head(const StatementText *text)
{
    char id[UUID_TEXT];
    uuid_text(&text->statement->order->id, id);
    const char *number = text->statement->order->number;
    const char *name = number && *number ? number : id;
    g_autofree char *of = text->vietnamese ? g_strdup_printf("Kèm theo gói chứng cứ %s", name)
                                           : g_strdup_printf("Of evidence package %s", name);
    statement_head(text, "BẢN XÁC NHẬN TRÍCH XUẤT HÌNH ẢNH CAMERA",
                   "STATEMENT ON THE EXTRACTION OF CAMERA FOOTAGE");
    page_text(text->pages, PAGE_PLAIN, PAGE_CENTRE, of);
}

/* ---- 1, 2: asked and found ---- */

static const char *role_word(const char *role, bool vietnamese)
{
    static const struct {
        const char *role, *vietnamese, *english;
    } words[] = {{"admin", "quản trị", "administrator"},
                 {"commander", "chỉ huy", "commander"},
                 {"officer", "cán bộ trực", "officer"}};
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].role, role) == 0)
            return vietnamese ? words[i].vietnamese : words[i].english;
    return role;
}

char *statement_part(const StatementText *text, const PackagePerson *person)
{
    if (!person)
        return g_strdup(text->vietnamese ? "không có" : "nobody");
    g_autofree char *at = clock_of(text, person->at_us);
    return g_strdup_printf("%s (%s), %s", person->name, role_word(person->role, text->vietnamese),
                           at);
}

static void add_people(const StatementText *text, GPtrArray *rows)
{
    const bool vi = text->vietnamese;
    g_autofree char *by = statement_part(text, statement_person(text->statement, "asked"));
    g_autofree char *approved = statement_part(text, statement_person(text->statement, "approved"));
    statement_row(rows, (const char *[]){vi ? "Người yêu cầu" : "Asked by", by, NULL});
    statement_row(rows, (const char *[]){vi ? "Người phê duyệt" : "Approved by", approved, NULL});
}

void statement_asked(const StatementText *text, const char *vietnamese, const char *english)
{
    const EvidenceOrder *order = text->statement->order;
    const bool vi = text->vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    g_autofree char *from = clock_of(text, order->from_us), *to = clock_of(text, order->to_us);
    g_autofree char *at = clock_of(text, order->at_us);
    g_autofree char *span = statement_duration(order->to_us - order->from_us, vi);
    g_autofree char *when = vi ? g_strdup_printf("từ %s đến %s (%s)", from, to, span)
                               : g_strdup_printf("from %s to %s (%s)", from, to, span);
    g_autofree char *cameras = vi ? g_strdup_printf("%zu camera, kể ở mục 2", order->camera_count)
                                  : g_strdup_printf("%zu, listed under 2", order->camera_count);
    const char *made = order->made;
    if (strcmp(made, "console") == 0)
        made = vi ? "tại máy chủ, bằng dòng lệnh" : "at the server's console";
    else if (strcmp(made, "server") == 0)
        made = vi ? "do máy chủ lập, theo yêu cầu trong ứng dụng"
                  : "by the server, as asked in the app";
    statement_heading(text, vietnamese, english);
    statement_row(rows, (const char *[]){vi ? "Lý do" : "Reason", order->reason, NULL});
    if (order->basis && *order->basis)
        statement_row(rows,
                      (const char *[]){vi ? "Căn cứ pháp lý" : "Legal basis", order->basis, NULL});
    if (order->case_number && *order->case_number)
        statement_row(rows, (const char *[]){vi ? "Vụ việc" : "Case", order->case_number, NULL});
    statement_row(rows, (const char *[]){vi ? "Khoảng thời gian" : "Span", when, NULL});
    if (order->camera_count > 0)
        statement_row(rows, (const char *[]){vi ? "Camera" : "Cameras", cameras, NULL});
    statement_row(rows, (const char *[]){vi ? "Lập lúc" : "Made at", at, NULL});
    statement_row(rows, (const char *[]){vi ? "Cách lập" : "Made", made, NULL});
    if (order->person_count > 0)
        add_people(text, rows);
    static const PageColumn columns[] = {{NULL, 0.24, PAGE_LEFT, PAGE_PLAIN},
                                         {NULL, 0.76, PAGE_LEFT, PAGE_PLAIN}};
    page_table(text->pages, columns, 2, rows);
}

static void found_row(const StatementText *text, unsigned index, GPtrArray *rows)
{
    const Statement *statement = text->statement;
    const StatementCamera *camera = &g_array_index(statement->cameras, StatementCamera, index);
    const int64_t span_us = statement->order->to_us - statement->order->from_us;
    const bool vi = text->vietnamese;
    const char *none = vi ? "không có hình" : "no pictures";
    g_autofree char *had = statement_duration(MAX(span_us - camera->lost_us, 0), vi);
    g_autofree char *lost = statement_duration(camera->lost_us, vi);
    g_autofree char *number = g_strdup_printf("%u", index + 1);
    g_autofree char *files = g_strdup_printf("%" PRId64, camera->files);
    g_autofree char *where = g_strjoin("; ", statement_name(camera),
                                       camera->location ? camera->location : camera->village,
                                       camera->location ? camera->village : NULL, NULL);
    statement_row(rows, (const char *[]){number, where, camera->files > 0 ? had : none,
                                         camera->lost_us > 0 ? lost : "0", files,
                                         camera->files > 0 && camera->lost_us == 0
                                             ? (vi ? "đầy đủ" : "complete")
                                             : (vi ? "không đầy đủ" : "not complete"),
                                         NULL});
}

/* How many gaps there are when of each camera no more than `share` are told. */
static unsigned gaps_told(const GArray *gaps, unsigned share)
{
    unsigned told = 0, own = 0;
    for (guint i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        own = i > 0 && (gap - 1)->camera == gap->camera ? own + 1 : 1;
        told += own <= share;
    }
    return told;
}

/* So many of each camera: one that came and went leaves room for the others. */
static unsigned gaps_share(const GArray *gaps)
{
    unsigned share = 1;
    while (share < STATEMENT_GAPS_MOST && gaps_told(gaps, share + 1) <= STATEMENT_GAPS_MOST)
        share++;
    return share;
}

static void gap_list(const StatementText *text)
{
    const GArray *gaps = text->statement->gaps;
    const bool vi = text->vietnamese;
    const unsigned share = gaps_share(gaps);
    unsigned own = 0;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    for (guint i = 0; i < gaps->len; i++) {
        const PackageGap *gap = &g_array_index(gaps, PackageGap, i);
        own = i > 0 && (gap - 1)->camera == gap->camera ? own + 1 : 1;
        if (own > share)
            continue;
        g_autofree char *number = g_strdup_printf("%u", gap->camera + 1);
        g_autofree char *from = clock_of(text, gap->from_us), *to = clock_of(text, gap->to_us);
        g_autofree char *span = statement_duration(gap->to_us - gap->from_us, vi);
        statement_row(
            rows, (const char *[]){number, from, to, span, statement_cause(gap->cause, vi), NULL});
    }
    const PageColumn columns[] = {
        {vi ? "Số" : "No.", 0.07, PAGE_CENTRE, PAGE_SMALL},
        {vi ? "Không có hình từ" : "No pictures from", 0.27, PAGE_LEFT, PAGE_SMALL},
        {vi ? "đến" : "to", 0.27, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Dài" : "For", 0.15, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Nguyên nhân" : "Cause", 0.24, PAGE_LEFT, PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
    unsigned more = gaps->len - gaps_told(gaps, share);
    if (more > 0) {
        g_autofree char *rest =
            vi ? g_strdup_printf("Còn %u khoảng nữa; tệp continuity.json kể đủ.", more)
               : g_strdup_printf("And %u more; continuity.json has all of them.", more);
        page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, rest);
    }
}

static void found(const StatementText *text)
{
    const bool vi = text->vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    statement_heading(text, "2. Tìm được gì, không tìm được gì",
                      "2. What was found, and what was not");
    if (text->statement->cameras->len == 0) {
        statement_para(text,
                       "Gói này không có hình của camera nào của xã, chỉ có hình do hộ dân gửi. "
                       "Những gì mục 3, 4 và 5 nói về hình của camera xã không áp dụng ở đây; chữ "
                       "ký và mã băm thì có.",
                       "This package has no footage of the commune's cameras, only what "
                       "households gave. What 3, 4 and 5 say of the commune's footage does not "
                       "apply here; signature and hashes do.");
        return;
    }
    for (unsigned i = 0; i < text->statement->cameras->len; i++)
        found_row(text, i, rows);
    const PageColumn columns[] = {
        {vi ? "Số" : "No.", 0.07, PAGE_CENTRE, PAGE_SMALL},
        {vi ? "Camera; nơi đặt" : "Camera; place", 0.34, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Có hình" : "Pictures for", 0.19, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Thiếu" : "Missing", 0.17, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Tệp" : "Files", 0.08, PAGE_RIGHT, PAGE_SMALL},
        {vi ? "Kết luận" : "Verdict", 0.15, PAGE_LEFT, PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
    if (text->statement->gaps->len > 0)
        gap_list(text);
    else
        statement_para(text, "Không có khoảng nào thiếu hình từ nửa giây trở lên.",
                       "Nowhere are pictures missing for half a second or more.");
    statement_leads(text);
    if (text->statement->order->working_count > 0)
        statement_para(text,
                       "Trong thư mục working/ có bản sao đã che một số vùng. Bản sao không phải "
                       "bản gốc; bản gốc nằm trong media/.",
                       "The folder working/ has copies with parts made unrecognisable. They are "
                       "not originals; those are in media/.");
}

void statement_front(const StatementText *text)
{
    head(text);
    statement_asked(text, "1. Yêu cầu trích xuất", "1. What was asked for");
    statement_holds(text);
    found(text);
    statement_certificates(text);
    statement_given(text);
}
