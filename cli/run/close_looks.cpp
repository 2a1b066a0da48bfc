#include "run/close_looks.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include <piaa/error.h>
#include <piaa/subject.h>
#include <piaa/subject_features.h>

#include "photos/image_file.h"
#include "photos/jpeg_rounding.h"
#include "photos/small_image.h"

namespace piaa::cli {
namespace {

/// The size at which the photos of the group are compared: the longer side of each.
int longer_side(const std::vector<GroupPhoto>& group) {
    int side = 1;
    for (const GroupPhoto& photo : group) side = std::max(side, close_side(photo.size));
    return side;
}

/// Enough of a photo for faces to be found: the means of a few pixels of each block, since all of them would
/// cost as much as the sharpness.
Image small_picture(const Image& image) {
    constexpr int enough = 480;
    constexpr int samples = 3;  // across and down a block
    const int block = std::max(image.width(), image.height()) / enough;
    if (block <= samples) return image;
    const Size size{image.width() / block, image.height() / block};
    if (size.width == 0 || size.height == 0) return image;
    std::vector<std::uint8_t> means;
    means.reserve(static_cast<std::size_t>(size.width) * size.height * 3);
    for (int y = 0; y < size.height; ++y)
        for (int x = 0; x < size.width; ++x) {
            std::array<int, 3> sum{};
            for (int row = 0; row < samples; ++row)
                for (int column = 0; column < samples; ++column) {
                    const std::uint8_t* pixel = image.at(x * block + block * (2 * column + 1) / (2 * samples),
                                                         y * block + block * (2 * row + 1) / (2 * samples));
                    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += pixel[c];
                }
            for (const int of_all : sum)
                means.push_back(static_cast<std::uint8_t>(of_all / (samples * samples)));
        }
    return {size, std::move(means)};
}

/// What keeping features would have kept, by another pass of the network.
KeptSubject subject_of(const Model& model, const Image& image) {
    return packed_subject(extract_with_subjects(model, {&image, 1}).front().subject);
}

CloseLook look_at(const Model& model, const GroupPhoto& photo, int side) {
    try {
        Photo opened = photo.photo;
        if (!opened.bytes) opened.bytes = std::make_shared<const FileBytes>(read_image_bytes(opened.file));
        const Image image = read_closely(opened, side);
        const auto subject =
            unpacked_subject(photo.subject.empty() ? subject_of(model, image) : photo.subject);
        CloseLook look = look_closely(image, subject, heads_in(small_picture(image)));
        if (image.size() == photo.size) look.rounding = jpeg_rounding(opened.bytes->span());
        return look;
    } catch (const Error&) {  // gone or changed since it was scored
        return {};
    }
}

}  // namespace

std::vector<CloseLook> look_closely(const Model& model, const std::vector<GroupPhoto>& group, int jobs) {
    const int side = longer_side(group);
    std::vector<CloseLook> looks(group.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i; (i = next++) < group.size();) looks[i] = look_at(model, group[i], side);
    };
    std::vector<std::jthread> workers;
    for (int i = 1; i < std::min(jobs, static_cast<int>(group.size())); ++i) workers.emplace_back(work);
    work();
    workers.clear();
    return looks;
}

}  // namespace piaa::cli
