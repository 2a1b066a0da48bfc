#pragma once

#include <algorithm>
#include <span>
#include <string>

#include <boost/filesystem/path.hpp>

#include <piaa/piaa.h>
#include <piaa/sha256.h>

#include "support/pictures.h"
#include "support/taste.h"
#include "support/tiny_model.h"

namespace piaa::test {

/// A content id that is far from all others.
inline std::string id_of(int photo) {
    const std::string name = "photo " + std::to_string(photo);
    return sha256(std::as_bytes(std::span(name)));
}

/// A soft ramp around a grey, so that it is judged as a photo.
inline Image photo_of(int grey) {
    return painted({96, 64}, [grey](int x, int y) {
        const int value = std::clamp(grey + (x - 48) / 4 + (y * 7 % 11), 0, 255);
        return Colour{value, value, value};
    });
}

/// Files of somebody who likes the dark, learned on the tiny model, which likes brightness.
struct DarkTaste {
    boost::filesystem::path prior;
    boost::filesystem::path profile;
};

inline DarkTaste write_dark_taste(const boost::filesystem::path& folder) {
    const DarkTaste files{folder / "prior.safetensors", folder / "me.pt"};
    const Model model = tiny_model();
    PriorParts parts =
        small_prior_parts(2);  // along brightness and its deviation, all that the tiny model pools
    parts.model = model.info().hash;
    parts.model_name = model.info().name;
    save_prior(files.prior, Prior(std::move(parts)));
    const Prior prior = load_prior(files.prior);

    UserProfile profile(model.info());
    std::vector<Image> photos;
    for (int grey = 30; grey < 230; grey += 8) photos.push_back(photo_of(grey));
    for (std::size_t i = 0; i < photos.size(); ++i) {
        const Features features = extract_features(model, std::span(&photos[i], 1)).front();
        const auto row = feature_row(model, prior, features);
        const std::string id = photo_id(static_cast<int>(i));
        profile.set_row(id, row);
        profile.add({FeedbackKind::rating, id, "", std::clamp(1.0 - row[0], 0.0, 1.0), 1'790'000'000});
    }
    save_profile(files.profile, adapt(prior, profile));
    return files;
}

}  // namespace piaa::test
