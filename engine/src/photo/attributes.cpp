#include <algorithm>

#include <piaa/error.h>

#include "photo/attribute_groups.h"

namespace piaa {

std::string_view attribute_name(Attribute attribute) {
    constexpr std::array<std::string_view, attribute_count> names{
        "colourfulness",  "saturation",     "contrast",  "brightness",     "sharpness",
        "depth of field", "rule of thirds", "symmetry",  "colour harmony", "simplicity",
        "warmth",         "salient size",   "salient x", "salient y"};
    const auto index = static_cast<std::size_t>(attribute);
    if (index >= names.size())
        throw Error(ErrorCode::bad_argument, "attribute is number " + std::to_string(index) +
                                                 " and should be below " + std::to_string(names.size()));
    return names[index];
}

Attributes measure_attributes(const Image& image) {
    const AttributeInput input(image);
    Attributes attributes{};
    measure_colour(input, attributes);
    measure_structure(input, attributes);
    measure_composition(input, attributes);
    for (float& value : attributes) value = std::clamp(value, 0.0F, 1.0F);
    return attributes;
}

}  // namespace piaa
