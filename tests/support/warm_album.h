#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include <boost/filesystem/path.hpp>

#include <piaa/attributes.h>
#include <piaa/prior.h>

#include "support/photo_files.h"
#include "support/pictures.h"
#include "support/temporary_folder.h"
#include "support/tiny_model.h"

namespace piaa::test {

/// Of the tiny model: people differ in how they like warm colours.
inline Prior warm_or_cold() {
    PriorParts prior;
    prior.model = tiny_model().info().hash;
    prior.model_name = "tiny";
    prior.inputs = 2 + attribute_count;
    prior.directions = 1;
    prior.projection.assign(prior.inputs, 0);
    prior.projection[2 + static_cast<std::size_t>(Attribute::warmth)] = 1;
    prior.offset = {-0.5f};
    prior.centre = 0.5;
    prior.mean = {0.5, 1, 0};
    prior.covariance = {0.05, 0, 0, 0, 0.05, 0, 0, 0, 1};
    prior.noise = 0.01;
    return Prior(std::move(prior));
}

/// Ten photos, equally bright, from cold (photo0) to warm (photo9).
struct Album {
    TemporaryFolder folder;

    Album() {
        for (int i = 0; i < 10; ++i)
            write_photo(painted({48, 32},
                                [i](int x, int y) {
                                    const int texture = ((3 + i) * x + (7 + 2 * i) * y) % 16;
                                    return Colour{90 + 8 * i + texture, 120 + texture, 162 - 8 * i + texture};
                                }),
                        folder / ("photo" + std::to_string(i)));
        save_prior(folder / "prior.safetensors", warm_or_cold());
    }
    boost::filesystem::path write(const std::string& name, const std::string& text) const {
        write_bytes(folder / name, text);
        return folder / name;
    }
    /// Ratings of someone who likes warm colours.
    boost::filesystem::path warm_ratings(int count = 10) const {
        std::string csv = "image,rating\n";
        for (int i = 0; i < count; ++i)
            csv += "photo" + std::to_string(i) + ".png," + std::to_string(1 + i / 2.25) + "\n";
        return write("ratings.csv", csv);
    }
};

}  // namespace piaa::test
