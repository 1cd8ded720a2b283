/* xml.h — what a device says in XML, read by local names.
 *
 * Devices choose prefixes as they like (env:, s:, SOAP-ENV:), so names are compared without them.
 * A document with a DTD is refused before an entity could be declared; nothing is ever loaded from
 * elsewhere; size and depth are bounded. An ampersand that begins no entity, as in addresses that
 * were put in unescaped, stands for itself.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

enum { XML_BYTES_MAX = 1 << 20, XML_TEXT_MAX = 4096 };

typedef struct Xml Xml;         /* a document */
typedef struct XmlNode XmlNode; /* an element; lives as long as its document */

/* Returns owned, or NULL with ERR_PROTOCOL. */
Xml *xml_parse(const void *data, size_t size, GError **error);
void xml_free(Xml *xml); /* NULL is allowed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Xml, xml_free)

const XmlNode *xml_root(const Xml *xml);

/* The local name, borrowed from the document. */
const char *xml_name(const XmlNode *node);

/* The first element at `path` below `node`, "Body/Fault/Code": at each step the first child of that
 * name. NULL when there is none, or `node` is NULL. */
const XmlNode *xml_at(const XmlNode *node, const char *path);

/* The first child element; NULL when there is none, or `node` is NULL. */
const XmlNode *xml_first(const XmlNode *node);

/* The next sibling element of the same name; NULL after the last. */
const XmlNode *xml_next(const XmlNode *node);

/* The text of the element at `path` ("" is `node` itself): blanks and line breaks are one blank
 * each, none at the ends, no control characters, at most XML_TEXT_MAX bytes. NULL when there is no
 * such element. Returns owned. */
char *xml_text(const XmlNode *node, const char *path);

/* The number that the text at `path` begins with, or `missing`. */
int64_t xml_int(const XmlNode *node, const char *path, int64_t missing);

/* An attribute by its local name, as xml_text(); NULL when there is none. Returns owned. */
char *xml_attribute(const XmlNode *node, const char *name);
