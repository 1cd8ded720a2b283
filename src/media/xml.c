#include "media/xml.h"

#include "base/error.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

/* To callers the types are opaque: they see nothing of libxml2. */
static const xmlNode *element(const XmlNode *node)
{
    return (const xmlNode *)node;
}

static const XmlNode *opaque(const xmlNode *node)
{
    return (const XmlNode *)node;
}

/* Before the first declaration of an entity is read. */
static void refuse_dtd(void *parser, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system)
{
    xmlStopParser(parser);
}

static xmlDoc *read_once(const char *text, size_t size)
{
    xmlParserCtxt *parser = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
    if (!parser)
        g_error("no memory for an XML parser");
    xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                  XML_PARSE_NOCDATA | XML_PARSE_NOBLANKS);
    parser->sax->internalSubset = refuse_dtd;
    xmlParseChunk(parser, text, (int)size, 1);
    xmlDoc *doc = parser->myDoc;
    if (!parser->wellFormed || (doc && (doc->intSubset || !xmlDocGetRootElement(doc)))) {
        xmlFreeDoc(doc);
        doc = NULL;
    }
    xmlFreeParserCtxt(parser);
    return doc;
}

/* "&name;", "&#10;", "&#xA;" */
static bool begins_entity(const char *text, size_t size)
{
    size_t i = 1;
    while (i < size && (g_ascii_isalnum(text[i]) || (text[i] == '#' && i == 1)))
        i++;
    return i > 1 && i < size && text[i] == ';';
}

static xmlDoc *read_mended(const char *text, size_t size)
{
    g_autoptr(GString) mended = g_string_sized_new(size + 64);
    for (size_t i = 0; i < size; i++) {
        g_string_append_c(mended, text[i]);
        if (text[i] == '&' && !begins_entity(text + i, size - i))
            g_string_append(mended, "amp;");
    }
    return mended->len == size ? NULL : read_once(mended->str, mended->len);
}

Xml *xml_parse(const void *data, size_t size, GError **error)
{
    if (size > XML_BYTES_MAX) {
        err_set(error, ERR_PROTOCOL, "the answer is too long");
        return NULL;
    }
    const char *text = data;
    while (size > 0 && (g_ascii_isspace(*text) || *text == '\0')) /* before <?xml … ?> */
        text++, size--;
    xmlDoc *doc = size ? read_once(text, size) : NULL;
    if (!doc && size)
        doc = read_mended(text, size);
    if (!doc)
        err_set(error, ERR_PROTOCOL, "the answer is not XML, or not as it should be");
    return (Xml *)doc;
}

void xml_free(Xml *xml)
{
    xmlFreeDoc((xmlDoc *)xml);
}

const XmlNode *xml_root(const Xml *xml)
{
    return opaque(xmlDocGetRootElement((const xmlDoc *)xml));
}

const char *xml_name(const XmlNode *node)
{
    return (const char *)element(node)->name;
}

static const xmlNode *skip_to(const xmlNode *node, const char *name, size_t size)
{
    for (; node; node = node->next)
        if (node->type == XML_ELEMENT_NODE && strlen((const char *)node->name) == size &&
            memcmp(node->name, name, size) == 0)
            return node;
    return NULL;
}

const XmlNode *xml_at(const XmlNode *node, const char *path)
{
    const xmlNode *at = element(node);
    while (at && *path) {
        size_t size = strcspn(path, "/");
        at = skip_to(at->children, path, size);
        path += size + (path[size] == '/');
    }
    return opaque(at);
}

const XmlNode *xml_first(const XmlNode *node)
{
    const xmlNode *at = node ? element(node)->children : NULL;
    while (at && at->type != XML_ELEMENT_NODE)
        at = at->next;
    return opaque(at);
}

const XmlNode *xml_next(const XmlNode *node)
{
    const char *name = xml_name(node);
    return opaque(skip_to(element(node)->next, name, strlen(name)));
}

/* libxml2 has made sure of UTF-8. */
static char *tidy(const char *text)
{
    GString *out = g_string_new(NULL);
    bool gap = false;
    for (const char *at = text; *at && out->len < XML_TEXT_MAX - 8; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (g_unichar_isspace(character)) {
            gap = out->len > 0;
        } else if (!g_unichar_iscntrl(character)) {
            if (gap)
                g_string_append_c(out, ' ');
            g_string_append_unichar(out, character);
            gap = false;
        }
    }
    return g_string_free(out, FALSE);
}

char *xml_text(const XmlNode *node, const char *path)
{
    const XmlNode *found = xml_at(node, path);
    if (!found)
        return NULL;
    xmlChar *text = xmlNodeGetContent(element(found));
    char *tidied = tidy(text ? (const char *)text : "");
    xmlFree(text);
    return tidied;
}

int64_t xml_int(const XmlNode *node, const char *path, int64_t missing)
{
    g_autofree char *text = xml_text(node, path);
    if (!text || !(g_ascii_isdigit(text[0]) || (text[0] == '-' && g_ascii_isdigit(text[1]))))
        return missing;
    return g_ascii_strtoll(text, NULL, 10);
}

char *xml_attribute(const XmlNode *node, const char *name)
{
    for (const xmlAttr *at = node ? element(node)->properties : NULL; at; at = at->next)
        if (strcmp((const char *)at->name, name) == 0) {
            xmlChar *text = xmlNodeListGetString(at->doc, at->children, 1);
            char *tidied = tidy(text ? (const char *)text : "");
            xmlFree(text);
            return tidied;
        }
    return NULL;
}
