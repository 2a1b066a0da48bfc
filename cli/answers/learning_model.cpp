#include "answers/learning_model.h"

#include <ctime>

#include <boost/filesystem/operations.hpp>

#include <piaa/error.h>
#include <piaa/network_runtime.h>

namespace piaa::cli {
namespace {

namespace fs = boost::filesystem;

/// The person, or a new one.
PersonalModel somebody(const PersonalModel& model) {
    if (model.is_personal()) return model;
    return PersonalModel(model.model(), UserProfile(model.model().info()), {});
}

/// A mistyped path should not leave folders behind.
void require_folder(const fs::path& file) {
    boost::system::error_code problem;
    if (file.has_parent_path() && !fs::is_directory(file.parent_path(), problem))
        throw Error(ErrorCode::io, file.string() + ": its folder is not there");
}

/// Also before either of them is there.
bool is_same_file(const fs::path& a, const fs::path& b) {
    boost::system::error_code problem;
    return fs::weakly_canonical(fs::absolute(a), problem) == fs::weakly_canonical(fs::absolute(b), problem);
}

}  // namespace

LearningModel::LearningModel(const PersonalModelOptions& options)
    : now_(std::make_shared<const PersonalModel>(load_personal_model(options))) {
    start_network(now_->model());
}

std::shared_ptr<const PersonalModel> LearningModel::now() const {
    const std::lock_guard lock(mutex_);
    return now_;
}

void LearningModel::rate(const Features& features, double stars) {
    if (!(stars >= 1 && stars <= 5))
        throw Error(ErrorCode::bad_argument, "stars are " + std::to_string(stars) + " and should be 1 to 5");
    const std::lock_guard learning(learning_mutex_);
    Rated rated{features, (stars - 1) / 4, std::time(nullptr)};
    rated.features.maps.clear();
    rated.features.picture.reset();
    auto next = std::make_shared<PersonalModel>(somebody(*now()));
    next->rate(rated.features, rated.value, rated.time);
    next->learn();
    const std::lock_guard lock(mutex_);
    unsaved_.push_back(std::move(rated));
    now_ = std::move(next);
}

void LearningModel::save(const boost::filesystem::path& file) {
    const std::lock_guard learning(learning_mutex_);
    const auto before = now();
    const auto& target = file.empty() ? before->file() : file;
    if (target.empty())
        throw Error(ErrorCode::bad_argument, "there is no profile yet to save to; name a file");
    require_folder(target);
    const auto saved = [&] {
        if (!before->file().empty() && !is_same_file(before->file(), target))
            return before->saved_as(target, std::time(nullptr));
        return before->updated(target, std::time(nullptr), [&](PersonalModel& person) {
            for (const Rated& rated : unsaved_) person.rate(rated.features, rated.value, rated.time);
        });
    };
    auto next = std::make_shared<const PersonalModel>(saved());
    const std::lock_guard lock(mutex_);
    unsaved_.clear();
    now_ = std::move(next);
}

}  // namespace piaa::cli
