#pragma once

#include <set>
#include <string>

#include <exiv2/exiv2.hpp>

namespace piaa::cli {

/// The property that a key is of or in, as rdf_statements() names it: of "Xmp.xmp.Rating", and of
/// "Xmp.iptcExt.ImageRegion[1]/...".
std::string property_of(const Exiv2::XmpKey& key);

/// rdf:Description elements of these properties and no others, for spliced_rdf(); empty where none is there.
/// Throws exiv2's exceptions, and Error(bad_data) for what it cannot write.
std::string descriptions_of(const Exiv2::XmpData& all, const std::set<std::string>& properties);
std::string descriptions_of(const Exiv2::XmpData& all);

}  // namespace piaa::cli
