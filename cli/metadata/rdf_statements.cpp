#include "metadata/rdf_statements.h"

#include <algorithm>

#include "metadata/rdf_document.h"

namespace piaa::cli {
namespace {

std::string value_of(const RdfElement& property);

/// What RDF itself says beside a value: its language, its type, a name that others refer to it by.
std::string qualifiers_of(const RdfElement& element) {
    std::string all;
    if (const auto* said = element.attribute(xml_language)) all = "@" + *said;
    for (const char* name : {"datatype", "ID", "nodeID", "bagID"})
        if (const auto* value = element.rdf_attribute(name)) all += std::string("!") + name + "=" + *value;
    return all;
}

/// Every attribute and child of a description or structure is a property.
std::vector<std::string> fields_of(const RdfElement& element) {
    std::vector<std::string> fields;
    for (const auto& [name, value] : element.attributes)
        if (is_property(name) || RdfElement::is_of_rdf(name, "value"))
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

std::string array_of(const RdfElement& array) {
    std::vector<std::string> items;
    for (const auto& item : array.children) {
        std::string value = value_of(*item);
        // One of several languages without a name is the one for everybody.
        if (array.is("Alt") && !item->attribute(xml_language) && item->children.empty())
            value += "@x-default";
        items.push_back(std::move(value));
    }
    if (array.is("Alt")) std::sort(items.begin(), items.end());
    return joined(array.is("Seq") ? "Seq{" : array.is("Alt") ? "Alt{" : "Bag{", items);
}

std::string value_of(const RdfElement& property) {
    const std::string in = qualifiers_of(property);
    if (const auto* resource = property.rdf_attribute("resource")) {
        const auto more = fields_of(property);
        return "R(" + *resource + ")" + in + (more.empty() ? "" : joined("{", more));
    }
    const auto* type = property.rdf_attribute("parseType");
    if (type && *type == "Resource") return joined("{", fields_of(property)) + in;
    if (!property.children.empty()) {
        const RdfElement& inner = *property.children.front();
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

}  // namespace

RdfStatements rdf_statements(std::string_view packet) {
    const RdfElement document = parse_rdf(packet);
    RdfStatements all;
    for (const auto* root : rdf_roots(document))
        for (const auto& description : root->children) {
            for (const auto& [name, value] : description->attributes)
                if (is_property(name)) all[name].push_back("L(" + value + ")");
            for (const auto& property : description->children)
                all[property->name].push_back(value_of(*property));
        }
    for (auto& [name, values] : all) std::sort(values.begin(), values.end());
    return all;
}

}  // namespace piaa::cli
