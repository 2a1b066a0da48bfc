#pragma once

#include <memory>
#include <vector>

#include <boost/filesystem/path.hpp>

#include <piaa/crop.h>
#include <piaa/features.h>
#include <piaa/image.h>
#include <piaa/model.h>

namespace piaa {

/// How well crops learned from one half of the windows find the middle of the photographers' frames in the
/// other half: mean overlap (intersection over union).
struct CropLesson {
    std::size_t photos = 0;
    std::size_t windows = 0;
    double learned = 0;
    double centre = 0;  ///< of a trim in the middle, for comparison
};

/// Learns from well-composed photos, without labels, what to keep of a photo.
///
/// A window cut off-centre out of a well-composed photo is a badly framed picture of which the answer is
/// known: the best crop lies where the photographer had the middle. How much each stage map of the network
/// counts in finding it is learned from that, and what each says at each place of the mean photo, because a
/// network answers to the borders of its own input and photographers put subjects in the middle.
class PIAA_API CropTrainer {
public:
    /// `weights`, if not empty, are those of the stage maps, and of the subject's last where it is learned,
    /// in place of learned ones. Throws Error(bad_argument) for another number of them.
    explicit CropTrainer(const Model& model, std::vector<double> weights = {});
    ~CropTrainer();
    /// Where the subject of a picture is: features with maps, and a mask of any size that covers the same
    /// picture, 0 for background to 255 for subject. To be called for all pictures before add() and
    /// add_window().
    void add_subject(const Features& picture, const Image& mask);
    /// Learns to read the subject from the deepest stage that has places, by least squares; gives the
    /// correlation with the masks it learned from. Throws Error(bad_data) with fewer than two pictures.
    double learn_subject();
    /// A whole photo: features of this model, with maps. Flagged pictures are left out.
    void add(const Features& photo);
    /// A window as a picture of its own; `place` is where it lies in its photo, in shares of that.
    void add_window(const Features& window, const Box& place);
    /// Learns from all, and from half to say how well. Throws Error(bad_data) without photos or with fewer
    /// than two windows.
    CropLesson learn();
    /// Writes what was learned into the file, beside the heads of other models that it has already.
    void save(const boost::filesystem::path& file) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace piaa
