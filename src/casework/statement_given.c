/* What households gave, in a statement: apart from the commune's own footage, and with no more said
 * of it than is known. */
#include "casework/statement.h"
#include "media/file_kind.h"

#include <inttypes.h>

static const char *kind_word(const char *type, bool vietnamese)
{
    if (file_kind_is_video(file_kind_of_type(type)))
        return vietnamese ? "phim" : "film";
    return vietnamese ? "ảnh" : "picture";
}

static void add_rows(const StatementText *text, const PackageConsent *consent, GPtrArray *rows)
{
    const bool vi = text->vietnamese;
    for (guint i = 0; i < consent->files->len; i++) {
        const PackageConsentFile *file = &g_array_index(consent->files, PackageConsentFile, i);
        g_autofree char *given = statement_clock(text->statement, file->given.given_us, vi);
        g_autofree char *bytes =
            g_strdup_printf("%s, %" PRId64 " byte%s", kind_word(file->given.type, vi), file->bytes,
                            vi || file->bytes == 1 ? "" : "s");
        g_autofree char *hash = statement_groups(&file->given.hash);
        statement_row(rows, (const char *[]){file->given.name, bytes, given, hash, NULL});
    }
}

static void consent_para(const StatementText *text, const PackageConsent *consent)
{
    const bool vi = text->vietnamese;
    g_autofree char *asked = statement_clock(text->statement, consent->asked_us, vi);
    g_autofree char *from = statement_clock(text->statement, consent->from_us, vi);
    g_autofree char *to = statement_clock(text->statement, consent->to_us, vi);
    g_autofree char *words =
        vi ? g_strdup_printf("Hộ dân số %02u: %s xin lúc %s, cho vụ việc %s, hình từ %s đến %s, "
                             "để tìm: %s. Hộ dân tự gửi qua đường dẫn riêng; nội dung đồng ý và "
                             "mọi lượt xem ở consent/%02u.json.",
                             consent->household, consent->unit, asked, consent->case_number, from,
                             to, consent->what, consent->household)
           : g_strdup_printf("Household %02u: asked by %s at %s, for case %s, for pictures from %s "
                             "to %s, to look for: %s. The household sent them itself, by a link of "
                             "its own; what it agreed to, and every look, stand in "
                             "consent/%02u.json.",
                             consent->household, consent->unit, asked, consent->case_number, from,
                             to, consent->what, consent->household);
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, words);
}

void statement_given(const StatementText *text)
{
    const EvidenceOrder *order = text->statement->order;
    const bool vi = text->vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    if (order->consent_count == 0)
        return;
    statement_para(text,
                   "Hình do hộ dân gửi, ở thư mục household/. Đây không phải hình của xã: máy chủ "
                   "không ghi mà chỉ nhận nguyên tệp, giữ nguyên từng byte và băm ngay khi nhận đủ "
                   "(SHA-256). Đồng hồ của thiết bị quay không được kiểm tra; có thiếu đoạn nào "
                   "hay không, tệp có bị sửa trước khi gửi hay không, máy chủ không biết. Tên và "
                   "số điện thoại của hộ dân không có trong gói.",
                   "What households gave, in the folder household/. It is not the commune's "
                   "footage: the server did not record it, it took the file as it came, kept each "
                   "byte, and hashed it when all of it was there (SHA-256). The clock of the "
                   "device was not checked; whether something is left out, or was changed before "
                   "it was sent, the server does not know. Names and numbers of households are "
                   "not in the package.");
    for (size_t i = 0; i < order->consent_count; i++) {
        consent_para(text, &order->consents[i]);
        add_rows(text, &order->consents[i], rows);
    }
    const PageColumn columns[] = {
        {vi ? "Tệp" : "File", 0.24, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Loại, kích thước" : "Kind, size", 0.18, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Nhận đủ lúc" : "All of it came at", 0.2, PAGE_LEFT, PAGE_SMALL},
        {vi ? "Mã băm lúc nhận" : "Hash on arrival", 0.38, PAGE_LEFT, PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
}

/* ---- pictures ---- */

/* A page or two of pictures; all files stand in the table. */
enum { PICTURES_MOST = 12 };

static void put_caption(const Statement *statement, const PackageConsentFile *file,
                        char *captions[2])
{
    g_autofree char *at = statement_clock(statement, file->given.given_us, true);
    captions[0] = g_strdup(file->given.name);
    captions[1] = g_strdup_printf("Nhận lúc / arrived at %s", at);
}

typedef struct Sheet {
    PagePicture pictures[PICTURES_MOST];
    Buffer *jpegs[PICTURES_MOST];
    char *captions[PICTURES_MOST][2];
    unsigned count, looked;
    GString *without;
} Sheet;

static void take_file(const Statement *statement, const PackageConsentFile *file, Sheet *sheet)
{
    Buffer *jpeg = sheet->looked++ < PICTURES_MOST ? statement_given_picture(file) : NULL;
    if (!jpeg) {
        g_string_append_printf(sheet->without, "%s%s", sheet->without->len > 0 ? ", " : "",
                               file->given.name);
        return;
    }
    unsigned at = sheet->count++;
    sheet->jpegs[at] = jpeg;
    put_caption(statement, file, sheet->captions[at]);
    sheet->pictures[at] = (PagePicture){jpeg, {sheet->captions[at][0], sheet->captions[at][1]}};
}

static void draw_sheet(Pages *pages, const Sheet *sheet)
{
    page_keep(pages, sheet->count > 0 ? 260 : 80);
    page_heading(pages, "Phụ lục 4. Hình do hộ dân gửi / Annex 4. What households gave");
    page_text(pages, PAGE_SMALL, PAGE_LEFT,
              "Ảnh, hoặc hình khóa đầu tiên của phim, thu nhỏ và nén lại để in; bản gốc ở "
              "household/. Không phải hình của xã. / Photos, or the first key picture of a film, "
              "made smaller and coded anew for print; the originals are in household/. Not the "
              "commune's footage.");
    page_pictures(pages, sheet->pictures, sheet->count);
    if (sheet->without->len == 0)
        return;
    g_autofree char *text =
        g_strdup_printf("Không in ở đây; bản gốc vẫn ở trong gói. / Not printed here; the "
                        "originals are in the package: %s.",
                        sheet->without->str);
    page_text(pages, PAGE_SMALL, PAGE_LEFT, text);
}

void statement_given_annex(const Statement *statement, Pages *pages)
{
    Sheet sheet = {.without = g_string_new(NULL)};
    for (size_t i = 0; i < statement->order->consent_count; i++) {
        const GArray *files = statement->order->consents[i].files;
        for (guint j = 0; j < files->len; j++)
            take_file(statement, &g_array_index(files, PackageConsentFile, j), &sheet);
    }
    if (sheet.looked > 0)
        draw_sheet(pages, &sheet);
    for (unsigned i = 0; i < sheet.count; i++) {
        buffer_unref(sheet.jpegs[i]);
        g_free(sheet.captions[i][0]);
        g_free(sheet.captions[i][1]);
    }
    g_string_free(sheet.without, TRUE);
}
