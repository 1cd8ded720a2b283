/* Negative certificates that go along, in a statement: which, and what each says. */
#include "casework/statement.h"

#include <string.h>

static const char *verdict_words(const char *verdict, bool vi)
{
    if (strcmp(verdict, "empty") == 0)
        return vi ? "không có chuyển động, xem được suốt" : "nothing moved, all of it was seen";
    if (strcmp(verdict, "not-empty") == 0)
        return vi ? "có chuyển động" : "something moved";
    return vi ? "chưa chứng minh được" : "not proven";
}

static void add_row(const StatementText *text, const EvidenceCertificate *one, GPtrArray *rows)
{
    const bool vi = text->vietnamese;
    g_autofree char *from = statement_clock(text->statement, one->from_us, vi);
    g_autofree char *to = statement_clock(text->statement, one->to_us, vi);
    g_autofree char *made = statement_clock(text->statement, one->made_us, vi);
    g_autofree char *span = g_strdup_printf("%s – %s", from, to);
    g_autofree char *cameras = g_strdup_printf("%u", one->cameras);
    statement_row(rows, (const char *[]){one->number, verdict_words(one->verdict, vi), span,
                                         cameras, made, NULL});
}

void statement_certificates(const StatementText *text)
{
    const EvidenceOrder *order = text->statement->order;
    const bool vi = text->vietnamese;
    g_autoptr(GPtrArray) rows = statement_rows_new();
    if (order->certificate_count == 0)
        return;
    statement_para(text,
                   "Giấy xác nhận không có chuyển động đã lập cho vụ việc này, ở thư mục "
                   "certificates/: mỗi giấy là một tệp ZIP có chữ ký riêng, giữ nguyên từng byte "
                   "như khi lập. Giấy chỉ nói về vùng đã vẽ trên hình và khoảng thời gian của nó; "
                   "bản để in và ký ở report.pdf trong tệp đó.",
                   "Negative certificates that were made for this case, in the folder "
                   "certificates/: each is a ZIP with a signature of its own, byte for byte as it "
                   "was made. It speaks of the region drawn on the picture and of its own span "
                   "alone; what is printed and signed is report.pdf in it.");
    for (size_t i = 0; i < order->certificate_count; i++)
        add_row(text, &order->certificates[i], rows);
    const PageColumn columns[] = {{vi ? "Giấy số" : "Number", 0.17, PAGE_LEFT, PAGE_SMALL},
                                  {vi ? "Kết luận" : "Verdict", 0.21, PAGE_LEFT, PAGE_SMALL},
                                  {vi ? "Khoảng thời gian" : "Span", 0.33, PAGE_LEFT, PAGE_SMALL},
                                  {vi ? "Số camera" : "Cameras", 0.1, PAGE_CENTRE, PAGE_SMALL},
                                  {vi ? "Lập lúc" : "Made at", 0.19, PAGE_LEFT, PAGE_SMALL}};
    page_table(text->pages, columns, G_N_ELEMENTS(columns), rows);
}
