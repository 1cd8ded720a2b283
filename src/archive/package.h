/* package.h — what stands in an evidence package besides pictures, to the byte: shared by who makes
 * one (casework/evidence.h) and who checks one (verify). docs/reference/evidence.md tells
 * strangers.
 *
 * Everything here is text of canonical lines (ledger/line.h): the same facts give the same bytes,
 * so that a check makes a text again from what it has found, and compares.
 */
#pragma once

#include "archive/package_given.h"
#include "archive/seal.h"
#include "ledger/merkle.h"
#include "media/fmp4_read.h"
#include "media/redaction.h"
#include "media/zip.h"

#define PACKAGE_MANIFEST "manifest.json"
#define PACKAGE_SIGNATURE "manifest.sig"
#define PACKAGE_CONTINUITY "continuity.json"
#define PACKAGE_TIME "time.json"
#define PACKAGE_CUSTODY "custody.jsonl"
#define PACKAGE_KEYS "proofs/keys.jsonl"
#define PACKAGE_KEY_PEM "proofs/node-key.pem"
#define PACKAGE_ROOTS "proofs/roots.jsonl"
#define PACKAGE_PATHS "proofs/paths.jsonl"
#define PACKAGE_DAYS "proofs/days.jsonl"   /* added after the signing, behind all others */
#define PACKAGE_HOLDS "proofs/holds.jsonl" /* only where footage is on hold */
#define PACKAGE_SUMS "SHA256SUMS"
#define PACKAGE_README "VERIFY.md"
#define PACKAGE_STATEMENT "report.pdf"
#define PACKAGE_PAGE "verify.html"

enum {
    PACKAGE_FORMAT = 3,
    PACKAGE_FORMAT_FILMS = 2,  /* from which on a manifest tells of its films */
    PACKAGE_FORMAT_CLOCKS = 2, /* from which on time.json tells of the cameras' clocks */
    PACKAGE_FORMAT_BASIS = 3,  /* from which on a manifest tells of its legal basis and of holds */
    PACKAGE_CAMERAS_MOST = 64,
    PACKAGE_MEDIA_MOST = 4096, /* footage files: their list has to fit one line */
    PACKAGE_TEXT_MOST_BYTES = 256 << 20,
    PACKAGE_PEOPLE_MOST = 4,
    PACKAGE_WORKING_MOST = 8,
    PACKAGE_REASON_LEAST = 3, /* characters */
    PACKAGE_REASON_MOST = 200,
    PACKAGE_BASIS_LEAST = 3, /* characters of the legal basis */
    PACKAGE_BASIS_MOST = 300,
    PACKAGE_HOLDS_MOST = 64,
    PACKAGE_HOLD_TEXT = 32,
};
#define PACKAGE_SPAN_MOST_US (INT64_C(31) * 86400 * 1000000)

/* A footage file: the init part of a segment, and some of its fragments. */
typedef struct PackageMedia {
    char name[ZIP_NAME_TEXT];
    unsigned camera; /* index among the package's */
    Uuid volume;
    int64_t seq;               /* of the segment's seal line */
    int64_t first, last;       /* fragments of the segment, counted from 1 */
    int64_t from_us, to_us;    /* of these: first picture, end of the last */
    int64_t key_us;            /* the first fragment that begins with a key picture; to_us: none */
    int64_t offset_us, ntp_us; /* as the seal says */
    char codec[32];            /* RFC 6381, as the init part says; "": it cannot be read */
    int64_t width, height;     /* px */
    int64_t pictures, ticks;   /* of these fragments, and how long they last: 1/90000 s */
} PackageMedia;

typedef struct PackageGap {
    unsigned camera;
    int64_t from_us, to_us;
    GapCause cause;
} PackageGap;

typedef struct PackageFacts {
    int64_t from_us, to_us; /* asked for */
    GArray *cameras;        /* Uuid, each once */
    GArray *media;          /* PackageMedia, by camera and time */
    GArray *declared;       /* PackageGap, as seals declare them; any order */
} PackageFacts;

void package_facts_init(PackageFacts *facts);
void package_facts_clear(PackageFacts *facts);

/* How long the pictures of a fragment last. */
int64_t package_run_us(const Fmp4ReadRun *pictures);

/* How it is coded, by its init part (NULL: not known), with nothing counted yet (its `to_us` is
 * known); and the pictures of one fragment more. */
void package_media_coded(PackageMedia *media, const CodecParams *video);
void package_media_count(PackageMedia *media, const Fmp4ReadRun *pictures, int64_t begins_us);

/* Whether what stands before the first key picture of footage file `index` (of media in
 * package_media_order()) can be decoded behind the file before, which has the group of pictures
 * that it goes on with. */
bool package_media_leads(const GArray *media, size_t index);

/* Of PackageMedia, or what begins with one: by camera and time. */
int package_media_order(const void *a, const void *b);

/* "media/<number>/<day>_<name>.mp4" of the file of a seal; numbers count the cameras from 1. */
void package_media_name(unsigned camera, const char *file, char name[ZIP_NAME_TEXT]);

/* "proofs/seals-<number>.jsonl" */
void package_seals_name(unsigned camera, char name[ZIP_NAME_TEXT]);

/* Where pictures are missing within what was asked for, by camera and time: with the causes that
 * seals declare, else unknown. PackageGap, returned owned. */
GArray *package_gaps(const PackageFacts *facts);

/* Where footage files of a camera bear the same times, half a second or more: PackageGap without a
 * cause, by camera and time. Returned owned. */
GArray *package_overlaps(const PackageFacts *facts);

/* {"v":1,"type":"continuity","from_us":I,"to_us":I,
 *  "media":[["<name>","<volume>",SEQ,FIRST,LAST,FROM_US,TO_US],…],
 *  "gaps":[["<camera>",FROM_US,TO_US,"<cause>"],…],"complete":[["<camera>",1 or 0],…]} */
GString *package_continuity(const PackageFacts *facts);

/* Media as a continuity text lists them, whatever else it says; of unknown camera (the caller finds
 * it by the name), offset and NTP. PackageMedia, returned owned; NULL when it is none. */
GArray *package_continuity_media(const char *text, size_t size);

/* Moments near which a camera's own clock was read. */
typedef enum PackageMoment {
    PACKAGE_START, /* of what was asked for */
    PACKAGE_END,
    PACKAGE_EXPORT, /* when the package was made */
    PACKAGE_MOMENTS
} PackageMoment;

typedef struct PackageClock {
    int64_t offset_us; /* the camera's clock minus the node's */
    int64_t doubt_us;  /* by which that may be wrong, either way */
    int64_t read_us;   /* when it was read; 0: not known */
} PackageClock;

/* {"v":1,"type":"time","at_us":I,"ntp_us":I,
 *  "clocks":[["<camera>","start"|"end"|"export",OFFSET_US,DOUBT_US,READ_US],…],
 *  "media":[["<name>",FROM_US,TO_US,OFFSET_US,NTP_US],…],"steps":[["<camera>",FROM_US,TO_US],…]} */
typedef struct PackageTime {
    int64_t at_us, ntp_us;
    GArray *clocks; /* PackageClock, PACKAGE_MOMENTS of each camera; NULL: of the first format */
} PackageTime;

GString *package_time(const PackageFacts *facts, const PackageTime *time);
bool package_time_read(const char *text, size_t size, PackageTime *time);
void package_time_clear(PackageTime *time);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PackageTime, package_time_clear)

/* None was read after the package was made, or is off by more than there is time. */
bool package_clocks_plausible(const GArray *clocks, int64_t at_us);

/* A line of paths.jsonl: the line `seq` of a chain stands at `index` of the tree of the root with
 * number `root`.
 * {"v":1,"type":"path","camera":U,"volume":U,"seq":N,"root":N,"index":I,"path":[HASH,…]} */
typedef struct PackagePath {
    Uuid camera, volume;
    int64_t seq, root, index;
    size_t length;
    Hash path[MERKLE_PATH_MOST];
} PackagePath;

void package_path_put(GString *text, const PackagePath *path);
bool package_path_read(const char *line, size_t size, PackagePath *path);

typedef struct PackageFile {
    char name[ZIP_NAME_TEXT];
    int64_t bytes;
    Hash hash;
} PackageFile;

/* Who had to do with a package: "asked", "approved" (not by the one who asked). */
typedef struct PackagePerson {
    char *part, *name, *role; /* owned */
    Uuid id;                  /* of the account or token */
    int64_t at_us;
} PackagePerson;

void package_person_clear(void *person); /* what it owns */

/* A list of them, as "people" of a manifest; the name of the member goes before. */
void package_people_put(GString *line, const GArray *people);
void package_people_read(LineReader *reader, const char *name, GArray *people);

/* What keeps footage of the package from being deleted, as the ledger has it. */
typedef struct PackageHold {
    Uuid id;
    char kind[PACKAGE_HOLD_TEXT]; /* "case" … : `basis` of ledger/holds.jsonl */
    int64_t since_us;
    int64_t until_us; /* 0: until it is released */
    GArray *people;   /* PackagePerson: who asked for it, and who approved it; owned */
} PackageHold;

void package_hold_clear(void *hold); /* what it owns */

/* The member "holds" of a manifest. */
void package_holds_put(GString *line, const GArray *holds);
void package_holds_read(LineReader *reader, GArray *holds);

/* A line of ledger/holds.jsonl that sets a hold on one camera's footage. */
typedef struct PackageHoldLine {
    int64_t seq, utc_us, from_us, to_us;
    int64_t until_us; /* 0: until it is released */
    Uuid id, camera, object;
    char kind[PACKAGE_HOLD_TEXT];
} PackageHoldLine;

/* False: it is another line, or none; its signature is another matter. */
bool package_hold_line_read(const char *text, size_t size, PackageHoldLine *line);

/* An original from which a working copy was made. */
typedef struct PackageParent {
    char name[ZIP_NAME_TEXT];
    Hash hash;
} PackageParent;

/* A copy that is no original: parts of its pictures are made unrecognisable. */
typedef struct PackageWorking {
    char name[ZIP_NAME_TEXT];
    GArray *parents;            /* PackageParent, by time */
    char *processing, *encoder; /* owned: in words */
    Redaction *redaction;       /* owned */
} PackageWorking;

void package_working_clear(void *working); /* what it owns */

/* "working/<number>/NOT-ORIGINAL_redacted-<n>.mp4"; n counts the package's copies from 1. */
void package_working_name(unsigned camera, unsigned index, char name[ZIP_NAME_TEXT]);

/* PackageParent of a copy of that camera and span, returned owned. `media` (PackageMedia) are in
 * package_media_order(), `files` PackageFile. */
GArray *package_parents(const GArray *media, const GArray *files, unsigned camera, int64_t from_us,
                        int64_t to_us);

/* The member "working" of a manifest, which is not there without copies (PackageWorking). */
void package_working_put(GString *line, const GArray *all);
void package_working_read(LineReader *reader, GArray *all);

/* Footage files of a camera one after another that are coded alike. */
typedef struct PackageFilm {
    Uuid camera;
    int64_t from_us, to_us;
    char codec[32];
    int64_t width, height, pictures, ticks; /* as in PackageMedia */
} PackageFilm;

/* PackageFilm of all media, by camera and time. Returned owned. */
GArray *package_films(const PackageFacts *facts);

/* The member "films" of a manifest. */
void package_films_put(GString *line, const GArray *films);
void package_films_read(LineReader *reader, GArray *films);

typedef struct PackageManifest {
    int64_t format;
    Uuid id, node;
    int64_t at_us;          /* when it was made */
    int64_t from_us, to_us; /* asked for */
    char *reason, *made, *site, *zone, *program;
    char *approval;          /* "before" "within-24h" "none"; "": made at the console */
    char *basis;             /* by which law it was asked for; "": not told */
    GArray *holds;           /* PackageHold, PACKAGE_HOLDS_MOST at most */
    char *case_number;       /* "": none */
    char *number;            /* of the package; "": none */
    GArray *people;          /* PackagePerson, PACKAGE_PEOPLE_MOST at most */
    GArray *cameras;         /* Uuid */
    GPtrArray *camera_facts; /* a camera each: ,"name",value pairs as they stand behind its id */
    int64_t audit_seq;       /* how far the audit log had come, and the hash of that line */
    Hash audit_head;
    GArray *films;   /* PackageFilm; none before PACKAGE_FORMAT_FILMS */
    GArray *files;   /* PackageFile, all but manifest and signature, in the order of the ZIP */
    GArray *working; /* PackageWorking */
    GArray *given;   /* PackageGiven */
    char key[KEY_ID_TEXT];
} PackageManifest;

void package_manifest_init(PackageManifest *manifest);
void package_manifest_clear(PackageManifest *manifest);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PackageManifest, package_manifest_clear)

/* One line with its newline, all of which is signed. */
GString *package_manifest_write(const PackageManifest *manifest);
/* False when it is none, to the byte; `manifest` (initialised) is then to be cleared all the same.
 */
bool package_manifest_read(const char *text, size_t size, PackageManifest *manifest);

/* Of PackageFile, by its name; NULL: none. Borrowed. */
const PackageFile *package_file_find(const GArray *files, const char *name);

/* As `sha256sum` writes it, of all files. */
GString *package_sums(const GArray *files);

/* SubjectPublicKeyInfo (RFC 8410) as PEM, for OpenSSL. Returns owned. */
char *package_key_pem(const PublicKey *key);
