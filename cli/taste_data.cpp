#include "taste_data.h"

namespace piaa::cli {

TasteData read_taste_data(const Model& model, const Prior& prior, const RatedPhotosOptions& rated,
                          const FeatureRun& run) {
    const auto tables = read_rated_photos(rated);
    const auto seen = read_features(model, rated.images, tables.ratings.images(), run);
    TasteData data{ratings_of(tables, seen).ratings, {}, {}};
    for (const auto& photo : seen) {
        data.content_ids.push_back(photo.features.content_id);
        data.rows.push_back(feature_row(model, prior, photo.features));
    }
    return data;
}

}  // namespace piaa::cli
