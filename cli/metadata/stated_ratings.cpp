#include "metadata/stated_ratings.h"

#include <array>
#include <set>
#include <utility>

#include <boost/algorithm/string/trim.hpp>

#include <piaa/error.h>

#include "metadata/rdf_statements.h"

namespace piaa::cli {
namespace {

/// Properties as RDF has them, and exiv2's keys for them.
constexpr std::array<std::pair<const char*, const char*>, 5> ratings = {
    {{"http://ns.adobe.com/xap/1.0/ Rating", "Xmp.xmp.Rating"},
     {"http://ns.microsoft.com/photo/1.0/ Rating", "Xmp.MicrosoftPhoto.Rating"},
     {"http://ns.microsoft.com/photo/1.0 Rating", "Xmp.MicrosoftPhoto.Rating"},
     {"http://ns.acdsee.com/iptc/1.0/ rating", "Xmp.acdsee.rating"},
     {"urn:piaa:xmp:1.0# Rating", "Xmp.piaa.Rating"}}};

/// The plain texts among values, without blanks around them.
std::set<std::string> texts_of(const std::vector<std::string>& values) {
    std::set<std::string> texts;
    for (const auto& value : values)
        if (value.starts_with("L("))
            texts.insert(boost::algorithm::trim_copy(value.substr(2, value.rfind(')') - 2)));
    return texts;
}

}  // namespace

void add_stated_ratings(const std::string& packet, Exiv2::XmpData& xmp) {
    if (packet.find("ating") == std::string::npos) return;
    RdfStatements statements;
    try {
        statements = rdf_statements(packet);
    } catch (const Error&) {
        return;  // the toolkit mends what is no well-formed XML, and has decoded it
    }
    for (const auto& [property, key] : ratings) {
        const auto found = statements.find(property);
        if (found == statements.end()) continue;
        const auto texts = texts_of(found->second);
        if (texts.size() > 1)
            throw Error(ErrorCode::bad_data, "its XMP gives the rating twice, '" + *texts.begin() +
                                                 "' and '" + *std::next(texts.begin()) + "'");
        if (texts.size() == 1) xmp[key].setValue(*texts.begin());
    }
}

}  // namespace piaa::cli
