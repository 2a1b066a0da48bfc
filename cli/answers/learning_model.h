#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <piaa/features.h>
#include <piaa/personal_model.h>

namespace piaa::cli {

/// A model, and a person or nobody, who goes on learning while several threads ask.
class LearningModel {
public:
    /// Throws as load_personal_model() does. The network runtime is open afterwards.
    explicit LearningModel(const PersonalModelOptions& options);

    /// As it is at this moment; stays so for whoever holds it.
    std::shared_ptr<const PersonalModel> now() const;

    /// The person gives a photo 1 to 5 stars and is learned anew, in memory; who was nobody becomes a new
    /// person. Throws Error(bad_argument) for other numbers.
    void rate(const Features& features, double stars);

    /// Adds what was rated since to the profile's file, under its lock and as it is by then; the file is made
    /// where there is none. file: empty for the one that was loaded or saved last; under another name all
    /// that is held of the person is saved as PersonalModel::saved_as() does. Throws Error(bad_argument)
    /// where there is no name, Error(io) where the folder is not there, and as PersonalModel::updated() does.
    void save(const boost::filesystem::path& file);

private:
    struct Rated {
        Features features;
        double value;
        std::int64_t time;
    };

    mutable std::mutex mutex_;   // the pointer and the ratings
    std::mutex learning_mutex_;  // held while somebody learns or saves
    std::shared_ptr<const PersonalModel> now_;
    std::vector<Rated> unsaved_;
};

}  // namespace piaa::cli
