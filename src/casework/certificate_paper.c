/* The paper of a negative certificate: the verdict first, with whatever was not seen; then what was
 * asked, what each camera saw, when, in which cells. */
#include "casework/certificate_paper.h"

#include "base/clock.h"

#include <inttypes.h>
#include <stdlib.h>

enum { SPANS_MOST = 60 }; /* of a camera and kind; certificate.json has all */

typedef struct Paper {
    StatementText text;
    const Certificate *certificate;
    const char *fingerprint;
} Paper;

static const CertificateCamera *camera_at(const Paper *paper, guint index)
{
    return &g_array_index(paper->certificate->cameras, CertificateCamera, index);
}

/* ---- the verdict ---- */

static void title(const Paper *paper)
{
    static const char *const titles[][2] = {
        [CERTIFICATE_EMPTY] = {"GIẤY XÁC NHẬN KHÔNG CÓ CHUYỂN ĐỘNG",
                               "CERTIFICATE THAT NOTHING MOVED"},
        [CERTIFICATE_NOT_PROVEN] = {"BẢN XÁC NHẬN: CHƯA ĐỦ CĂN CỨ NÓI KHÔNG CÓ CHUYỂN ĐỘNG",
                                    "STATEMENT: THAT NOTHING MOVED IS NOT PROVEN"},
        [CERTIFICATE_NOT_EMPTY] = {"BẢN XÁC NHẬN: CÓ CHUYỂN ĐỘNG", "STATEMENT: SOMETHING MOVED"}};
    const CertificateVerdict verdict = paper->certificate->verdict;
    const char *number = paper->certificate->about.number;
    statement_head(&paper->text, titles[verdict][0], titles[verdict][1]);
    page_text(paper->text.pages, PAGE_PLAIN, PAGE_CENTRE, number);
}

static int64_t length_us(const GArray *spans)
{
    int64_t sum = 0;
    for (guint i = 0; i < spans->len; i++) {
        const CertificateSpan *span = &g_array_index(spans, CertificateSpan, i);
        sum += span->to_us - span->from_us;
    }
    return sum;
}

/* One line of the front for each thing that keeps a camera from “empty”. */
static void but(const Paper *paper, const CertificateCamera *camera, const GArray *spans,
                const char *vietnamese, const char *english)
{
    const bool vi = paper->text.vietnamese;
    if (spans->len == 0)
        return;
    g_autofree char *length = statement_duration(length_us(spans), vi);
    g_autofree char *line = vi ? g_strdup_printf("– %s: %s %u lần, tổng %s.", camera->name,
                                                 vietnamese, spans->len, length)
                               : g_strdup_printf("– %s: %s %u times, %s in all.", camera->name,
                                                 english, spans->len, length);
    page_text(paper->text.pages, PAGE_STRONG, PAGE_LEFT, line);
}

static void exceptions(const Paper *paper)
{
    const bool vi = paper->text.vietnamese;
    for (guint i = 0; i < paper->certificate->cameras->len; i++) {
        const CertificateCamera *camera = camera_at(paper, i);
        but(paper, camera, camera->moved, "có chuyển động", "movement");
        but(paper, camera, camera->gaps, "không có hình", "no pictures");
        but(paper, camera, camera->unknown, "không rõ (tối, bị che hoặc không giải mã được)",
            "not known (dark, covered or not decoded)");
        but(paper, camera, camera->partly, "một phần vùng khoanh không rõ",
            "part of the region not known");
        if (certificate_clock_is_well(camera))
            continue;
        g_autofree char *line = g_strdup_printf(
            vi ? "– %s: đồng hồ máy chủ không chắc đúng trong khoảng 1 giây, hoặc đã bị chỉnh."
               : "– %s: the server's clock is not known to be within 1 s, or was set.",
            camera->name);
        page_text(paper->text.pages, PAGE_STRONG, PAGE_LEFT, line);
    }
}

static void verdict(const Paper *paper)
{
    static const char *const words[][2] = {
        [CERTIFICATE_EMPTY] =
            {"Trong toàn bộ khoảng thời gian dưới đây, các camera đều ghi hình, đồng hồ đúng trong "
             "khoảng nêu ở mục 2, và không ô nào của vùng khoanh có chuyển động.",
             "Throughout the span below the cameras recorded, by a clock within the bounds under "
             "2, "
             "and no cell of the regions drawn moved."},
        [CERTIFICATE_NOT_PROVEN] = {"Không ghi nhận chuyển động, nhưng KHÔNG phải lúc nào cũng "
                                    "thấy được. Những lúc sau là "
                                    "không rõ, không được hiểu là không có chuyển động:",
                                    "No movement was noticed, but NOT all of it was seen. These "
                                    "times are unknown and must "
                                    "not be read as “no movement”:"},
        [CERTIFICATE_NOT_EMPTY] = {"Có chuyển động trong vùng khoanh, hoặc có lúc không rõ:",
                                   "Something moved in the regions, or was not known:"}};
    page_gap(paper->text.pages, 6);
    page_text(paper->text.pages, PAGE_STRONG, PAGE_LEFT,
              words[paper->certificate->verdict][paper->text.vietnamese ? 0 : 1]);
    exceptions(paper);
    for (guint i = 0; i < paper->certificate->cameras->len; i++) {
        const CertificateCamera *camera = camera_at(paper, i);
        const bool vi = paper->text.vietnamese;
        if (camera->sparsely_s == 0)
            continue;
        g_autofree char *length = statement_duration(camera->sparsely_s * SECOND_US, vi);
        g_autofree char *line = g_strdup_printf(
            vi ? "– %s: trong %s máy chỉ xem ảnh khóa (khoảng 2 giây một ảnh)."
               : "– %s: for %s only key pictures were looked at (about one in 2 s).",
            camera->name, length);
        page_text(paper->text.pages, PAGE_PLAIN, PAGE_LEFT, line);
    }
}

/* ---- each camera ---- */

/* Returned owned. */
static char *clock_words(const CertificateCamera *camera, bool vi)
{
    if (camera->ntp_least_us == CERTIFICATE_NOT_KNOWN)
        return g_strdup(vi ? "không rõ" : "not known");
    int64_t most_us = MAX(llabs(camera->ntp_least_us), llabs(camera->ntp_most_us));
    g_autofree char *number = statement_offset(most_us, vi);
    g_autofree char *own = camera->clock_us == CERTIFICATE_NOT_KNOWN
                               ? g_strdup(vi ? "không rõ" : "not known")
                               : statement_offset(camera->clock_us, vi);
    return g_strdup_printf(vi ? "máy chủ ±%s; camera %s" : "server ±%s; camera %s", number + 1,
                           own);
}

static const char *verdict_word(CertificateVerdict one, bool vi)
{
    static const char *const words[][2] = {
        [CERTIFICATE_EMPTY] = {"không chuyển động", "nothing moved"},
        [CERTIFICATE_NOT_PROVEN] = {"không rõ hết", "not proven"},
        [CERTIFICATE_NOT_EMPTY] = {"có chuyển động", "moved"}};
    return words[one][vi ? 0 : 1];
}

static void camera_row(const Paper *paper, guint index, GPtrArray *rows)
{
    const bool vi = paper->text.vietnamese;
    const CertificateCamera *camera = camera_at(paper, index);
    g_autofree char *number = g_strdup_printf("%u", index + 1);
    g_autofree char *missing = statement_duration(length_us(camera->gaps), vi);
    g_autofree char *moved = statement_duration(length_us(camera->moved), vi);
    g_autofree char *unknown =
        statement_duration(length_us(camera->unknown) + length_us(camera->partly), vi);
    g_autofree char *clock = clock_words(camera, vi);
    statement_row(rows, (const char *[]){number, camera->name, missing, moved, unknown, clock,
                                         verdict_word(camera->verdict, vi), NULL});
}

static void cameras(const Paper *paper)
{
    const bool vi = paper->text.vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    statement_heading(&paper->text, "2. Từng camera", "2. Each camera");
    for (guint i = 0; i < paper->certificate->cameras->len; i++)
        camera_row(paper, i, rows);
    const PageColumn columns[] = {
        {vi ? "Số" : "No.", 0.06, PAGE_CENTRE, PAGE_SMALL},
        {"Camera", 0.2, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Thiếu hình" : "No pictures", 0.13, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Chuyển động" : "Movement", 0.13, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Không rõ" : "Not known", 0.13, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Đồng hồ so với giờ chuẩn" : "Clock against NTP", 0.2, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Kết luận" : "Verdict", 0.15, PAGE_LEFT, PAGE_SMALL}};
    page_table(paper->text.pages, columns, G_N_ELEMENTS(columns), rows);
}

/* ---- when ---- */

static void add_spans(const Paper *paper, guint index, const GArray *spans, const char *what,
                      GPtrArray *rows)
{
    const bool vi = paper->text.vietnamese;
    for (guint i = 0; i < MIN(spans->len, SPANS_MOST); i++) {
        const CertificateSpan *span = &g_array_index(spans, CertificateSpan, i);
        g_autofree char *number = g_strdup_printf("%u", index + 1);
        g_autofree char *from = statement_clock(paper->text.statement, span->from_us, vi);
        g_autofree char *to = statement_clock(paper->text.statement, span->to_us, vi);
        statement_row(rows, (const char *[]){number, from, to,
                                             what ? what : statement_cause(span->cause, vi), NULL});
    }
    if (spans->len > SPANS_MOST)
        statement_row(rows, (const char *[]){"…", "…", "…", "certificate.json", NULL});
}

static void times(const Paper *paper)
{
    const bool vi = paper->text.vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    for (guint i = 0; i < paper->certificate->cameras->len; i++) {
        const CertificateCamera *camera = camera_at(paper, i);
        add_spans(paper, i, camera->gaps, NULL, rows);
        add_spans(paper, i, camera->moved, vi ? "có chuyển động" : "movement", rows);
        add_spans(paper, i, camera->unknown, vi ? "không rõ" : "not known", rows);
        add_spans(paper, i, camera->partly, vi ? "một phần không rõ" : "partly not known", rows);
    }
    statement_heading(&paper->text, "3. Những lúc thiếu hình, có chuyển động, không rõ",
                      "3. When pictures are missing, something moved, or it is not known");
    const PageColumn columns[] = {{vi ? "Số" : "No.", 0.07, PAGE_CENTRE, PAGE_SMALL},
                                  {vi ? "Từ" : "From", 0.31, PAGE_LEFT, PAGE_SMALL},
                                  {vi ? "đến" : "to", 0.31, PAGE_LEFT, PAGE_SMALL},
                                  {vi ? "Điều gì" : "What", 0.31, PAGE_LEFT, PAGE_SMALL}};
    if (rows->len > 0)
        page_table(paper->text.pages, columns, G_N_ELEMENTS(columns), rows);
    else
        statement_para(&paper->text, "Không có lúc nào.", "Never.");
}

/* ---- where ---- */

static char cell_sign(const CertificateCamera *camera, size_t cell)
{
    for (guint i = 0; i < camera->cells->len; i++) {
        const CertificateCell *one = &g_array_index(camera->cells, CertificateCell, i);
        if ((size_t)one->cell == cell)
            return one->moved_s > 0 ? 'X' : '?';
    }
    return camera->region[cell / 8] >> (7 - cell % 8) & 1 ? 'o' : '.';
}

static void region(const Paper *paper, guint index)
{
    const CertificateCamera *camera = camera_at(paper, index);
    g_autofree char *name = g_strdup_printf("%u. %s", index + 1, camera->name);
    page_keep(paper->text.pages, 270);
    page_text(paper->text.pages, PAGE_STRONG, PAGE_CENTRE, name);
    for (size_t row = 0; row < CERTIFICATE_ROWS; row++) {
        char line[2 * CERTIFICATE_COLUMNS + 1];
        for (size_t column = 0; column < CERTIFICATE_COLUMNS; column++) {
            line[2 * column] = cell_sign(camera, row * CERTIFICATE_COLUMNS + column);
            line[2 * column + 1] = ' ';
        }
        line[2 * CERTIFICATE_COLUMNS - 1] = '\0';
        page_text(paper->text.pages, PAGE_DIGITS, PAGE_CENTRE, line);
    }
}

static void regions(const Paper *paper)
{
    statement_heading(&paper->text, "4. Vùng khoanh trên hình", "4. The region on each picture");
    statement_para(
        &paper->text,
        "Hình chia thành 32 × 18 ô. o: trong vùng, không chuyển động; X: có chuyển động; "
        "?: có lúc không rõ; dấu chấm: ngoài vùng khoanh, không xét.",
        "The picture has 32 × 18 cells. o: in the region, did not move; X: moved; ?: not "
        "known at times; a dot: outside the region, not looked at.");
    for (guint i = 0; i < paper->certificate->cameras->len; i++)
        region(paper, i);
}

static void proof(const Paper *paper)
{
    statement_heading(&paper->text, "5. Giấy này chứng minh gì", "5. What this proves");
    statement_para(
        &paper->text,
        "Chuyển động do máy chủ nhận ra khi ghi hình, theo từng giây và từng ô; vật nhỏ hơn một ô "
        "hoặc đứng yên có thể không được nhận ra. Số liệu nằm trong certificate.json, có chữ ký "
        "Ed25519 của máy chủ. Kiểm tra: vonglau verify TỆP.zip --key DẤU-VÂN-TAY. Dấu vân tay khóa "
        "phải lấy từ nơi khác, không phải từ giấy này:",
        "Movement is noticed by the server while it records, by the second and by the cell; what "
        "is "
        "smaller than a cell, or stands still, may not be noticed. The figures are in "
        "certificate.json, signed by the server (Ed25519). To check: vonglau verify FILE.zip --key "
        "FINGERPRINT. The key's fingerprint has to come from elsewhere than this paper:");
    page_text(paper->text.pages, PAGE_DIGITS, PAGE_LEFT, paper->fingerprint);
}

/* ---- all of it ---- */

static void body(const Paper *paper)
{
    title(paper);
    verdict(paper);
    statement_asked(&paper->text, "1. Yêu cầu xác nhận", "1. What was asked for");
    cameras(paper);
    times(paper);
    regions(paper);
    proof(paper);
    if (paper->text.vietnamese)
        statement_signatures(&paper->text);
}

static GByteArray *draw(const Statement *statement, const Certificate *certificate,
                        const char *fingerprint, unsigned total, unsigned *count, GError **error)
{
    g_autofree char *foot =
        g_strdup_printf("Giấy xác nhận / Certificate %s", certificate->about.number);
    PagesRules rules = {.title = foot,
                        .author = statement->order->site,
                        .made_us = statement->order->at_us,
                        .foot = foot,
                        .page_word = "Trang / Page",
                        .total = total};
    g_autoptr(Pages) pages = pages_new(&rules);
    Paper paper = {.text = {.statement = statement, .pages = pages, .vietnamese = true},
                   .certificate = certificate,
                   .fingerprint = fingerprint};
    body(&paper);
    page_break(pages);
    paper.text.vietnamese = false;
    body(&paper);
    *count = pages_count(pages);
    return pages_end(pages, error);
}

GByteArray *certificate_paper(const Statement *statement, const Certificate *certificate,
                              const char *fingerprint, GError **error)
{
    unsigned count = 0;
    g_autoptr(GByteArray) counted = draw(statement, certificate, fingerprint, 0, &count, error);
    return counted ? draw(statement, certificate, fingerprint, count, &count, error) : NULL;
}
