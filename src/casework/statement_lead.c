/* Pictures that cannot be decoded by themselves: which were taken along for that, and which stay
 * unseen. */
#include "casework/statement.h"

#include <inttypes.h>

enum { UNSEEN_MOST = 20 }; /* on paper; verify tells of each file */

typedef struct Leads {
    unsigned led;    /* files of one camera that go on with the file before */
    unsigned unseen; /* of all cameras, files whose first pictures nothing leads to */
} Leads;

static void tell_lead(const StatementText *text, const PackageMedia *media)
{
    g_autofree char *from = statement_clock(text->statement, media->from_us, text->vietnamese);
    g_autofree char *to = statement_clock(text->statement, media->to_us, text->vietnamese);
    g_autofree char *told =
        text->vietnamese
            ? g_strdup_printf("Camera %u: gói kèm cả hình từ %s đến %s, trước thời điểm được yêu "
                              "cầu, vì thiếu chúng thì không giải mã được những hình đầu tiên.",
                              media->camera + 1, from, to)
            : g_strdup_printf("Camera %u: pictures from %s to %s, before the asked start, come "
                              "along, for without them the first ones cannot be decoded.",
                              media->camera + 1, from, to);
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, told);
}

static void tell_unseen(const StatementText *text, const PackageMedia *media)
{
    g_autofree char *from = statement_clock(text->statement, media->from_us, text->vietnamese);
    g_autofree char *to = statement_clock(text->statement, media->key_us, text->vietnamese);
    g_autofree char *told =
        text->vietnamese
            ? g_strdup_printf("Camera %u: hình từ %s đến %s có trong gói nhưng không xem được bằng "
                              "gói này, vì không có hình khóa ngay trước chúng.",
                              media->camera + 1, from, to)
            : g_strdup_printf("Camera %u: pictures from %s to %s are in the package, but cannot be "
                              "seen with it, for there is no key picture right before them.",
                              media->camera + 1, from, to);
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, told);
}

static void tell_led(const StatementText *text, unsigned camera, unsigned files)
{
    g_autofree char *told =
        text->vietnamese
            ? g_strdup_printf("Camera %u: %u tệp mở đầu giữa một nhóm hình; những hình đó chỉ giải "
                              "mã được khi nối sau tệp liền trước. Trang verify.html tự nối.",
                              camera + 1, files)
            : g_strdup_printf("Camera %u: files that begin within a group of pictures: %u. Those "
                              "pictures are decoded behind the file before, as verify.html does.",
                              camera + 1, files);
    page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, told);
}

static void tell_media(const StatementText *text, size_t index, Leads *leads)
{
    const PackageFacts *facts = &text->statement->plan->facts;
    const PackageMedia *media = &g_array_index(facts->media, PackageMedia, index);
    if (media->to_us <= facts->from_us)
        tell_lead(text, media);
    if (media->key_us <= media->from_us)
        return;
    if (package_media_leads(facts->media, index))
        leads->led++;
    else if (leads->unseen++ < UNSEEN_MOST)
        tell_unseen(text, media);
}

void statement_leads(const StatementText *text)
{
    const GArray *all = text->statement->plan->facts.media;
    Leads leads = {0};
    for (size_t i = 0; i < all->len; i++) {
        unsigned camera = g_array_index(all, PackageMedia, i).camera;
        tell_media(text, i, &leads);
        bool last = i + 1 == all->len || g_array_index(all, PackageMedia, i + 1).camera != camera;
        if (last && leads.led > 0)
            tell_led(text, camera, leads.led);
        leads.led = last ? 0 : leads.led;
    }
    if (leads.unseen > UNSEEN_MOST) {
        g_autofree char *more =
            text->vietnamese
                ? g_strdup_printf("Còn %u chỗ như vậy nữa; vonglau verify và verify.html kể đủ.",
                                  leads.unseen - UNSEEN_MOST)
                : g_strdup_printf("And %u more; vonglau verify and verify.html tell of each.",
                                  leads.unseen - UNSEEN_MOST);
        page_text(text->pages, PAGE_PLAIN, PAGE_LEFT, more);
    }
}
