#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace piaa::cli {

/// Items of a list that are ours beside those of others.
struct RdfItems {
    std::string property;            ///< "namespace local"
    std::string prefix;              ///< for the namespace, where there is no such list yet
    std::string mark;                ///< items with this text in them are ours
    std::vector<std::string> items;  ///< rdf:li elements that declare their own namespaces
};

/// What is to change in an XMP packet.
struct RdfChanges {
    std::set<std::string> removed;  ///< properties that go: "namespace local"
    std::string added;              ///< rdf:Description elements that come, with rdf:about=""
    std::vector<RdfItems> lists;    ///< in each, ours give way to these, and all others stay
};

/// The packet with the changes, in which every other byte stays what it was. New descriptions come last and
/// are about what the packet is about; one that has nothing left goes. Throws Error(bad_data) with a sentence
/// that names no file, for a packet that is no well-formed XML in UTF-8, or holds no RDF.
std::string spliced_rdf(std::string_view packet, const RdfChanges& changes);

/// A packet in UTF-8 of one that may be in UTF-16; then without a byte order mark and XML declaration. Throws
/// Error(bad_data) with a sentence that names no file.
std::string packet_in_utf8(std::string packet);

}  // namespace piaa::cli
