#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include <piaa/close_look.h>

#include "explain/place_names.h"
#include "selection/sharpness.h"

namespace piaa {
namespace {

constexpr double as_sharp = 0.7;  // of the sharpest field
constexpr std::size_t most_fields = 3;
constexpr double clearly = 1.4;  // times the fine detail of the rest

/// Fine detail of each of the nine fields, all directions together.
std::array<double, 9> fields_of(const CloseLook& look, double noise) {
    std::array<double, 9> fields{};
    for (int field = 0; field < 9; ++field) {
        int count = 0;
        for (int y = third(field / 3, subject_grid); y < third(field / 3 + 1, subject_grid); ++y)
            for (int x = third(field % 3, subject_grid); x < third(field % 3 + 1, subject_grid); ++x, ++count)
                fields[field] += fine_detail(look.places[y * subject_grid + x], noise);
        fields[field] /= count;
    }
    return fields;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

}  // namespace

std::string sharpness_in_words(const CloseLook& look) {
    if (look.places.empty()) return "";
    const double noise = noise_energy(look);
    const std::array<double, 9> fields = fields_of(look, noise);
    std::array<std::size_t, 9> order{};
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return fields[a] > fields[b]; });
    const double most = fields[order.front()];
    if (most <= 0) return "No place of it has fine detail.";
    std::vector<std::string> names;
    for (const auto field : order)
        if (fields[field] >= as_sharp * most && names.size() < most_fields)
            names.emplace_back(place_names[field]);

    double subject = 0, frame = 0;
    const std::vector<float>& shares = look.head.empty() ? look.subject : look.head;
    for (std::size_t i = 0; i < look.places.size(); ++i) {
        const double detail = fine_detail(look.places[i], noise);
        subject += shares[i] * detail;
        frame += detail / static_cast<double>(look.places.size());
    }
    const char* const than = subject > clearly * frame   ? "sharper than"
                             : subject < frame / clearly ? "softer than"
                                                         : "about as sharp as";
    return "Sharpest at: " + listed(names) + "; " + (look.head.empty() ? "the subject" : "the head") +
           " is " + than + " the photo as a whole.";
}

}  // namespace piaa
