#include "metadata/rdf_statements.h"

#include <algorithm>
#include <memory>

#include <expat.h>

#include <piaa/error.h>

namespace piaa::cli {
namespace {

constexpr std::string_view rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns# ";
constexpr const char* language = "http://www.w3.org/XML/1998/namespace lang";
constexpr std::size_t deepest = 200;

struct Element {
    std::string name;  ///< "namespace local"
    std::map<std::string, std::string> attributes;
    std::vector<std::unique_ptr<Element>> children;
    std::string text;

    bool is(std::string_view local) const { return name == std::string(rdf) + std::string(local); }
    const std::string* rdf_attribute(std::string_view local) const {
        const auto found = attributes.find(std::string(rdf) + std::string(local));
        return found == attributes.end() ? nullptr : &found->second;
    }
};

struct Document {
    Element root;
    std::vector<Element*> open{&root};
    XML_Parser parser = nullptr;
};

void on_start(void* user, const XML_Char* name, const XML_Char** attributes) {
    auto& document = *static_cast<Document*>(user);
    if (document.open.size() > deepest) XML_StopParser(document.parser, XML_FALSE);
    auto& parent = *document.open.back();
    parent.children.push_back(std::make_unique<Element>());
    Element& element = *parent.children.back();
    element.name = name;
    for (; *attributes; attributes += 2) element.attributes.emplace(attributes[0], attributes[1]);
    document.open.push_back(&element);
}

void on_end(void* user, const XML_Char*) {
    static_cast<Document*>(user)->open.pop_back();
}

void on_text(void* user, const XML_Char* text, int length) {
    static_cast<Document*>(user)->open.back()->text.append(text, static_cast<std::size_t>(length));
}

/// Entities could make a small file huge.
void on_doctype(void* user, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    XML_StopParser(static_cast<Document*>(user)->parser, XML_FALSE);
}

std::string value_of(const Element& property);

/// What RDF itself says beside a value: its language, its type, a name that others refer to it by.
std::string qualifiers_of(const Element& element) {
    std::string all;
    if (const auto said = element.attributes.find(language); said != element.attributes.end())
        all = "@" + said->second;
    for (const char* name : {"datatype", "ID", "nodeID", "bagID"})
        if (const auto* value = element.rdf_attribute(name)) all += std::string("!") + name + "=" + *value;
    return all;
}

/// Every attribute and child of a description or structure is a property.
std::vector<std::string> fields_of(const Element& element) {
    std::vector<std::string> fields;
    for (const auto& [name, value] : element.attributes)
        if ((!name.starts_with(rdf) || name == std::string(rdf) + "value") && name != language)
            fields.push_back(name + "=L(" + value + ")");
    for (const auto& child : element.children) fields.push_back(child->name + "=" + value_of(*child));
    std::sort(fields.begin(), fields.end());
    return fields;
}

std::string joined(const char* open, const std::vector<std::string>& parts) {
    std::string text = open;
    for (const auto& part : parts) text += part + ";";
    return text + "}";
}

std::string array_of(const Element& array) {
    std::vector<std::string> items;
    for (const auto& item : array.children) {
        std::string value = value_of(*item);
        // One of several languages without a name is the one for everybody.
        if (array.is("Alt") && !item->attributes.contains(language) && item->children.empty())
            value += "@x-default";
        items.push_back(std::move(value));
    }
    if (array.is("Alt")) std::sort(items.begin(), items.end());
    return joined(array.is("Seq") ? "Seq{" : array.is("Alt") ? "Alt{" : "Bag{", items);
}

std::string value_of(const Element& property) {
    const std::string in = qualifiers_of(property);
    if (const auto* resource = property.rdf_attribute("resource")) {
        const auto more = fields_of(property);
        return "R(" + *resource + ")" + in + (more.empty() ? "" : joined("{", more));
    }
    const auto* type = property.rdf_attribute("parseType");
    if (type && *type == "Resource") return joined("{", fields_of(property)) + in;
    if (!property.children.empty()) {
        const Element& inner = *property.children.front();
        if (inner.is("Bag") || inner.is("Seq") || inner.is("Alt")) return array_of(inner) + in;
        // An element of another name is a description of that type, and one with a name of its own is told
        // by it.
        auto fields = fields_of(inner);
        if (!inner.is("Description")) fields.push_back("type=R(" + inner.name + ")");
        if (const auto* about = inner.rdf_attribute("about"); about && !about->empty())
            fields.push_back("about=R(" + *about + ")");
        return joined("{", fields) + qualifiers_of(inner) + in;
    }
    const auto fields = fields_of(property);
    return fields.empty() ? "L(" + property.text + ")" + in : joined("{", fields) + in;
}

void collect(const Element& element, RdfStatements& all) {
    for (const auto& child : element.children) {
        if (!child->is("RDF")) {
            collect(*child, all);
            continue;
        }
        for (const auto& description : child->children) {
            for (const auto& [name, value] : description->attributes)
                if (!name.starts_with(rdf) && name != language) all[name].push_back("L(" + value + ")");
            for (const auto& property : description->children)
                all[property->name].push_back(value_of(*property));
        }
    }
}

}  // namespace

RdfStatements rdf_statements(std::string_view packet) {
    while (!packet.empty() && packet.back() == '\0') packet.remove_suffix(1);
    const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
        XML_ParserCreateNS(nullptr, ' '), &XML_ParserFree);
    Document document;
    document.parser = parser.get();
    XML_SetUserData(parser.get(), &document);
    XML_SetElementHandler(parser.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
    if (XML_Parse(parser.get(), packet.data(), static_cast<int>(packet.size()), 1) != XML_STATUS_OK)
        throw Error(ErrorCode::bad_data, std::string("its XMP is no well-formed XML: ") +
                                             XML_ErrorString(XML_GetErrorCode(parser.get())));
    RdfStatements all;
    collect(document.root, all);
    for (auto& [name, values] : all) std::sort(values.begin(), values.end());
    return all;
}

}  // namespace piaa::cli
