#pragma once

#include <string>
#include <vector>

#include <piaa/export.h>

namespace piaa {

/// Reasons not to judge a picture as a photo, one bit each.
enum class Flag : unsigned { flat = 1, tiny = 2, noise = 4, document = 8, graphic = 16, screenshot = 32 };

/// A set of flags. Empty for nearly every real photo.
class PIAA_API Flags {
public:
    Flags() = default;
    explicit Flags(unsigned bits) : bits_(bits) {}
    void set(Flag flag) { bits_ |= static_cast<unsigned>(flag); }
    bool has(Flag flag) const { return (bits_ & static_cast<unsigned>(flag)) != 0; }
    bool empty() const { return bits_ == 0; }
    unsigned bits() const { return bits_; }
    std::vector<std::string> names() const;  ///< "flat", "tiny"..., in a fixed order
private:
    unsigned bits_ = 0;
};

}  // namespace piaa
