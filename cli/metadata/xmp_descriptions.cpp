#include "metadata/xmp_descriptions.h"

#include <piaa/error.h>

namespace piaa::cli {

std::string property_of(const Exiv2::XmpKey& key) {
    const std::string group = key.groupName(), text = key.key();
    const std::size_t start = std::string("Xmp.").size() + group.size() + 1;
    return Exiv2::XmpProperties::ns(group) + " " +
           text.substr(start, text.find_first_of("[/", start) - start);
}

std::string descriptions_of(const Exiv2::XmpData& all, const std::set<std::string>& properties) {
    Exiv2::XmpData some;
    for (const auto& each : all)
        if (properties.contains(property_of(Exiv2::XmpKey(each.key())))) some.add(each);
    return descriptions_of(some);
}

std::string descriptions_of(const Exiv2::XmpData& all) {
    if (all.empty()) return "";
    constexpr std::uint16_t format = Exiv2::XmpParser::omitPacketWrapper | Exiv2::XmpParser::useCompactFormat;
    std::string text;
    const bool whole = Exiv2::XmpParser::encode(text, all, format) == 0;
    const auto start = text.find("<rdf:Description"), end = text.rfind("</rdf:RDF>");
    if (!whole || start == std::string::npos || end == std::string::npos)
        throw Error(ErrorCode::bad_data, "what should be written cannot be said in XMP");
    return text.substr(start, text.find_last_not_of(" \n", end - 1) + 1 - start);
}

}  // namespace piaa::cli
