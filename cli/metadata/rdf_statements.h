#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace piaa::cli {

/// What an XMP packet says, read as the RDF it is and not through the model of an XMP library, which forgets
/// some forms: by property ("http://ns.adobe.com/xap/1.0/ Rating") its values in a spelling of our own, in
/// which all ways to write one meaning are equal and different meanings differ: a literal L(5), a resource
/// R(http://...), structures, arrays, languages, qualifiers. A property that stands in two descriptions has
/// two values.
using RdfStatements = std::map<std::string, std::vector<std::string>>;

/// Throws Error(bad_data) with a sentence that names no file, for text that is no well-formed XML.
RdfStatements rdf_statements(std::string_view packet);

}  // namespace piaa::cli
