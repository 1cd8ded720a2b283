#include "camera/key_seen.h"

void key_seen_note(KeySeen *seen, const DepayFrame *frame, const CodecParams *params)
{
    if (frame->key)
        *seen = params ? KEY_TORN : KEY_BARE;
}

const char *key_seen_cause(KeySeen seen, unsigned notes)
{
    if (seen == KEY_NONE && (notes & DEPAY_FRAME_TOO_BIG))
        return "the camera sends pictures of more than 12 MiB, which are left out, and no key "
               "picture among the others; set a smaller picture or a lower bit rate in it";
    static const char *const causes[] = {
        [KEY_NONE] = "the camera sends, but no key picture yet; set a shorter key interval in it",
        [KEY_TORN] = "the camera's key pictures arrive with parts missing, and nothing can be "
                     "shown without a whole one; look at the network, or set its transport to tcp",
        [KEY_BARE] = "the camera sends pictures, but tells nowhere how they are coded (no SPS and "
                     "PPS); restart it, and look for newer firmware",
    };
    return causes[seen];
}
