#pragma once

#include <cstddef>
#include <memory>

#include <boost/filesystem/path.hpp>

#include <piaa/export.h>
#include <piaa/features.h>
#include <piaa/model.h>

namespace piaa {

enum class PictureKind { photo, graphic, screenshot };

/// What the rules say of pictures that they were not learned from, in shares of each kind.
struct KindLesson {
    std::size_t photos = 0;
    std::size_t graphics = 0;
    std::size_t screenshots = 0;
    double photos_flagged = 0;
    double graphics_found = 0;  ///< flagged, under either name
    double screenshots_found = 0;
    double named_right = 0;  ///< of the found ones
};

/// Learns from pictures of known kinds which are no photos, by ridge regression on the pooled numbers of a
/// model. How sure a picture has to be is set by photos alone: at most one in a thousand that were held out
/// may be flagged.
class PIAA_API KindTrainer {
public:
    explicit KindTrainer(const Model& model);
    ~KindTrainer();
    void add(const Features& picture, PictureKind kind);
    /// Throws Error(bad_data) with fewer than ten pictures of a kind.
    KindLesson learn();
    /// Writes the rules into the file, beside those of other networks that it has already.
    void save(const boost::filesystem::path& file) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace piaa
