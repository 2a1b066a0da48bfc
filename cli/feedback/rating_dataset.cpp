#include "feedback/rating_dataset.h"

namespace piaa::cli {

RatingDataset read_rating_dataset(const Model& model, const Prior& prior, const RatedPhotosOptions& rated,
                                  const FeatureRun& run, const std::vector<Prior>& others) {
    const auto tables = read_rated_photos(rated);
    const auto seen = read_features(model, rated.images, tables.ratings.images(), run);
    RatingDataset data{ratings_of(tables, seen).ratings, {}, {}, {}, {}};
    data.other_rows.resize(others.size());
    for (const auto& photo : seen) {
        data.content_ids.push_back(photo.features.content_id);
        data.rows.push_back(feature_row(model, prior, photo.features));
        for (std::size_t i = 0; i < others.size(); ++i)
            data.other_rows[i].push_back(feature_row(model, others[i], photo.features));
        const ScoreDistribution ratings = predict_ratings(model, photo.features);
        data.generic.push_back((ratings.mean() - ratings.low()) / (ratings.high() - ratings.low()));
    }
    return data;
}

}  // namespace piaa::cli
