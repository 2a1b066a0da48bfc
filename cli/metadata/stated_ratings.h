#pragma once

#include <string>

#include <exiv2/exiv2.hpp>

namespace piaa::cli {

/// Sets the ratings of a packet that exiv2's toolkit passes over without a word: those of a second rdf:RDF,
/// and numbers written as character references, which it takes for blanks. Throws Error(bad_data), with a
/// sentence that names no file, where the packet gives one kind of rating twice and differently, of which the
/// toolkit would take the first.
void add_stated_ratings(const std::string& packet, Exiv2::XmpData& xmp);

}  // namespace piaa::cli
