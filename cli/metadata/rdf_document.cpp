#include "metadata/rdf_document.h"

#include <expat.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

constexpr std::size_t deepest = 200;

struct Reading {
    RdfElement document;
    std::vector<RdfElement*> open{&document};
    XML_Parser parser = nullptr;

    std::size_t at() const { return static_cast<std::size_t>(XML_GetCurrentByteIndex(parser)); }
    std::size_t length() const { return static_cast<std::size_t>(XML_GetCurrentByteCount(parser)); }
};

void on_start(void* user, const XML_Char* name, const XML_Char** attributes) {
    auto& reading = *static_cast<Reading*>(user);
    if (reading.open.size() > deepest) XML_StopParser(reading.parser, XML_FALSE);
    auto& parent = *reading.open.back();
    parent.children.push_back(std::make_unique<RdfElement>());
    RdfElement& element = *parent.children.back();
    element.name = name;
    for (; *attributes; attributes += 2) element.attributes.emplace_back(attributes[0], attributes[1]);
    element.start = reading.at();
    element.content = element.start + reading.length();
    reading.open.push_back(&element);
}

void on_end(void* user, const XML_Char*) {
    auto& reading = *static_cast<Reading*>(user);
    RdfElement& element = *reading.open.back();
    element.content_end = reading.at();
    element.end = element.content_end + reading.length();
    reading.open.pop_back();
}

void on_text(void* user, const XML_Char* text, int length) {
    static_cast<Reading*>(user)->open.back()->text.append(text, static_cast<std::size_t>(length));
}

/// Entities could make a small file huge.
void on_doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    XML_StopParser(static_cast<Reading*>(user)->parser, XML_FALSE);
}

void collect_roots(const RdfElement& element, std::vector<const RdfElement*>& all) {
    for (const auto& child : element.children)
        if (child->is("RDF"))
            all.push_back(child.get());
        else
            collect_roots(*child, all);
}

}  // namespace

const std::string* RdfElement::attribute(std::string_view wanted) const {
    for (const auto& [name_of, value] : attributes)
        if (name_of == wanted) return &value;
    return nullptr;
}

const std::string* RdfElement::rdf_attribute(std::string_view local) const {
    return attribute(std::string(rdf_prefix) + std::string(local));
}

RdfElement parse_rdf(std::string_view packet) {
    while (!packet.empty() && packet.back() == '\0') packet.remove_suffix(1);
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
        XML_ParserCreateNS(nullptr, ' '), &XML_ParserFree);
    Reading reading;
    reading.parser = parser.get();
    XML_SetUserData(parser.get(), &reading);
    XML_SetElementHandler(parser.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    if (XML_Parse(parser.get(), packet.data(), static_cast<int>(packet.size()), 1) != XML_STATUS_OK)
        throw Error(ErrorCode::bad_data, std::string("its XMP is no well-formed XML: ") +
                                             XML_ErrorString(XML_GetErrorCode(parser.get())));
    return std::move(reading.document);
}

std::vector<const RdfElement*> rdf_roots(const RdfElement& document) {
    std::vector<const RdfElement*> all;
    collect_roots(document, all);
    return all;
}

bool is_property(std::string_view attribute) {
    // RDF of old has "about" without a namespace.
    return attribute.find(' ') != std::string_view::npos && !attribute.starts_with(rdf_prefix) &&
           attribute != xml_language;
}

}  // namespace piaa::cli
