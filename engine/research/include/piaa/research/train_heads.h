#pragma once

#include <memory>
#include <span>

#include <boost/filesystem/path.hpp>

#include <piaa/features.h>
#include <piaa/geometry.h>
#include <piaa/model.h>

namespace piaa {

/// How well heads are found in photos that the reading was not learned from: a tenth is held out at a time.
struct HeadLesson {
    std::size_t photos = 0;
    std::size_t with_heads = 0;
    std::size_t found = 0;  ///< of those with heads, in how many the highest place lies on one
    double least = 0;       ///< chance of the highest place below which a photo shows no head
};

/// Learns where heads of people and animals are from boxes round them: a linear reading of the deepest stage
/// that tells a sixteenth of the photo's side apart.
class PIAA_API HeadTrainer {
public:
    explicit HeadTrainer(const Model& model);
    ~HeadTrainer();
    /// Features of this model, with maps. heads: in shares of the photo's sides, none for a photo that shows
    /// none. Throws Error(bad_argument) for a box that is empty or lies outside.
    void add(const Features& photo, std::span<const Box> heads);
    /// Throws Error(bad_data) without two photos of each kind.
    HeadLesson learn();
    /// Puts what was learned beside the crop head of the model that the file holds. Throws Error(bad_data)
    /// for a file that holds none.
    void save(const boost::filesystem::path& file) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace piaa
