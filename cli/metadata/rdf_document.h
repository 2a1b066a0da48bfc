#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace piaa::cli {

/// How names of RDF's own begin, where names are told as "namespace local".
constexpr std::string_view rdf_prefix = "http://www.w3.org/1999/02/22-rdf-syntax-ns# ";
constexpr std::string_view xml_language = "http://www.w3.org/XML/1998/namespace lang";

/// An element of an XMP packet, and where it stands among the packet's bytes. For <a/> the content is empty
/// and ends where the element does.
struct RdfElement {
    std::string name;
    std::vector<std::pair<std::string, std::string>> attributes;  ///< name and value, as they stand
    std::vector<std::unique_ptr<RdfElement>> children;
    std::string text;
    std::size_t start = 0, content = 0, content_end = 0, end = 0;

    bool is(std::string_view local) const { return is_of_rdf(name, local); }
    const std::string* attribute(std::string_view wanted) const;
    const std::string* rdf_attribute(std::string_view local) const;
    static bool is_of_rdf(std::string_view name, std::string_view local) {
        return name.starts_with(rdf_prefix) && name.substr(rdf_prefix.size()) == local;
    }
};

/// What stands around and in a packet, as the children of an element without a name. Throws Error(bad_data)
/// with a sentence that names no file, for text that is no well-formed XML or holds a document type.
RdfElement parse_rdf(std::string_view packet);

/// The rdf:RDF elements of a document, in order.
std::vector<const RdfElement*> rdf_roots(const RdfElement& document);

/// Whether an attribute of a description is a property of the photo.
bool is_property(std::string_view attribute);

}  // namespace piaa::cli
