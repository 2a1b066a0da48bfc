#pragma once

#include <piaa/attributes.h>

#include "photo/saliency.h"

namespace piaa {

/// A small photo and what several attributes share of it.
struct AttributeInput {
    explicit AttributeInput(const Image& image)
        : small(small_copy(image)), light(luminance(small)), saliency(saliency_map(small)) {}
    Image small;
    Plane light;
    Plane saliency;
};

/// Each fills in the attributes of its group.
void measure_colour(const AttributeInput& input, Attributes& attributes);
void measure_structure(const AttributeInput& input, Attributes& attributes);
void measure_composition(const AttributeInput& input, Attributes& attributes);

inline float& value_of(Attributes& attributes, Attribute attribute) {
    return attributes[static_cast<std::size_t>(attribute)];
}

}  // namespace piaa
