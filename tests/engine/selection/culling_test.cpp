#include <algorithm>
#include <cmath>
#include <set>

#include <piaa/content_id.h>
#include <piaa/culling.h>

#include "support/catch.h"
#include "support/pictures.h"

using namespace piaa;

namespace {

/// Blocks of grey drawn by the seed; no two seeds are alike.
int pattern(int seed, int x, int y) {
    unsigned block =
        static_cast<unsigned>((x / 12 + 1000) * 4096 + y / 12 + 1000) ^ static_cast<unsigned>(seed) << 26;
    for (int round = 0; round < 3; ++round) block = (block ^ block >> 15) * 2654435761U + 12345U;
    return static_cast<int>(block >> 24);
}

Image view(int seed, int left = 0, int top = 0, int light = 0) {
    return test::painted({160, 120}, [=](int x, int y) {
        const int value = std::clamp(pattern(seed, x + left, y + top) + light, 0, 255);
        return test::Colour{value, value, value};
    });
}

/// A photo whose features say which scene it is of.
PickPhoto photo(int scene, std::optional<double> time, std::optional<double> exposure = std::nullopt,
                double score = 5, float noise = 0) {
    PickPhoto made;
    made.content_id = content_id(view(scene));
    made.look = std::vector<float>(20, 0);
    made.look[scene % 20] = 1;
    made.look[(scene + 7) % 20] = noise;
    for (const float value : made.look) made.embedding.push_back(value / std::hypot(1.0F, noise));
    made.score = score;
    made.time = time;
    made.exposure = exposure;
    return made;
}

std::vector<std::size_t> sizes(const std::vector<PhotoGroup>& groups) {
    std::vector<std::size_t> all;
    for (const auto& group : groups) all.push_back(group.photos.size());
    return all;
}

}  // namespace

TEST_CASE("a burst is one group, and strangers of one moment are not", "[pick]") {
    const std::vector<PickPhoto> photos = {photo(1, 100), photo(1, 101), photo(1, 102.5), photo(2, 103),
                                           photo(1, 90000)};
    const auto groups = group_photos(photos);
    CHECK(sizes(groups) == std::vector<std::size_t>{3, 1, 1});
    CHECK(groups[0].kind == PhotoGroup::Kind::alike);
    CHECK(groups[1].kind == PhotoGroup::Kind::single);
}

TEST_CASE("a wrong clock that gives all photos one time stacks no strangers", "[pick]") {
    std::vector<PickPhoto> photos;
    for (int scene = 0; scene < 8; ++scene) photos.push_back(photo(scene, 0));
    CHECK(group_photos(photos).size() == 8);
}

TEST_CASE("versions without a time are grouped by what they show", "[pick]") {
    CHECK(sizes(group_photos(std::vector<PickPhoto>{photo(1, {}), photo(2, {}), photo(1, {})})) ==
          std::vector<std::size_t>{2, 1});
    CHECK(group_photos({}).empty());
}

TEST_CASE("every photo is in one group, whatever the order of the list", "[pick]") {
    std::vector<PickPhoto> photos;
    for (int i = 0; i < 30; ++i)
        photos.push_back(photo(i % 7, i % 5 == 0 ? std::nullopt : std::optional(i * 3.0)));
    std::multiset<std::size_t> seen;
    for (const auto& group : group_photos(photos)) seen.insert(group.photos.begin(), group.photos.end());
    CHECK(seen.size() == 30);
    CHECK(std::set<std::size_t>(seen.begin(), seen.end()).size() == 30);
}

TEST_CASE("stepped exposures are a bracket, changing light is not", "[pick]") {
    const auto kind = [](double a, double b, double c) {
        return group_photos(std::vector<PickPhoto>{photo(1, 1, a), photo(1, 2, b), photo(1, 3, c)})
            .front()
            .kind;
    };
    CHECK(kind(0, -2, 2) == PhotoGroup::Kind::bracket);
    CHECK(kind(0, 0.1, -0.2) == PhotoGroup::Kind::alike);
    CHECK(kind(0, 2, 2) == PhotoGroup::Kind::alike);
}

TEST_CASE("views that go on in one direction are a panorama", "[pick]") {
    std::vector<Image> views = {view(3, 0), view(3, 60), view(3, 120), view(3, 180)};
    std::vector<PickPhoto> photos;
    for (int i = 0; i < 4; ++i) photos.push_back(photo(1, i, 0, 5, 0.1F * static_cast<float>(i)));
    const auto groups_with = [&] {
        return group_photos(photos, [&](std::size_t i) { return std::optional(views[i]); });
    };
    CHECK(groups_with().front().kind == PhotoGroup::Kind::panorama);
    views = {view(3, 0), view(3, 4), view(3, 2), view(3, 5)};
    CHECK(groups_with().front().kind == PhotoGroup::Kind::alike);
    views = {view(3, 0), view(3, 60), view(3, 0), view(3, 60)};
    CHECK(groups_with().front().kind == PhotoGroup::Kind::alike);
}

TEST_CASE("a shift between two frames is found, in changed light too", "[pick]") {
    const FrameShift shift = frame_shift(view(5, 0, 0), view(5, 40, 12, 20));
    CHECK(shift.right == Approx(0.25).margin(0.03));
    CHECK(shift.down == Approx(0.1).margin(0.03));
    CHECK(shift.likeness > 0.8);
    CHECK(frame_shift(view(5), view(6)).likeness < 0.6);
}

TEST_CASE("a cover is varied before it is good, and good before it is long", "[pick]") {
    std::vector<PickPhoto> photos;
    for (int i = 0; i < 5; ++i)
        photos.push_back(photo(1, {}, {}, 8.0 + 0.1 * i, 0.01F * static_cast<float>(i)));
    photos.push_back(photo(2, {}, {}, 7));
    photos.push_back(photo(3, {}, {}, 6.5));
    auto chosen = choose_cover(photos, 3);
    std::sort(chosen.begin(), chosen.end());
    CHECK(chosen == std::vector<std::size_t>{4, 5, 6});
    CHECK(choose_cover(photos, 1) == std::vector<std::size_t>{4});
    CHECK(choose_cover(photos, 100).size() == 7);
    CHECK(choose_cover({}, 3).empty());
}
