/* evidence_plan.h — what goes into a package: which lines of which chains, which bytes of which
 * footage files. Private to casework/evidence*.c. Blocking. */
#pragma once

#include "archive/package.h"
#include "archive/root_line.h"
#include "casework/evidence.h"

typedef struct EvidenceVolume {
    Uuid id, node;
    const char *path; /* borrowed from the order */
} EvidenceVolume;

/* A line of a chain, where it stands. */
typedef struct EvidenceLine {
    unsigned camera;
    Uuid volume;
    int64_t seq;
    char *path; /* of its seals.jsonl; a GRefString of the plan's */
    int64_t at;
    size_t bytes;
    bool segment, full; /* with its leaves: its footage is in the package */
    Hash hash;
} EvidenceLine;

/* Begins with its facts: package_media_order() sorts them. */
typedef struct EvidenceMedia {
    PackageMedia media;
    char *path;                     /* owned */
    uint64_t init_bytes, at, bytes; /* of the file: the init part, then the fragments */
    Hash seal;                      /* hash of its line */
} EvidenceMedia;

typedef struct EvidencePlan {
    GArray *volumes; /* EvidenceVolume that are there */
    GArray *lines;   /* EvidenceLine by camera, volume, seq */
    GArray *media;   /* EvidenceMedia by camera and time */
    PackageFacts facts;
    int64_t bytes; /* of all media */
} EvidencePlan;

EvidencePlan *evidence_plan_new(const EvidenceOrder *order, GError **error);
void evidence_plan_free(EvidencePlan *plan); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EvidencePlan, evidence_plan_free)

/* The node of the volumes: whose server recorded this. */
Uuid evidence_node(const EvidencePlan *plan);

/* Adds copies of people to `into` (PackagePerson), such as those of the order to a manifest's. */
void evidence_people_copy(const PackagePerson *people, size_t count, GArray *into);

/* Which fragments of a sealed segment are shown in [from_us, to_us), from the newest one before
 * that begins with a key picture; fills in first, last, from_us, to_us, key_us and the bytes. False
 * with
 * `*error`, or without one: none. */
bool evidence_choose(EvidenceMedia *media, const SegmentSeal *seal, int64_t from_us, int64_t to_us,
                     GError **error);

/* The text of a line as the package has it: with its leaves when it is full. Returns owned; ERR_IO
 * when it does not stand there any more. */
char *evidence_line_read(const EvidenceLine *line, GError **error);

/* The volumes that are there: EvidenceVolume by id; their paths stay borrowed. Returns owned. */
GArray *evidence_volumes(const char *const *folders);

/* Lines of roots.jsonl, of days only or of both kinds, that cover the plan's footage, and the paths
 * to them. Of the plan, volumes and media are looked at, of media the camera, volume, number and
 * seal. `*unproven` counts roots left out because lines under them could not be read. */
bool evidence_proofs(const EvidenceOrder *order, const EvidencePlan *plan, RootKind least,
                     GString *roots, GString *paths, unsigned *unproven, GError **error);

extern const char evidence_readme[]; /* VERIFY.md */
