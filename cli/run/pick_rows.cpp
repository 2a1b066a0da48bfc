#include "run/pick_rows.h"

#include <algorithm>
#include <numeric>
#include <span>

#include "report/rounded.h"

using Json = nlohmann::ordered_json;

namespace piaa::cli {
namespace {

const char* name_of(PhotoGroup::Kind kind) {
    switch (kind) {
        case PhotoGroup::Kind::single:
            return "single";
        case PhotoGroup::Kind::alike:
            return "alike";
        case PhotoGroup::Kind::bracket:
            return "bracket";
        case PhotoGroup::Kind::panorama:
            return "panorama";
    }
    return "";
}

std::string reason_of(const PhotoGroup& group, std::span<const GroupPlace> places, std::size_t photo) {
    switch (group.kind) {
        case PhotoGroup::Kind::single:
            return "no other photo of this moment";
        case PhotoGroup::Kind::alike:
            return in_words(places[photo], places);
        case PhotoGroup::Kind::bracket:
            return "one of a series of exposures";
        case PhotoGroup::Kind::panorama:
            return "a part of a panorama";
    }
    return "";
}

}  // namespace

void PickCandidates::add(const PhotoResult& photo, const Photo& source) {
    const Score score = scorer_.score(photo.features);
    files_.push_back({photo.photo.file.string(), photo.photo.id, score});
    moments_.add(photo, source, score.score);
}

/// The best photo of a group: as it compares where one of them is enough, else by its score.
std::size_t PickCandidates::best_of(const PhotoGroup& group) const {
    std::vector<double> values;
    if (group.kind == PhotoGroup::Kind::alike)
        for (const GroupPlace& place : moments_.compared(group)) values.push_back(place.value);
    else
        for (const auto photo : group.photos) values.push_back(files_[photo].score.score);
    const auto best = std::max_element(values.begin(), values.end()) - values.begin();
    return group.photos[static_cast<std::size_t>(best)];
}

Json PickCandidates::row_of(std::size_t photo) const {
    const Candidate& file = files_[photo];
    Json row = {{"path", file.path}};
    if (!file.id.empty()) row["id"] = file.id;
    return row;
}

std::vector<PickRow> PickCandidates::groups() const {
    std::vector<PickRow> rows;
    std::size_t number = 0;
    for (const auto& group : moments_.groups()) {
        ++number;
        const auto places = moments_.compared(group);
        std::vector<std::size_t> order(places.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(),
                         [&](auto a, auto b) { return places[a].value > places[b].value; });
        for (std::size_t place = 0; place < order.size(); ++place) {
            const std::size_t photo = group.photos[order[place]];
            const GroupPlace& here = places[order[place]];
            auto flags = files_[photo].score.flags.names();
            if (here.soft_subject()) flags.emplace_back("soft_subject");
            Json row = row_of(photo);
            row.update(Json{{"group", number},
                            {"kind", name_of(group.kind)},
                            {"pick", group.kind != PhotoGroup::Kind::alike || place == 0},
                            {"relative", rounded(here.value)},
                            {"score", rounded(files_[photo].score.score)},
                            {"flags", flags},
                            {"reason", reason_of(group, places, order[place])}});
            rows.push_back({photo, std::move(row)});
        }
    }
    return rows;
}

std::vector<PickRow> PickCandidates::cover(std::size_t count) const {
    std::vector<std::size_t> best;
    std::vector<PickPhoto> photos;
    for (const auto& group : moments_.groups()) {
        const std::size_t photo = best_of(group);
        if (!files_[photo].score.flags.empty()) continue;
        best.push_back(photo);
        photos.push_back(moments_.photos()[photo]);
    }
    std::vector<PickRow> rows;
    for (const auto i : choose_cover(photos, count)) {
        Json row = row_of(best[i]);
        row.update(Json{{"pick", true}, {"score", rounded(files_[best[i]].score.score)}});
        rows.push_back({best[i], std::move(row)});
    }
    return rows;
}

}  // namespace piaa::cli
