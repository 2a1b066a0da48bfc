#include "report/attribute_words.h"

#include <array>
#include <cstddef>

namespace piaa::cli {

const AttributeWords& words_of(Attribute attribute) {
    // In the order of Attribute.
    static constexpr std::array<AttributeWords, attribute_count> words{{
        {"strong colours", "muted colours"},
        {"saturated colours", "pale colours"},
        {"strong contrast", "soft contrast"},
        {"bright photos", "dark photos"},
        {"crisp detail", "soft detail"},
        {"detail in the middle before soft surroundings", "detail all over the frame"},
        {"subjects on the thirds", "subjects in the middle"},
        {"symmetry", "asymmetry"},
        {"hues in harmony", "hues that clash"},
        {"plain surroundings", "busy surroundings"},
        {"warm colours", "cold colours"},
        {"large subjects", "small subjects"},
        {"subjects on the right", "subjects on the left"},
        {"subjects low in the frame", "subjects high in the frame"},
    }};
    return words[static_cast<std::size_t>(attribute)];
}

}  // namespace piaa::cli
