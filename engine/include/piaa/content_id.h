#pragma once

#include <optional>
#include <string>

#include <piaa/export.h>
#include <piaa/image.h>

namespace piaa {

/// A photo's identity: 64 hexadecimal digits that say what it looks like, not where its file is. The bits are
/// the signs of the 256 lowest frequencies of the photo's luminance after DCT (Zauner, "Implementation and
/// benchmarking of perceptual image hash functions", 2010), so decoding at reduced size, recompression and
/// resizing leave nearly all of them. The same pixels always give the same id.
PIAA_API std::string content_id(const Image& image);

/// Ids of one photo differ in at most so many of their 256 bits. Over 1,748 real photos: at most 39 change
/// when one is halved and stored as JPEG of quality 60, 5 at quality 75; two different photos differ in 66 or
/// more.
constexpr int most_differing_bits = 45;

/// Whether two ids are of one photo: at most most_differing_bits differ. Unlike photos differ in about half.
/// False for a text that is no id.
PIAA_API bool same_photo(const std::string& a, const std::string& b);

/// How many of their 256 bits differ; none for a text that is no id.
PIAA_API std::optional<int> differing_bits(const std::string& a, const std::string& b);

}  // namespace piaa
