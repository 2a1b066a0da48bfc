#pragma once

#include <piaa/attributes.h>

namespace piaa::cli {

/// What a photo with much and with little of an attribute has.
struct AttributeWords {
    const char* much;
    const char* little;
};

const AttributeWords& words_of(Attribute attribute);

}  // namespace piaa::cli
